"""Where a request stands, worked out from its moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.requests.moves import MOVES, list_allowed_moves
from tracker.core.requests.values import Move, MoveKind, RequestKind, RequestState


@dataclass(frozen=True, slots=True)
class RequestStanding:
    """Where a request stands after its moves. `state` None: it was not received yet.

    `owner`: who has to answer since the last transfer, "" where there was none; `co`: who helps. `open`: the moves
    that another one still has to end, as a consultation by its opinion. `delayed`: art. 35 of 2019 was announced.
    `answer`, `ground`, `answered_on`: of the last answer; of a request that was given up, why and when.
    """

    state: RequestState | None = None
    owner: str = ""
    co: tuple[str, ...] = ()
    open: tuple[Move, ...] = ()
    delayed: bool = False
    answer: str = ""
    ground: str = ""
    answered_on: date | None = None


class MoveError(Exception):
    """A move cannot be where the moves before it lead. `state`: where it would have been entered."""

    def __init__(self, kind: RequestKind, move: Move, state: RequestState | None) -> None:
        super().__init__(f"{move.kind} is impossible in {state}")
        self.move = move
        self.state = state
        self.allowed = list_allowed_moves(kind, state)


def order_moves(moves: Iterable[Move], zone: ZoneInfo) -> list[Move]:
    """The moves in force, by the day on which they happened; those of one day as they were entered."""
    in_force = (move for move in moves if move.withdrawn_at is None)
    return sorted(in_force, key=lambda move: (moment_day(move.on, zone), move.ordinal))


def derive_standing(kind: RequestKind, moves: Iterable[Move], zone: ZoneInfo) -> RequestStanding:
    """Where the request stands after its moves, in any order. Raises MoveError for the first that cannot be."""
    standing = RequestStanding()
    for move in order_moves(moves, zone):
        standing = _follow(kind, standing, move, zone)
    return standing


def _follow(kind: RequestKind, before: RequestStanding, move: Move, zone: ZoneInfo) -> RequestStanding:
    rule = MOVES[move.kind]
    if move.kind not in list_allowed_moves(kind, before.state):
        raise MoveError(kind, move, before.state)
    still_open = before.open
    if rule.closes is not None:
        closed = find_closed(before.open, move)
        if closed is None:
            raise MoveError(kind, move, before.state)
        still_open = tuple(other for other in still_open if other is not closed)
    if move.kind in CLOSED_BY:
        still_open += (move,)
    after = replace(before, state=rule.after or before.state, open=still_open)
    if rule.turns is not None and move.fields.get(rule.turns[0]) == rule.turns[1]:
        after = replace(after, state=rule.turns[2])
    return _note(after, move, zone)


#: For each move that another one ends, that one.
CLOSED_BY = {rule.closes: kind for kind, rule in MOVES.items() if rule.closes is not None}


def find_closed(open_moves: Iterable[Move], move: Move) -> Move | None:
    """Which of the open moves this one ends: the one whose number it gives (`consult=2`), else the first like it."""
    opened = MOVES[move.kind].closes
    like = [
        other
        for other in open_moves
        if other.kind is opened and other.fields.get("whom", "") == move.fields.get("whom", "")
    ]
    number = move.fields.get(str(opened))
    return next((other for other in like if number in (None, str(other.ordinal))), None)


def _note(standing: RequestStanding, move: Move, zone: ZoneInfo) -> RequestStanding:
    """The standing with what the move itself says."""
    match move.kind:
        case MoveKind.ASSIGN:
            co = tuple(filter(None, move.fields.get("co", "").split(",")))
            return replace(standing, owner=move.fields["owner"], co=co)
        case MoveKind.ANNOUNCE_DELAY:
            return replace(standing, delayed=True)
        case MoveKind.OPINION if any(other.kind is MoveKind.CONSULT for other in standing.open):
            return replace(standing, state=RequestState.CONSULTING)
        case MoveKind.ANSWER | MoveKind.ABANDON:
            code = move.fields.get("answer") or move.fields.get("why", "")
            day = moment_day(move.on, zone)
            ground, still_open = move.fields.get("ground", ""), _keep_appeals(standing.open)
            return replace(standing, answer=code, ground=ground, answered_on=day, open=still_open)
        case MoveKind.WITHDRAW:
            return replace(standing, open=_keep_appeals(standing.open))
        case MoveKind.APPEAL_RESULT if standing.state is RequestState.HANDLING and move.fields.get("again"):
            return replace(standing, answer="", ground="", answered_on=None)
    if standing.state is RequestState.HANDLING and standing.delayed:
        return replace(standing, state=RequestState.DELAYED)
    return standing


def _keep_appeals(moves: Iterable[Move]) -> tuple[Move, ...]:
    return tuple(move for move in moves if move.kind is MoveKind.APPEAL)


def choose_round(moves: Iterable[Move], move: Move) -> int:
    """Which time the move happens, from 1: the round of the move that it ends, else the first that is free.

    It tells the events of a request apart where one happens again: `2026-guotu-12~2` is the second consultation.
    """
    rule, in_force = MOVES[move.kind], [other for other in moves if other.withdrawn_at is None]
    taken = {
        round_of(other)
        for other in in_force
        if other.kind is move.kind and other.fields.get(rule.variant) == move.fields.get(rule.variant)
    }
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def round_of(move: Move) -> int:
    """Which time the move happens, as it was stored with it."""
    return int(move.fields.get("round", "1"))

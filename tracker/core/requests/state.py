"""Where a request stands, worked out from its moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.requests.moves import CLOSABLE, MOVES, list_allowed_moves
from tracker.core.requests.values import Move, MoveKind, Remark, RequestKind, RequestState


@dataclass(frozen=True, slots=True)
class RequestStanding:
    """Where a request stands after its moves. `state` None: it was not received yet.

    `owner`: who has to answer since the last transfer, "" where there was none; `co`: who helps. `open`: the moves
    that another one still has to end, as a consultation by its opinion. `delayed`: art. 35 of 2019 was announced.
    `answer`, `ground`, `answered_on`: of the last answer; of a request that was given up, why and when.
    `again`: the result of the appeal that ordered a new answer; the time that the law gives for the first one is over.
    """

    state: RequestState | None = None
    owner: str = ""
    co: tuple[str, ...] = ()
    open: tuple[Move, ...] = ()
    delayed: bool = False
    answer: str = ""
    ground: str = ""
    answered_on: date | None = None
    again: Move | None = None

    @property
    def again_until(self) -> date | None:
        """The last day for the new answer that was ordered; None where the decision set none."""
        until = self.again.fields.get("until", "") if self.again is not None else ""
        return date.fromisoformat(until) if until else None


def list_possible_moves(kind: RequestKind, standing: RequestStanding) -> tuple[MoveKind, ...]:
    """The moves that its state allows, and that have one to end where they end one."""
    open_kinds = {move.kind for move in standing.open}
    return tuple(
        move
        for move in list_allowed_moves(kind, standing.state)
        if not (ended := MOVES[move].list_closed_kinds()) or open_kinds.intersection(ended)
    )


class MoveError(Exception):
    """A move cannot be where the moves before it lead. `state`: where it would have been entered; `allowed`: the moves
    that are possible there."""

    def __init__(self, kind: RequestKind, move: Move, standing: RequestStanding) -> None:
        super().__init__(f"{move.kind} is impossible in {standing.state}")
        self.move = move
        self.state = standing.state
        self.allowed = list_possible_moves(kind, standing)


def order_moves(moves: Iterable[Move], zone: ZoneInfo) -> list[Move]:
    """The moves in force: the receipt, then the others by day; those of one day as they were entered."""
    in_force = (move for move in moves if move.withdrawn_at is None)
    return sorted(
        in_force, key=lambda move: (move.kind is not MoveKind.RECEIVE, moment_day(move.on, zone), move.ordinal)
    )


@dataclass(frozen=True, slots=True)
class FollowedMove:
    """A move in force with where it led. `closed`: the move that it ends; `round`: which time it happens, from 1, that
    of the move that it ends. `reference_of` tells events of different rounds apart."""

    move: Move
    before: RequestStanding
    after: RequestStanding
    closed: Move | None
    round: int

    def reference_of(self, request: str) -> str:
        """The reference of its events: that of the request, 2026-guotu-12~2 for the second consultation."""
        return request if self.round == 1 else f"{request}~{self.round}"


#: What was unlawful about a move, by those before it and by where it would be entered; its `after` is not known yet.
Judge = Callable[[Sequence[FollowedMove], FollowedMove], tuple[Remark, ...]]


def derive_standing(kind: RequestKind, moves: Iterable[Move], zone: ZoneInfo) -> RequestStanding:
    """Where the request stands after its moves, in any order. Raises MoveError for the first that cannot be."""
    steps = follow_moves(kind, moves, zone)
    return steps[-1].after if steps else RequestStanding()


def follow_moves(
    kind: RequestKind, moves: Iterable[Move], zone: ZoneInfo, judge: Judge | None = None
) -> list[FollowedMove]:
    """The moves in force, given in any order, one after the other. Raises MoveError for the first that cannot be.

    Where a move leads may follow from its remarks (`is_unlawful_end`): those that `judge` finds, without it those that
    are on record.
    """
    steps: list[FollowedMove] = []
    standing = RequestStanding()
    for move in order_moves(moves, zone):
        rule = MOVES[move.kind]
        closed = _find_closed(standing.open, move)
        if move.kind not in list_allowed_moves(kind, standing.state) or (rule.closes and closed is None):
            raise MoveError(kind, move, standing)
        step = FollowedMove(move, standing, standing, closed, _count_round(steps, move, closed))
        if judge is not None:
            step = replace(step, move=replace(move, remarks=judge(steps, step)))
        standing = _follow(standing, step.move, closed, zone)
        steps.append(replace(step, after=standing))
    return steps


def _follow(before: RequestStanding, move: Move, closed: Move | None, zone: ZoneInfo) -> RequestStanding:
    rule = MOVES[move.kind]
    if is_unlawful_end(move):
        return replace(before, state=RequestState.DELAYED if before.delayed else RequestState.HANDLING)
    still_open = tuple(other for other in before.open if other is not closed)
    if move.kind in CLOSABLE:
        still_open += (move,)
    after = replace(before, state=rule.after or before.state, open=still_open)
    if rule.turns is not None and move.fields.get(rule.turns[0]) == rule.turns[1]:
        after = replace(after, state=rule.turns[2])
    if move.kind is MoveKind.REVIEW and before.state is RequestState.CORRECTING:  # it still waits for the correction
        after = replace(after, state=RequestState.CORRECTING)
    return _note(after, move, zone)


def is_unlawful_end(move: Move) -> bool:
    """Whether the department held the request to be given up when it could not: by the remarks on the move. It still
    owes the answer, and what it waited for may still come."""
    return move.kind is MoveKind.ABANDON and bool(move.remarks)


def _find_closed(open_moves: Iterable[Move], move: Move) -> Move | None:
    """Which of the open moves this one ends: the one whose number it gives (`consult=2`), else the first like it."""
    opened = MOVES[move.kind].find_closed_kind(move.fields)
    number = move.fields.get(str(opened))
    for other in open_moves:
        is_like = other.kind is opened and other.fields.get("whom") == move.fields.get("whom")
        if is_like and number in (None, str(other.ordinal)):
            return other
    return None


def _count_round(steps: Iterable[FollowedMove], move: Move, closed: Move | None) -> int:
    if closed is not None:
        return next(step.round for step in steps if step.move is closed)
    variant = MOVES[move.kind].variant
    like = (step.move for step in steps if step.move.kind is move.kind)
    return 1 + sum(other.fields.get(variant) == move.fields.get(variant) for other in like)


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
            return replace(standing, open=())
        case MoveKind.APPEAL_RESULT if standing.state is RequestState.HANDLING and move.fields.get("again"):
            still_open = _keep_appeals(standing.open)
            return replace(standing, answer="", ground="", answered_on=None, delayed=False, open=still_open, again=move)
    if standing.state is RequestState.HANDLING and standing.delayed:
        return replace(standing, state=RequestState.DELAYED)
    return standing


def _keep_appeals(moves: Iterable[Move]) -> tuple[Move, ...]:
    return tuple(move for move in moves if move.kind is MoveKind.APPEAL)

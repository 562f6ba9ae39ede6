"""Reads what a person sees of a request: its steps, what may come next, and its due day now and before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import ABOUT
from tracker.core.law.workdays import Calendar
from tracker.core.requests.moves import AGAIN, UNDATED
from tracker.core.requests.state import list_possible_moves
from tracker.core.requests.values import Move, MoveKind, Request, RequestKind
from tracker.core.values.verdicts import Status
from tracker.registers.request_settling import find_current_due, list_pressed_duties, work_out
from tracker.store.engine import Tx
from tracker.store.journal import list_rows
from tracker.store.occurrences import DueRow, OccurrenceRow, list_due_rows, list_labelled
from tracker.store.requests import list_moves, list_moves_of
from tracker.store.standings import list_standings_of


@dataclass(frozen=True, slots=True)
class FormerDue:
    """A due day that was in force from `at` on, with its derivation; `owner`: who had to answer."""

    at: datetime
    owner: str
    due_on: date | None
    derivation: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request with its steps, withdrawn ones too, and the moves that are possible now.

    `computed`: the occurrence of the answer that is owed now, as the steps give it; None where no rule sets one.
    `decided`: its row, once a pass has judged it. `former`: the due days before, from first to last.
    `is_again`: an appeal led to an order to answer anew, which sets the day `again_until`, or none, and no rule presses
    it. `undone`: by step that was taken back as a mistake, who did so and why. `idle`: the ids of the steps that move
    no clock, being unlawful.
    """

    request: Request
    moves: tuple[Move, ...]
    co: tuple[str, ...]
    allowed: tuple[MoveKind, ...]
    computed: Occurrence | None
    decided: OccurrenceRow | None
    former: tuple[FormerDue, ...]
    is_again: bool = False
    again_until: date | None = None
    undone: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    idle: frozenset[int] = frozenset()

    @property
    def awaits(self) -> str:
        """Which day of its receipt is to be recorded, so that nothing is counted from an assumed one; "": none."""
        return find_awaited_day(self.moves)


def find_awaited_day(moves: Iterable[Move]) -> str:
    """Return which day of the receipt is still to be recorded ("confirmed"), "" where none is."""
    return next(
        (move.fields.get("awaits", "") for move in moves if move.kind is MoveKind.RECEIVE and not move.withdrawn_at), ""
    )


def list_awaited_days(tx: Tx, requests: Sequence[Request]) -> Mapping[int, str]:
    """Return the same of many requests, by their ids."""
    found = list_moves_of(tx, [request.id for request in requests if request.answered_on is None])
    return {id: find_awaited_day(moves) for id, moves in found.items()}


def load_request_view(tx: Tx, rulebook: Rulebook, calendar: Calendar, request: Request, now: datetime) -> RequestView:
    """What a person sees of a request."""
    moves = list_moves(tx, request.id, withdrawn=True)
    settled = work_out(rulebook, calendar, request, moves, now)
    extended = {key: moment_day(move.on, rulebook.county.zone) for key, move in settled.extended}
    computed = find_current_due(rulebook, calendar, request.kind, settled.events, extended)
    labels = {f"event:{name}:{request.reference}" for _, name in list_pressed_duties(rulebook, request.kind)}
    rows = list_labelled(tx, request.county, labels | ({computed.label} if computed is not None else set()))
    decided = next((row for row in rows if computed is not None and row.key == computed.key), None)
    allowed = list_possible_moves(request.kind, settled.standing) if request.withdrawn_at is None else ()
    former = _list_former(tx, request.county, [row.key for row in rows])
    standing = settled.standing
    order, started = standing.again, computed.event if computed is not None else None
    again = (
        order is not None and (started is None or {**started.fields, ABOUT: ""} != {**order.fields, ABOUT: ""}),
        standing.again_until,
    )
    undone = _list_undone(tx, request) if any(move.withdrawn_at for move in moves) else {}
    return RequestView(
        request, tuple(moves), standing.co, allowed, computed, decided, former, *again, undone, settled.idle
    )


def _list_undone(tx: Tx, request: Request) -> dict[int, tuple[str, str]]:
    """By step that was taken back as entered by mistake, who did so and why, as the journal has it."""
    subject, action = f"{request.kind}:{request.reference}", f"{request.kind}.step-withdrawn"
    rows = list_rows(tx, request.county, subject=subject, action=action)
    return {json.loads(row.before or "{}")["step"]: (row.who, row.reason or "") for row in rows}


def _list_former(tx: Tx, county: str, keys: Sequence[str]) -> tuple[FormerDue, ...]:
    """The due days in the order in which they were decided, without the last, which is in force."""
    found: list[FormerDue] = []
    for standing in list_standings_of(tx, county, keys):
        due = FormerDue(standing.at, standing.department, standing.due_on, standing.derivation)
        if not found or (found[-1].owner, found[-1].due_on) != (due.owner, due.due_on):
            found.append(due)
    return tuple(found[:-1])


def load_dues(tx: Tx, rulebook: Rulebook, requests: Sequence[Request]) -> Mapping[int, DueRow]:
    """When each request has to be answered and how that stands, by its id, as a pass judged it last."""
    found: dict[int, DueRow] = {}
    for kind in {request.kind for request in requests}:
        rows = find_due_rows(tx, rulebook, kind)
        for request in requests:
            row = rows.get((request.reference, request.owner))
            if row is not None and request.kind == kind:
                found[request.id] = row
    return found


#: The moves that start a duty to answer, by their rank: the one that is owed last has the highest.
_STARTS = {"receive": 0, "announce-delay": 1, f"appeal-result.{AGAIN}": 2, f"appeal-result.{UNDATED}": 2}


def find_due_rows(
    tx: Tx, rulebook: Rulebook, kind: RequestKind, *, first_answer: bool = False
) -> Mapping[tuple[str, str], DueRow]:
    """The occurrence of the answer that is owed now, or was last, by reference and department. `first_answer`: without
    new answers that were ordered on appeal."""
    starts = {move: rank for move, rank in _STARTS.items() if rank < 2 or not first_answer}
    moves = {name: rulebook.events[name].move.partition(".")[2] for _, name in list_pressed_duties(rulebook, kind)}
    duties = {(duty.pack, duty.id) for duty, _ in list_pressed_duties(rulebook, kind)}
    ranked: dict[tuple[str, str], tuple[tuple[bool, int, int], DueRow]] = {}
    for row in list_due_rows(tx, rulebook.county.id, duties):
        form, _, label = row.label.partition(":")
        name, _, reference = label.partition(":")
        if form != "event" or moves.get(name) not in starts:
            continue
        base, _, round = reference.partition("~")
        rank = (row.status is not Status.CLOSED, starts[moves[name]], int(round or 1))
        place = base, row.department
        if place not in ranked or ranked[place][0] < rank:
            ranked[place] = rank, row
    return {place: row for place, (_, row) in ranked.items()}

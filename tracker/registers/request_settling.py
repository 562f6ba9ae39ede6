"""Brings what follows from the moves of a request up to date: its row, the remarks, the events, the extensions.

All of it is worked out anew from the moves at each change, whichever it was: a move entered late, one withdrawn, a
transfer to another department.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date, datetime

from tracker.core.law.counting import earliest_instant, moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Duty, Within
from tracker.core.law.instances import from_event
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import ABOUT
from tracker.core.law.workdays import Calendar
from tracker.core.requests.answers import regulations_on
from tracker.core.requests.lawfulness import LawOfRequest, list_excess, list_remarks
from tracker.core.requests.moves import AGAIN, MOVES, name_register_moves
from tracker.core.requests.state import FollowedMove, RequestStanding, follow_moves, order_moves
from tracker.core.requests.values import Move, MoveKind, Remark, Request, RequestKind, RequestState
from tracker.core.values.facts import Event, Ruling
from tracker.registers.eventrules import EventRules, list_proving_events
from tracker.registers.events import record_event, withdraw_event
from tracker.registers.rulings import list_standing_rulings
from tracker.store.engine import Tx
from tracker.store.events import list_events_about
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.requests import change_remarks, change_request, list_moves
from tracker.store.rulings import add_ruling

#: The moves from which the time of an answer runs: their events say what is asked.
_BEGINNING = (MoveKind.RECEIVE, MoveKind.ANNOUNCE_DELAY, MoveKind.APPEAL_RESULT)


@dataclass(frozen=True, slots=True)
class RequestAct:
    """Who acts on a request, when and why."""

    by: str
    now: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What follows from the moves of a request. `remarks`: by the move's id. `idle`: the ids of those that, being
    unlawful, move no clock."""

    standing: RequestStanding
    steps: tuple[FollowedMove, ...]
    remarks: Mapping[int, tuple[Remark, ...]]
    events: tuple[Event, ...]
    extended: tuple[tuple[str, Move], ...]
    idle: frozenset[int] = frozenset()


def work_out(rulebook: Rulebook, calendar: Calendar, request: Request, moves: Sequence[Move], now: datetime) -> Settled:
    """What follows from the moves. Raises MoveError for the first move that cannot be."""
    zone = rulebook.county.zone
    passed_on = [move for move in order_moves(moves, zone) if move.kind is MoveKind.ASSIGN]
    owner = passed_on[-1].fields["owner"] if passed_on else request.department
    act = regulations_on(moment_day(request.received, zone), rulebook.acts) if request.kind == "request" else None
    law = LawOfRequest(act, calendar, zone) if act is not None else None
    told = frozenset(
        move.fields.get("party", "") for move in moves if move.kind is MoveKind.TELL_PARTY and move.withdrawn_at is None
    )
    weighing = _Weighing(EventRules(rulebook), calendar, request, law, owner, now, told)
    steps = follow_moves(request.kind, moves, zone, weighing.weigh)
    return Settled(
        standing=steps[-1].after if steps else RequestStanding(),
        steps=tuple(steps),
        remarks={step.move.id: step.move.remarks for step in steps},
        events=tuple(weighing.events),
        extended=tuple(weighing.extended),
        idle=frozenset(weighing.idle),
    )


@dataclass(frozen=True, slots=True)
class _Weighing:
    """Weighs the moves of a request one after the other: what was unlawful about each, and what follows from it.

    `idle`: the ids of the moves that move no clock, being unlawful.
    """

    rules: EventRules
    calendar: Calendar
    request: Request
    law: LawOfRequest | None
    owner: str
    now: datetime
    parties_told: frozenset[str]
    events: list[Event] = field(default_factory=list)
    extended: list[tuple[str, Move]] = field(default_factory=list)
    idle: set[int] = field(default_factory=set)

    def weigh(self, before: Sequence[FollowedMove], step: FollowedMove) -> tuple[Remark, ...]:
        move, rulebook = step.move, self.rules.rulebook
        granted = {key: moment_day(other.on, rulebook.county.zone) for key, other in self.extended}
        duties = list_answer_duties(rulebook, self.request.kind)
        due = list_answer_dues(rulebook, self.calendar, duties, self.events, granted)
        current = find_current_due(rulebook, self.calendar, self.request.kind, self.events, granted)
        due_on = current.due_on if current is not None else None
        remarks: tuple[Remark, ...] = ()
        if self.law is not None:
            remarks = list_remarks(self.law, self.request, before, step, due_on, self.idle, self.parties_told)
        ends_idle = step.closed is not None and step.closed.id in self.idle
        if is_idle := ends_idle or bool(MOVES[move.kind].relies and remarks):
            self.idle.add(move.id)
        idle = {"idle": remarks[0].provision if remarks else "idle"} if is_idle else {}
        self.events.extend(self._list_events(before, step, idle))
        if move.kind is MoveKind.EXTEND and not is_idle:
            self.extended.extend((other.key, move) for other in self._list_extended(step, due, current))
        return remarks + (list_excess(self.law, step, due_on) if self.law else ())

    @staticmethod
    def _list_extended(
        step: FollowedMove, due: Sequence[Occurrence], current: Occurrence | None
    ) -> Sequence[Occurrence]:
        """What an extension extends: the law's own time, and not one that a decision on appeal has set."""
        if step.before.again is None:
            return due
        return (current,) if current is not None and step.before.again_until is None else ()

    def _list_events(
        self, before: Sequence[FollowedMove], step: FollowedMove, idle: Mapping[str, str]
    ) -> Iterator[Event]:
        """The events of a move for the department that owes the answer. `idle`: the field of those that move no clock.

        A new answer has the reference of the order that it fulfils.
        """
        move, request, order = step.move, self.request, step.before.again
        ordered = next((other for other in before if order is not None and other.move.ordinal == order.ordinal), step)
        names = name_register_moves(request.kind, move.kind, move.fields, is_again=order is not None)
        occurred = request.received if move.kind is MoveKind.RECEIVE else move.on
        for name, rule in sorted(self.rules.rulebook.events.items()):
            if rule.move in names and self.rules.duties_of(name, self.owner):
                fulfils = ordered if move.kind is MoveKind.ANSWER and rule.move.endswith(f".{AGAIN}") else step
                reference, fields = fulfils.reference_of(request.reference), {**move.fields, **idle}
                if move.kind in _BEGINNING:
                    fields[ABOUT] = request.title
                yield Event(0, name, self.owner, reference, occurred, self.now, fields=fields, by=move.by)


def list_answer_duties(rulebook: Rulebook, kind: RequestKind) -> list[tuple[Duty, str]]:
    """The duties to answer a request of that kind, each with the event that starts it, its receipt: the record of the
    answer proves them."""
    return [
        (duty, name)
        for duty, name in list_pressed_duties(rulebook, kind)
        if rulebook.events[name].move == f"{kind}.receive"
    ]


def list_pressed_duties(rulebook: Rulebook, kind: RequestKind) -> list[tuple[Duty, str]]:
    """The same with those that a later step starts: a delay that was announced, a new answer that was ordered."""
    answers = {f"{kind}.answer", f"{kind}.answer.{AGAIN}"}
    return [
        (duty, deadline.event.name)
        for duty in rulebook.duties
        if any(
            rulebook.events[name].move in answers
            for assignment in duty.assignments
            for name in list_proving_events(assignment) & rulebook.events.keys()
        )
        for part in duty.parts
        for deadline in part.deadlines
        if isinstance(deadline, Within) and deadline.event.move.startswith(f"{kind}.")
    ]


def find_current_due(
    rulebook: Rulebook, calendar: Calendar, kind: RequestKind, events: Sequence[Event], extended: Mapping[str, date]
) -> Occurrence | None:
    """The occurrence that is owed now: that of the last event which starts a duty to answer; None where none does."""
    found = list_answer_dues(rulebook, calendar, list_pressed_duties(rulebook, kind), events, extended)
    return next((other for other in found if other.event == found[-1].event), None)


def find_answer_due(
    rulebook: Rulebook,
    calendar: Calendar,
    duties: Sequence[tuple[Duty, str]],
    events: Sequence[Event],
    extended: Mapping[str, date],
) -> Occurrence | None:
    """The occurrence of the duty to answer that the events of a request start; None where no rule sets one."""
    return next(iter(list_answer_dues(rulebook, calendar, duties, events, extended)), None)


def list_answer_dues(
    rulebook: Rulebook,
    calendar: Calendar,
    duties: Sequence[tuple[Duty, str]],
    events: Sequence[Event],
    extended: Mapping[str, date],
) -> list[Occurrence]:
    """The same of every pack that asks for the answer: the county's own beside that of the Regulations, say."""
    started = [
        from_event(duty, event, calendar, rulebook.county, extended, events)
        for event in events
        for duty, name in duties
        if event.name == name
    ]
    return [found[0] for found in started if found]


def settle(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, request: Request, act: RequestAct
) -> tuple[Request, Settled]:
    """Write what follows from the moves in force. Raises MoveError where one of them cannot be."""
    every_move = list_moves(tx, request.id, withdrawn=True)
    settled = work_out(rulebook, calendar, request, every_move, act.now)
    owners = {request.department, *(move.fields["owner"] for move in every_move if move.kind is MoveKind.ASSIGN)}
    _write_remarks(tx, rulebook, request, every_move, settled, act)
    _write_events(tx, rulebook, request, settled, owners, len(every_move), act)
    if any(move.kind is MoveKind.EXTEND for move in every_move):
        _write_extensions(tx, rulebook, request, settled, owners, act)
    standing = settled.standing
    request = change_request(
        tx,
        request,
        state=standing.state or RequestState.RECEIVED,  # of a request that was entered by mistake: as it began
        owner=standing.owner or request.department,
        answer=standing.answer,
        ground=standing.ground,
        answered_on=standing.answered_on,
    )
    return request, settled


def _write_remarks(
    tx: Tx, rulebook: Rulebook, request: Request, stored: Sequence[Move], settled: Settled, act: RequestAct
) -> None:
    """Write what was unlawful about each move, with a journal line where that changed."""
    entries, in_force = [], {step.move.id for step in settled.steps}
    for move in stored:
        before, after = move.remarks, settled.remarks.get(move.id, ())
        if move.id in in_force and before != after:
            change_remarks(tx, move, after)
            was, now = ({"step": move.ordinal, "remarks": [[*astuple(remark)] for remark in remarks]}
                        for remarks in (before, after))  # fmt: skip
            subject = f"{request.kind}:{request.reference}"
            entries.append(JournalEntry(act.by, f"{request.kind}.remarked", subject, was, now, act.reason))
    if entries:
        append_entries(tx, rulebook.county.id, entries, act.now)


def _write_events(
    tx: Tx,
    rulebook: Rulebook,
    request: Request,
    settled: Settled,
    owners: Collection[str],
    rounds: int,
    act: RequestAct,
) -> None:
    """Record the events that follow from the moves, and withdraw those that no longer do."""
    names = [name for name, rule in rulebook.events.items() if rule.move.startswith(f"{request.kind}.")]
    references = [request.reference, *(f"{request.reference}~{number}" for number in range(2, rounds + 1))]
    wanted = {event.key: event for event in settled.events}
    for event in list_events_about(tx, rulebook.county.id, names, owners, references):
        if event.key not in wanted:
            why = act.reason or "按登记的办理步骤更正"
            withdraw_event(tx, rulebook, event.key, by=act.by, reason=why, now=act.now, by_register=True)
        elif (event.occurred, event.fields) == (wanted[event.key].occurred, wanted[event.key].fields):
            del wanted[event.key]
    for event in wanted.values():
        said = replace(event, by=act.by)
        record_event(tx, rulebook, said, correct=True, reason=act.reason, by_register=True)


def _write_extensions(
    tx: Tx, rulebook: Rulebook, request: Request, settled: Settled, owners: Collection[str], act: RequestAct
) -> None:
    """Grant the extensions of the occurrences that follow from the moves, and revoke those that no longer do."""
    county, wanted = rulebook.county, dict(settled.extended)
    keys = {
        f"{county.id}/{duty.pack}/{duty.id}/{owner}/event:{name}:{request.reference}"
        for duty, name in list_answer_duties(rulebook, request.kind)
        for owner in owners
    }
    for key in sorted(keys | wanted.keys()):
        granted = [ruling for ruling in list_standing_rulings(tx, county.id, key) if ruling.kind == "extend"]
        move = wanted.get(key)
        granted_on = moment_day(move.on, county.zone) if move is not None else None
        # One of another day is another extension: a restart in between voids the earlier one, and not the later.
        kept = [ruling for ruling in granted if moment_day(ruling.recorded_at, county.zone) == granted_on]
        for ruling in granted:
            if ruling not in kept:
                why = act.reason or "按登记的办理步骤更正"
                _write_ruling(tx, county.id, Ruling(0, "revoke", key, act.now, act.by, why, f"ruling:{ruling.id}"), act)
        if move is not None and not kept:
            at = min(act.now, earliest_instant(move.on, county.zone))
            _write_ruling(tx, county.id, Ruling(0, "extend", key, at, move.by, move.reason), act)


def _write_ruling(tx: Tx, county: str, ruling: Ruling, act: RequestAct) -> None:
    """Write a ruling with its journal line; an extension counts from the day on which it was granted."""
    added = add_ruling(tx, county, ruling)
    assert added is not None  # the county is locked
    after = {"id": added.id, "target": added.target}
    append_entries(tx, county, [JournalEntry(act.by, f"ruling.{added.kind}", added.occurrence, None, after,
                                             added.reason)], act.now)  # fmt: skip

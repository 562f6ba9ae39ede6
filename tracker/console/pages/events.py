"""The events from which time limits run: those that are awaited, and recording one; what would move is shown first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from starlette.responses import Response

from tracker.console.forms import FormError
from tracker.console.given import read_event
from tracker.console.pages.event_files import import_file
from tracker.console.signed_in import PageRequest, SignedInPage
from tracker.console.views import EventForm, form_of_rule
from tracker.core.law.duties import EventRule
from tracker.core.law.wording import due_of
from tracker.core.values.facts import Event
from tracker.core.values.message import Message
from tracker.registers.checks import is_future
from tracker.registers.eventrules import EventRules
from tracker.registers.events import record_event
from tracker.registers.filed_events import find_awaited_event
from tracker.store.events import find_event
from tracker.store.matters import list_awaiting
from tracker.store.occurrences import OccurrenceRow, load_occurrences

#: Awaited events that are listed, and matters that would move.
_MOST, _MOST_MOVES = 40, 100


@dataclass(frozen=True, slots=True)
class AwaitedEvent:
    """An event that a matter waits for, and the form that records it."""

    row: OccurrenceRow
    name: str
    title: str
    department: str
    members: tuple[str, ...]
    event: EventForm


@dataclass(frozen=True, slots=True)
class Move:
    """A matter as it would stand: when it is due now and then, and why."""

    key: str
    title: str
    department: str
    before: str
    after: str
    why: str


def show_events(ask: PageRequest) -> Response:
    return _show(ask)


def _show(ask: PageRequest, **values: object) -> Response:
    county = ask.viewer.rulebook.county
    with ask.office.store.read() as tx:
        rows = list_awaiting(tx, county.id, _MOST)
    rule, awaited = _asked_rule(ask), list(_list_awaited(ask, rows))
    # What somebody else has recorded meanwhile is not awaited any more: what was typed then stands in the other form.
    given_key = next((each.row.key for each in awaited if each.row.key == ask.form.first("key")), "free")
    shown: dict[str, object] = {
        "awaited": awaited,
        "rules": _list_rules(ask),
        "rule": rule,
        "event": form_of_rule(rule) if rule else None,
        "departments": _list_departments(ask, rule) if rule else [],
        "duties": _list_duties(ask, rule) if rule else [],
        "may_record": ask.viewer.may("events", "record"),
        "county_events": {each.name: each.title for each in ask.viewer.rulebook.events.values()},
        "given_key": given_key,
        "moves": None,
        "plan": None,
    }
    return ask.page("events", **(shown | values))


def _list_awaited(ask: PageRequest, rows: Sequence[OccurrenceRow]) -> list[AwaitedEvent]:
    rulebook = ask.viewer.rulebook
    titles = {(duty.pack, duty.id): duty.title for duty in rulebook.duties}
    return [
        AwaitedEvent(
            row, rule.name, titles.get((row.pack, row.duty), row.duty),
            rulebook.county.department_names(row.department), tuple(row.department.split("+")), form_of_rule(rule),
        )
        for row in rows
        if (rule := find_awaited_event(rulebook, row.key)) is not None
    ]  # fmt: skip


def _list_rules(ask: PageRequest) -> list[EventRule]:
    """The events that people record, by their titles."""
    rules = EventRules(ask.viewer.rulebook)
    scored = ask.viewer.rulebook.scored_events
    recorded = [
        rule
        for rule in ask.viewer.rulebook.events.values()
        if rule.lapse is None and (rules.users(rule.name) or rule.name in scored)
    ]
    return sorted(recorded, key=lambda rule: rule.title)


def _asked_rule(ask: PageRequest) -> EventRule | None:
    """The event that the form or the address names, among those that people record."""
    name = ask.form.first("event") or ask.request.query_params.get("event", "")
    return next((rule for rule in _list_rules(ask) if rule.name == name), None)


def _list_departments(ask: PageRequest, rule: EventRule) -> list[tuple[str, str]]:
    """The departments to which the event may happen, by id and name."""
    rulebook = ask.viewer.rulebook
    members = {member for _, assignment in EventRules(rulebook).users(rule.name) for member in assignment.members}
    is_scored = rule.name in rulebook.scored_events
    return [(each.id, each.name) for each in rulebook.county.departments.values() if is_scored or each.id in members]


def _list_duties(ask: PageRequest, rule: EventRule) -> list[tuple[str, str]]:
    """The duties of which a record has to name one, by id and title; none where it names none."""
    users = EventRules(ask.viewer.rulebook).users(rule.name) if rule.per_duty else []
    return sorted({duty.id: duty.title for duty, _ in users}.items(), key=lambda pair: pair[1])


# -- recording one ---------------------------------------------------------------------------------


def record(ask: PageRequest) -> Response:
    """Show what the event would move; record it once that was confirmed."""
    rulebook, rule = ask.viewer.rulebook, _asked_rule(ask)
    if rule is None:
        raise FormError(422, "请选择事件。")
    event = _read_form(ask, rule)
    if ask.form.first("sure"):
        done = ask.record(lambda tx: record_event(tx, rulebook, event))
        return ask.redirect("/events", "record", ask.translate(done.message))
    with ask.office.store.read() as tx:
        if find_event(tx, rulebook.county.id, event.key) is not None:
            raise FormError(
                422, f"文号（编号）“{event.reference}”已经登记过。同一文号请勿重复登记；另一件事请填写它自己的文号。"
            )
    _, changed = ask.rehearse(lambda tx: record_event(tx, rulebook, event))
    rules, ahead = EventRules(rulebook), is_future(event.occurred, rulebook, ask.now)
    doubts = rules.list_doubts(event, is_future=ahead, calendar=ask.office.loaded.calendar)
    return _show(ask, moves=list_moves(ask, changed), doubts=[ask.translate(doubt) for doubt in doubts], recorded=event)


def _read_form(ask: PageRequest, rule: EventRule) -> Event:
    """The event that the form says, checked by the rules. Raises FormError and RegisterError."""
    rulebook, form = ask.viewer.rulebook, ask.form
    given = read_event(form, form_of_rule(rule), rulebook.county, ask.now)
    department, duty = form.first("department"), form.first("duty") or None
    if department not in dict(_list_departments(ask, rule)):
        raise FormError(422, "请选择单位。")
    if rule.per_duty and duty not in EventRules(rulebook).duties_of(rule.name, department):
        raise FormError(422, "请选择该单位的公开事项。")
    assert given.day is not None
    event = Event(
        0, rule.name, department, given.reference, given.day, ask.now, duty if rule.per_duty else None,
        given.fields, ask.viewer.account.name,
    )  # fmt: skip
    return EventRules(rulebook).check(event)


def list_moves(ask: PageRequest, changed: Collection[OccurrenceRow]) -> list[Move]:
    """The matters that a rehearsal changed, in words, the first due first."""
    rulebook, unknown = ask.viewer.rulebook, ask.translate(Message("none"))
    rows = sorted(changed, key=lambda row: (row.due_on is None, row.due_on, row.key))[:_MOST_MOVES]
    with ask.office.store.read() as tx:
        before = load_occurrences(tx, rulebook.county.id, keys=[row.key for row in rows])
    titles = {(duty.pack, duty.id): duty.title for duty in rulebook.duties}

    def due(row: OccurrenceRow | None) -> str:
        return unknown if row is None or row.closed else due_of(row.due_on, row.due_at, rulebook.county.zone)

    return [
        Move(
            row.key, titles.get((row.pack, row.duty), row.duty), rulebook.county.department_names(row.department),
            due(before.get(row.key)), due(row), row.reason if row.closed else row.derivation or row.reason,
        )
        for row in rows
    ]  # fmt: skip


def take_file(ask: PageRequest) -> Response:
    """Show what a file of events would do; record it once that was confirmed."""
    plan = import_file(ask)
    if plan.done:
        return ask.redirect("/events", "import", plan.done)
    return _show(ask, plan=plan, moves=list_moves(ask, plan.changed))


EVENTS = SignedInPage("events", "/events", show_events, {"record": record, "import": take_file})

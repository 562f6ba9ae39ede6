"""Records, corrects and withdraws events, the dated facts that start clocks, and reads their history."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tracker.core.law.county import Rulebook
from tracker.core.law.periods import split_label
from tracker.core.values.facts import Event, EventKey, Moment, base_reference
from tracker.core.values.message import ListedWord, Message
from tracker.registers.checks import begin_act, is_future
from tracker.registers.errors import Registered, RegisterError, suggest_departments, suggest_names
from tracker.registers.eventrules import (
    EventRules,
    list_proving_events,
    list_related_events,
    list_starting_events,
    tidy_text,
)
from tracker.store.engine import Tx
from tracker.store.events import StoredEvent, add_event, change_event, find_event, list_events
from tracker.store.journal import JournalEntry, append_entries, list_rows
from tracker.store.occurrences import OccurrenceRow, list_labelled


def record_event(
    tx: Tx,
    rulebook: Rulebook,
    event: Event,
    *,
    correct: bool = False,
    reason: str = "",
    by_register: bool = False,
) -> Registered[Event]:
    """Record an event. The same again changes nothing; other contents under its key are refused unless `correct`.

    `by_register`: the register of requests or reviews records it, which alone may touch its own events.
    """
    county, rules = rulebook.county.id, EventRules(rulebook)
    begin_act(tx, county, event.recorded_at, by=event.by)
    event = rules.check(event, by_register=by_register)
    before = find_event(tx, county, event.key)
    notes = _describe_notes(tx, rules, event)
    if before is None:
        added = add_event(tx, county, event)
        append_entries(tx, county, [build_entry("event.recorded", event.by, None, event, reason)], event.recorded_at)
        return Registered(added, True, Message("recorded {key}{notes}", key=event.key.message, notes=notes))
    if is_on_record(before, event):
        return Registered(
            before.event, False, Message("{key} is on record already, nothing changed", key=event.key.message)
        )
    if not correct:
        raise RegisterError(
            "{key} is on record with {contents}: correct it if that was wrong (duban event correct), "
            "or give another event its own reference (--reference)"
            if before.withdrawn_at is None
            else "{key} was withdrawn with {contents}: correct it if that was wrong (duban event correct), "
            "or give another event its own reference (--reference)",
            key=event.key.message,
            contents=describe_contents(before.event),
        )
    after = change_event(tx, county, before, occurred=event.occurred, fields=event.fields, withdrawn_at=None)
    append_entries(tx, county, [build_change_entry(before, event, reason)], event.recorded_at)
    change = f"{describe_contents(before.event)} -> {describe_contents(after)}"
    said = Message(
        "corrected {key}: {change}{notes}" if before.withdrawn_at is None else "restored {key}: {change}{notes}",
        key=event.key.message,
        change=change,
        notes=notes,
    )
    return Registered(after, True, said)


def correct_event(
    tx: Tx,
    rulebook: Rulebook,
    key: EventKey,
    *,
    by: str,
    reason: str,
    now: datetime,
    occurred: Moment | None = None,
    fields: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> Registered[Event]:
    """Correct a recorded event. What is not given stays as it is; an empty field is removed.

    `seen`: the version that the person looked at; RegisterError where another one is on record now.
    """
    begin_act(tx, rulebook.county.id, now, reason=reason)
    stored = load_event(tx, rulebook, key)
    _check_seen(tx, rulebook, stored, seen)
    event = stored.event
    event = replace(
        event, occurred=occurred or event.occurred, fields={**event.fields, **(fields or {})}, by=by, recorded_at=now
    )
    return record_event(tx, rulebook, event, correct=True, reason=reason)


def withdraw_event(
    tx: Tx,
    rulebook: Rulebook,
    key: EventKey,
    *,
    by: str,
    reason: str,
    now: datetime,
    seen: int | None = None,
    by_register: bool = False,
) -> Registered[Event]:
    """Record that the event never happened; the next tick closes what it started. `seen` as in `correct_event`,
    `by_register` as in `record_event`."""
    county = rulebook.county.id
    begin_act(tx, county, now, by=by, reason=reason)
    stored = load_event(tx, rulebook, key)
    if not by_register:
        EventRules(rulebook).check_no_register(stored.event.key)
    if stored.withdrawn_at is not None:
        return Registered(
            stored.event, False, Message("{key} was withdrawn before, nothing changed", key=stored.event.key.message)
        )
    _check_seen(tx, rulebook, stored, seen)
    event = change_event(tx, county, stored, withdrawn_at=now)
    append_entries(tx, county, [build_entry("event.withdrawn", by, stored.event, None, reason)], now)
    return Registered(event, True, Message("withdrew {key}", key=event.key.message))


def load_event(tx: Tx, rulebook: Rulebook, key: EventKey) -> StoredEvent:
    """The event on record. Raises RegisterError where there is none, with references that come close."""
    EventRules(rulebook).rule(key.name)
    county = rulebook.county
    if key.department not in county.departments:
        raise RegisterError(
            "no department {department!r}: {hint}",
            department=key.department,
            hint=suggest_departments(key.department, county),
        )
    reference = tidy_text(key.reference)
    stored = find_event(tx, county.id, replace(key, reference=reference))
    if stored is not None:
        return stored
    events = [
        event.event for event in list_events(tx, county.id, name=key.name, department=key.department, withdrawn=True)
    ]
    if duties := sorted({event.duty for event in events if event.reference == reference and event.duty}):
        name = Message("{event} of {department}", event=f"{key.name}:{key.reference}", department=key.department)
        raise RegisterError("{name} is recorded per duty: name it ({duties})", name=name, duties=", ".join(duties))
    hint = suggest_names(key.reference, [event.reference for event in events])
    raise RegisterError(
        "no {name} of {department} with the reference {reference!r}: {hint}",
        name=key.name,
        department=key.department,
        reference=key.reference,
        hint=hint,
    )


def _check_seen(tx: Tx, rulebook: Rulebook, stored: StoredEvent, seen: int | None) -> None:
    """Refuse a change to another version than the one that the person saw."""
    if seen in (None, stored.version):
        return
    county, key = rulebook.county, stored.event.key
    last = list_rows(tx, county.id, subject=key.subject, last=1)[-1]
    state = ListedWord("state", "withdrawn") if stored.withdrawn_at else describe_contents(stored.event)
    raise RegisterError(
        "{key} is another since: {who} changed it at {at:%Y-%m-%d %H:%M} (now {state}, version "
        "{version}); nothing was changed: look at it (duban event show) and decide again",
        key=key.message,
        who=last.who,
        at=last.at.astimezone(county.zone),
        state=state,
        version=stored.version,
    )


def _describe_notes(tx: Tx, rules: EventRules, event: Event) -> Message:
    likeness, county = rules.likeness(event), rules.rulebook.county.id
    recorded = list_events(tx, county, name=event.name, department=event.department) if likeness else ()
    alike = [stored.event.reference for stored in recorded if rules.likeness(stored.event) == likeness]
    is_ahead = is_future(event.occurred, rules.rulebook, event.recorded_at)
    notes = rules.list_notes(event, alike, is_future=is_ahead)
    return Message(" ({notes})", notes=Message.joined("; ", notes)) if notes else Message("")


# -- texts and journal entries -------------------------------------------------------------------


def is_on_record(before: StoredEvent, event: Event) -> bool:
    """Whether the stored event is in force with the same contents. A day and an instant on that day are different."""
    recorded = before.event
    is_same_kind = isinstance(recorded.occurred, datetime) == isinstance(event.occurred, datetime)
    is_same_event = is_same_kind and recorded.occurred == event.occurred and recorded.fields == event.fields
    return is_same_event and before.withdrawn_at is None


def describe_contents(event: Event) -> str:
    """The event's moment and fields in one line: 2015-03-02, year=2015."""
    return ", ".join([event.occurred.isoformat(), *(f"{key}={value}" for key, value in sorted(event.fields.items()))])


def build_change_entry(before: StoredEvent, event: Event, reason: str) -> JournalEntry:
    """The journal entry of a correction, or of a restoration where the event was withdrawn."""
    action = "event.corrected" if before.withdrawn_at is None else "event.restored"
    return build_entry(action, event.by, before.event, event, reason)


def build_entry(action: str, by: str, before: Event | None, after: Event | None, reason: str = "") -> JournalEntry:
    """The journal entry of one change of an event, with the values before and after."""
    event = after or before
    assert event is not None
    return JournalEntry(by, action, event.key.subject, _serialize(before), _serialize(after), reason)


def _serialize(event: Event | None) -> dict[str, Any] | None:
    return None if event is None else {"occurred": event.occurred.isoformat(), "fields": dict(event.fields)}


# -- history ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventVersion:
    """The event as it was on record from `at` on; `occurred` is "" where it was withdrawn."""

    number: int
    at: datetime
    who: str
    action: str  # recorded, corrected, withdrawn, restored
    occurred: str
    fields: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """The event on record, its versions from first to last, and the occurrences that it starts or proves."""

    stored: StoredEvent
    versions: tuple[EventVersion, ...]
    occurrences: tuple[OccurrenceRow, ...]


def load_history(tx: Tx, rulebook: Rulebook, key: EventKey) -> History:
    """The history of an event. Raises RegisterError where there is no such event."""
    stored = load_event(tx, rulebook, key)
    event, county = stored.event, rulebook.county.id
    rows = list_rows(tx, county, subject=event.key.subject)
    versions = []
    for number, row in enumerate(rows, 1):
        after: dict[str, Any] = json.loads(row.after) if row.after else {"occurred": "", "fields": {}}
        action = row.action.removeprefix("event.")
        versions.append(EventVersion(number, row.at, row.who, action, after["occurred"], after["fields"], row.reason))
    labels_by_duty = dict(_list_labels_by_duty(rulebook, event))
    occurrences = [
        row
        for row in list_labelled(tx, county, sorted({label for labels in labels_by_duty.values() for label in labels}))
        if split_label(row.label)[0] in labels_by_duty.get((row.pack, row.duty, row.department), ())
    ]
    return History(stored, tuple(versions), tuple(occurrences))


def _list_labels_by_duty(rulebook: Rulebook, event: Event) -> Iterator[tuple[tuple[str, str, str], set[str]]]:
    """The labels of the occurrences that the event starts, moves or proves, by pack, duty and department."""
    for duty, assignment in EventRules(rulebook).users(event.name):
        if event.department not in assignment.members or event.duty not in (None, duty.id):
            continue
        names, labels = list_starting_events(duty), set()
        if event.name in names:
            labels.add(f"event:{event.name}:{event.reference}")
        if event.name in list_related_events(duty):
            labels |= {f"event:{name}:{base_reference(event.reference)}" for name in names}
        if event.name in list_proving_events(assignment):
            labels |= {f"event:{name}:{event.reference}" for name in names} | {event.reference}
        yield (duty.pack, duty.id, assignment.key), labels

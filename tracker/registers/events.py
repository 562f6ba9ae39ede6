"""Recording the dated facts that start clocks: once each, corrected openly, withdrawn with a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tracker.core.law.county import Rulebook
from tracker.core.law.periods import split_label
from tracker.core.values.facts import Event, EventKey, Moment
from tracker.registers.checks import begin_act, is_future
from tracker.registers.errors import Registered, RegisterError, close_ones
from tracker.registers.eventrules import EventRules, proving_events, starting_events, tidy
from tracker.store.engine import Tx
from tracker.store.events import StoredEvent, add_event, change_event, find_event, list_events
from tracker.store.journal import JournalEntry, append, show
from tracker.store.occurrences import OccurrenceRow, labelled


def record_event(
    tx: Tx, rulebook: Rulebook, event: Event, *, correct: bool = False, reason: str = ""
) -> Registered[Event]:
    """Record an event. The same again changes nothing; the same key with other contents is refused unless `correct`."""
    county, rules = rulebook.county.id, EventRules(rulebook)
    begin_act(tx, county, event.recorded_at, by=event.by)
    event = rules.check(event)
    before = find_event(tx, county, event.key)
    notes = _notes(tx, rules, event)
    if before is None:
        added = add_event(tx, county, event)
        append(tx, county, [journal_entry("event.recorded", event.by, None, event, reason)], event.recorded_at)
        return Registered(added, True, f"recorded {event.key}{notes}")
    if is_same(before, event):
        return Registered(before.event, False, f"{event.key} is on record already, nothing changed")
    if not correct:
        state = "was withdrawn" if before.withdrawn_at else "is on record"
        raise RegisterError(
            f"{event.key} {state} with {contents_of(before.event)}: correct it if that was wrong "
            "(duban event correct), or give another event its own reference (--reference)"
        )
    after = change_event(tx, county, before, occurred=event.occurred, fields=event.fields, withdrawn_at=None)
    append(tx, county, [change_entry(before, event, reason)], event.recorded_at)
    verb = "corrected" if before.withdrawn_at is None else "restored"
    change = f"{contents_of(before.event)} -> {contents_of(after)}"
    return Registered(after, True, f"{verb} {event.key}: {change}{notes}")


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
    """Change what a recorded event says; what is left out stays as it was, an empty field goes.

    `seen`: the version that was looked at; where another one stands now, somebody else was first, and it is refused.
    """
    begin_act(tx, rulebook.county.id, now, reason=reason)
    stored = stored_event(tx, rulebook, key)
    _check_seen(tx, rulebook, stored, seen)
    event = stored.event
    event = replace(
        event, occurred=occurred or event.occurred, fields={**event.fields, **(fields or {})}, by=by, recorded_at=now
    )
    return record_event(tx, rulebook, event, correct=True, reason=reason)


def withdraw_event(
    tx: Tx, rulebook: Rulebook, key: EventKey, *, by: str, reason: str, now: datetime, seen: int | None = None
) -> Registered[Event]:
    """Record that it never happened: what it started is closed at the next tick. `seen` as in `correct_event`."""
    county = rulebook.county.id
    begin_act(tx, county, now, by=by, reason=reason)
    stored = stored_event(tx, rulebook, key)
    if stored.withdrawn_at is not None:
        return Registered(stored.event, False, f"{stored.event.key} was withdrawn before, nothing changed")
    _check_seen(tx, rulebook, stored, seen)
    event = change_event(tx, county, stored, withdrawn_at=now)
    append(tx, county, [journal_entry("event.withdrawn", by, stored.event, None, reason)], now)
    return Registered(event, True, f"withdrew {event.key}")


def stored_event(tx: Tx, rulebook: Rulebook, key: EventKey) -> StoredEvent:
    """The event as it stands; raises RegisterError naming those that there are."""
    EventRules(rulebook).rule(key.name)
    county = rulebook.county
    if key.department not in county.departments:
        raise RegisterError(f"no department {key.department!r}: {close_ones(key.department, county.departments)}")
    reference = tidy(key.reference)
    stored = find_event(tx, county.id, replace(key, reference=reference))
    if stored is not None:
        return stored
    events = [
        event.event for event in list_events(tx, county.id, name=key.name, department=key.department, withdrawn=True)
    ]
    if duties := sorted({event.duty for event in events if event.reference == reference and event.duty}):
        what = f"{key.name}:{key.reference} of {key.department}"
        raise RegisterError(f"{what} is recorded per duty: name it ({', '.join(duties)})")
    hint = close_ones(key.reference, [event.reference for event in events])
    raise RegisterError(f"no {key.name} of {key.department} with the reference {key.reference!r}: {hint}")


def _check_seen(tx: Tx, rulebook: Rulebook, stored: StoredEvent, seen: int | None) -> None:
    """Nobody overwrites what he has not seen."""
    if seen in (None, stored.version):
        return
    county, key = rulebook.county, stored.event.key
    last = show(tx, county.id, subject=key.subject, last=1)[-1]
    state = "withdrawn" if stored.withdrawn_at else contents_of(stored.event)
    raise RegisterError(
        f"{key} is another since: {last.who} changed it at {last.at.astimezone(county.zone):%Y-%m-%d %H:%M} "
        f"(now {state}, version {stored.version}); nothing was changed: look at it (duban event show) and decide again"
    )


def _notes(tx: Tx, rules: EventRules, event: Event) -> str:
    recorded = list_events(tx, rules.rulebook.county.id, name=event.name, department=event.department)
    likeness = rules.likeness(event)
    alike = [each.event.reference for each in recorded if likeness and rules.likeness(each.event) == likeness]
    notes = rules.notes(event, alike, future=is_future(event.occurred, rules.rulebook, event.recorded_at))
    return f" ({'; '.join(notes)})" if notes else ""


# -- as it is told and journalled ----------------------------------------------------------------


def is_same(before: StoredEvent, event: Event) -> bool:
    """Whether exactly this is on record and holds. A day and an instant on it are not the same."""
    recorded = before.event
    is_same_kind = isinstance(recorded.occurred, datetime) == isinstance(event.occurred, datetime)
    is_same_event = is_same_kind and recorded.occurred == event.occurred and recorded.fields == event.fields
    return is_same_event and before.withdrawn_at is None


def contents_of(event: Event) -> str:
    """2015-03-02, year=2015."""
    return ", ".join([event.occurred.isoformat(), *(f"{key}={value}" for key, value in sorted(event.fields.items()))])


def change_entry(before: StoredEvent, event: Event, reason: str) -> JournalEntry:
    """The journal's line where an event on record is corrected, or restored after it was withdrawn."""
    action = "event.corrected" if before.withdrawn_at is None else "event.restored"
    return journal_entry(action, event.by, before.event, event, reason)


def journal_entry(action: str, by: str, before: Event | None, after: Event | None, reason: str = "") -> JournalEntry:
    """One change of one event, as the journal keeps it: the old value stays there."""
    event = after or before
    assert event is not None
    return JournalEntry(by, action, event.key.subject, _journalled(before), _journalled(after), reason)


def _journalled(event: Event | None) -> dict[str, Any] | None:
    return None if event is None else {"occurred": event.occurred.isoformat(), "fields": dict(event.fields)}


# -- its history -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventVersion:
    """What was said of the event at one time; `occurred` "" where it was taken back."""

    number: int
    at: datetime
    who: str
    deed: str  # recorded, corrected, withdrawn, restored
    occurred: str
    fields: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """The event as it stands, its versions from first to last, and the occurrences that it starts or proves."""

    stored: StoredEvent
    versions: tuple[EventVersion, ...]
    occurrences: tuple[OccurrenceRow, ...]


def event_history(tx: Tx, rulebook: Rulebook, key: EventKey) -> History:
    """Raises RegisterError where there is no such event."""
    stored = stored_event(tx, rulebook, key)
    event, county = stored.event, rulebook.county.id
    rows = show(tx, county, subject=event.key.subject)
    versions = []
    for number, row in enumerate(rows, 1):
        after: dict[str, Any] = json.loads(row.after) if row.after else {"occurred": "", "fields": {}}
        deed = row.action.removeprefix("event.")
        versions.append(EventVersion(number, row.at, row.who, deed, after["occurred"], after["fields"], row.reason))
    labels = dict(_labels(rulebook, event))
    occurrences = [
        row
        for row in labelled(tx, county, sorted({label for own in labels.values() for label in own}))
        if split_label(row.label)[0] in labels.get((row.pack, row.duty, row.department), ())
    ]
    return History(stored, tuple(versions), tuple(occurrences))


def _labels(rulebook: Rulebook, event: Event) -> Iterator[tuple[tuple[str, str, str], set[str]]]:
    """By pack, duty and department, what the occurrences are called that it starts, or that its record proves."""
    for duty, assignment in EventRules(rulebook).users(event.name):
        if event.department not in assignment.members or event.duty not in (None, duty.id):
            continue
        names, labels = starting_events(duty), set()
        if event.name in names:
            labels.add(f"event:{event.name}:{event.reference}")
        if event.name in proving_events(assignment):
            labels |= {f"event:{name}:{event.reference}" for name in names} | {event.reference}
        yield (duty.pack, duty.id, assignment.key), labels

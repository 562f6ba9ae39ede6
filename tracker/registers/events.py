"""Recording the dated facts that start clocks: once each, corrected openly, withdrawn with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.core.law.duties import Rulebook
from tracker.core.values.facts import Event, Moment
from tracker.registers.checks import check_now, check_words, is_future
from tracker.registers.errors import Registered, RegisterError, close_ones
from tracker.registers.eventrules import Checked, EventRules, tidy
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.events import StoredEvent, add_event, change_event, end_event, find_event, list_events
from tracker.store.journal import JournalEntry, append, show


def record_event(
    tx: Tx,
    rulebook: Rulebook,
    *,
    name: str,
    department: str,
    occurred: Moment,
    by: str,
    now: datetime,
    reference: str | None = None,
    duty: str | None = None,
    fields: Mapping[str, str] | None = None,
    correct: bool = False,
    reason: str = "",
) -> Registered[Event]:
    """Record an event. The same again changes nothing; the same key with other contents is refused
    unless `correct`. Without a reference, the event's day is one."""
    check_now(now)
    check_words(by=by)
    rules = EventRules(rulebook)
    said = rules.check(name, department, occurred, reference, duty, fields or {})
    county = rulebook.county.id
    lock_county(tx, county)
    before = find_event(tx, county, name, department, said.reference, duty)
    notes = _notes(tx, rules, said, now)
    if before is None:
        event = add_event(
            tx, county, name=name, department=department, duty=duty, reference=said.reference, occurred=occurred,
            fields=said.fields, by=by, now=now,
        )  # fmt: skip
        append(tx, county, [journalled("event.recorded", by, None, event, reason)], now)
        return Registered(event, True, f"recorded {named(event)}{notes}")
    if is_same(before, said):
        return Registered(before.event, False, f"{named(before.event)} is on record already, nothing changed")
    if not correct:
        raise RegisterError(taken(before))
    event = change_event(tx, county, before, occurred=occurred, fields=said.fields)
    append(tx, county, [journalled(deed_on(before), by, before.event, event, reason)], now)
    done = "corrected" if before.withdrawn_at is None else "restored"
    return Registered(event, True, f"{done} {named(event)}: {told_of(before.event)} -> {told_of(event)}{notes}")


def correct_event(
    tx: Tx,
    rulebook: Rulebook,
    *,
    name: str,
    department: str,
    reference: str,
    by: str,
    reason: str,
    now: datetime,
    occurred: Moment | None = None,
    fields: Mapping[str, str] | None = None,
    duty: str | None = None,
    seen: int | None = None,
) -> Registered[Event]:
    """Say what a recorded event should have said; what is left out stays as it was, an empty field goes.

    `seen`: the version that was looked at; where another one stands now, somebody else was first, and it is refused.
    """
    check_words(reason=reason)
    lock_county(tx, rulebook.county.id)
    stored = stored_event(tx, rulebook, name, department, reference, duty)
    _check_seen(tx, rulebook, stored, seen)
    return record_event(
        tx,
        rulebook,
        name=name,
        department=department,
        occurred=occurred or stored.event.occurred,
        by=by,
        now=now,
        reference=stored.event.reference,
        duty=duty,
        fields={**stored.event.fields, **(fields or {})},
        correct=True,
        reason=reason,
    )


def withdraw_event(
    tx: Tx,
    rulebook: Rulebook,
    *,
    name: str,
    department: str,
    reference: str,
    by: str,
    reason: str,
    now: datetime,
    duty: str | None = None,
    seen: int | None = None,
) -> Registered[Event]:
    """It never happened: what it started is closed at the next tick. `seen` as in `correct_event`."""
    check_now(now)
    check_words(by=by, reason=reason)
    lock_county(tx, rulebook.county.id)
    stored = stored_event(tx, rulebook, name, department, reference, duty)
    if stored.withdrawn_at is not None:
        return Registered(stored.event, False, f"{named(stored.event)} was withdrawn before, nothing changed")
    _check_seen(tx, rulebook, stored, seen)
    event = end_event(tx, rulebook.county.id, stored, now)
    entry = journalled("event.withdrawn", by, stored.event, None, reason)
    append(tx, rulebook.county.id, [entry], now)
    return Registered(event, True, f"withdrew {named(event)}")


def stored_event(
    tx: Tx, rulebook: Rulebook, name: str, department: str, reference: str, duty: str | None
) -> StoredEvent:
    """The event as it stands; raises RegisterError naming those that there are."""
    EventRules(rulebook).rule(name)
    county = rulebook.county
    if department not in county.departments:
        raise RegisterError(f"no department {department!r}: {close_ones(department, county.departments)}")
    found = find_event(tx, county.id, name, department, tidy(reference), duty)
    if found is not None:
        return found
    there = [one.event for one in list_events(tx, county.id, name=name, department=department, withdrawn=True)]
    duties = sorted({one.duty for one in there if one.reference == tidy(reference) and one.duty})
    if duties:
        raise RegisterError(f"{name}:{reference} of {department} is recorded per duty: name it ({', '.join(duties)})")
    hint = close_ones(reference, [one.reference for one in there])
    raise RegisterError(f"no {name} of {department} with the reference {reference!r}: {hint}")


def _check_seen(tx: Tx, rulebook: Rulebook, stored: StoredEvent, seen: int | None) -> None:
    """Nobody overwrites what he has not seen."""
    if seen in (None, stored.version):
        return
    county = rulebook.county
    last = show(tx, county.id, subject=subject_of(stored.event), last=1)[-1]
    state = "withdrawn" if stored.withdrawn_at else told_of(stored.event)
    raise RegisterError(
        f"{named(stored.event)} is another since: {last.who} changed it at "
        f"{last.at.astimezone(county.zone):%Y-%m-%d %H:%M} (now {state}, version {stored.version}); nothing was "
        "changed: look at it (duban event show) and decide again"
    )


def _notes(tx: Tx, rules: EventRules, said: Checked, now: datetime) -> str:
    there = list_events(tx, rules.rulebook.county.id, name=said.name, department=said.department)
    mine = rules.likeness(said)
    alike = [one.event.reference for one in there if mine is not None and rules.likeness(one.event) == mine]
    notes = rules.notes(said, alike, future=is_future(said.occurred, rules.rulebook, now))
    return f" ({'; '.join(notes)})" if notes else ""


# -- as it is told -------------------------------------------------------------------------------


def is_same(before: StoredEvent, said: Checked) -> bool:
    """Whether exactly this is on record and holds. A day and an instant on it are not the same."""
    event = before.event
    same_kind = isinstance(event.occurred, datetime) == isinstance(said.occurred, datetime)
    same = same_kind and event.occurred == said.occurred and dict(event.fields) == said.fields
    return same and before.withdrawn_at is None


def taken(before: StoredEvent) -> str:
    """Why something else cannot be recorded under its key."""
    state = "was withdrawn" if before.withdrawn_at else "is on record"
    return (
        f"{named(before.event)} {state} with {told_of(before.event)}: correct it if that was wrong "
        "(duban event correct), or give another event its own reference (--reference)"
    )


def told_of(event: Event | Checked) -> str:
    """2015-03-02, year=2015."""
    return ", ".join([event.occurred.isoformat(), *(f"{key}={value}" for key, value in sorted(event.fields.items()))])


def named(event: Event | Checked) -> str:
    """budget-approved:2015-03-02 of keji."""
    return f"{event.name}:{event.reference} of {event.department}" + (f" for {event.duty}" if event.duty else "")


def subject_of(event: Event | Checked) -> str:
    """What the journal calls it."""
    return f"event:{event.name}:{event.department}:{event.reference}" + (f":{event.duty}" if event.duty else "")


def deed_on(before: StoredEvent) -> str:
    """The journal's word for saying something else of it."""
    return "event.corrected" if before.withdrawn_at is None else "event.restored"


def journalled(
    action: str, by: str, before: Event | None, after: Event | Checked | None, reason: str = ""
) -> JournalEntry:
    """One change of one event, as the journal keeps it: the old value stays there."""
    event = after or before
    assert event is not None
    return JournalEntry(by, action, subject_of(event), _kept(before), _kept(after), reason)


def _kept(event: Event | Checked | None) -> dict[str, Any] | None:
    if event is None:
        return None
    return {"occurred": event.occurred.isoformat(), "fields": dict(event.fields)}

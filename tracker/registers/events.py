"""Recording the dated facts that start clocks: once each, corrected openly, withdrawn with a reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracker.core.counting import moment_day
from tracker.core.duties import Assignment, Duty, EventRule, Rulebook, Within
from tracker.core.facts import Event, Moment
from tracker.registers.checks import check_moment, check_now, check_words, is_future
from tracker.registers.errors import Registered, RegisterError, close_ones
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.events import StoredEvent, add_event, change_event, end_event, find_event, list_events
from tracker.store.journal import JournalEntry, append

__all__ = ["check_event", "correct_event", "list_events", "record_event", "withdraw_event"]

#: A reference is part of an occurrence's key, whose separators it must not hold.
_REFERENCE = re.compile(r"[^/.:\s]{1,128}")


async def record_event(
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
    rule = _rule(rulebook, name)
    said, mark = check_event(rulebook, name, department, occurred, reference, duty, fields or {})
    county = rulebook.county.id
    await lock_county(tx, county)
    before = await find_event(tx, county, name, department, mark, duty)
    if before is None:
        event = await add_event(
            tx, county, name=name, department=department, duty=duty, reference=mark, occurred=occurred,
            fields=said, by=by, now=now,
        )  # fmt: skip
        await _journal(tx, rulebook, "event.recorded", by, None, event, reason, now)
        return Registered(event, True, f"recorded {_name(event)}{_notes(rulebook, rule, event, now)}")
    if before.withdrawn_at is None and _same(before.event, occurred, said):
        return Registered(before.event, False, f"{_name(before.event)} is on record already, nothing changed")
    if not correct:
        raise RegisterError(_taken(before))
    event = await change_event(tx, county, before.event.id, occurred=occurred, fields=said)
    action = "event.corrected" if before.withdrawn_at is None else "event.restored"
    await _journal(tx, rulebook, action, by, before.event, event, reason, now)
    return Registered(event, True, f"corrected {_name(event)}{_notes(rulebook, rule, event, now)}")


def check_event(
    rulebook: Rulebook,
    name: str,
    department: str,
    occurred: Moment,
    reference: str | None,
    duty: str | None,
    fields: Mapping[str, str],
) -> tuple[dict[str, str], str]:
    """The fields and the reference as they are kept. Raises RegisterError where the rules know no such event."""
    check_moment(occurred, "the event's day")
    rule = _rule(rulebook, name)
    _check_owner(rulebook, rule, department, duty)
    return _fields(rule, fields), _reference(rulebook, occurred, reference)


async def correct_event(
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
) -> Registered[Event]:
    """Say what a recorded event should have said; what is left out stays as it was."""
    check_words(reason=reason)
    stored = await _stored(tx, rulebook, name, department, reference, duty)
    return await record_event(
        tx,
        rulebook,
        name=name,
        department=department,
        occurred=occurred or stored.event.occurred,
        by=by,
        now=now,
        reference=reference,
        duty=duty,
        fields={**stored.event.fields, **(fields or {})},
        correct=True,
        reason=reason,
    )


async def withdraw_event(
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
) -> Registered[Event]:
    """It never happened: what it started is closed at the next tick."""
    check_now(now)
    check_words(by=by, reason=reason)
    await lock_county(tx, rulebook.county.id)
    stored = await _stored(tx, rulebook, name, department, reference, duty)
    if stored.withdrawn_at is not None:
        return Registered(stored.event, False, f"{_name(stored.event)} was withdrawn before, nothing changed")
    event = await end_event(tx, rulebook.county.id, stored.event.id, now)
    await _journal(tx, rulebook, "event.withdrawn", by, stored.event, None, reason, now)
    return Registered(event, True, f"withdrew {_name(event)}")


def _rule(rulebook: Rulebook, name: str) -> EventRule:
    rule = rulebook.events.get(name)
    if rule is None:
        raise RegisterError(f"no event {name!r}: {close_ones(name, rulebook.events)}")
    return rule


def _check_owner(rulebook: Rulebook, rule: EventRule, department: str, duty: str | None) -> None:
    """The department exists, the duty is named where it must be, and something waits for the event."""
    if department not in rulebook.county.departments:
        raise RegisterError(f"no department {department!r}: {close_ones(department, rulebook.county.departments)}")
    users = _users(rulebook, rule.name)
    mine = sorted({one.id for one, assignment in users if department in assignment.members})
    if rule.per_duty and duty is None:
        raise RegisterError(f"{rule.name} is recorded per duty: name it ({', '.join(mine) or 'none here'})")
    if not rule.per_duty and duty is not None:
        raise RegisterError(f"{rule.name} is not recorded per duty: leave the duty out")
    if duty is not None and duty not in mine:
        raise RegisterError(f"duty {duty!r} of {department} does not use {rule.name}: {close_ones(duty, mine)}")
    if not mine and rule.name not in rulebook.scored_events:
        others = {member for _, assignment in users for member in assignment.members}
        raise RegisterError(f"no duty of {department} uses {rule.name} (departments: {', '.join(sorted(others))})")


def _users(rulebook: Rulebook, name: str) -> list[tuple[Duty, Assignment]]:
    """The duties, with their assignments, whose clock the event starts or which it proves."""
    found = []
    for duty in rulebook.duties:
        starts = any(
            isinstance(deadline, Within) and deadline.event.name == name
            for part in duty.parts
            for deadline in part.deadlines
        )
        for one in duty.assignments:
            if starts or any(source.record == name for cell in one.cells for source in cell.sources):
                found.append((duty, one))
    return found


def _fields(rule: EventRule, fields: Mapping[str, str]) -> dict[str, str]:
    missing = [one for one in rule.needs if not fields.get(one, "").strip()]
    if missing:
        example = " ".join(f"--field {one}=…" for one in missing)
        raise RegisterError(f"{rule.name} needs {', '.join(missing)} ({example})")
    said = {key: value.strip() for key, value in fields.items()}
    # A title is searched for it: 2015年 or 15 would match none, and what was published would be called missing.
    if "year" in rule.needs and not re.fullmatch(r"(19|20)[0-9]{2}", said["year"]):
        raise RegisterError(f"{rule.name}: year={said['year']}: write the year in four digits, like 2015")
    return said


def _reference(rulebook: Rulebook, occurred: Moment, reference: str | None) -> str:
    if reference is None:
        return moment_day(occurred, rulebook.county.zone).isoformat()
    if not _REFERENCE.fullmatch(reference):
        raise RegisterError(f"reference {reference!r}: 1 to 128 characters without / . : or spaces, like 2015-18号")
    return reference


async def _stored(
    tx: Tx, rulebook: Rulebook, name: str, department: str, reference: str, duty: str | None
) -> StoredEvent:
    _rule(rulebook, name)
    found = await find_event(tx, rulebook.county.id, name, department, reference, duty)
    if found is None:
        there = await list_events(tx, rulebook.county.id, name=name, department=department, withdrawn=True)
        hint = close_ones(reference, [one.event.reference for one in there])
        raise RegisterError(f"no {name} of {department} with the reference {reference!r}: {hint}")
    return found


def _same(event: Event, occurred: Moment, fields: Mapping[str, str]) -> bool:
    same_kind = isinstance(event.occurred, datetime) == isinstance(occurred, datetime)
    return same_kind and event.occurred == occurred and dict(event.fields) == fields


def _taken(before: StoredEvent) -> str:
    event = before.event
    said = f"{event.occurred.isoformat()}" + "".join(f", {key}={value}" for key, value in sorted(event.fields.items()))
    state = "was withdrawn" if before.withdrawn_at else "is on record"
    return (
        f"{_name(event)} {state} with {said}: correct it if that was wrong (--correct), "
        "or give another event its own reference (--reference)"
    )


def _notes(rulebook: Rulebook, rule: EventRule, event: Event, now: datetime) -> str:
    """What the person who records it should know at once."""
    notes = ["it lies in the future"] if is_future(event.occurred, rulebook, now) else []
    day = moment_day(event.occurred, rulebook.county.zone)
    duties = [duty for duty, one in _users(rulebook, rule.name) if event.department in one.members]
    if rule.name not in rulebook.scored_events and not any(
        one.in_force_from <= day <= one.in_force_until for one in duties
    ):
        notes.append("no rule that uses it was in force on that day")
    return f" ({'; '.join(notes)})" if notes else ""


def _name(event: Event) -> str:
    return f"{event.name}:{event.reference} of {event.department}" + (f" for {event.duty}" if event.duty else "")


async def _journal(
    tx: Tx,
    rulebook: Rulebook,
    action: str,
    by: str,
    before: Event | None,
    after: Event | None,
    reason: str,
    now: datetime,
) -> None:
    event = after or before
    assert event is not None
    subject = f"event:{event.name}:{event.department}:{event.reference}" + (f":{event.duty}" if event.duty else "")
    entry = JournalEntry(by, action, subject, _told(before), _told(after), reason)
    await append(tx, rulebook.county.id, [entry], now)


def _told(event: Event | None) -> dict[str, Any] | None:
    if event is None:
        return None
    return {"occurred": event.occurred.isoformat(), "fields": dict(event.fields)}

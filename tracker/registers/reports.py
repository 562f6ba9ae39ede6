"""The tracker's own reports as events: what proves the county office's duty to supervise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Event
from tracker.registers.eventrules import records
from tracker.registers.events import record_event
from tracker.store.counties import read_county
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.sent import sent_reports

#: By the kind in a notice's subject `report:KIND:DATE`: the event that its sending is.
EVENTS: Mapping[str, str] = {"overdue": "overdue-report"}
#: The event that the issue of a circular is.
CIRCULAR = "circular"


def record_reports(tx: Tx, rulebook: Rulebook, now: datetime) -> None:
    """Put every report that was sent on record, once, for each department whose duty it proves."""
    for subject, sent_at in sent_reports(tx, rulebook.county.id):
        _, kind, day = subject.split(":")
        if kind in EVENTS:
            record_own(tx, rulebook, EVENTS[kind], sent_at, day, now)


def record_own(tx: Tx, rulebook: Rulebook, name: str, occurred: datetime, reference: str, now: datetime) -> None:
    """Put something of our own on record for each department whose duty it proves; nobody may owe it."""
    at = occurred.astimezone(rulebook.county.zone)
    for department in _owed(rulebook).get(name, ()):
        record_event(tx, rulebook, Event(0, name, department, reference, at, now, by="duban"))


def note_rules(tx: Tx, rulebook: Rulebook, calendar: str, now: datetime) -> None:
    """Journal under which rulebook and calendar the county is decided from now on, where that changes."""
    county = read_county(tx, rulebook.county.id)
    who = f"rule:{rulebook.digest[:12]}"
    lines = [
        JournalEntry(who, f"{name}.in-force", f"{name}:{after[:12]}", {"digest": before} if before else None,
                     {"digest": after}, why if before else f"首次采用{named}。")
        for name, named, before, after, why in (
            ("rulebook", "规则", county.rulebook, rulebook.digest, "规则有变动，自此按新版本判断。"),
            ("calendar", "日历", county.calendar, calendar, "日历有变动，自此按新版本计算。"),
        )
        if before != after
    ]  # fmt: skip
    if lines:
        append(tx, county.id, lines, now)


def _owed(rulebook: Rulebook) -> dict[str, list[str]]:
    """The departments that an event of ours proves something for."""
    departments: dict[str, list[str]] = {}
    for duty in rulebook.duties:
        for assignment in duty.assignments:
            for name in records(assignment) & {*EVENTS.values(), CIRCULAR} & set(rulebook.events):
                known = departments.setdefault(name, [])
                known.extend(member for member in assignment.members if member not in known)
    return departments

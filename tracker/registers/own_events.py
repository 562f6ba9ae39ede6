"""Events that the tracker records itself: its reports, its circulars, and the lines of circulars that are put right."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime

from tracker.core.assessment.circular import CRITICISED, is_struck_off_status
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Event, EventKey
from tracker.registers.errors import RegisterError
from tracker.registers.eventrules import proving_events
from tracker.registers.events import record_event, withdraw_event
from tracker.store.circulars import CircularLineRow, CircularRow, change_line, unmended
from tracker.store.counties import read_county
from tracker.store.engine import Tx
from tracker.store.events import list_events
from tracker.store.journal import JournalEntry, append
from tracker.store.occurrences import load_occurrences
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
            for name in proving_events(assignment) & {*EVENTS.values(), CIRCULAR} & set(rulebook.events):
                known = departments.setdefault(name, [])
                known.extend(member for member in assignment.members if member not in known)
    return departments


RECTIFIED = "rectified"


def reference_of(month: str, line: int) -> str:
    """By which a line is known in the register: 2015-09-3 is the third line of September's circular."""
    return f"{month}-{line}"


def record_criticised(
    tx: Tx, rulebook: Rulebook, row: CircularRow, lines: list[CircularLineRow], number: str, on: date, now: datetime
) -> None:
    """Start the duty to put right of each line, for every department that owes it."""
    for line in lines:
        fields = {"circular": number, "matter": f"{line.shown['title']}（{line.shown['period']}）"}
        for department in line.department.split("+"):
            reference = reference_of(row.month, line.line)
            event = Event(0, CRITICISED, department, reference, on, now, fields=fields, by="duban")
            record_event(tx, rulebook, event)


def take_back(
    tx: Tx, rulebook: Rulebook, row: CircularRow, line: CircularLineRow, by: str, reason: str, now: datetime
) -> None:
    """A line was wrong: nothing has to be put right any more."""
    for department in line.department.split("+"):
        key = EventKey(CRITICISED, department, reference_of(row.month, line.line))
        withdraw_event(tx, rulebook, key, by=by, reason=reason, now=now)


def record_rectified(tx: Tx, rulebook: Rulebook, now: datetime) -> int:
    """Strike off (销号) every line whose matter was met since, or that a person recorded as put right; how many."""
    county, struck = rulebook.county.id, 0
    if RECTIFIED not in rulebook.events or not (open_lines := unmended(tx, county)):
        return 0
    rows = load_occurrences(tx, county, keys={line.occurrence for _, line in open_lines})
    recorded = {
        (stored.event.department, stored.event.reference): stored.withdrawn_at is None
        for stored in list_events(tx, county, name=RECTIFIED, withdrawn=True)
    }
    today = now.astimezone(rulebook.county.zone).date()
    for month, line in open_lines:
        reference = reference_of(month, line.line)
        departments = [each for each in line.department.split("+") if each in rulebook.county.departments]
        is_recorded = bool(departments) and all(recorded.get((each, reference), False) for each in departments)
        row = rows.get(line.occurrence)
        if not is_recorded and (row is None or not is_struck_off_status(row.status, closed=row.closed)):
            continue
        for department in departments:
            if (department, reference) not in recorded:
                with suppress(RegisterError):  # a department that the rules have let go has nothing to record any more
                    record_event(tx, rulebook, Event(0, RECTIFIED, department, reference, today, now, by="duban"))
        change_line(tx, line.circular, line.line, mended_on=today)
        subject = f"circular:{month}:{line.line}"
        why = row.reason if row is not None and not is_recorded else "已登记整改"
        entry = JournalEntry(f"rule:{rulebook.digest[:12]}", "circular.mended", subject, None, {"on": str(today)}, why)
        append(tx, county, [entry], now)
        struck += 1
    return struck

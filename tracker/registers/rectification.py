"""What follows on a circular: every line is recorded as an event that starts a duty, and struck off when it is met."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from tracker.core.assessment.circular import CRITICISED, is_struck_off_status
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Event, EventKey
from tracker.registers.errors import RegisterError
from tracker.registers.events import record_event, withdraw_event
from tracker.store.circulars import CircularLineRow, CircularRow, change_line, unmended
from tracker.store.engine import Tx
from tracker.store.events import list_events
from tracker.store.journal import JournalEntry, append
from tracker.store.occurrences import load_occurrences

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

"""What follows on a circular: every line is recorded as an event that starts a duty, and struck off when it is met."""

from __future__ import annotations

from datetime import date, datetime

from tracker.core.assessment.circular import CRITICISED, is_struck_off_status
from tracker.core.law.duties import Rulebook
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
        for department in line.department.split("+"):
            record_event(
                tx,
                rulebook,
                name=CRITICISED,
                department=department,
                occurred=on,
                by="duban",
                now=now,
                reference=reference_of(row.month, line.line),
                fields={"circular": number, "matter": f"{line.shown['title']}（{line.shown['period']}）"},
            )


def take_back(
    tx: Tx, rulebook: Rulebook, row: CircularRow, line: CircularLineRow, by: str, reason: str, now: datetime
) -> None:
    """A line was wrong: nothing has to be put right any more."""
    for department in line.department.split("+"):
        reference = reference_of(row.month, line.line)
        withdraw_event(
            tx, rulebook, name=CRITICISED, department=department, reference=reference, by=by, reason=reason, now=now
        )


def record_rectified(tx: Tx, rulebook: Rulebook, now: datetime) -> int:
    """Strike off (销号) every line whose matter was met since, or that a person recorded as put right; how many."""
    county, struck = rulebook.county.id, 0
    if RECTIFIED not in rulebook.events:
        return 0
    open_lines = unmended(tx, county)
    if not open_lines:
        return 0
    rows = load_occurrences(tx, county, keys={line.occurrence for _, line in open_lines})
    told = {
        (one.event.department, one.event.reference): one.withdrawn_at is None
        for one in list_events(tx, county, name=RECTIFIED, withdrawn=True)
    }
    today = now.astimezone(rulebook.county.zone).date()
    for row, line in open_lines:
        reference = reference_of(row.month, line.line)
        departments = [one for one in line.department.split("+") if one in rulebook.county.departments]
        known = bool(departments) and all(told.get((one, reference), False) for one in departments)
        matter = rows.get(line.occurrence)
        if not known and (matter is None or not is_struck_off_status(matter.status, closed=matter.closed)):
            continue
        for department in departments:
            if (department, reference) not in told:
                _record(tx, rulebook, department, reference, today, now)
        change_line(tx, row.id, line.line, mended_on=today)
        subject = f"circular:{row.month}:{line.line}"
        why = matter.reason if matter is not None and not known else "已登记整改"
        entry = JournalEntry(f"rule:{rulebook.digest[:12]}", "circular.mended", subject, None, {"on": str(today)}, why)
        append(tx, county, [entry], now)
        struck += 1
    return struck


def _record(tx: Tx, rulebook: Rulebook, department: str, reference: str, today: date, now: datetime) -> None:
    """A department that the rules have let go has nothing to record any more."""
    try:
        record_event(
            tx, rulebook, name=RECTIFIED, department=department, occurred=today, by="duban", now=now,
            reference=reference,
        )  # fmt: skip
    except RegisterError:
        return

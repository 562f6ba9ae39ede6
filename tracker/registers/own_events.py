"""Records the tracker's own events: reports and circulars sent, lines of circulars published and rectified."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime

from tracker.core.assessment.circular import CRITICISED, is_struck_off_status
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import matter_zh
from tracker.core.values.facts import Event, EventKey
from tracker.registers.errors import RegisterError
from tracker.registers.eventrules import list_proving_events
from tracker.registers.events import record_event, withdraw_event
from tracker.store.circulars import CircularLineRow, CircularRow, change_line, list_unmended_lines
from tracker.store.counties import read_county
from tracker.store.engine import Tx
from tracker.store.events import list_events
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.occurrences import load_occurrences
from tracker.store.sent import list_unrecorded_reports

#: The event to record when a report is sent, by the kind in the notice's subject `report:KIND:DATE`.
EVENTS: Mapping[str, str] = {"overdue": "overdue-report"}
#: The event to record when a circular is issued.
CIRCULAR = "circular"


def record_reports(tx: Tx, rulebook: Rulebook, now: datetime) -> None:
    """Record every report that was sent, once for each department whose duty it proves."""
    reports = list_unrecorded_reports(tx, rulebook.county.id)
    departments = _list_departments_by_event(rulebook) if reports else {}
    for subject, sent_at in reports:
        _, kind, day = subject.split(":")
        if kind in EVENTS and EVENTS[kind] in departments:
            record_own_event(tx, rulebook, EVENTS[kind], sent_at, day, now)


def record_own_event(tx: Tx, rulebook: Rulebook, name: str, occurred: datetime, reference: str, now: datetime) -> None:
    """Record an event of the tracker for each department whose duty it proves; there may be none."""
    at = occurred.astimezone(rulebook.county.zone)
    for department in _list_departments_by_event(rulebook).get(name, ()):
        record_event(tx, rulebook, Event(0, name, department, reference, at, now, by="duban"))


def journal_rules(tx: Tx, rulebook: Rulebook, calendar: str, now: datetime) -> None:
    """Write journal entries where the county's rulebook or calendar has changed since the last pass."""
    county = read_county(tx, rulebook.county.id)
    who = f"rule:{rulebook.digest[:12]}"
    entries = [
        JournalEntry(who, f"{name}.in-force", f"{name}:{after[:12]}", {"digest": before} if before else None,
                     {"digest": after}, reason if before else f"首次采用{title}。")
        for name, title, before, after, reason in (
            ("rulebook", "规则", county.rulebook, rulebook.digest, "规则有变动，自此按新版本判断。"),
            ("calendar", "日历", county.calendar, calendar, "日历有变动，自此按新版本计算。"),
        )
        if before != after
    ]  # fmt: skip
    if entries:
        append_entries(tx, county.id, entries, now)


def _list_departments_by_event(rulebook: Rulebook) -> dict[str, list[str]]:
    """The departments whose duties each own event proves, by the name of the event."""
    departments: dict[str, list[str]] = {}
    for duty in rulebook.duties:
        for assignment in duty.assignments:
            for name in list_proving_events(assignment) & {*EVENTS.values(), CIRCULAR} & set(rulebook.events):
                members = departments.setdefault(name, [])
                members.extend(member for member in assignment.members if member not in members)
    return departments


RECTIFIED = "rectified"


def build_reference(month: str, line: int) -> str:
    """The reference of a circular's line in the register: 2015-09-3 is the third line of September's circular."""
    return f"{month}-{line}"


def record_criticised(
    tx: Tx, rulebook: Rulebook, row: CircularRow, lines: list[CircularLineRow], number: str, day: date, now: datetime
) -> None:
    """Record each line as an event of every department that it names; the event starts the duty to rectify it."""
    for line in lines:
        fields = {"circular": number, "matter": matter_zh(line.shown["title"], line.shown["period"])}
        for department in line.department.split("+"):
            reference = build_reference(row.month, line.line)
            event = Event(0, CRITICISED, department, reference, day, now, fields=fields, by="duban")
            record_event(tx, rulebook, event)


def withdraw_criticised(
    tx: Tx, rulebook: Rulebook, row: CircularRow, line: CircularLineRow, by: str, reason: str, now: datetime
) -> None:
    """Withdraw the events of a circular's line that was wrong, so that it no longer has to be rectified."""
    for department in line.department.split("+"):
        key = EventKey(CRITICISED, department, build_reference(row.month, line.line))
        withdraw_event(tx, rulebook, key, by=by, reason=reason, now=now)


def record_rectified(tx: Tx, rulebook: Rulebook, now: datetime) -> int:
    """Strike off (销号) every line whose occurrence is met now or that a person recorded as rectified; their number."""
    county, count = rulebook.county.id, 0
    if RECTIFIED not in rulebook.events or not (open_lines := list_unmended_lines(tx, county)):
        return 0
    rows = load_occurrences(tx, county, keys={line.occurrence for _, line in open_lines})
    recorded = {
        (stored.event.department, stored.event.reference): stored.withdrawn_at is None
        for stored in list_events(tx, county, name=RECTIFIED, withdrawn=True)
    }
    today = now.astimezone(rulebook.county.zone).date()
    for month, line in open_lines:
        reference = build_reference(month, line.line)
        departments = [name for name in line.department.split("+") if name in rulebook.county.departments]
        is_recorded = bool(departments) and all(recorded.get((name, reference), False) for name in departments)
        row = rows.get(line.occurrence)
        if not is_recorded and (row is None or not is_struck_off_status(row.status, closed=row.closed)):
            continue
        for department in departments:
            if (department, reference) not in recorded:
                with suppress(RegisterError):  # the rules may no longer use the event for this department
                    record_event(tx, rulebook, Event(0, RECTIFIED, department, reference, today, now, by="duban"))
        change_line(tx, line.circular, line.line, mended_on=today)
        subject = f"circular:{month}:{line.line}"
        reason = row.reason if row is not None and not is_recorded else "已登记整改"
        entry = JournalEntry(
            f"rule:{rulebook.digest[:12]}", "circular.mended", subject, None, {"on": str(today)}, reason
        )
        append_entries(tx, county, [entry], now)
        count += 1
    return count

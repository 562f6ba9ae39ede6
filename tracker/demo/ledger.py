"""The ledger (台账) as CSV: one line for each matter, with the columns that offices expect."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol, TextIO

from notifications.formulas import safe
from tracker.core.law.duties import Cell, Duty, Rulebook
from tracker.core.law.notice_fields import cells_of, days_late, deed_zh, label_zh, status_zh
from tracker.core.law.periods import split_label
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Light, Status, only_taken_down

COLUMNS = (
    "序号",
    "责任单位",
    "事项",
    "依据条款",
    "应公开时限",
    "实际公开日期",
    "逾期天数（工作日）",
    "问题类型",
    "整改时限",
    "状态",
    "灯号",
    "情况说明",
    "事项编号",
)

#: Statuses that are a problem of the department, and what the column 问题类型 calls them.
_PROBLEMS = {
    Status.OVERDUE: "逾期未公开",
    Status.INCOMPLETE: "公开不完整",
    Status.MET_LATE: "逾期公开",
    Status.MET_DISPUTED: "公开日期存疑",
}


class LedgerRow(Protocol):
    """What the ledger reads of a stored occurrence."""

    @property
    def key(self) -> str: ...
    @property
    def duty(self) -> str: ...
    @property
    def pack(self) -> str: ...
    @property
    def department(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def status(self) -> str: ...
    @property
    def light(self) -> str: ...
    @property
    def reason(self) -> str: ...
    @property
    def proved_at(self) -> datetime | None: ...
    @property
    def closed(self) -> bool: ...


def write_ledger(
    out: TextIO,
    rows: Iterable[LedgerRow],
    rulebook: Rulebook,
    calendar: Calendar,
    now: datetime,
    rectify_by: date | None = None,
) -> int:
    """Write the ledger as it stands now; returns the number of lines. Closed matters are left out.

    `rectify_by`: the day the office sets for what is still open past its due date; blank without one.
    """
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    duties = {(duty.pack, duty.id): duty for duty in rulebook.duties}
    shown = sorted((row for row in rows if not row.closed), key=lambda row: (row.due_on or date.max, row.key))
    for number, row in enumerate(shown, start=1):
        line = _line(row, duties, rulebook, calendar, now, rectify_by)
        writer.writerow([number, *(safe(line.get(column, "")) for column in COLUMNS[1:])])
    return len(shown)


def save_ledger(
    path: Path,
    rows: Iterable[LedgerRow],
    rulebook: Rulebook,
    calendar: Calendar,
    now: datetime,
    rectify_by: date | None = None,
) -> int:
    """Write the ledger to a file. With a byte order mark: without it Excel takes UTF-8 for GBK."""
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        return write_ledger(out, rows, rulebook, calendar, now, rectify_by)


def _line(
    row: LedgerRow,
    duties: Mapping[tuple[str, str], Duty],
    rulebook: Rulebook,
    calendar: Calendar,
    now: datetime,
    rectify_by: date | None,
) -> dict[str, str]:
    duty = duties.get((row.pack, row.duty))
    status = Status(row.status)
    zone = rulebook.county.zone
    proved = row.proved_at.astimezone(zone).date() if row.proved_at else None
    until = row.proved_at if status.met and row.proved_at else now
    late = (
        days_late(row.due_on, until, calendar, zone)
        if row.due_on and status in _PROBLEMS and not only_taken_down(row.reason)
        else 0
    )
    cells = cells_of(duty, row.department, row.label) if duty else []
    titles = {name: event.title for name, event in rulebook.events.items()}
    return {
        "责任单位": rulebook.county.department_names(row.department),
        "事项": f"{_title(row, duty)}，{label_zh(row.label, titles)}",
        "依据条款": duty.clause if duty else "",
        "应公开时限": row.due_on.isoformat() if row.due_on else "",
        "实际公开日期": proved.isoformat() if proved else "",
        "逾期天数（工作日）": str(late) if late > 0 else "",
        "问题类型": _problem(status, cells),
        "整改时限": rectify_by.isoformat() if rectify_by and status.late else "",
        "状态": status_zh(status, cells, row.reason),
        "灯号": Light(row.light).zh,
        "情况说明": row.reason,
        "事项编号": row.key,
    }


def _title(row: LedgerRow, duty: Duty | None) -> str:
    """The duty's title, with the part that stands alone."""
    if duty is None:
        return row.duty
    part = split_label(row.label)[1]
    named = next((one.title for one in duty.parts if one.name == part), "") if part else ""
    return f"{duty.title}（{named}）" if named else duty.title


def _problem(status: Status, cells: Sequence[Cell]) -> str:
    words = _PROBLEMS.get(status, "")
    return words if status is Status.MET_DISPUTED else words.replace("公开", deed_zh(cells))

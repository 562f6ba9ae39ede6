"""Draws the pictures of a year from a snapshot, with the counts of circulars and reports."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from tracker.core.assessment.circular import count_due, is_counted
from tracker.core.assessment.lights import LightGrid, build_grid
from tracker.core.assessment.lines import Line
from tracker.core.law.county import Rulebook
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import window_of
from tracker.core.law.wording import day_zh
from tracker.core.values.verdicts import Status
from tracker.reports.pictures.drawing import Drawing
from tracker.reports.pictures.heat import heat
from tracker.reports.pictures.heat import pages as heat_pages
from tracker.reports.pictures.lateness import Lateness, class_of, lateness
from tracker.reports.pictures.lateness import pages as late_pages
from tracker.reports.pictures.rates import Series, rates
from tracker.reports.snapshot import CountyReader, CountySnapshot
from tracker.store.engine import Tx
from tracker.store.standings import Progress, Wanted


def read_year(
    tx: Tx, reader: CountyReader, at: datetime, year: int | None, progress: Progress | None = None
) -> tuple[CountySnapshot, int]:
    """What falls due in the year, or on a day that is not known, as it stood at that instant; None: in that of `at`."""

    def find(rulebook: Rulebook) -> list[Wanted]:
        of = window_of(f"{year or at.astimezone(rulebook.county.zone).year:04}")
        return [Wanted(first=of.first, last=of.last), Wanted(undated=True)]

    snapshot = reader.read(tx, at, progress, find)
    return snapshot, year or snapshot.today.year


def lights(
    snapshot: CountySnapshot, year: int, department: str | None = None, *, paged: bool = False
) -> tuple[Drawing, ...]:
    """The lights by department and duty; with `paged` in parts that fit on A4."""
    grid, title = lights_grid(snapshot, window_of(f"{year:04}"), department), f"{year}年政府信息公开亮灯图"
    note = note_of(snapshot)
    return heat_pages(grid, title, note) if paged else (heat(grid, title, note),)


def lights_grid(snapshot: CountySnapshot, window: Window, department: str | None = None) -> LightGrid:
    """The lights of what falls due in the window, of one department or all.

    Departments are in the order of their keys, so that a picture of a past day stays the same: a stored rulebook does
    not keep the file's order.
    """
    rulebook = snapshot.rulebook
    departments = [
        (key, unit.name) for key, unit in sorted(rulebook.county.departments.items()) if department in (None, key)
    ]  # fmt: skip
    return build_grid(_of(snapshot, department), window, departments, _duties(snapshot))


def rate(snapshot: CountySnapshot, year: int, department: str | None = None) -> tuple[Drawing, ...]:
    """The rate on time by month of the county and, beside it, of the department."""
    windows = [window_of(f"{year:04}-{month:02}") for month in range(1, 13)]
    whole = Series("全县", tuple(count_due(snapshot.lines, window) for window in windows))
    part = None
    if department is not None:
        lines = _of(snapshot, department)
        part = Series(snapshot.department(department), tuple(count_due(lines, window) for window in windows))
    return (rates(whole, part, f"{year}年各月按时公开率", note_of(snapshot)),)


def days(
    snapshot: CountySnapshot, year: int, department: str | None = None, *, paged: bool = False
) -> tuple[Drawing, ...]:
    """The lateness of the year's matters by duty, the worst first."""
    title, note = f"{year}年各类事项逾期天数分布", note_of(snapshot)
    if department is not None:
        title = f"{snapshot.department(department)}{title}"
    rows = late_rows(snapshot, window_of(f"{year:04}"), department)
    return late_pages(rows, title, note) if paged else (lateness(rows, title, note),)


def late_rows(snapshot: CountySnapshot, window: Window, department: str | None = None) -> list[Lateness]:
    """The duties' rows, without matters that could not be judged or were taken down: their lateness is unknown."""
    by_duty: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in _of(snapshot, department):
        if is_counted(line, window) and not line.status.unjudged and not line.withdrawn:
            by_duty[line.pack, line.duty].append(line)
    rows = [_late_row(title, by_duty[duty]) for duty, title in _duties(snapshot) if duty in by_duty]
    return sorted(rows, key=lambda row: (-row.late / sum(row.counts), -row.late, row.title))


def _late_row(title: str, lines: list[Line]) -> Lateness:
    counts = [0] * 5
    for line in lines:
        counts[0 if line.status is Status.MET else class_of(line.days_late)] += 1
    worst = max(lines, key=lambda line: (line.status is not Status.MET, line.days_late))
    return Lateness(title, tuple(counts), sum(line.status.late for line in lines), worst.key)  # type: ignore[arg-type]


def _of(snapshot: CountySnapshot, department: str | None) -> tuple[Line, ...]:
    return tuple(line for line in snapshot.lines if department is None or department in line.members)


def _duties(snapshot: CountySnapshot) -> list[tuple[tuple[str, str], str]]:
    """Key and title of each duty in the order of the rules, then of duties that the rules no longer have."""
    known = {(duty.pack, duty.id): duty.title for duty in snapshot.rulebook.duties}
    gone = {(line.pack, line.duty): line.title for line in sorted(snapshot.lines, key=lambda line: line.key)}
    return [*known.items(), *((duty, title) for duty, title in gone.items() if duty not in known)]


def note_of(snapshot: CountySnapshot) -> str:
    """The county and the day, below a picture's title."""
    return f"{snapshot.rulebook.county.name}　截至{day_zh(snapshot.today)}"

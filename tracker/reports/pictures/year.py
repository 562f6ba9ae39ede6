"""The pictures of a year, drawn from a reading: whatever is counted, the circular and the reports count alike."""

from __future__ import annotations

from collections import defaultdict

from tracker.core.assessment.circular import count_due, is_counted
from tracker.core.assessment.lights import LightGrid, build_grid
from tracker.core.assessment.lines import Line
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
from tracker.reports.reading import Reading


def lights(reading: Reading, year: int, department: str | None = None, *, paged: bool = False) -> tuple[Drawing, ...]:
    """Department × duty; with `paged` in parts that fit on A4."""
    grid, title = lights_grid(reading, window_of(f"{year:04}"), department), f"{year}年政府信息公开亮灯图"
    note = note_of(reading)
    return heat_pages(grid, title, note) if paged else (heat(grid, title, note),)


def lights_grid(reading: Reading, window: Window, department: str | None = None) -> LightGrid:
    """The lights of what falls due in the window, of one department or all.

    Departments stand in the order of their keys: a stored rulebook does not keep that of the file, and a picture of
    a past day shall be what it was on that day.
    """
    rulebook = reading.rulebook
    departments = [
        (key, one.name) for key, one in sorted(rulebook.county.departments.items()) if department in (None, key)
    ]  # fmt: skip
    return build_grid(_of(reading, department), window, departments, _duties(reading))


def rate(reading: Reading, year: int, department: str | None = None) -> tuple[Drawing, ...]:
    """The county's rate on time by month, and the department's against it."""
    windows = [window_of(f"{year:04}-{month:02}") for month in range(1, 13)]
    whole = Series("全县", tuple(count_due(reading.lines, window) for window in windows))
    part = None
    if department is not None:
        lines = _of(reading, department)
        part = Series(reading.department(department), tuple(count_due(lines, window) for window in windows))
    return (rates(whole, part, f"{year}年各月按时公开率", note_of(reading)),)


def days(reading: Reading, year: int, department: str | None = None, *, paged: bool = False) -> tuple[Drawing, ...]:
    """How late what fell due in the year was or is, by duty, the worst first."""
    title, note = f"{year}年各类事项逾期天数分布", note_of(reading)
    if department is not None:
        title = f"{reading.department(department)}{title}"
    rows = late_rows(reading, window_of(f"{year:04}"), department)
    return late_pages(rows, title, note) if paged else (lateness(rows, title, note),)


def late_rows(reading: Reading, window: Window, department: str | None = None) -> list[Lateness]:
    """What could not be judged and what was taken down since is in no class: nobody knows how late it is."""
    held: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in _of(reading, department):
        if is_counted(line, window) and not line.status.unjudged and not line.withdrawn:
            held[line.pack, line.duty].append(line)
    rows = [_late_row(title, held[duty]) for duty, title in _duties(reading) if duty in held]
    return sorted(rows, key=lambda row: (-row.late / sum(row.counts), -row.late, row.title))


def _late_row(title: str, lines: list[Line]) -> Lateness:
    counts = [0] * 5
    for line in lines:
        counts[0 if line.status is Status.MET else class_of(line.days_late)] += 1
    worst = max(lines, key=lambda one: (one.status is not Status.MET, one.days_late))
    return Lateness(title, tuple(counts), sum(one.status.late for one in lines), worst.key)  # type: ignore[arg-type]


def _of(reading: Reading, department: str | None) -> tuple[Line, ...]:
    return tuple(line for line in reading.lines if department is None or department in line.members)


def _duties(reading: Reading) -> list[tuple[tuple[str, str], str]]:
    """In the order of the rules; behind them what the rules of that day no longer know."""
    known = {(duty.pack, duty.id): duty.title for duty in reading.rulebook.duties}
    gone = {(one.pack, one.duty): one.title for one in sorted(reading.lines, key=lambda line: line.key)}
    return [*known.items(), *((duty, title) for duty, title in gone.items() if duty not in known)]


def note_of(reading: Reading) -> str:
    """Whose it is, and of which day."""
    return f"{reading.rulebook.county.name}　截至{day_zh(reading.today)}"

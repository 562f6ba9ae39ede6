"""Grid of a year's lights: the gravest occurrence of each duty and department, by colour and letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.core.assessment.lines import Line
from tracker.core.law.occurrences import Window
from tracker.core.values.verdicts import Light, Status


@dataclass(frozen=True, slots=True)
class LightMark:
    """The mark of an occurrence in the grid: a unique letter, its light, and its Chinese label."""

    letter: str
    light: Light
    zh: str


#: The gravest first: a cell shows the first of these that one of its occurrences has.
MARKS: dict[str, LightMark] = {
    "overdue": LightMark("逾", Light.RED, "逾期未公开"),
    "incomplete": LightMark("缺", Light.RED, "公开不完整"),
    "gone": LightMark("撤", Light.RED, "公开后撤下"),
    "mild": LightMark("参", Light.YELLOW, "参照时限或暂定时限已过"),
    "late": LightMark("迟", Light.YELLOW, "逾期后公开"),
    "disputed": LightMark("疑", Light.YELLOW, "日期待核"),
    "unjudged": LightMark("？", Light.GREY, "未能判定"),
    "soon": LightMark("临", Light.BLUE, "即将到期"),
    "met": LightMark("√", Light.GREEN, "按时公开"),
    "coming": LightMark("·", Light.NONE, "未到期"),
    "waiting": LightMark("待", Light.NONE, "待有关情形发生"),
    "exempt": LightMark("免", Light.NONE, "不适用、豁免或异议成立"),
}

_BY_STATUS = {
    Status.OVERDUE: "overdue",
    Status.INCOMPLETE: "incomplete",
    Status.MET_LATE: "late",
    Status.MET_DISPUTED: "disputed",
    Status.UNVERIFIABLE: "unjudged",
    Status.CLOCK_UNKNOWN: "unjudged",
    Status.DUE_SOON: "soon",
    Status.MET: "met",
    Status.PAUSED: "coming",
    Status.UPCOMING: "coming",
    Status.OPEN: "coming",
}
#: The marks that need no attention.
QUIET = ("met", "coming", "waiting", "exempt")
_MAX_LISTED = 4  # occurrences that a cell lists one by one


def mark_of(line: Line) -> str:
    """Return the key in MARKS. An occurrence for which nobody is liable is never red."""
    return mark_for(
        line.status,
        upheld=line.objection == "upheld",
        mild=line.mild,
        waiting=_is_waiting(line),
        withdrawn=line.withdrawn,
    )


def mark_for(status: Status, *, upheld: bool, mild: bool, waiting: bool, withdrawn: bool) -> str:
    """Return the key in MARKS of an occurrence. `upheld`: its objection; `waiting`: for the event that starts it."""
    if upheld:
        return "exempt"
    if status.late and mild:
        return "mild"
    if waiting:
        return "waiting"
    return "gone" if withdrawn else _BY_STATUS.get(status, "exempt")


def _is_waiting(line: Line) -> bool:
    """Whether its time limit begins with an event that has not come."""
    return line.due_on is None and line.status is Status.UPCOMING


@dataclass(frozen=True, slots=True)
class LightCell:
    """The cell of a duty and a department. `count`: occurrences with that mark; `key`: the first of them."""

    row: int
    column: int
    mark: str
    count: int
    title: str
    key: str


@dataclass(frozen=True, slots=True)
class LightGrid:
    """Departments in columns, duties in rows; a duty that a department does not owe in the time has no cell."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[LightCell, ...]


def build_grid(
    lines: Iterable[Line],
    window: Window,
    departments: Sequence[tuple[str, str]],
    duties: Sequence[tuple[tuple[str, str], str]],
) -> LightGrid:
    """Return the grid of the occurrences that fall due in the window or wait for their event.

    `departments`: key and name; `duties`: pack and ID, and title; both in order. Duties without an occurrence are left
    out; a jointly owed occurrence is in the column of each department.
    """
    by_cell: dict[tuple[tuple[str, str], str], list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.key):
        day = line.due_on or line.opens_on
        is_in_window = _is_waiting(line) or (day is not None and window.first <= day <= window.last)
        if line.is_liable and is_in_window:
            for member in line.members:
                by_cell[(line.pack, line.duty), member].append(line)
    owed_duties = {duty for duty, _ in by_cell}
    rows = [(duty, title) for duty, title in duties if duty in owed_duties]
    cells = [
        _build_cell(row, column, name, title, by_cell[duty, department])
        for row, (duty, title) in enumerate(rows)
        for column, (department, name) in enumerate(departments)
        if (duty, department) in by_cell
    ]
    return LightGrid(tuple(name for _, name in departments), tuple(title for _, title in rows), tuple(cells))


def _build_cell(row: int, column: int, department: str, title: str, lines: Sequence[Line]) -> LightCell:
    by_mark: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_mark[mark_of(line)].append(line)
    worst = next(mark for mark in MARKS if mark in by_mark)
    labels = [
        f"{MARKS[mark].zh}{len(by_mark[mark])}项{_list_periods(mark, by_mark[mark])}"
        for mark in MARKS
        if mark in by_mark
    ]
    due = sum(not line.status.coming for line in lines)
    worst_lines = by_mark[worst]
    return LightCell(
        row,
        column,
        worst,
        len(worst_lines),
        f"{department} {title}：到期{due}项；{'；'.join(labels)}",
        worst_lines[0].key,
    )


def _list_periods(mark: str, lines: Sequence[Line]) -> str:
    """Return the periods of the occurrences in brackets, or "" for marks that need no attention."""
    if mark in QUIET:
        return ""
    more = f"等{len(lines)}项" if len(lines) > _MAX_LISTED else ""
    periods = [line.period for line in lines[:_MAX_LISTED] if line.period]
    return f"（{'、'.join(periods)}{more}）" if periods or more else ""

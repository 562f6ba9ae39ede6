"""Grid of a year's lights: the gravest occurrence of each duty and department, by colour and letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.core.assessment.lines import COMING, Line
from tracker.core.law.occurrences import Window
from tracker.core.values.verdicts import Light, Status


@dataclass(frozen=True, slots=True)
class LightMark:
    """How a matter stands, for the eye: a letter that no other has, its light, and the words for it."""

    letter: str
    light: Light
    zh: str


#: The gravest first: what a cell shows is the first of these that one of its matters has.
MARKS: dict[str, LightMark] = {
    "overdue": LightMark("逾", Light.RED, "逾期未公开"),
    "incomplete": LightMark("缺", Light.RED, "公开不完整"),
    "gone": LightMark("撤", Light.RED, "公开后撤下"),
    "mild": LightMark("推", Light.YELLOW, "推定或暂估时限已过"),
    "late": LightMark("迟", Light.YELLOW, "逾期后公开"),
    "disputed": LightMark("疑", Light.YELLOW, "日期待核"),
    "unjudged": LightMark("？", Light.GREY, "未能判定"),
    "soon": LightMark("临", Light.BLUE, "即将到期"),
    "met": LightMark("√", Light.GREEN, "按时公开"),
    "coming": LightMark("·", Light.NONE, "未到期"),
    "exempt": LightMark("免", Light.NONE, "不适用、豁免或申诉成立"),
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
    Status.UPCOMING: "coming",
    Status.OPEN: "coming",
}
_TOLD = 4  # matters that a cell tells of one by one


def mark_of(line: Line) -> str:
    """The key in MARKS. What is held against nobody is never red."""
    if line.objection == "upheld":
        return "exempt"
    if line.status.late and line.mild:
        return "mild"
    return "gone" if line.withdrawn else _BY_STATUS.get(line.status, "exempt")


@dataclass(frozen=True, slots=True)
class LightCell:
    """A duty of a department. `count`: matters of that mark; `key`: the occurrence of the first of them."""

    row: int
    column: int
    mark: str
    count: int
    title: str
    key: str


@dataclass(frozen=True, slots=True)
class LightGrid:
    """Departments across, duties down; what a department does not owe has no cell."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    cells: tuple[LightCell, ...]


def grid(
    lines: Iterable[Line],
    window: Window,
    departments: Sequence[tuple[str, str]],
    duties: Sequence[tuple[tuple[str, str], str]],
) -> LightGrid:
    """What falls due in the window. `departments`: key and name; `duties`: pack and id, and title; in their order.

    Rows without a matter are left out; what is owed jointly stands in the column of each.
    """
    held: dict[tuple[tuple[str, str], str], list[Line]] = defaultdict(list)
    for line in sorted(lines, key=lambda one: one.key):
        day = line.due_on or line.opens_on
        if line.pressed and day is not None and window.first <= day <= window.last:
            for member in line.members:
                held[(line.pack, line.duty), member].append(line)
    there = {duty for duty, _ in held}
    rows = [(duty, title) for duty, title in duties if duty in there]
    cells = [
        _cell(row, column, name, title, held[duty, department])
        for row, (duty, title) in enumerate(rows)
        for column, (department, name) in enumerate(departments)
        if (duty, department) in held
    ]
    return LightGrid(tuple(name for _, name in departments), tuple(title for _, title in rows), tuple(cells))


def _cell(row: int, column: int, who: str, title: str, lines: Sequence[Line]) -> LightCell:
    by_mark: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_mark[mark_of(line)].append(line)
    worst = next(mark for mark in MARKS if mark in by_mark)
    said = [f"{MARKS[mark].zh}{len(by_mark[mark])}项{_which(mark, by_mark[mark])}" for mark in MARKS if mark in by_mark]
    due = sum(line.status not in COMING for line in lines)
    mine = by_mark[worst]
    return LightCell(row, column, worst, len(mine), f"{who} {title}：到期{due}项；{'；'.join(said)}", mine[0].key)


def _which(mark: str, lines: Sequence[Line]) -> str:
    """Which they are, where somebody would ask."""
    if mark in ("met", "coming", "exempt"):
        return ""
    more = f"等{len(lines)}项" if len(lines) > _TOLD else ""
    return f"（{'、'.join(line.period for line in lines[:_TOLD])}{more}）"

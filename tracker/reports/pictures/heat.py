"""The lights of a year as a picture: departments across, duties down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tracker.core.assessment.lights import MARKS, QUIET, LightCell, LightGrid
from tracker.reports.pictures.drawing import (
    Drawing,
    Rectangle,
    Shape,
    ShapeGroup,
    TextShape,
    caption,
    clipped,
    page_marks,
    width_of,
)
from tracker.reports.pictures.palette import FAINT, FILLS, INK, INKS, RULE

_CELL, _ROW, _MARGIN = 26.0, 20.0, 12.0
_SIZE, _LETTERS = 12.0, 11  # of letters; characters of a department's name
#: Room for a duty's name: on paper, and at most.
_LABEL, _MOST = 208.0, 340.0
#: On paper: so many columns and rows on a page of 156 mm, letters of about 7 points.
_COLUMNS, _ROWS = 21, 32
PAGE = _LABEL + _COLUMNS * _CELL + 2 * _MARGIN


def heat(grid: LightGrid, title: str, note: str = "") -> Drawing:
    """The grid in one picture, as large as it needs. `note`: below the title, such as the day of reading."""
    return _drawn(grid, title, title, note, 0.0)


def pages(grid: LightGrid, title: str, note: str = "", *, titled: bool = True) -> tuple[Drawing, ...]:
    """The grid in parts that fit on an upright page of A4 each, all of one width, numbered where there are several.

    `titled`: whether the title stands in the picture; not where a document has it above.
    """
    parts = [
        _part(grid, rows, columns)
        for rows in _parted(range(len(grid.rows)), _ROWS)
        for columns in _parted(range(len(grid.columns)), _COLUMNS)
    ]
    parts = [part for part in parts if part.cells] or [grid]
    return tuple(
        _drawn(part, title + mark, title + mark if titled else mark, note, PAGE)
        for part, mark in zip(parts, page_marks(len(parts)), strict=True)
    )


def _parted(places: range, most: int) -> list[range]:
    """The places in as few parts of at most `most` as need be, about equally long."""
    parts = -(-len(places) // most)
    length = -(-len(places) // parts) if parts else 1
    return [places[at : at + length] for at in range(0, len(places), length)]


def _part(grid: LightGrid, rows: Sequence[int], columns: Sequence[int]) -> LightGrid:
    at_row = {row: place for place, row in enumerate(rows)}
    at_column = {column: place for place, column in enumerate(columns)}
    cells = [
        replace(cell, row=at_row[cell.row], column=at_column[cell.column])
        for cell in grid.cells
        if cell.row in at_row and cell.column in at_column
    ]
    return LightGrid(
        tuple(grid.columns[column] for column in columns), tuple(grid.rows[row] for row in rows), tuple(cells)
    )  # fmt: skip


def _drawn(grid: LightGrid, title: str, heading: str, note: str, least: float) -> Drawing:
    used = [mark for mark in MARKS if any(cell.mark == mark for cell in grid.cells)]
    room = _LABEL if least else min(_MOST, max((width_of(row, _SIZE) + 10 for row in grid.rows), default=_LABEL))
    width = max(least, _MARGIN * 2 + room + len(grid.columns) * _CELL, 480.0)
    below = 30.0 if heading else 8.0
    legend, down = _legend(used, below + 22 * bool(note), width)
    head = min(_LETTERS, max((len(_name(column)) for column in grid.columns), default=1)) * _SIZE + 8
    left, top = _MARGIN + room, down + head
    height = top + len(grid.rows) * _ROW + _MARGIN
    groups = [*caption(heading, note, 18), *legend]
    groups += _heads(grid, left, down, head)
    groups += [_labelled(duty, left, top + row * _ROW) for row, duty in enumerate(grid.rows)]
    groups += _stripes(grid, left, top)
    groups += [_cell(cell, left + cell.column * _CELL, top + cell.row * _ROW) for cell in grid.cells]
    return Drawing(width, height, title, _alt(grid, title, note, used), tuple(groups))


def _name(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"


def _heads(grid: LightGrid, left: float, top: float, high: float) -> Iterator[ShapeGroup]:
    """The names of departments, one character below the other, ending at the cells."""
    for column, name in enumerate(grid.columns):
        words = _name(name).replace("…", "︙")
        start = top + high - 4 - len(words) * _SIZE
        yield ShapeGroup(
            (TextShape(left + (column + 0.5) * _CELL, start, words, _SIZE, INK, stacked=True),), title=name
        )


def _labelled(title: str, left: float, y: float) -> ShapeGroup:
    words = clipped(title, _SIZE, left - _MARGIN - 6)
    return ShapeGroup((TextShape(left - 6, y + _ROW / 2, words, _SIZE, INK, "end"),), title=title)


def _stripes(grid: LightGrid, left: float, top: float) -> Iterator[ShapeGroup]:
    """Every other row faintly grey, so that the eye keeps to its row where there is no cell."""
    boxes: list[Shape] = [
        Rectangle(left, top + row * _ROW, len(grid.columns) * _CELL, _ROW, "#ffffff" if row % 2 else "#f6f6f6")
        for row in range(len(grid.rows))
    ]
    if boxes:
        yield ShapeGroup(tuple(boxes))


def _cell(cell: LightCell, x: float, y: float) -> ShapeGroup:
    """The mark's letter, and how many matters have it where it is more than one."""
    mark = MARKS[cell.mark]
    has_count = cell.count > 1 and cell.mark not in QUIET
    words = f"{mark.letter}{cell.count if cell.count < 100 else '…'}" if has_count else mark.letter
    size = _SIZE if width_of(words, _SIZE) <= _CELL - 3 else 9.5
    box = Rectangle(x + 0.5, y + 0.5, _CELL - 1, _ROW - 1, FILLS[mark.light], RULE)
    letters = TextShape(x + _CELL / 2, y + _ROW / 2, words, size, INKS[mark.light], "middle")
    return ShapeGroup((box, letters), title=cell.title, key=cell.key)


def _legend(used: Sequence[str], top: float, width: float) -> tuple[list[ShapeGroup], float]:
    """The meanings of colours and letters, and the y at which they end."""
    x, y, groups = _MARGIN, top, []
    for key in used:
        mark = MARKS[key]
        room = _CELL + 5 + width_of(mark.zh, _SIZE) + 14
        if x + room > width - _MARGIN:
            x, y = _MARGIN, y + _ROW + 4
        box = Rectangle(x + 0.5, y + 0.5, _CELL - 1, _ROW - 1, FILLS[mark.light], RULE)
        letter = TextShape(x + _CELL / 2, y + _ROW / 2, mark.letter, _SIZE, INKS[mark.light], "middle")
        groups.append(ShapeGroup((box, letter, TextShape(x + _CELL + 5, y + _ROW / 2, mark.zh, _SIZE, INK))))
        x += room
    y += _ROW + 8
    rule = "每格取最重的一项，数字为该类事项数；空白为该单位无此事项。"
    groups.append(ShapeGroup((TextShape(_MARGIN, y + 4, rule, _SIZE, FAINT),)))
    return groups, y + 18


def _alt(grid: LightGrid, title: str, note: str, used: Sequence[str]) -> str:
    counts = {mark: sum(cell.mark == mark for cell in grid.cells) for mark in used}
    marks = "、".join(f"{MARKS[mark].zh}{count}格" for mark, count in counts.items())
    size = f"{len(grid.columns)}个单位、{len(grid.rows)}类事项，共{len(grid.cells)}格"
    return "，".join(part for part in (title, note, size) if part) + (f"：{marks}。" if marks else "。")

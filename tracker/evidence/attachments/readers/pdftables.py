"""Ruled tables of a PDF page: the cells that its lines enclose, and the characters that lie in each.

Only what lines make certain is taken for a table. Where they leave a doubt the page's text is read as prose, in which
no cell can be empty.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from tracker.evidence.attachments.readers.text import PICTURE

#: Points: lines so near to each other are one; a shorter one is no part of a grid; a longer one goes somewhere.
_NEAR, _SHORT = 3.0, 6.0
_MAX_LINES, _MAX_OBJECTS, _MAX_CELLS = 3000, 20_000, 20_000


@dataclass(frozen=True, slots=True)
class _Line:
    """A horizontal or vertical line: where it lies, and from where to where it runs."""

    at: float
    begin: float
    end: float


@dataclass(slots=True)
class _Drawn:
    """What is drawn on a page beside its text: lines that may rule a table, and other marks by their middle."""

    across: list[_Line] = field(default_factory=list)
    down: list[_Line] = field(default_factory=list)
    marks: list[tuple[float, float]] = field(default_factory=list)


class Grid:
    """A table: its columns and rows by their edges, and which cells are one for want of a line between them."""

    def __init__(self, across: Sequence[_Line], down: Sequence[_Line]) -> None:
        self.xs = _clustered([one.at for one in down] + [end for one in across for end in (one.begin, one.end)])
        self.ys = _clustered([one.at for one in across] + [end for one in down for end in (one.begin, one.end)])
        self.columns, self.rows = len(self.xs) - 1, len(self.ys) - 1
        self.texts: dict[int, list[str]] = defaultdict(list)
        self._of = list(range(max(0, self.columns * self.rows)))
        if self.columns >= 2 and self.rows >= 2 and self.columns * self.rows <= _MAX_CELLS:
            self._join(across, down)

    @property
    def sound(self) -> bool:
        """Whether it has rows and columns, and each of its cells is a rectangle."""
        if self.columns < 2 or self.rows < 2 or self.columns * self.rows > _MAX_CELLS:
            return False
        cells: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number in range(len(self._of)):
            cells[self._root(number)].append(divmod(number, self.columns))
        areas = (
            (max(r for r, _ in one) - min(r for r, _ in one) + 1)
            * (max(c for _, c in one) - min(c for _, c in one) + 1)
            for one in cells.values()
        )
        return len(cells) >= 4 and all(area == len(one) for area, one in zip(areas, cells.values(), strict=True))

    def cell_at(self, x: float, y: float) -> int | None:
        """The cell at a point, None outside the table."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= column < self.columns and 0 <= row < self.rows:
            return self._root(row * self.columns + column)
        return None

    def lines(self) -> Iterator[list[str]]:
        """The rows from top to bottom; a cell that spans others stands in each of them, a row of one cell is one."""
        texts = {number: "".join(pieces) for number, pieces in self.texts.items()}
        for row in range(self.rows - 1, -1, -1):
            roots = [self._root(row * self.columns + column) for column in range(self.columns)]
            yield [texts.get(root, "") for root in (roots[:1] if len(set(roots)) == 1 else roots)]

    def _root(self, number: int) -> int:
        return _root(self._of, number)

    def _join(self, across: Sequence[_Line], down: Sequence[_Line]) -> None:
        walls = {("down", *one) for one in _covered(down, self.xs, self.ys)}
        floors = set(_covered(across, self.ys, self.xs))
        for row in range(self.rows):
            for column in range(self.columns):
                number = row * self.columns + column
                if column + 1 < self.columns and ("down", column + 1, row) not in walls:
                    self._of[self._root(number + 1)] = self._root(number)
                if row + 1 < self.rows and (row + 1, column) not in floors:
                    self._of[self._root(number + self.columns)] = self._root(number)


def _root(of: list[int], number: int) -> int:
    """The number that stands for all that were joined with this one."""
    while of[number] != number:
        of[number] = number = of[of[number]]
    return number


def _covered(lines: Sequence[_Line], edges: Sequence[float], steps: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Which edges have a line along which steps of the other direction."""
    for line in lines:
        edge = _nearest(edges, line.at)
        for step in range(len(steps) - 1):
            if line.begin - _NEAR <= (steps[step] + steps[step + 1]) / 2 <= line.end + _NEAR:
                yield edge, step


def _nearest(values: Sequence[float], wanted: float) -> int:
    return min(range(len(values)), key=lambda n: abs(values[n] - wanted))


def _clustered(values: Sequence[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def grids_of(page: pdfium.PdfPage) -> list[Grid]:
    """The tables that lines rule on a page; their cells still without text, marks in them set."""
    drawn = _drawn(page)
    if len(drawn.across) < 3 or len(drawn.down) < 2 or len(drawn.across) + len(drawn.down) > _MAX_LINES:
        return []
    grids = [grid for grid in (Grid(*one) for one in _touching(drawn)) if grid.sound]
    for grid in grids:
        for x, y in drawn.marks:
            if (cell := grid.cell_at(x, y)) is not None and not grid.texts[cell]:
                grid.texts[cell].append(PICTURE)
    return grids


def _drawn(page: pdfium.PdfPage) -> _Drawn:
    drawn = _Drawn()
    wanted = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
    for one in islice(page.get_objects(filter=wanted, max_depth=1), _MAX_OBJECTS):
        left, bottom, right, top = one.get_bounds()
        ruled = one.type == raw.FPDF_PAGEOBJ_PATH and _rules(one, drawn)
        if not ruled:
            drawn.marks.append(((left + right) / 2, (bottom + top) / 2))
    return drawn


def _rules(path: pdfium.PdfObject, drawn: _Drawn) -> bool:
    """Take a path's lines in; whether it holds nothing else that a person sees."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if not fill.value and not stroke.value:
        return True
    matrix, straight = path.get_matrix(), True
    start = last = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(min(raw.FPDFPath_CountSegments(path), _MAX_OBJECTS)):
        segment = raw.FPDFPath_GetPathSegment(path, number)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO:
            straight &= _rule(last, point, drawn)
        else:
            straight = False
        if raw.FPDFPathSegment_GetClose(segment):
            straight &= _rule(point, start, drawn)
        last = point
    return straight


def _rule(one: tuple[float, float], two: tuple[float, float], drawn: _Drawn) -> bool:
    """Take a line in where it lies or stands; whether it does."""
    wide, high = abs(one[0] - two[0]), abs(one[1] - two[1])
    if wide < _NEAR and high < _NEAR:
        return True  # the end of a line drawn as a thin rectangle
    if high < 1 and wide >= _SHORT:
        drawn.across.append(_Line(one[1], min(one[0], two[0]), max(one[0], two[0])))
    elif wide < 1 and high >= _SHORT:
        drawn.down.append(_Line(one[0], min(one[1], two[1]), max(one[1], two[1])))
    else:
        return False
    return True


def _touching(drawn: _Drawn) -> Iterator[tuple[list[_Line], list[_Line]]]:
    """The lines in groups, each of those that meet."""
    across, down = drawn.across, drawn.down
    of = list(range(len(across) + len(down)))
    for n, lying in enumerate(across):
        for m, standing in enumerate(down, len(across)):
            meets = lying.begin - _NEAR <= standing.at <= lying.end + _NEAR
            if meets and standing.begin - _NEAR <= lying.at <= standing.end + _NEAR:
                of[_root(of, m)] = _root(of, n)
    groups: dict[int, tuple[list[_Line], list[_Line]]] = defaultdict(lambda: ([], []))
    for n, one in enumerate(across):
        groups[_root(of, n)][0].append(one)
    for m, one in enumerate(down, len(across)):
        groups[_root(of, m)][1].append(one)
    yield from (one for one in groups.values() if len(one[0]) >= 3 and len(one[1]) >= 2)


def pieces_of(text: pdfium.PdfTextPage, grids: Sequence[Grid]) -> Iterator[str | Grid]:
    """The page's text in its order; each table where its first character stands."""
    begun: set[int] = set()
    before: tuple[int, int] | None = None  # the table and cell of the character before
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    for number in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, number)
        one = chr(code) if 0 < code < 0x11_0000 else ""
        if raw.FPDFText_IsGenerated(text, number) == 1:
            if before is None:
                yield one
            else:
                grids[before[0]].texts[before[1]].append(" ")
            continue
        raw.FPDFText_GetCharBox(text, number, left, right, bottom, top)
        middle = (left.value + right.value) / 2, (bottom.value + top.value) / 2
        before = next(((n, cell) for n, grid in enumerate(grids) if (cell := grid.cell_at(*middle)) is not None), None)
        if before is None:
            yield one
            continue
        if before[0] not in begun:
            begun.add(before[0])
            yield grids[before[0]]
        grids[before[0]].texts[before[1]].append(one)

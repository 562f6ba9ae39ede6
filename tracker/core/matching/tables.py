"""Reads tables inside a text: the cells that name an item, and whether they have a value beside or below.

A row is a line, cells are separated by tabs, and a spanning cell is repeated in each cell that it spans
(`evidence/page/grid.py` writes pages so, the readers of files likewise). Doubts are decided for the publisher: a head
proves the item that it names unless all its cells are blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import count, dropwhile, pairwise, takewhile
from typing import NamedTuple

from tracker.core.matching.numbers import comparable

#: Cells that were not filled in. 无, 不涉及, / and — are statements and not among them.
_BLANK = re.compile(
    r"[\s_.…·:,，。、()\[\]{}<>《》□○×x*?-]*(?:年?月?日)?|年\s*月\s*日?|[x×*]{2,}|单击.{0,12}输入.{0,8}"
    r"|待(?:填|补充?|定|公布|公开|批复|审批|核定|确定|统计)|(?:暂|尚|还)?未(?:公布|公开|批复|核定|确定|填报?|统计)"
    r"|(?:暂不|另行|稍后|择期)(?:公布|公开|发布)|暂缺|空缺"
)
_VALUE = re.compile(r"[<>≤≥±-]?\d[\d.,]*(?:%|‰|元|万元|个|项|件|人|家|分|天|次)?")
_YEAR = re.compile(r"(?:19|20)\d\d(?:年度?)?")
_NUMBERED = re.compile(r"[(（]?[\d一二三四五六七八九十]{1,3}(?:[)）.、]|$)")
#: Columns that are empty in most good tables.
_REMARKS = re.compile(r"备注|说明|附注|附件|链接|排序")
#: Rows under heads: the number of each column (栏次 1 2 3, 3=1+2), and the unit of its figures.
_COLUMN_NUMBER = re.compile(r"(\d{1,2})(?:=[\d+\-*/()]+)?")
_NUMBERING_WORDS = re.compile(r"(?:栏|行|列)次?|序号|栏目|编号|[甲乙丙丁]")
_UNIT = re.compile(
    r"[(\[]?(?:计量)?(?:单位)?:?(?:(?:[百千万亿]*(?:元|人次?|户次?|亩|吨|股|辆|台|套|平方米|公顷|公里|米|件|个|项|宗|家|所|处|次)|%|‰)"
    r"(?:/[\u4e00-\u9fff]{1,3})?)[)\]]?|[(\[]单位[)\]]"
)
#: Words that are heads of columns and never a value.
_HEADING = re.compile(
    r"(?:序号|.{0,2}编[号码]|数[额量]|[预决]算数|备注|说明|内容|(?:工作|所在|申请|填报|责任)?单位(?:名称)?|.{0,8}(?:金额|合计|小计|姓名|电话|地址|日期|签[字名]|盖章|经费|分类|科目|意见))"
    r"(?:\(.{1,4}\))?"
)
MAX_HEAD_LENGTH = 40  # a longer cell is no head
_MAX_NAME_LENGTH = 14
_MAX_CAPTIONS, _MAX_HEAD_ROWS = 5, 3
_MIN_NUMBERS = 3


def is_blank(cell: str) -> bool:
    """Return whether a cell has no content: empty, a blank line, an unticked box, the rest of a form."""
    return _BLANK.fullmatch(cell) is not None


class CellPlace(NamedTuple):
    """A cell of a table by row and column, from 0."""

    row: int
    column: int


class TextTable:
    """A table: `rows` of cells as they stand, `flat` the same in comparable form, `number` its place in the text.

    `heading_rows`: the lines without tabs, which are headings of the rows that follow.
    """

    def __init__(self, lines: Sequence[str], number: int) -> None:
        rows = [line.split("\t") for line in lines]
        width = max(len(row) for row in rows)
        self.number = number
        self.heading_rows = {index for index, line in enumerate(lines) if "\t" not in line}
        self.rows = [row + [""] * (width - len(row)) for row in rows]
        self.flat = [[comparable(cell) for cell in row] for row in self.rows]

    def text_at(self, place: CellPlace) -> str:
        """Return the cell in comparable form."""
        return self.flat[place.row][place.column]

    def is_head(self, place: CellPlace) -> bool:
        """Return whether the cell stands in a row of heads."""
        return self.first_row <= place.row < self.head_end

    @cached_property
    def first_row(self) -> int:
        """The first row with two filled cells; in tables of three columns or more, rows above it are captions."""
        if len(self.flat[0]) < 3:
            return 0
        return next((n for n, row in enumerate(self.flat[:_MAX_CAPTIONS]) if len(_filled_cells(row)) >= 2), 0)

    @cached_property
    def head_end(self) -> int:
        """The index of the row after the heads; 0 if there are none.

        Heads are the first row with two filled cells and no figures, and the rows that it spans into or that divide it.
        """
        first, below = self.flat[self.first_row], self.flat[self.first_row + 1 :]
        if not _is_head_row(first) or (not below and not _is_row_of_names(first)):
            return 0
        if len(first) == 2 and not any(map(_filled_cells, below)) and not _HEADING.fullmatch(first[1]):
            return 0  # a name and its value, with no rows below
        length = 1
        while length < min(_MAX_HEAD_ROWS, len(below)):
            row, above = below[length - 1], first if length == 1 else below[length - 2]
            is_division = _spans_into(row, above) or self._divides_heads(row, above, length)
            if row == above or not _is_head_row(row) or not is_division:
                break
            length += 1
        while length <= len(below) and (
            _is_column_numbering(below[length - 1], has_rows_below=length < len(below))
            or _is_unit_row(below[length - 1])
        ):
            length += 1
        return self.first_row + length

    def _divides_heads(self, row: list[str], above: list[str], length: int) -> bool:
        """Return whether a row names the columns into which the heads above are divided, with filled rows below."""
        spanned = [n for n in range(1, len(above)) if above[n] and above[n] == above[n - 1]]
        if not spanned or len(_filled_cells(row)) < len(row):
            return False
        return any(map(_filled_cells, self.flat[self.first_row + length + 1 :]))

    @cached_property
    def is_form(self) -> bool:
        """Whether the table is a form: name, value, name, value in every row."""
        width = len(self.flat[0])
        if width < 4 or width % 2:
            return False
        names = [cell for row in self.flat for cell in row[::2]]
        if not all(cell and len(cell) <= _MAX_NAME_LENGTH and not re.search(r"[\d。]", cell) for cell in names):
            return False
        return len(set(names)) == len(names) and not _is_row_of_names(self.flat[0])

    def find_cells(self, word: str) -> Iterator[CellPlace]:
        """Yield the cells that hold a word, row by row; of a spanning cell only the first."""
        for r, row in enumerate(self.flat):
            for c, cell in enumerate(row):
                if word not in cell:
                    continue
                left, above = c > 0 and row[c - 1] == cell, r > 0 and self.flat[r - 1][c] == cell
                if not (left or (above and r < self.head_end)):
                    yield CellPlace(r, c)

    def has_value(self, place: CellPlace, word: str) -> bool:
        """Return whether the word is more than a head without values."""
        if _has_value_behind(self.text_at(place), word):
            return True
        headed_cells = [self.text_at(headed) for headed in self.headed_cells(place)]
        return not all(map(is_blank, headed_cells)) if headed_cells else not self.is_head(place)

    def headed_cells(self, place: CellPlace) -> Iterator[CellPlace]:
        """Yield the cells that a cell heads: those under it, or those to its right; none if it is a value itself."""
        r, c = place.row, place.column
        row, cell = self.flat[r], self.flat[r][c]
        if self.is_form:
            if c % 2 == 0:
                yield CellPlace(r, c + 1)
            return
        if r < self.first_row or r in self.heading_rows or self._is_category(r):
            return
        if r < self.head_end:
            columns = [c, *takewhile(lambda n: row[n] == cell, range(c + 1, len(row)))]
            yield from (CellPlace(n, column) for n in range(self.head_end, len(self.flat)) for column in columns)
            return
        if len(cell) <= MAX_HEAD_LENGTH and all(
            left_cell == cell or self._is_rank(r, n) for n, left_cell in enumerate(row[:c])
        ):
            columns = [n for n in range(c + 1, len(row)) if row[n] != cell and not self._is_remark(n)]
            if not self._is_listing(c, columns):
                yield from (CellPlace(r, n) for n in columns)

    def _is_category(self, row: int) -> bool:
        """Return whether a row with only its first cell filled is a category of the rows below, not an unfilled row.

        It is one if the next row is numbered or unnamed, or if there are several such rows.
        """
        if row not in self._lone_rows:
            return False
        below = self.flat[row + 1][0]
        return is_blank(below) or _NUMBERED.match(below) is not None or len(self._lone_rows) > 1

    @cached_property
    def _lone_rows(self) -> frozenset[int]:
        """The rows below the heads with only their first cell filled, followed by a fuller row."""
        if len(self.flat[0]) < 3 or not self.head_end:
            return frozenset()
        rows = range(self.head_end, len(self.flat) - 1)
        alone = (n for n in rows if not is_blank(self.flat[n][0]) and all(map(is_blank, self.flat[n][1:])))
        return frozenset(n for n in alone if any(not is_blank(cell) for cell in self.flat[n + 1][1:]))

    def _is_listing(self, column: int, columns: list[int]) -> bool:
        """Return whether a column lists names and the columns beside it are blank in all rows: then a name is a value.

        A table of two columns is an unfilled form instead.
        """
        if not self.head_end or column == 0 or len(self.flat[0]) < 3:
            return False
        return all(is_blank(row[n]) for row in self.flat[self.head_end :] for n in columns)

    def _is_rank(self, row: int, column: int) -> bool:
        """Return whether a cell to the left of a name is only its rank: blank, a number, or a group of several rows."""
        cell = self.flat[row][column]
        if is_blank(cell) or _NUMBERED.fullmatch(cell):
            return True
        neighbours = (self.flat[n][column] for n in (row - 1, row + 1) if self.head_end <= n < len(self.flat))
        return cell in neighbours

    def cells_right_of(self, place: CellPlace) -> Iterator[CellPlace]:
        """Yield the cells to the right in the same row."""
        yield from (CellPlace(place.row, n) for n in range(place.column + 1, len(self.flat[place.row])))

    def _is_remark(self, column: int) -> bool:
        return any(_REMARKS.search(self.flat[n][column]) for n in range(self.first_row, self.head_end))

    def find_value(self, place: CellPlace, word: str) -> CellPlace | None:
        """Return the first filled cell that a name heads; None if the name's cell holds the value, or heads nothing."""
        if _has_value_behind(self.text_at(place), word):
            return None
        return next((headed for headed in self.headed_cells(place) if not is_blank(self.text_at(headed))), None)

    def describe(self, place: CellPlace, name: CellPlace | None = None) -> str:
        """Return the place of a cell in words (Chinese): by the name beside it, by its column's head, or by its
        number."""
        row, column = place.row, place.column
        head = self.rows[self.head_end - 1][column] if self.head_end and row >= self.head_end else ""
        by = f"“{_shorten(head, 20)}”列" if head and not is_blank(head) else f"第{column + 1}列"
        if name is not None:
            by = f"“{_shorten(self.rows[name.row][name.column], 30)}”"
        return f"表{self.number}第{row + 1}行{by}：{_shorten(self.rows[row][column], 60) or '（空）'}"


def _filled_cells(row: list[str]) -> set[str]:
    return {cell for cell in row if not is_blank(cell)}


def _spans_into(row: list[str], above: list[str]) -> bool:
    """Return whether a cell of the row above spans into this row."""
    return any(cell and cell == over for cell, over in zip(row, above, strict=True))


def _is_column_numbering(row: list[str], *, has_rows_below: bool) -> bool:
    """Return whether a row only numbers the columns: after a word for numbering, or from 1 on with rows below."""
    filled = [cell for cell in row if not is_blank(cell)]
    cells = list(dropwhile(_NUMBERING_WORDS.fullmatch, filled))
    numbers = [int(match[1]) for cell in cells if (match := _COLUMN_NUMBER.fullmatch(cell))]
    if not numbers or len(numbers) < len(cells) or any(after != before + 1 for before, after in pairwise(numbers)):
        return False
    return numbers[0] <= 1 and (len(cells) < len(filled) or (has_rows_below and len(numbers) >= _MIN_NUMBERS))


def _is_unit_row(row: list[str]) -> bool:
    """Return whether a row only names the unit of each column: （人） （万元）."""
    filled = [cell for cell in row if not is_blank(cell)]
    return len(filled) >= 2 and all(map(_UNIT.fullmatch, filled))


def _is_head_row(row: list[str]) -> bool:
    filled = [cell for cell in row if not is_blank(cell)]
    has_figures = any(_VALUE.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in filled)
    return (
        len(set(filled)) >= 2
        and len(filled) * 2 >= len(row)
        and not has_figures
        and all(len(cell) <= MAX_HEAD_LENGTH for cell in filled)
    )


def _is_row_of_names(row: list[str]) -> bool:
    """Return whether a row consists of three or more short words, and so is heads without rows below."""
    return len(row) >= 3 and all(
        cell and len(cell) <= _MAX_NAME_LENGTH and not re.search(r"[\d。:]", cell) for cell in row
    )


def _has_value_behind(cell: str, word: str) -> bool:
    """Return whether a cell holds a value after the name: 法律依据:环境保护法第十条."""
    after = cell[cell.find(word) + len(word) :]
    _, colon, value = after.partition(":")
    return bool(colon) and not is_blank(value) and len(value) >= 2


def _shorten(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


#: Text between tables, or a table.
Segment = str | TextTable


def split_segments(text: str) -> list[Segment]:
    """Return a text split into prose and tables, in order. A heading line inside a table stays in the table."""
    lines = text.split("\n")
    runs: list[tuple[bool, list[str]]] = []  # adjacent lines, with whether they are rows of a table
    for index, line in enumerate(lines):
        in_table = bool(runs) and runs[-1][0]
        is_row = "\t" in line or (in_table and _continues_table(runs[-1][1], line, lines[index + 1 : index + 2]))
        if runs and is_row == in_table:
            runs[-1][1].append(line)
        else:
            runs.append((is_row, [line]))
    numbers = count(1)
    return [TextTable(run, next(numbers)) if is_table else "\n".join(run) for is_table, run in runs]


def _continues_table(rows: list[str], line: str, after: list[str]) -> bool:
    """Return whether the table continues after a line without tabs: as wide as before, and without new heads."""
    if not after or after[0].count("\t") != rows[0].count("\t") or len(line) > 60 or not line.strip():
        return False
    cells = [comparable(cell) for cell in after[0].split("\t")]
    is_new_head = all(cells) and not any(any(character.isdigit() for character in cell) for cell in cells)
    return not is_new_head and after[0] not in rows[:2]

"""Tables inside a text: which cell names an item, and whether a value stands beside or below it.

A row is a line, cells are parted by tabs, a cell that spans others stands in each of them (`evidence/page/grid.py`
writes pages so, the readers of files likewise). What is not known is decided for the publisher: a head proves what
it names unless all that it heads is blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.core.matching.numbers import comparable

#: Nothing was filled in: 无, 不涉及, / and — are statements, these are not.
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
#: Under heads: the number of each column (栏次 1 2 3, 3=1+2), and what its figures count.
_COLUMN_NUMBER = re.compile(r"(\d{1,2})(?:=[\d+\-*/()]+)?")
_NUMBERING_WORDS = re.compile(r"(?:栏|行|列)次?|序号|栏目|编号|[甲乙丙丁]")
_UNIT = re.compile(
    r"[(\[]?(?:计量)?(?:单位)?:?(?:(?:[百千万亿]*(?:元|人次?|户次?|亩|吨|股|辆|台|套|平方米|公顷|公里|米|件|个|项|宗|家|所|处|次)|%|‰)"
    r"(?:/[\u4e00-\u9fff]{1,3})?)[)\]]?|[(\[]单位[)\]]"
)
#: Words that head a column wherever they stand; a name and its value are other words.
_HEADING = re.compile(
    r"(?:序号|.{0,2}编[号码]|数[额量]|[预决]算数|备注|说明|内容|(?:工作|所在|申请|填报|责任)?单位(?:名称)?|.{0,8}(?:金额|合计|小计|姓名|电话|地址|日期|签[字名]|盖章|经费|分类|科目|意见))"
    r"(?:\(.{1,4}\))?"
)
_MAX_HEAD_LENGTH = 40  # a longer cell is no head
_MAX_NAME_LENGTH = 14
_MAX_CAPTIONS, _MAX_HEAD_ROWS = 5, 3
_MIN_NUMBERS = 3


def is_blank(cell: str) -> bool:
    """Whether a cell says nothing: empty, a line to write on, an unticked box, the rest of a form."""
    return _BLANK.fullmatch(cell) is not None


@dataclass(frozen=True, slots=True)
class CellPlace:
    """A cell of a table by row and column, from 0."""

    row: int
    column: int


class TextTable:
    """Rows of cells as they stand; `flat` the same in the form in which texts are compared."""

    def __init__(self, lines: Sequence[str], number: int) -> None:
        rows = [line.split("\t") for line in lines]
        width = max(len(row) for row in rows)
        self.number = number
        self.headings = {n for n, line in enumerate(lines) if "\t" not in line}  # of the rows that follow
        self.rows = [row + [""] * (width - len(row)) for row in rows]
        self.flat = [[comparable(cell) for cell in row] for row in self.rows]

    @cached_property
    def top(self) -> int:
        """The first row with two cells: what stands alone above it, on three columns or more, is a caption."""
        if len(self.flat[0]) < 3:
            return 0
        return next((n for n, row in enumerate(self.flat[:_MAX_CAPTIONS]) if len(_filled_cells(row)) >= 2), 0)

    @cached_property
    def heads(self) -> int:
        """Before which row the heads end: the first row with two cells and no figures, and those it spans into."""
        first, below = self.flat[self.top], self.flat[self.top + 1 :]
        if not _is_head_row(first) or (not below and not _is_row_of_names(first)):
            return 0
        if len(first) == 2 and not any(map(_filled_cells, below)) and not _HEADING.fullmatch(first[1]):
            return 0  # a name and its value, with nothing behind them
        count = 1
        while count < min(_MAX_HEAD_ROWS, len(below)):
            row, above = below[count - 1], first if count == 1 else below[count - 2]
            if (
                row == above
                or not _is_head_row(row)
                or not (_spans_into(row, above) or self._divides(row, above, count))
            ):
                break
            count += 1
        while count <= len(below) and (
            _is_column_numbering(below[count - 1], more=count < len(below)) or _is_unit_row(below[count - 1])
        ):
            count += 1
        return self.top + count

    def _divides(self, row: list[str], above: list[str], count: int) -> bool:
        """Whether a row names the columns into which heads above are divided, and something stands under them."""
        spanned = [n for n in range(1, len(above)) if above[n] and above[n] == above[n - 1]]
        if not spanned or len(_filled_cells(row)) < len(row):
            return False
        return any(map(_filled_cells, self.flat[self.top + count + 1 :]))

    @cached_property
    def pairs(self) -> bool:
        """Whether it is a form: name, value, name, value in every row."""
        width = len(self.flat[0])
        if width < 4 or width % 2:
            return False
        names = [cell for row in self.flat for cell in row[::2]]
        if not all(cell and len(cell) <= _MAX_NAME_LENGTH and not re.search(r"[\d。]", cell) for cell in names):
            return False
        headed = _is_row_of_names(self.flat[0])
        return len(set(names)) == len(names) and not headed

    def find(self, word: str) -> Iterator[CellPlace]:
        """The cells that hold a word, row by row; of a cell that spans others the first."""
        for r, row in enumerate(self.flat):
            for c, cell in enumerate(row):
                if word not in cell:
                    continue
                left, above = c > 0 and row[c - 1] == cell, r > 0 and self.flat[r - 1][c] == cell
                if not (left or (above and r < self.heads)):
                    yield CellPlace(r, c)

    def says(self, place: CellPlace, word: str) -> bool:
        """Whether the word is more than a name over nothing."""
        cell = self.flat[place.row][place.column]
        if _has_value_behind(cell, word):
            return True
        headed = list(self.headed(place))
        if not headed:
            return not self.top <= place.row < self.heads
        return any(not is_blank(self.flat[cell_place.row][cell_place.column]) for cell_place in headed)

    def headed(self, place: CellPlace) -> Iterator[CellPlace]:
        """The cells that a cell is the head of: those under it, or those to its right; none where it is a value."""
        r, c = place.row, place.column
        row, cell = self.flat[r], self.flat[r][c]
        if self.pairs:
            if c % 2 == 0:
                yield CellPlace(r, c + 1)
            return
        if r < self.top or r in self.headings or self._is_category(r):
            return
        if r < self.heads:
            columns = [c]
            while columns[-1] + 1 < len(row) and row[columns[-1] + 1] == cell:
                columns.append(columns[-1] + 1)
            yield from (CellPlace(n, column) for n in range(self.heads, len(self.flat)) for column in columns)
            return
        if len(cell) <= _MAX_HEAD_LENGTH and all(one == cell or self._is_rank(r, n) for n, one in enumerate(row[:c])):
            columns = [n for n in range(c + 1, len(row)) if row[n] != cell and not self._is_remark(n)]
            if not self._is_listing(c, columns):
                yield from (CellPlace(r, n) for n in columns)

    def _is_category(self, row: int) -> bool:
        """Whether a row with its first cell alone names the rows under it, and is not one that nobody filled in.

        It does where what follows is numbered, or where several rows stand so between full ones.
        """
        if row not in self._alone:
            return False
        below = self.flat[row + 1][0]
        return is_blank(below) or _NUMBERED.match(below) is not None or len(self._alone) > 1

    @cached_property
    def _alone(self) -> frozenset[int]:
        """Rows below the heads that hold their first cell only, and that a fuller row follows."""
        if len(self.flat[0]) < 3 or not self.heads:
            return frozenset()
        rows = range(self.heads, len(self.flat) - 1)
        alone = (n for n in rows if not is_blank(self.flat[n][0]) and all(map(is_blank, self.flat[n][1:])))
        return frozenset(n for n in alone if any(not is_blank(one) for one in self.flat[n + 1][1:]))

    def _is_listing(self, column: int, columns: list[int]) -> bool:
        """Whether a column lists names, and what stands beside them was filled in for none: then a name is the fact.

        In two columns alone that is a form which nobody filled in.
        """
        if not self.heads or column == 0 or len(self.flat[0]) < 3:
            return False
        return all(is_blank(row[n]) for row in self.flat[self.heads :] for n in columns)

    def _is_rank(self, row: int, column: int) -> bool:
        """Whether a cell to the left of a name only ranks it: blank, a number, or a group over several rows."""
        cell = self.flat[row][column]
        if is_blank(cell) or _NUMBERED.fullmatch(cell):
            return True
        beside = (self.flat[n][column] for n in (row - 1, row + 1) if self.heads <= n < len(self.flat))
        return cell in beside

    def right_of(self, place: CellPlace) -> Iterator[CellPlace]:
        """The cells to the right in its row."""
        yield from (CellPlace(place.row, n) for n in range(place.column + 1, len(self.flat[place.row])))

    def _is_remark(self, column: int) -> bool:
        return any(_REMARKS.search(self.flat[n][column]) for n in range(self.top, self.heads))

    def value(self, place: CellPlace, word: str) -> CellPlace | None:
        """The first filled cell of those that a name heads; None where it tells its value itself, or heads nothing."""
        if _has_value_behind(self.flat[place.row][place.column], word):
            return None
        return next(
            (
                cell_place
                for cell_place in self.headed(place)
                if not is_blank(self.flat[cell_place.row][cell_place.column])
            ),
            None,
        )

    def path(self, place: CellPlace, name: CellPlace | None = None) -> str:
        """Where a cell is, in words: by the name beside it, by its column's head, else by its number."""
        row, column = place.row, place.column
        head = self.rows[self.heads - 1][column] if self.heads and row >= self.heads else ""
        by = f"“{_shorten(head, 20)}”列" if head and not is_blank(head) else f"第{column + 1}列"
        if name is not None:
            by = f"“{_shorten(self.rows[name.row][name.column], 30)}”"
        return f"表{self.number}第{row + 1}行{by}：{_shorten(self.rows[row][column], 60) or '（空）'}"


def _filled_cells(row: list[str]) -> set[str]:
    return {cell for cell in row if not is_blank(cell)}


def _spans_into(row: list[str], above: list[str]) -> bool:
    """Whether a cell of the row above hangs down into it."""
    return any(cell and cell == over for cell, over in zip(row, above, strict=True))


def _is_column_numbering(row: list[str], *, more: bool) -> bool:
    """Whether a row only numbers the columns: behind a word that says so, or from 1 on with rows under it."""
    said = [cell for cell in row if not is_blank(cell)]
    marked = 0
    while marked < len(said) and _NUMBERING_WORDS.fullmatch(said[marked]):
        marked += 1
    numbers = [int(match[1]) for cell in said[marked:] if (match := _COLUMN_NUMBER.fullmatch(cell))]
    if (
        len(numbers) != len(said) - marked
        or not numbers
        or numbers != list(range(numbers[0], numbers[0] + len(numbers)))
    ):
        return False
    return numbers[0] <= 1 and (marked > 0 or (more and len(numbers) >= _MIN_NUMBERS))


def _is_unit_row(row: list[str]) -> bool:
    """Whether a row only says what the figures of each column count: （人） （万元）."""
    said = [cell for cell in row if not is_blank(cell)]
    return len(said) >= 2 and all(map(_UNIT.fullmatch, said))


def _is_head_row(row: list[str]) -> bool:
    said = [cell for cell in row if not is_blank(cell)]
    figures = any(_VALUE.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in said)
    return (
        len(set(said)) >= 2
        and len(said) * 2 >= len(row)
        and not figures
        and all(len(cell) <= _MAX_HEAD_LENGTH for cell in said)
    )


def _is_row_of_names(row: list[str]) -> bool:
    """Whether a row alone is heads without rows under them: three or more short words."""
    return len(row) >= 3 and all(
        cell and len(cell) <= _MAX_NAME_LENGTH and not re.search(r"[\d。:]", cell) for cell in row
    )


def _has_value_behind(cell: str, word: str) -> bool:
    """Whether a cell goes on after the name: 法律依据:环境保护法第十条."""
    after = cell[cell.find(word) + len(word) :]
    _, colon, told = after.partition(":")
    return bool(colon) and not is_blank(told) and len(told) >= 2


def _shorten(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


#: Text between tables, or a table.
Segment = str | TextTable


def split_segments(text: str) -> list[Segment]:
    """A text cut into prose and tables, in order. A line inside a table that is a heading of some rows stays in it."""
    found: list[Segment] = []
    prose: list[str] = []
    rows: list[str] = []
    number = 0
    lines = text.split("\n")
    for place, line in enumerate(lines):
        if "\t" in line:
            if prose:
                found.append("\n".join(prose))
                prose = []
            rows.append(line)
        elif rows and _continues_table(rows, line, lines[place + 1 : place + 2]):
            rows.append(line)
        else:
            if rows:
                number += 1
                found.append(TextTable(rows, number))
                rows = []
            prose.append(line)
    if rows:
        found.append(TextTable(rows, number + 1))
    if prose:
        found.append("\n".join(prose))
    return found


def _continues_table(rows: list[str], line: str, after: list[str]) -> bool:
    """Whether the table goes on behind a line without tabs: as wide as before, and not with heads of its own."""
    if not after or after[0].count("\t") != rows[0].count("\t") or len(line) > 60 or not line.strip():
        return False
    cells = [comparable(cell) for cell in after[0].split("\t")]
    fresh = all(cells) and not any(any(one.isdigit() for one in cell) for cell in cells)
    return not fresh and after[0] not in rows[:2]

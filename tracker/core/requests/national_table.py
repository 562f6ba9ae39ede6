"""The national table of a year: how many requests came, how they were done, and what was appealed, each sum checked.

Each number knows the requests behind it. Every line, every column and every total is counted by itself, none is made of
the others, so that a request that falls out of a line is seen where the sums do not meet. Nothing is mended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tracker.core.requests.counted import CountedRequest
from tracker.core.requests.national_form import (
    APPLICANTS,
    CARRIED_ON,
    CARRIED_OVER,
    COLUMNS,
    DONE,
    NEW,
    REMEDY_HEADS,
    REMEDY_TITLES,
    RESULTS,
    TOTAL,
    NationalForm,
    form_for,
)

#: By line (or remedy) and column.
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TableCell:
    """A number: the requests behind it, and how many more are counted elsewhere. A request stands once an appeal."""

    references: tuple[str, ...] = ()
    elsewhere: int = 0

    @property
    def count(self) -> int:
        return len(self.references) + self.elsewhere


@dataclass(frozen=True, slots=True)
class Figures:
    """A table without its requests: one that was issued, or what a department kept before it used the register."""

    year: int
    cells: Mapping[Place, int]

    def count(self, place: Place) -> int:
        return self.cells.get(place, 0)


@dataclass(frozen=True, slots=True)
class SumCheck:
    """Two numbers that must be equal. `rule` (Chinese) says which; `where`: the line or column; `references`: the
    requests that only one of them counts, which are none where the sums hold."""

    rule: str
    where: str
    left: int
    right: int
    references: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        return self.left == self.right and not self.references


@dataclass(frozen=True, slots=True)
class NationalTable:
    """Parts 三 and 四 of a year. `checks`: those that hold too; `compared`: whether the year before was given."""

    year: int
    form: NationalForm
    cells: Mapping[Place, TableCell]
    checks: tuple[SumCheck, ...]
    compared: bool = False
    requests: Mapping[str, CountedRequest] = field(default_factory=dict)

    def cell(self, line: str, column: str = TOTAL) -> TableCell:
        return self.cells.get((line, column), TableCell())

    def count(self, line: str, column: str = TOTAL) -> int:
        return self.cell(line, column).count

    @property
    def faults(self) -> tuple[SumCheck, ...]:
        return tuple(check for check in self.checks if not check.holds)

    def title(self, code: str) -> str:
        """What stands at a code: of a line, of a remedy, or of a group of lines."""
        lines = [line for line in self.form.lines if line.code in self.form.under(code)]
        if len(lines) == 1:
            return lines[0].title
        return REMEDY_TITLES.get(code) or lines[0].heads[code.count(".")]

    def open_cell(self, code: str, column: str = TOTAL) -> tuple[CountedRequest, ...]:
        """The requests behind the lines at or under a code, in the order of the table. Raises KeyError for a code or
        column that the table does not have."""
        lines = (code,) if code in REMEDY_HEADS else self.form.under(code)
        columns = RESULTS if code in REMEDY_HEADS else COLUMNS
        if not lines or column not in columns:
            raise KeyError(code if not lines else column)
        references = dict.fromkeys(ref for line in lines for ref in self.cell(line, column).references)
        return tuple(self.requests[reference] for reference in references)


def table_of(year: int, requests: Iterable[CountedRequest], figures: Iterable[Figures] = ()) -> NationalTable:
    """The table of a year. `requests`: at least all that are new, carried over or under appeal in it.

    `figures` of the year are added to it; those of the year before are compared with what is carried over.
    """
    form, given = form_for(year), {table.year: table for table in figures}
    known = {request.reference: request for request in requests}
    elsewhere = given.get(year, Figures(year, {}))
    references: dict[Place, list[str]] = {}
    for request in known.values():
        for place in (*_places(form, request, year), *_appeal_places(request, year)):
            references.setdefault(place, []).append(request.reference)
    cells = {
        place: TableCell(tuple(references.get(place, ())), elsewhere.count(place))
        for place in sorted({*references, *elsewhere.cells})
    }
    before = given.get(year - 1)
    table = NationalTable(year, form, cells, (), before is not None, known)
    return NationalTable(year, form, cells, tuple(_checks(table, before)), before is not None, known)


def _places(form: NationalForm, request: CountedRequest, year: int) -> Iterator[Place]:
    lines = [NEW] if request.is_new(year) else [CARRIED_OVER] if request.is_carried_over(year) else []
    if request.is_done(year):
        lines.append(DONE)
        if line := form.place(request.line):
            lines.append(line)
    elif request.is_carried_on(year):
        lines.append(CARRIED_ON)
    for line in lines:
        yield line, TOTAL
        if request.applicant in APPLICANTS:
            yield line, request.applicant


def _appeal_places(request: CountedRequest, year: int) -> Iterator[Place]:
    for appeal in request.appeals:
        if (result := appeal.result_in(year)) and appeal.remedy in REMEDY_HEADS:
            yield appeal.remedy, TOTAL
            if result in RESULTS:
                yield appeal.remedy, result


# -- sums ----------------------------------------------------------------------------------------------


def _checks(table: NationalTable, before: Figures | None) -> Iterator[SumCheck]:
    def check(rule: str, where: str, left: Iterable[Place], right: Iterable[Place]) -> SumCheck:
        return _compare(table.cells, rule, where, tuple(left), tuple(right))

    results = [code for code in table.form.under("3") if code != DONE]
    for column, title in COLUMNS.items():
        into, out = [(NEW, column), (CARRIED_OVER, column)], [(DONE, column), (CARRIED_ON, column)]
        yield check("第一项加第二项之和，等于第三项总计加第四项之和", title, into, out)
        yield check("第三项总计等于其各行之和", title, [(DONE, column)], [(line, column) for line in results])
    for line in table.form.lines:
        parts = [(line.code, column) for column in APPLICANTS]
        yield check("总计等于各类申请人之和", line.title, [(line.code, TOTAL)], parts)
    for remedy, title in REMEDY_TITLES.items():
        parts = [(remedy, result) for result in RESULTS if result != TOTAL]
        yield check("总计等于各种结果之和", title, [(remedy, TOTAL)], parts)
    if before is not None:
        for column, title in COLUMNS.items():
            carried, rule = before.count((CARRIED_ON, column)), "上年结转等于上年度报告表的结转下年度继续办理"
            yield SumCheck(rule, title, table.count(CARRIED_OVER, column), carried)


def _compare(
    cells: Mapping[Place, TableCell], rule: str, where: str, left: tuple[Place, ...], right: tuple[Place, ...]
) -> SumCheck:
    """The sums of the places on either side, with the requests that only one side has."""
    sides = [[cells[place] for place in side if place in cells] for side in (left, right)]
    sums = [sum(cell.count for cell in side) for side in sides]
    references = [{reference for cell in side for reference in cell.references} for side in sides]
    return SumCheck(rule, where, sums[0], sums[1], tuple(sorted(references[0] ^ references[1])))

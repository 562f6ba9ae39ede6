"""The public board: what each department publishes under the plan, and what a public circular names; nothing else.

Whatever is undecided, in doubt or not due yet looks alike here: it is not shown. A fault is shown only while an issued
circular that is meant for the public (`disclosure: 此件公开发布`) names it, no erratum corrects it, nobody has objected
since and the last decision still finds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tracker.core.assessment.lines import Line
from tracker.core.assessment.scoring import Score, score_departments
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Duty
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import window_of
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Status
from tracker.reports.scores import period_of
from tracker.reports.snapshot import CountyReader
from tracker.store.circulars import (
    CircularLineRow,
    CircularRow,
    list_circulars,
    list_criticised_at,
    list_unmended_lines,
)
from tracker.store.engine import Tx
from tracker.store.matters import MatterFilter, list_keys_after
from tracker.store.occurrences import load_occurrences
from tracker.store.overview import count_published

#: What a circular bears that is published itself (政府信息公开条例, article 19: the text says so).
FOR_THE_PUBLIC = "此件公开发布"
#: Matters of a month that are scored at most.
_MOST = 50_000


@dataclass(frozen=True, slots=True)
class BoardCell:
    """How many matters of the year a department has published under a duty, and how many a circular names."""

    published: int
    named: int


@dataclass(frozen=True, slots=True)
class NamedMatter:
    """A matter that an issued circular names, in the circular's own words. `number`: the circular's."""

    who: str
    title: str
    period: str
    due: str
    problem: str
    number: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """The marks of a month whose circular is issued, the best first: (name of the department, score)."""

    title: str
    scores: Sequence[tuple[str, Score]]


@dataclass(frozen=True, slots=True)
class Board:
    """Departments in columns, duties in rows; None where a department does not owe a duty."""

    county: str
    year: int
    departments: Sequence[str]
    rows: Sequence[tuple[str, Sequence[BoardCell | None]]]
    named: Sequence[NamedMatter]
    ranking: Ranking | None


def read_board(tx: Tx, rulebook: Rulebook, calendar: Calendar, now: datetime, *, with_scores: bool) -> Board:
    """The board at this moment. Some ten statements, none of which reads a county's matters one by one."""
    county, year = rulebook.county, window_of(f"{now.astimezone(rulebook.county.zone):%Y}")
    issued = _list_issued(tx, rulebook)
    named = _list_named(tx, rulebook, calendar, issued, now)
    published: dict[tuple[tuple[str, str], str], int] = defaultdict(int)
    for count in count_published(tx, county.id, year):
        for member in count.department.split("+"):
            published[(count.pack, count.duty), member] += count.matters
    named_in: dict[tuple[tuple[str, str], str], int] = defaultdict(int)
    for line, _, _ in named:
        for member in line.members:
            named_in[(line.pack, line.duty), member] += 1
    duties = [duty for duty in rulebook.duties if _is_on_the_site(duty) and _is_of_the_year(duty, year)]
    departments = [id for id in county.departments if any(_owes(duty, id) for duty in duties)]
    rows = []
    for duty in duties:
        key = (duty.pack, duty.id)
        cells = [
            BoardCell(published[key, id], named_in[key, id]) if _owes(duty, id) else None for id in departments
        ]  # fmt: skip
        rows.append((duty.title, cells))
    return Board(
        county.name,
        year.first.year,
        [county.departments[id].name for id in departments],
        rows,
        [_word_named(line, row, circular, rulebook) for line, row, circular in named],
        _rank(tx, rulebook, calendar, issued, now) if with_scores else None,
    )


def _is_on_the_site(duty: Duty) -> bool:
    """Whether it is proved by what everybody can see, and not by files and records alone."""
    cells = [cell for assignment in duty.assignments for cell in assignment.cells]
    return any(source.kind in ("listing", "page") for cell in cells for source in cell.sources)


def _is_of_the_year(duty: Duty, year: Window) -> bool:
    return duty.in_force_from <= year.last and duty.in_force_until >= year.first


def _owes(duty: Duty, department: str) -> bool:
    return any(department in assignment.members for assignment in duty.assignments)


# -- what circulars name ---------------------------------------------------------------------------


def _list_issued(tx: Tx, rulebook: Rulebook) -> dict[int, CircularRow]:
    """The issued circulars by id, oldest first, where the county's circulars are meant for the public."""
    rules = rulebook.circular
    if rules is None or rules.disclosure != FOR_THE_PUBLIC:
        return {}
    return {row.id: row for row in list_circulars(tx, rulebook.county.id) if row.state == "issued"}


def _list_named(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, issued: Mapping[int, CircularRow], now: datetime
) -> list[tuple[Line, CircularLineRow, CircularRow]]:
    """What circulars name and is not mended, and of which no person has anything to decide; each matter once."""
    county = rulebook.county
    rows = {row.occurrence: row for _, row in list_unmended_lines(tx, county.id) if row.circular in issued}
    asking = {key for key, row in load_occurrences(tx, county.id, keys=rows.keys()).items() if row.asks}
    lines = CountyReader(rulebook, calendar).read_some(tx, rows.keys() - asking, now)
    return [
        (line, rows[line.key], issued[rows[line.key].circular]) for line in lines if line.late and _is_settled(line)
    ]


def _is_settled(line: Line) -> bool:
    return line.is_liable and line.objection in ("", "dismissed") and not line.status.unjudged


def _word_named(line: Line, row: CircularLineRow, circular: CircularRow, rulebook: Rulebook) -> NamedMatter:
    prefix = rulebook.circular.prefix if rulebook.circular else ""
    number = f"{prefix}〔{circular.year}〕{circular.number}号"
    shown = {name: str(row.shown.get(name, "")) for name in ("who", "title", "period", "due", "problem_zh")}
    return NamedMatter(shown["who"], shown["title"], shown["period"], shown["due"], shown["problem_zh"], number)


# -- marks -----------------------------------------------------------------------------------------


def _rank(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, issued: Mapping[int, CircularRow], now: datetime
) -> Ranking | None:
    """The marks of the last month whose circular is issued. None without one, and where the county has no formula.

    They count what was published in time and what circulars name; recorded events (bonuses, vetoes) are not public.
    """
    scoring, months = rulebook.scoring, sorted(row.month for row in issued.values())
    if scoring is None or not months:
        return None
    county = rulebook.county
    window, title = period_of(months[-1])
    wanted = MatterFilter(all=True, due_from=window.first, due_until=window.last)
    named = {key for key, _, _ in list_criticised_at(tx, county.id, now)}
    keys = {*list_keys_after(tx, county.id, wanted, "", _MOST), *named}
    lines = CountyReader(rulebook, calendar).read_some(tx, keys, now)
    settled = [line for line in lines if line.status is Status.MET or (line.key in named and _is_settled(line))]
    departments = tuple(sorted(county.departments))
    scores = score_departments(scoring, departments, settled, (), window.first, window.last)
    return Ranking(title, [(county.departments[score.department].name, score) for score in scores])

"""Writes the ledger (台账) of a county as it stood at an instant: a row for every matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Literal, Protocol
from zoneinfo import ZoneInfo

from notifications.ledger import Ledger, LedgerRow, bracketed
from tracker.core.assessment.lines import Line
from tracker.core.law.binding import explain_not_binding
from tracker.core.law.citations import cite_basis, common_instrument
from tracker.core.law.county import County, Rulebook
from tracker.core.law.wording import WITHDRAWN, day_zh, deed_zh, heads_zh, moment_zh
from tracker.core.values.verdicts import Status
from tracker.reports.overdue_view import explanation_zh
from tracker.reports.snapshot import CountyReader, name_departments
from tracker.store.answers import load_last_explanations
from tracker.store.circulars import list_criticised_at
from tracker.store.engine import Tx
from tracker.store.standings import OrderedStanding, Progress, Wanted

#: A circular's rectification: its pack and duty, and what its labels begin with.
_RECTIFICATION = ("rectification", "rectification", "event:criticised:")


@dataclass(frozen=True, slots=True)
class LedgerQuery:
    """The matters due from `first` to `last`; None sets no limit.

    `sheets`: `department` adds a sheet for each department to the sheet of all.
    """

    first: date | None = None
    last: date | None = None
    sheets: Literal["one", "department"] = "one"

    def includes(self, standing: OrderedStanding, rulebook: Rulebook) -> bool:
        """Whether the matter is in the ledger. One without a day is in no range of days; one that waits for an event
        that may never come is not in any ledger."""
        if standing.closed or explain_not_binding(
            standing, rulebook.duty(standing.pack, standing.duty), rulebook.county
        ):
            return False
        if standing.due_on is None and standing.status == Status.UPCOMING:
            return False
        if self.first is None and self.last is None:
            return True
        return standing.due_on is not None and (self.first or date.min) <= standing.due_on <= (self.last or date.max)


def write_ledger(
    tx: Tx,
    reader: CountyReader,
    rulebook: Rulebook,
    at: datetime,
    query: LedgerQuery,
    to: IO[bytes],
    progress: Progress | None = None,
) -> int:
    """Write the workbook and return how many matters are in it. Its rows are never in memory all at once.

    Raises TooManyRows; the file is no workbook then.
    """
    county = rulebook.county
    standings = reader.list_standings(tx, at)
    explained = load_last_explanations(tx, county.id, at)
    rectify = rectify_by(tx, county.id, at, standings)
    chosen = _sorted([standing for standing in standings if query.includes(standing, rulebook)], county)
    local = at.astimezone(county.zone)
    instrument = _common_instrument(chosen, rulebook)
    note = f"；依据条款未注明文件的，为{instrument}的条款" if instrument else ""
    span = f"{_days_zh(query)}截至{moment_zh(local)}"
    title, heading = (f"{county.name}政务公开台账（{span}{more}）" for more in ("", note))
    sheets = [("台账", heading, chosen)]
    if query.sheets == "department":
        sheets += [(name, f"{name}：{heading}", theirs) for name, theirs in _by_department(chosen, county)]
    done, total = 0, sum(len(rows) for *_, rows in sheets)
    with Ledger(to, title, local, summary=True) as book:
        for name, heading, rows in sheets:
            book.sheet(name, heading, _heads(rows, rulebook))
            for line in reader.stream(tx, rows, at):
                explanation = explanation_zh(explained[line.key], county.zone) if line.key in explained else ""
                row = _row(line, instrument, explanation, rectify.get(line.key), county.zone)
                book.add(row, counted=rows is chosen)
                done += 1
                if progress is not None and done % 200 == 0:
                    progress(done, total)
    return len(chosen)


class _Matter(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...


def rectify_by(tx: Tx, county: str, at: datetime, matters: Iterable[_Matter]) -> dict[str, date]:
    """By occurrence, the day by which a criticised matter must be rectified, as it stood at that instant."""
    criticised = list_criticised_at(tx, county, at)
    if not criticised:
        return {}
    pack, duty, begins = _RECTIFICATION
    prefix, days = f"{county}/{pack}/{duty}/", dict[str, date]()
    for matter in matters:
        label = matter.key.split("/", 4)[4] if matter.key.startswith(prefix) else ""
        if label.startswith(begins) and matter.due_on is not None:
            reference = label.removeprefix(begins)
            days[reference] = min(matter.due_on, days.get(reference, matter.due_on))
    return {key: days[f"{month}-{line}"] for key, month, line in criticised if f"{month}-{line}" in days}


def list_rectifying(county: str) -> list[Wanted]:
    """What `rectify_by` looks at."""
    pack, duty, _ = _RECTIFICATION
    return [Wanted(begins=f"{county}/{pack}/{duty}/")]


def _sorted(standings: Iterable[OrderedStanding], county: County) -> list[OrderedStanding]:
    """The standings by department in the county's order, then by day."""
    places = {id: place for place, id in enumerate(county.departments)}

    def place(standing: OrderedStanding) -> tuple[int, str, date, str]:
        first = standing.department.split("+")[0]
        return places.get(first, len(places)), standing.department, standing.due_on or date.max, standing.key

    return sorted(standings, key=place)


def _by_department(standings: Sequence[OrderedStanding], county: County) -> Iterator[tuple[str, list[OrderedStanding]]]:
    """Each department's name and standings, also those that it owes jointly with others."""
    by_department: dict[str, list[OrderedStanding]] = {id: [] for id in county.departments}
    for standing in standings:
        for id in standing.department.split("+"):
            by_department.setdefault(id, []).append(standing)
    return ((name_departments(county, id), theirs) for id, theirs in by_department.items() if theirs)


def _common_instrument(standings: Sequence[OrderedStanding], rulebook: Rulebook) -> str:
    """The instrument that most of the matters rest on, which their rows do not repeat."""
    by_pack: dict[str, str] = {}
    for standing in standings:
        duty = rulebook.duty(standing.pack, standing.duty) if standing.pack not in by_pack else None
        if duty is not None:
            by_pack[standing.pack] = cite_basis(standing, duty)
    return common_instrument(by_pack.get(standing.pack, "") for standing in standings)


def _heads(standings: Iterable[OrderedStanding], rulebook: Rulebook) -> dict[str, str]:
    """Other words for heads that speak of publication, where other acts are among the matters."""
    deeds = set()
    for pack, name, department in {(each.pack, each.duty, each.department) for each in standings}:
        if (duty := rulebook.duty(pack, name)) is not None:
            deeds.add(deed_zh(cell for group in duty.assignments if group.key == department for cell in group.cells))
    heads = heads_zh(deeds)
    return {"应公开时限": heads["due"], "实际公开日期": heads["done"]}


def _row(line: Line, instrument: str, explanation: str, rectify: date | None, zone: ZoneInfo) -> LedgerRow:
    excused = line.objection == "upheld" or not line.is_liable
    late = line.late or (line.status is Status.MET_LATE and not excused)
    return LedgerRow(
        who=line.who,
        title=line.title + bracketed(line.marks),
        period=line.period,
        clause=line.basis.removeprefix(instrument) or line.clause,
        due=_due(line, zone),
        published=line.published_on,
        late=line.days_late if late and line.problem != WITHDRAWN else None,
        problem=line.problem,
        rectify=rectify,
        status=line.status_zh,
        light=line.light,
        reason=line.reason,
        said=explanation,
        link=next((proof.url for proof in line.proofs if proof.url), ""),
        derivation=line.derivation,
        key=line.key,
        kind=Status.WAIVED if excused else line.status,  # counted as exempt: nobody is liable
    )


def _due(line: Line, zone: ZoneInfo) -> date | str:
    """The day; where the limit is an hour, local time without its zone, as spreadsheets have none."""
    if line.due_at is None or line.due_on is None:
        return line.due
    local = line.due_at.astimezone(zone)
    return line.due_on if local.time() == time(0) else local.replace(tzinfo=None)


def _days_zh(query: LedgerQuery) -> str:
    first = day_zh(query.first) if query.first else ""
    last = day_zh(query.last) if query.last else ""
    if first and last:
        return f"{first}至{last}到期，"
    if first:
        return f"{first}及以后到期，"
    return f"{last}及以前到期，" if last else ""

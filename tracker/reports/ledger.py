"""台账 of a county as it stood: every matter in its row, from the read model into the one writer of ledgers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import IO, Literal, Protocol
from zoneinfo import ZoneInfo

from notifications.ledger import Ledger, LedgerRow, bracketed
from tracker.core.assessment.lines import Line
from tracker.core.law.binding import not_binding
from tracker.core.law.county import Rulebook
from tracker.core.law.wording import WITHDRAWN, day_zh
from tracker.core.values.verdicts import Status
from tracker.reports.overdue_view import said_zh
from tracker.reports.reading import Progress, Reader
from tracker.store.answers import explanations
from tracker.store.circulars import criticised_by
from tracker.store.engine import Tx
from tracker.store.standings import OrderedStanding

#: A circular's rectification: its pack and duty, and what its labels begin with.
_RECTIFICATION = ("rectification", "rectification", "event:criticised:")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which matters: those whose last day on time lies from `first` to `last`, None: whatever the day.

    `sheets`: `department` gives each its own sheet, after that of all.
    """

    first: date | None = None
    last: date | None = None
    sheets: Literal["one", "department"] = "one"

    def holds(self, standing: OrderedStanding, rulebook: Rulebook) -> bool:
        """Whether it is counted at all, and in these days. What has no day yet is in no stretch of days; what waits
        for an event that may never come is no matter yet."""
        if standing.closed or not_binding(standing, rulebook.duty(standing.pack, standing.duty), rulebook.county):
            return False
        if standing.due_on is None and standing.status == Status.UPCOMING:
            return False
        if self.first is None and self.last is None:
            return True
        return standing.due_on is not None and (self.first or date.min) <= standing.due_on <= (self.last or date.max)


def write_ledger(
    tx: Tx,
    reader: Reader,
    rulebook: Rulebook,
    at: datetime,
    asked: Asked,
    to: IO[bytes],
    told: Progress | None = None,
) -> int:
    """Write the workbook; how many matters are in it. Its rows never lie in memory together.

    Raises TooManyRows; what was written of the file then is no workbook.
    """
    county = rulebook.county
    held = reader.held(tx, at)
    said = explanations(tx, county.id, at)
    rectify = rectify_by(tx, county.id, at, held)
    chosen = _ordered([one for one in held if asked.holds(one, rulebook)], rulebook)
    local = at.astimezone(county.zone)
    title = f"{county.name}政务公开台账{_days_zh(asked)}（截至{day_zh(local.date())}{local:%H:%M}）"
    sheets = [("台账", title, chosen)]
    if asked.sheets == "department":
        sheets += [(name, f"{name}：{title}", mine) for name, mine in _by_department(chosen, rulebook)]
    done, every = 0, sum(len(mine) for *_, mine in sheets)
    with Ledger(to, title, local, summary=True) as book:
        for name, above, mine in sheets:
            book.sheet(name, above)
            for line in reader.stream(tx, mine, at):
                text = said_zh(said[line.key], county.zone) if line.key in said else ""
                book.add(_row(line, text, rectify.get(line.key), county.zone), counted=mine is chosen)
                done += 1
                if told is not None and done % 200 == 0:
                    told(done, every)
    return len(chosen)


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def due_on(self) -> date | None: ...


def rectify_by(tx: Tx, county: str, at: datetime, keyeds: Iterable[_Keyed]) -> dict[str, date]:
    """By when each criticised matter has to be put right, as it stood at that instant, by occurrence."""
    criticised = criticised_by(tx, county, at)
    if not criticised:
        return {}
    pack, duty, begins = _RECTIFICATION
    prefix, days = f"{county}/{pack}/{duty}/", dict[str, date]()
    for keyed in keyeds:
        label = keyed.key.split("/", 4)[4] if keyed.key.startswith(prefix) else ""
        if label.startswith(begins) and keyed.due_on is not None:
            reference = label.removeprefix(begins)
            days[reference] = min(keyed.due_on, days.get(reference, keyed.due_on))
    return {key: days[f"{month}-{line}"] for key, month, line in criticised if f"{month}-{line}" in days}


def _ordered(held: Iterable[OrderedStanding], rulebook: Rulebook) -> list[OrderedStanding]:
    """By department in the county's order, then by day."""
    places = {id: place for place, id in enumerate(rulebook.county.departments)}
    last = len(places)

    def place(standing: OrderedStanding) -> tuple[int, str, date, str]:
        first = standing.department.split("+")[0]
        return places.get(first, last), standing.department, standing.due_on or date.max, standing.key

    return sorted(held, key=place)


def _by_department(held: Sequence[OrderedStanding], rulebook: Rulebook) -> list[tuple[str, list[OrderedStanding]]]:
    """Each department's own matters, those that it owes jointly with others among them."""
    found: dict[str, list[OrderedStanding]] = {id: [] for id in rulebook.county.departments}
    for one in held:
        for id in one.department.split("+"):
            found.setdefault(id, []).append(one)
    known = rulebook.county.departments
    return [(known[id].name if id in known else id, mine) for id, mine in found.items() if mine]


def _row(line: Line, said: str, rectify: date | None, zone: ZoneInfo) -> LedgerRow:
    excused = line.objection == "upheld" or not line.pressed
    late = line.late or (line.status is Status.MET_LATE and not excused)
    return LedgerRow(
        who=line.who,
        title=line.title + bracketed(line.marks),
        period=line.period,
        clause=line.clause,
        due=_due(line, zone),
        published=line.published_on,
        late=line.days_late if late and line.problem != WITHDRAWN else None,
        problem=line.problem,
        rectify=rectify,
        status=line.status_zh,
        light=line.light,
        reason=line.reason,
        said=said,
        link=next((proof.url for proof in line.proofs if proof.url), ""),
        derivation=line.derivation,
        key=line.key,
        kind=Status.WAIVED if excused else line.status,  # held against nobody, as what is exempt
    )


def _due(line: Line, zone: ZoneInfo) -> date | str:
    """The day; local time, without its zone as spreadsheets have none, where the limit is an hour."""
    if line.due_at is None or line.due_on is None:
        return line.due
    local = line.due_at.astimezone(zone)
    return line.due_on if local.time() == time(0) else local.replace(tzinfo=None)


def _days_zh(asked: Asked) -> str:
    if asked.first is None and asked.last is None:
        return ""
    first = day_zh(asked.first) if asked.first else ""
    last = day_zh(asked.last) if asked.last else ""
    return (
        f"（{first}及以后到期）" if not last else f"（{last}及以前到期）" if not first else f"（{first}至{last}到期）"
    )

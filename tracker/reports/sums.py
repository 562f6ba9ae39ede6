"""Sums of the counties of a region: their matters by light, and whether each is still read and decided."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tracker.core.law.county import County
from tracker.core.values.divisions import lies_in
from tracker.core.values.verdicts import Light
from tracker.rulebook.loaded import Loaded
from tracker.store.counties import CountyRow
from tracker.store.engine import Tx
from tracker.store.jobs import MISSED, LastRun, find_last_runs, read_lease
from tracker.store.sums import CountyProgress, MatterCounts, count_matters_of, load_states


class Watch(StrEnum):
    """Whether a county is watched: read and decided within 14 hours; not within them; a pass failed; never yet."""

    FINE = "fine"
    LATE = "late"
    FAILING = "failing"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class CountySum:
    """How a county stands. `decided_at`, `read_at`: None before the first time; `fault`: why its pass failed."""

    county: County
    matters: MatterCounts
    decided_at: datetime | None
    read_at: datetime | None
    fault: str
    watch: Watch

    @property
    def city_code(self) -> str:
        """The four digits of its city; "" of a county whose file has none."""
        return self.county.division.code[:4] if self.county.division else ""


@dataclass(frozen=True, slots=True)
class RegionSum:
    """The sum of the counties of a city, or of all. `code`: its digits, "" of counties without any; `unwatched`: how
    many of them are not watched."""

    code: str
    name: str
    counties: int
    matters: MatterCounts
    unwatched: int


@dataclass(frozen=True, slots=True)
class Sums:
    """The counties of a region in the order of their codes, a sum for each city, and that of all.

    `daemon_ended_at`: when the lease of the last daemon ran out; None while one runs, or where none ever ran
    (`has_daemon` false).
    """

    counties: tuple[CountySum, ...]
    cities: tuple[RegionSum, ...]
    total: RegionSum
    has_daemon: bool
    daemon_ended_at: datetime | None


@dataclass(slots=True)
class KeptCounts:
    """The counts of each county with its row at that time: with every pass and fact the row is another."""

    _kept: dict[str, tuple[CountyRow, MatterCounts]] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def find(self, tx: Tx, rows: Mapping[str, CountyRow]) -> dict[str, MatterCounts]:
        """The counts of these counties; only of those that changed they are counted, in one statement."""
        with self._turn:
            changed = [county for county, row in rows.items() if self._kept.get(county, (None,))[0] != row]
            for county, counts in count_matters_of(tx, changed).items() if changed else ():
                self._kept[county] = rows[county], counts
            return {county: self._kept[county][1] for county in rows}


def list_counties(loaded: Loaded, region: str) -> list[County]:
    """The counties that lie in the region, by their codes."""
    found = [book.county for book in loaded.rulebooks if lies_in(book.county.division, region)]
    return sorted(found, key=lambda county: (county.division.code if county.division else "9", county.id))


def read_sums(tx: Tx, counties: Iterable[County], region: str, kept: KeptCounts, now: datetime) -> Sums:
    """The sums of these counties: four statements, however many there are."""
    wanted = list(counties)
    states = load_states(tx, [county.id for county in wanted])
    counts = kept.find(tx, {county: state.row for county, state in states.items()})
    runs, lease = find_last_runs(tx, ("tick", "crawl"), now), read_lease(tx, "scheduler")
    sums = [
        _sum_county(county, states.get(county.id), counts.get(county.id, MatterCounts({}, 0)), runs.get("tick"), now)
        for county in wanted
    ]
    names = region_names(wanted)
    by_city: dict[str, list[CountySum]] = {}
    for each in sums:
        by_city.setdefault(each.city_code, []).append(each)
    cities = [_add_up(code, names.get(code, ""), each) for code, each in by_city.items()]
    total = _add_up(region, names.get(region, ""), sums)
    daemon_ended_at = lease.until if lease is not None and lease.until < now else None
    return Sums(tuple(sums), tuple(cities), total, lease is not None, daemon_ended_at)


def region_names(counties: Iterable[County]) -> dict[str, str]:
    """What cities and provinces are called, by their codes; a name goes before digits."""
    names: dict[str, str] = {}
    for county in counties:
        for code, name in county.division.names().items() if county.division else ():
            if names.get(code, code) == code:
                names[code] = name
    return names


def _sum_county(
    county: County, state: CountyProgress | None, matters: MatterCounts, tick: LastRun | None, now: datetime
) -> CountySum:
    """A pass that found nothing to decide leaves the county's row as it was: then the run says when it was."""
    decided_at, read_at = (state.row.ticked_at, state.read_at) if state is not None else (None, None)
    fault = state.fault if state is not None else ""
    if decided_at is not None and tick is not None and not fault:
        decided_at = max(decided_at, tick.ended_at)
    if fault:
        watch = Watch.FAILING
    elif decided_at is None or read_at is None:
        watch = Watch.NEVER
    else:
        watch = Watch.LATE if now - min(decided_at, read_at) > MISSED else Watch.FINE
    return CountySum(county, matters, decided_at, read_at, fault, watch)


def _add_up(code: str, name: str, sums: Iterable[CountySum]) -> RegionSum:
    lights: Counter[Light] = Counter()
    counties, overdue, unwatched = 0, 0, 0
    for each in sums:
        lights.update(each.matters.lights)
        counties, overdue = counties + 1, overdue + each.matters.overdue
        unwatched += each.watch is not Watch.FINE
    return RegionSum(code, name, counties, MatterCounts(dict(lights), overdue), unwatched)

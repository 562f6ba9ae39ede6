"""A department's year lived through by the real passes: the site is a script, the clerks are a script."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.live_county import all_live
from tracker.core.escalation.second_look import RENEWED
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Moment, Sighting, Visit, VisitOutcome
from tracker.core.values.second_looks import Search, SecondLook
from tracker.crawl.report import CrawlReport
from tracker.daemon.jobs import Office
from tracker.demo.replay import Replay, SimulatedClock
from tracker.demo.simulation import open_null_channels
from tracker.rulebook.load import load
from tracker.rulebook.loaded import Loaded
from tracker.store import site
from tracker.store.counties import ensure_county, next_seq
from tracker.store.engine import Store, Tx
from tracker.store.second_looks import add_second_look, list_wanted_looks
from tracker.store.visits import record_visits

ROOT = Path(__file__).parents[2]
BASE = "http://127.0.0.1:8015"


@dataclass(frozen=True)
class Page:
    """Something on the site, up from `at` to `until`. `later`: what its text says from an instant on."""

    column: str
    title: str
    at: datetime
    text: str = ""
    until: datetime | None = None
    back: datetime | None = None
    later: tuple[datetime, str] | None = None
    claimed: Moment | None = None  # other than the truth
    told: bool = True  # worth a line in the list

    @cached_property
    def url(self) -> str:
        if ":" in self.column:
            return f"{BASE}/hjjb/"
        return f"{BASE}/{self.column}/{self.at:%Y%m%d%H}/{abs(hash_of(self.title))}.html"

    def up(self, now: datetime) -> bool:
        if self.back is not None and now >= self.back:
            return True
        return self.at <= now and (self.until is None or now < self.until)

    def text_at(self, now: datetime) -> str:
        return self.later[1] if self.later is not None and now >= self.later[0] else self.text or self.title


def hash_of(text: str) -> int:
    """The same in every process."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate(text))


@dataclass(frozen=True)
class Deed:
    """What a clerk does at an instant. `said`: how the list tells it."""

    recorded_at: datetime
    said: str
    do: Callable[[Tx, Office, datetime], Any]


@dataclass(frozen=True)
class Blind:
    """The columns cannot be read from `begins` until `until`."""

    begins: datetime
    until: datetime
    columns: tuple[str, ...]


@dataclass
class Story:
    """Everything that happens in the department's year, besides time."""

    pages: list[Page] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    blind: list[Blind] = field(default_factory=list)

    def happenings(self) -> Iterator[tuple[datetime, str]]:
        """What a reader of the list must know, in order."""
        told = [(one.at, f"公开《{one.title}》（{one.column}）") for one in self.pages if one.told]
        told += [(one.until, f"撤下《{one.title}》") for one in self.pages if one.until]
        told += [(one.back, f"恢复《{one.title}》") for one in self.pages if one.back]
        told += [(one.later[0], f"补全《{one.title}》") for one in self.pages if one.later]
        told += [(one.recorded_at, one.said) for one in self.deeds]
        told += [(one.begins, f"网站无法查看：{'、'.join(one.columns)}") for one in self.blind]
        told += [(one.until, f"网站恢复：{'、'.join(one.columns)}") for one in self.blind]
        yield from sorted(told)


@dataclass(slots=True)
class ScriptedOffice(Office):
    """The office with a script for a site: it writes down what a crawl would."""

    story: Story = field(default_factory=Story)

    async def crawl(
        self, only: Collection[str] | None = None, progress: Callable[[str], None] | None = None
    ) -> list[CrawlReport]:
        now, county = self.clock(), self.loaded.rulebooks[0].county.id
        with self.store.begin() as tx:
            seq = next_seq(tx, county)
            for column in sorted(columns_of(self.loaded.rulebooks[0])):
                if only is None or column in only:
                    self._look(tx, county, seq, column, now)
            if not any(one.begins <= now < one.until for one in self.story.blind):
                for key, _ in list_wanted_looks(tx, county, now, now - RENEWED):
                    add_second_look(tx, county, SecondLook(0, key, now, now, (Search("other-columns"),)))
        return []

    def _look(self, tx: Tx, county: str, seq: int, column: str, now: datetime) -> None:
        blind = any(one.begins <= now < one.until and column in one.columns for one in self.story.blind)
        outcome, note = (VisitOutcome.UNREACHABLE, "连接超时") if blind else (VisitOutcome.READ, "")
        shown = [one for one in self.story.pages if one.column == column]
        up = [one for one in shown if one.up(now)]
        visit = Visit(column, now, now, outcome, None if blind else "end", 1, 0 if blind else len(up), note)
        record_visits(tx, county, seq, [visit])
        if blind:
            return
        known = site.load_known_entries(tx, county, [column])[column]
        fresh = [one for one in up if one.url not in known]
        seen = [Sighting(one.url, one.title, one.claimed or one.at) for one in fresh]
        site.add_entries(tx, county, seq, column, seen, now)
        if fresh:
            known = site.load_known_entries(tx, county, [column])[column]
        versions = [_version(one, known[one.url], now, replaces=True) for one in fresh]
        changed = [one for one in up if one not in fresh and one.later is not None and known[one.url].number == 1]
        versions += [
            _version(one, known[one.url], now, replaces=False) for one in changed if one.later and now >= one.later[0]
        ]
        site.add_versions(tx, versions)
        moved: list[dict[str, Any]] = [{"id": one.entry, "seq": seq} for one in versions if not one.replaces]
        for one in shown:
            entry = known.get(one.url)
            if entry is not None and one.up(now) != (entry.gone_at is None):
                gone = None if one.up(now) else now
                moved.append({"id": entry.id, "seq": seq, "gone_at": gone, "gone_status": 404 if gone else None})
        site.change_entries(tx, moved)
        site.mark_seen(tx, [([known[one.url].id for one in up], now)])


def _version(page: Page, known: site.KnownEntry, now: datetime, *, replaces: bool) -> site.NewVersion:
    claimed = page.claimed or page.at
    return site.NewVersion(
        known.id, known.number + (not replaces), now, page.title, claimed, "line", page.text_at(now), "read", "", (),
        replaces=replaces, dates=(("line", claimed),),
    )  # fmt: skip


def columns_of(rulebook: Rulebook) -> set[str]:
    """The columns in which the rulebook's duties are looked for."""
    cells = [cell for duty in rulebook.duties for one in duty.assignments for cell in one.cells]
    return {column for cell in cells for source in cell.sources for column in source.columns}


def only_of(department: str) -> Loaded:
    """The shipped rules, of which this department's duties alone are left; no report of what is overdue."""
    loaded = all_live(load(ROOT, {}))
    rulebook = loaded.rulebooks[0]
    mine = [
        replace(duty, assignments=tuple(one for one in duty.assignments if department in one.members))
        for duty in rulebook.duties
    ]
    jobs = {name: line for name, line in loaded.schedule.jobs.items() if name != "overdue-report"}
    return replace(
        loaded,
        rulebooks=(replace(rulebook, duties=tuple(mine)),),
        schedule=replace(loaded.schedule, jobs=jobs),
    )


class Year(Replay):
    """The replay, which reads the site at every hour that the schedule says and takes `Deed`s."""

    def _set_next_slot(self, job: str) -> None:
        zone = self.office.loaded.schedule.zone
        after = self._slots.get(job, self.clock.now - timedelta(seconds=1)).astimezone(zone)
        hours = [time(6), time(12), time(18)] if job == "crawl" else []
        slots = [datetime.combine(after.date() + timedelta(days=n), hour, zone) for n in (0, 1) for hour in hours]
        if following := [one for one in slots if one > after]:
            self._slots[job] = following[0]

    async def _enter(self, act: Any) -> None:
        with self.office.store.begin() as tx:
            act.do(tx, self.office, self.clock.now)


@contextmanager
def living(department: str, story: Story, folder: Path, first: date, last: date) -> Iterator[Year]:
    """The department's year, ready to be lived."""
    loaded = only_of(department)
    zone = loaded.schedule.zone
    clock = SimulatedClock(datetime.combine(first, time(), zone))
    with Store(f"sqlite:///{folder / 'duban.db'}", durable=False) as store:
        office = ScriptedOffice(loaded, store, clock, folder, channels=open_null_channels, story=story)
        office.prepare()
        with store.begin() as tx:
            ensure_county(tx, loaded.rulebooks[0].county.id)
        end = datetime.combine(last + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
        deeds: Sequence[Any] = story.deeds
        yield Year(office, loaded.rulebooks[0], clock, end, deeds, changed_columns=changes_of(story))


def changes_of(story: Story) -> Callable[[datetime, datetime], frozenset[str]]:
    """Which columns changed on the site in (after, until]."""
    instants = sorted(
        (at, one.column)
        for one in story.pages
        for at in (one.at, one.until, one.back, one.later[0] if one.later else None)
        if at is not None
    )

    def changed(after: datetime, until: datetime) -> frozenset[str]:
        return frozenset(column for at, column in instants if after < at <= until)

    return changed

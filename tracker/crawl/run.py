"""Runs the reading pass: visits the columns of a county and records entries and articles.

It knows nothing of duties.

Each column is fetched once, however many duties look at it, and recorded in its own transaction:
what has been recorded is not lost when the process ends in the middle.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from tracker.core.law.duties import County, Rulebook, SiteColumn
from tracker.core.values.facts import Visit, VisitOutcome
from tracker.crawl.archiver import Keeper
from tracker.crawl.articles import Articles, ColumnChanges
from tracker.crawl.load import Recall, kept_pages
from tracker.crawl.reconcile import VisitChanges
from tracker.crawl.robots import RobotsShelf
from tracker.crawl.site_state import KnownSite
from tracker.crawl.visits import Visits
from tracker.evidence.attachments.collect import Files
from tracker.evidence.attachments.readers.reader import FileLimits, FileReader
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.columns import ColumnReading, KeptPage, none_kept, read_column
from tracker.evidence.listing.successor import Successors
from tracker.rulebook.schedule import Crawl
from tracker.store import site
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.site import Known
from tracker.store.threads import run_read, run_write
from tracker.store.visits import count_visits

log = logging.getLogger(__name__)

#: Columns whose known state is loaded at once.
_CHUNK = 20

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class ColumnResult:
    """How one column fared. `note` (Chinese): why it could not be looked at, or how far it was read."""

    column: str
    outcome: VisitOutcome
    note: str = ""
    pages: int = 0
    entries: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    returned: int = 0

    @property
    def looked(self) -> bool:
        return self.outcome is VisitOutcome.READ


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """A pass over one county's columns."""

    county: str
    began_at: datetime
    ended_at: datetime
    columns: tuple[ColumnResult, ...] = ()
    requests: int = 0

    @property
    def could_not_look(self) -> tuple[ColumnResult, ...]:
        return tuple(column for column in self.columns if not column.looked)

    def __str__(self) -> str:
        new, changed, gone = (
            sum(getattr(column, name) for column in self.columns) for name in ("new", "changed", "gone")
        )
        counts = f"{self.requests} requests, {new} new, {changed} changed, {gone} gone"
        blind = "".join(
            f"\n  could not look at {result.column}: {result.outcome} {result.note}" for result in self.could_not_look
        )
        return f"{self.county}: {len(self.columns)} columns, {counts}{blind}"


async def crawl(
    store: Store,
    rulebook: Rulebook,
    settings: Crawl,
    clock: Clock,
    *,
    only: Collection[str] | None = None,
    progress: Callable[[str], None] | None = None,
    since: Mapping[str, date] | None = None,
    reread: Collection[str] | None = None,
    lists_only: bool = False,
    memory: KnownSite | None = None,
    keeper: Keeper | None = None,
) -> CrawlReport:
    """Visit the county's columns (or `only` those), as far back as `since` says for each (None: to the end).

    Entries that are new have their articles read; the others again with growing distance, and at once
    where `reread` lists their address. `lists_only` leaves the articles to a later pass. `progress` is told
    the key of each column that is done. `memory`: a warm copy kept by a long-running caller. `keeper`: puts
    what the site says into an archive; without one nothing of it is kept.
    """
    county, memory = rulebook.county, memory or KnownSite()
    keeper, limits = keeper or Keeper(store, county.id), _limits(settings)
    memory.begin(await run_write(store, lambda tx: _counted(tx, county.id)))
    began, hosts = clock(), {urlsplit(column.url).hostname or "" for column in county.columns.values()}
    results: list[ColumnResult] = []
    async with (
        Fetcher(
            county.hosts | hosts,
            county.allow_private,
            limits,
            clock,
            own=county.own_hosts,
            listener=keeper.listener,
            shelf=RobotsShelf(store, county.id),
        ) as fetcher,
        FileReader(FileLimits(settings.max_file_bytes, settings.file_timeout.total_seconds())) as reader,
    ):
        articles = Articles(store, county, fetcher, Files(fetcher, reader), keeper)
        one_pass = _Pass(
            store, county, fetcher, articles, keeper, lists_only, since, frozenset(reread or ()), progress, results,
            memory, Visits(store, county.id, keeper, memory, lists_only), Successors(fetcher, county.zone),
        )  # fmt: skip
        lines: dict[str, list[list[SiteColumn]]] = defaultdict(list)
        for shared in _shared(county, only):
            lines[urlsplit(shared[0].url).netloc].append(shared)
        await asyncio.gather(*(one_pass.line(columns) for columns in lines.values()))
        await one_pass.conclude()
        await keeper.finish()
        requests = fetcher.requests
    order = {key: place for place, key in enumerate(county.columns)}
    results.sort(key=lambda result: order[result.column])
    return CrawlReport(county.id, began, clock(), tuple(results), requests)


def _counted(tx: Tx, county: str) -> int:
    """The visits of the county so far, whose row is made where it is new."""
    ensure_county(tx, county)
    return count_visits(tx, county)


def _shared(county: County, only: Collection[str] | None) -> list[list[SiteColumn]]:
    """Columns by address: two keys that name one page are one visit."""
    by_address: dict[tuple[object, ...], list[SiteColumn]] = defaultdict(list)
    for column in county.columns.values():
        if only is None or column.key in only:
            by_address[column.kind, column.url, column.dialect, column.interface].append(column)
    return list(by_address.values())


def agent_of(settings: Crawl) -> str:
    """Who asks, and whom a webmaster can write to."""
    agent = f"{Limits().user_agent}; {settings.contact}" if settings.contact else Limits().user_agent
    return agent.replace("\n", " ")


def _limits(settings: Crawl) -> Limits:
    return Limits(
        delay=settings.delay.total_seconds(),
        timeout=settings.timeout.total_seconds(),
        max_bytes=settings.max_bytes,
        max_pages=settings.max_pages,
        user_agent=agent_of(settings),
    )


@dataclass(slots=True)
class _Pass:
    """What a pass carries from column to column."""

    store: Store
    county: County
    fetcher: Fetcher
    articles: Articles
    keeper: Keeper
    lists_only: bool
    since: Mapping[str, date] | None
    reread: frozenset[str]
    progress: Callable[[str], None] | None
    results: list[ColumnResult]
    memory: KnownSite
    visits: Visits
    successors: Successors
    _absent: set[str] = field(default_factory=set)  # pages that the database does not keep either

    async def line(self, columns: Sequence[list[SiteColumn]]) -> None:
        """The columns of one host, one after the other. One bad column never stops the pass."""
        for start in range(0, len(columns), _CHUNK):
            chunk = columns[start : start + _CHUNK]
            await self._recall(chunk)
            for shared in chunk:
                await self._attempt(shared)
                if self.visits.due:
                    await self._write()
            await self._write()

    async def _write(self) -> None:
        """Record the visits that waited for one another."""
        for visit, error in (await self.visits.write()).items():
            log.error("visit not recorded", exc_info=error, extra={"action": "crawl", "column": visit.column})
            self.memory.forget(visit.column)
            self.results[:] = [result for result in self.results if result.column != visit.column]
            await self._fail(visit.column, visit.began_at, f"读取时出错：{type(error).__name__}")

    async def conclude(self) -> None:
        """Settle what showed nothing of what it held, now that the pass can be seen as a whole."""
        try:
            done = await self.articles.vacant.conclude()
            await self._renew({column: urls for column, (urls, _) in done.items()})
            gone = {column: found.gone for column, found in done.items()}
            self.results[:] = [
                replace(result, gone=result.gone + gone.get(result.column, 0)) for result in self.results
            ]
        except Exception:  # what was found is found again at the next pass
            self.memory.forget("")
            log.exception("cannot settle the vacant articles", extra={"action": "crawl"})

    async def _recall(self, chunk: Sequence[list[SiteColumn]]) -> None:
        """Load what is known of some columns in one go: a pass in which nothing changed is mostly this."""
        lacking = self.memory.lacking([column.key for shared in chunk for column in shared])
        wanted = {shared[0].url: self._since(shared) for shared in chunk}
        recall = Recall(self.county.id, self.memory.pages, frozenset(self._absent), self.keeper.unknown)
        recalled = await run_read(
            self.store, lambda tx: recall.load(tx, lacking, wanted, self.fetcher.limits.max_pages)
        )
        self.memory.learn(recalled.entries)
        self.memory.keep(recalled.pages)
        self._absent |= recalled.absent
        self.keeper.remember(recalled.captures)
        self.visits.recall(recalled.faulty)

    async def _renew(self, changed: Mapping[str, Collection[str]]) -> None:
        """Load again the entries that the pass has changed, by column."""
        county, wanted = self.county.id, {column: urls for column, urls in changed.items() if urls}

        def load(tx: Tx) -> dict[str, dict[str, Known]]:
            return {column: site.known_entries(tx, county, [column], urls)[column] for column, urls in wanted.items()}

        if wanted:
            for column, entries in (await run_read(self.store, load)).items():
                self.memory.add(column, entries)

    async def _attempt(self, shared: list[SiteColumn]) -> None:
        began = self.fetcher.clock()
        try:
            await self._visit(shared)
        except Exception as error:  # whatever it is: the next column is another page of another make
            log.exception("column failed", extra={"action": "crawl", "column": shared[0].key})
            self.keeper.forget()
            for column in shared:
                self.memory.forget(column.key)
                await self._fail(column.key, began, f"读取时出错：{type(error).__name__}")
        if self.progress is not None:
            for column in shared:
                self.progress(column.key)

    async def _visit(self, shared: list[SiteColumn]) -> None:
        first = shared[0]
        # A column whose first page was never kept has no further ones either: they need not be looked up.
        kept = none_kept if first.url in self._absent else self._kept
        since = self._since(shared)
        reading = await read_column(self.fetcher, first, self.county.zone, since=since, kept=kept)
        if since != date.max:  # something may be held absent from it
            reading = await self.successors.checked(first, reading)
        for column in shared:
            visit = replace(reading.visit, column=column.key)
            tally = await self._take(column, replace(reading, visit=visit))
            self.results.append(
                ColumnResult(
                    column.key, visit.outcome, visit.note, visit.pages, visit.entries,
                    tally.new, tally.changed, tally.gone, tally.returned,
                )
            )  # fmt: skip

    def _since(self, shared: list[SiteColumn]) -> date | None:
        """As far back as any of the keys needs; where nothing is said, the first page is enough."""
        if self.since is None:
            return None
        return min(self.since.get(column.key, date.max) for column in shared)

    async def _kept(self, url: str) -> KeptPage | None:
        if url in self._absent or (page := self.memory.page(url)) is not None:
            return None if url in self._absent else page
        found = await run_read(self.store, lambda tx: kept_pages(tx, self.county.id, [url]))
        self.memory.keep(found)
        if url not in found:
            self._absent.add(url)
        return found.get(url)

    # -- recording -------------------------------------------------------------------------------

    async def _take(self, column: SiteColumn, reading: ColumnReading) -> ColumnChanges:
        """Record the visit and what it saw, then ask for the articles that are due."""
        tally = ColumnChanges()
        todo, known = await self.visits.take(column, reading, self.reread, self.fetcher.clock())
        self.memory.keep({page.url: page for page in reading.pages})
        self._absent -= {page.url for page in reading.pages}
        tally.new = len(todo.new)
        await self._read_behind(column, reading, todo, known, tally)
        return tally

    async def _read_behind(
        self,
        column: SiteColumn,
        reading: ColumnReading,
        todo: VisitChanges,
        known: Mapping[str, Known],
        tally: ColumnChanges,
    ) -> None:
        """The articles that are due, and what they changed, remembered."""
        listed = todo.listed
        waiting = [*(known[sighting.url] for sighting in todo.new if sighting.url in known), *todo.ask]
        if column.kind == "page":
            changed = await self.articles.take_page(reading.visit, reading, known, listed, tally)
        elif self.lists_only:
            changed = [one.url for one, _ in todo.relisted]
        else:
            await self.articles.read(reading.visit, waiting, listed, tally)
            changed = [*(one.url for one, _ in todo.relisted), *(one.url for one in waiting)]
        await self._renew({column.key: changed})

    async def _fail(self, column: str, began: datetime, note: str) -> None:
        visit = Visit(column, began, self.fetcher.clock(), VisitOutcome.NOT_UNDERSTOOD, None, 0, 0, note)
        if not any(result.column == column for result in self.results):
            self.results.append(ColumnResult(column, visit.outcome, note))
        try:
            await self.visits.fail(visit)
        except Exception:  # the database may be what failed; the report still says so
            log.exception("cannot record the failed visit", extra={"action": "crawl", "column": column})

"""Runs the reading pass: visits the columns of a county and records entries and articles. Knows no duties.

Each column is fetched once, however many duties watch it, and recorded in its own transaction, so that nothing recorded
is lost if the process ends in the middle.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from tracker.clock import Clock
from tracker.core.law.county import County, Rulebook, SiteColumn
from tracker.core.values.certificate import Confirmation
from tracker.core.values.facts import Visit, VisitOutcome
from tracker.crawl.archiver import Archiver
from tracker.crawl.articles import Articles
from tracker.crawl.load import load_columns, load_pages
from tracker.crawl.report import ColumnResult, CrawlReport
from tracker.crawl.resources import CrawlResources
from tracker.crawl.robots import RobotsStore
from tracker.crawl.site_state import SiteState
from tracker.crawl.write import VisitWriter
from tracker.evidence.attachments.collect import Files
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.listing.columns import ColumnReading, KeptPage, none_kept, read_column
from tracker.evidence.listing.successor import Successors
from tracker.registers.columns import load_confirmed_pages
from tracker.registers.golive import list_first_sights
from tracker.rulebook.schedule import Crawl
from tracker.store import site
from tracker.store.certificates import list_confirmations
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_faults, list_faults
from tracker.store.site import KnownEntry
from tracker.store.threads import run_read, run_write
from tracker.store.visits import count_visits

log = logging.getLogger(__name__)

#: Columns whose known entries are loaded at once.
_CHUNK = 20


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
    site_state: SiteState | None = None,
    archiver: Archiver | None = None,
    resources: CrawlResources,
) -> CrawlReport:
    """Visit the county's columns (or `only` those), back to the day that `since` has for each (None: to the end).

    Articles of new entries are read; others again at growing intervals, and at once if `reread` has their address.
    `lists_only` leaves the articles to a later pass. `progress` is called with the key of each finished column.
    `site_state`: the cache of a long-running caller. `archiver`: archives the answers; None: they are not archived.
    `resources`: of the pass, which may read other counties at the same time.
    """
    county, site_state = rulebook.county, site_state or SiteState()
    archiver, limits = archiver or Archiver(store, county.id), build_limits(settings)
    site_state.begin(*await run_write(store, lambda tx: _begin(tx, county, clock())))
    confirmed, first_sights = await run_read(
        store, lambda tx: (_confirmations(tx, county), list_first_sights(tx, county))
    )  # fmt: skip
    began, hosts = clock(), {urlsplit(column.url).hostname or "" for column in county.columns.values()}
    async with Fetcher(
        county.hosts | hosts,
        county.allow_private,
        limits,
        clock,
        own=county.own_hosts,
        listener=archiver.listener,
        shelf=RobotsStore(store, county.id),
        lines=resources.lines,
    ) as fetcher:
        articles = Articles(store, county, fetcher, Files(fetcher, resources.files), archiver)
        writer = VisitWriter(store, county.id, archiver, site_state, lists_only, confirmed, first_sights)
        crawling_pass = _CrawlingPass(
            store, county, fetcher, articles, archiver, lists_only, since, frozenset(reread or ()), progress,
            site_state, writer, Successors(fetcher, county.zone),
        )  # fmt: skip
        by_host: dict[str, list[list[SiteColumn]]] = defaultdict(list)
        for same_page in _group_by_page(county, only):
            by_host[urlsplit(same_page[0].url).netloc].append(same_page)
        await asyncio.gather(*(crawling_pass.visit_host(columns) for columns in by_host.values()))
        await crawling_pass.decide_takedowns()
        await archiver.finish()
        requests = fetcher.requests
    positions = {key: position for position, key in enumerate(county.columns)}
    results = sorted(crawling_pass.results, key=lambda result: positions[result.column])
    return CrawlReport(county.id, began, clock(), tuple(results), requests)


def _begin(tx: Tx, county: County, now: datetime) -> tuple[int, int]:
    """Return the numbers of the county's visits and confirmations; its row is created if it is new.

    The faults of columns that are no longer read are cleared.
    """
    ensure_county(tx, county.id)
    watched = {f"column:{column.key}" for column in county.columns.values() if not column.is_unfilled}
    faults = (fault for fault in list_faults(tx, county.id) if fault.subject.startswith("column:"))
    clear_faults(tx, [fault for fault in faults if fault.subject not in watched], now)
    return count_visits(tx, county.id), len(list_confirmations(tx, county.id, withdrawn=True))


def _confirmations(tx: Tx, county: County) -> dict[str, list[Confirmation]]:
    """Return by column the confirmation that its list, under its present address, is one page."""
    return {key: [confirmation] for key, confirmation in load_confirmed_pages(tx, county).items()}


def _group_by_page(county: County, only: Collection[str] | None) -> list[list[SiteColumn]]:
    """Return the columns by page: columns that name the same page share a visit. Placeholders are left out."""
    by_page: dict[tuple[object, ...], list[SiteColumn]] = defaultdict(list)
    for column in county.columns.values():
        if not column.is_unfilled and (only is None or column.key in only):
            by_page[column.kind, column.url, column.dialect, column.interface, column.list_rule].append(column)
    return list(by_page.values())


def agent_of(settings: Crawl) -> str:
    """Return the user agent, with the address that a webmaster can write to."""
    agent = f"{Limits().user_agent}; {settings.contact}" if settings.contact else Limits().user_agent
    return agent.replace("\n", " ")


def build_limits(settings: Crawl) -> Limits:
    """Return the limits of fetching by the schedule."""
    return Limits(
        delay=settings.delay.total_seconds(),
        timeout=settings.timeout.total_seconds(),
        max_bytes=settings.max_bytes,
        max_pages=settings.max_pages,
        user_agent=agent_of(settings),
    )


@dataclass(slots=True)
class _CrawlingPass:
    store: Store
    county: County
    fetcher: Fetcher
    articles: Articles
    archiver: Archiver
    lists_only: bool
    since: Mapping[str, date] | None
    reread: frozenset[str]
    progress: Callable[[str], None] | None
    site_state: SiteState
    writer: VisitWriter
    successors: Successors
    results: list[ColumnResult] = field(default_factory=list)
    _absent: set[str] = field(default_factory=set)  # addresses of pages that are not stored

    async def visit_host(self, columns: Sequence[list[SiteColumn]]) -> None:
        """Visit the columns of one host in turn. An error in one never stops the pass."""
        for start in range(0, len(columns), _CHUNK):
            chunk = columns[start : start + _CHUNK]
            await self._load(chunk)
            for same_page in chunk:
                await self._try_visit(same_page)
                if self.writer.is_due:
                    await self._flush()
            await self._flush()

    async def decide_takedowns(self) -> None:
        """Decide the takedowns of the complete pass."""
        try:
            decided = await self.articles.takedowns.decide()
            await self._reload({column: takedowns.urls for column, takedowns in decided.items()})
            for result in self.results:
                if result.column in decided:
                    result.gone += decided[result.column].gone
        except Exception:  # they are found again at the next pass
            self.site_state.forget("")
            log.exception("cannot settle the vacant articles", extra={"action": "crawl"})

    # -- loading ---------------------------------------------------------------------------------

    async def _load(self, chunk: Sequence[list[SiteColumn]]) -> None:
        """Load what is known of some columns at once; a pass in which nothing changed is mostly this."""
        columns = self.site_state.uncached([column.key for same_page in chunk for column in same_page])
        addresses = {same_page[0].url: self._since(same_page) for same_page in chunk}
        pages, absent = self.site_state.pages, frozenset(self._absent)
        loaded = await run_read(
            self.store,
            lambda tx: load_columns(
                tx, self.county.id, columns, addresses, self.fetcher.limits.max_pages,
                pages=pages, absent=absent, uncached=self.archiver.uncached,
            ),
        )  # fmt: skip
        self.site_state.set_columns(loaded.entries)
        self.site_state.add_pages(loaded.pages)
        self._absent |= loaded.absent
        self.archiver.cache(loaded.captures)
        self.writer.add_faulty(loaded.faulty)

    async def _reload(self, changed: Mapping[str, Collection[str]]) -> None:
        """Reload entries that the pass has changed: addresses by column."""
        wanted = {column: urls for column, urls in changed.items() if urls}

        def load(tx: Tx) -> dict[str, dict[str, KnownEntry]]:
            return {
                column: site.load_known_entries(tx, self.county.id, [column], urls)[column]
                for column, urls in wanted.items()
            }

        if wanted:
            for column, entries in (await run_read(self.store, load)).items():
                self.site_state.update(column, entries)

    async def _page(self, url: str) -> KeptPage | None:
        """Return the stored page of an address, from the cache or the database."""
        if url in self._absent or (page := self.site_state.page(url)) is not None:
            return None if url in self._absent else page
        pages = await run_read(self.store, lambda tx: load_pages(tx, self.county.id, [url]))
        self.site_state.add_pages(pages)
        if url not in pages:
            self._absent.add(url)
        return pages.get(url)

    def _since(self, same_page: list[SiteColumn]) -> date | None:
        """Return the earliest day that any of the columns needs (None: to the end); without one, the first page."""
        if self.since is None:
            return None
        return min(self.since.get(column.key, date.max) for column in same_page)

    # -- visiting --------------------------------------------------------------------------------

    async def _try_visit(self, same_page: list[SiteColumn]) -> None:
        began = self.fetcher.clock()
        try:
            await self._visit(same_page)
        except Exception as error:  # the next column may be fine
            log.exception("column failed", extra={"action": "crawl", "column": same_page[0].key})
            self.archiver.forget()
            for column in same_page:
                self.site_state.forget(column.key)
                await self._record_failed(column.key, began, f"读取时出错：{type(error).__name__}")
        if self.progress is not None:
            for column in same_page:
                self.progress(column.key)

    async def _visit(self, same_page: list[SiteColumn]) -> None:
        first, since = same_page[0], self._since(same_page)
        # A column whose first page is not stored has no stored further pages either.
        kept = none_kept if first.url in self._absent else self._page
        reading = await read_column(self.fetcher, first, self.county.zone, since=since, kept=kept)
        if since != date.max:  # entries may count as absent from it
            reading = await self.successors.checked(first, reading)
        for column in same_page:
            visit = replace(reading.visit, column=column.key)
            result = ColumnResult(column.key, visit.outcome, visit.note, visit.pages, visit.entries)
            await self._record(column, replace(reading, visit=visit), result)
            self.results.append(result)

    # -- recording -------------------------------------------------------------------------------

    async def _record(self, column: SiteColumn, reading: ColumnReading, result: ColumnResult) -> None:
        """Record the visit and what it saw, then read the articles that are due."""
        visit = replace(reading.visit, reached=reading.certificate.shown_to)
        changes, known = await self.writer.record(column, reading, self.reread, self.fetcher.clock())
        self.site_state.add_pages({page.url: page for page in reading.pages})
        self._absent -= {page.url for page in reading.pages}
        result.new = len(changes.new)
        changed = [entry.url for entry, _ in changes.relisted]
        if column.kind == "page":
            changed = await self.articles.record_page(visit, reading, known, changes.listed, result)
        elif not self.lists_only:
            new = [known[sighting.url] for sighting in changes.new if sighting.url in known]
            entries = [*new, *changes.to_read]
            await self.articles.read(visit, entries, changes.listed, result)
            changed += [entry.url for entry in entries]
        await self._reload({column.key: changed})

    async def _flush(self) -> None:
        """Record the visits that wait for one another."""
        for visit, error in (await self.writer.flush()).items():
            log.error("visit not recorded", exc_info=error, extra={"action": "crawl", "column": visit.column})
            self.site_state.forget(visit.column)
            self.results = [result for result in self.results if result.column != visit.column]
            await self._record_failed(visit.column, visit.began_at, f"读取时出错：{type(error).__name__}")

    async def _record_failed(self, column: str, began: datetime, note: str) -> None:
        visit = Visit(column, began, self.fetcher.clock(), VisitOutcome.NOT_UNDERSTOOD, None, 0, 0, note)
        if not any(result.column == column for result in self.results):
            self.results.append(ColumnResult(column, visit.outcome, note))
        try:
            await self.writer.record_failed(visit)
        except Exception:  # the database may be what failed; the report still shows it
            log.exception("cannot record the failed visit", extra={"action": "crawl", "column": column})

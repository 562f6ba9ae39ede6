"""One pass over a county's columns: visits, entries, articles. It knows nothing of duties.

Each column is fetched once, however many duties look at it, and recorded in its own transaction:
what has been recorded is not lost when the process ends in the middle.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from tracker.core.duties import County, Rulebook, SiteColumn
from tracker.core.facts import Outcome, Sighting, Visit
from tracker.evidence.article import Article
from tracker.evidence.columns import ColumnReading, KeptPage, read_article, read_column
from tracker.evidence.fetch import Answer, Fetcher, Limits
from tracker.evidence.listing import Listing
from tracker.reconcile import Plan, arrived, as_listed, differs, next_version, plan, presence
from tracker.rulebook.schedule import Crawl
from tracker.store import site
from tracker.store.counties import ensure_county, next_seq
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, list_faults, record_fault
from tracker.store.site import Known, NewVersion

log = logging.getLogger(__name__)

#: Articles read between two transactions: what a kill may cost.
_BATCH = 20
#: Columns whose known state is loaded at once.
_CHUNK = 20

Clock = Callable[[], datetime]
#: An entry with what its address answered, and with what that changes.
_Asked = tuple[Known, Answer, Article | None]
_Settled = tuple[Known, dict[str, object], NewVersion | None]


@dataclass(frozen=True, slots=True)
class ColumnResult:
    """How one column fared. `note` (Chinese): why it could not be looked at, or how far it was read."""

    column: str
    outcome: Outcome
    note: str = ""
    pages: int = 0
    entries: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    returned: int = 0

    @property
    def looked(self) -> bool:
        return self.outcome is Outcome.READ


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
        return tuple(one for one in self.columns if not one.looked)

    def __str__(self) -> str:
        new, changed, gone = (sum(getattr(one, name) for one in self.columns) for name in ("new", "changed", "gone"))
        counts = f"{self.requests} requests, {new} new, {changed} changed, {gone} gone"
        blind = "".join(f"\n  could not look at {one.column}: {one.outcome} {one.note}" for one in self.could_not_look)
        return f"{self.county}: {len(self.columns)} columns, {counts}{blind}"


@dataclass(slots=True)
class _Tally:
    new: int = 0
    changed: int = 0
    gone: int = 0
    returned: int = 0

    def take(self, change: Mapping[str, object], version: NewVersion | None) -> None:
        self.changed += version is not None and not version.replaces
        if "gone_at" in change:
            self.gone += change["gone_at"] is not None
            self.returned += change["gone_at"] is None


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
) -> CrawlReport:
    """Visit the county's columns (or `only` those), as far back as `since` says for each (None: to the end).

    Entries that are new have their articles read; the others again with growing distance, and at once
    where `reread` lists their address. `progress` is told the key of each column that is done.
    """
    county = rulebook.county
    async with store.begin() as tx:
        await ensure_county(tx, county.id)
    began, hosts = clock(), {urlsplit(one.url).hostname or "" for one in county.columns.values()}
    results: list[ColumnResult] = []
    async with Fetcher(county.hosts | hosts, county.allow_private, _limits(settings), clock) as fetcher:
        one_pass = _Pass(store, county, fetcher, since, frozenset(reread or ()), progress, results)
        lines: dict[str, list[list[SiteColumn]]] = defaultdict(list)
        for shared in _shared(county, only):
            lines[urlsplit(shared[0].url).netloc].append(shared)
        await asyncio.gather(*(one_pass.line(columns) for columns in lines.values()))
        requests = fetcher.requests
    order = {key: place for place, key in enumerate(county.columns)}
    results.sort(key=lambda one: order[one.column])
    return CrawlReport(county.id, began, clock(), tuple(results), requests)


def _shared(county: County, only: Collection[str] | None) -> list[list[SiteColumn]]:
    """Columns by address: two keys that name one page are one visit."""
    by_address: dict[tuple[str, str], list[SiteColumn]] = defaultdict(list)
    for column in county.columns.values():
        if only is None or column.key in only:
            by_address[column.kind, column.url].append(column)
    return list(by_address.values())


def _limits(settings: Crawl) -> Limits:
    agent = f"{Limits().user_agent}; {settings.contact}" if settings.contact else Limits().user_agent
    return Limits(
        delay=settings.delay.total_seconds(),
        timeout=settings.timeout.total_seconds(),
        max_bytes=settings.max_bytes,
        max_pages=settings.max_pages,
        user_agent=agent.replace("\n", " "),
    )


def _page_of(row: site.PageRow) -> KeptPage | None:
    """None where another edition of the readers made it: then the page is read anew."""
    listing = Listing.from_json(row.parsed)
    if listing is None:
        return None
    return KeptPage(row.url, row.etag, row.last_modified, row.digest, listing, row.read_at)


def _further(
    wanted: Mapping[str, date | None], kept: Mapping[str, KeptPage | None], number: int
) -> Iterator[tuple[str, date | None]]:
    """The pages that followed these when they were last read, as far back as they are wanted."""
    for url, since in wanted.items():
        if (page := kept[url]) is None or (following := page.listing.following(number)) is None:
            continue
        newest = page.listing.newest
        if since is None or newest is None or newest >= since:
            yield following, since


@dataclass(slots=True)
class _Pass:
    """What a pass carries from column to column."""

    store: Store
    county: County
    fetcher: Fetcher
    since: Mapping[str, date] | None
    reread: frozenset[str]
    progress: Callable[[str], None] | None
    results: list[ColumnResult]
    _known: dict[str, dict[str, Known]] = field(default_factory=dict)
    _pages: dict[str, KeptPage | None] = field(default_factory=dict)
    _faulty: set[str] = field(default_factory=set)
    _asked: dict[tuple[str, str, str], tuple[Answer, Article | None]] = field(default_factory=dict)

    async def line(self, columns: Sequence[list[SiteColumn]]) -> None:
        """The columns of one host, one after the other. One bad column never stops the pass."""
        for start in range(0, len(columns), _CHUNK):
            chunk = columns[start : start + _CHUNK]
            await self._recall(chunk)
            for shared in chunk:
                await self._attempt(shared)

    async def _recall(self, chunk: Sequence[list[SiteColumn]]) -> None:
        """Load what is known of some columns in one go: a pass in which nothing changed is mostly this."""
        keys = [column.key for shared in chunk for column in shared]
        async with self.store.read() as tx:
            self._known |= await site.known_entries(tx, self.county.id, keys)
            self._faulty |= {one.subject for one in await list_faults(tx, self.county.id) if one.action == "crawl"}
            wanted = {shared[0].url: self._since(shared) for shared in chunk}
            for number in range(1, self.fetcher.limits.max_pages + 1):
                wanted = {url: since for url, since in wanted.items() if url not in self._pages}
                if not wanted:
                    break
                rows = await site.kept_pages(tx, self.county.id, wanted)
                self._pages |= {url: _page_of(rows[url]) if url in rows else None for url in wanted}
                wanted = dict(_further(wanted, self._pages, number))

    async def _attempt(self, shared: list[SiteColumn]) -> None:
        began = self.fetcher.clock()
        try:
            await self._visit(shared)
        except Exception as error:  # whatever it is: the next column is another page of another make
            log.exception("column failed", extra={"action": "crawl", "column": shared[0].key})
            for column in shared:
                await self._fail(column, began, f"读取时出错：{type(error).__name__}")
        if self.progress is not None:
            for column in shared:
                self.progress(column.key)

    async def _visit(self, shared: list[SiteColumn]) -> None:
        first = shared[0]
        reading = await read_column(self.fetcher, first, self.county.zone, since=self._since(shared), kept=self._kept)
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
        if url in self._pages:
            return self._pages.pop(url)
        async with self.store.read() as tx:
            row = (await site.kept_pages(tx, self.county.id, [url])).get(url)
        return _page_of(row) if row is not None else None

    # -- recording -------------------------------------------------------------------------------

    async def _take(self, column: SiteColumn, reading: ColumnReading) -> _Tally:
        """Record the visit and what it saw, then ask for the articles that are due."""
        visit, tally, known = reading.visit, _Tally(), self._known.pop(column.key)
        async with self.store.begin() as tx:
            todo = plan(visit, reading.sightings, known, self.reread, self.fetcher.clock())
            seq = await next_seq(tx, self.county.id)
            await self._record(tx, seq, column, reading, todo)
            if todo.new:
                fresh = [one.url for one in todo.new]
                known |= (await site.known_entries(tx, self.county.id, [column.key], fresh))[column.key]
        tally.new = len(todo.new)
        listed = {one.url: one for one in reading.sightings}
        waiting = [*(known[one.url] for one in todo.new if one.url in known), *todo.ask]
        if column.kind == "page":
            await self._take_page(visit, reading, known, listed, tally)
        else:
            for start in range(0, len(waiting), _BATCH):
                await self._read_articles(visit, waiting[start : start + _BATCH], listed, tally)
        return tally

    async def _record(self, tx: Tx, seq: int, column: SiteColumn, reading: ColumnReading, todo: Plan) -> None:
        visit = reading.visit
        await site.record_visit(tx, self.county.id, seq, visit)
        await site.add_entries(tx, self.county.id, seq, column.key, todo.new, visit.began_at)
        await site.mark_seen(tx, todo.seen, visit.began_at)
        await site.mark_missing(tx, todo.missing, visit.began_at)
        await site.change_entries(
            tx,
            [
                {
                    "id": one.id,
                    "listed_title": seen.title,
                    "listed_claimed": seen.claimed,
                    "publisher": seen.publisher,
                    "seq": seq,
                }
                for one, seen in todo.relisted
            ],
        )
        rows = [
            site.PageRow(one.url, one.etag, one.last_modified, one.digest, one.listing.to_json(), one.read_at)
            for one in reading.pages
        ]
        await site.keep_pages(tx, self.county.id, rows)
        await self._mark_fault(tx, column, visit)

    async def _mark_fault(self, tx: Tx, column: SiteColumn, visit: Visit) -> None:
        subject = f"column:{column.key}"
        if visit.outcome is Outcome.READ and subject in self._faulty:
            await clear_fault(tx, self.county.id, subject, "crawl", visit.ended_at)
        elif visit.outcome is not Outcome.READ:
            await record_fault(tx, self.county.id, subject, "crawl", visit.note, visit.ended_at)

    async def _fail(self, column: SiteColumn, began: datetime, note: str) -> None:
        visit = Visit(column.key, began, self.fetcher.clock(), Outcome.NOT_UNDERSTOOD, None, 0, 0, note)
        if not any(one.column == column.key for one in self.results):
            self.results.append(ColumnResult(column.key, visit.outcome, note))
        try:
            async with self.store.begin() as tx:
                await site.record_visit(tx, self.county.id, await next_seq(tx, self.county.id), visit)
                await self._mark_fault(tx, column, visit)
        except Exception:  # the database may be what failed; the report still says so
            log.exception("cannot record the failed visit", extra={"action": "crawl", "column": column.key})

    # -- articles --------------------------------------------------------------------------------

    async def _read_articles(
        self, visit: Visit, batch: Sequence[Known], listed: Mapping[str, Sighting], tally: _Tally
    ) -> None:
        answers = [(known, *await self._ask(known, listed.get(known.url))) for known in batch]
        async with self.store.begin() as tx:
            settled = await self._settle(tx, visit, answers, listed, tally)
            if settled:
                await self._change(tx, settled)
            await site.mark_read(tx, [known.id for known, _, _ in answers], answers[-1][1].at)

    async def _ask(self, known: Known, listed: Sighting | None) -> tuple[Answer, Article | None]:
        """Once a pass for an address, whichever columns list it. A changed row needs the whole article."""
        fresh = listed is not None and (listed.title, listed.claimed) != (known.listed_title, known.listed_claimed)
        etag, modified = ("", "") if fresh or known.state != "read" else (known.etag, known.last_modified)
        key = (known.url, etag, modified)
        if key not in self._asked:
            if len(self._asked) > 500:
                self._asked.clear()
            self._asked[key] = await read_article(
                self.fetcher, known.url, self.county.zone, etag=etag, last_modified=modified
            )
        return self._asked[key]

    async def _settle(
        self, tx: Tx, visit: Visit, answers: Sequence[_Asked], listed: Mapping[str, Sighting], tally: _Tally
    ) -> list[_Settled]:
        """What the answers change; entries that are as they were are left out."""
        shown = {known.id: listed.get(known.url) or as_listed(known) for known, _, _ in answers}
        read = [(known, answer, arrived(known, answer, article)) for known, answer, article in answers]
        moved = [known for known, _, article in read if article is not None or differs(shown[known.id], known)]
        bodies = await site.texts_of(tx, moved)
        settled: list[_Settled] = []
        for known, answer, article in read:
            change = presence(known, answer, article)
            if article is not None and article.state == "read":
                change |= {"etag": answer.etag, "last_modified": answer.last_modified}
            version = None
            if known.id in bodies:
                version = next_version(known, shown[known.id], article, bodies[known.id], visit.began_at)
            if change or version is not None:
                settled.append((known, change, version))
            tally.take(change, version)
        return settled

    async def _change(self, tx: Tx, settled: Sequence[_Settled], **also: object) -> None:
        seq = await next_seq(tx, self.county.id)
        await site.add_versions(tx, [version for _, _, version in settled if version is not None])
        await site.change_entries(tx, [{**change, "id": known.id, "seq": seq, **also} for known, change, _ in settled])

    async def _take_page(
        self,
        visit: Visit,
        reading: ColumnReading,
        known: Mapping[str, Known],
        listed: Mapping[str, Sighting],
        tally: _Tally,
    ) -> None:
        """A page column's one entry is the page itself: the visit has read its article already."""
        for one in known.values():
            answer = Answer(one.url, one.url, visit.ended_at, visit.outcome, reading.status)
            known_already = reading.unchanged and one.gone_at is None
            if known_already or (visit.outcome is not Outcome.READ and not answer.gone):
                continue
            async with self.store.begin() as tx:
                settled = await self._settle(tx, visit, [(one, answer, reading.article)], listed, tally)
                if settled:
                    await self._change(tx, settled, read_at=visit.ended_at)

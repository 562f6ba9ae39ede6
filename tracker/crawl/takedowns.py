"""Tells articles that were taken down from a site that shows nothing at all.

Decided when the pass over the county is complete. If many articles seem taken down at once, it is a fault of the site;
a single one beside others that are readable is visited twice before it counts as gone.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlsplit

from tracker.core.law.county import County
from tracker.core.values.verdicts import EMPTIED_PAGE_STATUS
from tracker.crawl.reconcile import find_cleared
from tracker.crawl.versions import TakedownKind
from tracker.evidence.attachments.collect import Files
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.listing.columns import read_article
from tracker.evidence.page.empty_page import LEAST, substance
from tracker.store import site
from tracker.store.counties import next_seq
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, list_faults, record_fault
from tracker.store.site import KnownEntry, NewVersion
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)

#: The time between the first visit that finds an article empty and the one that confirms it.
CONFIRM_AFTER = timedelta(hours=1)
#: So many at once may be the site's fault; with 404 answers, which are more explicit, one more.
_MANY, _MANY_DEAD = 2, 3
#: How many other articles are read for comparison.
_MAX_COMPARED = 5
ACTION = "articles"


@dataclass(frozen=True, slots=True)
class Takedown:
    """An article that seems taken down. `off_list`: its list no longer shows it either.

    `version`: the next version of a shrunk one, stored once confirmed.
    """

    column: str
    known: KnownEntry
    kind: TakedownKind
    at: datetime
    status: int
    off_list: bool
    version: NewVersion | None = None


class Decided(NamedTuple):
    """The addresses of a column's decided takedowns, and how many of the entries are gone."""

    urls: tuple[str, ...]
    gone: int


@dataclass(slots=True)
class Takedowns:
    """Collects the takedowns and the readable articles of one pass over a county, and decides at its end."""

    store: Store
    county: County
    fetcher: Fetcher
    files: Files
    _by_column: dict[str, list[Takedown]] = field(default_factory=lambda: defaultdict(list))
    _readable: Counter[str] = field(default_factory=Counter)  # by column
    _readable_on_host: Counter[str] = field(default_factory=Counter)

    def add(self, takedown: Takedown) -> None:
        self._by_column[takedown.column].append(takedown)

    def add_readable(self, column: str, url: str) -> None:
        self._readable[column] += 1
        self._readable_on_host[_host(url)] += 1

    async def decide(self) -> dict[str, Decided]:
        """Decide and record the takedowns. Return them by column."""
        decided: dict[str, Decided] = {}
        for column, takedowns in self._by_column.items():
            taken = [takedown for takedown in takedowns if takedown.kind == "taken"]
            others = [takedown for takedown in takedowns if takedown.kind != "taken"]
            record = partial(self._record_taken, column=column, taken=taken)
            gone = await run_write(self.store, record) if taken else 0
            if others:
                gone += await self._decide_column(column, others)
            decided[column] = Decided(tuple(takedown.known.url for takedown in takedowns), gone)
        await self._clear_faults(
            [
                column
                for column in self._readable
                if all(takedown.kind == "taken" for takedown in self._by_column.get(column, ()))
            ]
        )
        return decided

    async def _decide_column(self, column: str, takedowns: Sequence[Takedown]) -> int:
        """Decide the takedowns of a column. Return how many entries are gone."""
        readable = self._readable[column]
        if readable < _needed(takedowns):
            readable += await self._count_readable_others(column, takedowns)
        is_site_fault = self._is_site_fault(takedowns, readable)
        is_alone = not readable and not self._readable_on_host[_host(takedowns[0].known.url)]

        def record(tx: Tx) -> int:
            if is_site_fault:
                self._record_site_fault(tx, column, takedowns)
                return 0
            changes = {takedown.known.id: changes_of(takedown, is_alone=is_alone) for takedown in takedowns}
            gone = self._record(tx, takedowns, changes)
            self._record_unconfirmed(tx, column, takedowns, is_alone=is_alone)
            return gone

        return await run_write(self.store, record)

    def _record_taken(self, tx: Tx, column: str, taken: Sequence[Takedown]) -> int:
        """Record articles with 404 answers that are off their list: they are gone.

        If the site was cleared of everything as old, each stays in doubt, and a person is asked about those that count
        as proof.
        """
        cleared = find_cleared(site.load_known_entries(tx, self.county.id, [column])[column].values())
        changes: dict[int, dict[str, object]] = {}
        for takedown in taken:
            known = takedown.known
            if known.id not in cleared:
                changes[known.id] = changes_of(takedown, is_alone=False)
            else:
                changes[known.id] = {"hollow_at": takedown.at} if known.hollow_at is None else {}
        return self._record(tx, taken, changes)

    def _record(self, tx: Tx, takedowns: Sequence[Takedown], changes: Mapping[int, dict[str, object]]) -> int:
        """Write the changes of entries, by ID. Return how many are gone."""
        if any(changes.values()):
            seq = next_seq(tx, self.county.id)
            site.change_entries(tx, [{**change, "id": id, "seq": seq} for id, change in changes.items() if change])
            confirmed = [
                takedown.version
                for takedown in takedowns
                if takedown.kind == "shrunk"
                and takedown.version is not None
                and changes[takedown.known.id].get("hollow_at", takedown.at) is None
            ]
            site.add_versions(tx, confirmed)
        site.mark_read(tx, list(changes), max(takedown.at for takedown in takedowns))
        return sum("gone_at" in change for change in changes.values())

    def _is_site_fault(self, takedowns: Sequence[Takedown], readable: int) -> bool:
        """Return whether the site shows nothing, rather than these articles. `readable`: others of the column."""
        if _is_list_unread(takedowns):
            return readable < _needed(takedowns)
        are_dead = all(takedown.kind == "dead" for takedown in takedowns)
        if len(takedowns) >= (_MANY_DEAD if are_dead else _MANY):
            return readable < len(takedowns)
        if readable or are_dead:
            return False
        host = _host(takedowns[0].known.url)
        takedowns_of_pass = chain.from_iterable(self._by_column.values())
        urls = {takedown.known.url for takedown in takedowns_of_pass if takedown.kind != "dead"}
        on_host = sum(_host(url) == host for url in urls)
        return on_host >= _MANY and self._readable_on_host[host] < on_host

    async def _count_readable_others(self, column: str, takedowns: Sequence[Takedown]) -> int:
        """Read other articles of the column for comparison. Return how many are readable."""
        urls = {takedown.known.url for takedown in takedowns}
        known = (await run_read(self.store, lambda tx: site.load_known_entries(tx, self.county.id, [column])))[column]
        others = [
            entry
            for url, entry in known.items()
            if url not in urls and entry.state == "read" and entry.gone_at is None and entry.hollow_at is None
        ]
        others.sort(key=lambda entry: (entry.last_seen_at, entry.id), reverse=True)
        readable = 0
        for entry in others[: min(len(takedowns) + 1, _MAX_COMPARED)]:
            _, article = await read_article(self.fetcher, entry.url, self.county.zone, files=self.files)
            if article is None or article.state != "read":
                continue
            if article.attachments or article.pictured or substance(article.text or "") >= LEAST:
                readable += 1
                self._readable_on_host[_host(entry.url)] += 1
        return readable

    # -- faults ----------------------------------------------------------------------------------

    def _record_site_fault(self, tx: Tx, column: str, takedowns: Sequence[Takedown]) -> None:
        """Record a fault of the column. Its articles are unchanged and are read again at the next pass."""
        note = f"{len(takedowns)}篇文章同时打不开或没有内容，视为网站故障，不作撤下处理"
        if _is_list_unread(takedowns):
            url = takedowns[0].known.url
            note = f"栏目未能读取，{len(takedowns)}篇已采信的文章也打不开，无从断定已撤下，请人工打开核对：{url}"
        self._record_fault(tx, column, note, takedowns)
        if doubted := [takedown.known.id for takedown in takedowns if takedown.known.hollow_at is not None]:
            seq = next_seq(tx, self.county.id)
            site.change_entries(tx, [{"id": id, "hollow_at": None, "seq": seq} for id in doubted])
        log.warning("%s: %d articles show nothing at once", column, len(takedowns), extra={"action": "crawl"})

    def _record_unconfirmed(self, tx: Tx, column: str, takedowns: Sequence[Takedown], *, is_alone: bool) -> None:
        """Record a fault if a second visit could not decide either: a person must open the page."""
        unconfirmed = [takedown for takedown in takedowns if is_unconfirmed(takedown, is_alone=is_alone)]
        if unconfirmed:
            count, url = len(unconfirmed), unconfirmed[0].known.url
            note = f"{count}篇文章再次读取仍看不到原来的内容，系统无从断定，请人工打开核对：{url}"
            self._record_fault(tx, column, note, unconfirmed)

    def _record_fault(self, tx: Tx, column: str, note: str, takedowns: Sequence[Takedown]) -> None:
        at = max(takedown.at for takedown in takedowns)
        record_fault(tx, self.county.id, f"column:{column}", ACTION, note, at)

    async def _clear_faults(self, columns: Collection[str]) -> None:
        if not columns:
            return
        faults = await run_read(self.store, lambda tx: list_faults(tx, self.county.id))
        open_subjects = {fault.subject for fault in faults if fault.action == ACTION}
        resolved = [subject for column in columns if (subject := f"column:{column}") in open_subjects]
        now = self.fetcher.clock()

        def clear(tx: Tx) -> None:
            for subject in resolved:
                clear_fault(tx, self.county.id, subject, ACTION, now)

        if resolved:
            await run_write(self.store, clear)


def is_unconfirmed(takedown: Takedown, *, is_alone: bool) -> bool:
    """Return whether a second visit could not decide: it had nothing to compare, or the list still shows the entry."""
    since = takedown.known.hollow_at
    return since is not None and takedown.at - since >= CONFIRM_AFTER and not changes_of(takedown, is_alone=is_alone)


def changes_of(takedown: Takedown, *, is_alone: bool) -> dict[str, object]:
    """Return the changed fields of the entry. `is_alone`: there was no readable article to compare with."""
    known, kind = takedown.known, takedown.kind
    if kind in ("dead", "taken", "list-unread") and known.state == "read":
        cleared = {"hollow_at": None} if known.hollow_at is not None else {}
        return {"gone_at": takedown.at, "gone_status": takedown.status} | cleared
    if known.hollow_at is None:
        return {"hollow_at": takedown.at}
    if is_alone or takedown.at - known.hollow_at < CONFIRM_AFTER or (kind == "denied" and not takedown.off_list):
        return {}
    if kind == "shrunk":
        return {"hollow_at": None}
    # A listed article that was never read may be an error of the list, so it is visited twice as well.
    return {
        "gone_at": known.hollow_at,
        "gone_status": takedown.status if kind in ("dead", "list-unread") else EMPTIED_PAGE_STATUS,
        "hollow_at": None,
    }


def _is_list_unread(takedowns: Sequence[Takedown]) -> bool:
    return any(takedown.kind == "list-unread" for takedown in takedowns)


def _needed(takedowns: Sequence[Takedown]) -> int:
    """Return how many other articles must be readable: one more where no list says what belongs to the column."""
    return len(takedowns) + _is_list_unread(takedowns)


def _host(url: str) -> str:
    return urlsplit(url).netloc

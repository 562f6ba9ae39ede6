"""Reads the articles of a column's entries when they are due, and records what changed.

A batch is one transaction: a crash costs the reading of a few articles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.core.law.county import County
from tracker.core.values.facts import Attachment, Sighting, Visit, VisitOutcome
from tracker.crawl.archiver import Archiver
from tracker.crawl.reconcile import are_files_due, as_listed, differs, is_off_list
from tracker.crawl.report import ColumnResult
from tracker.crawl.takedowns import Takedown, Takedowns
from tracker.crawl.versions import article_or_unreadable, next_version, presence_change, takedown_kind
from tracker.evidence.article.read import Article
from tracker.evidence.attachments.collect import Files
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.listing.columns import ColumnReading, read_article
from tracker.store import site
from tracker.store.captures import record_captures
from tracker.store.counties import next_seq
from tracker.store.engine import Store, Tx
from tracker.store.site import KnownEntry, NewVersion
from tracker.store.threads import run_read, run_write

#: Articles read between two transactions.
_BATCH = 20
#: Answers cached within a pass, for addresses that several columns list.
_MAX_CACHED = 500

_NO_BODY: site.Body = (None, (), "", ())

#: An entry with the answer of its address and the article in it.
_Reading = tuple[KnownEntry, Answer, Article | None]
_Change = tuple[KnownEntry, dict[str, object], NewVersion | None]


@dataclass(frozen=True, slots=True)
class _Batch:
    """Readings that are recorded together.

    `listed`: the column's list by address. `changed_files`: by entry, changed files of unchanged articles. `at`: when
    the articles count as read. `detects_takedowns`: whether takedowns are looked for.
    """

    visit: Visit
    readings: Sequence[_Reading]
    listed: Mapping[str, Sighting]
    changed_files: Mapping[int, tuple[Attachment, ...]]
    at: datetime
    detects_takedowns: bool = True

    def row_of(self, known: KnownEntry) -> Sighting:
        """Return the entry's row in the list, as it is now or was last shown."""
        return self.listed.get(known.url) or as_listed(known)


@dataclass(slots=True)
class Articles:
    """Reads the articles of one pass over one county."""

    store: Store
    county: County
    fetcher: Fetcher
    files: Files
    archiver: Archiver
    takedowns: Takedowns = field(init=False)
    _answers: dict[tuple[str, str, str], tuple[Answer, Article | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.takedowns = Takedowns(self.store, self.county, self.fetcher, self.files)

    async def read(
        self, visit: Visit, entries: Sequence[KnownEntry], listed: Mapping[str, Sighting], result: ColumnResult
    ) -> None:
        """Read and record the articles of these entries in batches."""
        for start in range(0, len(entries), _BATCH):
            batch = entries[start : start + _BATCH]
            await self.archiver.prepare([known.url for known in batch])
            readings = [(known, *await self._fetch(known, listed.get(known.url))) for known in batch]
            readings, changed_files = await self._read_files(readings)
            await self._record(_Batch(visit, readings, listed, changed_files, at=readings[-1][1].at), result)

    async def record_page(
        self,
        visit: Visit,
        reading: ColumnReading,
        known: Mapping[str, KnownEntry],
        listed: Mapping[str, Sighting],
        result: ColumnResult,
    ) -> list[str]:
        """Record the entry of a page column, whose article the visit itself has read. Return the recorded addresses."""
        recorded: list[str] = []
        for entry in known.values():
            answer = Answer(entry.url, entry.url, visit.ended_at, visit.outcome, reading.status)
            are_due = are_files_due(entry, visit.ended_at)
            is_unchanged = reading.unchanged and entry.gone_at is None and not are_due
            if is_unchanged or (visit.outcome is not VisitOutcome.READ and not answer.gone):
                continue
            readings, changed_files = await self._read_files([(entry, answer, reading.article)], fetch=are_due)
            batch = _Batch(visit, readings, listed, changed_files, at=visit.ended_at, detects_takedowns=False)
            await self._record(batch, result)
            recorded.append(entry.url)
        return recorded

    # -- reading ---------------------------------------------------------------------------------

    async def _fetch(self, known: KnownEntry, listed: Sighting | None) -> tuple[Answer, Article | None]:
        """Fetch an article, once for each address in a pass. An entry with a changed row needs the complete article."""
        is_changed = listed is not None and differs(listed, known)
        etag, modified = ("", "") if is_changed or known.state != "read" else (known.etag, known.last_modified)
        key = (known.url, etag, modified)
        if key not in self._answers:
            if len(self._answers) > _MAX_CACHED:
                self._answers.clear()
            answer, article = await read_article(
                self.fetcher, known.url, self.county.zone, etag=etag, last_modified=modified, files=self.files
            )
            self._answers[key] = answer.lean, article
        return self._answers[key]

    async def _read_files(
        self, readings: Sequence[_Reading], *, fetch: bool = True
    ) -> tuple[list[_Reading], dict[int, tuple[Attachment, ...]]]:
        """Return the readings with the texts of their files, and by entry the changed files of unchanged articles.

        A file may be replaced while its article is not: it is fetched whenever that is, unless not `fetch`.
        """
        known = [
            entry for entry, answer, article in readings
            if entry.state == "read" and (answer.unchanged or _links_files(article))
        ]  # fmt: skip
        before: dict[int, tuple[datetime, tuple[Attachment, ...]]] = {}
        if known:
            before = await run_read(self.store, lambda tx: site.load_attachments(tx, known))
        complete: list[_Reading] = []
        changed_files: dict[int, tuple[Attachment, ...]] = {}
        for entry, answer, article in readings:
            since, attachments = before.get(entry.id, (None, ()))
            are_due = are_files_due(entry, answer.at, since)
            if article is not None and _links_files(article):
                files = await self.files.read(
                    article.attachments, attachments, unread=are_due, read=fetch, own=entry.url
                )
                article = replace(article, attachments=files)
            elif answer.unchanged and attachments:
                files = await self.files.read(attachments, attachments, unread=are_due, read=fetch, own=entry.url)
                if files != attachments:
                    changed_files[entry.id] = files
            complete.append((entry, answer, article))
        return complete, changed_files

    # -- recording -------------------------------------------------------------------------------

    async def _record(self, batch: _Batch, result: ColumnResult) -> None:
        """Record what the readings change, in one transaction, after the answers are written to the disk."""
        await self.archiver.write()
        captures = self.archiver.take_written()

        def record(tx: Tx) -> tuple[list[Takedown], list[str], list[_Change]]:
            record_captures(tx, self.county.id, captures)
            takedowns, readable = self._find_takedowns(tx, batch) if batch.detects_takedowns else ({}, [])
            present = [reading for reading in batch.readings if reading[0].id not in takedowns]
            changes = self._find_changes(tx, batch, present)
            if changes:
                seq = next_seq(tx, self.county.id)
                site.add_versions(tx, [version for _, _, version in changes if version is not None])
                site.change_entries(tx, [{**change, "id": known.id, "seq": seq} for known, change, _ in changes])
            decided = [
                known.id for known, _, _ in batch.readings if known.id not in takedowns or known.gone_at is not None
            ]
            site.mark_read(tx, decided, batch.at)
            return [takedown for takedown in takedowns.values() if takedown is not None], readable, changes

        takedowns, readable, changes = await run_write(self.store, record)
        for _, change, version in changes:
            result.count(change, version)
        for url in readable:
            self.takedowns.add_readable(batch.visit.column, url)
        for takedown in takedowns:
            self.takedowns.add(takedown)

    def _find_takedowns(self, tx: Tx, batch: _Batch) -> tuple[dict[int, Takedown | None], list[str]]:
        """Return the takedowns by entry (None: already gone), and the addresses of the readable articles.

        The takedowns are decided at the end of the pass.
        """
        reread = [known for known, _, article in batch.readings if article is not None and known.state == "read"]
        before, takedowns, readable = site.load_texts(tx, reread), dict[int, Takedown | None](), list[str]()
        for known, answer, article in batch.readings:
            body = before.get(known.id, _NO_BODY)
            listed = known.url in batch.listed if batch.visit.outcome is VisitOutcome.READ else None
            kind = takedown_kind(known, answer, article, body, listed=listed)
            if not kind:
                if answer.unchanged or (article is not None and article.state == "read"):
                    readable.append(known.url)
                continue
            takedowns[known.id] = None
            if known.gone_at is None:
                version = None
                if kind == "shrunk":
                    version = next_version(known, batch.row_of(known), article, body, batch.visit.began_at)
                off_list = is_off_list(known, batch.visit, batch.listed)
                takedowns[known.id] = Takedown(
                    batch.visit.column, known, kind, answer.at, answer.status, off_list, version
                )
        return takedowns, readable

    def _find_changes(self, tx: Tx, batch: _Batch, readings: Sequence[_Reading]) -> list[_Change]:
        """Return the entries that change, with their changed fields and next versions."""
        readings = [
            (known, answer, article_or_unreadable(known, answer, article)) for known, answer, article in readings
        ]
        bodies = site.load_texts(
            tx,
            [
                known
                for known, _, article in readings
                if article is not None or known.id in batch.changed_files or differs(batch.row_of(known), known)
            ],
        )
        changes: list[_Change] = []
        for known, answer, article in readings:
            change = presence_change(known, answer, article)
            if article is not None and article.state == "read":
                # An article of several pages is always fetched: its first page does not show changes of the others.
                validators = ("", "") if article.further else (answer.etag, answer.last_modified)
                change |= dict(zip(("etag", "last_modified"), validators, strict=True))
            version = None
            if (body := bodies.get(known.id)) is not None:
                files = batch.changed_files.get(known.id)
                version = next_version(known, batch.row_of(known), article, body, batch.visit.began_at, files)
            if change or version is not None:
                changes.append((known, change, version))
        return changes


def _links_files(article: Article | None) -> bool:
    """Return whether the article is readable and links files."""
    return article is not None and article.state == "read" and bool(article.attachments)

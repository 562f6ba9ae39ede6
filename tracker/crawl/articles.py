"""Reads the articles behind a column's entries when they are due, and records what changed.

A batch is one transaction: what a kill may cost is the reading of a few articles, never a record half made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.core.law.duties import County
from tracker.core.values.facts import Attachment, Sighting, Visit, VisitOutcome
from tracker.crawl.archiver import Keeper
from tracker.crawl.reconcile import arrived, as_listed, differs, files_due, lacks, next_version, off_list, presence
from tracker.crawl.takedowns import Vacancies, Vacancy
from tracker.evidence.article.read import Article
from tracker.evidence.attachments.collect import Files
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.listing.columns import ColumnReading, read_article
from tracker.store import site
from tracker.store.captures import record_captures
from tracker.store.counties import next_seq
from tracker.store.engine import Store, Tx
from tracker.store.site import Known, NewVersion
from tracker.store.threads import run_read, run_write

#: Articles read between two transactions.
_BATCH = 20
#: Answers remembered within a pass, for addresses that several columns list.
_REMEMBERED = 500

_NOTHING: site.Body = (None, (), "", ())

#: An entry with what its address answered, and with what that changes.
_Asked = tuple[Known, Answer, Article | None]
_Settled = tuple[Known, dict[str, object], NewVersion | None]
#: By entry: the files of an article that is as it was, where they are not.
_Filed = dict[int, tuple[Attachment, ...]]


@dataclass(slots=True)
class ColumnChanges:
    """What a visit changed in what is known of its column."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    returned: int = 0

    def add(self, changes: ColumnChanges) -> None:
        self.new += changes.new
        self.changed += changes.changed
        self.gone += changes.gone
        self.returned += changes.returned

    def take(self, change: Mapping[str, object], version: NewVersion | None) -> None:
        self.changed += version is not None and not version.replaces
        if "gone_at" in change:
            self.gone += change["gone_at"] is not None
            self.returned += change["gone_at"] is None


@dataclass(frozen=True, slots=True)
class _Batch:
    """Answers that are recorded together. `at`: when they count as read; `vacancies`: whether one may show nothing."""

    visit: Visit
    answers: Sequence[_Asked]
    listed: Mapping[str, Sighting]
    filed: _Filed
    at: datetime
    vacancies: bool = True


@dataclass(slots=True)
class Articles:
    """Reads the articles of one pass over one county."""

    store: Store
    county: County
    fetcher: Fetcher
    files: Files
    keeper: Keeper
    _asked: dict[tuple[str, str, str], tuple[Answer, Article | None]] = field(default_factory=dict)
    vacant: Vacancies = field(init=False)

    def __post_init__(self) -> None:
        self.vacant = Vacancies(self.store, self.county, self.fetcher, self.files)

    async def read(
        self, visit: Visit, waiting: Sequence[Known], listed: Mapping[str, Sighting], tally: ColumnChanges
    ) -> None:
        """Ask for the articles of these entries, batch by batch."""
        for start in range(0, len(waiting), _BATCH):
            await self._read(visit, waiting[start : start + _BATCH], listed, tally)

    async def take_page(
        self,
        visit: Visit,
        reading: ColumnReading,
        known: Mapping[str, Known],
        listed: Mapping[str, Sighting],
        tally: ColumnChanges,
    ) -> list[str]:
        """A page column's one entry is the page itself: the visit has read its article already.

        The addresses whose entries were read.
        """
        done: list[str] = []
        for one in known.values():
            answer = Answer(one.url, one.url, visit.ended_at, visit.outcome, reading.status)
            due = files_due(one, visit.ended_at)
            known_already = reading.unchanged and one.gone_at is None and not due
            if known_already or (visit.outcome is not VisitOutcome.READ and not answer.gone):
                continue
            asked, filed = await self._with_files([(one, answer, reading.article)], read=due)
            await self._record(_Batch(visit, asked, listed, filed, at=visit.ended_at, vacancies=False), tally)
            done.append(one.url)
        return done

    async def _read(
        self, visit: Visit, batch: Sequence[Known], listed: Mapping[str, Sighting], tally: ColumnChanges
    ) -> None:
        await self.keeper.prepare([known.url for known in batch])
        answers = [(known, *await self._ask(known, listed.get(known.url))) for known in batch]
        answers, filed = await self._with_files(answers)
        await self._record(_Batch(visit, answers, listed, filed, at=answers[-1][1].at), tally)

    async def _record(self, batch: _Batch, tally: ColumnChanges) -> None:
        """Record what the answers change, in one transaction, after what the site said is on the disk."""
        await self.keeper.write()
        captures = self.keeper.written()

        def record(tx: Tx) -> tuple[list[Vacancy], list[str], ColumnChanges]:
            record_captures(tx, self.county.id, captures)
            vacancies, sound = self._vacant(tx, batch) if batch.vacancies else ({}, [])
            present = [answer for answer in batch.answers if answer[0].id not in vacancies]
            counted = ColumnChanges()
            settled = self._settle(tx, batch, present, counted)
            if settled:
                self._change(tx, settled)
            done = [known.id for known, _, _ in batch.answers if known.id not in vacancies or known.gone_at is not None]
            site.mark_read(tx, done, batch.at)
            return [vacancy for vacancy in vacancies.values() if vacancy is not None], sound, counted

        vacancies, sound, counted = await run_write(self.store, record)
        tally.add(counted)
        for url in sound:
            self.vacant.sound(batch.visit.column, url)
        for vacancy in vacancies:
            self.vacant.put(vacancy)

    async def _ask(self, known: Known, listed: Sighting | None) -> tuple[Answer, Article | None]:
        """Once a pass for an address, whichever columns list it. A changed row needs the whole article."""
        fresh = listed is not None and (listed.title, listed.claimed) != (known.listed_title, known.listed_claimed)
        etag, modified = ("", "") if fresh or known.state != "read" else (known.etag, known.last_modified)
        key = (known.url, etag, modified)
        if key not in self._asked:
            if len(self._asked) > _REMEMBERED:
                self._asked.clear()
            answer, article = await read_article(
                self.fetcher, known.url, self.county.zone, etag=etag, last_modified=modified, files=self.files
            )
            self._asked[key] = answer.lean, article
        return self._asked[key]

    async def _with_files(self, answers: Sequence[_Asked], *, read: bool = True) -> tuple[list[_Asked], _Filed]:
        """The articles with the texts of their files; and by entry the files of those that are as they were.

        A file may be replaced where its article is not: unless not `read`, it is asked for whenever that is.
        """
        known_ones = [one[0] for one in answers if one[0].state == "read" and (one[1].unchanged or _links(one[2]))]
        before: dict[int, tuple[datetime, tuple[Attachment, ...]]] = {}
        if known_ones:
            before = await run_read(self.store, lambda tx: site.files_of(tx, known_ones))
        found: list[_Asked] = []
        filed: _Filed = {}
        for known, answer, article in answers:
            since, attachments = before.get(known.id, (None, ()))
            due = files_due(known, answer.at, since)
            if article is not None and _links(article):
                files = await self.files.read(article.attachments, attachments, unread=due, read=read, own=known.url)
                article = replace(article, attachments=files)
            elif answer.unchanged and attachments:
                filed[known.id] = await self.files.read(attachments, attachments, unread=due, read=read, own=known.url)
            found.append((known, answer, article))
        return found, {number: files for number, files in filed.items() if files != before[number][1]}

    def _vacant(self, tx: Tx, batch: _Batch) -> tuple[dict[int, Vacancy | None], list[str]]:
        """By entry those that show nothing of what they held, put aside until the pass has been seen as a whole (None:
        gone already); and the addresses of those that are sound."""
        visit, listed = batch.visit, batch.listed
        again = [known for known, _, article in batch.answers if article is not None and known.state == "read"]
        before, vacant, sound = site.texts_of(tx, again), dict[int, Vacancy | None](), list[str]()
        for known, answer, article in batch.answers:
            body = before.get(known.id, _NOTHING)
            lack = lacks(known, answer, article, body, listed=known.url in listed)
            if not lack:
                if answer.unchanged or (article is not None and article.state == "read"):
                    sound.append(known.url)
                continue
            vacant[known.id] = None
            if known.gone_at is None:
                row, gone = listed.get(known.url) or as_listed(known), off_list(known, visit, listed)
                version = next_version(known, row, article, body, visit.began_at) if lack == "shrunk" else None
                vacant[known.id] = Vacancy(visit.column, known, lack, answer.at, answer.status, gone, version)
        return vacant, sound

    def _settle(self, tx: Tx, batch: _Batch, answers: Sequence[_Asked], tally: ColumnChanges) -> list[_Settled]:
        """What the answers change; entries that are as they were are left out."""
        visit, listed, filed = batch.visit, batch.listed, batch.filed
        shown = {known.id: listed.get(known.url) or as_listed(known) for known, _, _ in answers}
        read = [(known, answer, arrived(known, answer, article)) for known, answer, article in answers]
        moved = [
            known
            for known, _, article in read
            if article is not None or known.id in filed or differs(shown[known.id], known)
        ]
        bodies = site.texts_of(tx, moved)
        settled: list[_Settled] = []
        for known, answer, article in read:
            change = presence(known, answer, article)
            if article is not None and article.state == "read":
                # Its first page says nothing of the pages on which it goes on: it is never asked for with conditions.
                kept = ("", "") if article.further else (answer.etag, answer.last_modified)
                change |= {"etag": kept[0], "last_modified": kept[1]}
            version = None
            if known.id in bodies:
                version = next_version(
                    known, shown[known.id], article, bodies[known.id], visit.began_at, filed.get(known.id)
                )
            if change or version is not None:
                settled.append((known, change, version))
            tally.take(change, version)
        return settled

    def _change(self, tx: Tx, settled: Sequence[_Settled], **also: object) -> None:
        seq = next_seq(tx, self.county.id)
        site.add_versions(tx, [version for _, _, version in settled if version is not None])
        site.change_entries(tx, [{**change, "id": known.id, "seq": seq, **also} for known, change, _ in settled])


def _links(article: Article | None) -> bool:
    """Whether an article that could be read links files."""
    return article is not None and article.state == "read" and bool(article.attachments)

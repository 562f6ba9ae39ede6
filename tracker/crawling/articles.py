"""The articles behind a column's entries: asked for when due, compared with what is known, recorded.

A batch is one transaction: what a kill may cost is the reading of a few articles, never a record half made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tracker.core.duties import County
from tracker.core.facts import Attachment, Outcome, Sighting, Visit
from tracker.crawling.keeper import Keeper
from tracker.crawling.reconcile import arrived, as_listed, differs, files_due, lacks, next_version, off_list, presence
from tracker.crawling.vacant import Vacancies, Vacancy
from tracker.evidence.article import Article
from tracker.evidence.attachments import Files
from tracker.evidence.columns import ColumnReading, read_article
from tracker.evidence.fetch import Answer, Fetcher
from tracker.store import site
from tracker.store.counties import next_seq
from tracker.store.engine import Store, Tx
from tracker.store.site import Known, NewVersion

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
class Tally:
    """What a visit changed in what is known of its column."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    returned: int = 0

    def take(self, change: Mapping[str, object], version: NewVersion | None) -> None:
        self.changed += version is not None and not version.replaces
        if "gone_at" in change:
            self.gone += change["gone_at"] is not None
            self.returned += change["gone_at"] is None


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

    async def read(self, visit: Visit, waiting: Sequence[Known], listed: Mapping[str, Sighting], tally: Tally) -> None:
        """Ask for the articles of these entries, batch by batch."""
        for start in range(0, len(waiting), _BATCH):
            await self._read(visit, waiting[start : start + _BATCH], listed, tally)

    async def take_page(
        self,
        visit: Visit,
        reading: ColumnReading,
        known: Mapping[str, Known],
        listed: Mapping[str, Sighting],
        tally: Tally,
    ) -> list[str]:
        """A page column's one entry is the page itself: the visit has read its article already.

        The addresses whose entries were read.
        """
        done: list[str] = []
        for one in known.values():
            answer = Answer(one.url, one.url, visit.ended_at, visit.outcome, reading.status)
            due = files_due(one, visit.ended_at)
            known_already = reading.unchanged and one.gone_at is None and not due
            if known_already or (visit.outcome is not Outcome.READ and not answer.gone):
                continue
            asked, filed = await self._with_files([(one, answer, reading.article)], read=due)
            await self.keeper.write()
            async with self.store.begin() as tx:
                await self.keeper.record(tx)
                settled = await self._settle(tx, visit, asked, listed, tally, filed)
                if settled:
                    await self._change(tx, settled)
                await site.mark_read(tx, [one.id], visit.ended_at)
            done.append(one.url)
        return done

    async def _read(self, visit: Visit, batch: Sequence[Known], listed: Mapping[str, Sighting], tally: Tally) -> None:
        await self.keeper.prepare([known.url for known in batch])
        answers = [(known, *await self._ask(known, listed.get(known.url))) for known in batch]
        answers, filed = await self._with_files(answers)
        await self.keeper.write()
        async with self.store.begin() as tx:
            await self.keeper.record(tx)
            vacant = await self._vacant(tx, visit, answers, listed)
            present = [one for one in answers if one[0].id not in vacant]
            settled = await self._settle(tx, visit, present, listed, tally, filed)
            if settled:
                await self._change(tx, settled)
            done = [known.id for known, _, _ in answers if known.id not in vacant or known.gone_at is not None]
            await site.mark_read(tx, done, answers[-1][1].at)

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
            async with self.store.read() as tx:
                before = await site.files_of(tx, known_ones)
        found: list[_Asked] = []
        filed: _Filed = {}
        for known, answer, article in answers:
            since, held = before.get(known.id, (None, ()))
            due = files_due(known, answer.at, since)
            if article is not None and _links(article):
                files = await self.files.read(article.attachments, held, unread=due, read=read, own=known.url)
                article = replace(article, attachments=files)
            elif answer.unchanged and held:
                filed[known.id] = await self.files.read(held, held, unread=due, read=read, own=known.url)
            found.append((known, answer, article))
        return found, {number: files for number, files in filed.items() if files != before[number][1]}

    async def _vacant(
        self, tx: Tx, visit: Visit, answers: Sequence[_Asked], listed: Mapping[str, Sighting]
    ) -> set[int]:
        """Those that show nothing of what they held: put aside until the pass has been seen as a whole."""
        again = [known for known, _, article in answers if article is not None and known.state == "read"]
        before, vacant = await site.texts_of(tx, again), set[int]()
        for known, answer, article in answers:
            body = before.get(known.id, _NOTHING)
            lack = lacks(known, answer, article, body, listed=known.url in listed)
            if not lack:
                if answer.unchanged or (article is not None and article.state == "read"):
                    self.vacant.sound(visit.column, known.url)
                continue
            vacant.add(known.id)
            if known.gone_at is None:
                row, gone = listed.get(known.url) or as_listed(known), off_list(known, visit, listed)
                version = next_version(known, row, article, body, visit.began_at) if lack == "shrunk" else None
                self.vacant.put(Vacancy(visit.column, known, lack, answer.at, answer.status, gone, version))
        return vacant

    async def _settle(
        self,
        tx: Tx,
        visit: Visit,
        answers: Sequence[_Asked],
        listed: Mapping[str, Sighting],
        tally: Tally,
        filed: _Filed,
    ) -> list[_Settled]:
        """What the answers change; entries that are as they were are left out."""
        shown = {known.id: listed.get(known.url) or as_listed(known) for known, _, _ in answers}
        read = [(known, answer, arrived(known, answer, article)) for known, answer, article in answers]
        moved = [
            known
            for known, _, article in read
            if article is not None or known.id in filed or differs(shown[known.id], known)
        ]
        bodies = await site.texts_of(tx, moved)
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

    async def _change(self, tx: Tx, settled: Sequence[_Settled], **also: object) -> None:
        seq = await next_seq(tx, self.county.id)
        await site.add_versions(tx, [version for _, _, version in settled if version is not None])
        await site.change_entries(tx, [{**change, "id": known.id, "seq": seq, **also} for known, change, _ in settled])


def _links(article: Article | None) -> bool:
    """Whether an article that could be read links files."""
    return article is not None and article.state == "read" and bool(article.attachments)

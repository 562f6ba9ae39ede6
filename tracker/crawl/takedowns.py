"""Tells articles that were emptied or denied from a site that shows nothing at all.

Settled when the pass over the county has been seen as a whole. What many articles do at once is a fault of the
site; what one does beside others that are read as ever is looked at twice before it counts as gone.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from tracker.core.law.duties import County
from tracker.core.values.verdicts import EMPTIED
from tracker.crawl.reconcile import Lack, cleared_away
from tracker.evidence.attachments.collect import Files
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.listing.columns import read_article
from tracker.evidence.page.empty_page import LEAST, substance
from tracker.store import site
from tracker.store.counties import next_seq
from tracker.store.engine import Store, Tx
from tracker.store.faults import clear_fault, list_faults, record_fault
from tracker.store.site import Known, NewVersion
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)

#: Between the first look that shows nothing and the one that is believed.
AGAIN = timedelta(hours=1)
#: So many at once may be the site's fault; addresses that answer 404 are spoken of more plainly.
_MANY, _MANY_DEAD = 2, 3
_MOST_OTHERS = 5
ACTION = "articles"


@dataclass(frozen=True, slots=True)
class Vacancy:
    """One article that lacks what it held. `off_list`: its list no longer shows it either.

    `version`: what is left of one that has shrunk, taken once it is believed.
    """

    column: str
    known: Known
    lack: Lack
    at: datetime
    status: int
    off_list: bool
    version: NewVersion | None = None


class Concluded(NamedTuple):
    """The addresses of a column whose entries were settled, and how many of them are gone."""

    urls: tuple[str, ...]
    gone: int


@dataclass(slots=True)
class Vacancies:
    """What one pass over a county found vacant, and how many articles it found sound."""

    store: Store
    county: County
    fetcher: Fetcher
    files: Files
    _found: dict[str, list[Vacancy]] = field(default_factory=lambda: defaultdict(list))
    _sound: Counter[str] = field(default_factory=Counter)  # by column
    _hosts: Counter[str] = field(default_factory=Counter)

    def put(self, vacancy: Vacancy) -> None:
        self._found[vacancy.column].append(vacancy)

    def sound(self, column: str, url: str) -> None:
        self._sound[column] += 1
        self._hosts[_host(url)] += 1

    async def conclude(self) -> dict[str, Concluded]:
        """Record what was found; what that changed, by column."""
        done: dict[str, Concluded] = {}
        for column, every in self._found.items():
            vacancies, taken = (
                [vacancy for vacancy in every if vacancy.lack != "taken"],
                [vacancy for vacancy in every if vacancy.lack == "taken"],
            )
            gone = await self._take_back(column, taken) if taken else 0
            done[column] = Concluded(tuple(vacancy.known.url for vacancy in every), gone)
            if not vacancies:
                continue
            beside = self._sound[column]
            if beside < len(vacancies):
                beside += await self._others(column, vacancies)
            fault = self._fault(vacancies, beside)
            alone = not beside and not self._hosts[_host(vacancies[0].known.url)]
            gone += await self._conclude(column, vacancies, fault=fault, alone=alone)
            done[column] = Concluded(done[column].urls, gone)
        await self._clear(
            [one for one in self._sound if all(vacancy.lack == "taken" for vacancy in self._found.get(one, ()))]
        )
        return done

    async def _conclude(self, column: str, vacancies: Sequence[Vacancy], *, fault: bool, alone: bool) -> int:
        """Record what became of the vacant articles of a column; how many are gone. `fault`: it is the site's."""

        def record(tx: Tx) -> int:
            if fault:
                self._blame_site(tx, column, vacancies)
                return 0
            gone = self._settle(tx, vacancies, alone=alone)
            self._doubt(tx, column, vacancies, alone=alone)
            return gone

        return await run_write(self.store, record)

    async def _take_back(self, column: str, taken: Sequence[Vacancy]) -> int:
        """What its list shows no longer and its address denies is gone, unless the site was cleared of all that was
        as old: then each stays in doubt, and a person is asked of those on which something rests."""

        def record(tx: Tx) -> int:
            known = site.known_entries(tx, self.county.id, [column])[column]
            kept = cleared_away(known)
            gone = [vacancy for vacancy in taken if vacancy.known.id not in kept]
            changes = [{"id": vacancy.known.id, **settled(vacancy, alone=False)} for vacancy in gone]
            changes += [
                {"id": vacancy.known.id, "hollow_at": vacancy.at}
                for vacancy in taken
                if vacancy.known.id in kept and vacancy.known.hollow_at is None
            ]
            if changes:
                seq = next_seq(tx, self.county.id)
                site.change_entries(tx, [{**change, "seq": seq} for change in changes])
            site.mark_read(tx, [vacancy.known.id for vacancy in taken], max(vacancy.at for vacancy in taken))
            return len(gone)

        return await run_write(self.store, record)

    def _fault(self, vacancies: Sequence[Vacancy], beside: int) -> bool:
        """Whether the site shows nothing, rather than one article."""
        dead = all(vacancy.lack == "dead" for vacancy in vacancies)
        if len(vacancies) >= (_MANY_DEAD if dead else _MANY):
            return beside < len(vacancies)
        if beside or dead:
            return False
        host = _host(vacancies[0].known.url)
        urls = {vacancy.known.url for group in self._found.values() for vacancy in group if vacancy.lack != "dead"}
        on_host = sum(_host(url) == host for url in urls)
        return on_host >= _MANY and self._hosts[host] < on_host

    async def _others(self, column: str, vacancies: Sequence[Vacancy]) -> int:
        """How many other articles of the column, asked for the comparison's sake, are as they should be."""
        asked = {vacancy.known.url for vacancy in vacancies}
        known = (await run_read(self.store, lambda tx: site.known_entries(tx, self.county.id, [column])))[column]
        others = [
            one
            for url, one in known.items()
            if url not in asked and one.state == "read" and one.gone_at is None and one.hollow_at is None
        ]
        others.sort(key=lambda one: (one.last_seen_at, one.id), reverse=True)
        sound = 0
        for one in others[: min(len(vacancies) + 1, _MOST_OTHERS)]:
            _, article = await read_article(self.fetcher, one.url, self.county.zone, files=self.files)
            read = article is not None and article.state == "read"
            shows = article and (article.attachments or article.pictured or substance(article.text or "") >= LEAST)
            if read and shows:
                sound += 1
                self._hosts[_host(one.url)] += 1
        return sound

    def _settle(self, tx: Tx, vacancies: Sequence[Vacancy], *, alone: bool) -> int:
        changes = {vacancy.known.id: settled(vacancy, alone=alone) for vacancy in vacancies}
        if any(changes.values()):
            seq = next_seq(tx, self.county.id)
            site.change_entries(
                tx, [{**change, "id": number, "seq": seq} for number, change in changes.items() if change]
            )
            taken = [
                vacancy.version
                for vacancy in vacancies
                if vacancy.lack == "shrunk" and "hollow_at" in changes[vacancy.known.id]
            ]
            believed = [
                version for version in taken if version is not None and changes[version.entry]["hollow_at"] is None
            ]
            site.add_versions(tx, believed)
        site.mark_read(tx, list(changes), max(vacancy.at for vacancy in vacancies))
        return sum("gone_at" in change for change in changes.values())

    def _blame_site(self, tx: Tx, column: str, vacancies: Sequence[Vacancy]) -> None:
        """A fault of the column. Nothing is concluded of its articles; they are asked for again at the next pass."""
        note = f"{len(vacancies)}篇文章同时打不开或没有内容，视为网站故障，不作撤下处理"
        record_fault(tx, self.county.id, f"column:{column}", ACTION, note, max(vacancy.at for vacancy in vacancies))
        if doubted := [vacancy.known.id for vacancy in vacancies if vacancy.known.hollow_at is not None]:
            seq = next_seq(tx, self.county.id)
            site.change_entries(tx, [{"id": number, "hollow_at": None, "seq": seq} for number in doubted])
        log.warning("%s: %d articles show nothing at once", column, len(vacancies), extra={"action": "crawl"})

    def _doubt(self, tx: Tx, column: str, vacancies: Sequence[Vacancy], *, alone: bool) -> None:
        """What no second look can settle is told to the county office: somebody has to open the page."""
        held = [vacancy for vacancy in vacancies if undecided(vacancy, alone=alone)]
        if held:
            note = f"{len(held)}篇文章再次读取仍看不到原来的内容，系统无从断定，请人工打开核对：{held[0].known.url}"
            record_fault(tx, self.county.id, f"column:{column}", ACTION, note, max(vacancy.at for vacancy in held))

    async def _clear(self, columns: Sequence[str]) -> None:
        if not columns:
            return
        faults = await run_read(self.store, lambda tx: list_faults(tx, self.county.id))
        standing = {fault.subject for fault in faults if fault.action == ACTION}
        over, now = [subject for column in columns if (subject := f"column:{column}") in standing], self.fetcher.clock()

        def clear(tx: Tx) -> None:
            for subject in over:
                clear_fault(tx, self.county.id, subject, ACTION, now)

        if over:
            await run_write(self.store, clear)


def undecided(vacancy: Vacancy, *, alone: bool) -> bool:
    """Whether a second look came to nothing: with nothing beside it, or while its list still shows what its page
    denies."""
    since = vacancy.known.hollow_at
    return since is not None and vacancy.at - since >= AGAIN and not settled(vacancy, alone=alone)


def settled(vacancy: Vacancy, *, alone: bool) -> dict[str, object]:
    """What one vacant article changes in its entry. `alone`: there was nothing to compare it with."""
    known = vacancy.known
    if vacancy.lack in ("dead", "taken") and known.state == "read":
        cleared = {"hollow_at": None} if known.hollow_at is not None else {}
        return {"gone_at": vacancy.at, "gone_status": vacancy.status} | cleared
    if known.hollow_at is None:
        return {"hollow_at": vacancy.at}
    if alone or vacancy.at - known.hollow_at < AGAIN or (vacancy.lack == "denied" and not vacancy.off_list):
        return {}
    if vacancy.lack == "shrunk":
        return {"hollow_at": None}
    # What its list shows and nobody ever read may be a slip of the list: it is looked at twice as well.
    return {
        "gone_at": known.hollow_at,
        "gone_status": vacancy.status if vacancy.lack == "dead" else EMPTIED,
        "hollow_at": None,
    }


def _host(url: str) -> str:
    return urlsplit(url).netloc

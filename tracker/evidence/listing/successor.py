"""What a site's front page says of a list that looks quiet: that it goes on elsewhere, or that an old copy was seen.

A redesigned site often keeps the old list where it was, sound and complete, and files what is new elsewhere.
Whoever looks at the old one alone finds a department silent that published every month. So does who is shown an old
copy: then the front page may bear a row of the column's that its list lacks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta, tzinfo
from urllib.parse import parse_qsl, urlsplit

from tracker.core.law.county import SiteColumn
from tracker.core.values.certificate import CertificatePart, PartName
from tracker.core.values.facts import Sighting, VisitOutcome
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.fetch.redirects import bare_path, is_front
from tracker.evidence.listing.columns import ColumnReading, none_kept, page_of, read_column
from tracker.evidence.listing.walk import shapes_of
from tracker.evidence.page.dates import day_of, moment_in_url
from tracker.evidence.reading.page_results import FrontPage
from tracker.evidence.reading.reading_process import FRONT_PAGE, UnreadPageError, read_apart

#: A list whose newest entry is younger goes on where it is.
_QUIET = timedelta(days=3)
#: A link is of a name like the column's if they share so long a run of signs, and it is no longer than this.
_RUN, _LONGEST = 2, 10
#: Lists that are looked at, and pages of each.
_LISTS, _PAGES = 2, 5
#: So many of the column's latest titles stand in the other list under other addresses, or as many as it has.
_SHARED, _LATEST = 3, 12
_ADDRESS = 200
_WORDS = re.compile(r"\W+")
#: Under `.cn` names are given out below these.
_REGISTERED = {"gov", "com", "org", "net", "edu", "ac"}


@dataclass(slots=True)
class _Front:
    """What the links of a front page are called and where they lead; none where it cannot be had. `away`: where it
    sends on to another site."""

    names: dict[str, list[str]] = field(default_factory=dict)
    away: str = ""
    links: tuple[tuple[str, str], ...] = ()

    def beside(self, column: SiteColumn) -> list[str]:
        """Where links of the column's name lead; none where one of them leads to the column itself."""
        found = self.names.get(_name(column.title), [])
        return [] if any(_same(url, column.url) for url in found) else found

    def alike(self, column: SiteColumn) -> list[str]:
        """Where links of a name like the column's lead, the likest first; none where any link leads to the column."""
        if any(_same(url, column.url) for urls in self.names.values() for url in urls):
            return []
        title = _name(column.title)
        near = sorted(
            (name for name in self.names if name != title and _is_like(name, title)),
            key=lambda name: name not in title and title not in name,
        )
        home = domain_of(column.url)
        return list(dict.fromkeys(url for name in near for url in self.names[name] if domain_of(url) == home))

    def later_row(self, column: SiteColumn, rows: Sequence[Sighting], newest: date) -> tuple[str, str] | None:
        """A link, as (name, address), to an entry of the column's that its list lacks and that is newer than all in it:
        it lies below the column's address among the rows, and says its day."""
        folder, seen = f"{bare_path(urlsplit(column.url).path)}/", {one.url for one in rows}
        own = shapes_of(one for one in rows if urlsplit(one.url).path.lower().startswith(folder))
        later = (
            (name, url)
            for name, url in self.links
            if url not in seen and (day := moment_in_url(url)) is not None and day > newest
        )
        own = own if folder != "/" else set()
        return next((one for one in later if shapes_of([Sighting(one[1], "", None)]) & own), None)


class Successors:
    """Looks where a column goes on, in one pass. Each host's front page is asked for once."""

    def __init__(self, fetcher: Fetcher, zone: tzinfo) -> None:
        self._fetcher = fetcher
        self._zone = zone
        self._fronts: dict[str, _Front] = {}

    async def checked(self, column: SiteColumn, reading: ColumnReading) -> ColumnReading:
        """The reading; where its page says that the list goes on elsewhere, or the site shows it, its visit is `moved`.

        The other list proves nothing: whose entries it holds, the rule has to say.
        """
        visit = reading.visit
        if visit.outcome is not VisitOutcome.READ:
            return reading
        if reading.closed:
            return replace(reading, visit=replace(visit, outcome=VisitOutcome.MOVED))
        newest = self._quiet_since(column, reading)
        if newest is None or (front := await self._front(column)) is None:
            return reading
        moved, why = await self._left_standing(column, reading.sightings, newest, front)
        doubted = PartName.RIGHT_LIST if moved else None
        if not moved and (row := front.later_row(column, reading.sightings, newest)) is not None:
            why = f"网站首页有本栏目更新的条目“{row[0]}”（{row[1][:_ADDRESS]}），列表中没有，疑为旧的副本"
            doubted = PartName.FRESH
        certificate = reading.certificate
        if doubted is not None:
            certificate = certificate.with_part(CertificatePart(doubted, False, why))
        outcome, note = VisitOutcome.MOVED if moved else visit.outcome, "；".join(filter(None, (visit.note, why)))
        visit = replace(visit, outcome=outcome, note=note, reached=certificate.reached)
        return replace(reading, visit=visit, certificate=certificate)

    def _quiet_since(self, column: SiteColumn, reading: ColumnReading) -> date | None:
        """The newest day of a list that may claim something and shows nothing of the last days; None for another."""
        visit, newest = reading.visit, newest_day(reading.sightings)
        may_claim = visit.reached is not None or reading.certificate.holds(PartName.END_KNOWN) is None
        if column.kind == "page" or not may_claim or newest is None:
            return None
        return newest if visit.began_at.astimezone(self._zone).date() - newest >= _QUIET else None

    async def _left_standing(
        self, column: SiteColumn, old: Sequence[Sighting], newest: date, front: _Front
    ) -> tuple[bool, str]:
        """Whether the site goes on elsewhere, and what speaks for it (Chinese); "" where nothing does."""
        if front.away:
            return True, f"网站首页已转到本县站点范围之外的 {front.away}，本栏目似已随网站迁移"
        hint, beside = "", front.beside(column)
        for url in list(dict.fromkeys([*beside, *front.alike(column)]))[:_LISTS]:
            there = replace(column, url=url, dialect="", interface=None, list_rule=None)
            other = await self._other(there, newest, _since(old, newest))
            if url in beside and _carries_on(old, other):
                return True, f"网站首页的“{column.title}”通向 {url}，那里有本栏目的旧条目和更新的条目，本栏目似已迁移"
            if _continues(old, other, newest):
                why = f"网站首页通向 {url}，那里直到 {newest} 与本栏目条目相同，此后另有更新的条目，本栏目似已迁移"
                return True, why
            if url in beside and other and not _shows_the_same(old, other):
                hint = hint or f"网站首页的“{column.title}”通向 {url}，那里有更新的条目，请核对栏目地址"
        return False, hint

    async def _front(self, column: SiteColumn) -> _Front | None:
        """The front page of the column's host; None where the column is that page."""
        parts = urlsplit(column.url)
        if is_front(parts.path) and not parts.query:
            return None
        url = f"{parts.scheme}://{parts.netloc}/"
        if url not in self._fronts:
            self._fronts[url] = await self._read_front(url)
        return self._fronts[url]

    async def _read_front(self, url: str) -> _Front:
        page, away = await self._page(url, url)
        if page is not None and page.target is not None:
            page, away = await self._page(page.target, url)
        front = _Front(away=away, links=page.links if page is not None else ())
        for text, leads in page.links if page is not None else ():
            if (name := _name(text)) and leads not in front.names.setdefault(name, []):
                front.names[name].append(leads)
        return front

    async def _page(self, url: str, asked: str) -> tuple[FrontPage | None, str]:
        """A front page; or where it leads, if that is none of the county's sites, nor beside the one that was asked."""
        answer = await self._fetcher.get(url)
        if answer.outcome is VisitOutcome.FORBIDDEN and "本县站点范围" in answer.note:
            return None, "" if domain_of(answer.url) == domain_of(asked) else answer.url[:_ADDRESS]
        if answer.outcome is not VisitOutcome.READ:
            return None, ""
        try:
            return await read_apart(FRONT_PAGE, page_of(answer, self._zone)), ""
        except UnreadPageError:
            return None, ""

    async def _other(self, column: SiteColumn, newest: date, since: date) -> tuple[Sighting, ...]:
        """The entries of another list back to `since`, if it has newer ones than `newest`; none if it is unreadable."""
        there = await read_column(self._fetcher, column, self._zone, since=since, kept=none_kept, max_pages=_PAGES)
        latest = newest_day(there.sightings)
        return there.sightings if there.visit.outcome is VisitOutcome.READ and latest and latest > newest else ()


def _carries_on(old: Sequence[Sighting], other: Sequence[Sighting]) -> bool:
    """Whether the other list holds the column's latest entries under addresses of its own."""
    latest = sorted(old, key=lambda one: _day(one) or date.min, reverse=True)[:_LATEST]
    names = {_name(one.title) for one in latest}
    shared = names & {_name(one.title) for one in other}
    return len(shared) >= max(2, min(_SHARED, len(names))) and not _shows_the_same(old, other)


def _shows_the_same(old: Sequence[Sighting], other: Sequence[Sighting]) -> bool:
    """Whether it shows the very same articles: then both are fed by one system, and neither was left standing."""
    mine = {one.url for one in old}
    return any(one.url in mine for one in other)


def _continues(old: Sequence[Sighting], other: Sequence[Sighting], newest: date) -> bool:
    """Whether the other list is the column's own up to its newest day, and goes on after it.

    A list that gathers several columns has entries of others among the column's; this one has none. What bears no
    day cannot be placed and is left out.
    """
    mine = {_name(one.title) for one in old}
    earliest = min((day for one in old if (day := _day(one)) is not None), default=newest)
    days = [(_name(one.title), day) for one in other if (day := _day(one)) is not None]
    until = {name for name, day in days if earliest <= day <= newest}
    return len(until) >= _SHARED and until <= mine and any(day > newest for _, day in days)


def _since(old: Sequence[Sighting], newest: date) -> date:
    """The day back to which another list has to be read to show enough of the column's latest entries."""
    days = sorted((day for one in old if (day := _day(one)) is not None), reverse=True)[:_SHARED]
    return days[-1] if days else newest


def newest_day(sightings: Iterable[Sighting]) -> date | None:
    """The newest day that entries bear; None where none of them bears one."""
    return max((day for one in sightings if (day := _day(one)) is not None), default=None)


def _day(one: Sighting) -> date | None:
    return None if one.claimed is None else day_of(one.claimed)


def _name(text: str) -> str:
    """A name without what decorates it."""
    return _WORDS.sub("", text)


def _is_like(name: str, title: str) -> bool:
    """Whether two names share a run of signs, as 公告 and 公告栏 do; an article's title is too long for a name."""
    runs = (title[start : start + _RUN] for start in range(len(title) - _RUN + 1))
    return len(name) <= _LONGEST and any(run in name for run in runs)


def domain_of(url: str) -> str:
    """Whose name a host bears: `xxgk.x.gov.cn` and `www.x.gov.cn` are of one house."""
    labels = (urlsplit(url).hostname or "").split(".")
    if labels[-1].isdigit():
        return ".".join(labels)
    return ".".join(
        labels[-3:] if len(labels) > 2 and labels[-2] in _REGISTERED and labels[-1] == "cn" else labels[-2:]
    )


def _same(one: str, other: str) -> bool:
    """Whether two addresses are one list's: a link may bear more parameters than the rule."""
    (here, there) = (urlsplit(url) for url in (one, other))
    if (here.hostname or "").removeprefix("www.") != (there.hostname or "").removeprefix("www."):
        return False
    return bare_path(here.path) == bare_path(there.path) and set(parse_qsl(there.query)) <= set(parse_qsl(here.query))

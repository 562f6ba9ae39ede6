"""Looks through a site's navigation for the columns that rules look at, and reads a year of each that it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from urllib.parse import urljoin

from tracker.core.law.county import SiteColumn
from tracker.core.values.certificate import PartName
from tracker.core.values.facts import VisitOutcome
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.listing.columns import none_kept, page_of, read_column
from tracker.evidence.listing.successor import domain_of, newest_day
from tracker.evidence.reading.reading_process import FRONT_PAGE, UnreadPageError, read_apart

#: Links under these names lead to pages with further links.
_HUBS = ("信息公开", "政务公开")
#: Such pages that are looked at, addresses that are tried for a column, pages that are read of one, and columns into
#: which one may be split.
_PAGES, _TRIED, _LONGEST, _TOGETHER = 4, 3, 10, 6
_YEAR = timedelta(days=365)
#: A longer name is a headline.
_NAME = 20
_YEARLY = re.compile(r"20\d\d年")


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column of the navigation. `entries`: as many as were read of the last year; `end` (Chinese): how the end of the
    list is known, or why it was not read; `part_of`: the name of the column that it is looked at with; `is_page`: it is
    one page, no list."""

    name: str
    title: str
    url: str
    is_read: bool
    entries: int = 0
    newest: date | None = None
    end: str = ""
    part_of: str = ""
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class SiteSurvey:
    """The columns that were found, in the order in which they were asked for. `links`: how many links the navigation
    has; `refusal` (Chinese): why the front page could not be read."""

    links: int = 0
    columns: tuple[FoundColumn, ...] = ()
    refusal: str = ""


async def survey_site(
    front: str,
    fetcher: Fetcher,
    zone: tzinfo,
    wanted: Mapping[str, Sequence[str]],
    parts: Mapping[str, Sequence[str]],
    pages: Collection[str] = (),
    tell: Callable[[FoundColumn], None] = lambda found: None,
) -> SiteSurvey:
    """What the site of that front page has of the columns that are wanted.

    `wanted`: by name, what a site may call each; `parts`: words of the columns into which a site may split one;
    `pages`: names of what may stand on one page; `tell`: hears of each column once it was read.
    """
    links, refusal = await _links(front, fetcher, zone)
    if refusal:
        return SiteSurvey(refusal=refusal)
    for url in list(dict.fromkeys(url for text, url in links if any(hub in text for hub in _HUBS)))[:_PAGES]:
        links += (await _links(url, fetcher, zone))[0]
    home = domain_of(front)
    own = list(dict.fromkeys((text, url) for text, url in links if domain_of(url) == home and len(text) <= _NAME))
    found: list[FoundColumn] = []
    for name, words in wanted.items():
        taken = {one.url for one in found if one.is_read}
        called = [link for link in _called(own, words) if link[1] not in taken]
        column = await _find(name, called, fetcher, zone)
        if name in pages and (column is None or column.newest is None):  # links without a day may be a menu beside it
            page = await _find(name, called, fetcher, zone, is_page=True)
            column = page if page is not None and page.is_read else column
        split = (
            []
            if column and column.is_read
            else await _find_parts(name, column, own, parts.get(name, ()), fetcher, zone)
        )
        for one in split or ([column] if column and not _is_headline(column) else []):
            tell(one)
            found.append(one)
    return SiteSurvey(len(own), tuple(found))


def _is_headline(column: FoundColumn) -> bool:
    """Whether it is an article of some year that has the words in its title, and no list."""
    return not column.is_read and _YEARLY.search(column.title) is not None


def _called(links: Sequence[tuple[str, str]], words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The links whose name holds one of the words: by the order of the words, the shortest name first."""
    for word in words:
        yield from sorted((link for link in links if word in link[0]), key=lambda link: len(link[0]))


async def _find(
    name: str, links: Sequence[tuple[str, str]], fetcher: Fetcher, zone: tzinfo, *, is_page: bool = False
) -> FoundColumn | None:
    """The first of the links that leads to a list with entries, else the first; None where there is no link. `is_page`:
    that leads to a page with a text."""
    first = None
    titles: dict[str, str] = {}
    for title, url in links:
        titles.setdefault(url, title)
    for url, title in list(titles.items())[:_TRIED]:
        column = await _look(name, title, url, fetcher, zone, is_page=is_page)
        if column.is_read:
            return column
        first = first or column
    return first


async def _find_parts(
    name: str,
    whole: FoundColumn | None,
    links: Sequence[tuple[str, str]],
    words: Sequence[str],
    fetcher: Fetcher,
    zone: tzinfo,
) -> list[FoundColumn]:
    """The lists into which a site splits a column: those below the page that has its name and is no list itself, and
    those whose names hold one of the words. The first has the column's name, the others go with it."""
    below = (await _links(whole.url, fetcher, zone))[0] if whole is not None else []
    folder = urljoin(whole.url, ".") if whole is not None else ""
    own = {domain_of(url) for _, url in links}
    named = [link for link in (*below, *links) if any(word in link[0] for word in words)]
    inside = [(text, url) for text, url in below if url.startswith(folder) and url.endswith("/") and url != folder]
    known = {url for _, url in links}
    candidates = {
        url: text
        for text, url in (*(link for link in inside if link[1] not in known), *named)
        if len(text) <= _NAME and domain_of(url) in own
    }
    found: list[FoundColumn] = []
    for url, title in list(candidates.items())[:_TOGETHER]:
        column = await _look(f"{name}-{len(found) + 1}" if found else name, title, url, fetcher, zone)
        if column.is_read:
            found.append(replace(column, part_of=name if found else ""))
    return found


async def _look(
    name: str, title: str, url: str, fetcher: Fetcher, zone: tzinfo, *, is_page: bool = False
) -> FoundColumn:
    column = SiteColumn(name, name, title, "page" if is_page else "listing", title, url)
    since = fetcher.clock().astimezone(zone).date() - _YEAR
    reading = await read_column(fetcher, column, zone, since=since, kept=none_kept, max_pages=_LONGEST)
    part = next((part for part in reading.certificate.parts if part.name is PartName.END_KNOWN), None)
    is_read = reading.visit.outcome is VisitOutcome.READ and bool(reading.sightings)
    end = (part.reason if part is not None and part.reason else "") or reading.visit.note
    newest, count = newest_day(reading.sightings), len(reading.sightings)
    return FoundColumn(name, title, url, is_read, count, newest, "" if is_page else end, is_page=is_page)


async def _links(url: str, fetcher: Fetcher, zone: tzinfo) -> tuple[list[tuple[str, str]], str]:
    """The links of a page by name and address, or why it could not be read (Chinese)."""
    answer = await fetcher.get(url)
    for _ in range(2):
        if answer.outcome is not VisitOutcome.READ:
            return [], answer.note or "未能读取"
        try:
            page = await read_apart(FRONT_PAGE, page_of(answer, zone))
        except UnreadPageError as error:
            return [], str(error)
        if page is None:
            return [], "不是网页"
        if page.target is None:
            return list(page.links), ""
        answer = await fetcher.get(page.target)
    return [], "网页一再跳转"

"""Makes second looks: searches the sites for what a step is about to say was not found.

Three places are searched, each for presence only: the other columns, as the crawl knows them; the site's map; the
site's own search, where the county file names it (`search:`). What has a fitting title is judged as if a column of the
duty showed it: a hit is what the rules would allocate to the occurrence.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from urllib.parse import quote, urljoin, urlsplit

from tracker.clock import Clock
from tracker.core.escalation.second_look import RENEWED, VALID
from tracker.core.law.counting import day_start, moment_day
from tracker.core.law.county import County, Rulebook
from tracker.core.law.duties import Source
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.matching.title_pattern import search_words, title_matches
from tracker.core.values.facts import Entry, EntryVersion, Sighting
from tracker.core.values.second_looks import Hit, Search, SecondLook
from tracker.core.verdict.status import judge
from tracker.crawl.resources import CrawlResources
from tracker.crawl.run import build_limits
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup, prefix_of
from tracker.decide.load import load_groups
from tracker.evidence.attachments.collect import Files
from tracker.evidence.fetch.fetcher import Fetcher
from tracker.evidence.listing.inspect import Seen, inspect
from tracker.registers.golive import apply_golive
from tracker.rulebook.schedule import Crawl
from tracker.store.circulars import find_latest_edition
from tracker.store.engine import Store, Tx
from tracker.store.second_looks import add_second_look, list_unlooked, list_wanted_looks, load_titles_since
from tracker.store.threads import run_read, run_write

log = logging.getLogger(__name__)

#: Looks of one crawl, words that one search asks for, pages of the map that are opened because they have no title.
_MOST_LOOKS, _MOST_WORDS, _MOST_OPENED = 100, 2, 5
#: How long before its period or event a publication is still taken for one about it.
_SLACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An occurrence for which a look is wanted, with what may prove it."""

    facts: CountyFacts
    group: DutyGroup
    occurrence: Occurrence

    @property
    def sources(self) -> list[Source]:
        cells = (cell for cell in self.group.assignment.cells if cell.part in self.occurrence.parts)
        return [source for cell in cells for source in cell.sources if source.columns and source.title]

    @property
    def since(self) -> date:
        """The first day on which a publication about it may be dated."""
        window = self.occurrence.covers or self.occurrence.window
        first = window.first if window else self.occurrence.opens_on
        return (first or date.min + _SLACK) - _SLACK

    def fits(self, title: str) -> bool:
        return any(title_matches(source, title, self.occurrence.event) for source in self.sources)


async def look_again(
    store: Store, rulebook: Rulebook, calendar: Calendar, settings: Crawl, clock: Clock, resources: CrawlResources
) -> list[SecondLook]:
    """Make and record the second looks that are wanted now. Call it after a crawl.

    `rulebook`: the one in force. `resources`: those of the crawl. A matter whose columns were not all read completely
    within the last day gets none.
    """
    now = clock()
    wanted, others = await run_read(store, lambda tx: _load(tx, rulebook, calendar, now))
    if not wanted:
        return []
    county, looks = rulebook.county, list[SecondLook]()
    hosts = {urlsplit(address).hostname or "" for address in (*county.searches.values(), *_addresses(county))}
    limits = build_limits(settings)
    async with Fetcher(
        county.hosts | hosts, county.allow_private, limits, clock, own=county.own_hosts, lines=resources.lines
    ) as fetcher:
        site = _Site(county, fetcher, Files(fetcher, resources.files))
        for matter in wanted:
            began_at = clock()
            try:
                searches = [_search_columns(matter, others, calendar, now), *await site.search(matter, calendar, now)]
            except Exception:  # the next one may be fine
                log.exception("%s: no second look", matter.occurrence.key, extra={"action": "look"})
                continue
            look = SecondLook(0, matter.occurrence.key, began_at, clock(), tuple(searches))
            await run_write(store, partial(add_second_look, county=county.id, look=look))
            looks.append(look)
    log.info("%d second looks", len(looks), extra={"action": "look", "county": county.id})
    return looks


def _addresses(county: County) -> Iterator[str]:
    return (column.url for column in county.columns.values())


def _load(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, now: datetime
) -> tuple[list[_Wanted], list[tuple[str, Sighting]]]:
    """Return the matters to look for, and the entries of all columns since the earliest day that one of them needs."""
    county = rulebook.county
    look_at = dict(list_wanted_looks(tx, county.id, now, now - RENEWED))
    look_at |= dict.fromkeys((key for key in _list_for_circular(tx, rulebook, now) if key not in look_at), now - VALID)
    look_at = dict(islice(look_at.items(), _MOST_LOOKS))
    if not look_at:
        return [], []
    facts = load_groups(tx, rulebook, calendar, map(prefix_of, look_at), now)
    found = [(key, facts.find_occurrence(key)) for key in look_at]
    wanted = [_Wanted(facts, *pair) for _, pair in found if pair is not None]
    wanted = [one for one in wanted if _is_read(one, max(look_at[one.occurrence.key], now - VALID))]
    since = min((matter.since for matter in wanted), default=None)
    return wanted, load_titles_since(tx, county.id, day_start(since, county.zone)) if since is not None else []


def _list_for_circular(tx: Tx, rulebook: Rulebook, now: datetime) -> list[str]:
    """Return the keys of the late matters that last month's circular, not issued yet, may name: once a day each."""
    rules, county = rulebook.circular, apply_golive(tx, rulebook.county)
    if rules is None or rules.look_again < 1 or county.golive is None or county.shadow(now):
        return []
    today = moment_day(now, county.zone)
    first = today.replace(day=1)
    edition = find_latest_edition(tx, county.id, f"{first - timedelta(days=1):%Y-%m}")
    if edition is not None and edition.state == "issued":
        return []
    begins_at = day_start(first, county.zone)
    return list_unlooked(tx, county.id, begins_at, day_start(today, county.zone))


def _is_read(matter: _Wanted, since: datetime) -> bool:
    """Return whether each column in which its proof may lie was read completely since then."""
    read = {
        visit.column
        for column in matter.group.columns
        for visit in matter.facts.visits.get(column, ())
        if visit.reached and visit.began_at >= since
    }
    return matter.group.columns <= read


def _search_columns(
    matter: _Wanted, others: Iterable[tuple[str, Sighting]], calendar: Calendar, now: datetime
) -> Search:
    """Return what the other columns show, by what the crawl has read of them."""
    elsewhere = [(column, sighting) for column, sighting in others if column not in matter.group.columns]
    columns = matter.facts.rulebook.county.columns
    named = {sighting.url: columns[column].title or column for column, sighting in elsewhere if column in columns}
    hits = _hits(matter, [sighting for _, sighting in elsewhere], calendar, now)
    return Search("other-columns", hits=tuple(replace(hit, where=named.get(hit.url, "")) for hit in hits))


def _hits(matter: _Wanted, sightings: Sequence[Sighting], calendar: Calendar, now: datetime) -> tuple[Hit, ...]:
    """Return the sightings that the rules would allocate to the occurrence if a column of the duty showed them."""
    county, group = matter.facts.rulebook.county, matter.group
    facts = matter.facts.facts_of(group)
    known = {_without_scheme(entry.url) for entry in facts.entries}
    fitting = {
        sighting.url: sighting
        for sighting in sightings
        if matter.fits(sighting.title)
        and _without_scheme(sighting.url) not in known
        and (sighting.claimed is None or moment_day(sighting.claimed, county.zone) >= matter.since)
    }
    if not fitting:
        return ()
    column = next(key for source in matter.sources for key in source.columns)
    as_if = tuple(
        Entry(-number, column, url, (EntryVersion(now, sighting.title, sighting.claimed),), now, now)
        for number, (url, sighting) in enumerate(fitting.items(), 1)
    )
    verdict = judge(
        group.duty,
        group.assignment,
        matter.facts.occurrences(group),
        replace(facts, entries=(*facts.entries, *as_if)),
        county,
        calendar,
        now,
    )[matter.occurrence.key]
    allocated = dict.fromkeys(finding.about for finding in verdict.findings if finding.about in fitting)
    return tuple(Hit(fitting[url].title, url) for url in allocated)


def _is_unnamed(sighting: Sighting) -> bool:
    """Return whether a site map gives no title: its reader puts the path in its place."""
    return sighting.title.startswith(("/", "http"))


def _without_scheme(url: str) -> str:
    return url.partition("#")[0].partition("://")[2]


@dataclass(slots=True)
class _Site:
    """Asks the maps and the searches of the county's sites; each address once in a crawl."""

    county: County
    fetcher: Fetcher
    files: Files
    _seen: dict[str, Seen] = field(default_factory=dict)

    async def search(self, matter: _Wanted, calendar: Calendar, now: datetime) -> list[Search]:
        """Return what the map and the search of each site show on which the matter's columns lie."""
        searches = []
        columns = [self.county.columns[key] for key in sorted(matter.group.columns) if key in self.county.columns]
        for address in dict.fromkeys(urljoin(column.url, "/sitemap.xml") for column in columns):
            if (search := await self._read_map(address, matter, calendar, now)) is not None:
                searches.append(search)
        templates = dict.fromkeys(
            template for column in columns if (template := self.county.searches.get(column.channel))
        )
        words = dict.fromkeys(
            word for source in matter.sources for word in search_words(source.title or "", matter.occurrence.event)
        )
        for template in templates:
            for word in list(words)[:_MOST_WORDS]:
                searches.append(await self._ask(template.replace("{words}", quote(word)), matter, calendar, now))
        return searches

    async def _read_map(self, url: str, matter: _Wanted, calendar: Calendar, now: datetime) -> Search | None:
        """Return what a site map shows; None where the site has none."""
        seen = await self._inspect(url, "sitemap")
        if seen.kind != "listing" or not seen.entries:
            return None
        recent = [
            sighting
            for sighting in seen.entries
            if sighting.claimed is not None and moment_day(sighting.claimed, self.county.zone) >= matter.since
        ]
        titled = [sighting for sighting in recent if not _is_unnamed(sighting)]
        known = {_without_scheme(entry.url) for entry in matter.facts.facts.entries}
        unnamed = [one for one in recent if _is_unnamed(one) and _without_scheme(one.url) not in known]
        for sighting in unnamed[:_MOST_OPENED]:
            page = await self._inspect(sighting.url)
            titled += [replace(sighting, title=page.title, claimed=page.published)] if page.title else []
        return Search("sitemap", url, hits=_hits(matter, titled, calendar, now))

    async def _ask(self, url: str, matter: _Wanted, calendar: Calendar, now: datetime) -> Search:
        """Return what the site's own search shows on its first page."""
        seen = await self._inspect(url)
        if seen.kind != "listing":
            return Search("search", url, note=seen.reason or "检索结果无法识别")
        return Search("search", url, hits=_hits(matter, seen.entries, calendar, now))

    async def _inspect(self, url: str, dialect: str = "") -> Seen:
        if url not in self._seen:
            self._seen[url] = await inspect(url, self.fetcher, self.county.zone, self.files, dialect=dialect)
        return self._seen[url]

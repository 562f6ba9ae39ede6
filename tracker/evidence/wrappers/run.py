"""Runs a stored wrapper on a page: the rows that it finds, with what verification asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import unquote, urlsplit

from tracker.core.values.facts import Moment, Sighting
from tracker.evidence.fetch.redirects import is_front
from tracker.evidence.page.dates import MonthDay, day_of, moment_in_url
from tracker.evidence.page.parsed import Page, legible
from tracker.evidence.page.row_titles import MAX_TITLE, NO_TITLE, is_readable
from tracker.evidence.wrappers.cells import Record
from tracker.evidence.wrappers.data_records import arrays_of, data_records
from tracker.evidence.wrappers.day_forms import IN_TITLE, read_day
from tracker.evidence.wrappers.fields import title_of
from tracker.evidence.wrappers.headlines import entries_above
from tracker.evidence.wrappers.link_groups import Shape
from tracker.evidence.wrappers.list_signs import begins_anew, has_headed_sections, has_more
from tracker.evidence.wrappers.profile import load_profiles
from tracker.evidence.wrappers.publishers import without_label
from tracker.evidence.wrappers.records import BoxRun, find_runs, read_records
from tracker.evidence.wrappers.residue import Leftover, Room
from tracker.evidence.wrappers.ruled import find_ruled_runs, put_parts
from tracker.evidence.wrappers.stores import store_page
from tracker.evidence.wrappers.values import lost_at_latest
from tracker.evidence.wrappers.wrapper import DayPlace, SourceKind, Wrapper
from tracker.evidence.wrappers.years import with_years


@dataclass(frozen=True, slots=True)
class WrappedPage:
    """What a wrapper read of one page.

    `records`: how many stood there; `dated`: of the rows, those with a day; `lost`: of an answer's records, such as
    have no title or lead nowhere, `lost_day`: the newest day that one of them may be of, None where it may be of any;
    `headlines`: how many of the sightings stand above the records; `left`: what else stands in the list's room;
    `is_head`: the rows are the first ones of a longer list, or of several; `rivals`: the rows of the lists that may be
    the column's as well.
    """

    sightings: tuple[Sighting, ...] = ()
    records: int = 0
    lost: int = 0
    lost_day: date | None = None
    dated: int = 0
    headlines: int = 0
    left: tuple[Leftover, ...] = ()
    is_head: bool = False
    rivals: tuple[Sighting, ...] = ()


_FILLED = 0.75
_DIGITS, _SIGNED_DAY = re.compile(r"\d+"), re.compile(r"\d[日号]|\d\s*[-/.月]\s*\d{1,2}$")


def address_shape(url: str) -> str:
    """Return an address without its numbers and its query."""
    return _DIGITS.sub("", url.partition("?")[0])


def _usual_shape(records: Sequence[Record]) -> str:
    """Return the shape that nearly all addresses of some records have; "" where they are of many."""
    shapes = Counter(address_shape(record.url) for record in records).most_common(1)
    return shapes[0][0] if shapes and shapes[0][1] * 4 >= len(records) * 3 else ""


def run_wrapper(wrapper: Wrapper, page: Page, above: date | None = None) -> WrappedPage:
    """Return the rows of a page. `above`: the last day of the page before, for days without a year."""
    if wrapper.kind in (SourceKind.JSON, SourceKind.XML):
        objects = arrays_of(page).get(wrapper.record_path, []) if page.kind == wrapper.kind.value else []
        return rows_of(wrapper, page, data_records(objects, wrapper.link, page), above)
    shown: Page | None = page if page.kind == "html" else None
    if wrapper.kind is SourceKind.STORE:
        profile = load_profiles().get(wrapper.profile)
        shown = store_page(page, profile) if profile is not None else None
    if shown is None:
        return WrappedPage()
    if wrapper.rule is not None:
        runs = find_ruled_runs(shown, wrapper.rule)
    else:
        runs = find_runs(shown, Shape(wrapper.record_path, wrapper.link, wrapper.skip))
    if wrapper.box is not None:
        runs = runs[wrapper.box : wrapper.box + 1]
    headed = any(one.place.startswith("<") for one in wrapper.days)
    parts = [read_records(run, wrapper.bound, headed=headed) for run in runs]
    if wrapper.rule is not None:
        put_parts((record for part in parts for record in part), wrapper.rule)
    read = rows_of(wrapper, shown, [record for part in parts for record in part], above)
    if not read.sightings:
        return read
    read = _with_room(wrapper, page if page.kind == "html" else shown, read, runs, parts)
    several = len(runs) > 1 and begins_anew(days_of(parts, wrapper.days, page))
    if wrapper.kind is SourceKind.STORE:
        return replace(read, is_head=several)
    if above is not None:
        return read
    rivals = _rows_beside(wrapper, page, {one.url for one in read.sightings})
    return replace(read, is_head=several or has_headed_sections(runs) or has_more(runs), rivals=rivals)


def _with_room(
    wrapper: Wrapper, page: Page, read: WrappedPage, runs: Sequence[BoxRun], parts: Sequence[Sequence[Record]]
) -> WrappedPage:
    """Return what was read with the entries above the records, and with what is left over in the list's room."""
    room = Room(page, read.sightings)
    for number, (run, part) in enumerate(zip(runs, parts, strict=True)):
        if number:
            room.between(runs[number - 1].box, run.box)
        room.add(run, wrapper.bound, part)
    first, last = runs[0].box, runs[-1].box
    if wrapper.kind is SourceKind.STORE and page.kind == "html":
        first = last = next((one for one in page.tree.css("script") if "<record" in one.text()), first)
    left = room.leftovers(first, last)
    entries = entries_above(page, left, read.sightings)
    rest = tuple(one for place, one in enumerate(left) if place not in entries)
    sightings = _once((*entries.values(), *read.sightings))
    headlines = len({one.url for one in entries.values()})
    return replace(read, sightings=sightings, lost=0, headlines=headlines, left=rest)


def _rows_beside(wrapper: Wrapper, page: Page, known: set[str]) -> tuple[Sighting, ...]:
    rows = {one.url: one for rival in wrapper.rivals for one in run_wrapper(rival, page).sightings}
    return tuple(one for url, one in rows.items() if url not in known)


def days_of(
    parts: Sequence[Sequence[Record]], places: Sequence[DayPlace], page: Page
) -> list[list[date | MonthDay | None]]:
    """Return the day of each record, box by box; what stood in a box before is not there again."""
    known: set[str] = set()
    fresh = []
    for part in parts:
        fresh.append([one for one in part if one.url not in known])
        known.update(one.url for one in part)

    def day(record: Record) -> date | MonthDay | None:
        found = (read_day(record.read(one.place), one.form, page.zone, page.today) for one in places)
        when = next((one for one in found if one is not None), None)
        return when if when is None or isinstance(when, MonthDay) else day_of(when)

    return [[day(record) for record in part] for part in fresh]


def rows_of(wrapper: Wrapper, page: Page, records: Sequence[Record], above: date | None = None) -> WrappedPage:
    """Return the rows of records that were found already."""
    places = frozenset(one.place for one in wrapper.days if one.form not in IN_TITLE)
    tailed = any(one.form in IN_TITLE for one in wrapper.days)
    profile = load_profiles().get(wrapper.profile)
    made_on = re.compile(profile.addresses) if profile is not None and profile.addresses else None
    rows: list[FoundRow] = []
    lost: list[tuple[bool, date | None]] = []
    usual: str | None = None
    for record in records:
        title = legible(title_of(record, wrapper.title, places, tailed=tailed))
        if not title and wrapper.link == "loc":
            title = unquote(urlsplit(record.url).path)[:MAX_TITLE]
        when, is_reckoned = _when(wrapper, record, page)
        is_word = NO_TITLE.match(title) is not None
        leads_home = wrapper.kind is SourceKind.PAGE and _is_front_of(page, record.url)
        gone = not title or not record.url or leads_home or not (is_word or is_readable(title))
        lost.append((gone, None if when is None or isinstance(when, MonthDay) else day_of(when)))
        if gone or is_word:
            continue
        if when is None and not wrapper.days and made_on is not None and made_on.search(record.url):
            when, is_reckoned = moment_in_url(record.url), True  # when it was made, until its page says more
        if when is None and wrapper.fill >= _FILLED:
            usual = _usual_shape(records) if usual is None else usual
            if len(title) < 4 or (usual and address_shape(record.url) != usual):
                continue  # among rows that have days, a word without one is no row, nor is what leads elsewhere
        publisher = publisher_of(record, wrapper) if wrapper.others else ""
        rows.append(FoundRow(record.url, title, when, is_reckoned, publisher))
    count = [gone for gone, _ in lost].count(True)
    dated = sum(row.when is not None for row in rows)
    return WrappedPage(
        _sightings(rows, page, above), len(records), count, lost_at_latest(lost) if count else None, dated
    )


def _is_front_of(page: Page, url: str) -> bool:
    """Return whether an address is the front page of a page's own site: no entry lies there."""
    there = urlsplit(url)
    return is_front(there.path) and not there.query and there.netloc == urlsplit(page.url).netloc


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row before its day is completed. `is_reckoned`: the day is a conclusion of ours."""

    url: str
    title: str
    when: Moment | MonthDay | None
    is_reckoned: bool
    publisher: str


def publisher_of(record: Record, wrapper: Wrapper) -> str:
    """Return who published a record, as the list says; "" where it does not."""
    place = dict(wrapper.others).get("source", "")
    text = without_label(record.read(place)) if place else ""
    return "" if not text or "@" in text or not is_readable(text) else text[:128]


def _when(wrapper: Wrapper, record: Record, page: Page) -> tuple[Moment | MonthDay | None, bool]:
    """Return a record's day, and whether it is reckoned: days ago, of the last change, under a month unless both are
    whole (2015年9月, 25日)."""
    for one in wrapper.days:
        text = record.read(one.place)
        if text and (when := read_day(text, one.form, page.zone, page.today)) is not None:
            is_under_month = one.place.startswith("<") and len(one.place) > 1
            is_under_month = is_under_month and (
                "年" not in record.head or _SIGNED_DAY.search(text.removeprefix(record.head)) is None
            )
            return when, one.form == "ago" or one.place == "lastmod" or is_under_month
    return None, False


def _sightings(rows: Sequence[FoundRow], page: Page, above: date | None) -> tuple[Sighting, ...]:
    """Return one row an address; days without a year take the one of the address, else the nearest to the row above."""
    days: list[MonthDay | date | None] = []
    for row in rows:
        if isinstance(row.when, MonthDay):
            known = moment_in_url(row.url)
            days.append(known if known and (known.month, known.day) == (row.when.month, row.when.day) else row.when)
        else:
            days.append(None if row.when is None else day_of(row.when))
    full = with_years(days, page.today, above) if any(isinstance(day, MonthDay) for day in days) else days
    found = []
    for row, before, day in zip(rows, days, full, strict=True):
        claimed: Moment | None = row.when if isinstance(row.when, datetime) else day if isinstance(day, date) else None
        inferred = claimed is not None and (row.is_reckoned or isinstance(before, MonthDay))
        found.append(Sighting(row.url, row.title, claimed, row.publisher, inferred))
    return _once(found)


def _once(found: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """Return one row an address: the first, or the first that has a day."""
    seen: dict[str, Sighting] = {}
    for one in found:
        kept = seen.setdefault(one.url, one)
        if kept.claimed is None and one.claimed is not None:
            seen[one.url] = one
    return tuple(seen.values())

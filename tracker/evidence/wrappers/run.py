"""Runs a stored wrapper on a page: the rows that it finds, with what verification asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import unquote, urlsplit

from tracker.core.values.facts import Moment, Sighting
from tracker.evidence.listing.dialects.rows import NO_TITLE, is_readable
from tracker.evidence.page.dates import MonthDay, day_of, moment_in_url
from tracker.evidence.page.parsed import Page, legible
from tracker.evidence.wrappers.cells import Record
from tracker.evidence.wrappers.data_records import arrays_of, data_records
from tracker.evidence.wrappers.day_forms import IN_TITLE, read_day
from tracker.evidence.wrappers.fields import title_of
from tracker.evidence.wrappers.link_groups import Shape
from tracker.evidence.wrappers.profile import load_profiles
from tracker.evidence.wrappers.records import BoxRun, find_runs, read_records
from tracker.evidence.wrappers.residue import Leftover, Room, entries_above
from tracker.evidence.wrappers.stores import store_page
from tracker.evidence.wrappers.wrapper import SourceKind, Wrapper
from tracker.evidence.wrappers.years import with_years


@dataclass(frozen=True, slots=True)
class WrappedPage:
    """What a wrapper read of one page. `records`: how many stood there; `lost`: of these, such as have no title or lead
    nowhere; `dated`: of the rows, those with a day; `headlines`: how many of the sightings stand above the records;
    `left`: what else stands in the list's room, and may be an entry."""

    sightings: tuple[Sighting, ...] = ()
    records: int = 0
    lost: int = 0
    dated: int = 0
    headlines: int = 0
    left: tuple[Leftover, ...] = ()


_FILLED = 0.75
#: Addresses that hold the day.
_MADE_ON = re.compile(r"/t20\d{6}_\d+\.s?html?$")
#: What broken letters are made of.
_BROKEN = re.compile("[\ufffd\x80-\xff]|锟斤拷")
_DIGITS = re.compile(r"\d+")


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
        read = rows_of(wrapper, page, data_records(objects, wrapper.link, page), above)
        return replace(read, lost=read.lost + _without_address(wrapper, objects))
    shown: Page | None = page if page.kind == "html" else None
    if wrapper.kind is SourceKind.STORE:
        profile = next((one for one in load_profiles() if one.name == wrapper.profile), None)
        shown = store_page(page, profile) if profile is not None else None
    if shown is None:
        return WrappedPage()
    runs = find_runs(shown, Shape(wrapper.record_path, wrapper.link, wrapper.skip))
    if wrapper.box is not None:
        runs = runs[wrapper.box : wrapper.box + 1]
    headed = any(one.place.startswith("<") for one in wrapper.days)
    records = [read_records(run, wrapper.bound, headed=headed) for run in runs]
    read = rows_of(wrapper, shown, [record for part in records for record in part], above)
    return _with_room(wrapper, page, read, runs, records) if read.sightings else read


def _without_address(wrapper: Wrapper, objects: Sequence[dict[str, str]]) -> int:
    """Return how many objects of an interface's answer have a title and lead nowhere."""
    if wrapper.kind is not SourceKind.JSON:
        return 0
    return sum(not one.get(wrapper.link) and any(one.get(place) for place in wrapper.title) for one in objects)


def _with_room(
    wrapper: Wrapper, page: Page, read: WrappedPage, runs: Sequence[BoxRun], records: Sequence[Sequence[Record]]
) -> WrappedPage:
    """Return what was read with the entries above the records, and with what is left over in the list's room."""
    room = Room(page, read.sightings)
    for number, (run, part) in enumerate(zip(runs, records, strict=True)):
        if number:
            room.between(runs[number - 1].box, run.box)
        room.add(run, wrapper.bound, part)
    first, last = runs[0].box, runs[-1].box
    if wrapper.kind is SourceKind.STORE and page.kind == "html":
        first = last = next((one for one in page.tree.css("script") if "<record" in one.text()), first)
    left = room.leftovers(first, last)
    entries = entries_above(page, left, read.sightings)
    return replace(
        read, sightings=(*entries.values(), *read.sightings), headlines=len(entries),
        left=tuple(one for place, one in enumerate(left) if place not in entries),
    )  # fmt: skip


def rows_of(wrapper: Wrapper, page: Page, records: Sequence[Record], above: date | None = None) -> WrappedPage:
    """Return the rows of records that were found already."""
    places = frozenset(one.place for one in wrapper.days if one.form not in IN_TITLE)
    tailed = any(one.form in IN_TITLE for one in wrapper.days)
    rows: list[tuple[Record, str, Moment | MonthDay | None, bool]] = []
    lost = 0
    usual: str | None = None
    for record in records:
        title = legible(title_of(record, wrapper.title, places, tailed=tailed))
        if not title and wrapper.kind is SourceKind.XML:
            title = unquote(urlsplit(record.url).path)
        if not title or NO_TITLE.match(title):
            lost += title == ""
            continue
        if _BROKEN.search(title) and not is_readable(title):
            lost += 1
            continue
        when, told = _when(wrapper, record, page)
        if when is None and not wrapper.days and _MADE_ON.search(record.url):
            when, told = moment_in_url(record.url), "ago"  # the day that a text was made, until its page says more
        if when is None and wrapper.fill >= _FILLED:
            usual = _usual_shape(records) if usual is None else usual
            if len(title) * 2 < wrapper.row_length or (usual and address_shape(record.url) != usual):
                continue  # among rows that have days, a word without one is no row, nor is what leads elsewhere
        rows.append((record, title, when, told == "ago"))
    return WrappedPage(_sightings(rows, page, above), len(records), lost, sum(row[2] is not None for row in rows))


def _when(wrapper: Wrapper, record: Record, page: Page) -> tuple[Moment | MonthDay | None, str]:
    for one in wrapper.days:
        text = record.read(one.place)
        if text and (when := read_day(text, one.form, page.zone, page.today)) is not None:
            return when, one.form
    return None, ""


def _sightings(
    rows: Sequence[tuple[Record, str, Moment | MonthDay | None, bool]], page: Page, above: date | None
) -> tuple[Sighting, ...]:
    """Return one row an address; days without a year take the one of the address, else the nearest to the row above."""
    days: list[MonthDay | date | None] = []
    for record, _, when, _ in rows:
        if isinstance(when, MonthDay):
            known = moment_in_url(record.url)
            days.append(known if known and (known.month, known.day) == (when.month, when.day) else when)
        else:
            days.append(None if when is None else day_of(when))
    full = with_years(days, page.today, above) if any(isinstance(day, MonthDay) for day in days) else days
    seen: dict[str, Sighting] = {}
    for (record, title, when, reckoned), before, day in zip(rows, days, full, strict=True):
        claimed: Moment | None = when if isinstance(when, datetime) else day if isinstance(day, date) else None
        inferred = claimed is not None and (reckoned or isinstance(before, MonthDay))
        kept = seen.get(record.url)
        if kept is None or (kept.claimed is None and claimed is not None):
            seen[record.url] = Sighting(record.url, title, claimed, "", inferred)
    return tuple(seen.values())

"""Runs a stored wrapper on a page: the rows that it finds, with what verification asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import unquote, urlsplit

from tracker.core.values.facts import Moment, Sighting
from tracker.evidence.listing.dialects.rows import NO_TITLE, full_title, is_readable
from tracker.evidence.listing.values import lost_at_latest
from tracker.evidence.page.dates import MonthDay, day_of, moment_in_url
from tracker.evidence.page.parsed import Node, Page, legible, squeeze
from tracker.evidence.wrappers.cells import Record
from tracker.evidence.wrappers.data_records import arrays_of, data_records
from tracker.evidence.wrappers.day_forms import IN_TITLE, read_day
from tracker.evidence.wrappers.fields import title_of
from tracker.evidence.wrappers.link_groups import Shape, address_of
from tracker.evidence.wrappers.profile import load_profiles
from tracker.evidence.wrappers.publishers import without_label
from tracker.evidence.wrappers.records import find_runs, read_records
from tracker.evidence.wrappers.stores import store_page
from tracker.evidence.wrappers.strays import Stray, strays_in
from tracker.evidence.wrappers.wrapper import RecordBound, SourceKind, Wrapper
from tracker.evidence.wrappers.years import with_years


@dataclass(frozen=True, slots=True)
class WrappedPage:
    """What a wrapper read of one page. `records`: how many stood there; `lost`: of these, such as have no title or lead
    nowhere, `lost_day`: the newest day that one of them may be of, None where it may be of any; `dated`: of the rows,
    those with a day; `strays`: what stands among the records and may be a row."""

    sightings: tuple[Sighting, ...] = ()
    records: int = 0
    lost: int = 0
    lost_day: date | None = None
    dated: int = 0
    strays: tuple[Stray, ...] = ()


_FILLED = 0.75
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
        return rows_of(wrapper, page, data_records(objects, wrapper.link, page), above)
    shown, room = page, None
    if wrapper.kind is SourceKind.STORE:
        profile = load_profiles().get(wrapper.profile)
        held = store_page(page, profile) if profile is not None else None
        if held is None:
            return WrappedPage()
        shown = held
        room = page.tree.css_first("script[type='text/xml'], script") if page.kind == "html" else None
        room = next((one for one in page.tree.css("script") if "<record" in one.text()), None) if room else None
    elif page.kind != "html":
        return WrappedPage()
    runs = find_runs(shown, Shape(wrapper.record_path, wrapper.link, wrapper.skip))
    if wrapper.box is not None:
        runs = runs[wrapper.box : wrapper.box + 1]
    headed = any(one.place.startswith("<") for one in wrapper.days)
    records = [record for run in runs for record in read_records(run, wrapper.bound, headed=headed)]
    read = rows_of(wrapper, shown, records, above)
    if strays := tuple(one for run in runs if run.gaps for one in strays_in(run, wrapper.bound, shown)):
        read = replace(read, strays=strays)
    if wrapper.kind is SourceKind.PAGE:
        most = max(runs, key=lambda run: len(run.starts), default=None)
        room = most.box if most is not None and wrapper.bound is RecordBound.ELEMENT else None
    if above is None and room is not None:
        known = {one.url for one in read.sightings}
        own = [one for one in headlines(page, room) if one.url not in known]
        read = replace(read, sightings=(*own, *read.sightings))
    return read


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
            title = unquote(urlsplit(record.url).path)
        when, is_reckoned = _when(wrapper, record, page)
        bad = _BROKEN.search(title) is not None and not is_readable(title)
        gone = not title or not record.url or bad
        lost.append((gone, None if when is None or isinstance(when, MonthDay) else day_of(when)))
        if gone or NO_TITLE.match(title):
            continue
        if when is None and not wrapper.days and made_on is not None and made_on.search(record.url):
            when, is_reckoned = moment_in_url(record.url), True  # when it was made, until its page says more
        if when is None and wrapper.fill >= _FILLED:
            usual = _usual_shape(records) if usual is None else usual
            if len(title) < 4 or (usual and address_shape(record.url) != usual):
                continue  # among rows that have days, a word without one is no row, nor is what leads elsewhere
        rows.append(FoundRow(record.url, title, when, is_reckoned, publisher_of(record, wrapper)))
    count = sum(gone for gone, _ in lost)
    dated = sum(row.when is not None for row in rows)
    return WrappedPage(_sightings(rows, page, above), len(records), count, lost_at_latest(lost), dated)


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
    return "" if "@" in text or not is_readable(text) else text[:128]


def _when(wrapper: Wrapper, record: Record, page: Page) -> tuple[Moment | MonthDay | None, bool]:
    """Return a record's day, and whether it is reckoned: days ago, or the day of the last change."""
    for one in wrapper.days:
        text = record.read(one.place)
        if text and (when := read_day(text, one.form, page.zone, page.today)) is not None:
            return when, one.form == "ago" or one.place == "lastmod"
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
    seen: dict[str, Sighting] = {}
    for row, before, day in zip(rows, days, full, strict=True):
        claimed: Moment | None = row.when if isinstance(row.when, datetime) else day if isinstance(day, date) else None
        inferred = claimed is not None and (row.is_reckoned or isinstance(before, MonthDay))
        kept = seen.get(row.url)
        if kept is None or (kept.claimed is None and claimed is not None):
            seen[row.url] = Sighting(row.url, row.title, claimed, row.publisher, inferred)
    return tuple(seen.values())


# -- what stands in the list's own room, above its rows --------------------------------------------


def headlines(page: Page, box: Node) -> list[Sighting]:
    """Return the links with a title that stand above the rows in the list's own room, each in a box of its own."""
    found: list[Sighting] = []
    node: Node | None = box
    for _ in range(3):
        beside = node.prev if node is not None else None
        while beside is not None:
            if not beside.is_text_node and beside.tag not in _OTHERS:
                links = [beside] if beside.tag == "a" else beside.css("a")[:6]
                if len({link.attributes.get("href") for link in links}) > 2:
                    return found
                found += [one for link in links if (one := _headline(page, beside, link)) is not None]
            beside = beside.prev
        node = node.parent if node is not None else None
        if node is None or node.tag in ("body", "main", None) or node.css_first("aside, nav, form") is not None:
            break
    return found


_OTHERS = frozenset({"aside", "nav", "form", "header", "script", "style", "ul", "ol", "table"})
_LEAST = 8


def _headline(page: Page, holder: Node, link: Node) -> Sighting | None:
    picture = link.css_first("img[alt]")
    alt = (picture.attributes.get("alt") or "") if picture is not None else ""
    title = full_title(squeeze(link.text()) or alt, squeeze(link.attributes.get("title") or ""))
    url = address_of(page, link)
    if url is None or url == page.url or len(title) < _LEAST or NO_TITLE.match(title):
        return None
    if urlsplit(url).netloc != urlsplit(page.url).netloc or squeeze(holder.text())[:2] in ("上一", "下一"):
        return None
    days = (read_day(squeeze(text), "whole", page.zone, page.today) for text in holder.text(separator="\n").split("\n"))
    day = next((one for one in days if one is not None and not isinstance(one, MonthDay)), None)
    return Sighting(url, title, day)

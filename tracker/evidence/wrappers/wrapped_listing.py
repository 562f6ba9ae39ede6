"""What a wrapper reads of a page as a `Listing`, so that visits and certificates treat it like any other reader's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.data_records import MAX_RECORDS
from tracker.evidence.wrappers.json_answers import has_no_records
from tracker.evidence.wrappers.other_years import OtherYears, read_other_years
from tracker.evidence.wrappers.page_state import breaks_off, died, says_closed
from tracker.evidence.wrappers.pagers import following
from tracker.evidence.wrappers.profile import load_profiles
from tracker.evidence.wrappers.residue import Leftover, residue_of
from tracker.evidence.wrappers.run import WrappedPage
from tracker.evidence.wrappers.script_rows import rows_in_scripts
from tracker.evidence.wrappers.values import Listing, newest_first, unread_rows
from tracker.evidence.wrappers.wrapper import PagerKind, SourceKind, Wrapper

#: What a list is called whose wrapper is of no profile, by what its records stand in.
_NAMES = {SourceKind.PAGE: "list", SourceKind.STORE: "store", SourceKind.JSON: "interface", SourceKind.XML: "feed"}
#: What brings more of a list onto its page, in so many characters.
_UNFOLDS, _CONTROL = re.compile(r"更多|展开|加载|载入|more|load", re.IGNORECASE), 20
#: The end of a row, and nothing behind it.
_ROW_ENDS, _TAIL = re.compile(r"</(?:li|tr)>\s*$", re.IGNORECASE), 200


def name_of(wrapper: Wrapper) -> str:
    """Return what a wrapper's manner is called: its profile, else what its records stand in."""
    profile = load_profiles().get(wrapper.profile)
    if profile is not None:
        return profile.dialect
    if wrapper.kind is SourceKind.PAGE and wrapper.link.startswith("tr/"):
        return "table"
    return "sitemap" if _is_map(wrapper) else _NAMES[wrapper.kind]


def _is_map(wrapper: Wrapper) -> bool:
    return wrapper.kind is SourceKind.XML and wrapper.link == "loc"


def is_behind_the_last(page: Page, wrapper: Wrapper) -> bool:
    """Return whether an answer without records is that behind the last page: it says so, or holds an empty list."""
    if wrapper.kind is SourceKind.JSON:
        return page.kind == "json" and has_no_records(page)
    return wrapper.kind is SourceKind.STORE and page.kind == "xml" and page.says("<recordset")


def wrapped_listing(page: Page, wrapper: Wrapper, read: WrappedPage, number: int = 1, rows: int = 0) -> Listing:
    """Return a page's list of what a wrapper read of it. The page is the `number`-th of its column, and `rows` were
    read before it."""
    if not read.sightings:
        ended = number > 1 and not read.records and is_behind_the_last(page, wrapper)
        reason = "" if ended else "按学到的版式没有读到任何条目"
        return Listing(understood=ended, reason=reason, dialect=name_of(wrapper))
    onward = following(page, wrapper, number, rows, len(read.sightings))
    years = read_other_years(page, read.sightings) if page.kind == "html" else OtherYears()
    days = [day_of(one.claimed) for one in read.sightings if one.claimed is not None]
    paged = onward.place.kind is not PagerKind.NONE or onward.place.promise
    left = read.left
    if onward.ask is not None and onward.place.kind is PagerKind.SCRIPT:
        left = tuple(one for one in left if not _is_followed(one))
    if wrapper.kind is SourceKind.PAGE:
        left = (*left, *rows_in_scripts(page, read.sightings))
    listing = Listing(
        (*read.sightings, *read.rivals),
        dialect=name_of(wrapper),
        next=onward.ask,
        otherwise=onward.otherwise,
        numbered=onward.numbered,
        total=None if years.has_unseen_newer else onward.pages,
        items=onward.items,
        more=onward.more or years.is_hidden,
        then=years.then,
        newer=years.newer,
        doubt=years.doubt,
        year=years.named,
        index=onward.index,
        ordered=bool(days) and newest_first(read.sightings),
        paged=paged,
        last=onward.last,
        since=_whole_since(wrapper, days, len(read.sightings)),
        digest=bool(wrapper.rivals) or (read.is_head and (not paged or wrapper.kind is SourceKind.STORE)),
        **(residue_of(left) or unread_rows(read.lost, read.lost_day)),
    )
    return _newest_of_map(listing) if _is_map(wrapper) else _as_page(page, listing, read.headlines, number)


def _is_followed(left: Leftover) -> bool:
    """Return whether something left over is the control that brings what a script asks for."""
    is_control = left.link is not None and not left.link.attributes.get("href")
    return is_control and len(left.words) <= _CONTROL and _UNFOLDS.search(left.words) is not None


def _newest_of_map(listing: Listing) -> Listing:
    """Return a site map's entries, newest first; of very many the newest alone, whole as far as they reach."""
    rows = sorted(listing.sightings, key=lambda one: day_of(one.claimed) if one.claimed else date.min, reverse=True)
    kept = rows[:MAX_RECORDS]
    listing = replace(listing, sightings=tuple(kept), ordered=False)
    if len(kept) == len(rows):
        return listing
    oldest = kept[-1].claimed
    since = day_of(oldest) if oldest is not None else None
    return replace(listing, items=len(rows), more=True, since=since)


def _whole_since(wrapper: Wrapper, days: Sequence[date], rows: int) -> date | None:
    """Return the day from which on a feed is whole: it shows the newest alone, in order."""
    feed = wrapper.kind is SourceKind.XML and not _is_map(wrapper)
    in_order = len(days) == rows and all(below <= above for above, below in pairwise(days))
    return days[-1] if feed and in_order and days else None


def _as_page(page: Page, listing: Listing, headlines: int, number: int) -> Listing:
    """Return the listing with what the page says of its own state. Of a page that breaks off what stands above the list
    is not whole, as it may be a row whose day did not come, nor the last row where its element does not end."""
    if page.kind not in ("html", "xml"):
        return listing
    if page.kind == "html" and says_closed(page):
        listing = replace(listing, closed="页面称本栏目已停止更新或迁移，新的条目在别处")
    if breaks_off(page, listing.sightings, is_further=number > 1):
        behind = None if _ROW_ENDS.search(page.text[-_TAIL:]) else -1
        return replace(listing, cut=True, sightings=listing.sightings[headlines:behind])
    return replace(listing, cut=page.kind == "html" and died(page))

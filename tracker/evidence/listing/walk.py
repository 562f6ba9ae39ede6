"""The way of a visit from page to page: where it goes on, and what may be concluded when it ends."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Literal
from urllib.parse import urlsplit

from tracker.core.values.facts import Sighting, VisitOutcome
from tracker.evidence.listing.dialects.rows import carried
from tracker.evidence.listing.values import Ask, Listing
from tracker.evidence.page.dates import day_of

#: Fewer rows than this may be in order by chance.
_TELLING = 5
#: So many pages back a further one may have its entries' places in common with.
_REMEMBERED = 4
#: How often a page may send on to where its list really stands: into a frame, and from there to an interface.
MAX_HOPS = 2


@dataclass(slots=True)
class Walk:
    """Where a visit stands. A visit is one chain of pages, or one for each part of a list in several files."""

    seen: dict[str, Sighting] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    waiting: deque[Ask] = field(default_factory=deque)
    hops: int = 0
    pages: int = 0
    turned: int = 0  # pages of the chain that is being followed
    newest: date | None = None  # of the page read last
    last: date | None = None  # the day of the last row so far, where a further page without years goes on
    steady: bool = True  # every row so far bears its whole day, and none stands below an older one
    rows: int = 0  # of the chain that is being followed
    since: date | None = None
    total: int | None = None  # pages and entries, as the chain's pages say
    items: int | None = None
    ordered: bool = True
    digest: bool = False
    chains: int = 1
    ended: int = 0
    bounds: list[date] = field(default_factory=list)  # how far back the chains went that needed not end
    lost: int = 0  # rows that cannot be followed, and the newest day of one; `date.max` where one bears none
    lost_day: date = date.min
    closed: str = ""  # why newer rows stand elsewhere
    broken: bool = False  # the last page breaks off
    cut: bool = False  # a page of the visit breaks off
    older: bool = False  # the page asked for last should be the list of an earlier year
    doubt: bool = False  # nothing says that more rows follow, but some may
    paged: bool = False  # its first page has a pager
    turned_over: list[Listing] = field(default_factory=list)  # the chain's last few pages
    highest: int = 0  # of the page numbers that a pager of the chain leads to
    index: int | None = None  # where the script of the page before counts it
    otherwise: Ask | None = None  # where the page asked for last may be instead
    outcome: VisitOutcome = VisitOutcome.READ
    note: str = ""

    @property
    def reached(self) -> Literal["end"] | date | None:
        if (
            self.outcome is not VisitOutcome.READ
            or self.digest
            or self.closed
            or (self.lost and self.lost_day == date.max)
        ):
            return None
        whole = self._whole
        if not self.lost or whole is None:
            return whole
        return self.lost_day if whole == "end" else max(whole, self.lost_day)

    @property
    def _whole(self) -> Literal["end"] | date | None:
        """How far the rows go back that could be seen."""
        if self.ended == self.chains:
            return "end"
        if self.since is not None:
            return self.since
        if self.chains > 1:
            return max(self.bounds) if self.bounds and self.ended + len(self.bounds) == self.chains else None
        if not self.ordered or (self.broken and not self._in_order):
            return None
        return self.last if self.doubt and self._in_order else self.newest

    @property
    def _in_order(self) -> bool:
        """Whether the rows leave no doubt of their order: what is newer than the last of them is all here."""
        return self.steady and self.rows >= _TELLING

    @property
    def told(self) -> str:
        """The note of the visit, with what stands in the list and could not be taken up."""
        lost = f"列表中有 {self.lost} 条没有可打开的链接或可读的标题，不能断定其中没有所查内容" if self.lost else ""
        return "；".join(one for one in (lost, self.closed, self.note) if one)

    def begin(self) -> Ask | None:
        """The first page of the next chain; None where there is none."""
        if not self.waiting:
            return None
        self.turned, self.newest, self.last, self.total, self.items, self.highest = 0, None, None, None, None, 0
        self.steady, self.rows, self.broken, self.doubt = True, 0, False, False
        return self.waiting.popleft()


def stumble(walk: Walk, outcome: VisitOutcome, note: str) -> None:
    """A first page that cannot be read fails the visit; a later one only bounds how far it reached."""
    if walk.pages == 0:
        walk.outcome, walk.note = outcome, note
    else:
        walk.note = f"第 {walk.pages + 1} 页未能读取：{note}"


def enter(walk: Walk, listing: Listing) -> Ask | None:
    """Go on where the list really stands."""
    walk.hops += 1
    parts = [one for one in listing.parts if one.key not in walk.asked]
    if walk.pages or walk.hops > MAX_HOPS or not parts:
        stumble(walk, VisitOutcome.NOT_UNDERSTOOD, "页面一再指向别处，没有找到列表")
        return None
    walk.chains = len(listing.parts)
    walk.waiting.extend(parts)
    for one in listing.sightings:
        walk.seen.setdefault(one.url, one)
    return walk.begin()


def advance(walk: Walk, listing: Listing, since: date | None, max_pages: int, today: date) -> Ask | None:
    """Take a page in and say which one comes next, as far back as `since`; None where its chain ends."""
    otherwise, walk.otherwise = walk.otherwise, None
    if (walk.turned or walk.older) and (amiss := _amiss(walk, listing)):
        if otherwise is None:
            walk.note = f"第 {walk.pages + 1} 页{amiss}"
        return otherwise
    if walk.turned and walk.last is not None and walk.ordered and listing.ordered:
        listing = carried(listing, walk.last, today)
    _take_in(walk, listing)
    following = _following(walk, listing)
    if following is None:
        return None
    if walk.ordered and since is not None and walk.newest is not None and walk.newest < since:
        walk.bounds.append(walk.newest)
        return None
    if following.key in walk.asked:
        walk.note = "翻页链接指回已读过的页"
        return None
    if walk.pages >= max_pages:
        walk.note = f"页数超过上限 {max_pages} 页，未读到尽头"
        return None
    walk.otherwise = listing.otherwise if listing.otherwise != following else None
    return following


def _amiss(walk: Walk, listing: Listing) -> str:
    """Why a further page is not the one that follows; "" where it may be."""
    older, walk.older = walk.older, False
    if listing.sightings and all(one.url in walk.seen for one in listing.sightings):
        return "与前面的页重复，翻页无效"
    if older:
        return ""
    if walk.index is not None and listing.index is not None and listing.index != walk.index + 1:
        return "的页码与前一页不相接，未予读取"
    if listing.dialect == "empty":
        return "没有条目，不能断定列表到此为止"
    if not listing.sightings and walk.total is not None and walk.turned < walk.total:
        return f"没有条目，而站点称共有 {walk.total} 页"
    unpaged = walk.paged and not listing.paged and not listing.total
    if unpaged and not shapes_of(walk.turned_over) & shapes_of([listing]):
        return "与前面的页没有相同之处，也没有翻页，不是同一栏目的列表"
    return ""


def shapes_of(listings: Iterable[Listing]) -> set[tuple[str, str]]:
    """Where the entries of pages lie: site and folder, numbers left out."""
    parts = [urlsplit(one.url) for listing in listings for one in listing.sightings]
    return {(one.netloc, _DIGITS.sub("", one.path.rpartition("/")[0])) for one in parts}


_DIGITS = re.compile(r"\d+")


def _following(walk: Walk, listing: Listing) -> Ask | None:
    """The page after this one; None where the chain ends, or where nobody knows how it goes on."""
    following = listing.following(walk.turned)
    if following is None and listing.otherwise is not None and (walk.total or 0) > walk.turned:
        following = listing.otherwise
    if following is None or walk.digest or listing.cut:
        ended = walk.ended
        _stop(walk, listing)
        if listing.then is None or walk.ended == ended or listing.then.key in walk.asked:
            return None
        walk.ended, walk.turned, walk.total, walk.items, walk.highest = walk.ended - 1, 0, None, None, 0
        walk.older = True
        return listing.then
    return following


def _take_in(walk: Walk, listing: Listing) -> None:
    newest = listing.newest
    if walk.newest and newest and newest > walk.newest:
        walk.ordered = False
    walk.pages += 1
    walk.turned += 1
    walk.paged = listing.paged if walk.turned == 1 else walk.paged
    walk.turned_over = [*(walk.turned_over if walk.turned > 1 else ()), listing][-_REMEMBERED:]
    walk.highest = max(walk.highest, *listing.numbered, 0) if listing.numbered else walk.highest
    walk.index = listing.index
    walk.total = listing.total if listing.total is not None else walk.total
    walk.items = listing.items if listing.items is not None else walk.items
    walk.ordered = walk.ordered and listing.ordered
    walk.digest = walk.digest or listing.digest
    walk.broken = listing.cut
    walk.cut = walk.cut or listing.cut
    walk.closed = walk.closed or listing.closed
    walk.steady = walk.steady and _steady(listing, walk.last)
    walk.rows += len(listing.sightings)
    _lost(walk, listing)
    if walk.pages == 1 and listing.newer is not None and listing.newer.key not in walk.asked:
        walk.waiting.append(listing.newer)
        walk.chains += 1
    if listing.sightings:
        walk.newest = newest
        walk.last = next((day_of(one.claimed) for one in reversed(listing.sightings) if one.claimed), walk.last)
    if listing.since is not None:
        walk.since = max(walk.since or listing.since, listing.since)
    for one in listing.sightings:
        walk.seen.setdefault(one.url, one)


def _lost(walk: Walk, listing: Listing) -> None:
    if listing.lost and any(one.url not in walk.seen for one in listing.sightings):
        walk.lost += listing.lost
        walk.lost_day = max(walk.lost_day, listing.lost_day or date.max)


def _steady(listing: Listing, above: date | None) -> bool:
    """Whether a page's rows go on from a day downwards, each with a day as printed."""
    days = [] if above is None else [above]
    for one in listing.sightings:
        if one.claimed is None or one.inferred:
            return False
        days.append(day_of(one.claimed))
    return all(later <= earlier for earlier, later in pairwise(days))


def _stop(walk: Walk, listing: Listing) -> None:
    """A chain's last page, or only the last that can be reached."""
    if walk.digest:
        walk.note = "页面只列出各子栏目的最新几条，不是完整的列表"
    elif listing.cut:
        walk.note = "页面没有传完，后面的条目没有看到"
    elif listing.since is not None:
        walk.note = f"只列出最新的条目，最早到 {listing.since}"
    elif walk.total is not None and walk.total > walk.turned:
        walk.note = f"页面称共有 {walk.total} 页，但后面的页无法翻到"
    elif walk.highest > walk.turned:
        walk.note = f"翻页处列有第 {walk.highest} 页，但没有翻到"
    elif walk.chains == 1 and (walk.items or 0) * 10 > len(walk.seen) * 11 + 20:
        walk.note = f"页面称共有 {walk.items} 条，只见到 {len(walk.seen)} 条"
    elif listing.more and (walk.total is None or walk.total > walk.turned):
        walk.note = "后面的页由脚本翻动，尚不能读取"
    elif listing.doubt and walk.turned == 1:
        walk.note, walk.doubt = listing.doubt, True
    else:
        walk.ended += 1

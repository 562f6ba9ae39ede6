"""The way of a visit from page to page: where it goes on, and what was seen of the list on the way.

What follows from it is the certificate's (`certificate.py`).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from tracker.core.values.facts import Sighting, VisitOutcome
from tracker.evidence.page.dates import day_of
from tracker.evidence.wrappers.values import Ask, Listing

#: Fewer rows than this may be in order by chance.
_TELLING = 5
#: So many pages back a further one may have its entries' places in common with.
_REMEMBERED = 4
#: How often a page may send on to where its list really stands: into a frame, and from there to an interface.
MAX_HOPS = 2


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """Where one chain of pages ended. `known`: whether that is the list's end, None where nothing tells; `reason`
    (Chinese): what told. `back_to`: the day down to which the chain was read, None where its rows tell none."""

    known: bool | None
    reason: str
    back_to: date | None


@dataclass(slots=True)
class Walk:
    """Where a visit stands. A visit is one chain of pages, or one for each part of a list in several files."""

    seen: dict[str, Sighting] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    waiting: deque[Ask] = field(default_factory=deque)
    hops: int = 0
    pages: int = 0
    turned: int = 0  # pages of the chain that is being followed
    newest: date | None = None  # of the last whole page
    last: date | None = None  # the day of the last row so far, where a further page without years goes on
    steady: bool = True  # every row so far bears its whole day, and none stands below an older one
    rows: int = 0  # of the chain that is being followed
    total: int | None = None  # pages and entries, as the chain's pages say
    items: int | None = None
    ordered: bool = True
    digest: bool = False
    files: int = 0  # of an index
    endings: list[ChainEnd] = field(default_factory=list)
    residue: str = ""  # what was left over, and the newest day of it; `date.max` where one bears none
    residue_day: date = date.min
    closed: str = ""  # why newer rows stand elsewhere
    torn: bool = False  # the first page of a chain breaks off
    cut: bool = False  # a page of the visit breaks off
    stale: str = ""  # why a page is an old copy
    unmet: str = ""  # what the site says there is, and was not seen
    unlike: str = ""  # why a further page does not go on with the list
    older: bool = False  # the page asked for last should be the list of an earlier year
    paged: bool = False  # its first page has a pager
    shapes: list[set[str]] = field(default_factory=list)  # where the entries of the chain's last few pages lie
    highest: int = 0  # of the page numbers that a pager of the chain leads to
    led: dict[int, str] = field(default_factory=dict)  # where the chain's first page says that the others are
    index: int | None = None  # where the script of the page before counts it
    otherwise: Ask | None = None  # where the page asked for last may be instead
    outcome: VisitOutcome = VisitOutcome.READ
    relearned: str = ""  # why the list was learned anew
    note: str = ""

    @property
    def told(self) -> str:
        """The note of the visit, with what stands in the list and could not be taken up."""
        anew = f"列表的版式已变，已按新的版式读取（{self.relearned}）" if self.relearned else ""
        return "；".join(text for text in (anew, self.residue, self.closed, self.stale, self.note) if text)

    def begin(self) -> Ask | None:
        """The first page of the next chain; None where there is none."""
        if not self.waiting:
            return None
        self.turned, self.newest, self.last, self.total, self.items, self.highest = 0, None, None, None, None, 0
        self.steady, self.rows, self.led = True, 0, {}
        return self.waiting.popleft()

    def fail(self, reason: str, back_to: date | None = None) -> None:
        """End the chain where it goes on, or should; the reason is the note of the visit."""
        self.note = reason
        self.end(reason, back_to=back_to)

    def end(self, reason: str, known: bool | None = False, back_to: date | None = None) -> None:
        """End the chain: read down to the last row where one page shows all that it has in order, else to the newest
        row of the last page, since rows of further pages stand beneath it."""
        alone = self.turned == 1 and not self.paged and self.steady and self.rows >= _TELLING
        read = self.last if alone else self.newest
        self.endings.append(ChainEnd(known, reason, back_to or (read if self.ordered else None)))


def stumble(walk: Walk, outcome: VisitOutcome, note: str) -> None:
    """A first page that cannot be read fails the visit; a later one only bounds how far it reached."""
    if walk.pages == 0:
        walk.outcome, walk.note = outcome, note
    else:
        walk.fail(f"第 {walk.pages + 1} 页未能读取：{note}")


def enter(walk: Walk, listing: Listing) -> Ask | None:
    """Go on where the list really stands."""
    walk.hops += 1
    parts = [one for one in listing.parts if one.key not in walk.asked]
    if walk.pages or walk.hops > MAX_HOPS or not parts:
        stumble(walk, VisitOutcome.NOT_UNDERSTOOD, "页面一再指向别处，没有找到列表")
        return None
    walk.files = len(parts) if listing.dialect == "sitemap" else 0
    walk.waiting.extend(parts)
    _leave_over(walk, listing)
    for one in listing.sightings:
        walk.seen.setdefault(one.url, one)
    return walk.begin()


def advance(walk: Walk, listing: Listing, since: date | None, max_pages: int) -> Ask | None:
    """Take a page in and say which one comes next, as far back as `since`; None where its chain ends."""
    otherwise, walk.otherwise = walk.otherwise, None
    if (walk.turned or walk.older) and (amiss := _amiss(walk, listing)):
        if otherwise is None:
            walk.unlike = f"第 {walk.pages + 1} 页{amiss}"
            walk.fail(walk.unlike)
        return otherwise
    _take_in(walk, listing)
    following = _following(walk, listing)
    if following is None:
        return None
    if walk.ordered and since is not None and walk.newest is not None and walk.newest < since:
        walk.end(f"已读到 {since} 以前，不必再往后读")
    elif following.key in walk.asked:
        walk.fail("翻页链接指回已读过的页")
    elif walk.pages >= max_pages:
        walk.fail(f"页数超过上限 {max_pages} 页，未读到尽头")
    else:
        walk.otherwise = listing.otherwise if listing.otherwise != following else None
        return following
    return None


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
    before, here = set[str]().union(*walk.shapes), shapes_of(listing.sightings)
    if not here or before & here:
        return ""
    if walk.paged and not listing.paged and not listing.total:
        return "与前面的页没有相同之处，也没有翻页，不是同一栏目的列表"
    if len(before) == len(here) == 1 and walk.rows >= _TELLING:
        return "的条目都在另一处，与前面的页没有相同之处，疑为另一栏目的列表"
    return ""


def shapes_of(rows: Iterable[Sighting]) -> set[str]:
    """Where entries lie: site and folder, numbers left out."""
    return {_DIGITS.sub("", one) for one in {row.url.partition("?")[0].rpartition("/")[0] for row in rows}}


_DIGITS = re.compile(r"\d+")


def _following(walk: Walk, listing: Listing) -> Ask | None:
    """The page after this one; None where the chain ends, or where nobody knows how it goes on."""
    following = listing.following(walk.turned)
    if following is None and listing.otherwise is not None and (walk.total or 0) > walk.turned:
        following = listing.otherwise
    if following is None and not listing.paged and walk.turned + 1 in walk.led:
        following = Ask(walk.led[walk.turned + 1])  # a part of a page has no pager of its own
    if following is not None and not walk.digest and not listing.cut:
        return following
    is_end = _stop(walk, listing)
    if listing.then is None or is_end is False or listing.then.key in walk.asked:
        return None
    walk.turned, walk.total, walk.items, walk.highest, walk.older, walk.led = 0, None, None, 0, True, {}
    return listing.then


def _take_in(walk: Walk, listing: Listing) -> None:
    newest = listing.newest
    if walk.newest and newest and newest > walk.newest:
        walk.ordered = False
    walk.pages += 1
    walk.turned += 1
    walk.paged = listing.paged if walk.turned == 1 else walk.paged
    walk.led = dict(listing.numbered) if walk.turned == 1 else walk.led
    walk.shapes = [*(walk.shapes if walk.turned > 1 else ()), shapes_of(listing.sightings)][-_REMEMBERED:]
    walk.highest = max(walk.highest, *listing.numbered, 0) if listing.numbered else walk.highest
    walk.index = listing.index
    walk.total = listing.total if listing.total is not None else walk.total
    walk.items = listing.items if listing.items is not None else walk.items
    walk.ordered = walk.ordered and listing.ordered
    walk.digest = walk.digest or listing.digest
    walk.torn = walk.torn or (listing.cut and walk.turned == 1)
    walk.cut = walk.cut or listing.cut
    walk.closed = walk.closed or listing.closed
    _leave_over(walk, listing)
    walk.steady = walk.steady and _steady(listing, walk.last)
    walk.rows += len(listing.sightings)
    if walk.pages == 1 and listing.newer is not None and listing.newer.key not in walk.asked:
        walk.waiting.append(listing.newer)
    if listing.sightings:
        walk.newest = walk.newest if listing.cut else newest
        walk.last = next((day_of(one.claimed) for one in reversed(listing.sightings) if one.claimed), walk.last)
    for one in listing.sightings:
        walk.seen.setdefault(one.url, one)


def _leave_over(walk: Walk, listing: Listing) -> None:
    """Note what a page leaves over; on a further page in order it is no newer than the row above the page."""
    if not listing.residue or (listing.sightings and all(one.url in walk.seen for one in listing.sightings)):
        return
    above = walk.last if walk.turned > 1 and walk.ordered and walk.steady else None
    walk.residue = walk.residue or listing.residue
    walk.residue_day = max(walk.residue_day, listing.residue_day or above or date.max)


def _steady(listing: Listing, above: date | None) -> bool:
    """Whether a page's rows go on from a day downwards, each with a day as printed."""
    days = [] if above is None else [above]
    for one in listing.sightings:
        if one.claimed is None or one.inferred:
            return False
        days.append(day_of(one.claimed))
    return all(later <= earlier for earlier, later in pairwise(days))


def _stop(walk: Walk, listing: Listing) -> bool | None:
    """End a chain at its last page, or only the last that can be reached. Return whether that is the list's end."""
    if walk.digest:
        walk.fail("页面只列出各子栏目的最新几条，不是完整的列表")
    elif listing.cut:
        walk.fail("页面没有传完，后面的条目没有看到")
    elif listing.since is not None:
        walk.fail(f"只列出最新的条目，最早到 {listing.since}", listing.since)
    elif unmet := _unmet(walk):
        walk.unmet = unmet
        walk.fail(unmet)
    elif listing.more and (walk.total is None or walk.total > walk.turned):
        walk.fail("后面的页由脚本翻动，尚不能读取")
    elif listing.doubt and walk.turned == 1:
        walk.fail(listing.doubt)
    else:
        wrong = _contradiction(walk)
        told = "" if wrong else _told_end(walk, listing)
        of_a_year = (
            listing.year
            if {day_of(one.claimed).year for one in walk.seen.values() if one.claimed} == {listing.year}
            else None
        )
        if told and of_a_year is not None:
            walk.end(f"{told}；但列表写明只是 {of_a_year} 年的", None, date(of_a_year - 1, 12, 31))
        else:
            walk.end(told or wrong or "列表没有翻页，也没有写明总数，不能断定后面没有", True if told else None)
    return walk.endings[-1].known


def _unmet(walk: Walk) -> str:
    """What the site says there is and was not seen (Chinese); "" where all was."""
    if walk.total is not None and walk.total > walk.turned:
        return f"页面称共有 {walk.total} 页，但后面的页无法翻到"
    if walk.highest > walk.turned:
        return f"翻页处列有第 {walk.highest} 页，但没有翻到"
    if not walk.files and (walk.items or 0) * 10 > len(walk.seen) * 11 + 20:
        return f"页面称共有 {walk.items} 条，只见到 {len(walk.seen)} 条"
    return ""


def _contradiction(walk: Walk) -> str:
    """Why a number that the site gives is not true of this list (Chinese); "" where nothing speaks against it."""
    if walk.total is not None and walk.total < walk.turned:
        return f"页面称共有 {walk.total} 页，却翻到了第 {walk.turned} 页，此数不足为凭"
    if walk.items is not None and not walk.files and walk.items not in (len(walk.seen), walk.rows):
        return f"页面称共有 {walk.items} 条，却见到 {len(walk.seen)} 条，此数不足为凭"
    return ""


def _told_end(walk: Walk, listing: Listing) -> str:
    """What tells that a chain's last page is the list's end (Chinese); "" where nothing does."""
    if walk.total is not None:
        return f"页面称共有 {walk.total} 页，都已读到"
    if walk.items and not walk.files:
        return f"页面称共有 {walk.items} 条，都已见到"
    if walk.turned > 1 or listing.last:
        return "翻页到了最后一页"
    if not walk.rows:
        return "页面写明没有条目"
    return "索引所列的文件都已读到" if walk.files else ""

"""What a page says of its lists: heading, place, addresses, pager, a word for more, and sections with heads of their
own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from posixpath import dirname
from urllib.parse import urlsplit

from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import MonthDay
from tracker.evidence.page.parsed import Node, Page, short_text, squeeze
from tracker.evidence.wrappers.page_parts import stands_beside
from tracker.evidence.wrappers.records import BoxRun
from tracker.evidence.wrappers.words_around import ADDED_MORE, ALL_MORE, IN_PAGER

#: What lists beside a column's own are called.
_CALLED = re.compile(
    r"热点|热门|热词|推荐|相关|排行|点击量|点击榜|图片新闻|猜你喜欢|延伸阅读|关联|大家[在都还]|为您|浏览记录|往期|^最新|最近更新|近期更新|友情|站内|下载"
)
_PARTS = ("最新", "近期", "往期", "历史", "以往")
_PART_NAME = re.compile(rf"({'|'.join(_PARTS)})(.{{2,10}})$")
_MORE_PICTURE = re.compile(r"(?:^|[/_-])(?:more|gengduo|gd)[\w-]{0,6}\.\w{3,4}$", re.IGNORECASE)
_SPLIT = re.compile(r"[-_|—–›»>《》,，·\s]+")
#: Where the reader stands: 当前位置：首页 > 政务公开 > 通知公告.
_CRUMBS = re.compile(r"位置\s*[:：]?\s*(?:[^>›»＞]{1,40}[>›»＞]\s*){1,6}([^\s>›»＞]{2,20})")
_DIGIT = re.compile(r"\d")
#: What the address of a folder's list ends with.
_FILE = re.compile(r"/(?:index|default|list)(?:_?\d+)?\.\w+$|\.s?html?$", re.IGNORECASE)
#: So many foreign links around a list are those of other blocks.
_FEW_LINKS = 3
#: What is farther from a mark than this stands in another part of the page.
FAR = 1000


@dataclass(frozen=True, slots=True)
class Signs:
    """`is_near`: most addresses lie below the column's; `is_own`: the column's name stands above it; `is_called`: its
    heading says that it is another list; `is_beside`: so does its place; `is_marked`: its records bear the mark of the
    site's system; `has_more`: 更多 stands by it; `to_pager`, `to_crumbs`: steps up from these to what holds the list as
    well."""

    is_near: bool = False
    is_own: bool = False
    is_called: bool = False
    is_beside: bool = False
    is_marked: bool = False
    has_more: bool = False
    to_pager: int = FAR
    to_crumbs: int = FAR

    @property
    def is_weak(self) -> bool:
        """Whether it may be beside the column's own list."""
        return not self.is_own and (self.is_called or self.is_beside)


class PageMarks:
    """What a page says of itself that tells its lists apart."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @cached_property
    def names(self) -> list[str]:
        """Return the parts of the page's title."""
        return [one for one in _SPLIT.split(self.page.title) if len(one) > 1]

    @cached_property
    def crumb(self) -> str:
        """Return the last name of the line that tells where the reader stands; "" where there is none."""
        match = _CRUMBS.search(self.page.visible)
        return match[1] if match is not None else ""

    @cached_property
    def pager(self) -> list[int]:
        """Return what a pager stands in, innermost first; nothing where there is none."""
        for _, node, _, text in self.page.pieces:
            if text and len(text) <= 60 and IN_PAGER.fullmatch(squeeze(text)):
                return _around(node)
        return []

    @cached_property
    def crumbs(self) -> list[int]:
        """Return what the line of the reader's place stands in, innermost first."""
        if not self.page.says("位置"):
            return []
        for node in self.page.tree.css("div, p, td, span, ul, nav, li, h2, h3, h4")[:3000]:
            text = short_text(node, 120)
            if text and "位置" in text and _CRUMBS.search(text + " 此"):
                return _around(node)
        return []

    def is_own_name(self, heading: str) -> bool:
        """Return whether a heading is the column's name, as the page's title or its place tells it."""
        bare = ADDED_MORE.sub("", heading)
        names = self.names
        return len(bare) > 1 and (bare == self.crumb or (bare in names[:3] and (bare != names[-1] or len(names) == 1)))

    def is_part_named(self, heading: str) -> bool:
        """Return whether a heading is that of the newer or the older part of one list whose other part the page names:
        最新公告 and 往期公告."""
        part = _PART_NAME.match(heading)
        if part is None or not self.page.says("往期", "历史", "以往"):
            return False
        named = {squeeze(text) for _, _, _, text in self.page.pieces if text and len(text) < 60}
        return any(f"{when}{part[2]}" in named for when in _PARTS if when != part[1])

    def most_below(self, urls: Sequence[str]) -> bool:
        """Return whether most of some addresses lie below the column's own."""
        column = urlsplit(self.page.url).path
        folder = f"{_FILE.sub('', column).rstrip('/')}/"
        return folder != "/" and sum(urlsplit(url).path.startswith(folder) for url in urls) * 2 > len(urls)

    def signs_of(self, runs: Sequence[BoxRun], rows: Sequence[Sighting]) -> Signs:
        """Return what speaks for and against a list of rows in some boxes, as the fullest of these stands."""
        first = max(runs, key=lambda run: len(run.starts))
        heading = heading_of(first)
        bare = ADDED_MORE.sub("", heading)
        is_own = self.is_own_name(heading)
        around = set(_around(first.box))
        folder = dirname(urlsplit(self.page.url).path).rstrip("/")
        below = sum(urlsplit(one.url).path.startswith(f"{folder}/") for one in rows) if folder else 0
        return Signs(
            is_near=below * 2 > len(rows),
            is_own=is_own,
            is_called=not is_own and calls_another(bare) and not self.is_part_named(bare),
            is_beside=stands_beside(first.box),
            has_more=has_more(runs),
            to_pager=_steps(self.pager, around),
            to_crumbs=_steps(self.crumbs, around),
        )


def calls_another(heading: str) -> bool:
    """Return whether a heading is one of lists beside a column's own: 热点, 相关, 排行."""
    return len(heading) < 13 and _CALLED.search(heading) is not None


def _around(node: Node | None) -> list[int]:
    found: list[int] = []
    while node is not None and node.tag != "html" and len(found) < 60:
        found.append(node.mem_id)
        node = node.parent
    return found


def _steps(mark: Sequence[int], around: set[int]) -> int:
    return next((steps for steps, key in enumerate(mark) if key in around), FAR)


# -- headings and words for more ------------------------------------------------------------------


def _own_links(runs: Sequence[BoxRun]) -> set[int]:
    """Return the links that stand in records."""
    return {
        link.mem_id for run in runs for start, first, _ in run.starts for link in (first, *run.children[start].css("a"))
    }


def heading_of(run: BoxRun) -> str:
    """Return the short text above the records of a box, or right before what holds little else; "" for none."""
    for child in reversed(run.children[: run.starts[0][0]]):
        if (child.tag != "tr" or len(child.css("td, th")) == 1) and (text := _heading_text(child)):
            return text
    if tab := _tab_of(run.box):
        return tab
    node: Node | None = run.box
    own = len(_own_links([run]))
    for _ in range(6):
        if node is None or node.tag in ("body", "html"):
            return ""
        if node is not run.box and len(node.css("a")) > own + _FEW_LINKS:
            return ""
        if heading := _before(node):
            return heading
        node = node.parent
    return ""


def _tab_of(box: Node) -> str:
    """Return the words of the tab that shows a box: of as many short items as there are panels, the one of its number;
    "" where it is no panel."""
    node = box
    for _ in range(_PANEL_DEPTH):
        holder = node.parent
        if holder is None or holder.tag in ("body", "html"):
            return ""
        panels = [one for one in holder.iter() if one.tag == node.tag]
        heads = _element_before(panels[0]) or _element_before(holder)
        around = [one.attributes for one in (heads, holder, holder.parent) if one is not None]
        is_tab = any(_TABBED.search(f"{one.get('class') or ''} {one.get('id') or ''}") for one in around)
        for kind in ("li", "a", "span") if heads is not None and is_tab else ():
            words = [squeeze(one.text()) for one in heads.css(kind)[: len(panels) + 1]] if heads is not None else []
            if 1 < len(words) == len(panels) and all(1 < len(one) <= _TAB for one in words):
                return words[[one.mem_id for one in panels].index(node.mem_id)]
        node = holder
    return ""


#: So far up a box is a panel; characters of a tab; what holds tabs is called so.
_PANEL_DEPTH, _TAB = 3, 12
_TABBED = re.compile(r"tab(?!le)|\bhd\b|switch|qiehuan|slide", re.IGNORECASE)


def _element_before(node: Node) -> Node | None:
    beside = node.prev
    while beside is not None and (beside.is_text_node or beside.tag in ("script", "style", "-comment")):
        beside = beside.prev
    return beside


def _before(node: Node) -> str:
    """Return the nearest text of a few characters before an element, among what stands beside it."""
    sibling = node.prev
    for _ in range(6):
        if sibling is None:
            return ""
        text = squeeze(sibling.text_content or "") if sibling.is_text_node else short_text(sibling, 90)
        if text and "位置" in text and (crumb := _CRUMBS.search(text)) is not None:
            return crumb[1]
        if text is None or (not sibling.is_text_node and len(sibling.css("a")) > 2):
            return ""  # a block of its own: text, tabs, another list
        if text and sibling.tag not in ("script", "style", "-comment"):
            return text if len(text) <= 24 else ""
        sibling = sibling.prev
    return ""


def _heading_text(node: Node) -> str:
    if not node.is_text_node and (node.tag in ("script", "style", "-comment") or len(node.css("a")) > 2):
        return ""
    text = squeeze(node.text_content or "") if node.is_text_node else short_text(node, 24)
    return text if text and len(text) <= 24 else ""


def has_more(runs: Sequence[BoxRun]) -> bool:
    """Return whether 更多 stands by a list: then it is only the head of one."""
    own = _own_links(runs)
    node: Node | None = runs[0].box
    inner: Node | None = None
    for _ in range(5):
        if node is None or node.tag in ("body", "html"):
            break
        others = [link for link in node.css("a") if link.mem_id not in own]
        if len(others) > _FEW_LINKS:
            break  # so far out stand the links of other blocks
        inner = node
        if any(map(_says_more, others)):
            return True
        node = node.parent
    if inner is None or _more_beside(inner):
        return inner is not None
    return inner.parent is not None and _tab_of(runs[0].box) != "" and _more_beside(inner.parent)


def _more_beside(node: Node) -> bool:
    """Return whether the element behind one is 更多 and little else, or the one before it a heading with it."""
    for side in ("prev", "next"):
        beside = getattr(node, side)
        while beside is not None and beside.is_text_node:
            beside = getattr(beside, side)
        if beside is None or (side == "prev" and ALL_MORE.match(squeeze(beside.text()))):
            continue
        links = [beside] if beside.tag == "a" else beside.css("a")[: _FEW_LINKS + 1]
        if 0 < len(links) <= _FEW_LINKS and any(map(_says_more, links)):
            return True
    return False


def _says_more(link: Node) -> bool:
    if words := squeeze(link.text()) or squeeze(link.attributes.get("title") or ""):
        return ALL_MORE.match(words) is not None
    picture = link.css_first("img[src]")
    return picture is not None and _MORE_PICTURE.search(picture.attributes.get("src") or "") is not None


# -- sections -------------------------------------------------------------------------------------

#: More boxes than this are rows, and no lists with headings.
MOST_BOXES, _MOST_OF_A_YEAR = 40, 200


def begins_anew(parts: Sequence[Sequence[date | MonthDay | None]]) -> bool:
    """Return whether in most boxes the days begin later than they ended in the box before."""
    ends = [(days[0], days[-1]) for part in parts if len(part) > 1 and (days := [one for one in part if one])]
    steps = [_is_later(below[0], above[1]) for above, below in pairwise(ends)]
    return bool(steps) and sum(steps) * 2 > len(steps)


def _is_later(day: date | MonthDay, above: date | MonthDay) -> bool:
    """Return whether a day is later than the one above; of days without a year a leap of most of one is its turn."""
    if isinstance(day, MonthDay) or isinstance(above, MonthDay):
        return 0 < (day.month - above.month) * 31 + day.day - above.day < _MOST_OF_A_YEAR
    return day > above


def has_headed_sections(runs: Sequence[BoxRun]) -> bool:
    """Return whether boxes have headings of their own that are no months: the heads of several lists."""
    if not 1 < len(runs) <= MOST_BOXES:
        return False
    named = {heading for run in runs if (heading := heading_of(run)) and not _DIGIT.search(heading)}
    return len(named) > 1 and len(named) * 2 > len(runs)

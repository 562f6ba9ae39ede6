"""Which of the lists on a page is the column's own, and which are beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from posixpath import dirname
from urllib.parse import urlsplit

from tracker.evidence.listing.dialects.elements import Element
from tracker.evidence.listing.dialects.found import ARTICLE_URL, ENTRY, FoundRow, is_clock, office, row_of
from tracker.evidence.listing.dialects.paging import Paging, around
from tracker.evidence.listing.dialects.rows import ListingRow
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Node, Page, short_text, squeeze

_FOOT = re.compile(r"版权所有|主办单位|主办[:：]|承办[:：]|ICP备|公网安备|技术支持|网站标识码|备案号")
_MORE = re.compile(r"^[\[(（+\s]*(更多|查看更多|more)[\])）\s>›»….+]*$", re.IGNORECASE)
_MORE_PICTURE = re.compile(r"(?:^|[/_-])(?:more|gengduo|gd)[\w-]{0,6}\.\w{3,4}$", re.IGNORECASE)
#: What lists beside a column's own are called.
_BESIDE = re.compile(
    r"热点|热门|热词|推荐|相关|排行|点击量|点击榜|图片新闻|猜你喜欢|延伸阅读|关联|为您|浏览记录|往期|^最新|最近更新|近期更新|友情|站内"
)
_BESIDE_WORDS = {
    "side", "aside", "sidebar", "hot", "rank", "ranking", "paihang", "recommend", "tuijian", "related", "relation",
    "xgwz", "xgyd", "rdtj", "hits",
}  # fmt: skip
_WORD = re.compile(r"[^a-z]+")
_SPLIT = re.compile(r"[-_|—–›»>《》,，·\s]+")
#: Where the reader stands: 当前位置：首页 > 政务公开 > 通知公告.
_CRUMBS = re.compile(r"位置\s*[:：]?\s*(?:[^>›»＞]{1,40}[>›»＞]\s*){1,6}([^\s>›»＞]{2,20})")
_MONTH = re.compile(r"\d")
#: A second list of this share of the first one's weight makes it doubtful which is the column's own.
_RIVAL = 0.3


@dataclass(eq=False, slots=True)
class Group:
    """Rows that stand in the page in the same manner.

    `near`: their addresses lie below the column's;
    `own`: they are headed by the column's name; `weak`: by their place or name they may be beside the column's
    own list, `called` by their heading; `follows`: on a further page, they stand where the page before has its rows.
    """

    found: list[FoundRow] = field(default_factory=list)
    rows: list[ListingRow] = field(default_factory=list)
    weight: float = 0
    near: bool = False
    own: bool = False
    weak: bool = False
    called: bool = False
    follows: bool = False

    @property
    def leads_on(self) -> bool:
        """Whether 更多 stands by the list: then it is only the head of one."""
        own = len({row.url for row in self.rows})
        keys = {one.element.key for one in self.found}
        inner: Element | None = None
        for element, _ in zip(self.found[0].element.up(), range(5), strict=False):
            if element.tag == "body" or element.links > own + 3:
                # So far out stand the links of other blocks; only what is right beside the list is its own.
                return inner is not None and _more_beside(inner.node)
            inner = element
            if any(_says_more(node) and not _inside(node, keys) for node in element.node.css("a")):
                return True
        return False

    @property
    def beside(self) -> bool:
        """Whether its place or name leave no doubt that it is not the column's own, even where it stands alone."""
        outer = list(self.found[0].element.up())[1:]  # a row may be called hot, and the list still be the column's
        words = {word for one in outer for word in (*_WORD.split(f"{one.style} {one.ident}"), one.tag)}
        return self.weak and (self.called or not words.isdisjoint(_BESIDE_WORDS))

    @property
    def dated(self) -> bool:
        if self.rows:
            return sum(row.when is not None for row in self.rows) * 2 >= len(self.rows)
        return sum(one.date is not None for one in self.found) * 2 >= len(self.found)

    def _begins_anew(self) -> bool:
        """Whether its boxes hold several rows each, and in most of them the days begin anew: tabs of one frame."""
        boxes: dict[int, list[date]] = {}
        for one, row in zip(self.found, self.rows, strict=True):
            if one.element.parent is None or not isinstance(row.when, date):
                return False
            boxes.setdefault(one.element.parent.key, []).append(day_of(row.when))
        runs = list(boxes.values())
        if any(len(run) < 2 or any(later > earlier for earlier, later in pairwise(run)) for run in runs):
            return False
        return all(below[0] > above[-1] for above, below in pairwise(runs))

    @property
    def sectioned(self) -> bool:
        """Whether its rows stand in several boxes with a heading each: the heads of several lists."""
        holders = {one.element.parent.key: one.element.parent for one in self.found if one.element.parent}
        if not 1 < len(holders) <= 40:
            return False
        if self._begins_anew():
            return True
        headings = [heading for holder in holders.values() if (heading := _before(holder.node))]
        named = {heading for heading in headings if not _MONTH.search(heading)}
        return len(named) > 1 and len(named) * 2 > len(holders)


def _more_beside(node: Node) -> bool:
    """Whether the element behind it is 更多 and little else, or the one before it a heading with it."""
    for step in ("prev", "next"):
        beside = getattr(node, step)
        while beside is not None and beside.is_text_node:
            beside = getattr(beside, step)
        if beside is None or (step == "prev" and _MORE.match(squeeze(beside.text()))):
            continue
        links = [beside] if beside.tag == "a" else beside.css("a")[:_FEW_LINKS]
        if 0 < len(links) < _FEW_LINKS and any(_says_more(one) for one in links):
            return True
    return False


_FEW_LINKS = 4


def _says_more(node: Node) -> bool:
    words = squeeze(node.text()) or squeeze(node.attributes.get("title") or "")
    if words:
        return _MORE.match(words) is not None
    picture = node.css_first("img[src]")
    return picture is not None and _MORE_PICTURE.search(picture.attributes.get("src") or "") is not None


def _inside(node: Node, keys: set[int]) -> bool:
    """Whether a link stands in a row: then it leads to the row's own article."""
    parent = node.parent
    for _ in range(8):
        if parent is None:
            return False
        if parent.mem_id in keys:
            return True
        parent = parent.parent
    return False


def weigh(group: Group, page: Page, *, marked: bool = False) -> None:
    """How much there is to read in it, and how well its addresses fit the column's own.

    `marked`: the system itself says that these are rows of a list.
    """
    kept: list[FoundRow] = []
    for one in group.found:
        row = row_of(one, page.zone)
        if row is not None:
            kept.append(one)
            group.rows.append(row)
    group.found = kept
    titles = [len(row.title) for row in group.rows]
    if len(titles) == 1 and not marked and is_clock(kept[0], group.rows[0].title, group.rows[0].url, page.today):
        return
    if len(titles) == 1 and office(group.rows[0].title):
        return  # who published an article, in the table at its head
    if not titles or (group.dated and _is_foot(group)) or not (group.dated or marked or _like_entries(group.rows)):
        return
    directory = _directory(page)
    below = sum(_path(row.url).startswith(f"{directory}/") for row in group.rows) if directory else 0
    holder = kept[0].element.parent
    group.near, group.weak = below * 2 > len(titles), holder is not None and holder.weak
    group.weight = sum(min(length, 40) if length > 4 else 1 for length in titles) * (1.0 if group.dated else 0.3)


def _like_entries(rows: list[ListingRow]) -> bool:
    """Without dates only what looks like titles and leads to articles is a list."""
    if len(rows) < 3 or sum(len(row.title) for row in rows) < ENTRY * len(rows):
        return False
    return sum(bool(ARTICLE_URL.search(row.url)) for row in rows) * 10 >= 7 * len(rows)


def _is_foot(group: Group) -> bool:
    return len(group.found) <= 2 and any(_FOOT.search(one.element.node.text()) for one in group.found)


def _path(url: str) -> str:
    """Of a row's address what follows the host: it has been put in order."""
    return url[url.find("/", url.find("://") + 3) :]


def _directory(page: Page) -> str:
    """What the addresses of a column's own entries often begin with."""
    return dirname(urlsplit(page.url).path).rstrip("/")


@dataclass(frozen=True, slots=True)
class Choice:
    """The groups taken for the column's own, best first. `sure`: something told it from the others."""

    groups: list[Group]
    sure: bool

    @property
    def best(self) -> Group:
        return self.groups[0]


_TELLS: tuple[Callable[[Group], bool], ...] = (
    lambda group: group.near and group.dated,
    lambda group: group.own,
    lambda group: not group.weak,
    lambda group: not group.leads_on,
)


def choose(groups: list[Group], paging: Paging, page: Page) -> Choice:
    """The column's own list. Where nothing tells it from another one, both: then neither is whole.

    What tells: its addresses lie below the column's, it bears the column's name, the pager stands by it,
    it is not called 热点 or 相关, it has no 更多.
    """
    _name(groups, page)
    if any(group.dated and not group.weak for group in groups):
        closest = min(_distance(group, paging.around) for group in groups if group.dated) if paging.around else 0
        groups = [group for group in groups if group.dated or group.near or _distance(group, paging.around) < closest]
    heaviest = max(group.weight for group in groups)
    for tells in _TELLS:
        if len(groups) > 1:
            groups = [group for group in groups if tells(group)] or groups
    near_pager = by_crumbs = False
    if len(groups) > 1 and (crumbs := _crumbs_around(page)):
        steps = [_distance(group, crumbs) for group in groups]
        by_crumbs = min(steps) < max(steps)
        groups = [group for group, one in zip(groups, steps, strict=True) if one == min(steps)]
    if paging.around:
        distances = {id(group): _distance(group, paging.around) for group in groups}
        nearest = min(distances[id(group)] for group in groups if group.weight * 20 > heaviest or len(groups) == 1)
        groups = [group for group in groups if distances[id(group)] == nearest] or groups
        near_pager = nearest < 1000
    groups.sort(key=lambda group: -group.weight)
    best = groups[0]
    sure = best.near or best.own or ((near_pager or by_crumbs) and not best.weak)
    return Choice([best, *_rivals(best, groups[1:], sure=sure)], sure)


def _rivals(best: Group, others: list[Group], *, sure: bool) -> Iterator[Group]:
    """The others that may be the column's own as well; the same list twice, for narrow screens, is none."""
    titles = {row.title for row in best.rows}
    for group in others:
        again = sum(row.title in titles for row in group.rows) * 5 >= 4 * len(group.rows)
        heavy = group.weight >= best.weight * _RIVAL or (not sure and len(group.rows) > 1)
        if heavy and not again and not _by_the_way(best, group):
            yield group


def _by_the_way(best: Group, group: Group) -> bool:
    """Whether the days of a short list run to and fro beside a long one that is newest first: what people read most,
    or what the site would have them read. A column's own list, or the head of another one, is in order.
    """
    long = len(best.rows) >= _LONG and len(best.rows) >= 2 * len(group.rows) and not best.weak
    return long and group.dated and not (group.near or group.own) and _rises(best) <= 1 and _rises(group) >= _TO_AND_FRO


def _rises(group: Group) -> int:
    """How often a day stands below an earlier one; a leap of most of a year is the turn of one."""
    days = [row.when for row in group.rows if row.when is not None]
    places = [one.month * 31 + one.day for one in days]
    years = [getattr(one, "year", 0) for one in days]
    steps = zip(pairwise(places), pairwise(years), strict=True)
    return sum(b > a if x == y != 0 else 0 < b - a < _MOST_OF_A_YEAR if x == y else y > x for (a, b), (x, y) in steps)


_LONG, _TO_AND_FRO, _MOST_OF_A_YEAR = 8, 2, 200


def _distance(group: Group, mark: Sequence[int]) -> int:
    """How far up from a mark, a pager or crumbs, the element lies that holds both."""
    holders = {one.key for one in group.found[0].element.up()}
    return next((steps for steps, key in enumerate(mark) if key in holders), 1000)


def _crumbs_around(page: Page) -> tuple[int, ...]:
    """What holds the line 当前位置：首页 > 政务公开: the column's own list stands in the same box, if any does."""
    if not page.says("位置"):
        return ()
    for node in page.tree.css("div, p, td, span, ul, nav, li, h2, h3, h4")[:3000]:
        text = short_text(node, 120)
        if text and "位置" in text and _CRUMBS.search(text + " 此"):
            return around(node)
    return ()


def _name(groups: list[Group], page: Page) -> None:
    """Note what the headings of the lists say about them."""
    names = [one for one in _SPLIT.split(page.title) if len(one) > 1]
    crumb = _CRUMBS.search(page.visible)
    last = crumb[1] if crumb is not None else ""
    for group in groups:
        heading = _heading(group.found[0].element, len({row.url for row in group.rows}))
        bare = re.sub(r"[\s>»›+]|更多|more", "", heading, flags=re.IGNORECASE)
        group.own = len(bare) > 1 and (bare == last or (bare in names[:3] and (bare != names[-1] or len(names) == 1)))
        group.called = not group.own and len(bare) < 13 and _BESIDE.search(bare) is not None
        group.weak = not group.own and (group.weak or group.called)


def _heading(row: Element, own: int) -> str:
    """The short text that stands before the first row, in the block that holds it."""
    for element, _ in zip(row.up(), range(6), strict=False):
        if element.tag == "body" or (element is not row and element.links > own + 3):
            return ""
        if heading := _before(element.node):
            return heading
    return ""


def _before(node: Node) -> str:
    """The nearest text of a few characters before an element, among what stands beside it; "" for none."""
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

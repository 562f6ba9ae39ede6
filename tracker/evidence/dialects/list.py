"""Plain lists: rows of links with dates, in whatever elements they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from posixpath import dirname
from urllib.parse import urlsplit

from tracker.evidence.dialects.found import Found, dated_rows, row_of, undated_rows
from tracker.evidence.dialects.outline import Element, Outline
from tracker.evidence.dialects.paging import Paging, find_paging, listed
from tracker.evidence.dialects.rows import Row, finish, newest_first
from tracker.evidence.listing import Listing
from tracker.evidence.page import Page, squeeze

_FOOT = re.compile(r"版权所有|主办单位|主办[:：]|承办[:：]|ICP备|公网安备|技术支持|网站标识码|备案号")
_MORE = re.compile(r"^[\[(（\s]*(更多|查看更多|more)[\])）\s>›»….+]*$", re.IGNORECASE)
_ARTICLE_URL = re.compile(
    r"\.s?html?$|\.aspx?|\.jsp|\.php|/\d{3,}|[?&](id|aid|articleid|infoid)=|content|article|detail|info|/t\d{8}|art_",
    re.IGNORECASE,
)
#: The column's rows are written by a script, so that what stands in the page is some other list.
_TEMPLATE = re.compile(r"<(?:li|tr|div|dl|a)\b[^>]{0,300}?\b(?:v-for|ng-repeat)\s*=", re.IGNORECASE)
#: The same in the page's own scripts: markup of rows, put together with values.
_ROW_MARKUP = re.compile(
    r"""["'`]\s*<(?:li|tr|dl|dd|div|a|p)\b[^"`]{0,200}?<?a\b[^`]{0,80}?href\s*=\s*\\?["']?(?:["']\s*\+|\$\{|"\s*\+)""",
    re.IGNORECASE,
)
#: A second list of this share of the first one's weight makes it doubtful which is the column's own.
_RIVAL = 0.3


@dataclass(eq=False, slots=True)
class Group:
    """Rows that stand in the page in the same manner."""

    found: list[Found] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    weight: float = 0
    near: bool = False
    weak: bool = False

    @property
    def leads_on(self) -> bool:
        """Whether 更多 stands by the list: then it is only the head of one."""
        own = len({row.url for row in self.rows})
        for element, _ in zip(self.found[0].element.up(), range(5), strict=False):
            if element.tag == "body" or element.links > own + 3:
                return False  # so far out stand the links of other blocks
            links = element.node.css("a")
            if any(_MORE.match(squeeze(node.text()) or squeeze(node.attributes.get("title") or "")) for node in links):
                return True
        return False

    @property
    def dated(self) -> bool:
        return sum(one.date is not None for one in self.found) * 2 >= len(self.found)


def read(page: Page) -> Listing | None:
    """The list with the most to read in it, navigation and side lists left out; None where there is none."""
    if page.kind != "html":
        return None
    outline = Outline(page)
    if outline.crowded:
        return Listing(understood=False, reason="页面链接过多，不是可读的列表", dialect="list")
    groups = list(_groups(outline, page))
    if not groups:
        return None
    paging = find_paging(page)
    chosen = chosen_of(groups, paging)
    best = chosen[0]
    if not best.near and (_TEMPLATE.search(page.text) or _written(page)):
        return Listing(understood=False, reason="列表由脚本加载，尚不能读取", dialect="list")
    return listing_of(chosen, outline, page, paging, "list")


def has_own(page: Page) -> bool:
    """Whether a list stands in the page that is surely the column's own, whatever its scripts may bring."""
    outline = Outline(page)
    if outline.crowded:
        return False
    return any(group.near and group.dated and len(group.rows) > 1 for group in _groups(outline, page))


def listing_of(chosen: list[Group], outline: Outline, page: Page, paging: Paging, dialect: str) -> Listing:
    """What the chosen groups hold, the first one being the column's own."""
    best = chosen[0]
    rows = [row for group in chosen for row in group.rows]
    sightings = finish(rows, page)
    if _unlinked(outline, best) * 4 > len(rows):
        return Listing(understood=False, reason="列表中有条目没有可用的链接", dialect=dialect)
    return listed(
        sightings,
        paging,
        dialect,
        ordered=best.dated and newest_first(sightings),
        digest=len(chosen) > 1 or (not paging.found and best.leads_on),
    )


def _written(page: Page) -> bool:
    """Whether a script of the page writes rows of links: then the list that stands in it may be another one."""
    if not any(word in page.lowered for word in _WRITERS):
        return False
    return any(_ROW_MARKUP.search(node.text()) for node in page.tree.css("script:not([src])")[:50])


_WRITERS = (".html(", ".append(", "innerhtml", "document.write", "insertadjacenthtml")


def chosen_of(groups: list[Group], paging: Paging) -> list[Group]:
    """The column's own list first. Where nothing tells it from another one, both: then neither is whole.

    What tells: the pager stands by it, its addresses lie below the column's, it has no 更多.
    """
    if any(group.dated for group in groups):
        groups = [group for group in groups if group.dated or group.near]
    heaviest = max(group.weight for group in groups)
    for choose in (
        lambda group: group.near and group.dated,
        lambda group: not group.weak,
        lambda group: not group.leads_on,
    ):
        groups = [group for group in groups if choose(group)] or groups
    if paging.around:
        nearest = min(_distance(group, paging) for group in groups if group.weight * 20 > heaviest or len(groups) == 1)
        groups = [group for group in groups if _distance(group, paging) == nearest] or groups
    groups.sort(key=lambda group: -group.weight)
    return [group for group in groups if group.weight >= groups[0].weight * _RIVAL]


def _distance(group: Group, paging: Paging) -> int:
    """How far up from the pager the element lies that holds both."""
    around = {one.key for one in group.found[0].element.up()}
    return next((steps for steps, key in enumerate(paging.around) if key in around), 1000)


def _groups(outline: Outline, page: Page) -> Iterable[Group]:
    grouped: dict[str, Group] = defaultdict(Group)
    for one in dated_rows(outline):
        grouped[_manner(one.element)].found.append(one)
    taken = {link.place for group in grouped.values() for one in group.found for link in one.links}
    for one in undated_rows(link for link in outline.links if link.place not in taken):
        grouped[_manner(one.element)].found.append(one)
    directory = dirname(urlsplit(page.url).path).rstrip("/")
    for group in grouped.values():
        weigh(group, directory)
        if group.rows and group.weight > 0:
            yield group


def _manner(element: Element) -> str:
    return f"{element.parent.signature if element.parent else ''}>{element.tag}"


def weigh(group: Group, directory: str, *, marked: bool = False) -> None:
    """How much there is to read in it, and how well its addresses fit the column's own.

    `marked`: the system itself says that these are rows of a list.
    """
    kept: list[Found] = []
    for one in group.found:
        row = row_of(one)
        if row is not None:
            kept.append(one)
            group.rows.append(row)
    group.found = kept
    titles = [len(row.title) for row in group.rows]
    if not titles or (group.dated and _is_foot(group)):
        return
    mean = sum(titles) / len(titles)
    if (
        not group.dated
        and not marked
        and (
            len(titles) < 3
            or mean < 10
            or sum(bool(_ARTICLE_URL.search(row.url)) for row in group.rows) * 10 < 7 * len(titles)
        )
    ):
        return
    below = sum(bool(directory) and urlsplit(row.url).path.startswith(f"{directory}/") for row in group.rows)
    group.near, group.weak = below * 2 > len(titles), kept[0].element.weak
    group.weight = sum(min(length, 40) if length > 4 else 1 for length in titles) * (1.0 if group.dated else 0.3)


def _is_foot(group: Group) -> bool:
    return len(group.found) <= 2 and any(_FOOT.search(one.element.node.text()) for one in group.found)


def _unlinked(outline: Outline, group: Group) -> int:
    """Dated rows beside those of the group that have no link which can be followed."""
    holders = {one.element.parent.key for one in group.found if one.element.parent is not None}
    rows = {one.element.key for one in group.found}
    loose = 0
    for dated in outline.dates:
        for element in dated.inside.up():
            if element.key in rows:
                break
            if element.parent is not None and element.parent.key in holders:
                loose += element.links == 0
                break
    return loose

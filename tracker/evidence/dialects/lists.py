"""Plain lists: rows of links with dates, in whatever elements they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from posixpath import dirname
from urllib.parse import urlsplit

from tracker.core.facts import Moment
from tracker.evidence.dates import MonthDay, plain
from tracker.evidence.dialects.outline import Dated, Element, Link, Outline
from tracker.evidence.dialects.paging import Paging, find_paging
from tracker.evidence.dialects.rows import NO_TITLE, Row, finish, full_title, newest_first
from tracker.evidence.listing import Listing
from tracker.evidence.page import Page, squeeze

_ROW_TAGS = {"li", "tr", "dl", "dd", "dt"}
_FOOT = re.compile(r"版权所有|主办单位|主办[:：]|承办[:：]|ICP备|公网安备|技术支持|网站标识码|备案号")
_MORE = re.compile(r"^[\[(（\s]*(更多|查看更多|more)[\])）\s>›»….+]*$", re.IGNORECASE)
_SOURCE = re.compile(
    r"(?:发布机构|发布单位|公开单位|发文单位|信息来源|来源|作者单位)\s*[:：]\s*([^\s\]】)）|<>]{2,40})"
)
_OFFICE = re.compile(
    r"^[\[【(（\s]*([^\[\]【】()（）]{2,20}(?:局|办|委|委员会|中心|政府|办公室|厅|处|院|站|社|会|公司))[\]】)）\s]*$"
)
_ARTICLE_URL = re.compile(
    r"\.s?html?$|\.aspx?|\.jsp|\.php|/\d{3,}|[?&](id|aid|articleid|infoid)=|content|article|detail|info|/t\d{8}|art_",
    re.IGNORECASE,
)
#: The column's rows are written by a script, so that what stands in the page is some other list.
_TEMPLATE = re.compile(r"<(?:li|tr|div|dl|a)\b[^>]{0,300}?\b(?:v-for|ng-repeat)\s*=", re.IGNORECASE)
#: A second list of this share of the first one's weight makes it doubtful which is the column's own.
_RIVAL = 0.3


@dataclass(eq=False, slots=True)
class _Found:
    """A row with the element it was found in; `date` None in lists without dates."""

    element: Element
    links: list[Link]
    date: Dated | None
    place: int = 0


@dataclass(eq=False, slots=True)
class _Group:
    """Rows that stand in the page in the same manner."""

    found: list[_Found] = field(default_factory=list)
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
    outline = Outline(page)
    if outline.crowded:
        return Listing(understood=False, reason="页面链接过多，不是可读的列表", dialect="list")
    groups = list(_groups(outline, page))
    if not groups:
        return None
    paging = find_paging(page)
    chosen = _chosen(groups, paging)
    best = chosen[0]
    if not best.near and _TEMPLATE.search(page.text):
        return Listing(understood=False, reason="列表由脚本加载，尚不能读取", dialect="list")
    rows = [row for group in chosen for row in group.rows]
    sightings = finish(rows, page)
    unlinked = _unlinked(outline, best)
    if unlinked * 4 > len(rows):
        return Listing(understood=False, reason="列表中有条目没有可用的链接", dialect="list")
    return Listing(
        sightings=sightings,
        dialect="list",
        next_url=paging.next_url,
        numbered=paging.numbered,
        total=paging.total,
        items=paging.items,
        more=paging.more,
        ordered=best.dated and newest_first(sightings),
        digest=len(chosen) > 1 or (not paging.found and best.leads_on),
    )


def _chosen(groups: list[_Group], paging: Paging) -> list[_Group]:
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


def _distance(group: _Group, paging: Paging) -> int:
    """How far up from the pager the element lies that holds both."""
    around = {one.key for one in group.found[0].element.up()}
    return next((steps for steps, key in enumerate(paging.around) if key in around), 1000)


def _groups(outline: Outline, page: Page) -> Iterable[_Group]:
    grouped: dict[str, _Group] = defaultdict(_Group)
    for one in _dated_rows(outline):
        grouped[_manner(one.element)].found.append(one)
    taken = {link.place for group in grouped.values() for one in group.found for link in one.links}
    for one in _undated_rows(link for link in outline.links if link.place not in taken):
        grouped[_manner(one.element)].found.append(one)
    directory = dirname(urlsplit(page.url).path).rstrip("/")
    for group in grouped.values():
        _weigh(group, directory)
        if group.rows and group.weight > 0:
            yield group


def _manner(element: Element) -> str:
    return f"{element.parent.signature if element.parent else ''}>{element.tag}"


def _dated_rows(outline: Outline) -> list[_Found]:
    """Each link goes with the lowest element around it that also holds a date."""
    by_element: dict[int, tuple[Element, list[Link]]] = {}
    for link in outline.links:
        element = next((one for one in link.inside.up() if one.dates), None)
        if element is not None and link.url is not None:
            by_element.setdefault(element.key, (element, []))[1].append(link)
    within: dict[int, list[Dated]] = defaultdict(list)
    for dated in outline.dates:
        element = next((one for one in dated.inside.up() if one.key in by_element), None)
        if element is not None:
            within[element.key].append(dated)
    rows: list[_Found] = []
    for key, (element, links) in by_element.items():
        dates = within.get(key, [])
        if not dates:
            continue
        if _is_row(element, links, dates):
            rows.append(_Found(element, links, _best_date(dates), links[0].place))
        else:
            rows.extend(_paired(element, links, dates))
    return sorted(rows, key=lambda row: row.place)


def _is_row(element: Element, links: Sequence[Link], dates: Sequence[Dated]) -> bool:
    distinct = len({link.url for link in links})
    if distinct != element.links:
        return False  # it holds other rows of their own
    return (
        distinct == 1
        or (distinct <= 6 and element.tag == "tr" and len(dates) <= 3)
        or (distinct <= 5 and len(dates) == 1)
    )


def _best_date(dates: Sequence[Dated]) -> Dated:
    """发布 before 公开; never 成文; the last one where nothing is said."""
    for label in ("发布", "公开"):
        if found := [one for one in dates if label in one.text]:
            return found[0]
    whole = [one for one in dates if "成文" not in one.text and not isinstance(one.when, MonthDay)]
    return (whole or list(dates))[-1]


def _paired(element: Element, links: Sequence[Link], dates: Sequence[Dated]) -> list[_Found]:
    """Rows without an element of their own, a link and a date in turn: cells parted by <br>, dt and dd."""
    links = [link for link in links if not NO_TITLE.match(link.text)]
    if len(dates) < 2 or len(links) < len(dates):
        return []
    turns: list[Link | Dated] = sorted([*links, *dates], key=lambda one: one.place)
    if isinstance(turns[0], Dated):
        turns.reverse()
    rows: list[_Found] = []
    waiting: list[Link] = []
    for one in turns:
        if isinstance(one, Link):
            waiting.append(one)
        elif waiting:
            near = waiting[-2:]
            rows.append(_Found(element, near, one, near[0].place))
            waiting = []
    return rows if len(rows) * 2 > len(dates) else []


def _undated_rows(links: Iterable[Link]) -> list[_Found]:
    rows: dict[int, _Found] = {}
    for link in links:
        if link.url is None or NO_TITLE.match(link.text or link.hint):
            continue
        element = _row_around(link)
        if element is not None:
            rows.setdefault(element.key, _Found(element, [], None, link.place)).links.append(link)
    return list(rows.values())


def _row_around(link: Link) -> Element | None:
    for depth, element in enumerate(link.inside.up()):
        if element.tag in _ROW_TAGS and element.links <= 3:
            return element
        if depth > 4 or element.links > 3:
            break
    return link.inside if link.inside.links == 1 else None


def _weigh(group: _Group, directory: str) -> None:
    """How much there is to read in it, and how well its addresses fit the column's own."""
    kept: list[_Found] = []
    for one in group.found:
        row = _row(one)
        if row is not None:
            kept.append(one)
            group.rows.append(row)
    group.found = kept
    titles = [len(row.title) for row in group.rows]
    if not titles or (group.dated and _is_foot(group)):
        return
    mean = sum(titles) / len(titles)
    if not group.dated and (
        len(titles) < 3
        or mean < 10
        or sum(bool(_ARTICLE_URL.search(row.url)) for row in group.rows) * 10 < 7 * len(titles)
    ):
        return
    below = sum(bool(directory) and urlsplit(row.url).path.startswith(f"{directory}/") for row in group.rows)
    group.near, group.weak = below * 2 > len(titles), kept[0].element.weak
    group.weight = sum(min(length, 40) if length > 4 else 1 for length in titles) * (1.0 if group.dated else 0.3)


def _is_foot(group: _Group) -> bool:
    return len(group.found) <= 2 and any(_FOOT.search(one.element.node.text()) for one in group.found)


def _row(found: _Found) -> Row | None:
    named = [
        link for link in found.links if not NO_TITLE.match(link.text or link.hint) and not _OFFICE.match(link.text)
    ]
    named = named or [link for link in found.links if not NO_TITLE.match(link.text or link.hint)]
    when: Moment | MonthDay | None = found.date.when if found.date else None
    if named:
        link = max(named, key=lambda one: len(full_title(one.text, one.hint)))
        title = full_title(_heading(link) or link.text, link.hint)
    elif found.links and found.element.links <= 3 and found.date is not None:
        link, title = found.links[0], _longest_text(found)
    else:
        return None
    if not title or link.url is None:
        return None
    return Row(link.url, title, when, _publisher(found, link))


def _heading(link: Link) -> str:
    """The title where a link holds a whole row: a heading, or an element named after it."""
    child = link.node.child
    if child is None or (child.is_text_node and child.next is None):
        return ""
    node = link.node.css_first("h1, h2, h3, h4, h5, [class*=tit i]")
    return squeeze(node.text()) if node is not None else ""


def _longest_text(found: _Found) -> str:
    pieces = [squeeze(piece) for piece in found.element.node.text(separator="\n").split("\n")]
    dates = {squeeze(found.date.text)} if found.date else set()
    texts = [one for one in pieces if one and one not in dates and not NO_TITLE.match(one) and len(one) > 3]
    return max(texts, key=len, default="")[:500]


def _publisher(found: _Found, title: Link) -> str:
    if found.element.links > 12:
        return ""
    for link in found.links:
        if link is not title and (match := _OFFICE.match(plain(link.text))):
            return match[1]
    for piece in found.element.node.text(separator="\n").split("\n"):
        if match := _SOURCE.search(piece) or _OFFICE.match(piece):
            return match[1].strip() if piece.strip() != title.text else ""
    return ""


def _unlinked(outline: Outline, group: _Group) -> int:
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

"""Plain lists: rows of links with dates, in whatever elements they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from tracker.evidence.fetch.barriers import loaded_by_script, says_blocked
from tracker.evidence.listing.dialects.elements import Dated, Element, day
from tracker.evidence.listing.dialects.found import dated_rows, undated_rows
from tracker.evidence.listing.dialects.groups import Choice, Group, choose, weigh
from tracker.evidence.listing.dialects.lines import told_day, unlinked_lines
from tracker.evidence.listing.dialects.outline import Outline
from tracker.evidence.listing.dialects.paging import Paging, find_paging, listed
from tracker.evidence.listing.dialects.pinned import pinned
from tracker.evidence.listing.dialects.rows import ListingRow, finish, newest_first
from tracker.evidence.listing.values import Listing, newest_lost, unread_rows
from tracker.evidence.page.parsed import Node, Page, short_text, squeeze

#: Why a page is not read whose rows only a script brings.
LEFT_TO_SCRIPT = "列表由脚本加载，尚不能读取"
#: The column's rows are written by a script, so that what stands in the page is some other list.
_TEMPLATE = re.compile(r"<(?:li|tr|div|dl|a)\b[^>]{0,300}?\b(?:v-for|ng-repeat)\s*=", re.IGNORECASE)
_TEMPLATE_WORDS = ("v-for", "ng-repeat", "V-FOR", "NG-REPEAT")
#: The same in the page's own scripts: markup of rows, put together with values.
_ROW_MARKUP = re.compile(
    r"""["'`]\s*<(?:li|tr|dl|dd|div|a|p)\b[^"`]{0,200}?<?a\b[^`]{0,80}?href\s*=\s*\\?["']?(?:["']\s*\+|\$\{|"\s*\+)""",
    re.IGNORECASE,
)


def read(page: Page) -> Listing | None:
    """The list with the most to read in it, navigation and side lists left out; None where there is none."""
    if page.kind != "html":
        return None
    outline = Outline(page)
    if outline.crowded:
        return Listing(understood=False, reason="页面链接过多，不是可读的列表", dialect="list")
    groups = list(_groups(outline, page))
    if not groups:  # some sites call the whole of their page a menu or a form
        outline = Outline(page, everything=True)
        groups = [group for group in _groups(outline, page) if group.dated and len(group.rows) > 2]
    if not groups:
        return None
    paging = find_paging(page)
    if (same := next((group for group in groups if group.follows), None)) is not None:
        choice = Choice([same], sure=True)
        return listing_of(choice, outline, page, paging, "list", pinned(outline, groups, choice))
    choice = choose(groups, paging, page)
    if not choice.best.dated:  # perhaps the days stand amid other words
        closer, urls = Outline(page, loose=True), {row.url for row in choice.best.rows}
        for group in _groups(closer, page):
            if group.dated and sum(row.url in urls for row in group.rows) * 5 >= len(urls) * 4:
                outline, choice = closer, choose([group], paging, page)
                break
    if not choice.sure and (choice.best.beside or says_blocked(page) or _left_to_script(choice, page)):
        return None
    if not choice.best.near and (_templated(page) or _written(page)):
        return Listing(understood=False, reason=LEFT_TO_SCRIPT, dialect="list")
    return listing_of(choice, outline, page, paging, "list", pinned(outline, groups, choice))


def has_own(page: Page) -> bool:
    """Whether a list stands in the page that is surely the column's own, whatever its scripts may bring."""
    outline = Outline(page)
    if outline.crowded:
        return False
    return any(group.near and group.dated and len(group.rows) > 1 for group in _groups(outline, page))


def is_sure(page: Page) -> bool:
    """Whether something in the page tells its list from lists beside a column's own."""
    outline = Outline(page)
    groups = [] if outline.crowded else list(_groups(outline, page))
    return bool(groups) and choose(groups, find_paging(page), page).sure


def listing_of(
    choice: Choice, outline: Outline, page: Page, paging: Paging, dialect: str, above: Sequence[ListingRow] = ()
) -> Listing:
    """What the chosen groups hold, the first one being the column's own, and what is set apart `above` it."""
    best, chosen = choice.best, choice.groups
    rows = [row for group in chosen for row in group.rows]
    sightings = finish(rows, page)
    lost = _lost(outline, best)
    nameless = sum(any(link.url for link in one.links) for one in best.lost)
    if (len(lost) - nameless) * 4 > len(rows):
        return Listing(understood=False, reason="列表中有条目没有可用的链接", dialect=dialect)
    paging.more = paging.more or (paging.next_url is None and not paging.numbered and _unfolds(best))
    found = listed(
        sightings,
        paging,
        page,
        dialect,
        ordered=best.dated and newest_first(sightings),
        digest=len(chosen) > 1 or (not paging.found and (best.leads_on or best.sectioned)),
    )
    sightings = (*finish(above, page), *sightings)
    rows_at = best.found[0].element.rows_at
    return replace(found, sightings=sightings, rows_at=rows_at, **unread_rows(len(lost), _newest(lost)))


def _templated(page: Page) -> bool:
    """Whether the page's rows are a template that a script fills."""
    return page.says(*_TEMPLATE_WORDS) and _TEMPLATE.search(page.text) is not None


def _left_to_script(choice: Choice, page: Page) -> bool:
    """Whether what was found may stand beside a list that a script brings."""
    return choice.best.weak and loaded_by_script(page)


def _written(page: Page) -> bool:
    """Whether a script of the page writes rows of links: then the list that stands in it may be another one."""
    return (
        page.says(*_WRITERS)
        and any(word in page.scripts for word in _WRITERS)
        and _ROW_MARKUP.search(page.scripts) is not None
    )


_WRITERS = (".html(", ".append(", "innerHTML", "document.write", "insertAdjacentHTML")


def _groups(outline: Outline, page: Page) -> Iterable[Group]:
    grouped: dict[str, Group] = defaultdict(Group)
    for one in dated_rows(outline):
        grouped[one.element.manner].found.append(one)
    taken = {link.place for group in grouped.values() for one in group.found for link in one.links}
    for one in undated_rows((link for link in outline.links if link.place not in taken), grouped, page.rows_at):
        grouped[one.element.manner].found.append(one)
    for group in grouped.values():
        weigh(group, page)
        group.follows = bool(group.rows and page.rows_at) and group.found[0].element.rows_at == page.rows_at
        if group.follows or (group.rows and group.weight > 0):
            yield group


def _unfolds(group: Group) -> bool:
    """Whether right behind the rows stands what a script answers, and promises more of them: 展开其余 10 条."""
    last = group.found[-1].element
    for element, _ in zip(last.up(), range(3), strict=False):
        sibling = element.node.next
        for _ in range(6):
            if sibling is None or element.tag == "body":
                break
            if not sibling.is_text_node and any(map(_promises, [sibling, *sibling.css(_PRESSED)[:10]])):
                return True
            sibling = sibling.next
    return False


def _promises(node: Node) -> bool:
    href = node.attributes.get("href")
    pressed = node.tag == "button" or "onclick" in node.attributes or node.attributes.get("role") == "button"
    pressed = pressed or (node.tag == "a" and (href is None or href.startswith(("#", "javascript:"))))
    return pressed and _REST.search(short_text(node, 20) or "") is not None


_PRESSED = "button, [onclick], [role=button], a"
_REST = re.compile(r"展开|其余|剩余|余下|更多|全部|加载|载入|继续|往下|再看|load|more", re.IGNORECASE)


def _lost(outline: Outline, group: Group) -> list[Dated | None]:
    """The days of rows of the group, or beside them, that lead nowhere or have no title; None: one without a day."""
    holders = {one.element.parent.key for one in group.found if one.element.parent is not None}
    rows = {one.element.key for one in group.found}
    manners = {one.element.manner for one in group.found[:_MANNERS]}
    lost: dict[int, Dated | None] = {one.element.key: one.date for one in group.lost}
    for dated in outline.dates:
        for element in dated.inside.up():
            if element.key in rows or element.key in lost:
                break
            beside = element.parent is not None and element.parent.key in holders
            if beside or (element.links == 0 and element.manner in manners):
                if element.links == 0 and _says_title(element.node, dated):
                    lost[element.key] = dated
                break
    return [*lost.values(), *_lines_lost(outline, group)]


def _lines_lost(outline: Outline, group: Group) -> list[Dated]:
    """Lines among the rows that are a title and its day in one piece of text, without a link."""
    shared = {one.element.key for one, other in pairwise(group.found) if one.element is other.element}
    holders: dict[int, Element] = {}
    for one in group.found:
        holder = one.element if one.element.key in shared else one.element.parent
        if holder is not None:
            holders[holder.key] = holder
    rows = {one.element.key for one in group.found}
    found: list[Dated] = []
    for holder in list(holders.values())[:_HOLDERS]:
        for text in unlinked_lines(holder.node, rows):
            if (when := told_day(text, outline.page.zone)) is not None:
                found.append(Dated(when, holder, 0, text))
    return found if len(found) * 2 <= len(group.rows) else []  # so many are particulars of the rows


_HOLDERS = 40
_MANNERS = 20


def _says_title(node: Node, dated: Dated) -> bool:
    """Whether something stands by a day that may be a title, and is no clock and no count."""
    said = squeeze(node.text(separator=" ")[:500].replace(dated.text, " "))
    return len(said) > _SHORT and _PARTICULARS.match(said) is None


_SHORT = 5
_PARTICULARS = re.compile(
    r"^\W*(?:今天是|今日是|现在是|当前(?:时间|日期)|您好|版权所有|共\s*\d+\s*[条页篇]|第\s*\d+\s*页"
    r"|(?:最[后近])?(?:更新|发布|公布|统计|截止|查询|生成)(?:时间|日期|于)\s*[:：])"
)


def _newest(lost: Sequence[Dated | None]) -> date | None:
    days = [day(one.when) if one is not None else None for one in lost]
    return newest_lost([one if isinstance(one, date) else None for one in days])

"""Plain lists: rows of links with dates, in whatever elements they stand."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from tracker.evidence.fetch.barriers import loaded_by_script, says_blocked
from tracker.evidence.listing.dialects.found import dated_rows, undated_rows
from tracker.evidence.listing.dialects.groups import Choice, Group, choose, weigh
from tracker.evidence.listing.dialects.outline import Outline
from tracker.evidence.listing.dialects.paging import Paging, find_paging, listed
from tracker.evidence.listing.dialects.rows import finish, newest_first
from tracker.evidence.listing.values import Listing
from tracker.evidence.page.parsed import Page

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
        return listing_of(choice, outline, page, paging, "list")
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
    return listing_of(choice, outline, page, paging, "list")


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


def listing_of(choice: Choice, outline: Outline, page: Page, paging: Paging, dialect: str) -> Listing:
    """What the chosen groups hold, the first one being the column's own."""
    best, chosen = choice.best, choice.groups
    rows = [row for group in chosen for row in group.rows]
    sightings = finish(rows, page)
    return listed(
        sightings,
        paging,
        page,
        dialect,
        ordered=best.dated and newest_first(sightings),
        digest=len(chosen) > 1 or (not paging.found and (best.leads_on or best.sectioned)),
    )


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
    for one in undated_rows((link for link in outline.links if link.place not in taken), grouped):
        grouped[one.element.manner].found.append(one)
    for group in grouped.values():
        weigh(group, page)
        if group.follows or (group.rows and group.weight > 0):
            yield group

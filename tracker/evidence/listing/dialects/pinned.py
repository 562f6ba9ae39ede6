"""Entries that stand by themselves above a column's list, set apart to be seen first."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from tracker.core.values.facts import Moment
from tracker.evidence.listing.dialects.elements import Link
from tracker.evidence.listing.dialects.found import ARTICLE_URL, office
from tracker.evidence.listing.dialects.groups import Choice, Group
from tracker.evidence.listing.dialects.outline import Outline
from tracker.evidence.listing.dialects.rows import ListingRow, full_title
from tracker.evidence.listing.values import Listing
from tracker.evidence.page.dates import MonthDay
from tracker.evidence.page.parsed import Node, Page, resolve, short_text

#: No shorter title is taken for an entry's where no list vouches for it.
_TITLE = 8
#: A list beside the column's own has more rows than this.
_FEW = 2
_HEADINGS = {"h1", "h2", "h3", "h4", "strong", "b"}
_SET_APART = re.compile(r"head_?line|tou_?tiao|(?<![a-z])(?:tt|top|zhiding|pinned|first|focus)(?![a-z])", re.IGNORECASE)
_INDEX = re.compile(r"(?:/|/(?:index|default|list)\w*\.\w+)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


def pinned(outline: Outline, groups: Sequence[Group], choice: Choice) -> list[ListingRow]:
    """Links above the list that lead to articles of its kind and are in no list, with the day that stands by one."""
    best = choice.best
    listed = {row.url for group in choice.groups for row in group.rows}
    others = [group for group in groups if group not in choice.groups]
    taken = {link.place for group in others if len(group.rows) > _FEW or group.weak for link in _links(group)}
    days = {row.url: row.when for group in others if len(group.rows) <= _FEW for row in group.rows}
    holders = {element.key for element in best.found[0].element.up() if element.tag != "body"}
    first = min(row.place for row in best.found)
    above = [one for one in outline.links if one.place < first and one.place not in taken]
    return _chosen(above, listed, days, holders)


def headlines(page: Page, listing: Listing) -> list[ListingRow]:
    """The same above rows that a system gives in a table or in a script of its own."""
    listed = {one.url for one in listing.sightings}
    if not _may_stand_above(page, listed):
        return []
    outline = Outline(page)
    rows = [link for link in outline.links if link.url in listed]
    if rows:
        first, holders = rows[0].place, {element.key for element in rows[0].inside.up() if element.tag != "body"}
    else:
        first, holders = _store(page), set()
    return _chosen([one for one in outline.links if one.place < first], listed, {}, holders)


def _may_stand_above(page: Page, listed: set[str]) -> bool:
    """Whether a link that could bear a title stands before the last row: most pages have none, and a look is cheap."""
    left = set(listed)
    for node in page.tree.css("a"):
        attributes = node.attributes
        named = max(len(node.text(strip=True)), len(attributes.get("title") or "")) >= _TITLE
        if not named and not _pictured_in(node):
            continue
        url = resolve(page.base, attributes.get("href") or "")
        if url not in listed:
            return True
        left.discard(url)
        if not left:
            break
    return False


def _store(page: Page) -> int:
    """Where the first script with rows in it stands; beyond all links where there is none."""
    body = page.tree.body
    nodes = enumerate(body.traverse(include_text=True)) if body is not None else ()
    return next((place for place, node in nodes if node.tag == "script" and _ROWS.search(node.text())), sys.maxsize)


_ROWS = re.compile(r"<datastore|/search(?:List)?/|_isJson")


def _chosen(
    links: Sequence[Link], listed: set[str], days: Mapping[str, Moment | MonthDay | None], holders: set[int]
) -> list[ListingRow]:
    shapes: set[tuple[str, str, str]] = set()
    found: dict[str, ListingRow] = {}
    for link in links:
        url = link.url
        if url is None or url in listed or link.inside.weak:
            continue
        if (link.plain and not link.hint and len(link.text) < _TITLE) or link.nameless:
            continue
        title = full_title(link.text, link.hint)
        if len(title) < _TITLE or office(title):
            continue
        shapes = shapes or {_shape(url) for url in listed}
        page = _INDEX.search(urlsplit(url).path) is None and ARTICLE_URL.search(url) is not None
        boxed = _in_box(link, holders, len(listed))
        # Two of three marks: an address of the list's kind, a place of its own, a box with the list and little else.
        marks = (_shape(url) in shapes) + _set_apart(link) + boxed
        if (page and marks > 1) or _told_more(link) or (boxed and _pictured(link)):
            found.setdefault(url, ListingRow(url, title, _whole(days.get(url))))
    return list(found.values())


def _links(group: Group) -> Iterator[Link]:
    return (link for one in group.found for link in one.links)


def _shape(url: str) -> tuple[str, str, str]:
    """What addresses of one kind have in common: host, folder and ending, numbers left out."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    return parts.netloc, _DIGITS.sub("", folder), name.rpartition(".")[2] if "." in name else _DIGITS.sub("", name)


def _in_box(link: Link, holders: set[int], rows: int) -> bool:
    """Whether it shares a box with the list in which few other links stand."""
    box = next((element for element in link.inside.up() if element.key in holders), None)
    return box is not None and box.links <= rows + _BESIDES


def _told_more(link: Link) -> bool:
    """Whether it is a heading under which a few sentences of the article stand: a headline, and no box's label."""
    heading: Node | None = link.node
    for _ in range(3):
        heading = heading.parent if heading is not None and heading.tag not in _LARGE else heading
    heading = heading if heading is not None and heading.tag in _LARGE else link.node.css_first("h1, h2, h3, h4")
    below = heading.next if heading is not None else None
    for _ in range(4):
        if below is None:
            return False
        if not below.is_text_node:
            return below.css_first("li, td, h2, h3") is None and len(short_text(below, 600) or "") >= _ABSTRACT
        below = below.next
    return False


def _pictured(link: Link) -> bool:
    return _pictured_in(link.node)


def _pictured_in(node: Node) -> bool:
    return node.css_first("img") is not None


_LARGE = {"h1", "h2", "h3", "h4"}
_ABSTRACT = 20
_BESIDES = 3


def _set_apart(link: Link) -> bool:
    """Whether it is a heading, or stands in what is called a headline."""
    if link.node.css_first("h1, h2, h3, h4, strong, b") is not None:
        return True
    near = [element for element, _ in zip(link.inside.up(), range(4), strict=False)]
    return any(one.tag in _HEADINGS or _SET_APART.search(f"{one.style} {one.ident}") for one in near)


def _whole(when: Moment | MonthDay | None) -> Moment | None:
    return None if isinstance(when, MonthDay) else when

"""Entries that stand by themselves above a column's list, set apart to be seen first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from tracker.core.facts import Moment
from tracker.evidence.dates import MonthDay
from tracker.evidence.dialects.elements import Link
from tracker.evidence.dialects.found import ARTICLE_URL, office
from tracker.evidence.dialects.groups import Choice, Group
from tracker.evidence.dialects.outline import Outline
from tracker.evidence.dialects.rows import Row, full_title

#: No shorter title is taken for an entry's where no list vouches for it.
_TITLE = 8
#: A list beside the column's own has more rows than this.
_FEW = 2
_HEADINGS = {"h1", "h2", "h3", "h4", "strong", "b"}
_SET_APART = re.compile(r"head_?line|tou_?tiao|(?<![a-z])(?:tt|top|zhiding|pinned|first|focus)(?![a-z])", re.IGNORECASE)
_INDEX = re.compile(r"(?:/|/(?:index|default|list)\w*\.\w+)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


def pinned(outline: Outline, groups: Sequence[Group], choice: Choice) -> list[Row]:
    """Links above the list that lead to articles of its kind and are in no list, with the day that stands by one."""
    best = choice.best
    listed = {row.url for group in choice.groups for row in group.rows}
    others = [group for group in groups if group not in choice.groups]
    taken = {link.place for group in others if len(group.rows) > _FEW or group.weak for link in _links(group)}
    days = {row.url: row.when for group in others if len(group.rows) <= _FEW for row in group.rows}
    first = min(one.place for one in best.found)
    shapes: set[tuple[str, str, str]] = set()
    found: dict[str, Row] = {}
    for link in outline.links:
        url = link.url
        if link.place >= first or url is None or url in listed or link.place in taken or link.inside.weak:
            continue
        if (link.plain and not link.hint and len(link.text) < _TITLE) or link.nameless:
            continue
        title = full_title(link.text, link.hint)
        if len(title) < _TITLE or office(title):
            continue
        if _INDEX.search(urlsplit(url).path) or not ARTICLE_URL.search(url):
            continue
        shapes = shapes or {_shape(row.url) for row in best.rows}
        # Two of three marks: an address of the list's kind, a place of its own, a box with the list and little else.
        if (_shape(url) in shapes) + _set_apart(link) + _in_box(link, best) > 1:
            found.setdefault(url, Row(url, title, _whole(days.get(url))))
    return list(found.values())


def _links(group: Group) -> Iterator[Link]:
    return (link for one in group.found for link in one.links)


def _shape(url: str) -> tuple[str, str, str]:
    """What addresses of one kind have in common: host, folder and ending, numbers left out."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    return parts.netloc, _DIGITS.sub("", folder), name.rpartition(".")[2] if "." in name else _DIGITS.sub("", name)


def _in_box(link: Link, best: Group) -> bool:
    """Whether it shares a box with the list in which few other links stand."""
    holders = {element.key for element in best.found[0].element.up() if element.tag != "body"}
    box = next((element for element in link.inside.up() if element.key in holders), None)
    return box is not None and box.links <= len({row.url for row in best.rows}) + _BESIDES


_BESIDES = 3


def _set_apart(link: Link) -> bool:
    """Whether it is a heading, or stands in what is called a headline."""
    if link.node.css_first("h1, h2, h3, h4, strong, b") is not None:
        return True
    near = [element for element, _ in zip(link.inside.up(), range(4), strict=False)]
    return any(one.tag in _HEADINGS or _SET_APART.search(f"{one.style} {one.ident}") for one in near)


def _whole(when: Moment | MonthDay | None) -> Moment | None:
    return None if isinstance(when, MonthDay) else when

"""Entries that stand above a list, set apart to be seen first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from tracker.core.values.facts import Sighting
from tracker.evidence.page.nodes import up_from
from tracker.evidence.page.parsed import Node, Page, short_text, squeeze
from tracker.evidence.page.row_titles import full_title, is_readable
from tracker.evidence.wrappers.link_groups import address_of
from tracker.evidence.wrappers.residue import INDEX, Leftover

#: Characters of the shortest title, and of an article's first sentences.
_TITLE, _ABSTRACT = 8, 20
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "strong", "b"})
_NUMBERS = re.compile(r"\d+")


def entries_above(page: Page, left: Sequence[Leftover], rows: Sequence[Sighting]) -> dict[int, Sighting]:
    """Return the entries among what is left over, by their place in it: titles above the list that lead to a page like
    those of the rows, or stand in a heading or a picture."""
    found: dict[int, Sighting] = {}
    if not any(one.is_above and one.link is not None for one in left):
        return found
    sites = {urlsplit(url).netloc for url in (page.url, *(one.url for one in rows))}
    shapes = {_shape(one.url) for one in rows}
    for place, one in enumerate(left):
        url = address_of(page, one.link) if one.is_above and one.link is not None else None
        if url is None or one.link is None or urlsplit(url).netloc not in sites:
            continue
        picture = one.link.css_first("img")
        hint = one.link.attributes.get("title") or (picture.attributes.get("alt") if picture is not None else "")
        title = full_title(squeeze(one.link.text()), hint or "")
        heading = _heading_of(one.link)
        is_article = heading is not None and (INDEX.search(urlsplit(url).path) is None or _has_abstract(heading))
        is_title = len(title) >= _TITLE and is_readable(title)
        if is_title and (picture is not None or is_article or _shape(url) in shapes):
            found[place] = Sighting(url, title, one.day)
    return found


def _shape(url: str) -> tuple[str, str, str]:
    """Return what addresses of one kind have in common: host, folder and ending, numbers left out."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    return parts.netloc, _NUMBERS.sub("", folder), name.rpartition(".")[2] if "." in name else _NUMBERS.sub("", name)


def _heading_of(link: Node) -> Node | None:
    """Return the heading that a link stands in or holds."""
    above = next((one for one in up_from(link, 4) if one.tag in _HEADINGS), None)
    return above or link.css_first("h1, h2, h3, h4, strong, b")


def _has_abstract(heading: Node) -> bool:
    """Return whether a few sentences stand below a heading: it is an article's, and no box's label."""
    below = heading.next
    while below is not None and below.is_text_node:
        below = below.next
    if below is None or below.css_first("li, td, dd, h2, h3") is not None:
        return False
    return len(short_text(below, 600) or "") >= _ABSTRACT

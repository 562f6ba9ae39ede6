"""What stands in a list's room beside its rows: entries above it, set apart to be seen first, and residue."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from tracker.evidence.listing.dialects.found import ARTICLE_URL, office
from tracker.evidence.listing.dialects.rows import ListingRow, finish, full_title
from tracker.evidence.listing.residue import INDEX, Leftover, leftovers, residue_of
from tracker.evidence.listing.values import Listing
from tracker.evidence.page.parsed import Node, Page, short_text, squeeze

#: Characters of the shortest title, and of an article's first sentences.
_TITLE, _ABSTRACT = 8, 20
_LARGE, _HEADINGS = {"h1", "h2", "h3", "h4"}, {"h1", "h2", "h3", "h4", "strong", "b"}
_SET_APART = re.compile(r"head_?line|tou_?tiao|(?<![a-z])(?:tt|top|zhiding|pinned|first|focus)(?![a-z])", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


def furnished(page: Page, found: Listing) -> Listing:
    """The listing with the entries that stand above its rows, and what else the page leaves over."""
    left = leftovers(page, found)
    if sum(one.link is None for one in left) * 4 > len(found.sightings):
        return Listing(understood=False, reason="列表中有条目没有可用的链接", dialect=found.dialect)
    above = _pinned(page, found, left)
    residue, day = residue_of([one for place, one in enumerate(left) if place not in above])
    sightings = (*finish(list(above.values()), page), *found.sightings)
    if residue and not found.residue:
        return replace(found, sightings=sightings, residue=residue, residue_day=day)
    return replace(found, sightings=sightings) if above else found


def _pinned(page: Page, listing: Listing, left: Sequence[Leftover]) -> dict[int, ListingRow]:
    """Return the entries among what is left over, by their place in it: titles above the list that lead to articles."""
    found: dict[int, ListingRow] = {}
    for place, one in enumerate(left):
        url = page.address(one.link) if one.is_above and one.link is not None else None
        if url is None or one.link is None:
            continue
        picture = one.link.css_first("img")
        hint = one.link.attributes.get("title") or (picture.attributes.get("alt") if picture is not None else "")
        title = full_title(squeeze(one.link.text()), hint or "")
        if len(title) < _TITLE or office(title):
            continue
        is_article = INDEX.search(urlsplit(url).path) is None and ARTICLE_URL.search(url) is not None
        shapes = {_shape(row.url) for row in listing.sightings}
        is_own = urlsplit(url).netloc in {urlsplit(page.url).netloc, *(site for site, _, _ in shapes)}
        is_like = _shape(url) in shapes or (is_own and _is_set_apart(one.link))
        if (is_article and is_like) or picture is not None or _is_told_more(one.link):
            found[place] = ListingRow(url, title, one.day)
    return found


def _shape(url: str) -> tuple[str, str, str]:
    """What addresses of one kind have in common: host, folder and ending, numbers left out."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    return parts.netloc, _DIGITS.sub("", folder), name.rpartition(".")[2] if "." in name else _DIGITS.sub("", name)


def _around(node: Node, most: int) -> Iterator[Node]:
    current: Node | None = node
    for _ in range(most):
        if current is None:
            return
        yield current
        current = current.parent


def _is_set_apart(link: Node) -> bool:
    """Whether it is a heading, or stands in what is called a headline."""
    if link.css_first("h1, h2, h3, h4, strong, b") is not None:
        return True
    named = ((one, one.attributes) for one in _around(link, 5))
    return any(
        one.tag in _HEADINGS or _SET_APART.search(f"{known.get('class') or ''} {known.get('id') or ''}")
        for one, known in named
    )


def _is_told_more(link: Node) -> bool:
    """Whether it is a heading under which a few sentences of the article stand: a headline, and no box's label."""
    heading = next((one for one in _around(link, 4) if one.tag in _LARGE), None) or link.css_first("h1, h2, h3, h4")
    below = heading.next if heading is not None else None
    for _ in range(4):
        if below is None:
            return False
        if not below.is_text_node:
            return below.css_first("li, td, h2, h3") is None and len(short_text(below, 600) or "") >= _ABSTRACT
        below = below.next
    return False

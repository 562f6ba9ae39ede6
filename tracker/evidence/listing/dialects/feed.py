"""RSS and Atom: what was published last, newest first."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from xml.etree.ElementTree import Element

from tracker.core.values.facts import Moment
from tracker.evidence.listing.dialects.moments import moment_of
from tracker.evidence.listing.dialects.rows import MAX_TITLE, ListingRow, finish
from tracker.evidence.listing.dialects.xmltree import UnreadableTree, child, local, text_in, tree_of
from tracker.evidence.listing.values import Ask, Listing, lost_at_latest, unread_rows
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Page, resolve, squeeze

_MAX_ENTRIES = 5000
_DATES = ("pubdate", "published", "issued", "date", "created", "updated", "modified", "lastmod")
_SOURCES = ("creator", "author", "source", "publisher")


def read(page: Page) -> Listing | None:
    """RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom; None for anything else."""
    if page.kind != "xml" or not any(mark in page.text[:2000].lower() for mark in ("<rss", "rdf", "feed")):
        return None
    try:
        root = tree_of(page)
    except UnreadableTree as error:
        return Listing(understood=False, reason=f"订阅源无法读取：{error}", dialect="feed")
    if local(root) not in ("rss", "rdf", "feed"):
        return None
    items = [one for one in root.iter() if local(one) in ("item", "entry") and len(one)]
    if len(items) > _MAX_ENTRIES:
        return Listing(understood=False, reason=f"订阅源条目超过 {_MAX_ENTRIES} 条", dialect="feed")
    base = _base(root, page)
    found = [(one, _row(one, base, page)) for one in items]
    rows = [row for _, row in found if row is not None]
    if not rows or (len(items) - len(rows)) * 4 > len(items):
        reason = "订阅源中的条目没有标题或链接" if items else "订阅源中没有条目，不能断定栏目是空的"
        return Listing(understood=False, reason=reason, dialect="feed")
    lost = [(row is None, None if (when := _date(one, page)) is None else day_of(when)) for one, row in found]
    return _listing(rows, lost, root, base, page)


def _listing(
    rows: list[ListingRow], lost: list[tuple[bool, date | None]], root: Element, base: str, page: Page
) -> Listing:
    """A feed is the newest of a column: where it is in order, all is in it that is newer than its oldest."""
    sightings = finish(rows, page)
    days = [day_of(one.claimed) for one in sightings if one.claimed is not None]
    ordered = len(days) == len(sightings) and all(later <= earlier for earlier, later in pairwise(days))
    further = _further(root, base, page)
    return Listing(
        sightings=sightings,
        dialect="feed",
        next=Ask(further) if further else None,
        more=further is None,
        ordered=ordered,
        **unread_rows(sum(gone for gone, _ in lost), lost_at_latest(lost)),
        since=days[-1] if ordered and days else None,
    )


def _row(item: Element, base: str, page: Page) -> ListingRow | None:
    url = _address(item, base)
    title = _plain(text_in(child(item, "title")), page) or _plain(text_in(child(item, "description", "summary")), page)
    if url is None or not title:
        return None
    source = text_in(child(item, *_SOURCES))
    return ListingRow(url, title[:MAX_TITLE], _date(item, page), "" if "@" in source else source[:40])


def _date(item: Element, page: Page) -> Moment | None:
    for name in _DATES:
        element = child(item, name)
        if element is not None and (when := moment_of(text_in(element), page.zone)) is not None:
            return when
    return None


def _address(item: Element, base: str) -> str | None:
    """RSS gives it as text, Atom in an attribute; a permanent guid will do."""
    links = [one for one in item if local(one) == "link"]
    for link in links:
        href = link.get("href")
        if href and link.get("rel", "alternate") == "alternate" and (url := resolve(base, href)):
            return url
        if (text := text_in(link)) and (url := resolve(base, text)):
            return url
    guid = child(item, "guid", "id")
    if guid is not None and guid.get("isPermaLink", "true").lower() == "true" and "://" in (text := text_in(guid)):
        return resolve(base, text)
    about = item.get("rdf:about")
    return resolve(base, about) if about else None


def _base(root: Element, page: Page) -> str:
    """What relative links start from: xml:base, else where the feed came from."""
    return resolve(page.url, root.get("xml:base") or "") or page.url


def _further(root: Element, base: str, page: Page) -> str | None:
    for link in root.iter():
        if local(link) == "link" and link.get("rel") == "next" and (url := resolve(base, link.get("href") or "")):
            return url if url != page.url else None
    return None


def _plain(text: str, page: Page) -> str:
    """Titles may hold markup, escaped once more."""
    if "<" not in text and "&" not in text:
        return text
    body = page.holding(text[:5000]).tree.body
    return squeeze(body.text()) if body is not None else text

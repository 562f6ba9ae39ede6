"""sitemap.xml: every address of a site, or the files that together hold them."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from tracker.core.values.facts import Sighting
from tracker.evidence.listing.dialects.moments import moment_of
from tracker.evidence.listing.dialects.rows import MAX_TITLE
from tracker.evidence.listing.dialects.xmltree import UnreadableTree, child, local, text_in, tree_of
from tracker.evidence.listing.values import Ask, Listing
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.parsed import Page, legible, resolve

#: So many entries are kept, the newest ones; so many files of an index are followed.
_MAX_ENTRIES = 5000
_MAX_FILES = 50
#: A front page or a column is no entry.
_NO_ENTRY = re.compile(r"(?:/|/(?:index|default)(?:_\d+)?\.\w{2,5})$", re.IGNORECASE)


def read(page: Page) -> Listing | None:
    """None for what is no sitemap; packed ones are known by their address."""
    packed = page.body.startswith(b"\x1f\x8b") and urlsplit(page.url).path.endswith((".xml.gz", ".gz"))
    if not packed and (page.kind != "xml" or not re.search(r"<(?:\w+:)?(?:urlset|sitemapindex)\b", page.text[:2000])):
        return None
    try:
        root = tree_of(page)
    except UnreadableTree as error:
        return Listing(understood=False, reason=f"站点地图无法读取：{error}", dialect="sitemap")
    if local(root) == "sitemapindex":
        return _index(root, page)
    return _entries(root, page) if local(root) == "urlset" else None


def _index(root: Element, page: Page) -> Listing:
    """The files of an index, those that changed last first."""
    files = [(_day(one, page) or date.min, url) for one in root if (url := _address(one, page)) and url != page.url]
    files.sort(key=lambda one: one[0], reverse=True)
    if not files or len(files) > _MAX_FILES:
        reason = f"站点地图分成 {len(files)} 个文件，不能全部读取" if files else "站点地图索引中没有文件"
        return Listing(understood=False, reason=reason, dialect="sitemap")
    return Listing(dialect="sitemap", parts=tuple(Ask(url) for _, url in files))


def _entries(root: Element, page: Page) -> Listing:
    found: dict[str, Sighting] = {}
    for one in root:
        url = _address(one, page) if local(one) == "url" else None
        if url is None or url in found or _NO_ENTRY.search(urlsplit(url).path):
            continue
        named = next((below for below in one.iter() if local(below) == "title"), None)
        modified = moment_of(text_in(child(one, "lastmod")), page.zone)
        published = next((below for below in one.iter() if local(below) == "publication_date"), None)
        claimed = moment_of(text_in(published), page.zone) if published is not None else modified
        # When a page changed is not when it was published: the article has the last word.
        found[url] = Sighting(
            url, legible(_title(text_in(named), url)), claimed, "", claimed is not None and published is None
        )
    if not found:
        return Listing(understood=False, reason="站点地图中没有文章地址", dialect="sitemap")
    rows = sorted(found.values(), key=lambda one: day_of(one.claimed) if one.claimed else date.min, reverse=True)
    if len(rows) <= _MAX_ENTRIES:
        return Listing(sightings=tuple(rows), dialect="sitemap", ordered=False)
    kept = rows[:_MAX_ENTRIES]
    oldest = kept[-1].claimed
    since = day_of(oldest) if oldest is not None else None
    return Listing(sightings=tuple(kept), dialect="sitemap", more=True, ordered=False, items=len(rows), since=since)


def _title(named: str, url: str) -> str:
    """Until the article has been read, an entry without a title goes by its path."""
    return (named or unquote(urlsplit(url).path) or url)[:MAX_TITLE]


def _address(element: Element, page: Page) -> str | None:
    return resolve(page.url, text_in(child(element, "loc")))


def _day(element: Element, page: Page) -> date | None:
    when = moment_of(text_in(child(element, "lastmod")), page.zone)
    return day_of(when) if when is not None else None

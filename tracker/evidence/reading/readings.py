"""What is read of one page: plain functions of its bytes, run in the worker process, whose results are plain values."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from tracker.core.law.county import SiteColumn
from tracker.evidence.article.further import further_pages
from tracker.evidence.article.read import parse_article
from tracker.evidence.fetch.redirects import astray, is_front, is_front_page
from tracker.evidence.page.barriers import REASONS, refresh_target, strict_barrier
from tracker.evidence.page.empty_page import LEAST, pictured, substance
from tracker.evidence.page.parsed import Page, resolve, short_text
from tracker.evidence.reading.page_kind import Judged, nature_of
from tracker.evidence.reading.page_results import ArticlePage, ArticlePart, FrontPage, Glance, ListingPage
from tracker.evidence.reading.standing_page import whole_page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.sources import LEFT_TO_SCRIPT
from tracker.evidence.wrappers.values import Listing, ReadSoFar

#: Links of a front page, and characters of the longest that names a column.
_LINKS, _LINK_WORDS = 3000, 40


def read_listing_page(page: Page, asked: str, column: SiteColumn, so_far: ReadSoFar) -> ListingPage:
    """`asked`: the address that was asked for, from which a redirect may have led elsewhere."""
    if why := astray(page, asked, column.title):
        return ListingPage(Listing(understood=False), why)
    listing = parse_listing(page, column.dialect, column.interface, so_far, column.list_rule)
    if listing.digest and is_front_page(page) and not is_front(urlsplit(asked).path):
        return ListingPage(Listing(understood=False), "栏目地址显示的是网站首页")
    return ListingPage(listing, target=moved_to(page) if listing.barrier == "moved" else None)


def read_standing_page(page: Page, asked: str, title: str) -> ArticlePage | str:
    """A column that is a single page; or why it is not the one that was asked for (Chinese)."""
    return astray(page, asked, title) or ArticlePage(whole_page(page))


def read_article_page(page: Page) -> ArticlePage:
    """The page of an entry."""
    article = parse_article(page)
    target = moved_to(page) if article.reason == REASONS["moved"] else None
    if not article.attachments and substance(article.text or "") < LEAST and pictured(page):
        article = replace(article, pictured=True)
    return ArticlePage(article, target)


def read_part(page: Page, first: str) -> ArticlePart:
    """A further page of the article whose first page lies at `first`."""
    article = parse_article(page)
    return ArticlePart(article, tuple(further_pages(page, first)) if article.state == "read" else ())


def read_front_page(page: Page) -> FrontPage | None:
    """None for what is no web page."""
    if page.kind != "html":
        return None
    links = []
    for node in page.tree.css("a[href]")[:_LINKS]:
        name, url = short_text(node, _LINK_WORDS), resolve(page.base, node.attributes.get("href") or "")
        if name and url:
            links.append((name, url))
    return FrontPage(tuple(links), moved_to(page))


def glance(page: Page) -> Glance:
    """What one page shows by itself."""
    listing, article = parse_listing(page), parse_article(page)
    if listing.dialect == "interface" and listing.parts:  # an article's text may come from it as well
        listing = Listing(understood=False, reason=LEFT_TO_SCRIPT, dialect="list")
    is_page = page.kind == "html"
    target = moved_to(page) if is_page and strict_barrier(page) == "moved" else None
    judged = nature_of(page, listing, article) if is_page else Judged("unverifiable", listing.reason)
    return Glance(page.kind, page.title if is_page else "", page.encoding, listing, article, judged, target)


def moved_to(page: Page) -> str | None:
    """Where a page that only sends on leads, if not to itself."""
    target = resolve(page.base, refresh_target(page) or "")
    return target if target != page.url else None

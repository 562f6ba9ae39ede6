"""The manners in which systems list what they publish. A new one: one file here and one line below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.evidence.barriers import (
    REASONS,
    barrier,
    loaded_by_script,
    says_building,
    says_column_empty,
    says_empty,
)
from tracker.evidence.dialects import lists, tables
from tracker.evidence.listing import Listing
from tracker.evidence.page import Page


@dataclass(frozen=True, slots=True)
class Dialect:
    """A name, and a reader that gives None for a page that is not its kind."""

    name: str
    read: Callable[[Page], Listing | None]


#: Tried in this order: what is recognised by a sure mark stands before what is recognised by its looks.
DIALECTS: tuple[Dialect, ...] = (
    Dialect("table", tables.read),
    Dialect("list", lists.read),
)

_BY_SCRIPT = "列表由脚本加载，尚不能读取"
_IN_SCRIPT = ("<datastore>", "<record><![CDATA[", "dataproxy.jsp")


def parse_listing(page: Page) -> Listing:
    """What a column's page lists. Never raises: a page that cannot be read is one not understood."""
    if not page.is_html:
        return Listing(understood=False, reason="栏目地址返回的不是网页")
    if page.crowded:
        return Listing(understood=False, reason="页面元素过多，不是可读的列表")
    if any(mark in page.text for mark in _IN_SCRIPT):
        return Listing(understood=False, reason="列表写在脚本中，尚不能读取")
    listing = next((found for dialect in DIALECTS if (found := dialect.read(page)) is not None), None)
    if listing is not None and (listing.sightings or not listing.understood) and not _side_list(listing, page):
        return listing
    return _without_list(page)


def _side_list(listing: Listing, page: Page) -> bool:
    """Whether what was found is only a list beside a column that says it is empty."""
    return listing.digest and says_column_empty(page)


def _without_list(page: Page) -> Listing:
    if (found := barrier(page)) is not None:
        return Listing(understood=False, reason=REASONS[found], barrier=found)
    if says_building(page):
        return Listing(understood=False, reason=REASONS["building"], barrier="building")
    if loaded_by_script(page):
        return Listing(understood=False, reason=_BY_SCRIPT)
    if says_empty(page):
        return Listing(dialect="empty")
    return Listing(understood=False, reason="页面中没有认出列表")

"""Lists that were learned anew where the layout of a column changed, and that are read once a person says yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tracker.core.assessment.enrolment import Proposal
from tracker.store.engine import Tx
from tracker.store.site import PageRow, delete_listing_page, load_listing_pages, store_listing_pages

if TYPE_CHECKING:
    from tracker.evidence.wrappers.values import Listing

#: So many rows of a list are shown.
_SHOWN = 3


def load_proposals(tx: Tx, county: str, urls: Sequence[str]) -> dict[str, tuple[datetime, Proposal]]:
    """Return by the address of its column what waits for a person, and when it was seen last."""
    from tracker.evidence.wrappers.values import Listing, proposal_key  # few commands need the readers

    rows = load_listing_pages(tx, county, [proposal_key(url) for url in urls])
    found = {}
    for url in urls:
        row = rows.get(proposal_key(url))
        if row is not None and (listing := Listing.from_json(row.parsed)) is not None:
            titles = tuple((one.title, one.claimed) for one in listing.sightings[:_SHOWN])
            found[url] = row.read_at, Proposal(titles, len(listing.sightings), _end(listing), listing.reason)
    return found


def _end(listing: Listing) -> str:
    """Return what a first page says of further ones (Chinese)."""
    if listing.total is not None:
        return f"页面称共有 {listing.total} 页"
    if listing.items is not None:
        return f"页面称共有 {listing.items} 条"
    return "有翻页" if listing.paged or listing.next is not None else "没有翻页"


def adopt_proposal(tx: Tx, county: str, url: str) -> None:
    """Have the column of an address read by what waits for a person."""
    from tracker.evidence.wrappers.values import Listing, proposal_key

    row = load_listing_pages(tx, county, [proposal_key(url)]).get(proposal_key(url))
    listing = Listing.from_json(row.parsed) if row is not None else None
    if row is None or listing is None or not listing.parts:
        return
    adopted = replace(listing, understood=True, reason="", parts=())
    store_listing_pages(tx, county, [PageRow(listing.parts[0].key, "", "", "", adopted.to_json(), row.read_at)])
    delete_listing_page(tx, county, row.url)

"""How each of a county's columns is read, in the form in which its rule may say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from tracker.core.law.county import Interface, ListRule, SiteColumn
from tracker.evidence.wrappers.values import Listing
from tracker.evidence.wrappers.wrapper import Wrapper, stored_wrapper
from tracker.evidence.wrappers.written_form import written_form
from tracker.store.engine import Tx
from tracker.store.site import load_listing_pages

#: Stated by its rule, learned, by the profile of its content system, or not read yet.
ReadHow = Literal["stated", "learned", "profile", "unread"]


class ColumnWrapper(NamedTuple):
    """How a column is read. `rule`: what the column's rule says or may say; None where no rule can."""

    column: SiteColumn
    how: ReadHow
    rule: ListRule | Interface | None


def load_column_wrappers(tx: Tx, county: str, columns: Sequence[SiteColumn]) -> list[ColumnWrapper]:
    """Return how each column is read by now."""
    listings = _load_listings(tx, county, [column.url for column in columns])
    parts = {url: listing.parts[0].key for url, listing in listings.items() if listing.parts}
    framed = _load_listings(tx, county, list(parts.values()))
    found = []
    for column in columns:
        listing = listings.get(column.url)
        if listing is not None and not listing.wrapper:
            listing = framed.get(parts.get(column.url, ""))
        wrapper = stored_wrapper(listing.wrapper) if listing is not None else None
        found.append(_describe(column, wrapper))
    return found


def _describe(column: SiteColumn, wrapper: Wrapper | None) -> ColumnWrapper:
    if (stated := column.list_rule or column.interface) is not None:
        return ColumnWrapper(column, "stated", stated)
    if wrapper is None:
        return ColumnWrapper(column, "unread", None)
    rule = written_form(wrapper)
    return ColumnWrapper(column, "learned" if rule is not None or not wrapper.profile else "profile", rule)


def _load_listings(tx: Tx, county: str, urls: Sequence[str]) -> dict[str, Listing]:
    rows = load_listing_pages(tx, county, urls)
    listings = {url: Listing.from_json(row.parsed) for url, row in rows.items()}
    return {url: listing for url, listing in listings.items() if listing is not None}

"""Loads what the database has of some columns before they are visited."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.evidence.listing.columns import KeptPage
from tracker.evidence.wrappers.values import Listing
from tracker.store import site
from tracker.store.captures import LastCapture, load_last_captures
from tracker.store.engine import Tx
from tracker.store.faults import list_faults
from tracker.store.site import KnownEntry


@dataclass(slots=True)
class LoadedColumns:
    """Entries by column and address, stored pages and last captures by address.

    `faulty`: subjects of the columns whose last visit failed. `absent`: addresses of pages that are not stored.
    """

    entries: dict[str, dict[str, KnownEntry]] = field(default_factory=dict)
    faulty: list[str] = field(default_factory=list)
    pages: dict[str, KeptPage] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    captures: dict[str, list[LastCapture]] = field(default_factory=dict)


def load_columns(
    tx: Tx,
    county: str,
    columns: Collection[str],
    addresses: Mapping[str, date | None],
    max_pages: int,
    *,
    pages: dict[str, KeptPage],
    absent: Collection[str],
    uncached: Callable[[Collection[str]], list[str]],
) -> LoadedColumns:
    """Return the entries of the columns, and of each address the pages back to its day, at most `max_pages`.

    `pages`, `absent`: already known. `uncached`: returns the addresses whose last captures must be loaded.
    """
    loaded = LoadedColumns()
    if columns:
        loaded.entries = site.load_known_entries(tx, county, columns)
    loaded.faulty = [fault.subject for fault in list_faults(tx, county) if fault.action == "crawl"]
    known_pages = ChainMap(loaded.pages, pages)
    wanted = dict(addresses)
    for number in range(1, max_pages + 1):
        if not wanted:
            break
        if urls := uncached(wanted):
            loaded.captures |= load_last_captures(tx, county, urls)
        unknown = {url for url in wanted if url not in known_pages} - set(absent) - loaded.absent
        if unknown:
            loaded.pages |= load_pages(tx, county, unknown)
            loaded.absent |= unknown - set(loaded.pages)
        wanted = dict(_next_pages(wanted, known_pages, number))
    return loaded


def _next_pages(
    wanted: Mapping[str, date | None], pages: Mapping[str, KeptPage], number: int
) -> Iterator[tuple[str, date | None]]:
    """Yield the pages that followed these when they were last read, as far back as they are wanted."""
    for url, since in wanted.items():
        page = pages.get(url)
        if page is None or (following := page.listing.following(number)) is None:
            continue
        newest = page.listing.newest
        if since is None or newest is None or newest >= since:
            yield following.key, since


def load_pages(tx: Tx, county: str, urls: Collection[str]) -> dict[str, KeptPage]:
    """Return the stored pages by address. Those of another edition of the readers are read anew, whether or not they
    changed; what they showed and how they were read stays."""
    pages = {}
    for url, row in site.load_listing_pages(tx, county, urls).items():
        listing = Listing.from_json(row.parsed)
        if listing is not None:
            pages[url] = KeptPage(row.url, row.etag, row.last_modified, row.digest, listing, row.read_at)
        else:
            pages[url] = KeptPage(row.url, "", "", "", Listing.outdated(row.parsed), row.read_at)
    return pages

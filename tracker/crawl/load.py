"""Loads what the database holds of some columns before they are visited."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracker.evidence.listing.columns import KeptPage
from tracker.evidence.listing.values import Listing
from tracker.store import site
from tracker.store.captures import LastCapture, last_captures
from tracker.store.engine import Tx
from tracker.store.faults import list_faults
from tracker.store.site import Known


@dataclass(slots=True)
class Recalled:
    """What was loaded. `faulty`: the columns that could not be looked at; `absent`: the pages that are not kept."""

    entries: dict[str, dict[str, Known]] = field(default_factory=dict)
    faulty: list[str] = field(default_factory=list)
    pages: dict[str, KeptPage] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    captures: dict[str, list[LastCapture]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recall:
    """Loads what is not remembered. `pages`, `absent`: the remembered ones; `unknown`: those of some addresses whose
    last captures have to be loaded."""

    county: str
    pages: Mapping[str, KeptPage]
    absent: Collection[str]
    unknown: Callable[[Collection[str]], list[str]]

    def load(self, tx: Tx, columns: Collection[str], addresses: Mapping[str, date | None], most: int) -> Recalled:
        """The entries of `columns`, and of each address the kept pages as far back as it says, at most `most`."""
        recalled = Recalled()
        if columns:
            recalled.entries = site.known_entries(tx, self.county, columns)
        recalled.faulty = [fault.subject for fault in list_faults(tx, self.county) if fault.action == "crawl"]
        wanted = dict(addresses)
        for number in range(1, most + 1):
            if not wanted:
                break
            if unknown := self.unknown(wanted):
                recalled.captures |= last_captures(tx, self.county, unknown)
            self._load_pages(tx, wanted, recalled)
            wanted = dict(self._following(wanted, recalled.pages, number))
        return recalled

    def _load_pages(self, tx: Tx, urls: Collection[str], recalled: Recalled) -> None:
        known = (self.pages, recalled.pages, self.absent, recalled.absent)
        if unknown := [url for url in urls if not any(url in place for place in known)]:
            loaded = kept_pages(tx, self.county, unknown)
            recalled.pages |= loaded
            recalled.absent |= set(unknown) - set(loaded)

    def _following(
        self, wanted: Mapping[str, date | None], loaded: Mapping[str, KeptPage], number: int
    ) -> Iterator[tuple[str, date | None]]:
        """The pages that followed these when they were last read, as far back as they are wanted."""
        for url, since in wanted.items():
            page = self.pages.get(url) or loaded.get(url)
            if page is None or (following := page.listing.following(number)) is None:
                continue
            newest = page.listing.newest
            if since is None or newest is None or newest >= since:
                yield following.key, since


def kept_pages(tx: Tx, county: str, urls: Collection[str]) -> dict[str, KeptPage]:
    """The kept pages by address; without those that another edition of the readers made: they are read anew."""
    rows = site.kept_pages(tx, county, urls)
    return {url: page for url, row in rows.items() if (page := _page_of(row)) is not None}


def _page_of(row: site.PageRow) -> KeptPage | None:
    listing = Listing.from_json(row.parsed)
    if listing is None:
        return None
    return KeptPage(row.url, row.etag, row.last_modified, row.digest, listing, row.read_at)

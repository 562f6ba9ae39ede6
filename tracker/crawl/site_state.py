"""Caches a county's entries and pages in a long-running process, so that an idle pass loads nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tracker.evidence.listing.columns import KeptPage
from tracker.store.site import KnownEntry

#: Number of cached pages; the least recently used ones are dropped.
_MAX_PAGES = 2_000


@dataclass(slots=True)
class SiteState:
    """Entries by column and address, and pages, as they are in the database.

    It is valid as long as every visit in the table was recorded by this process and nobody confirmed a column:
    `visits` and `confirmations` count them, and each pass begins by comparing. A visit of another process costs one
    full load.
    """

    visits: int = -1
    confirmations: int = 0
    _entries: dict[str, dict[str, KnownEntry]] = field(default_factory=dict)
    _pages: OrderedDict[str, KeptPage] = field(default_factory=OrderedDict)

    def begin(self, visits: int, confirmations: int) -> None:
        """Empty the cache if there is another number of visits or of confirmations."""
        if (visits, confirmations) != (self.visits, self.confirmations):
            self._entries.clear()
            self._pages.clear()
            self.visits, self.confirmations = visits, confirmations

    # -- entries ---------------------------------------------------------------------------------

    def uncached(self, columns: Collection[str]) -> list[str]:
        """Return the columns whose entries are not cached."""
        return [column for column in columns if column not in self._entries]

    def set_columns(self, entries: Mapping[str, dict[str, KnownEntry]]) -> None:
        """Cache all entries of some columns."""
        self._entries |= entries

    def entries_of(self, column: str) -> Mapping[str, KnownEntry] | None:
        """Return the entries of a column by address; None if not cached."""
        return self._entries.get(column)

    def update(self, column: str, entries: Mapping[str, KnownEntry]) -> None:
        """Cache entries that a pass has added or changed."""
        if column in self._entries:
            self._entries[column] |= entries

    def note_visit(self, column: str, seen: Collection[str], missing: Collection[str], at: datetime) -> None:
        """Note that a visit was recorded which saw, and missed, these addresses."""
        self.visits += 1
        entries = self._entries.get(column, {})
        for url in seen:
            entries[url] = entries[url].after_sighting(at)
        for url in missing:
            entries[url] = entries[url]._replace(missing_at=at)

    def forget(self, column: str) -> None:
        """Drop what may be wrong after a failed transaction."""
        self._entries.pop(column, None)
        self._pages.clear()
        self.visits = -1

    # -- pages -----------------------------------------------------------------------------------

    @property
    def pages(self) -> dict[str, KeptPage]:
        """A copy of the cached pages by address."""
        return dict(self._pages)

    def page(self, url: str) -> KeptPage | None:
        if url in self._pages:
            self._pages.move_to_end(url)
        return self._pages.get(url)

    def add_pages(self, pages: Mapping[str, KeptPage]) -> None:
        self._pages |= pages
        while len(self._pages) > _MAX_PAGES:
            self._pages.popitem(last=False)

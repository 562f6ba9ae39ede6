"""State of a county's site that a long-running process keeps, so that an idle pass loads nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tracker.evidence.listing.columns import KeptPage
from tracker.store.site import Known

#: Pages whose reading is remembered; beyond, the ones not used for longest are asked of the database again.
_PAGES = 2_000


@dataclass(slots=True)
class KnownSite:
    """Entries by column and address, and kept pages, as they stand in the database.

    It holds as long as every visit in the table was recorded by its holder: `visits` counts them, and a pass
    begins by comparing. Another process's visit therefore costs one full load, never a wrong memory.
    """

    visits: int = -1
    _entries: dict[str, dict[str, Known]] = field(default_factory=dict)
    _pages: OrderedDict[str, KeptPage] = field(default_factory=OrderedDict)

    def begin(self, counted: int) -> None:
        """Compare with the number of visits in the table; where it is another one, forget everything."""
        if counted != self.visits:
            self._entries.clear()
            self._pages.clear()
            self.visits = counted

    def lacking(self, columns: Collection[str]) -> list[str]:
        """Those of the columns whose entries are not remembered."""
        return [column for column in columns if column not in self._entries]

    def learn(self, loaded: Mapping[str, dict[str, Known]]) -> None:
        """Remember the entries of whole columns."""
        self._entries |= loaded

    def held(self, column: str) -> Mapping[str, Known] | None:
        """The entries of a column by address, where they are remembered."""
        return self._entries.get(column)

    def add(self, column: str, entries: Mapping[str, Known]) -> None:
        """Take up entries that a pass has added to a column or changed in it."""
        if column in self._entries:
            self._entries[column] |= entries

    def recorded(self, column: str, seen: Collection[str], missing: Collection[str], at: datetime) -> None:
        """A visit was recorded that saw, and missed, these addresses and nothing else of them."""
        self.visits += 1
        here = self._entries.get(column, {})
        for url in seen:
            here[url] = here[url].seen(at)
        for url in missing:
            here[url] = here[url]._replace(missing_at=at)

    def forget(self, column: str) -> None:
        """A transaction failed half-way: what is remembered of the column may be wrong."""
        self._entries.pop(column, None)
        self._pages.clear()
        self.visits = -1

    @property
    def pages(self) -> dict[str, KeptPage]:
        """The remembered pages by address, as they are now."""
        return dict(self._pages)

    def page(self, url: str) -> KeptPage | None:
        if url in self._pages:
            self._pages.move_to_end(url)
        return self._pages.get(url)

    def keep(self, pages: Mapping[str, KeptPage]) -> None:
        self._pages |= pages
        while len(self._pages) > _PAGES:
            self._pages.popitem(last=False)

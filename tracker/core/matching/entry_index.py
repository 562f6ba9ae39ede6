"""Index of entries by column, address and title, with the first sightings of their copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from tracker.core.matching.naming import flat
from tracker.core.values.facts import Entry, Moment


class EntryIndex(tuple[Entry, ...]):
    """Entries with an index over them. All indexes but the one by column are built on first use."""

    def __init__(self, _entries: Iterable[Entry] = ()) -> None:
        self._at: dict[str, list[Entry]] | None = None
        self._titled: dict[str, list[Entry]] | None = None
        self._copies: dict[tuple[str, Moment], datetime] | None = None
        self.by_column: dict[str, list[Entry]] = defaultdict(list)
        for entry in self:
            self.by_column[entry.column].append(entry)

    def at(self, url: str) -> list[Entry]:
        """Return the entries at an address, in a fixed order."""
        if self._at is None:
            self._at = defaultdict(list)
            for entry in self:
                self._at[entry.url].append(entry)
        return sorted(self._at.get(url, ()), key=lambda entry: (entry.first_seen_at, entry.column, entry.id))

    def with_title(self, title: str) -> list[Entry]:
        """Return the entries with that title that are not gone, in a fixed order."""
        if self._titled is None:
            self._titled = defaultdict(list)
            for entry in self:
                if entry.gone_at is None:
                    self._titled[flat(entry.title)].append(entry)
        return sorted(
            self._titled.get(flat(title), ()), key=lambda entry: (entry.first_seen_at, entry.column, entry.id)
        )

    def first_seen(self, entry: Entry, claimed: Moment | None = None) -> datetime:
        """Return the first sighting of the entry or of a copy: the same title under the same date at another address.

        `claimed`: a date that the entry bore before; by default the one it bears now.
        """
        if self._copies is None:
            self._copies = {}
            for candidate in self:
                # Every title and date it ever had counts: a copy that once confirmed a date still does.
                for title, date in {(version.title, version.claimed) for version in candidate.versions}:
                    if date is not None:
                        key = (flat(title), date)
                        self._copies[key] = min(self._copies.get(key, candidate.first_seen_at), candidate.first_seen_at)
        claimed = claimed or entry.claimed
        if claimed is None:
            return entry.first_seen_at
        return self._copies.get((flat(entry.title), claimed), entry.first_seen_at)

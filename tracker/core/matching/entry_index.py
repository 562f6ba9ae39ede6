"""Entries by column and by address, and since when copies of them were seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from tracker.core.matching.naming import flat
from tracker.core.values.facts import Entry, Moment


class EntryIndex(tuple[Entry, ...]):
    """Entries with an index over them. Its further parts are made when first asked for."""

    def __init__(self, _entries: Iterable[Entry] = ()) -> None:
        self._at: dict[str, list[Entry]] | None = None
        self._titled: dict[str, list[Entry]] | None = None
        self._copies: dict[tuple[str, Moment], datetime] | None = None
        self.by_column: dict[str, list[Entry]] = defaultdict(list)
        for entry in self:
            self.by_column[entry.column].append(entry)

    def at(self, url: str) -> list[Entry]:
        """The entries at an address, in a settled order."""
        if self._at is None:
            self._at = defaultdict(list)
            for entry in self:
                self._at[entry.url].append(entry)
        return sorted(self._at.get(url, ()), key=lambda one: (one.first_seen_at, one.column, one.id))

    def titled(self, title: str) -> list[Entry]:
        """The entries that are up under a title, in a settled order."""
        if self._titled is None:
            self._titled = defaultdict(list)
            for entry in self:
                if entry.gone_at is None:
                    self._titled[flat(entry.title)].append(entry)
        return sorted(self._titled.get(flat(title), ()), key=lambda one: (one.first_seen_at, one.column, one.id))

    def first_seen(self, entry: Entry, claimed: Moment | None = None) -> datetime:
        """The first sighting of the entry or of a copy: the same title under the same date at another address.

        `claimed`: a date that the entry bore before; by default the one it bears now.
        """
        if self._copies is None:
            self._copies = {}
            for one in self:
                # Under whatever title and date it ever stood: what once spoke for a date goes on doing so.
                for title, date in {(version.title, version.claimed) for version in one.versions}:
                    if date is not None:
                        key = (flat(title), date)
                        self._copies[key] = min(self._copies.get(key, one.first_seen_at), one.first_seen_at)
        claimed = claimed or entry.claimed
        if claimed is None:
            return entry.first_seen_at
        return self._copies.get((flat(entry.title), claimed), entry.first_seen_at)

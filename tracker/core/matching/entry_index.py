"""Index of entries by column, address and title, with the first sightings of their copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property

from tracker.core.matching.naming import flat
from tracker.core.values.facts import Entry, Moment, written_day


class EntryIndex(tuple[Entry, ...]):
    """Entries with indexes that are built on first use."""

    @cached_property
    def by_column(self) -> dict[str, list[Entry]]:
        """The entries by column, in the order in which they were given."""
        entries_by_column: dict[str, list[Entry]] = defaultdict(list)
        for entry in self:
            entries_by_column[entry.column].append(entry)
        return entries_by_column

    @cached_property
    def _by_url(self) -> dict[str, list[Entry]]:
        entries_by_url: dict[str, list[Entry]] = defaultdict(list)
        for entry in self:
            entries_by_url[entry.url].append(entry)
        return entries_by_url

    @cached_property
    def _by_title(self) -> dict[str, list[Entry]]:
        entries_by_title: dict[str, list[Entry]] = defaultdict(list)
        for entry in self:
            if entry.gone_at is None:
                entries_by_title[flat(entry.title)].append(entry)
        return entries_by_title

    @cached_property
    def _first_sightings(self) -> dict[tuple[str, date], datetime]:
        """The first sighting of each title under each day. Every title and day that an entry ever had counts: a copy
        that once confirmed a day still does. Hours are left out: a copy may print them, or not."""
        first_sightings: dict[tuple[str, date], datetime] = {}
        for entry in self:
            for title, claimed in {(version.title, version.claimed) for version in entry.versions}:
                if claimed is not None:
                    key = (flat(title), written_day(claimed))
                    first_sightings[key] = min(first_sightings.get(key, entry.first_seen_at), entry.first_seen_at)
        return first_sightings

    def at(self, url: str) -> list[Entry]:
        """Return the entries at an address, in a fixed order."""
        return _sort_entries(self._by_url.get(url, ()))

    def with_title(self, title: str) -> list[Entry]:
        """Return the entries with that title that are not gone, in a fixed order."""
        return _sort_entries(self._by_title.get(flat(title), ()))

    def first_seen(self, entry: Entry, claimed: Moment | None = None) -> datetime:
        """Return the first sighting of the entry or of a copy: the same title under the same day at another address.

        `claimed`: an earlier claimed date of the entry; by default its current one.
        """
        claimed = claimed or entry.claimed
        if claimed is None:
            return entry.first_seen_at
        return self._first_sightings.get((flat(entry.title), written_day(claimed)), entry.first_seen_at)


def _sort_entries(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.first_seen_at, entry.column, entry.id))

"""Every text that was ever seen in a county, to be found again under another date or address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tracker.core.facts import Entry, Version
from tracker.core.fingerprint import alike, bands


class Texts:
    """An index by likeness. Entries may be put in again as they change; the last form of an entry stands."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[int, Entry] = {}
        self._holders: dict[str, set[int]] = defaultdict(set)  # by fingerprint
        self._banded: dict[tuple[int, int], set[str]] = defaultdict(set)
        for entry in entries:
            self.put(entry)

    def put(self, entry: Entry) -> None:
        """Take in an entry with all its versions."""
        self._entries[entry.id] = entry
        for version in entry.versions:
            if not version.fingerprint:
                continue
            holders = self._holders[version.fingerprint]
            if not holders:
                for band in bands(version.fingerprint):
                    self._banded[band].add(version.fingerprint)
            holders.add(entry.id)

    def like(self, version: Version) -> Iterator[tuple[Entry, Version]]:
        """Every version of every entry that says the same, the given one among them, in a settled order."""
        if not version.fingerprint:
            return
        near = {one for band in bands(version.fingerprint) for one in self._banded.get(band, ())}
        same = {one for one in near if one == version.fingerprint or alike(one, version.fingerprint)}
        ids = sorted({number for one in same for number in self._holders[one]})
        for number in ids:
            for held in self._entries[number].versions:
                if held.fingerprint in same:
                    yield self._entries[number], held

"""Index of all texts of a county, to find one again under another date or address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from tracker.core.matching.fingerprint import alike, bands, fingerprint
from tracker.core.values.facts import Entry, EntryVersion

_kept = lru_cache(maxsize=4096)(fingerprint)


def print_of(version: EntryVersion) -> str:
    """The fingerprint of a version's text, made anew where it was read before fingerprints were kept."""
    return version.fingerprint or _kept(version.text or "")


class Texts:
    """An index by likeness. Entries may be put in again as they change; the last form of an entry stands."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[int, Entry] = {}
        self._holders: dict[str, set[int]] = defaultdict(set)  # by fingerprint
        self._banded: dict[tuple[int, int], set[str]] = defaultdict(set)
        self._same: dict[str, set[str]] = {}  # what was asked for since the last new fingerprint
        for entry in entries:
            self.put(entry)

    def put(self, entry: Entry) -> None:
        """Take in an entry with all its versions."""
        self._entries[entry.id] = entry
        for version in entry.versions:
            if not (mark := print_of(version)):
                continue
            holders = self._holders[mark]
            if not holders:
                self._same.clear()
                for band in bands(mark):
                    self._banded[band].add(mark)
            holders.add(entry.id)

    def like(self, version: EntryVersion) -> Iterator[tuple[Entry, EntryVersion]]:
        """Every version of every entry that says the same, the given one among them, in a settled order."""
        if not (mark := print_of(version)):
            return
        same = self._same.get(mark)
        if same is None:
            near = {one for band in bands(mark) for one in self._banded.get(band, ())}
            same = self._same[mark] = {one for one in near if one == mark or alike(one, mark)}
        ids = sorted({number for one in same for number in self._holders[one]})
        for number in ids:
            for held in self._entries[number].versions:
                if print_of(held) in same:
                    yield self._entries[number], held

"""Index of all texts of a county, which finds the same text under another date or address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from tracker.core.matching.fingerprint import are_alike, band_keys, fingerprint
from tracker.core.values.facts import Entry, EntryVersion

_compute_fingerprint = lru_cache(maxsize=4096)(fingerprint)


def fingerprint_of(version: EntryVersion) -> str:
    """Return the stored fingerprint of a version's text, or compute it for versions stored without one."""
    return version.fingerprint or _compute_fingerprint(version.text or "")


class TextIndex:
    """An index of entries by similar texts. An entry may be added again when it changes; its last form counts."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[int, Entry] = {}
        self._entry_ids: dict[str, set[int]] = defaultdict(set)  # entry IDs by fingerprint
        self._by_band: dict[tuple[int, int], set[str]] = defaultdict(set)
        self._alike: dict[str, set[str]] = {}  # cache of answers, emptied by each new fingerprint
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Add an entry with all its versions."""
        self._entries[entry.id] = entry
        for version in entry.versions:
            if not (text_print := fingerprint_of(version)):
                continue
            entry_ids = self._entry_ids[text_print]
            if not entry_ids:
                self._alike.clear()
                for band in band_keys(text_print):
                    self._by_band[band].add(text_print)
            entry_ids.add(entry.id)

    def find_alike(self, version: EntryVersion) -> Iterator[tuple[Entry, EntryVersion]]:
        """Yield every version of every entry with the same text, the given one included, in a fixed order."""
        if not (text_print := fingerprint_of(version)):
            return
        alike = self._alike.get(text_print)
        if alike is None:
            nearby = {similar for band in band_keys(text_print) for similar in self._by_band.get(band, ())}
            alike = self._alike[text_print] = {
                similar for similar in nearby if similar == text_print or are_alike(similar, text_print)
            }
        ids = sorted({entry_id for similar in alike for entry_id in self._entry_ids[similar]})
        for entry_id in ids:
            for candidate in self._entries[entry_id].versions:
                if fingerprint_of(candidate) in alike:
                    yield self._entries[entry_id], candidate

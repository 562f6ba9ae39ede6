"""Which entries can bear on a duty at all: a column shows a hundred things, and a duty asks for one of them."""

from __future__ import annotations

from tracker.core.candidates import may_match
from tracker.core.duties import Assignment
from tracker.core.facts import Entry
from tracker.core.naming import flat


class Bearing:
    """What one duty of one department takes notice of.

    An entry bears on it under any title it ever stood, that fits one of its patterns; where people named
    its address; or as a copy of one that fits, for a copy says since when a thing was there. Of all
    others a judgement says nothing, so they call for none.
    """

    def __init__(self, assignment: Assignment) -> None:
        self._patterns = {source.title for cell in assignment.cells for source in cell.sources}
        self._titles: set[str] = set()  # of what fits, flattened as copies are compared
        self._named: set[str] = set()

    def name(self, address: str) -> None:
        """People filed this address or decided about it."""
        self._named.add(address)

    def takes(self, entry: Entry, before: Entry | None = None) -> bool:
        """Whether the entry, or what it was `before` it changed, may count for anything here."""
        titles = {version.title for one in (entry, before) if one is not None for version in one.versions}
        if any(may_match(pattern, title) for pattern in self._patterns for title in titles):
            self._titles.update(map(flat, titles))
            return True
        return entry.url in self._named or not self._titles.isdisjoint(map(flat, titles))

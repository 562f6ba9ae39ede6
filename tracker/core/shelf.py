"""What earlier judgements found of matters that are met: a year of ticks need not weigh them again.

A matter that was proved in time stays so as long as the very same entries lie in its period; nothing
that appears elsewhere, no later look and no passing of time changes it. What people say and what
events do is not watched here: who keeps a shelf throws it away when papers, events or rules change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.core.facts import Entry
from tracker.core.proof import Candidate
from tracker.core.verdicts import Status, Verdict
from tracker.core.weights import Weight

_Entries = tuple[Entry | None, ...]


class Shelf:
    """The weights and verdicts of met occurrences of one duty and department, by key.

    Entries are compared by identity: a changed entry is another object.
    """

    def __init__(self) -> None:
        self._weights: dict[tuple[str, str], tuple[_Entries, Weight]] = {}
        self._verdicts: dict[str, tuple[tuple[Weight, ...], Verdict]] = {}
        self._weighed: dict[tuple[str, str], _Entries] = {}
        self._candidates: dict[tuple[str, int], tuple[Entry, Candidate | None]] = {}

    def candidate(self, cell: str, entry: Entry, make: Callable[[], Candidate | None]) -> Candidate | None:
        """What the entry is to the cell, None where its title does not fit; made once while it stays the same.

        What bears no date is made anew: its instant follows from the visits.
        """
        known = self._candidates.get((cell, entry.id))
        if known is not None and known[0] is entry:
            return known[1]
        made = make()
        if entry.claimed is not None:
            self._candidates[cell, entry.id] = (entry, made)
        return made

    def weight(self, occurrence: str, cell: str, entries: Sequence[Entry], elsewhere: Sequence[Entry]) -> Weight | None:
        """What the cell came to with exactly these entries, of the period and named beside it, if that is known."""
        known = self._weights.get((occurrence, cell))
        held = (*entries, None, *elsewhere)
        if known is not None and _same(known[0], held):
            return known[1]
        self._weighed[occurrence, cell] = held
        return None

    def verdict(self, occurrence: str, weights: Sequence[Weight]) -> Verdict | None:
        """What was decided from exactly these weights, if that is known."""
        known = self._verdicts.get(occurrence)
        return known[1] if known is not None and _same(known[0], weights) else None

    def keep(self, occurrence: str, weights: tuple[Weight, ...], verdict: Verdict) -> None:
        """Remember what was decided, where time alone can no longer change it."""
        cells = [(occurrence, weight.cell.name) for weight in weights]
        if verdict.status is Status.MET and verdict.next_at is None and all(one in self._weighed for one in cells):
            self._verdicts[occurrence] = (weights, verdict)
            for cell, weight in zip(cells, weights, strict=True):
                self._weights[cell] = (self._weighed.pop(cell), weight)


def _same(held: Sequence[object], given: Sequence[object]) -> bool:
    return len(held) == len(given) and all(one is other for one, other in zip(held, given, strict=True))

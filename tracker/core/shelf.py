"""What earlier judgements found of matters that rest: a year of ticks need not weigh them again.

A matter that was proved in time stays so as long as the very same entries lie in its period; nothing
that appears elsewhere, no later look and no passing of time changes it. A matter that has not opened
and of which nothing has come out stays so until the instant its verdict names. Events change a matter
by making another occurrence of it or by closing it, and both are asked for. What people say is not
watched here: who keeps a shelf forgets a matter that something was filed or decided about, and throws
all away when it was decided whose an entry is, or when rules change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, is_

from tracker.core.allocation import Pool
from tracker.core.duties import Deadline
from tracker.core.facts import Entry
from tracker.core.occurrences import Occurrence
from tracker.core.proof import Candidate
from tracker.core.verdicts import Status, Verdict
from tracker.core.weights import Weight

#: The entries of a period, then None, then those that came out in it and are about another one.
Held = tuple[Entry | None, ...]
_NOTHING: Held = (None,)
_Make = Callable[[Entry], Candidate | None]


@dataclass(frozen=True, slots=True)
class _Kept:
    occurrence: Occurrence
    held: dict[str, Held]  # by cell
    weights: tuple[Weight, ...]
    verdict: Verdict

    def about(self, occurrence: Occurrence) -> bool:
        return self.occurrence is occurrence or self.occurrence == occurrence


class Shelf:
    """The weights and verdicts of resting occurrences of one duty and department, by key.

    Entries are compared by identity: a changed entry is another object.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}
        self._weighed: dict[tuple[str, str], Held | None] = {}
        self._candidates: dict[str, dict[int, tuple[Entry, Candidate | None]]] = defaultdict(dict)
        self._pools: dict[
            tuple[str, int], tuple[Deadline, Sequence[Candidate], Sequence[Occurrence], dict[str, Pool]]
        ] = {}
        self._found: dict[str, tuple[Sequence[Sequence[Entry]], Sequence[Candidate]]] = {}

    def candidates(self, cell: str, columns: Sequence[tuple[Sequence[Entry], _Make]]) -> Sequence[Candidate]:
        """The entries of some columns whose title fits the cell, from the earliest on, each made once.

        What bears no date is made anew: its instant follows from the visits.
        """
        lists = [entries for entries, _ in columns]
        before = self._found.get(cell)
        if before is not None and _same(before[0], lists):
            return before[1]
        known, found = self._candidates[cell], []
        for entries, make in columns:
            for entry in entries:
                pair = known.get(entry.id)
                if pair is None or pair[0] is not entry:
                    pair = (entry, make(entry))
                    if entry.claimed is not None:
                        known[entry.id] = pair
                if pair[1] is not None:
                    found.append(pair[1])
        found.sort(key=attrgetter("order"))
        if all(one.claimed is not None for one in found):
            self._found[cell] = (lists, found)
        return found

    def pools(
        self,
        cell: str,
        deadline: Deadline,
        occurrences: Sequence[Occurrence],
        candidates: Sequence[Candidate],
        put: Callable[[], dict[str, Pool]],
    ) -> dict[str, Pool]:
        """The very candidates put to the very periods: done once, for it asks nothing else."""
        key = cell, id(deadline)
        kept = self._pools.get(key)
        if kept is None or kept[0] is not deadline or kept[1] is not candidates or not _same(kept[2], occurrences):
            kept = self._pools[key] = deadline, candidates, occurrences, put()
        return kept[3]

    def forget(self, occurrence: str) -> None:
        """Something was said about it."""
        self._kept.pop(occurrence, None)
        for key in [one for one in self._weighed if one[0] == occurrence]:
            del self._weighed[key]

    def weight(self, occurrence: Occurrence, cell: str, held: Held | None) -> Weight | None:
        """What the cell came to with exactly these entries, if that is known. None: it rests on others too."""
        self._weighed[occurrence.key, cell] = held
        kept = self._kept.get(occurrence.key)
        if held is None or kept is None or not kept.about(occurrence) or not _same(kept.held[cell], held):
            return None
        return next(one for one in kept.weights if one.cell.name == cell)

    def verdict(self, occurrence: Occurrence, weights: Sequence[Weight], now: datetime) -> Verdict | None:
        """What was decided from exactly these weights, if that is known and time has not changed it."""
        kept = self._kept.get(occurrence.key)
        if kept is None or not _same(kept.weights, weights) or not kept.about(occurrence):
            return None
        until = kept.verdict.next_at
        return kept.verdict if until is None or now < until else None

    def keep(self, occurrence: Occurrence, weights: tuple[Weight, ...], verdict: Verdict) -> None:
        """Remember what was decided, where nothing but other entries or the named instant can change it."""
        held: dict[str, Held] = {}
        for weight in weights:
            one = self._weighed.get((occurrence.key, weight.cell.name))
            if one is None:
                return
            held[weight.cell.name] = one
        settled = verdict.status is Status.MET and verdict.next_at is None
        if settled or (verdict.status is Status.UPCOMING and all(one == _NOTHING for one in held.values())):
            self._kept[occurrence.key] = _Kept(occurrence, held, weights, verdict)


def _same(held: Sequence[object], given: Sequence[object]) -> bool:
    return len(held) == len(given) and all(map(is_, held, given))

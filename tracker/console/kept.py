"""Keeps what was counted of a county's matters until something is recorded or decided there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from tracker.core.law.county import Rulebook
from tracker.store.counties import CountyRow, find_county
from tracker.store.engine import Tx

T = TypeVar("T")

#: How old a value may be that is shown while another request counts it anew.
_STILL_RIGHT = timedelta(seconds=10)


class Counted(NamedTuple, Generic[T]):
    """A value, and when it was right."""

    value: T
    at: datetime


@dataclass(slots=True)
class _Kept:
    rulebook: Rulebook
    about: Hashable
    row: CountyRow
    found: Counted[Any]

    def is_of(self, rulebook: Rulebook, about: Hashable) -> bool:
        return self.rulebook is rulebook and self.about == about


@dataclass(slots=True)
class CountedMatters:
    """The last value of each kind that was counted of a county. Threads may share it.

    Matters change with a pass, with a fact, or with a line of the journal, and each of these changes the row of their
    county: where that is the same as at the last counting, the value is.
    """

    _kept: dict[tuple[str, str], _Kept] = field(default_factory=dict)
    _acts: dict[str, int] = field(default_factory=dict)
    _turns: dict[str, threading.Lock] = field(default_factory=dict)

    def find(
        self, tx: Tx, rulebook: Rulebook, what: str, about: Hashable, now: datetime, count: Callable[[], T]
    ) -> Counted[T]:
        """The value, counted in this transaction where it is not kept. `about`: what else it depends on.

        Of several who want one of the same county one counts. The others get what was right seconds ago, or wait where
        there is nothing.
        """
        county = rulebook.county.id
        row = find_county(tx, county)
        if row is None:
            return Counted(count(), now)
        if (found := self._find(what, rulebook, about, row, now)) is not None:
            return found
        turn = self._turns.setdefault(county, threading.Lock())
        if not turn.acquire(blocking=False):
            kept = self._kept.get((county, what))
            if kept is not None and kept.is_of(rulebook, about) and now - kept.found.at <= _STILL_RIGHT:
                return kept.found
            turn.acquire()
        try:
            if (found := self._find(what, rulebook, about, row, now)) is None:
                acts, found = self._acts.get(county), Counted(count(), now)
                if acts == self._acts.get(county):
                    self._kept[county, what] = _Kept(rulebook, about, row, found)
            return found
        finally:
            turn.release()

    def forget(self, county: str) -> None:
        """After a person's act: whoever comes next sees what became of it, and waits for that."""
        self._acts[county] = self._acts.get(county, 0) + 1
        for key in [key for key in self._kept if key[0] == county]:
            self._kept.pop(key, None)

    def _find(
        self, what: str, rulebook: Rulebook, about: Hashable, row: CountyRow, now: datetime
    ) -> Counted[Any] | None:
        """The value that is still right, which is noted."""
        kept = self._kept.get((rulebook.county.id, what))
        if kept is None or kept.row != row or not kept.is_of(rulebook, about):
            return None
        kept.found = Counted(kept.found.value, now)
        return kept.found

"""Keeps what was counted of a county's matters until something is recorded or decided there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast

from tracker.core.law.county import Rulebook
from tracker.store.counties import CountyRow, find_county
from tracker.store.engine import Tx

T = TypeVar("T")


class _Kept(NamedTuple):
    row: CountyRow
    about: Hashable
    rulebook: Rulebook
    value: Any


@dataclass(slots=True)
class CountedMatters:
    """The last value of each kind that was counted of a county. Threads may share it.

    Matters change with a pass, with a fact, or with a line of the journal, and each of these changes the row of their
    county: where that is the same as at the last counting, the value is.
    """

    _kept: dict[tuple[str, str], _Kept] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def find(self, tx: Tx, rulebook: Rulebook, what: str, about: Hashable, count: Callable[[], T]) -> T:
        """The value, counted in this transaction where it is not kept. `about`: what else it depends on."""
        row = find_county(tx, rulebook.county.id)
        if row is None:
            return count()
        found = self._find(row, rulebook, what, about)
        if found is None:
            with self._turn:  # of several who want it one counts, and the others wait
                found = self._find(row, rulebook, what, about)
                if found is None:
                    found = self._kept[rulebook.county.id, what] = _Kept(row, about, rulebook, count())
        return cast(T, found.value)

    def _find(self, row: CountyRow, rulebook: Rulebook, what: str, about: Hashable) -> _Kept | None:
        kept = self._kept.get((rulebook.county.id, what))
        return kept if kept and kept.rulebook is rulebook and (kept.row, kept.about) == (row, about) else None

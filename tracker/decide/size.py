"""Says whether a pass decides much: then a process that lives on leaves it to one that ends after it."""

from __future__ import annotations

from datetime import date
from itertools import chain, islice

from tracker.core.law.county import Rulebook
from tracker.core.law.instances import instances_of
from tracker.core.law.workdays import Calendar
from tracker.store.engine import Tx
from tracker.store.selection import count_rows

#: New facts, or occurrences, beyond which a pass is large: this many are decided in half a second.
MOST = 2_000


class LargePassError(Exception):
    """The pass would decide more than it may here. Nothing was written."""


def check_size(size: int, most: int | None) -> None:
    """Raise LargePassError where that is more. `most`: None where any size will do."""
    if most is not None and size > most:
        raise LargePassError


def check_everything(tx: Tx, rulebook: Rulebook, calendar: Calendar, until: date, most: int | None) -> None:
    """The same of deciding everything: the rows that stand, or the periods that open by `until`."""
    if most is None:
        return
    county = rulebook.county
    check_size(count_rows(tx, county.id, most + 1), most)
    opening = chain.from_iterable(instances_of(duty, calendar, county, until) for duty in rulebook.duties)
    check_size(sum(1 for _ in islice(opening, most + 1)), most)

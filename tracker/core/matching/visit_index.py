"""Visits by column: which were complete, and what each of them lacked."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter

from tracker.core.law.duties import SiteColumn
from tracker.core.values.facts import Visit, VisitOutcome


class VisitIndex(tuple[Visit, ...]):
    """Visits with an index of those that were read, by column, in the order in which they ended. Sorted when first
    asked."""

    def __init__(self, _visits: Iterable[Visit] = ()) -> None:
        self._read: dict[str, list[Visit]] | None = None
        self._ends: dict[str, list[datetime]] = {}
        self._last: dict[tuple[str, date | None], Visit | None] = {}

    def last(self, column: SiteColumn, since: date | None) -> Visit | None:
        """The last visit complete for what may have come out on or after `since` (None: at any time)."""
        key = (column.key, since)
        if key not in self._last:
            self._last[key] = next(
                (visit for visit in reversed(self._of(column)) if complete(visit, since, column)), None
            )
        return self._last[key]

    def lacking(self, column: SiteColumn, since: date | None, before: datetime) -> Visit | None:
        """The last complete visit that had ended when something was first seen: it lacked it."""
        visits = self._of(column)
        place = bisect_left(self._ends.get(column.key, []), before)
        return next((visits[n] for n in range(place - 1, -1, -1) if complete(visits[n], since, column)), None)

    def first_since(self, column: SiteColumn, instant: datetime) -> Visit | None:
        """The first reading begun at or after an instant."""
        return next((visit for visit in self._of(column) if visit.began_at >= instant), None)

    def since(self, column: SiteColumn, instant: datetime) -> list[Visit]:
        """The readings begun at or after an instant, in the order in which they ended."""
        return [visit for visit in self._of(column) if visit.began_at >= instant]

    def _of(self, column: SiteColumn) -> list[Visit]:
        if self._read is None:
            self._read = defaultdict(list)
            for visit in self:
                if visit.outcome is VisitOutcome.READ:
                    self._read[visit.column].append(visit)
            for key, visits in self._read.items():
                visits.sort(key=attrgetter("ended_at", "began_at"))
                self._ends[key] = [one.ended_at for one in visits]
        return self._read.get(column.key, [])


def complete(visit: Visit, since: date | None, column: SiteColumn) -> bool:
    """Whether the reading went back far enough: to the list's end, or to before `since`. A page is one."""
    if column.kind == "page" or visit.reached == "end":
        return True
    return since is not None and isinstance(visit.reached, date) and visit.reached < since

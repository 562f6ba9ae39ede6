"""Index of visits by column: the last complete one, and the last one that lacked an entry."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from operator import attrgetter

from tracker.core.law.county import SiteColumn
from tracker.core.values.facts import Visit, VisitOutcome


class VisitIndex(tuple[Visit, ...]):
    """Visits with an index of the successful ones by column, in the order in which they ended. Built on first use."""

    def __init__(self, _visits: Iterable[Visit] = ()) -> None:
        self._read: dict[str, list[Visit]] | None = None
        self._ends: dict[str, list[datetime]] = {}
        self._last_complete: dict[tuple[str, date | None], Visit | None] = {}

    def last_complete(self, column: SiteColumn, since: date | None) -> Visit | None:
        """Return the last visit that is complete for entries published on or after `since` (None: at any time)."""
        key = (column.key, since)
        if key not in self._last_complete:
            self._last_complete[key] = next(
                (visit for visit in reversed(self._read_visits(column)) if is_complete(visit, since, column)), None
            )
        return self._last_complete[key]

    def last_lacking(self, column: SiteColumn | None, since: date | None, before: datetime) -> Visit | None:
        """Return the last complete visit that ended before an entry's first sighting at `before`, so lacked it.

        None if there is no such visit, or no column.
        """
        if column is None:
            return None
        visits = self._read_visits(column)
        index = bisect_left(self._ends.get(column.key, []), before)
        return next(
            (visits[number] for number in range(index - 1, -1, -1) if is_complete(visits[number], since, column)), None
        )

    def first_read_since(self, column: SiteColumn, instant: datetime) -> Visit | None:
        """Return the first successful visit begun at or after an instant."""
        return next((visit for visit in self._read_visits(column) if visit.began_at >= instant), None)

    def read_since(self, column: SiteColumn, instant: datetime) -> list[Visit]:
        """Return the successful visits begun at or after an instant, in the order in which they ended."""
        return [visit for visit in self._read_visits(column) if visit.began_at >= instant]

    def _read_visits(self, column: SiteColumn) -> list[Visit]:
        if self._read is None:
            self._read = defaultdict(list)
            for visit in self:
                if visit.outcome is VisitOutcome.READ:
                    self._read[visit.column].append(visit)
            for key, visits in self._read.items():
                visits.sort(key=attrgetter("ended_at", "began_at"))
                self._ends[key] = [visit.ended_at for visit in visits]
        return self._read.get(column.key, [])


def is_complete(visit: Visit, since: date | None, column: SiteColumn) -> bool:
    """Return whether a visit read back far enough: to the list's end, or to before `since`. A page always does."""
    if column.kind == "page" or visit.reached == "end":
        return True
    return since is not None and isinstance(visit.reached, date) and visit.reached < since

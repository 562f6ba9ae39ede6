"""Index of visits by column: the last complete one, and the last one that lacked an entry."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from operator import attrgetter

from tracker.core.law.county import SiteColumn
from tracker.core.values.facts import Visit, VisitOutcome


class VisitIndex(tuple[Visit, ...]):
    """Visits with an index of the successful ones by column, in the order in which they ended. Built on first use."""

    def __init__(self, _visits: Iterable[Visit] = ()) -> None:
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
        index = bisect_left(visits, before, key=attrgetter("ended_at"))
        return next(
            (visits[number] for number in range(index - 1, -1, -1) if is_complete(visits[number], since, column)), None
        )

    def last_alike(self, column: SiteColumn, instant: datetime) -> Visit | None:
        """Return the last visit before the one that began at an instant, if the list was a single page at both.

        What it lacked had most likely not been put there, whatever its date; it proves no absence.
        """
        visits = self._read_visits(column)
        index = next((number for number, visit in enumerate(visits) if visit.began_at == instant), 0)
        before = visits[index - 1] if index else None
        return before if before is not None and before.pages == visits[index].pages == 1 else None

    def first_read_since(self, column: SiteColumn, instant: datetime) -> Visit | None:
        """Return the first successful visit begun at or after an instant."""
        visits = self._read_visits(column)
        ended_since = range(bisect_left(visits, instant, key=attrgetter("ended_at")), len(visits))
        return next((visits[number] for number in ended_since if visits[number].began_at >= instant), None)

    def first_complete(self, column: SiteColumn, since: date | None, instant: datetime) -> Visit | None:
        """Return the first visit begun at or after an instant that is complete for entries published since then."""
        visits = self._read_visits(column)
        later = (
            visits[number] for number in range(bisect_left(visits, instant, key=attrgetter("ended_at")), len(visits))
        )
        return next((visit for visit in later if visit.began_at >= instant and is_complete(visit, since, column)), None)

    def _read_visits(self, column: SiteColumn) -> list[Visit]:
        return self._by_column.get(column.key, [])

    @cached_property
    def _by_column(self) -> dict[str, list[Visit]]:
        visits_by_column: dict[str, list[Visit]] = defaultdict(list)
        for visit in sorted(self, key=attrgetter("ended_at", "began_at")):
            if visit.outcome is VisitOutcome.READ:
                visits_by_column[visit.column].append(visit)
        return visits_by_column


def is_complete(visit: Visit, since: date | None, column: SiteColumn) -> bool:
    """Return whether a visit read back far enough: to the list's end, or to before `since`. A page always does."""
    if column.kind == "page" or visit.reached == "end":
        return True
    return since is not None and isinstance(visit.reached, date) and visit.reached < since

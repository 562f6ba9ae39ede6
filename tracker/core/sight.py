"""What the visits to the site bear out: which readings were complete, and what each of them lacked."""

from __future__ import annotations

from bisect import bisect_left
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from tracker.core.duties import SiteColumn
from tracker.core.facts import Outcome, Visit


class Sight:
    """The visits that were read, by column, in the order in which they ended."""

    def __init__(self, visits: Iterable[Visit]) -> None:
        self._visits: dict[str, list[Visit]] = defaultdict(list)
        for visit in visits:
            if visit.outcome is Outcome.READ:
                self._visits[visit.column].append(visit)
        for held in self._visits.values():
            held.sort(key=lambda one: (one.ended_at, one.began_at, str(one.reached)))
        self._ends = {column: [one.ended_at for one in held] for column, held in self._visits.items()}
        self._last: dict[tuple[str, date | None, bool], Visit | None] = {}

    def last(self, column: SiteColumn, since: date | None) -> Visit | None:
        """The last visit complete for what may have come out on or after `since` (None: at any time)."""
        page = column.kind == "page"
        key = (column.key, since, page)
        if key not in self._last:
            held = self._visits.get(column.key, [])
            self._last[key] = next((one for one in reversed(held) if complete(one, since, page=page)), None)
        return self._last[key]

    def lacking(self, column: SiteColumn, since: date | None, before: datetime) -> Visit | None:
        """The last complete visit that had ended when something was first seen: it lacked it."""
        held = self._visits.get(column.key, [])
        place = bisect_left(self._ends.get(column.key, []), before)
        page = column.kind == "page"
        return next((one for one in reversed(held[:place]) if complete(one, since, page=page)), None)

    def first_since(self, column: SiteColumn, instant: datetime) -> Visit | None:
        """The first reading begun at or after an instant, complete or not: a page has no second page."""
        return next((one for one in self._visits.get(column.key, []) if one.began_at >= instant), None)


def complete(visit: Visit, since: date | None, *, page: bool = False) -> bool:
    """Whether the reading went back far enough: to the list's end, or to before `since`."""
    if page or visit.reached == "end":
        return True
    return since is not None and isinstance(visit.reached, date) and visit.reached < since


# Building an index costs more than a judgement; the same tuple of visits is judged many times over.
# The tuple is kept with its index, so that its identity cannot be reused.
_KEPT: OrderedDict[int, tuple[tuple[Visit, ...], Sight]] = OrderedDict()
_KEEP = 64


def sight_of(visits: tuple[Visit, ...]) -> Sight:
    """The index of a tuple of visits, built once for as long as that very tuple is in use."""
    kept = _KEPT.get(id(visits))
    if kept is None or kept[0] is not visits:
        kept = _KEPT[id(visits)] = (visits, Sight(visits))
        while len(_KEPT) > _KEEP:
            _KEPT.popitem(last=False)
    return kept[1]

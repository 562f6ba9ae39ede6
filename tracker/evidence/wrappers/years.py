"""The years of days that are printed without one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from tracker.evidence.page.dates import MonthDay

#: So many years back a row without a year may lie at most.
_YEARS = 30
#: Among so many rows at the head old ones may be pinned; further down a step up costs so much more than one down.
_HEAD, _UPWARDS = 5, 5.0

#: A day, and whether the newest row has been met.
_State = tuple[date | None, bool]


def with_years(days: Sequence[MonthDay | date | None], today: date, above: date | None = None) -> list[date | None]:
    """Return each day in the year that brings it nearest to the row above, none in the future.

    Of all ways to put years the one is taken whose steps are the smallest in sum, the step from today to the newest
    row among them, which stands at the head: so an old row pinned on top draws no other after it. A list that is
    oldest first is read from its end. `above`: the last day of the page before.
    """
    marks = [(one.month, one.day) for one in days if one is not None]
    rises = sum(later > earlier for earlier, later in pairwise(marks))
    falls = sum(later < earlier for earlier, later in pairwise(marks))
    if above is None and rises >= 3 and rises > 3 * falls:
        return _newest_first(tuple(days[::-1]), today, None)[::-1]
    return list(_newest_first(tuple(days), today, above))


@lru_cache(maxsize=256)  # the days of one list are asked for again by whoever weighs it
def _newest_first(days: tuple[MonthDay | date | None, ...], today: date, above: date | None) -> list[date | None]:
    years = _years_back(days, today, above)
    costs: dict[_State, float] = {(above, above is not None): 0.0}
    steps: list[dict[_State, _State]] = []
    for number, day in enumerate(days):
        step: dict[_State, _State] = {}
        reached: dict[_State, float] = {}
        for full in _possible(day, today, years) if day is not None else ():
            for state, known in costs.items():
                cost = known + _step(state[0], full, up=1.0 if number < _HEAD and above is None else _UPWARDS)
                for met in (True,) if state[1] else (False, True):
                    total = cost + (abs((today - full).days) if met and not state[1] else 0)
                    if (met or number < _HEAD) and total < reached.get((full, met), total + 1):
                        reached[full, met] = total
                        step[full, met] = state
        costs = reached or costs
        steps.append(step)
    ended = [one for one in costs if one[1]] or list(costs)
    state = min(ended, key=lambda one: costs[one])
    found: list[date | None] = []
    for step in reversed(steps):
        found.append(state[0] if step else None)
        state = step[state] if step else state
    return found[::-1]


def _years_back(days: Sequence[MonthDay | date | None], today: date, above: date | None) -> int:
    """Return how many years a list can span: back to the oldest full day, and one for each row later in its year than
    the row above. A list that goes further back than the years tried would draw all its rows forward."""
    marks = [(one.month, one.day) for one in days if one is not None]
    known = [one.year for one in (above, *days) if isinstance(one, date)]
    return min(_YEARS, today.year - min(known, default=today.year) + sum(b > a for a, b in pairwise(marks)) + 3)


def _possible(day: MonthDay | date, today: date, years: int) -> list[date]:
    if isinstance(day, date):
        return [day]
    latest = today + timedelta(days=1)  # the site's clock may be ahead of ours
    found = []
    for year in range(latest.year, latest.year - years, -1):
        try:
            full = date(year, day.month, day.day)
        except ValueError:
            continue
        if full <= latest:
            found.append(full)
    return found


def _step(above: date | None, day: date, *, up: float) -> float:
    if above is None:
        return 0.0
    step = (above - day).days
    return float(step) if step >= 0 else -step * up

"""The years of days that are printed without one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tracker.evidence.page.dates import MonthDay

#: So many years back a row may lie; a step up the list costs so much more than one down.
_YEARS, _UPWARDS = 9, 1.5


def with_years(days: Sequence[MonthDay | date | None], today: date, above: date | None = None) -> list[date | None]:
    """Return each day in the year that brings it nearest to the row above, none in the future.

    Of all ways to put years the one is taken whose steps are the smallest in sum, and whose newest day is near to
    today: so an old row pinned on top draws no other after it. `above`: the last day of the page before.
    """
    latest = today + timedelta(days=1)  # the site's clock may be ahead of ours
    steps: list[dict[date, tuple[float, date | None]]] = []
    before: dict[date | None, float] = {above: 0.0}
    for day in days:
        if day is None:
            steps.append({})
            continue
        step: dict[date, tuple[float, date | None]] = {}
        for full in _possible(day, latest):
            cost, origin = min(
                ((known + _cost(last, full, today), last) for last, known in before.items()), key=lambda one: one[0]
            )
            step[full] = (cost, origin)
        steps.append(step)
        before = {full: cost for full, (cost, _) in step.items()} or before
    last = min((one for one in before if one is not None), key=lambda one: before[one], default=None)
    found: list[date | None] = []
    for day, step in zip(reversed(days), reversed(steps), strict=True):
        if day is None or not step or last not in step:
            found.append(None)
            continue
        found.append(last)
        origin = step[last][1]
        last = origin if origin is not None else last
    return found[::-1]


def _possible(day: MonthDay | date, latest: date) -> list[date]:
    if isinstance(day, date):
        return [day]
    found = []
    for year in range(latest.year, latest.year - _YEARS, -1):
        try:
            full = date(year, day.month, day.day)
        except ValueError:
            continue
        if full <= latest:
            found.append(full)
    return found


def _cost(above: date | None, day: date, today: date) -> float:
    if above is None:
        return float(abs((today - day).days)) / 2
    step = (above - day).days
    return float(step) if step >= 0 else -step * _UPWARDS

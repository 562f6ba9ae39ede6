"""The years of days that are printed without one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from tracker.evidence.page.dates import MonthDay


def with_years(days: Sequence[MonthDay | date | None], today: date, above: date | None = None) -> list[date | None]:
    """Return each day in the year that brings it nearest to the row above; the first is the latest not in the future.

    `above`: the last day of the page before. Of a list that is oldest first the last row is the latest.
    """
    marks = [(one.month, one.day) for one in days if one is not None]
    rises = sum(later > earlier for earlier, later in pairwise(marks))
    falls = sum(later < earlier for earlier, later in pairwise(marks))
    if above is None and rises >= 3 and rises > 3 * falls:
        return with_years_down(days[::-1], today, None)[::-1]
    return with_years_down(days, today, above)


def with_years_down(days: Sequence[MonthDay | date | None], today: date, above: date | None) -> list[date | None]:
    """Return the same of a list that is newest first."""
    latest = today + timedelta(days=1)  # the site's clock may be ahead of ours
    completed: list[date | None] = []
    for one in days:
        day = nearest(one, above or today, latest) if isinstance(one, MonthDay) else one
        completed.append(day)
        if day is not None and day <= latest:
            above = day
    return completed


def nearest(day: MonthDay, to: date, latest: date) -> date | None:
    """Return the month and day in the year that is nearest to a date and not after `latest`."""
    possible = []
    for year in range(to.year - 1, to.year + 2):
        try:
            full = date(year, day.month, day.day)
        except ValueError:
            continue
        if full <= latest:
            possible.append(full)
    return min(possible, key=lambda one: abs(one - to), default=None)

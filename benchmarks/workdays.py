"""Adding 20 working days: our rank table beside chinesecalendar's loop, holidays' own, and numpy's `busday_offset`.

    python benchmarks/workdays.py

Each round measures all on the same days, in processor time. chinesecalendar knows make-up days as ours does and gives
the same answers; holidays and numpy are given the days off of China alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import holidays
import numpy as np
from chinese_calendar import find_workday

from benchmarks.rows import HEAD, Row, Scale, spent
from tracker.rulebook.calendars import load_calendar

SPAN = 20
OURS, THEIRS = 20_000, 300  # days a round: some milliseconds each


def rows(scale: Scale) -> Iterator[Row]:
    calendar = load_calendar(None)
    chosen = random.Random(2015)  # the same days in every run
    first = date(2004, 1, 1)
    days = [first + timedelta(days=chosen.randrange(8000)) for _ in range(OURS)]
    assert all(calendar.add_workdays(day, SPAN) == by_chinesecalendar(day) for day in days[:THEIRS])
    china = holidays.country_holidays("CN", years=range(2003, 2028))
    off = np.busdaycalendar(holidays=sorted(china))
    peers: dict[str, tuple[Callable[[date], object], float]] = {
        "holidays, `get_nth_working_day`": (lambda day: china.get_nth_working_day(day, SPAN), 50),
        "chinesecalendar, `find_workday`": (by_chinesecalendar, 50),
        "numpy, a `busday_offset` for each": (
            lambda day: np.busday_offset(day, SPAN, roll="backward", busdaycal=off),
            8,
        ),
    }
    ours, found = list[float](), {name: list[float]() for name in peers}
    for _ in range(max(scale.rounds, 5)):
        ours.append(each(lambda day: calendar.add_workdays(day, SPAN), days))
        for name, (work, _) in peers.items():
            found[name].append(each(work, days[:THEIRS]))
    for name, (_, least) in peers.items():
        yield Row("+20 working days", ours, name, found[name], least=least)


def each(add: Callable[[date], object], days: list[date]) -> float:
    """Seconds of one addition."""
    return spent(lambda: [add(day) for day in days]) / len(days)


def by_chinesecalendar(day: date) -> date:
    """The library counts the given day as its zeroth if it is worked: ours begins on the day after."""
    return find_workday(SPAN - 1, day + timedelta(days=1))


if __name__ == "__main__":
    print(HEAD)
    for one in rows(Scale((), (), 0, 15)):
        print(one, flush=True)

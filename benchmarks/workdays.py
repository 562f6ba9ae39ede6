"""Adding 20 working days: our rank table against chinesecalendar's own loop, in one run.

    python benchmarks/workdays.py

Each round times both on the same days, so that whatever else the machine does falls on both alike.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter

from chinese_calendar import find_workday

from tracker.rulebook.calendars import load_calendar

ROUNDS = 15
SPAN = 20
OURS, THEIRS = 20_000, 300  # days a round: some milliseconds each


def rate(add: Callable[[date], date], days: list[date]) -> float:
    """Additions a second."""
    began = perf_counter()
    for day in days:
        add(day)
    return len(days) / (perf_counter() - began)


def main() -> None:
    calendar = load_calendar(None)
    chosen = random.Random(2015)  # the same days in every run
    first = date(2004, 1, 1)
    days = [first + timedelta(days=chosen.randrange(8000)) for _ in range(OURS)]
    assert all(calendar.add_workdays(day, SPAN) == theirs(day) for day in days[:THEIRS])
    rounds = [
        (rate(lambda day: calendar.add_workdays(day, SPAN), days), rate(theirs, days[:THEIRS])) for _ in range(ROUNDS)
    ]
    show("rank table", [ours for ours, _ in rounds])
    show("chinesecalendar's loop", [loop for _, loop in rounds])
    show("ratio", [ours / loop for ours, loop in rounds])


def theirs(day: date) -> date:
    """The library counts the given day as its zeroth if it is worked: ours begins on the day after."""
    return find_workday(SPAN - 1, day + timedelta(days=1))


def show(name: str, values: list[float]) -> None:
    print(f"{name:24}{statistics.median(values):>12,.0f}   ({min(values):,.0f} to {max(values):,.0f})")


if __name__ == "__main__":
    main()

"""Due dates of ten years, daily and monthly, beside dateutil's rrule, croniter and APScheduler's cron trigger.

    python benchmarks/due_dates.py

Ours knows holidays, make-up days and the law that counts; the peers know the calendar alone. Each is asked for the
same number of dates, one after the other; seconds are of one date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger
from croniter import croniter
from dateutil.rrule import DAILY, MONTHLY, rrule

from benchmarks.rows import HEAD, Row, Scale, spent
from tracker.core.law.counting import count
from tracker.core.law.deadlines import due_every
from tracker.core.law.duties import Every, PeriodUnit, Span
from tracker.core.law.periods import day_inside, periods
from tracker.rulebook.calendars import load_calendar

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, LAST = date(2011, 1, 1), date(2020, 12, 31)
CALENDAR = load_calendar(None)
START = datetime(2011, 1, 1, tzinfo=ZONE)
UNITS: dict[PeriodUnit, tuple[str, int, int]] = {"day": ("0 0 * * *", DAILY, 1), "month": ("0 0 1 * *", MONTHLY, 30)}


def with_text(unit: PeriodUnit) -> int:
    """Due instants with the sentence that derives each."""
    deadline, calendar = Every(unit=unit), CALENDAR
    return sum(1 for window in periods(unit, FIRST, LAST, calendar) if due_every(deadline, window, calendar, ZONE).at)


def without_text(unit: PeriodUnit) -> int:
    deadline, calendar, nothing = Every(unit=unit), CALENDAR, Span(0, "days")
    return sum(
        1
        for window in periods(unit, FIRST, LAST, calendar)
        if count(nothing, day_inside(deadline, window), calendar, ZONE, roll=False).at
    )


def by_rrule(unit: PeriodUnit, number: int) -> list[datetime]:
    return list(rrule(UNITS[unit][1], dtstart=START, count=number))


def by_croniter(unit: PeriodUnit, number: int) -> list[datetime]:
    return list(islice(croniter(UNITS[unit][0], START, ret_type=datetime), number))


def by_apscheduler(unit: PeriodUnit, number: int) -> list[datetime]:
    trigger, now, found = CronTrigger.from_crontab(UNITS[unit][0], timezone=ZONE), START, list[datetime]()
    for _ in range(number):
        fire = trigger.get_next_fire_time(None, now)
        assert fire is not None
        found.append(fire)
        now = fire + timedelta(seconds=1)
    return found


PEERS: dict[str, Callable[[PeriodUnit, int], list[datetime]]] = {
    "dateutil rrule": by_rrule, "croniter": by_croniter, "APScheduler": by_apscheduler,
}  # fmt: skip


def rows(scale: Scale) -> Iterator[Row]:
    for unit, (_, _, again) in UNITS.items():
        number = with_text(unit)
        assert number == without_text(unit)
        text, bare = list[float](), list[float]()
        peers = {name: list[float]() for name in PEERS}
        for _ in range(scale.rounds):
            text.append(sum(spent(with_text, unit) for _ in range(again)) / number / again)
            bare.append(sum(spent(without_text, unit) for _ in range(again)) / number / again)
            for name, work in PEERS.items():
                peers[name].append(spent(work, unit, number) / number)
        for name, found in peers.items():
            first = name == "dateutil rrule"
            yield Row(f"a due date, each {unit}", bare, name, found, least=5 if first else 1)
            yield Row(f"the same with its derivation in words, each {unit}", text, name, found, least=1)


if __name__ == "__main__":
    print(HEAD)
    for one in rows(Scale((), (), 0, 5)):
        print(one, flush=True)

"""Counts a span from a day or an instant to the last day and the first late instant.

By analogy to Civil Code 201 to 203 (before them General Principles 154): day zero is not counted, hours run from the
moment, months and years end on the corresponding day, a last day that is off moves to the next working day, the day
ends at 24:00.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from tracker.core.law.duties import Span
from tracker.core.law.periods import day_of_month
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Moment

_T = TypeVar("_T", date, datetime)
#: A stretch that is not counted: the days after the first moment, up to and with the second.
Stretch = tuple[Moment, Moment]
_ONE = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class CountedSpan:
    """A span and its end.

    `day`: day zero. `last`: the last day before it was moved; `on`: the last day on time; `at`: the first late instant.
    `off`: the days off that were skipped or moved over, each with its name (国庆节, 周六). `makeup`: the make-up days
    counted. `unknown`: the years without a holiday notice that it depends on.
    """

    span: Span
    start: Moment
    day: date
    last: date
    on: date
    at: datetime
    off: tuple[tuple[date, str], ...] = ()
    makeup: tuple[date, ...] = ()
    unknown: tuple[int, ...] = ()


def count(
    span: Span,
    start: Moment,
    calendar: Calendar,
    zone: ZoneInfo,
    *,
    roll: bool = True,
    excluded: Iterable[Stretch] = (),
) -> CountedSpan:
    """Return where the span ends. `roll` moves the last day of a span of days to years; nothing else moves by it.
    `excluded`: what is not counted; where stretches overlap, once."""
    day = moment_day(start, zone)
    if span.unit == "hours":
        return _hours(span, start, day, zone, excluded)
    days = _merge([(moment_day(first, zone), moment_day(last, zone)) for first, last in excluded], day)
    if span.unit in ("days", "weeks", "months", "years", "stated-day"):
        return _days(span, start, day, calendar, zone, roll, days)
    if span.unit == "same-workday":
        first = day
        on = calendar.roll(day)
    else:
        first = day + _ONE
        on = calendar.add_workdays(day, span.amount)
        for stopped, resumed in days:
            if stopped < on:
                on = calendar.add_workdays(on, calendar.workdays_between(stopped, resumed))
    off = [(free, name) for free, name in calendar.days_off(first, on) if not _is_excluded(free, days)]
    makeup = [worked for worked in calendar.makeup_days(first, on) if not _is_excluded(worked, days)]
    unknown = calendar.unannounced(first, on)
    return CountedSpan(span, start, day, on, on, day_end(on, zone), tuple(off), tuple(makeup), unknown)


def _merge(stretches: Iterable[tuple[_T, _T]], since: _T) -> list[tuple[_T, _T]]:
    """Return the stretches after `since` in order, those that overlap or touch as one."""
    merged: list[tuple[_T, _T]] = []
    for first, last in sorted((max(first, since), last) for first, last in stretches):
        if merged and first <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        elif first < last:
            merged.append((first, last))
    return merged


def _is_excluded(day: date, stretches: Iterable[tuple[date, date]]) -> bool:
    return any(first < day <= last for first, last in stretches)


def _days(
    span: Span,
    start: Moment,
    day: date,
    calendar: Calendar,
    zone: ZoneInfo,
    roll: bool,
    excluded: Iterable[tuple[date, date]],
) -> CountedSpan:
    """Return every day counts, off or not; whether the last one is off is all that bears on the result."""
    last = _last_day(span, day)
    for stopped, resumed in excluded:
        if stopped < last:
            last += resumed - stopped
    if not roll:
        return CountedSpan(span, start, day, last, last, day_end(last, zone))
    on = calendar.roll(last)
    off, unknown = calendar.days_off(last, on), calendar.unannounced(last, on)
    return CountedSpan(span, start, day, last, on, day_end(on, zone), tuple(off), (), unknown)


def _last_day(span: Span, day: date) -> date:
    """Return the last day of a span of days to years; the month's last where it has no corresponding one."""
    if span.unit in ("days", "weeks", "stated-day"):
        return day + timedelta(days=span.amount * (7 if span.unit == "weeks" else 1))
    months = day.year * 12 + day.month - 1 + span.amount * (12 if span.unit == "years" else 1)
    return day_of_month(months // 12, months % 12 + 1, day.day)


def _hours(span: Span, start: Moment, day: date, zone: ZoneInfo, excluded: Iterable[Stretch]) -> CountedSpan:
    """Count hours from the moment, over nights and holidays; if only the day is known, from that day's end."""
    begin = _counting_instant(start, zone)
    end = begin + timedelta(hours=span.amount)
    instants = ((_counting_instant(first, zone), _counting_instant(last, zone)) for first, last in excluded)
    for stopped, resumed in _merge(instants, begin):
        if stopped < end:
            end += resumed - stopped
    at = end.astimezone(zone)
    on = (at - timedelta(microseconds=1)).date()
    return CountedSpan(span, start, day, on, on, at)


def _counting_instant(moment: Moment, zone: ZoneInfo) -> datetime:
    """Return from when hours count, in UTC: a bare day's end."""
    return (moment if isinstance(moment, datetime) else day_end(moment, zone)).astimezone(UTC)


@lru_cache(maxsize=8192)
def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Return 0:00 of the day in the county's zone."""
    return datetime.combine(day, time.min, zone)


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """Return 24:00 of the day: the first instant that no longer belongs to it."""
    return day_start(day + _ONE, zone)


def moment_day(moment: Moment, zone: ZoneInfo) -> date:
    """Return the day of a bare day or an aware instant, in the county's zone. A naive instant is refused."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"naive instant: {moment!r}")
    return moment.astimezone(zone).date()


def earliest_instant(moment: Moment, zone: ZoneInfo) -> datetime:
    """Return the earliest instant a moment may mean: a bare day counts from its 00:00, so it is on time on the due
    day."""
    return moment if isinstance(moment, datetime) else day_start(moment, zone)


def end_of_moment(moment: Moment, zone: ZoneInfo) -> datetime:
    """Return the first instant after a moment, for a bare day after its end."""
    return moment + _INSTANT if isinstance(moment, datetime) else day_end(moment, zone)

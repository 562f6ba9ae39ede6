"""Periods of time (day to year): the one that holds a day, the next, the previous, and their labels."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from tracker.core.law.duties import Every, PeriodUnit
from tracker.core.law.occurrences import Window
from tracker.core.law.workdays import Calendar

_ONE = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_SHAPES = {
    "day": r"\d{4}-\d\d-\d\d",
    "week": r"(\d{4})-W(\d\d)",
    "month": r"(\d{4})-(\d\d)",
    "quarter": r"(\d{4})-Q([1-4])",
    "half-year": r"(\d{4})-H([12])",
    "year": r"(\d{4})",
}
_QUARTERS = "一二三四"


def period_of(unit: PeriodUnit, day: date, calendar: Calendar | None = None) -> Window:
    """Return the period that holds the day. A day off is in no workday period: the next one is returned."""
    if unit == "workday":
        day = _needed(calendar).roll(day)
        return Window(day, day)
    if unit == "day":
        return Window(day, day)
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return Window(monday, monday + timedelta(days=6))
    length = _MONTHS[unit]
    return _months(day.year, (day.month - 1) // length * length, length)


def next_period(unit: PeriodUnit, window: Window, calendar: Calendar | None = None) -> Window:
    """Return the period that begins after the window."""
    return period_of(unit, window.last + _ONE, calendar)


def previous_period(unit: PeriodUnit, window: Window, calendar: Calendar | None = None) -> Window:
    """Return the period that ends before the window begins."""
    if unit == "workday":
        return period_of(unit, _needed(calendar).add_workdays(window.first, -1), calendar)
    return period_of(unit, window.first - _ONE, calendar)


def covered_period(deadline: Every, window: Window, calendar: Calendar | None = None) -> Window:
    """Return the period whose data a period's publication is about: itself, or the one before (`about: previous`)."""
    if deadline.about != "previous" or deadline.upkeep:
        return window
    return previous_period(deadline.unit, window, calendar)


def periods(unit: PeriodUnit, first: date, last: date, calendar: Calendar | None = None) -> Iterator[Window]:
    """Yield the periods that have a day between `first` and `last`, both inside, from the earliest on."""
    window = period_of(unit, first, calendar)
    while window.first <= last:
        yield window
        window = next_period(unit, window, calendar)


def day_of_month(year: int, month: int, day: int) -> date:
    """Return that day of the month, or the month's last where it has no such day (Civil Code 202)."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def day_inside(deadline: Every, window: Window) -> date:
    """Return the day of the year, or the n-th day of the period; where there is no such day, the month's or the
    period's last (Civil Code 202)."""
    if deadline.month_day is not None:
        return day_of_month(window.first.year, *deadline.month_day)
    if deadline.due_day is None:
        return window.last
    return min(window.first + timedelta(days=deadline.due_day - 1), window.last)


def governing_day(deadline: Every, window: Window) -> date:
    """Return the day whose law and instrument apply: the due day where it lies inside, else the period's last day."""
    return window.last if deadline.due_after_end else day_inside(deadline, window)


def label_of(unit: PeriodUnit, window: Window) -> str:
    """Return the period's name in an occurrence's key: 2015-03-01, 2015-W14 (ISO), 2015-03, 2015-Q1, 2015-H1, 2015."""
    first = window.first
    if unit in ("day", "workday"):
        return first.isoformat()
    if unit == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    if unit == "month":
        return f"{first.year}-{first.month:02}"
    if unit == "quarter":
        return f"{first.year}-Q{_nth(first, 3)}"
    if unit == "half-year":
        return f"{first.year}-H{_nth(first, 6)}"
    return f"{first.year}"


@lru_cache(maxsize=4096)
def unit_of(label: str) -> PeriodUnit | None:
    """Return the unit that a label's shape shows (`day` for a working day); None for `once`, events and the like."""
    units: tuple[PeriodUnit, ...] = ("day", "week", "month", "quarter", "half-year", "year")
    return next((unit for unit in units if re.fullmatch(_SHAPES[unit], label, re.ASCII)), None)


@lru_cache(maxsize=4096)
def window_of(label: str) -> Window:
    """Return the period a label names. Raises ValueError for what names none."""
    unit = unit_of(label)
    if unit is None:
        raise ValueError(f"{label!r} names no period")
    if unit == "day":
        day = date.fromisoformat(label)
        return Window(day, day)
    year, number = int(label[:4]), int(re.sub(r"^\d{4}-?[WQH]?", "", label) or 1)
    if unit == "week":
        monday = date.fromisocalendar(year, number, 1)
        return Window(monday, monday + timedelta(days=6))
    length = _MONTHS[unit]
    if not 1 <= number <= 12 // length:
        raise ValueError(f"{label!r} names no {unit}")
    return _months(year, (number - 1) * length, length)


def split_label(label: str) -> tuple[str, str]:
    """Return a label without its part, and the part ("" where it has none)."""
    base, _, part = label.partition(".")
    return base, part


def title_of(unit: PeriodUnit, window: Window) -> str:
    """Return the period as a Chinese text names it: 2015年3月, 2015年第二季度, 2015年上半年, 2015年第14周."""
    first = window.first
    if unit in ("day", "workday"):
        return f"{first.year}年{first.month}月{first.day}日"
    if unit == "week":
        year, week, _ = first.isocalendar()
        return f"{year}年第{week}周"
    if unit == "month":
        return f"{first.year}年{first.month}月"
    if unit == "quarter":
        return f"{first.year}年第{_QUARTERS[_nth(first, 3) - 1]}季度"
    if unit == "half-year":
        return f"{first.year}年{'上下'[_nth(first, 6) - 1]}半年"
    return f"{first.year}年"


def _nth(first: date, length: int) -> int:
    return (first.month - 1) // length + 1


def _months(year: int, offset: int, length: int) -> Window:
    """Return the window of `length` months that begins `offset` months after January."""
    after = offset + length
    end = date(year + 1, 1, 1) if after == 12 else date(year, after + 1, 1)
    return Window(date(year, offset + 1, 1), end - _ONE)


def _needed(calendar: Calendar | None) -> Calendar:
    if calendar is None:
        raise ValueError("workday periods need a calendar")
    return calendar

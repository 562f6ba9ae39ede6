"""The office's time: its working days and working hours, in the county's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from tracker.core.law.workdays import Calendar
from tracker.core.values.keys import Key


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours on working days."""

    begin: Annotated[time, Key("When the office opens.", required=True)] = time(8, 30)
    end: Annotated[time, Key("When it closes.", required=True)] = time(17, 30)


@dataclass(frozen=True, slots=True)
class Offset:
    """A signed distance from an instant; days and workdays mean that day's opening hour."""

    amount: int
    unit: Literal["days", "workdays", "hours"]


@dataclass(frozen=True, slots=True)
class OfficeTime:
    """When an office works."""

    calendar: Calendar
    hours: Hours
    zone: ZoneInfo

    def day_of(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def opening_on(self, day: date) -> datetime:
        """Return the opening hour of a day, whether or not it is a working day."""
        return datetime.combine(day, self.hours.begin, self.zone)

    def closing_on(self, day: date) -> datetime:
        return datetime.combine(day, self.hours.end, self.zone)

    def shift(self, at: datetime, day: date, offset: Offset) -> datetime:
        """Return the instant at the distance `offset`: hours count from `at`, days and working days from `day`."""
        if offset.unit == "hours":
            return at + timedelta(hours=offset.amount)
        if offset.unit == "days":
            return self.opening_on(day + timedelta(days=offset.amount))
        return self.opening_on(self.calendar.add_workdays(day, offset.amount))

    def next_opening(self, at: datetime) -> datetime:
        """Return `at` itself inside working hours, else the next instant at which the office opens."""
        local = at.astimezone(self.zone)
        is_open = self.calendar.is_workday(local.date()) and self.hours.begin <= local.time() < self.hours.end
        return at if is_open else self._opening_from(at, is_over=local.time() >= self.hours.begin)

    def next_morning(self, at: datetime) -> datetime:
        """Return `at` if the office opens at that instant, else the next instant at which it opens."""
        return self._opening_from(at, is_over=at.astimezone(self.zone).time() > self.hours.begin)

    def next_week(self, at: datetime) -> datetime:
        """Return the first opening of the week after the one that holds `at`."""
        day = self.day_of(at)
        return self.opening_on(self.calendar.roll(day + timedelta(days=7 - day.weekday())))

    def _opening_from(self, at: datetime, *, is_over: bool) -> datetime:
        """Return the first opening on the day of `at` or later. `is_over`: that day's own opening no longer counts."""
        return self.opening_on(self.calendar.roll(self.day_of(at) + timedelta(days=is_over)))

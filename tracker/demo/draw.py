"""Draws numbers that depend only on their names and a seed: every run with the same seed gives the same year."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from tracker.core.law.workdays import Calendar

T = TypeVar("T")

#: The shipped sample year. Every other seed draws another year.
SHIPPED = 0
_seed: ContextVar[int] = ContextVar("seed", default=SHIPPED)


@contextmanager
def use_seed(seed: int) -> Iterator[None]:
    """Draw with this seed inside the block."""
    token = _seed.set(seed)
    try:
        yield
    finally:
        _seed.reset(token)


def current_seed() -> int:
    """The seed of the enclosing `use_seed` block, else `SHIPPED`."""
    return _seed.get()


def draw_share(*names: object) -> float:
    """A number in [0, 1), always the same for the same names and seed."""
    seed = _seed.get()
    text = "/".join(str(name) for name in (names if seed == SHIPPED else (seed, *names)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / (1 << 48)


def draw_number(low: int, high: int, *names: object) -> int:
    """A whole number from `low` to `high`, both included."""
    return low + int(draw_share(*names) * (high - low + 1))


def pick(options: Sequence[T], *names: object) -> T:
    """One of the options."""
    return options[int(draw_share(*names) * len(options))]


def draw_office_hour(day: date, zone: ZoneInfo, *names: object) -> datetime:
    """An instant of that day between 8:40 and 16:40."""
    return datetime.combine(day, time(8, 40), zone) + timedelta(minutes=draw_number(0, 480, "minute", *names))


def find_working_day(day: date, first: date, last: date, calendar: Calendar) -> date:
    """The working day on or after `day`, else the last one before it; within [first, last] if one lies there."""
    later = calendar.roll(max(day, first))
    if later <= last:
        return later
    earlier = calendar.add_workdays(last + timedelta(days=1), -1)
    return max(earlier, first)

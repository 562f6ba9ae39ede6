"""Chance without randomness: what is drawn depends on the names and the seed, so every run tells the same year."""

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
def seeded(seed: int) -> Iterator[None]:
    """Draw with this seed inside the block."""
    token = _seed.set(seed)
    try:
        yield
    finally:
        _seed.reset(token)


def seed_in_use() -> int:
    """The seed of the enclosing `seeded` block, else `SHIPPED`."""
    return _seed.get()


def share(*names: object) -> float:
    """A number in [0, 1) that belongs to these names and the seed."""
    seed = _seed.get()
    text = "/".join(str(name) for name in (names if seed == SHIPPED else (seed, *names)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6]) / (1 << 48)


def number(low: int, high: int, *names: object) -> int:
    """A whole number from `low` to `high`, both inside."""
    return low + int(share(*names) * (high - low + 1))


def pick(options: Sequence[T], *names: object) -> T:
    """One of the options."""
    return options[int(share(*names) * len(options))]


def at_work(day: date, zone: ZoneInfo, *names: object) -> datetime:
    """An instant of that day between 8:40 and 16:40, when offices put things on their site."""
    return datetime.combine(day, time(8, 40), zone) + timedelta(minutes=number(0, 480, "minute", *names))


def working_day(day: date, first: date, last: date, calendar: Calendar) -> date:
    """The working day on or after `day`, else the last one before; within [first, last] if any lies there."""
    later = calendar.roll(max(day, first))
    if later <= last:
        return later
    earlier = calendar.add_workdays(last + timedelta(days=1), -1)
    return max(earlier, first)

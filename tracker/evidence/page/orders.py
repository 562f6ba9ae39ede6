"""Dates of three numbers of which only their neighbours tell the year, the month and the day: 15/09/25, 9/25/2015.

Of the orders they may be in, the one is taken that gives every row of the page a day that has been, and the rows an
order; where two remain, none of the rows has a date.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from tracker.core.values.facts import Moment
from tracker.evidence.page.dates import ENGLISH, plain

_AROUND = "[]()（）【】〔〕<>|·•-—_:：,，;； \t\r\n\u3000\xa0"
_THREE = re.compile(
    r"^(?:(?:发布|公开|更新|添加|录入)?(?:时间|日期)\s*[:：]?\s*)?(?P<a>\d{1,2})\s*(?P<mark>[-/.])\s*(?P<b>\d{1,2})\s*(?P=mark)\s*(?P<c>(?:19|20)\d\d|\d{1,2})"
    r"(?:\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s*(?P<half>[AP]M)?)?$"
)
#: A cheap look before the dear one, at every day of a page.
_LOOKS = re.compile(r"(?<!\d)\d{1,2}\s*[-/.－／．]\s*\d{1,2}\s*[-/.－／．]\s*\d")
_FIRST_YEAR = 1995
_Order = tuple[int, int, int]  # where year, month and day stand
_LONG: tuple[_Order, ...] = ((2, 0, 1), (2, 1, 0))
_SHORT: tuple[_Order, ...] = ((0, 1, 2), (2, 0, 1), (2, 1, 0))


@dataclass(frozen=True, slots=True)
class Three:
    """Three numbers as they stand, and the time behind them."""

    numbers: tuple[int, int, int]
    long: bool  # the last one is a whole year
    wide: tuple[bool, ...]  # whether each is written with two digits at least, as a year is
    english: bool
    clock: time | None

    def day(self, order: _Order) -> date | None:
        if not self.wide[order[0]]:
            return None
        year, month, day = (self.numbers[place] for place in order)
        try:
            return date(year if year > 99 else 2000 + year, month, day)
        except ValueError:
            return None


def three(text: str) -> Three | None:
    """Whether a text is such a date, and nothing else; one with its year first and whole is none."""
    if len(text) > 60 or _LOOKS.search(text) is None:
        return None
    bare = plain(text).strip(_AROUND)
    match = _THREE.match(bare)
    if match is None or (match["mark"] == "-" and len(match["a"]) == len(match["c"]) == 2):
        return None  # 15-09-25 is a year first everywhere
    wide = tuple(len(match[name]) > 1 for name in "abc")
    if not (wide[0] or wide[2]):
        return None
    hour, clock = int(match["hour"] or 0), None
    if match["half"]:
        hour = hour % 12 + (12 if match["half"] == "PM" else 0)
    if match["hour"] and hour < 24 and int(match["minute"]) < 60 and int(match["second"] or 0) < 60:
        clock = time(hour, int(match["minute"]), int(match["second"] or 0)) or None
    numbers = int(match["a"]), int(match["b"]), int(match["c"])
    return Three(numbers, len(match["c"]) == 4, wide, ENGLISH.match(bare) is not None, clock)


def settled(dates: Sequence[Three], today: date, zone: tzinfo) -> list[Moment | None]:
    """The moment of each of the dates of one page, in the order in which they stand there."""
    read: dict[bool, _Order | None] = {
        long: _order([one for one in dates if one.long is long], _LONG if long else _SHORT, today)
        for long in {one.long for one in dates}
    }
    return [_moment(one, read[one.long], zone) for one in dates]


def _order(dates: list[Three], orders: Sequence[_Order], today: date) -> _Order | None:
    possible: dict[_Order, int] = {}
    for order in orders:
        days = [day for one in dates if (day := one.day(order)) is not None and day.year >= _FIRST_YEAR]
        if len(days) == len(dates) and max(days) <= today + timedelta(days=1):
            possible[order] = sum(later > earlier for earlier, later in pairwise(days))
    if len(possible) > 1 and any(one.english for one in dates):
        return _LONG[0] if _LONG[0] in possible else None
    if len(possible) > 1 and all(len({one.day(order) for order in possible}) == 1 for one in dates):
        return next(iter(possible))
    if len(possible) > 1 and len(dates) >= _TELLING:
        calm = [order for order, rises in possible.items() if rises <= 1]
        wild = [order for order, rises in possible.items() if rises * 4 > len(dates)]
        if len(calm) == 1 and len(wild) == len(possible) - 1:
            return calm[0]
    return next(iter(possible)) if len(possible) == 1 else None


#: Fewer rows may run to and fro by chance.
_TELLING = 5


def _moment(one: Three, order: _Order | None, zone: tzinfo) -> Moment | None:
    day = one.day(order) if order is not None else None
    return datetime.combine(day, one.clock, zone) if day is not None and one.clock is not None else day

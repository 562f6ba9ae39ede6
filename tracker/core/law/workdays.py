"""Chinese working days: is a day off, which day is N working days later. Looked up in a table of ranks.

The State Council announces the days off year by year. Spans in 工作日, and the day to which a last day that is off
moves, follow from that table. Year files and the library's table
are read in `rulebook/calendars.py`; here is only the arithmetic.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from itertools import accumulate, compress
from types import MappingProxyType

#: The first and the last day any calendar answers for.
FIRST_DAY = date(2004, 1, 1)
LAST_DAY = date(2100, 12, 31)

_WEEKDAYS = "一二三四五六日"
_ORIGIN = FIRST_DAY.toordinal()
_WEEKEND = (6, 0)  # date.toordinal() modulo 7 of Saturday and Sunday
_WORKWEEK = bytes(day % 7 not in _WEEKEND for day in range(_ORIGIN, _ORIGIN + 7))
_DAYS = LAST_DAY.toordinal() - _ORIGIN + 1

#: Month and day from which the next year's notice may still change a year: those for 2007, 2008, 2012
#: and 2019 made working days of the 29th to the 31st of December, none ever of an earlier day.
REACH_BACK = (12, 29)


class CalendarRangeError(ValueError):
    """A day was asked for that lies before or after everything the calendar knows."""


class Calendar:
    """Which days are worked, from 2004 to 2100. A value: equal calendars have equal digests.

    `off`: every named day off, weekends inside a holiday too. `worked`: make-up days (调休上班).
    `announced`: the years whose notice is known; all others are provisional (暂定). In the last days
    of a year the next notice may still change, so they are provisional until it is known.
    `notices`: by year, the number of its notice, where that is on file. `own_notices`: the
    days that a further notice of their year set, each with its number. `version`: for the record, shown to no one.
    """

    __slots__ = (
        "_off",
        "_own_notices",
        "_rank",
        "_worked",
        "_works",
        "announced",
        "body",
        "digest",
        "notices",
        "version",
    )

    def __init__(
        self,
        version: str,
        off: Mapping[date, str],
        worked: Collection[date],
        announced: Collection[int],
        notices: Mapping[int, str] = MappingProxyType({}),
        own_notices: Mapping[date, str] = MappingProxyType({}),
    ) -> None:
        self.version = version
        self.announced = frozenset(announced)
        self.notices = dict(notices)
        self._off = dict(off)
        self._worked = frozenset(worked)
        self._own_notices = dict(own_notices)
        self.body = _body(version, off, worked, announced, notices, own_notices)
        self.digest = hashlib.sha256(self.body.encode()).hexdigest()
        # _works: every working day; _rank[i]: how many of them lie before the i-th day.
        self._rank, self._works = self._tables()

    @classmethod
    def from_body(cls, body: str) -> Calendar:
        """Return the calendar that a stored body describes: how a past decision saw the days."""
        data = json.loads(body)
        off = {date.fromisoformat(day): name for day, name in data["off"].items()}
        worked = [date.fromisoformat(day) for day in data["worked"]]
        notices = {int(year): number for year, number in data.get("notices", {}).items()}
        own = {date.fromisoformat(day): number for day, number in data.get("own_notices", {}).items()}
        return cls(data["version"], off, worked, data["announced"], notices, own)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calendar) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Calendar({self.version!r})"

    def is_workday(self, day: date) -> bool:
        index = _index(day)
        return self._rank[index + 1] > self._rank[index]

    def is_provisional(self, first: date, last: date | None = None) -> bool:
        """Return whether a day from `first` to `last`, both inside, is in a year without a notice, or may still be
        changed by the next year's."""
        return bool(self.unannounced(first, last or first))

    def unannounced(self, first: date, last: date) -> tuple[int, ...]:
        """Return the years without a notice on which the days from `first` to `last`, both inside, depend."""
        final = last.year + ((last.month, last.day) >= REACH_BACK)
        return tuple(year for year in range(first.year, final + 1) if year not in self.announced)

    def add_workdays(self, day: date, n: int) -> date:
        """Return the n-th working day after `day` (before it, where n is negative). The day itself never counts."""
        if n == 0:
            return day
        index = day.toordinal() - _ORIGIN
        if not 0 <= index < _DAYS:
            raise _outside(day)
        place = self._rank[index + 1] + n - 1 if n > 0 else self._rank[index] + n
        if not 0 <= place < len(self._works):
            raise CalendarRangeError(f"{day} {n:+d} workdays lies outside the calendar ({FIRST_DAY} to {LAST_DAY})")
        return date.fromordinal(self._works[place])

    def workdays_between(self, first: date, last: date) -> int:
        """Return how many working days d there are with first < d <= last; negative where last lies before first."""
        return self._rank[_index(last) + 1] - self._rank[_index(first) + 1]

    def roll(self, day: date) -> date:
        """Return the day itself if it is worked, else the first working day after it (Civil Code 203)."""
        return day if self.is_workday(day) else self.add_workdays(day, 1)

    def day_off_name(self, day: date) -> str | None:
        """Return the name of a day off, 国庆节 or 周六; None for a working day."""
        if self.is_workday(day):
            return None
        return self._off.get(day) or weekday_name(day)

    def days_off(self, first: date, last: date) -> list[tuple[date, str]]:
        """Return every day off from `first` to `last`, both inside, with its name."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [(day, name) for day in days if (name := self.day_off_name(day))]

    def makeup_days(self, first: date, last: date) -> list[date]:
        """Return the Saturdays and Sundays worked in exchange for a holiday, from `first` to `last`, both inside."""
        return sorted(day for day in self._worked if first <= day <= last)

    def cite_notices(self, days: Iterable[date]) -> list[str]:
        """Return the notices that set these days off or made them working days, each by its number, where that is on
        file; none for a plain weekend, nor for a year without a notice."""
        set_by = {
            (day.year + self._is_of_next_year(day), self._own_notices.get(day, "")) for day in days if self._is_set(day)
        }
        announced = sorted((year, own) for year, own in set_by if year in self.announced)
        return [own or self.notices.get(year, f"国务院办公厅{year}年节假日安排") for year, own in announced]

    def _is_set(self, day: date) -> bool:
        """Return whether a notice set the day: a holiday or a make-up day, no plain weekend."""
        return day in self._worked or day in self._off

    def _is_of_next_year(self, day: date) -> bool:
        """Return whether the next year's notice names a day at the end of December."""
        return (day.month, day.day) >= REACH_BACK and self._is_set(day)

    def _tables(self) -> tuple[array[int], array[int]]:
        works = bytearray((_WORKWEEK * (_DAYS // 7 + 1))[:_DAYS])
        for days, worked in ((self._off, 0), (self._worked, 1)):  # a day in both is worked
            for day in days:
                if 0 <= (place := day.toordinal() - _ORIGIN) < _DAYS:
                    works[place] = worked
        rank = array("l", accumulate(works, initial=0))
        return rank, array("l", compress(range(_ORIGIN, _ORIGIN + _DAYS), works))


def weekday_name(day: date) -> str:
    """Return 周一 to 周日."""
    return f"周{_WEEKDAYS[day.weekday()]}"


def _index(day: date) -> int:
    index = day.toordinal() - _ORIGIN
    if not 0 <= index < _DAYS:
        raise _outside(day)
    return index


def _outside(day: date) -> CalendarRangeError:
    return CalendarRangeError(f"{day} lies outside the calendar ({FIRST_DAY} to {LAST_DAY})")


def _body(
    version: str,
    off: Mapping[date, str],
    worked: Collection[date],
    announced: Collection[int],
    notices: Mapping[int, str],
    own_notices: Mapping[date, str],
) -> str:
    # The canonical text that is stored and hashed: what a past decision can be read against.
    body = {
        "version": version,
        "announced": sorted(announced),
        "off": {day.isoformat(): off[day] for day in sorted(off)},
        "worked": [day.isoformat() for day in sorted(worked)],
    }
    if notices:
        body["notices"] = {str(year): notices[year] for year in sorted(notices)}
    if own_notices:
        body["own_notices"] = {day.isoformat(): own_notices[day] for day in sorted(own_notices)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))

"""When a matter is published, by its fate: the true instant, and the one the page claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.duties import Every, Within
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.demo.draw import at_work, number, share, working_day
from tracker.demo.outcomes import Fate

_DAY = timedelta(days=1)
#: How late what is late comes, at most, in days, by the length of the period.
_LATEST = {"day": 1, "workday": 1, "week": 3, "month": 9}
#: The part of the time given that an office usually lets pass, by the length of the period.
_USUAL = {"month": (0.1, 0.5), "quarter": (0.15, 0.8), "half-year": (0.08, 0.5), "year": (0.15, 0.6)}


@dataclass(frozen=True, slots=True)
class Moments:
    """When something appears, what it claims, and when what was missing is added."""

    published_at: datetime
    claimed: datetime
    mended_at: datetime | None = None


def moments_of(
    occurrence: Occurrence,
    fate: Fate,
    calendar: Calendar,
    zone: ZoneInfo,
    slot: tuple[int, int] = (0, 1),
    salt: str = "",
    early: bool = False,
) -> Moments:
    """The moments of one publication. `slot`: the n-th of how many in the time given; `salt` tells cells apart.

    `early`: it is up soon after it is asked for, as a page is that was only waiting for the word.
    """
    assert occurrence.due_at is not None
    key = (occurrence.key, salt, slot[0])
    if _by_the_hour(occurrence):
        published = _in_hours(occurrence, fate, zone, key)
        return Moments(published, published)
    after = calendar.roll(_due(occurrence) + timedelta(days=_lateness(occurrence, key)))
    if fate is Fate.LATE:
        late = at_work(after, zone, *key)
        return Moments(late, late)
    on_time = at_work(_day_on_time(occurrence, calendar, slot, key, early), zone, *key)
    if fate is Fate.DATED_BACK:
        return Moments(at_work(after, zone, *key), on_time)
    return Moments(on_time, on_time, at_work(after, zone, *key) if fate is Fate.MENDED else None)


def zero_report_at(occurrence: Occurrence, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """The last working days of the period, when it is plain that nothing arose; late in the day for a day's."""
    assert occurrence.window is not None
    first, last = occurrence.window.first, occurrence.window.last
    if first == last:
        return datetime.combine(first, time(16, 50), zone)
    day = calendar.add_workdays(last + _DAY, -number(1, 4, "zero", occurrence.key))
    return at_work(max(day, first), zone, "zero", occurrence.key)


def _due(occurrence: Occurrence) -> date:
    assert occurrence.due_on is not None
    return occurrence.due_on


def _by_the_hour(occurrence: Occurrence) -> bool:
    deadline = occurrence.deadline
    return isinstance(deadline, Within) and deadline.span.unit == "hours"


def _in_hours(occurrence: Occurrence, fate: Fate, zone: ZoneInfo, key: tuple[object, ...]) -> datetime:
    due_at = occurrence.due_at
    assert due_at is not None
    assert occurrence.event is not None
    occurred = occurrence.event.occurred
    began = occurred if isinstance(occurred, datetime) else datetime.combine(occurred, time(9), zone)
    if fate is Fate.LATE:
        return (due_at + timedelta(minutes=number(180, 2400, *key))).astimezone(zone)
    at = began + (due_at - began) * (0.15 + 0.6 * share("hour", *key))
    return at.astimezone(zone).replace(second=0, microsecond=0)


def _lateness(occurrence: Occurrence, key: tuple[object, ...]) -> int:
    deadline = occurrence.deadline
    longest = _LATEST.get(deadline.unit, 28) if isinstance(deadline, Every) else 24
    return number(min(3, longest), longest, "late", *key)


def _day_on_time(
    occurrence: Occurrence, calendar: Calendar, slot: tuple[int, int], key: tuple[object, ...], early: bool
) -> date:
    first, last, deadline = occurrence.opens_on or _due(occurrence), _due(occurrence), occurrence.deadline
    if first >= last:
        return last
    low, high = 0.2, 0.95
    if isinstance(deadline, Every):
        low, high = _USUAL.get(deadline.unit, (0.0, 0.9))
    elif early:
        last = min(last, first + timedelta(days=40))
    elif not isinstance(deadline, Within):
        first = max(first, last - timedelta(days=75))  # what is due by a day is done in the last weeks before it
    nth, many = slot
    step = (high - low) / many
    place = low + step * nth + step * share("day", *key)
    return working_day(first + timedelta(days=round((last - first).days * place)), first, last, calendar)

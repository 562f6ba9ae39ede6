"""Draws when something is published: the true instant, the one its page claims, and when a missing item is added."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.duties import Every, Within
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.demo.draw import draw_number, draw_office_hour, draw_share, find_working_day
from tracker.demo.outcomes import Outcome

#: How many days late it comes at most, by the length of the period; 28 for longer ones.
_LATEST = {"day": 1, "workday": 1, "week": 3, "month": 9}
#: The part of the period that an office usually lets pass first, from and to, by the length of the period.
_USUAL = {"month": (0.1, 0.5), "quarter": (0.15, 0.8), "half-year": (0.08, 0.5), "year": (0.15, 0.6)}


@dataclass(frozen=True, slots=True)
class PublicationTimes:
    """When something appears, which instant its page claims, and when a missing item is added."""

    published_at: datetime
    claimed: datetime
    mended_at: datetime | None = None


def draw_times(
    occurrence: Occurrence,
    outcome: Outcome,
    calendar: Calendar,
    zone: ZoneInfo,
    slot: tuple[int, int] = (0, 1),
    salt: str = "",
    early: bool = False,
) -> PublicationTimes:
    """The times of one publication. `slot`: the n-th of how many in the time given; `salt` tells cells apart.

    `early`: within 40 days after an event, as a page is put up for which everything is ready.
    """
    assert occurrence.due_at is not None
    assert occurrence.due_on is not None
    deadline, key = occurrence.deadline, (occurrence.key, salt, slot[0])
    if isinstance(deadline, Within) and deadline.span.unit == "hours":
        published_at = _draw_within_hours(occurrence, outcome, zone, key)
        return PublicationTimes(published_at, published_at)
    longest = _LATEST.get(deadline.unit, 28) if isinstance(deadline, Every) else 24
    days_late = draw_number(min(3, longest), longest, "late", *key)
    late = draw_office_hour(calendar.roll(occurrence.due_on + timedelta(days=days_late)), zone, *key)
    if outcome is Outcome.LATE:
        return PublicationTimes(late, late)
    on_time = draw_office_hour(_draw_day_on_time(occurrence, calendar, slot, key, early), zone, *key)
    if outcome is Outcome.DATED_BACK:
        return PublicationTimes(late, on_time)
    return PublicationTimes(on_time, on_time, late if outcome is Outcome.MENDED else None)


def draw_zero_report_time(occurrence: Occurrence, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """One of the last working days of the period; for a period of one day late on that day."""
    assert occurrence.window is not None
    first, last = occurrence.window.first, occurrence.window.last
    if first == last:
        return datetime.combine(first, time(16, 50), zone)
    day = calendar.add_workdays(last + timedelta(days=1), -draw_number(1, 4, "zero", occurrence.key))
    return draw_office_hour(max(day, first), zone, "zero", occurrence.key)


def _draw_within_hours(occurrence: Occurrence, outcome: Outcome, zone: ZoneInfo, key: tuple[object, ...]) -> datetime:
    due_at, event = occurrence.due_at, occurrence.event
    assert due_at is not None
    assert event is not None
    if outcome is Outcome.LATE:
        return (due_at + timedelta(minutes=draw_number(180, 2400, *key))).astimezone(zone)
    began = event.occurred if isinstance(event.occurred, datetime) else datetime.combine(event.occurred, time(9), zone)
    at = began + (due_at - began) * (0.15 + 0.6 * draw_share("hour", *key))
    return at.astimezone(zone).replace(second=0, microsecond=0)


def _draw_day_on_time(
    occurrence: Occurrence, calendar: Calendar, slot: tuple[int, int], key: tuple[object, ...], early: bool
) -> date:
    assert occurrence.due_on is not None
    last, deadline = occurrence.due_on, occurrence.deadline
    first = occurrence.opens_on or last
    if first >= last:
        return last
    low, high = 0.2, 0.95
    if isinstance(deadline, Every):
        low, high = _USUAL.get(deadline.unit, (0.0, 0.9))
    elif early:
        last = min(last, first + timedelta(days=40))
    elif not isinstance(deadline, Within):
        first = max(first, last - timedelta(days=75))  # what is due by a day is done in the last weeks before it
    number, count = slot
    step = (high - low) / count
    place = low + step * number + step * draw_share("day", *key)
    return find_working_day(first + timedelta(days=round((last - first).days * place)), first, last, calendar)

"""Computes when a failed message is tried again, and until when."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.core.escalation.notices import Hours
from tracker.core.escalation.steps import instant_on, opening
from tracker.core.law.workdays import Calendar
from tracker.store.messages import MessageRow

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=4)
#: What waited over a night or a holiday is tried again so long after the office opened, so often.
_MORNING, _MORNING_PAUSE = timedelta(hours=2), timedelta(minutes=30)


def last_try(claimed_at: datetime, span: timedelta, calendar: Calendar, hours: Hours, zone: ZoneInfo) -> datetime:
    """From when on a failed attempt is the last one: `span` after the claim, but where the office was closed meanwhile
    not before its morning is over. A holiday that is longer than the span leaves several attempts."""
    end = claimed_at + span
    opened = _opened(opening(end, calendar, hours, zone), hours, zone)
    return max(end, opened + _MORNING) if claimed_at < opened else end


def next_try(message: MessageRow, now: datetime, hours: Hours, zone: ZoneInfo) -> datetime:
    """After longer and longer pauses, and up to a quarter more, so that not all come back at once; in the morning
    what waited since before the office opened comes sooner again."""
    pause: timedelta = min(_FIRST_PAUSE * 2 ** min(message.attempts - 1, 10), _LONGEST_PAUSE)
    opened = _opened(now, hours, zone)
    if message.claimed_at < opened <= now < opened + _MORNING:
        pause = min(pause, _MORNING_PAUSE)
    draw = uuid.uuid5(uuid.UUID(message.id), str(message.attempts)).int % 1000
    return now + pause + timedelta(seconds=pause.total_seconds() / 4 * draw / 1000)


def _opened(at: datetime, hours: Hours, zone: ZoneInfo) -> datetime:
    """When the office opens on that day."""
    return instant_on(at.astimezone(zone).date(), hours.begin, zone)

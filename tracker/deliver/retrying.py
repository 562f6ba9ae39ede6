"""Computes when a failed message is tried again, and until when."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from tracker.core.escalation.office_time import OfficeTime
from tracker.store.messages import MessageRow

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=4)
#: What waited over a night or a holiday is tried again so long after the office opened, so often.
_MORNING, _MORNING_PAUSE = timedelta(hours=2), timedelta(minutes=30)


def last_try(claimed_at: datetime, span: timedelta, office: OfficeTime) -> datetime:
    """From when on a failed attempt is the last one: `span` after the claim, but where the office was closed meanwhile
    not before its morning is over. A holiday that is longer than the span leaves several attempts."""
    end = claimed_at + span
    opened = office.opening_on(office.day_of(office.next_opening(end)))
    return max(end, opened + _MORNING) if claimed_at < opened else end


def next_try(message: MessageRow, now: datetime, office: OfficeTime) -> datetime:
    """After longer and longer pauses, and up to a quarter more, so that not all come back at once; in the morning
    what waited since before the office opened comes sooner again."""
    pause: timedelta = min(_FIRST_PAUSE * 2 ** min(message.attempts - 1, 10), _LONGEST_PAUSE)
    opened = office.opening_on(office.day_of(now))
    if message.claimed_at < opened <= now < opened + _MORNING:
        pause = min(pause, _MORNING_PAUSE)
    draw = uuid.uuid5(uuid.UUID(message.id), str(message.attempts)).int % 1000
    return now + pause + timedelta(seconds=pause.total_seconds() / 4 * draw / 1000)

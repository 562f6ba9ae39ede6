"""Instants as machines write them: RFC 822, ISO 8601, seconds or milliseconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_to_datetime

from tracker.core.values.facts import Moment
from tracker.evidence.page.dates import find_moment, strict_moment

_EPOCH = re.compile(r"^\d{9,10}(?:\.\d+)?$|^\d{12,13}$")
_RFC822 = re.compile(r"^(?:[A-Za-z]{3,9},?\s*)?\d{1,2}[\s-][A-Za-z]{3,9}[\s-]\d{2,4}\b")
_FIRST, _LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)


def moment_of(value: object, zone: tzinfo) -> Moment | None:
    """Return a day or instant in the county's zone, from a number or text of whatever kind; midnight is only a day."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _since_1970(float(value), zone)
    text = str(value).strip()[:80]
    if _EPOCH.match(text):
        return _since_1970(float(text), zone)
    if _RFC822.match(text):
        text = text if ":" in text else f"{text} 00:00:00"
        try:
            return _day_or_instant(parsedate_to_datetime(text), zone)
        except (ValueError, OverflowError, IndexError, TypeError):
            return None
    try:
        # "20150925" and weeks are ISO too; only what has a time is read here, the rest below.
        if "T" in text:
            return _day_or_instant(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        pass
    return find_moment(text, zone) or strict_moment(text, zone)


def _since_1970(number: float, zone: tzinfo) -> Moment | None:
    if number > 1e11:
        number /= 1000
    try:
        return _day_or_instant(datetime.fromtimestamp(number, UTC), zone)
    except (ValueError, OverflowError, OSError):
        return None


def _day_or_instant(instant: datetime, zone: tzinfo) -> Moment | None:
    try:
        there = instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)
        if not _FIRST <= there < _LAST:
            return None
    except (ValueError, OverflowError):
        return None
    if (there.hour, there.minute, there.second) == (0, 0, 0):
        return date(there.year, there.month, there.day)
    return there.replace(microsecond=0)

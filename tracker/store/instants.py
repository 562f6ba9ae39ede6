"""Compares stored instants with the present one, so that what a clock wrote that ran ahead strands nothing.

Such an instant lies further ahead than any that a right clock writes. It counts as come, or as never having been:
without that a message would be held, a lease last and a rate be full for as long as the clock was wrong.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from tracker.clock import SKEW

_Instant = sa.ColumnElement[datetime]


def has_come(column: _Instant, now: datetime, longest: timedelta) -> sa.ColumnElement[bool]:
    """Whether the instant has come. `longest`: how far ahead a right clock may set it."""
    return sa.or_(column <= now, column > now + longest + SKEW)


def is_ahead(column: _Instant, now: datetime, longest: timedelta) -> sa.ColumnElement[bool]:
    """Whether the instant lies ahead and a right clock may have set it: the contrary of `has_come`."""
    return sa.and_(column > now, column <= now + longest + SKEW)


def lies_since(column: _Instant, since: datetime, now: datetime) -> sa.ColumnElement[bool]:
    """Whether the instant lies after `since` and is no later than the clocks of several machines may differ."""
    return sa.and_(column > since, column <= now + SKEW)

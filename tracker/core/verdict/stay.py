"""Says how long a publication that proves something must stay up, and how often it is looked at meanwhile.

A removal can be dated no better than by the last look before it. So what must stay up is looked at as often as its
removal has to be dated, wherever its list is by now.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.core.law.duties import By, Deadline, Every

#: A publicity period (公示期) is no longer than this (参照口径): within it a removal is dated to the day.
PUBLICITY_PERIOD = timedelta(days=30)
#: What proves a period or an event must stay up so long after it was proved (参照口径): a year's results rest on it.
PROOF_PERIOD = timedelta(days=366)
DAILY, WEEKLY = timedelta(days=1), timedelta(days=7)
#: At most so many looks are due at once in a county, the most urgent first.
MAX_LOOKS = 100
#: Crawls begin a little earlier or later each day.
_TOLERANCE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class LastLook:
    """When an article was last opened (None: never), and when its list last showed it."""

    read_at: datetime | None
    listed_at: datetime


def stays_until(deadline: Deadline | None, proved_at: datetime) -> datetime | None:
    """Return until when the proof of an occurrence must stay up. None: as long as the duty is in force.

    `deadline`: the occurrence's, None where it is not known.
    """
    is_standing = isinstance(deadline, By) or (isinstance(deadline, Every) and deadline.upkeep)
    return None if is_standing else proved_at + PROOF_PERIOD


def look_interval(proved_at: datetime, until: datetime | None, listed_at: datetime, now: datetime) -> timedelta | None:
    """Return how long a proof may go without a look; None where it need not stay up any longer.

    Each day while a publicity period may run, and where no list shows it: its list is not read so far back, has moved,
    or cannot be read. Else each week: what its list shows is mostly there.
    """
    if until is not None and now >= until:
        return None
    is_listed = now - listed_at <= 2 * DAILY
    return WEEKLY if is_listed and now - proved_at > PUBLICITY_PERIOD else DAILY


def due_looks(
    intervals: Mapping[str, timedelta], looks: Mapping[str, Collection[LastLook]], now: datetime
) -> list[str]:
    """Return the addresses to look at now, the longest overdue for its interval first, at most `MAX_LOOKS`."""
    overdue: dict[str, float] = {}
    for url, interval in intervals.items():
        read_at = min((look.read_at or look.listed_at for look in looks.get(url, ())), default=None)
        if read_at is not None and now - read_at >= interval - _TOLERANCE:
            overdue[url] = (now - read_at) / interval
    return sorted(overdue, key=lambda url: (-overdue[url], url))[:MAX_LOOKS]

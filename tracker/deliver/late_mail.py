"""Finds mail that should have left by now, and mail that a clock put off which ran ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.core.law.county import County
from tracker.deliver.mailboxes import OFFICE
from tracker.registers.golive import apply_golive
from tracker.store.engine import Tx
from tracker.store.messages import list_waiting

#: A mail leaves with the next delivery in working hours: what waits for longer than a day is stuck.
PATIENCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LateMail:
    """Mails and notices of a county: overdue since `since`, or put off until then by a clock that ran ahead."""

    county: str
    is_stranded: bool
    count: int
    since: datetime


def find_late_mail(tx: Tx, counties: Iterable[County], now: datetime) -> list[LateMail]:
    """At most one of each kind for a county. What waits until the county is live is not late."""
    waiting = list_waiting(tx, now, PATIENCE)
    found = []
    for county in counties:
        is_shadow = apply_golive(tx, county).shadow(now)
        rows = [row for row in waiting if row.county == county.id and not (is_shadow and row.role != OFFICE)]
        for is_stranded in (False, True):
            late = [row for row in rows if row.is_stranded is is_stranded]
            if late:
                count, since = sum(row.count for row in late), min(row.since for row in late)
                found.append(LateMail(county.id, is_stranded, count, since))
    return found

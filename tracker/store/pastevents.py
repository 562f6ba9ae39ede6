"""Events as they were known at a past instant: before what was corrected, withdrawn or restored since."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.values.facts import Event, parse_moment
from tracker.store.engine import Tx
from tracker.store.tables import journal


def events_at(tx: Tx, county: str, names: Collection[str], at: datetime) -> list[Event]:
    """Those of these names that held at that instant, as they then read, in the order of their keys.

    Read from the journal, which keeps every version: the register itself knows the last one alone.
    """
    if not names:
        return []
    mine = sa.or_(*(journal.c.subject.startswith(f"event:{name}:", autoescape=True) for name in sorted(names)))
    query = (
        sa.select(journal.c.subject, journal.c.after, journal.c.at, journal.c.who)
        .where(journal.c.county == county, journal.c.action.startswith("event."), journal.c.at <= at, mine)
        .order_by(journal.c.height)
    )
    last = {row.subject: row for row in tx.execute(query)}
    return [_event(row) for _, row in sorted(last.items()) if row.after]


def _event(row: Any) -> Event:
    """The subject is what `registers.events.subject_of` writes; no part of it has a colon."""
    _, name, department, reference, *duty = row.subject.split(":")
    said = json.loads(row.after)
    return Event(
        id=0, name=name, department=department, reference=reference, occurred=parse_moment(said["occurred"]),
        recorded_at=row.at, duty=duty[0] if duty else None, fields=said["fields"], by=row.who,
    )  # fmt: skip

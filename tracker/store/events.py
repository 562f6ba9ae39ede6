"""Events: dated facts that start a clock, once per name, department, duty and reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.values.facts import Event, Moment
from tracker.store.counties import next_seq
from tracker.store.engine import StoreError, Tx
from tracker.store.facts import event_of
from tracker.store.tables import events


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event, and since when it no longer holds. `version`: another number after each change."""

    event: Event
    version: int
    withdrawn_at: datetime | None = None


def find_event(
    tx: Tx, county: str, name: str, department: str, reference: str, duty: str | None = None
) -> StoredEvent | None:
    where = (
        events.c.county == county,
        events.c.name == name,
        events.c.department == department,
        events.c.duty == (duty or ""),
        events.c.reference == reference,
    )
    row = tx.execute(sa.select(events).where(*where)).one_or_none()
    return StoredEvent(event_of(row), row.seq, row.withdrawn_at) if row else None


def list_events(
    tx: Tx, county: str, *, name: str | None = None, department: str | None = None, withdrawn: bool = False
) -> list[StoredEvent]:
    """Events by name, department and reference; with `withdrawn`, those that no longer hold too."""
    order = (events.c.name, events.c.department, events.c.duty, events.c.reference)
    query = sa.select(events).where(events.c.county == county).order_by(*order)
    if name is not None:
        query = query.where(events.c.name == name)
    if department is not None:
        query = query.where(events.c.department == department)
    if not withdrawn:
        query = query.where(events.c.withdrawn_at.is_(None))
    return [StoredEvent(event_of(row), row.seq, row.withdrawn_at) for row in tx.execute(query)]


def add_event(
    tx: Tx,
    county: str,
    *,
    name: str,
    department: str,
    duty: str | None,
    reference: str,
    occurred: Moment,
    fields: Mapping[str, str],
    by: str,
    now: datetime,
) -> Event:
    """Write a new event; the unique key refuses a second one."""
    values = {
        "county": county,
        "seq": next_seq(tx, county),
        "name": name,
        "department": department,
        "duty": duty or "",
        "reference": reference,
        "occurred": occurred,
        "fields": dict(fields),
        "recorded_at": now,
        "by": by,
    }
    return event_of(tx.execute(events.insert().values(values).returning(events)).one())


def add_events(tx: Tx, county: str, rows: Sequence[Mapping[str, Any]], *, by: str, now: datetime) -> None:
    """Write many new events at once; `rows` have name, department, duty, reference, occurred and fields."""
    if not rows:
        return
    shared = {"county": county, "seq": next_seq(tx, county), "recorded_at": now, "by": by}
    tx.execute(events.insert(), [{**row, **shared} for row in rows])


def change_event(tx: Tx, county: str, before: StoredEvent, *, occurred: Moment, fields: Mapping[str, str]) -> Event:
    """Write what it should have said; one that was withdrawn holds again."""
    return _update(tx, county, before, occurred=occurred, fields=dict(fields), withdrawn_at=None)


def end_event(tx: Tx, county: str, before: StoredEvent, now: datetime) -> Event:
    """Withdraw it: what it started is closed at the next tick."""
    return _update(tx, county, before, withdrawn_at=now)


def _update(tx: Tx, county: str, before: StoredEvent, **values: Any) -> Event:
    """Change it where it still is the version that was looked at."""
    seq = next_seq(tx, county)
    where = (events.c.county == county, events.c.id == before.event.id, events.c.seq == before.version)
    row = tx.execute(events.update().where(*where).values(seq=seq, **values).returning(events)).one_or_none()
    if row is None:
        raise StoreError(f"event {before.event.name}:{before.event.reference} was changed by another process")
    return event_of(row)

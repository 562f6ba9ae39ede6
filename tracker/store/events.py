"""Events: dated facts that start a clock, once per name, department, duty and reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.values.facts import Event, EventKey
from tracker.store.counties import next_seq
from tracker.store.engine import StoreError, Tx
from tracker.store.rows import fact_of, insert_fact, values_of
from tracker.store.tables import events


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event, and since when it no longer holds. `version`: another number after each change."""

    event: Event
    version: int
    withdrawn_at: datetime | None = None


def find_event(tx: Tx, county: str, key: EventKey) -> StoredEvent | None:
    values = {"name": key.name, "department": key.department, "reference": key.reference, "duty": key.duty or ""}
    query = sa.select(events).where(events.c.county == county).filter_by(**values)
    row = tx.execute(query).one_or_none()
    return _stored(row) if row else None


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
    return [_stored(row) for row in tx.execute(query)]


def add_event(tx: Tx, county: str, event: Event) -> Event:
    """Write a new event. Raises StoreError where there is one under its key."""
    added = insert_fact(tx, county, events, event)
    if added is None:
        raise StoreError(f"event {event.name}:{event.reference} was recorded by another process")
    return added


def add_events(tx: Tx, county: str, new: Sequence[Event]) -> None:
    """Write many new events at once."""
    if new:
        shared = {"county": county, "seq": next_seq(tx, county)}
        tx.execute(events.insert(), [{**values_of(events, event), **shared} for event in new])


def change_event(tx: Tx, county: str, before: StoredEvent, **values: Any) -> Event:
    """Change it where it still is the version that was looked at. `withdrawn_at` None: it holds again."""
    where = (events.c.county == county, events.c.id == before.event.id, events.c.seq == before.version)
    statement = events.update().where(*where).values(seq=next_seq(tx, county), **values)
    row = tx.execute(statement.returning(events)).one_or_none()
    if row is None:
        raise StoreError(f"event {before.event.name}:{before.event.reference} was changed by another process")
    return fact_of(Event, row)


def _stored(row: sa.Row[Any]) -> StoredEvent:
    return StoredEvent(fact_of(Event, row), row.seq, row.withdrawn_at)

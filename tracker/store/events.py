"""Stores events, the dated facts that start clocks, one for each name, department, duty and reference."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.values.facts import Event, EventKey, parse_moment
from tracker.store.counties import next_seq
from tracker.store.engine import StoreError, Tx
from tracker.store.rows import columns_of, insert_fact, read_all, read_one, select_as, values_of
from tracker.store.tables import events, journal


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event and when it was withdrawn. `version`: a new number after each change."""

    event: Event
    version: int
    withdrawn_at: datetime | None = None


_STORED = select_as(Event, events).add_columns(events.c.seq, events.c.withdrawn_at)


def _build_stored_event(*row: Any) -> StoredEvent:
    *event, seq, withdrawn_at = row
    return StoredEvent(Event(*event), seq, withdrawn_at)


def find_event(tx: Tx, county: str, key: EventKey) -> StoredEvent | None:
    values = {"name": key.name, "department": key.department, "reference": key.reference, "duty": key.duty or ""}
    where = (events.c[name] == value for name, value in values.items())
    return read_one(tx, _build_stored_event, _STORED.where(events.c.county == county, *where))


def list_events(
    tx: Tx, county: str, *, name: str | None = None, department: str | None = None, withdrawn: bool = False
) -> list[StoredEvent]:
    """Events ordered by name, department and reference; with `withdrawn` the withdrawn ones too."""
    order = (events.c.name, events.c.department, events.c.duty, events.c.reference)
    query = _STORED.where(events.c.county == county).order_by(*order)
    if name is not None:
        query = query.where(events.c.name == name)
    if department is not None:
        query = query.where(events.c.department == department)
    if not withdrawn:
        query = query.where(events.c.withdrawn_at.is_(None))
    return read_all(tx, _build_stored_event, query)


def list_events_about(
    tx: Tx, county: str, names: Collection[str], departments: Collection[str], references: Collection[str]
) -> list[Event]:
    """The events in force with one of these names, departments and references."""
    query = _STORED.where(
        events.c.county == county,
        events.c.name.in_(sorted(names)),
        events.c.department.in_(sorted(departments)),
        events.c.reference.in_(sorted(references)),
        events.c.withdrawn_at.is_(None),
    )
    order = (events.c.name, events.c.department, events.c.reference)
    return [stored.event for stored in read_all(tx, _build_stored_event, query.order_by(*order))]


def add_event(tx: Tx, county: str, event: Event) -> Event:
    """Write a new event. Raises StoreError where one with its key exists."""
    added = insert_fact(tx, county, events, event)
    if added is None:
        raise StoreError(f"event {event.name}:{event.reference} was recorded by another process")
    return added


def add_events(tx: Tx, county: str, new_events: Sequence[Event]) -> None:
    """Write many new events at once."""
    if new_events:
        shared = {"county": county, "seq": next_seq(tx, county)}
        tx.execute(events.insert(), [values_of(event) | shared for event in new_events])


def change_event(tx: Tx, county: str, before: StoredEvent, **values: Any) -> Event:
    """Change an event. Raises StoreError where its version is not the one of `before` any more."""
    where = (events.c.county == county, events.c.id == before.event.id, events.c.seq == before.version)
    statement = events.update().where(*where).values(seq=next_seq(tx, county), **values)
    event = read_one(tx, Event, statement.returning(*columns_of(Event, events)))
    if event is None:
        raise StoreError(f"event {before.event.name}:{before.event.reference} was changed by another process")
    return event


def load_events_at(tx: Tx, county: str, names: Collection[str], at: datetime) -> list[Event]:
    """The events with these names as they were in force at a past instant, in the order of their keys.

    They are read from the journal, which has every version; the table has only the last one.
    """
    if not names:
        return []
    has_name = sa.or_(*(journal.c.subject.startswith(f"event:{name}:", autoescape=True) for name in sorted(names)))
    query = (
        sa.select(journal.c.subject, journal.c.after, journal.c.at, journal.c.who)
        .where(journal.c.county == county, journal.c.action.startswith("event."), journal.c.at <= at, has_name)
        .order_by(journal.c.height)
    )
    last = {row.subject: row for row in tx.execute(query)}
    return [_parse_journal_row(row) for _, row in sorted(last.items()) if row.after]


def _parse_journal_row(row: Any) -> Event:
    """The event of a journal row. Its subject is an `EventKey.subject`, whose parts have no colons."""
    _, name, department, reference, *duty = row.subject.split(":")
    after = json.loads(row.after)
    return Event(
        id=0, name=name, department=department, reference=reference, occurred=parse_moment(after["occurred"]),
        recorded_at=row.at, duty=duty[0] if duty else None, fields=after["fields"], by=row.who,
    )  # fmt: skip

"""The county's row: the lock that orders its facts and its journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.store.engine import StoreError, Tx, insert_new
from tracker.store.tables import counties


@dataclass(frozen=True, slots=True)
class CountyRow:
    """How far a county's facts and journal go, and under which hashes it was last decided."""

    id: str
    seq: int
    journal_height: int
    journal_head: str
    rulebook: str
    calendar: str
    tick_number: int
    ticked_at: datetime | None


_NEXT_SEQ = (
    counties.update()
    .where(counties.c.id == sa.bindparam("county"))
    .values(seq=counties.c.seq + 1)
    .returning(counties.c.seq)
)


_MINE = counties.select().where(counties.c.id == sa.bindparam("county"))
_LOCK = _MINE.with_for_update()
_DECIDED = (
    counties.update().where(counties.c.id == sa.bindparam("county")).values(tick_number=counties.c.tick_number + 1)
)
_TICKED = (
    counties.update()
    .where(counties.c.id == sa.bindparam("county"))
    .values(
        tick_number=counties.c.tick_number + 1,
        rulebook=sa.bindparam("by_rules"),
        calendar=sa.bindparam("by_calendar"),
        ticked_at=sa.bindparam("at"),
    )
    .returning(counties.c.tick_number)
)


def ensure_county(tx: Tx, county: str) -> None:
    """Create the county's row where it does not exist yet."""
    tx.execute(insert_new(tx, counties), {"id": county})


def lock_county(tx: Tx, county: str) -> CountyRow:
    """Hold the county until the transaction ends: no other writes its facts or journal meanwhile."""
    return _read(tx, county, lock=True)


def read_county(tx: Tx, county: str) -> CountyRow:
    return _read(tx, county, lock=False)


def next_seq(tx: Tx, county: str) -> int:
    """The county's next number, under its lock. One for all facts of a transaction is enough."""
    seq = tx.execute(_NEXT_SEQ, {"county": county}).scalar_one_or_none()
    if seq is None:
        raise StoreError(f"county {county!r} is not in the database")
    return int(seq)


def mark_ticked(tx: Tx, county: str, *, rulebook: str, calendar: str, at: datetime) -> int:
    """Remember a pass, and under which rulebook and calendar (by hash); the number of that pass."""
    values = {"county": county, "by_rules": rulebook, "by_calendar": calendar, "at": at}
    return int(tx.execute(_TICKED, values).scalar_one())


def mark_decided(tx: Tx, county: str) -> None:
    """Something was decided beside the passes: what one of them remembers from before no longer holds."""
    tx.execute(_DECIDED, {"county": county})


def _read(tx: Tx, county: str, *, lock: bool) -> CountyRow:
    row = tx.execute(_LOCK if lock else _MINE, {"county": county}).one_or_none()
    if row is None:
        raise StoreError(f"county {county!r} is not in the database")
    return CountyRow(**row._mapping)

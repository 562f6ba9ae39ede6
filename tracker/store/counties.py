"""The row of a county, the lock that orders its facts and its journal; and the rules that it was decided under."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from tracker.store.engine import StoreError, Tx, insert, insert_new
from tracker.store.tables import counties, documents


@dataclass(frozen=True, slots=True)
class CountyRow:
    """How far a county's facts and journal go, and under which hashes it was last decided."""

    id: str
    seq: int
    journal_height: int
    journal_head: str
    rulebook: str
    calendar: str
    ticked_at: datetime | None
    decided_by: str
    decided_seq: int
    opened_until: date | None
    next_at: datetime | None


_NEXT_SEQ = (
    counties.update()
    .where(counties.c.id == sa.bindparam("county"))
    .values(seq=counties.c.seq + 1)
    .returning(counties.c.seq)
)


_MINE = counties.select().where(counties.c.id == sa.bindparam("county"))
_LOCK = _MINE.with_for_update()
_TICKED = (
    counties.update()
    .where(counties.c.id == sa.bindparam("county"))
    .values(
        rulebook=sa.bindparam("by_rules"),
        calendar=sa.bindparam("by_calendar"),
        decided_by=sa.bindparam("by"),
        decided_seq=sa.bindparam("up_to"),
        opened_until=sa.bindparam("opened"),
        next_at=sa.bindparam("next"),
        ticked_at=sa.bindparam("at"),
    )
)
_DECIDE_ANEW = counties.update().where(counties.c.id == sa.bindparam("county")).values(decided_by="")


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


def mark_ticked(
    tx: Tx,
    county: str,
    *,
    rulebook: str,
    calendar: str,
    by: str,
    seq: int,
    until: date,
    at: datetime,
    next_at: datetime | None = None,
) -> None:
    """Remember a pass: under which rulebook and calendar (by hash), up to which fact, what was opened, and when time
    alone changes what is told beside the occurrences."""
    values = {
        "county": county, "by_rules": rulebook, "by_calendar": calendar, "by": by, "up_to": seq, "opened": until,
        "next": next_at, "at": at,
    }  # fmt: skip
    tx.execute(_TICKED, values)


def decide_anew(tx: Tx, county: str) -> None:
    """Have the next pass decide everything: what was told has become another thing, which no fact says."""
    tx.execute(_DECIDE_ANEW, {"county": county})


def _read(tx: Tx, county: str, *, lock: bool) -> CountyRow:
    row = tx.execute(_LOCK if lock else _MINE, {"county": county}).one_or_none()
    if row is None:
        raise StoreError(f"county {county!r} is not in the database")
    return CountyRow(**row._mapping)


def keep(tx: Tx, digest: str, kind: Literal["rulebook", "calendar"], body: str, now: datetime) -> bool:
    """Store a body once; whether it was new."""
    statement = insert(tx, documents).values(digest=digest, kind=kind, body=body, loaded_at=now)
    kept = tx.execute(statement.on_conflict_do_nothing().returning(documents.c.digest))
    return kept.one_or_none() is not None


def body_of(tx: Tx, digest: str) -> str | None:
    return tx.execute(sa.select(documents.c.body).where(documents.c.digest == digest)).scalar_one_or_none()

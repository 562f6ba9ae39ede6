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


def ensure_county(tx: Tx, county: str) -> None:
    """Create the county's row where it does not exist yet."""
    tx.execute(insert_new(tx, counties), {"id": county})


def lock_county(tx: Tx, county: str) -> CountyRow:
    """Hold the county until the transaction ends: no other writes its facts or journal meanwhile."""
    return _read_row(tx, county, lock=True)


def read_county(tx: Tx, county: str) -> CountyRow:
    return _read_row(tx, county, lock=False)


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
    statement = counties.update().where(counties.c.id == county).values(
        rulebook=rulebook, calendar=calendar, decided_by=by, decided_seq=seq, opened_until=until, next_at=next_at,
        ticked_at=at,
    )  # fmt: skip
    tx.execute(statement)


def request_full_decision(tx: Tx, county: str) -> None:
    """Have the next pass decide everything: what was told has become another thing, which no fact says."""
    tx.execute(counties.update().where(counties.c.id == county).values(decided_by=""))


def _read_row(tx: Tx, county: str, *, lock: bool) -> CountyRow:
    query = counties.select().where(counties.c.id == county)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise StoreError(f"county {county!r} is not in the database")
    return CountyRow(**row._mapping)


def store_document(tx: Tx, digest: str, kind: Literal["rulebook", "calendar"], body: str, now: datetime) -> bool:
    """Store a body once; whether it was new."""
    statement = insert(tx, documents).values(digest=digest, kind=kind, body=body, loaded_at=now)
    kept = tx.execute(statement.on_conflict_do_nothing().returning(documents.c.digest))
    return kept.one_or_none() is not None


def find_document_body(tx: Tx, digest: str) -> str | None:
    return tx.execute(sa.select(documents.c.body).where(documents.c.digest == digest)).scalar_one_or_none()

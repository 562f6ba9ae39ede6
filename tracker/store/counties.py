"""Reads, locks and updates the row of a county, and stores the documents of its rules and calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa

from tracker.store.engine import StoreError, Tx, insert, insert_new
from tracker.store.tables import counties, documents


@dataclass(frozen=True, slots=True)
class CountyRow:
    """The row of a county: the numbers of its last fact and journal row, and the hashes of its last decision."""

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


_ROW = counties.select().where(counties.c.id == sa.bindparam("county"))
# Rows that name the county may still be inserted: otherwise two that did would wait for each other's lock here.
_LOCKED_ROW = _ROW.with_for_update(key_share=True)
_NEXT_SEQ = (
    counties.update()
    .where(counties.c.id == sa.bindparam("county"))
    .values(seq=counties.c.seq + 1)
    .returning(counties.c.seq)
)


_TICKED = (
    counties.update()
    .where(counties.c.id == sa.bindparam("of"))
    .values(
        {
            name: sa.bindparam(name)
            for name in ("rulebook", "calendar", "decided_by", "decided_seq", "opened_until", "next_at", "ticked_at")
        }
    )
)


def ensure_county(tx: Tx, county: str) -> None:
    """Create the county's row where it does not exist yet."""
    tx.execute(insert_new(tx, counties), {"id": county})


def lock_county(tx: Tx, county: str) -> CountyRow:
    """Lock the county until the transaction ends: no other process can write its facts or journal."""
    return _read_row(tx, county, lock=True)


def lock_counties(tx: Tx) -> list[str]:
    """Lock every county, in the order of their ids, and return the ids."""
    return list(tx.execute(sa.select(counties.c.id).order_by(counties.c.id).with_for_update(key_share=True)).scalars())


def read_county(tx: Tx, county: str) -> CountyRow:
    return _read_row(tx, county, lock=False)


def find_county(tx: Tx, county: str) -> CountyRow | None:
    """The county's row; None where the database does not have it yet."""
    row = tx.execute(_ROW, {"county": county}).one_or_none()
    return CountyRow(**row._mapping) if row is not None else None


def next_seq(tx: Tx, county: str) -> int:
    """Take the county's next number, which locks its row. All facts of a transaction may share one."""
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
    """Record a pass: its rulebook and calendar (hashes), the last fact, and the day `until` which occurrences exist.

    `next_at`: when time alone may change a notice that is not about an occurrence.
    """
    values = {
        "rulebook": rulebook, "calendar": calendar, "decided_by": by, "decided_seq": seq, "opened_until": until,
        "next_at": next_at, "ticked_at": at,
    }  # fmt: skip
    tx.execute(_TICKED, {"of": county, **values})


def request_full_decision(tx: Tx, county: str) -> None:
    """Make the next pass decide everything, although no new fact asks for it."""
    tx.execute(counties.update().where(counties.c.id == county).values(decided_by=""))


def _read_row(tx: Tx, county: str, *, lock: bool) -> CountyRow:
    row = tx.execute(_LOCKED_ROW if lock else _ROW, {"county": county}).one_or_none()
    if row is None:
        raise StoreError(f"county {county!r} is not in the database")
    return CountyRow(**row._mapping)


def store_document(tx: Tx, digest: str, kind: Literal["rulebook", "calendar"], body: str, now: datetime) -> bool:
    """Store a document unless it is stored already; whether it was new."""
    statement = insert(tx, documents).values(digest=digest, kind=kind, body=body, loaded_at=now)
    inserted = tx.execute(statement.on_conflict_do_nothing().returning(documents.c.digest))
    return inserted.one_or_none() is not None


def list_documents(tx: Tx) -> set[str]:
    """The hashes of the documents that are stored."""
    return set(tx.execute(sa.select(documents.c.digest)).scalars())


def list_decided_rules(tx: Tx) -> dict[str, str]:
    """Of every county in the database, the hash of the rules by which it was decided last; "" before its first pass."""
    return {row.id: row.rulebook for row in tx.execute(sa.select(counties.c.id, counties.c.rulebook))}


def find_document_body(tx: Tx, digest: str) -> str | None:
    return tx.execute(sa.select(documents.c.body).where(documents.c.digest == digest)).scalar_one_or_none()

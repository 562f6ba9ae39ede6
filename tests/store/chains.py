"""Builds a journal chain in a database and changes its rows past all guards."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime

import sqlalchemy as sa

from tracker.store.chain import ChainBreak, verify_chain
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.journal import JournalEntry, JournalRow, append_entries, compute_hash, list_rows
from tracker.store.tables import journal

NOW = datetime(2015, 7, 1, 8, tzinfo=UTC)
GUARDS = {
    "journal": ("journal_no_update", "journal_no_delete", "journal_no_replace"),
    "counties": ("journal_head_forward",),
}


def entry(number: int) -> JournalEntry:
    return JournalEntry(
        "rule:abc", "status", f"sample/p/d/huanbao/{number}", None, {"status": "open", "n": number}, "开"
    )


def fill(store: Store, count: int = 8, county: str = "sample", via: str = "") -> list[JournalRow]:
    with store.begin(via) as tx:
        ensure_county(tx, county)
        append_entries(tx, county, [entry(number) for number in range(1, count + 1)], NOW)
        return list_rows(tx, county)


def unguard(tx: Tx) -> None:
    """What anybody with the database's password can do."""
    if tx.dialect.name == "sqlite":
        for names in GUARDS.values():
            for name in names:
                tx.execute(sa.text(f"DROP TRIGGER IF EXISTS {name}"))
    else:
        tx.execute(sa.text("SET LOCAL session_replication_role = replica"))


def verify_rewritten(store: Store, rows: list[JournalRow]) -> list[ChainBreak]:
    """What verify says when the table holds these rows; the table is put back."""
    with store.engine.connect() as tx:
        unguard(tx)
        tx.execute(journal.delete())
        if rows:
            tx.execute(journal.insert(), [asdict(row) for row in rows])
        broken = verify_chain(tx, "sample")
        tx.rollback()
    return broken


def renumbered(rows: list[JournalRow]) -> list[JournalRow]:
    return [replace(row, height=height) for height, row in enumerate(rows, 1)]


def forged(height: int, previous: str) -> JournalRow:
    """A row that fits behind `previous`, made by one who knows how the hash is built."""
    row = JournalRow("sample", height, NOW, "someone", "waive", "x", "", "", "because", previous, "")
    return replace(row, hash=compute_hash(row))

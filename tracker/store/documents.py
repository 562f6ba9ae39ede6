"""Rulebooks and calendars by the SHA-256 of their body: a past decision can be read under its own."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from tracker.store.engine import Tx, insert
from tracker.store.tables import documents


def keep(tx: Tx, digest: str, kind: Literal["rulebook", "calendar"], body: str, now: datetime) -> bool:
    """Store a body once; whether it was new."""
    statement = insert(tx, documents).values(digest=digest, kind=kind, body=body, loaded_at=now)
    kept = tx.execute(statement.on_conflict_do_nothing().returning(documents.c.digest))
    return kept.one_or_none() is not None


def body_of(tx: Tx, digest: str) -> str | None:
    return tx.execute(sa.select(documents.c.body).where(documents.c.digest == digest)).scalar_one_or_none()

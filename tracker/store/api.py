"""Stores the tokens of other systems, and what was answered to what they sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from tracker.core.values.accounts import ApiToken, Receipt
from tracker.store.engine import Tx
from tracker.store.rows import batches, read_all, read_one, select_as, values_of
from tracker.store.tables_accounts import api_receipts, api_tokens


def add_api_token(tx: Tx, token: ApiToken) -> int:
    """Insert a token; its id."""
    return int(tx.execute(api_tokens.insert().values(values_of(token)).returning(api_tokens.c.id)).scalar_one())


def find_api_token(tx: Tx, digest: str) -> ApiToken | None:
    return read_one(tx, ApiToken, select_as(ApiToken, api_tokens).where(api_tokens.c.digest == digest))


def list_api_tokens(tx: Tx, county: str) -> list[ApiToken]:
    return read_all(tx, ApiToken, select_as(ApiToken, api_tokens).where(api_tokens.c.county == county).order_by("id"))


def revoke_api_token(tx: Tx, county: str, token: int, now: datetime) -> bool:
    """Revoke a token; False where there is none that still counts."""
    counts = (api_tokens.c.county == county, api_tokens.c.id == token, api_tokens.c.revoked_at.is_(None))
    return tx.execute(api_tokens.update().where(*counts).values(revoked_at=now)).rowcount == 1


def load_receipts(tx: Tx, county: str, system: str, kind: str, numbers: Collection[str]) -> dict[str, Receipt]:
    """What the system was answered under these numbers, by number."""
    column, found = api_receipts.c, dict[str, Receipt]()
    where = (column.county == county, column.system == system, column.kind == kind)
    for batch in batches(sorted(numbers)):
        query = select_as(Receipt, api_receipts).where(*where, column.number.in_(batch))
        found |= {receipt.number: receipt for receipt in read_all(tx, Receipt, query)}
    return found


def add_receipts(tx: Tx, receipts: Sequence[Receipt]) -> None:
    if receipts:
        tx.execute(sa.insert(api_receipts), [values_of(receipt) for receipt in receipts])

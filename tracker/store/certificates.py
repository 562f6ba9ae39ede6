"""Stores the certificates of visits and what people have confirmed of columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from tracker.core.values.certificate import Certificate, Confirmation
from tracker.store.engine import Tx, insert_new
from tracker.store.rows import batches, columns_of, read_all, read_one, select_as, values_of, write_rows
from tracker.store.tables_certificates import certificates, column_confirmations


def record_certificates(tx: Tx, county: str, new: Mapping[str, Certificate]) -> None:
    """Insert certificates by their digest; one that is stored already is ignored."""
    rows = [{"digest": digest, "text": certificate.to_json()} for digest, certificate in sorted(new.items())]
    write_rows(tx, insert_new(tx, certificates), {"county": county}, rows)


def load_certificates(tx: Tx, county: str, digests: Collection[str]) -> dict[str, Certificate]:
    """The certificates with these digests; an unknown digest and "" are left out."""
    found: dict[str, Certificate] = {}
    for batch in batches(sorted({digest for digest in digests if digest})):
        query = sa.select(certificates.c.digest, certificates.c.text)
        query = query.where(certificates.c.county == county, certificates.c.digest.in_(batch))
        found |= {digest: Certificate.from_json(text) for digest, text in tx.execute(query)}
    return found


def add_confirmation(tx: Tx, county: str, confirmation: Confirmation) -> Confirmation:
    """Insert what a person confirmed of a column; returns it with its id."""
    statement = column_confirmations.insert().values(county=county, **values_of(confirmation))
    added = read_one(tx, Confirmation, statement.returning(*columns_of(Confirmation, column_confirmations)))
    assert added is not None
    return added


def list_confirmations(tx: Tx, county: str, *, withdrawn: bool = False) -> list[Confirmation]:
    """What people confirmed of a county's columns, oldest first; `withdrawn`: also what they took back."""
    query = select_as(Confirmation, column_confirmations).where(column_confirmations.c.county == county)
    if not withdrawn:
        query = query.where(column_confirmations.c.withdrawn_at.is_(None))
    return read_all(tx, Confirmation, query.order_by(column_confirmations.c.id))


def withdraw_confirmations(tx: Tx, county: str, numbers: Collection[int], by: str, at: datetime) -> int:
    """Mark confirmations as withdrawn; returns how many were not withdrawn before."""
    table = column_confirmations
    where = (table.c.county == county, table.c.id.in_(numbers), table.c.withdrawn_at.is_(None))
    return tx.execute(table.update().where(*where).values(withdrawn_at=at, withdrawn_by=by)).rowcount

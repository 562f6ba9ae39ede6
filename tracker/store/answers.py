"""What people answer to notices: acknowledgements, and silences that somebody orders. Facts, each with its number."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.core.escalation.notices import Acknowledgement, Silence
from tracker.store.counties import next_seq
from tracker.store.engine import Tx
from tracker.store.rows import fact_of, insert_fact
from tracker.store.tables import acknowledgements, silences


def add_acknowledgement(tx: Tx, county: str, answer: Acknowledgement, token: str) -> Acknowledgement | None:
    """Write an answer; None where the link was used before, which `token` stands for."""
    return insert_fact(tx, county, acknowledgements, answer, token=token)


def list_acknowledgements(tx: Tx, county: str, occurrence: str) -> list[Acknowledgement]:
    where = (acknowledgements.c.county == county, acknowledgements.c.occurrence == occurrence)
    rows = tx.execute(sa.select(acknowledgements).where(*where).order_by(acknowledgements.c.id))
    return [fact_of(Acknowledgement, row) for row in rows]


def explanations(tx: Tx, county: str, at: datetime) -> dict[str, Acknowledgement]:
    """What had been explained last about each occurrence at that instant."""
    mine = (acknowledgements.c.county == county, acknowledgements.c.kind == "explained")
    where = (*mine, acknowledgements.c.recorded_at <= at)
    rows = tx.execute(sa.select(acknowledgements).where(*where).order_by(acknowledgements.c.id))
    return {row.occurrence: fact_of(Acknowledgement, row) for row in rows}


def add_silence(tx: Tx, county: str, silence: Silence, now: datetime) -> Silence:
    added = insert_fact(tx, county, silences, silence, recorded_at=now)
    assert added is not None  # no key of it is unique
    return added


def lift_silence(tx: Tx, county: str, number: int, *, by: str, now: datetime) -> Silence | None:
    """End it before its time; None where it is unknown or has been lifted."""
    statement = (
        silences.update()
        .where(silences.c.county == county, silences.c.id == number, silences.c.lifted_at.is_(None))
        .values(lifted_at=now, lifted_by=by, seq=next_seq(tx, county))
    )
    row = tx.execute(statement.returning(silences)).one_or_none()
    return fact_of(Silence, row) if row else None


def list_silences(tx: Tx, county: str) -> list[Silence]:
    """All that were ever ordered, in the order of their numbers."""
    rows = tx.execute(sa.select(silences).where(silences.c.county == county).order_by(silences.c.id))
    return [fact_of(Silence, row) for row in rows]


def published_addresses(tx: Tx, county: str) -> dict[str, set[str]]:
    """By occurrence: the addresses at which departments say that they published it."""
    query = sa.select(acknowledgements.c.occurrence, acknowledgements.c.text).where(
        acknowledgements.c.county == county, acknowledgements.c.kind == "published"
    )
    addresses: dict[str, set[str]] = {}
    for occurrence, text in tx.execute(query):
        addresses.setdefault(occurrence, set()).add(text.partition("\n")[0])
    return addresses

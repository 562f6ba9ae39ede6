"""What people answer to notices: acknowledgements, and silences that somebody orders. Facts, each with its number."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from tracker.core.escalation.notices import Acknowledgement, Silence
from tracker.store.counties import next_seq
from tracker.store.engine import Tx, insert
from tracker.store.tables import acknowledgements, silences


def add_acknowledgement(
    tx: Tx,
    county: str,
    *,
    occurrence: str,
    step: str,
    role: str,
    kind: str,
    text: str,
    by: str,
    now: datetime,
    quiet_until: datetime,
    token: str,
) -> Acknowledgement | None:
    """Write it; None where the link was used before."""
    statement = insert(tx, acknowledgements).values(
        county=county, seq=next_seq(tx, county), occurrence=occurrence, step=step, role=role, kind=kind,
        text=text, by=by, recorded_at=now, quiet_until=quiet_until, token=token,
    )  # fmt: skip
    row = tx.execute(statement.on_conflict_do_nothing().returning(acknowledgements)).one_or_none()
    return acknowledgement_of(row) if row else None


def list_acknowledgements(tx: Tx, county: str, occurrence: str) -> list[Acknowledgement]:
    where = (acknowledgements.c.county == county, acknowledgements.c.occurrence == occurrence)
    rows = tx.execute(sa.select(acknowledgements).where(*where).order_by(acknowledgements.c.id))
    return [acknowledgement_of(row) for row in rows]


def explanations(tx: Tx, county: str, at: datetime) -> dict[str, Acknowledgement]:
    """What had been explained last about each occurrence at that instant."""
    mine = (acknowledgements.c.county == county, acknowledgements.c.kind == "explained")
    where = (*mine, acknowledgements.c.recorded_at <= at)
    rows = tx.execute(sa.select(acknowledgements).where(*where).order_by(acknowledgements.c.id))
    return {row.occurrence: acknowledgement_of(row) for row in rows}


def add_silence(
    tx: Tx,
    county: str,
    *,
    begins_at: datetime,
    until: datetime,
    reason: str,
    by: str,
    now: datetime,
    duty: str = "",
    department: str = "",
    occurrence: str = "",
) -> Silence:
    statement = insert(tx, silences).values(
        county=county, seq=next_seq(tx, county), duty=duty, department=department, occurrence=occurrence,
        begins_at=begins_at, until=until, reason=reason, by=by, recorded_at=now,
    )  # fmt: skip
    return silence_of(tx.execute(statement.returning(silences)).one())


def lift_silence(tx: Tx, county: str, number: int, *, by: str, now: datetime) -> Silence | None:
    """End it before its time; None where it is unknown or has been lifted."""
    statement = (
        silences.update()
        .where(silences.c.county == county, silences.c.id == number, silences.c.lifted_at.is_(None))
        .values(lifted_at=now, lifted_by=by, seq=next_seq(tx, county))
    )
    row = tx.execute(statement.returning(silences)).one_or_none()
    return silence_of(row) if row else None


def list_silences(tx: Tx, county: str) -> list[Silence]:
    """All that were ever ordered, in the order of their numbers."""
    rows = tx.execute(sa.select(silences).where(silences.c.county == county).order_by(silences.c.id))
    return [silence_of(row) for row in rows]


def acknowledgement_of(row: sa.Row[Any]) -> Acknowledgement:
    return Acknowledgement(
        id=row.id,
        occurrence=row.occurrence,
        step=row.step,
        role=row.role,
        kind=cast(Any, row.kind),
        text=row.text,
        by=row.by,
        recorded_at=row.recorded_at,
        quiet_until=row.quiet_until,
    )


def silence_of(row: sa.Row[Any]) -> Silence:
    return Silence(
        id=row.id,
        begins_at=row.begins_at,
        until=row.until,
        reason=row.reason,
        by=row.by,
        duty=row.duty,
        department=row.department,
        occurrence=row.occurrence,
        lifted_at=row.lifted_at,
    )


def published_addresses(tx: Tx, county: str) -> dict[str, set[str]]:
    """By occurrence: the addresses at which departments say that they published it."""
    query = sa.select(acknowledgements.c.occurrence, acknowledgements.c.text).where(
        acknowledgements.c.county == county, acknowledgements.c.kind == "published"
    )
    found: dict[str, set[str]] = {}
    for occurrence, text in tx.execute(query):
        found.setdefault(occurrence, set()).add(text.partition("\n")[0])
    return found

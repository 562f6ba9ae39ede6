"""What people file and decide about one occurrence: filings and rulings. Written once, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa

from tracker.core.facts import Filing, Moment, Ruling
from tracker.store.counties import next_seq
from tracker.store.engine import Tx, insert
from tracker.store.facts import filing_of, ruling_of
from tracker.store.tables import entries, filings, rulings


async def add_filing(
    tx: Tx,
    county: str,
    *,
    kind: str,
    occurrence: str,
    by: str,
    now: datetime,
    form: str = "",
    proof: str = "",
    part: str | None = None,
    claimed: Moment | None = None,
) -> Filing | None:
    """Write a filing; None where the same proof was filed for the same thing before."""
    statement = insert(tx, filings).values(
        county=county,
        seq=await next_seq(tx, county),
        kind=kind,
        occurrence=occurrence,
        part=part or "",
        form=form,
        proof=proof,
        digest=_digest(form, proof),
        claimed=claimed,
        recorded_at=now,
        by=by,
    )
    row = (await tx.execute(statement.on_conflict_do_nothing().returning(filings))).one_or_none()
    return filing_of(row) if row else None


async def list_filings(tx: Tx, county: str, occurrence: str) -> list[Filing]:
    where = (filings.c.county == county, filings.c.occurrence == occurrence)
    return [filing_of(row) for row in await tx.execute(sa.select(filings).where(*where).order_by(filings.c.id))]


async def find_filing(
    tx: Tx, county: str, kind: str, occurrence: str, *, form: str = "", proof: str = "", part: str | None = None
) -> Filing | None:
    where = (
        filings.c.county == county,
        filings.c.kind == kind,
        filings.c.occurrence == occurrence,
        filings.c.part == (part or ""),
        filings.c.digest == _digest(form, proof),
    )
    row = (await tx.execute(sa.select(filings).where(*where))).one_or_none()
    return filing_of(row) if row else None


async def add_ruling(
    tx: Tx,
    county: str,
    *,
    kind: str,
    occurrence: str,
    by: str,
    reason: str,
    now: datetime,
    target: str = "",
    part: str | None = None,
    as_seen: bool = False,
    ground: str = "",
    basis: str = "",
    until: date | None = None,
    asked_by: str = "",
    seen: int | None = None,
) -> Ruling | None:
    """Write a decision. `seen`: how many about the subject its maker knew; None where another came in between."""
    known = await count_rulings(tx, county, occurrence) if seen is None else seen
    statement = insert(tx, rulings).values(
        county=county,
        seq=await next_seq(tx, county),
        kind=kind,
        occurrence=occurrence,
        target=target,
        part=part or "",
        as_seen=as_seen,
        recorded_at=now,
        by=by,
        reason=reason,
        number=known + 1,
        ground=ground,
        basis=basis,
        until=until,
        asked_by=asked_by,
    )
    row = (await tx.execute(statement.on_conflict_do_nothing().returning(rulings))).one_or_none()
    return ruling_of(row) if row else None


async def count_rulings(tx: Tx, county: str, occurrence: str) -> int:
    """How many decisions there are about the subject."""
    where = (rulings.c.county == county, rulings.c.occurrence == occurrence)
    query = sa.select(sa.func.coalesce(sa.func.max(rulings.c.number), 0)).where(*where)
    return int((await tx.execute(query)).scalar_one())


async def list_rulings(tx: Tx, county: str, occurrence: str) -> list[Ruling]:
    """In the order in which they were made."""
    where = (rulings.c.county == county, rulings.c.occurrence == occurrence)
    return [ruling_of(row) for row in await tx.execute(sa.select(rulings).where(*where).order_by(rulings.c.id))]


async def rulings_of(tx: Tx, county: str, kinds: Collection[str]) -> list[Ruling]:
    """All of these kinds, in the order in which they were made."""
    query = sa.select(rulings).where(rulings.c.county == county, rulings.c.kind.in_(kinds)).order_by(rulings.c.id)
    return [ruling_of(row) for row in await tx.execute(query)]


async def find_ruling(tx: Tx, county: str, number: int) -> Ruling | None:
    """By its ID."""
    row = (await tx.execute(sa.select(rulings).where(rulings.c.county == county, rulings.c.id == number))).one_or_none()
    return ruling_of(row) if row else None


async def entry_was_seen(tx: Tx, county: str, url: str) -> bool:
    """Whether any column ever showed this address."""
    query = sa.select(entries.c.id).where(entries.c.county == county, entries.c.url == url).limit(1)
    return (await tx.execute(query)).first() is not None


def _digest(form: str, proof: str) -> str:
    return hashlib.sha256(f"{form}\n{proof}".encode()).hexdigest()

"""What people file and decide about one occurrence: filings and rulings. Never changed: a filing may be withdrawn."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from tracker.core.values.facts import Filing, Ruling
from tracker.store.counties import next_seq
from tracker.store.engine import Tx, insert
from tracker.store.rows import fact_of, insert_fact, values_of
from tracker.store.tables import entries, rulings
from tracker.store.tables_papers import filed_files, filings


@dataclass(frozen=True, slots=True)
class StoredFiling:
    """A filing, and since when it no longer holds."""

    filing: Filing
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FiledFile:
    """A file that was filed: its SHA-256, what it is by its content, and its size in bytes."""

    digest: str
    kind: str
    size: int
    filed_at: datetime


def add_filing(tx: Tx, county: str, filing: Filing) -> Filing | None:
    """Write a filing; None where the same proof stands filed for the same thing. One that was withdrawn is renewed."""
    anew = {"seq": next_seq(tx, county), "claimed": filing.claimed, "recorded_at": filing.recorded_at, "by": filing.by}
    values = {**values_of(filings, filing), **anew, "county": county, "digest": _digest(filing)}
    statement = insert(tx, filings).values(values)
    again = statement.on_conflict_do_update(
        index_elements=["county", "kind", "occurrence", "part", "digest"],
        set_={**anew, "withdrawn_at": None},
        where=filings.c.withdrawn_at.is_not(None),
    )
    row = tx.execute(again.returning(filings)).one_or_none()
    return fact_of(Filing, row) if row else None


def withdraw_filing(tx: Tx, county: str, number: int, now: datetime) -> bool:
    """Let a filing hold no longer; False where it held no longer before."""
    where = (filings.c.county == county, filings.c.id == number, filings.c.withdrawn_at.is_(None))
    done = tx.execute(filings.update().where(*where).values(withdrawn_at=now, seq=next_seq(tx, county)))
    return done.rowcount == 1


def list_filings(tx: Tx, county: str, occurrence: str) -> list[Filing]:
    """Those that hold, in the order in which they came."""
    where = (filings.c.county == county, filings.c.occurrence == occurrence, filings.c.withdrawn_at.is_(None))
    return [fact_of(Filing, row) for row in tx.execute(sa.select(filings).where(*where).order_by(filings.c.id))]


def all_filings(tx: Tx, county: str) -> list[StoredFiling]:
    """Every filing of the county, withdrawn ones too, in the order in which they came."""
    query = sa.select(filings).where(filings.c.county == county).order_by(filings.c.id)
    return [StoredFiling(fact_of(Filing, row), row.withdrawn_at) for row in tx.execute(query)]


def filing_by_number(tx: Tx, county: str, number: int) -> StoredFiling | None:
    row = tx.execute(sa.select(filings).where(filings.c.county == county, filings.c.id == number)).one_or_none()
    return StoredFiling(fact_of(Filing, row), row.withdrawn_at) if row else None


def find_filing(tx: Tx, county: str, filing: Filing) -> Filing | None:
    """The one on record that holds and says the same of the same thing, whoever filed it."""
    where = (
        filings.c.county == county,
        filings.c.kind == filing.kind,
        filings.c.occurrence == filing.occurrence,
        filings.c.part == (filing.part or ""),
        filings.c.digest == _digest(filing),
        filings.c.withdrawn_at.is_(None),
    )
    row = tx.execute(sa.select(filings).where(*where)).one_or_none()
    return fact_of(Filing, row) if row else None


def add_filed_file(tx: Tx, county: str, file: FiledFile) -> None:
    """Note that a file was filed; the same again changes nothing."""
    tx.execute(insert(tx, filed_files).values(county=county, **asdict(file)).on_conflict_do_nothing())


def list_filed_files(tx: Tx, county: str, digests: Collection[str] | None = None) -> list[FiledFile]:
    """The files that were filed, the earliest first; of those named, or all."""
    query = sa.select(filed_files).where(filed_files.c.county == county)
    if digests is not None:
        query = query.where(filed_files.c.digest.in_(digests))
    rows = tx.execute(query.order_by(filed_files.c.filed_at, filed_files.c.digest))
    return [FiledFile(row.digest, row.kind, row.size, row.filed_at) for row in rows]


def add_ruling(tx: Tx, county: str, ruling: Ruling, seen: int | None = None) -> Ruling | None:
    """Write a ruling under the next number. `seen`: how many about the subject its maker knew; None where another
    came in between."""
    known = count_rulings(tx, county, ruling.occurrence) if seen is None else seen
    return insert_fact(tx, county, rulings, replace(ruling, number=known + 1))


_OF_COUNTY = sa.select(rulings).where(rulings.c.county == sa.bindparam("county")).order_by(rulings.c.id)
_OF_KINDS = _OF_COUNTY.where(rulings.c.kind.in_(sa.bindparam("kinds", expanding=True)))
_OF_SUBJECT = _OF_COUNTY.where(rulings.c.occurrence == sa.bindparam("occurrence"))


def count_rulings(tx: Tx, county: str, occurrence: str) -> int:
    """How many decisions there are about the subject."""
    where = (rulings.c.county == county, rulings.c.occurrence == occurrence)
    query = sa.select(sa.func.coalesce(sa.func.max(rulings.c.number), 0)).where(*where)
    return int(tx.execute(query).scalar_one())


def list_rulings(tx: Tx, county: str, occurrence: str) -> list[Ruling]:
    """In the order in which they were made."""
    return [fact_of(Ruling, row) for row in tx.execute(_OF_SUBJECT, {"county": county, "occurrence": occurrence})]


def rulings_of(tx: Tx, county: str, kinds: Collection[str]) -> list[Ruling]:
    """All of these kinds, in the order in which they were made."""
    return [fact_of(Ruling, row) for row in tx.execute(_OF_KINDS, {"county": county, "kinds": list(kinds)})]


def all_rulings(tx: Tx, county: str) -> list[Ruling]:
    """Every decision, in the order in which they were made."""
    return [fact_of(Ruling, row) for row in tx.execute(_OF_COUNTY, {"county": county})]


def find_ruling(tx: Tx, county: str, number: int) -> Ruling | None:
    """By its ID."""
    row = tx.execute(sa.select(rulings).where(rulings.c.county == county, rulings.c.id == number)).one_or_none()
    return fact_of(Ruling, row) if row else None


def entry_was_seen(tx: Tx, county: str, url: str) -> bool:
    """Whether any column ever showed this address."""
    query = sa.select(entries.c.id).where(entries.c.county == county, entries.c.url == url).limit(1)
    return tx.execute(query).first() is not None


def _digest(filing: Filing) -> str:
    return hashlib.sha256(f"{filing.form}\n{filing.proof}".encode()).hexdigest()

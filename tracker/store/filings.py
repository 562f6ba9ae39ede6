"""Stores the filings of people about occurrences. They never change, but may be withdrawn."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tracker.core.values.facts import Filing
from tracker.store.counties import next_seq
from tracker.store.engine import Tx, insert
from tracker.store.rows import columns_of, read_all, read_one, select_as, values_of
from tracker.store.tables import filed_files, filings


@dataclass(frozen=True, slots=True)
class StoredFiling:
    """A filing and when it was withdrawn."""

    filing: Filing
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FiledFile:
    """A file that was filed: its SHA-256, its kind by its content, and its size in bytes."""

    digest: str
    kind: str
    size: int
    filed_at: datetime


_FILINGS = select_as(Filing, filings).order_by(filings.c.id)
_STORED = _FILINGS.add_columns(filings.c.withdrawn_at)


def _build_stored_filing(*row: Any) -> StoredFiling:
    *filing, withdrawn_at = row
    return StoredFiling(Filing(*filing), withdrawn_at)


def add_filing(tx: Tx, county: str, filing: Filing) -> Filing | None:
    """Write a filing, or renew a withdrawn one; None where the same proof is filed for the same part already."""
    renewal = {
        "seq": next_seq(tx, county),
        "claimed": filing.claimed,
        "recorded_at": filing.recorded_at,
        "by": filing.by,
    }
    values = {**values_of(filing), **renewal, "county": county, "digest": _hash_proof(filing)}
    statement = insert(tx, filings).values(values)
    upsert = statement.on_conflict_do_update(
        index_elements=["county", "kind", "occurrence", "part", "digest"],
        set_={**renewal, "withdrawn_at": None},
        where=filings.c.withdrawn_at.is_not(None),
    )
    return read_one(tx, Filing, upsert.returning(*columns_of(Filing, filings)))


def withdraw_filing(tx: Tx, county: str, number: int, now: datetime) -> bool:
    """Withdraw a filing; False where it was withdrawn before."""
    where = (filings.c.county == county, filings.c.id == number, filings.c.withdrawn_at.is_(None))
    result = tx.execute(filings.update().where(*where).values(withdrawn_at=now, seq=next_seq(tx, county)))
    return result.rowcount == 1


def list_filings(tx: Tx, county: str, occurrence: str) -> list[Filing]:
    """The filings that are not withdrawn, in the order of recording."""
    where = (filings.c.county == county, filings.c.occurrence == occurrence, filings.c.withdrawn_at.is_(None))
    return read_all(tx, Filing, _FILINGS.where(*where))


def list_all_filings(tx: Tx, county: str) -> list[StoredFiling]:
    """Every filing of the county, withdrawn ones too, in the order of recording."""
    return read_all(tx, _build_stored_filing, _STORED.where(filings.c.county == county))


def find_filing_by_number(tx: Tx, county: str, number: int) -> StoredFiling | None:
    return read_one(tx, _build_stored_filing, _STORED.where(filings.c.county == county, filings.c.id == number))


def find_filing(tx: Tx, county: str, filing: Filing) -> Filing | None:
    """The filing in force with the same proof for the same part, whoever filed it."""
    where = (
        filings.c.county == county,
        filings.c.kind == filing.kind,
        filings.c.occurrence == filing.occurrence,
        filings.c.part == (filing.part or ""),
        filings.c.digest == _hash_proof(filing),
        filings.c.withdrawn_at.is_(None),
    )
    return read_one(tx, Filing, _FILINGS.where(*where))


def add_filed_file(tx: Tx, county: str, file: FiledFile) -> None:
    """Record that a file was filed; the same file again changes nothing."""
    tx.execute(insert(tx, filed_files).values(county=county, **asdict(file)).on_conflict_do_nothing())


def list_filed_files(tx: Tx, county: str, digests: Collection[str] | None = None) -> list[FiledFile]:
    """The filed files, oldest first: those with the digests, or all."""
    query = select_as(FiledFile, filed_files).where(filed_files.c.county == county)
    if digests is not None:
        query = query.where(filed_files.c.digest.in_(digests))
    return read_all(tx, FiledFile, query.order_by(filed_files.c.filed_at, filed_files.c.digest))


def _hash_proof(filing: Filing) -> str:
    return hashlib.sha256(f"{filing.form}\n{filing.proof}".encode()).hexdigest()

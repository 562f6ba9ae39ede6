"""Stores circulars (通报), their lines, errata and issued papers. State changes are compare-and-set."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from tracker.core.assessment.circular import Warned
from tracker.store.engine import StoreError, Tx
from tracker.store.rows import read_all, read_one, select_as
from tracker.store.tables_reports import circular_lines, circular_papers, circulars, errata

CircularState = Literal["draft", "consulting", "signed", "issued", "replaced"]


@dataclass(frozen=True, slots=True)
class CircularRow:
    """One edition of a month's circular. `values`: the values of its text; `text`: its paragraphs, once signed."""

    id: int
    county: str
    month: str
    edition: int
    state: CircularState
    as_of: datetime
    values: Mapping[str, Any]
    text: Sequence[Any]
    digest: str
    rulebook: str
    drafted_by: str
    drafted_at: datetime
    consulted_at: datetime | None
    window_until: date | None
    signed_by: str
    signed_at: datetime | None
    year: int | None
    number: int | None
    issued_by: str
    issued_at: datetime | None


@dataclass(frozen=True, slots=True)
class CircularLineRow:
    """One line. `shown`: its texts; `dropped`: why it was removed before signing; `mended_on`: 销号."""

    circular: int
    line: int
    occurrence: str
    department: str
    problem: str
    shown: Mapping[str, Any]
    dropped: str = ""
    mended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Erratum:
    """The correction of a line: `truth` replaces what it said."""

    id: int
    circular: int
    line: int
    truth: str
    reason: str
    by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Paper:
    """A circular (`line` 0) or the erratum of a line, as issued. `pdf`: None until it is printed."""

    id: int
    county: str
    circular: int
    line: int
    year: int
    number: int
    title: str
    values: Mapping[str, Any]
    text: Sequence[Any]
    issued_at: datetime
    docx: bytes
    digest: str
    pdf: bytes | None


_LINES = select_as(CircularLineRow, circular_lines)
_PAPERS = select_as(Paper, circular_papers)
#: No erratum corrects the line.
_IS_UNCORRECTED = ~sa.exists().where(
    errata.c.circular == circular_lines.c.circular, errata.c.line == circular_lines.c.line
)
#: The line is part of an issued circular of the county.
_IS_ISSUED = (
    circulars.c.county == sa.bindparam("county"),
    circulars.c.state == "issued",
    circular_lines.c.dropped == "",
)
_OF_CIRCULAR = (circulars, circulars.c.id == circular_lines.c.circular)


def list_circulars(tx: Tx, county: str, *, month: str | None = None) -> list[CircularRow]:
    """Every edition, oldest first."""
    query = select_as(CircularRow, circulars).where(circulars.c.county == county)
    if month is not None:
        query = query.where(circulars.c.month == month)
    return read_all(tx, CircularRow, query.order_by(circulars.c.month, circulars.c.edition))


def find_latest_edition(tx: Tx, county: str, month: str) -> CircularRow | None:
    """The month's latest edition."""
    editions = list_circulars(tx, county, month=month)
    return editions[-1] if editions else None


def list_circular_lines(tx: Tx, circular: int) -> list[CircularLineRow]:
    query = _LINES.where(circular_lines.c.circular == circular).order_by(circular_lines.c.line)
    return read_all(tx, CircularLineRow, query)


def list_dropped_lines(tx: Tx, circular: CircularRow) -> list[CircularLineRow]:
    """The lines of this month's earlier editions that were removed before signing."""
    query = (
        _LINES.join(*_OF_CIRCULAR)
        .where(circulars.c.county == circular.county, circulars.c.month == circular.month)
        .where(circulars.c.edition < circular.edition, circular_lines.c.dropped != "")
        .order_by(circulars.c.edition, circular_lines.c.line)
    )
    return read_all(tx, CircularLineRow, query)


def add_circular(tx: Tx, values: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> int:
    """Insert an edition with its lines; returns its id. The unique key refuses a second edition of that number."""
    inserted = tx.execute(circulars.insert().values(dict(values)).returning(circulars.c.id))
    circular: int = inserted.scalar_one()
    if lines:
        tx.execute(circular_lines.insert(), [{**line, "circular": circular} for line in lines])
    return circular


def update_circular(tx: Tx, row: CircularRow, **values: Any) -> None:
    """Update an edition that is still in the state in which it was read. Raises StoreError where it is not."""
    where = (circulars.c.id == row.id, circulars.c.state == row.state)
    updated = tx.execute(circulars.update().where(*where).values(**values))
    if updated.rowcount != 1:
        raise StoreError(f"the circular of {row.month} was changed by somebody else meanwhile: look at it again")


def change_line(tx: Tx, circular: int, line: int, **values: Any) -> None:
    where = (circular_lines.c.circular == circular, circular_lines.c.line == line)
    tx.execute(circular_lines.update().where(*where).values(**values))


def find_last_number(tx: Tx, county: str, year: int) -> int:
    """The highest number given in that year, 0 where there is none. The caller holds the county's lock."""
    numbers = [
        sa.select(sa.func.coalesce(sa.func.max(table.c.number), 0)).where(
            table.c.county == county, table.c.year == year
        )
        for table in (circulars, circular_papers)
    ]
    return max([int(tx.execute(query).scalar_one()) for query in numbers])


_WARNINGS = (
    sa.select(circular_lines, circulars.c.year, circulars.c.number, circulars.c.issued_at)
    .join(*_OF_CIRCULAR)
    .where(*_IS_ISSUED, _IS_UNCORRECTED)
    .order_by(circulars.c.issued_at, circular_lines.c.line)
)
_UNMENDED = (
    _LINES.add_columns(circulars.c.month)
    .join(*_OF_CIRCULAR)
    .where(*_IS_ISSUED, _IS_UNCORRECTED, circular_lines.c.mended_on.is_(None))
    .order_by(circulars.c.issued_at, circular_lines.c.line)
)


def load_warnings(tx: Tx, county: str, prefix: str, zone: tzinfo) -> dict[str, list[Warned]]:
    """The lines of issued circulars by occurrence, oldest first, without those that an erratum corrects."""
    warnings: dict[str, list[Warned]] = {}
    for row in tx.execute(_WARNINGS, {"county": county}):
        number, day = f"{prefix}〔{row.year}〕{row.number}号", row.issued_at.astimezone(zone).date()
        warnings.setdefault(row.occurrence, []).append(Warned(number, day, row.line, row.mended_on is not None))
    return warnings


def list_unmended_lines(tx: Tx, county: str) -> list[tuple[str, CircularLineRow]]:
    """(month of the circular, line) for all issued lines that are not struck off yet, oldest first."""
    rows = tx.execute(_UNMENDED, {"county": county})
    return [(month, CircularLineRow(*line)) for *line, month in rows]


def add_erratum(tx: Tx, circular: int, line: int, *, truth: str, reason: str, by: str, now: datetime) -> None:
    values = {"circular": circular, "line": line, "truth": truth, "reason": reason, "by": by, "recorded_at": now}
    tx.execute(errata.insert().values(values))


def list_errata(tx: Tx, circular: int) -> list[Erratum]:
    return read_all(tx, Erratum, select_as(Erratum, errata).where(errata.c.circular == circular).order_by(errata.c.id))


def list_criticised_at(tx: Tx, county: str, at: datetime) -> list[tuple[str, str, int]]:
    """(occurrence, month, line) for all lines issued by that instant and not corrected by then."""
    is_corrected = sa.exists().where(
        errata.c.circular == circular_lines.c.circular,
        errata.c.line == circular_lines.c.line,
        errata.c.recorded_at <= at,
    )
    query = (
        sa.select(circular_lines.c.occurrence, circulars.c.month, circular_lines.c.line)
        .join(*_OF_CIRCULAR)
        .where(*_IS_ISSUED, circulars.c.issued_at <= at, ~is_corrected)
        .order_by(circulars.c.issued_at, circular_lines.c.line)
    )
    return [(row.occurrence, row.month, row.line) for row in tx.execute(query, {"county": county})]


def add_paper(tx: Tx, **values: Any) -> str:
    """Insert an issued document; returns the SHA-256 of its .docx. The unique keys refuse a number given twice."""
    digest = hashlib.sha256(values["docx"]).hexdigest()
    tx.execute(circular_papers.insert().values(**values, digest=digest))
    return digest


def list_papers(tx: Tx, circular: int) -> list[Paper]:
    """The issued circular and its errata, in the order of issue."""
    return read_all(tx, Paper, _PAPERS.where(circular_papers.c.circular == circular).order_by(circular_papers.c.id))


def find_paper(tx: Tx, county: str, year: int, number: int) -> Paper | None:
    where = (circular_papers.c.county == county, circular_papers.c.year == year, circular_papers.c.number == number)
    return read_one(tx, Paper, _PAPERS.where(*where))


class IssuedPaper(NamedTuple):
    """The head of an issued circular (`line` 0) or erratum."""

    month: str
    line: int
    year: int
    number: int
    title: str
    issued_at: datetime


def list_issued_papers(tx: Tx, county: str, most: int) -> list[IssuedPaper]:
    """The newest first."""
    paper = circular_papers.c
    columns = (circulars.c.month, paper.line, paper.year, paper.number, paper.title, paper.issued_at)
    query = sa.select(*columns).join(circulars, circulars.c.id == paper.circular).where(paper.county == county)
    return read_all(tx, IssuedPaper, query.order_by(paper.issued_at.desc(), paper.id.desc()).limit(most))


def add_pdf(tx: Tx, paper: int, pdf: bytes) -> bool:
    """Store the .pdf of a document; False where it has one already, which stays."""
    where = (circular_papers.c.id == paper, circular_papers.c.pdf.is_(None))
    return bool(tx.execute(circular_papers.update().where(*where).values(pdf=pdf)).rowcount)

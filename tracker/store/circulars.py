"""Circulars (通报) and their lines, from the draft to the erratum. Every move is a compare-and-set on the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, tzinfo
from typing import Any, Literal

import sqlalchemy as sa

from tracker.core.assessment.circular import Warned
from tracker.store.engine import StoreError, Tx
from tracker.store.tables_reports import circular_lines, circular_papers, circulars, errata

CircularState = Literal["draft", "consulting", "signed", "issued", "replaced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularRow:
    """One edition of a month's circular. `values`: what its words say; `text`: its paragraphs, once signed."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularLineRow:
    """One line. `shown`: its words; `dropped`: why it fell away before the signature; `mended_on`: 销号."""

    circular: int
    line: int
    occurrence: str
    department: str
    problem: str
    shown: Mapping[str, Any]
    dropped: str = ""
    mended_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """What is true instead of what a line said."""

    id: int
    circular: int
    line: int
    truth: str
    reason: str
    by: str
    recorded_at: datetime


_CIRCULAR = [one.name for one in fields(CircularRow)]
_LINE = [one.name for one in fields(CircularLineRow)]
_ERRATUM = [one.name for one in fields(Erratum)]
#: No erratum took the line back.
_STANDS = ~sa.exists().where(errata.c.circular == circular_lines.c.circular, errata.c.line == circular_lines.c.line)


def list_circulars(tx: Tx, county: str, *, month: str | None = None) -> list[CircularRow]:
    """Every edition, oldest first."""
    query = sa.select(*(circulars.c[name] for name in _CIRCULAR)).where(circulars.c.county == county)
    if month is not None:
        query = query.where(circulars.c.month == month)
    rows = tx.execute(query.order_by(circulars.c.month, circulars.c.edition))
    return [CircularRow(**dict(zip(_CIRCULAR, row, strict=True))) for row in rows]


def standing_circular(tx: Tx, county: str, month: str) -> CircularRow | None:
    """The month's latest edition."""
    found = list_circulars(tx, county, month=month)
    return found[-1] if found else None


def lines_of(tx: Tx, circular: int) -> list[CircularLineRow]:
    query = sa.select(*(circular_lines.c[name] for name in _LINE)).where(circular_lines.c.circular == circular)
    rows = tx.execute(query.order_by(circular_lines.c.line))
    return [CircularLineRow(**dict(zip(_LINE, row, strict=True))) for row in rows]


def dropped_of(tx: Tx, row: CircularRow) -> list[CircularLineRow]:
    """What was put to the departments and fell away at a signature, of the editions before this one."""
    query = (
        sa.select(*(circular_lines.c[name] for name in _LINE))
        .join(circulars, circulars.c.id == circular_lines.c.circular)
        .where(circulars.c.county == row.county, circulars.c.month == row.month, circulars.c.edition < row.edition)
        .where(circular_lines.c.dropped != "")
        .order_by(circulars.c.edition, circular_lines.c.line)
    )
    return [CircularLineRow(**dict(zip(_LINE, one, strict=True))) for one in tx.execute(query)]


def add_circular(tx: Tx, values: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> int:
    """Write an edition with its lines; its id. The unique key refuses a second edition of that number."""
    made = tx.execute(circulars.insert().values(dict(values)).returning(circulars.c.id))
    number: int = made.scalar_one()
    if lines:
        tx.execute(circular_lines.insert(), [{**one, "circular": number} for one in lines])
    return number


def move(tx: Tx, row: CircularRow, **values: Any) -> None:
    """Take the edition from the state it was read in. Raises StoreError where somebody was quicker."""
    where = (circulars.c.id == row.id, circulars.c.state == row.state)
    moved = tx.execute(circulars.update().where(*where).values(**values))
    if moved.rowcount != 1:
        raise StoreError(f"the circular of {row.month} was changed by somebody else meanwhile: look at it again")


def change_line(tx: Tx, circular: int, line: int, **values: Any) -> None:
    where = (circular_lines.c.circular == circular, circular_lines.c.line == line)
    tx.execute(circular_lines.update().where(*where).values(**values))


def last_number(tx: Tx, county: str, year: int) -> int:
    """The highest number given in that year, 0 where none was. Under the county's lock."""
    given = [
        sa.select(sa.func.coalesce(sa.func.max(one.c.number), 0)).where(one.c.county == county, one.c.year == year)
        for one in (circulars, circular_papers)
    ]
    return max([int(tx.execute(query).scalar_one()) for query in given])


def warnings(tx: Tx, county: str, prefix: str, zone: tzinfo) -> dict[str, list[Warned]]:
    """What issued circulars said, by occurrence, oldest first. What an erratum took back was never said."""
    query = (
        sa.select(circular_lines, circulars.c.year, circulars.c.number, circulars.c.issued_at)
        .join(circulars, circulars.c.id == circular_lines.c.circular)
        .where(circulars.c.county == county, circulars.c.state == "issued", circular_lines.c.dropped == "")
        .where(_STANDS)
        .order_by(circulars.c.issued_at, circular_lines.c.line)
    )
    found: dict[str, list[Warned]] = {}
    for row in tx.execute(query):
        said = Warned(
            f"{prefix}〔{row.year}〕{row.number}号",
            row.issued_at.astimezone(zone).date(),
            row.line,
            row.mended_on is not None,
        )
        found.setdefault(row.occurrence, []).append(said)
    return found


_UNMENDED = (
    sa.select(
        *(circulars.c[name].label(f"c_{name}") for name in _CIRCULAR),
        *(circular_lines.c[name] for name in _LINE),
    )
    .join(circulars, circulars.c.id == circular_lines.c.circular)
    .where(circulars.c.county == sa.bindparam("county"), circulars.c.state == "issued")
    .where(circular_lines.c.dropped == "", circular_lines.c.mended_on.is_(None), _STANDS)
    .order_by(circulars.c.issued_at, circular_lines.c.line)
)


def unmended(tx: Tx, county: str) -> list[tuple[CircularRow, CircularLineRow]]:
    """Lines of issued circulars that are not struck off yet, oldest first."""
    split = len(_CIRCULAR)
    return [
        (
            CircularRow(**dict(zip(_CIRCULAR, row[:split], strict=True))),
            CircularLineRow(**dict(zip(_LINE, row[split:], strict=True))),
        )
        for row in tx.execute(_UNMENDED, {"county": county})
    ]


def add_erratum(tx: Tx, circular: int, line: int, *, truth: str, reason: str, by: str, now: datetime) -> None:
    values = {"circular": circular, "line": line, "truth": truth, "reason": reason, "by": by, "recorded_at": now}
    tx.execute(errata.insert().values(values))


def errata_of(tx: Tx, circular: int) -> list[Erratum]:
    query = sa.select(*(errata.c[name] for name in _ERRATUM)).where(errata.c.circular == circular)
    rows = tx.execute(query.order_by(errata.c.id))
    return [Erratum(**dict(zip(_ERRATUM, row, strict=True))) for row in rows]


def criticised_by(tx: Tx, county: str, at: datetime) -> list[tuple[str, str, int]]:
    """What had been criticised by that instant, and not taken back: the occurrence, the circular's month, its line."""
    taken = sa.exists().where(
        errata.c.circular == circular_lines.c.circular,
        errata.c.line == circular_lines.c.line,
        errata.c.recorded_at <= at,
    )
    query = (
        sa.select(circular_lines.c.occurrence, circulars.c.month, circular_lines.c.line)
        .join(circulars, circulars.c.id == circular_lines.c.circular)
        .where(circulars.c.county == county, circulars.c.state == "issued", circulars.c.issued_at <= at)
        .where(circular_lines.c.dropped == "", ~taken)
        .order_by(circulars.c.issued_at, circular_lines.c.line)
    )
    return [(row.occurrence, row.month, row.line) for row in tx.execute(query)]

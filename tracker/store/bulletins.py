"""Numbers overdue reports (专报) and keeps their papers: numbers count from 1 within a county and year."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.rows import read_one, select_as, values_of
from tracker.store.tables_reports import bulletins


@dataclass(frozen=True, slots=True)
class Bulletin:
    """A numbered report as sent. `subject`: that of its notice; `digest`: SHA-256 of the .docx."""

    county: str
    year: int
    number: int
    subject: str
    title: str
    issued_at: datetime
    docx: bytes
    digest: str


_BULLETINS = select_as(Bulletin, bulletins)


def next_number(tx: Tx, county: str, year: int) -> int:
    """The number after the last one of that year; another's too, until the caller holds the county's lock."""
    where = (bulletins.c.county == county, bulletins.c.year == year)
    last: int | None = tx.execute(sa.select(sa.func.max(bulletins.c.number)).where(*where)).scalar_one_or_none()
    return (last or 0) + 1


def add_bulletin(
    tx: Tx, county: str, year: int, number: int, *, subject: str, title: str, docx: bytes, now: datetime
) -> str:
    """Keep a report as sent; returns the SHA-256 of its .docx. The keys refuse a second number of one report, and one
    number for two."""
    digest = hashlib.sha256(docx).hexdigest()
    row = Bulletin(county, year, number, subject, title, now, docx, digest)
    tx.execute(bulletins.insert().values(values_of(row)))
    return digest


def find_bulletin(tx: Tx, county: str, year: int, number: int) -> Bulletin | None:
    where = (bulletins.c.county == county, bulletins.c.year == year, bulletins.c.number == number)
    return read_one(tx, Bulletin, _BULLETINS.where(*where))


def find_bulletin_of(tx: Tx, county: str, subject: str) -> Bulletin | None:
    """The numbered paper of a report, by the subject of its notice."""
    return read_one(tx, Bulletin, _BULLETINS.where(bulletins.c.county == county, bulletins.c.subject == subject))

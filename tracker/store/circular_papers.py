"""Circulars and errata as they were issued: numbered in one series, the bytes kept that everybody was sent."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.tables_reports import circular_papers


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """One document. `line`: 0 is the circular itself, else the line that it corrects; `pdf`: None until one is made."""

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


_PAPER = [one.name for one in fields(Paper)]
_SELECT = sa.select(*(circular_papers.c[name] for name in _PAPER))


def add_paper(tx: Tx, **values: Any) -> str:
    """Keep a document as it was issued; the SHA-256 of its .docx. The unique keys refuse a number given twice."""
    digest = hashlib.sha256(values["docx"]).hexdigest()
    tx.execute(circular_papers.insert().values(**values, digest=digest))
    return digest


def papers_of(tx: Tx, circular: int) -> list[Paper]:
    """The circular as issued and what corrects it, in the order of their numbers."""
    rows = tx.execute(_SELECT.where(circular_papers.c.circular == circular).order_by(circular_papers.c.id))
    return [Paper(**dict(zip(_PAPER, row, strict=True))) for row in rows]


def find_paper(tx: Tx, county: str, year: int, number: int) -> Paper | None:
    """By its number."""
    where = (circular_papers.c.county == county, circular_papers.c.year == year, circular_papers.c.number == number)
    row = tx.execute(_SELECT.where(*where)).one_or_none()
    return Paper(**dict(zip(_PAPER, row, strict=True))) if row else None


def add_pdf(tx: Tx, paper: int, pdf: bytes) -> bool:
    """Keep the .pdf of a document; False where another was first: then that one is it."""
    where = (circular_papers.c.id == paper, circular_papers.c.pdf.is_(None))
    return bool(tx.execute(circular_papers.update().where(*where).values(pdf=pdf)).rowcount)

"""Stores who looked at the personal data of requests, and for what."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from tracker.store.engine import Tx
from tracker.store.rows import read_all, select_as
from tracker.store.tables_requests import person_looks, requests


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody looked at the personal data of a request, and for what."""

    request: int
    at: datetime
    by: str
    purpose: str


def add_look(tx: Tx, look: Look) -> None:
    tx.execute(person_looks.insert().values(asdict(look)))


def list_looks(tx: Tx, county: str, *, request: int | None = None, since: datetime | None = None) -> list[Look]:
    """The looks at the personal data of a county's requests, or of one request, oldest first."""
    query = (
        select_as(Look, person_looks)
        .join(requests, requests.c.id == person_looks.c.request)
        .where(requests.c.county == county)
        .order_by(person_looks.c.at, person_looks.c.id)
    )
    if request is not None:
        query = query.where(person_looks.c.request == request)
    if since is not None:
        query = query.where(person_looks.c.at >= since)
    return read_all(tx, Look, query)

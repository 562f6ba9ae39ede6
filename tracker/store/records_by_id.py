"""Counts what people recorded about a department or a duty."""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.tables import events, filings, rulings
from tracker.store.tables_answers import acknowledgements
from tracker.store.tables_requests import requests


def count_records(tx: Tx, county: str, kind: Literal["department", "duty"], id: str) -> dict[str, int]:
    """How many filings, decisions, answers, events and requests name it; an event that was withdrawn does not count.

    `id` of a duty is `PACK/DUTY`.
    """
    by_key = {"filings": filings, "decisions": rulings, "answers": acknowledgements}
    counts = {name: _count_by_key(tx, table, county, kind, id) for name, table in by_key.items()}
    duty = id.rpartition("/")[2]
    is_about = events.c.department == id if kind == "department" else events.c.duty == duty
    counts["events"] = _count(tx, events, events.c.county == county, is_about, events.c.withdrawn_at.is_(None))
    of_department = (requests.c.county == county, requests.c.department == id)
    counts["requests"] = _count(tx, requests, *of_department) if kind == "department" else 0
    return counts


def _count_by_key(tx: Tx, table: sa.Table, county: str, kind: str, id: str) -> int:
    """Rows whose occurrence's key, `COUNTY/PACK/DUTY/DEPARTMENT/LABEL`, names the duty or the department."""
    key, like = table.c.occurrence, f"{county}/{id}/" if kind == "duty" else f"{county}/%"
    rows = tx.execute(sa.select(key).where(table.c.county == county, key.like(like + "%"))).scalars()
    if kind == "duty":
        return sum(each.startswith(like) for each in rows)
    return sum(len(parts := each.split("/", 4)) == 5 and id in parts[3].split("+") for each in rows)


def _count(tx: Tx, table: sa.Table, *conditions: sa.ColumnElement[bool]) -> int:
    return int(tx.execute(sa.select(sa.func.count()).select_from(table).where(*conditions)).scalar_one())

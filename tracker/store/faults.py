"""What failed in a pass and did not stop it: recorded once per subject and action, shown until it is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tracker.store.engine import Tx, insert
from tracker.store.rows import read_all, select_as
from tracker.store.tables_reports import faults


@dataclass(frozen=True, slots=True)
class Fault:
    """An occurrence, page or mailbox that fails: since when, how often in a row, until when."""

    county: str
    subject: str
    action: str
    error: str
    first_at: datetime
    last_at: datetime
    count: int
    cleared_at: datetime | None = None


def record_fault(tx: Tx, county: str, subject: str, action: str, error: str, now: datetime) -> None:
    """Count it; one that had been cleared begins anew."""
    statement = insert(tx, faults).values(
        county=county, subject=subject, action=action, error=error, first_at=now, last_at=now, count=1
    )
    again = faults.c.cleared_at.is_(None)
    changed = {
        "error": error,
        "last_at": now,
        "first_at": sa.case((again, faults.c.first_at), else_=statement.excluded.first_at),
        "count": sa.case((again, faults.c.count + 1), else_=1),
        "cleared_at": None,
    }
    tx.execute(statement.on_conflict_do_update(index_elements=["county", "subject", "action"], set_=changed))


def clear_fault(tx: Tx, county: str, subject: str, action: str, now: datetime) -> bool:
    """It works again; whether it had failed before."""
    where = (faults.c.county == county, faults.c.subject == subject, faults.c.action == action)
    statement = faults.update().where(*where, faults.c.cleared_at.is_(None)).values(cleared_at=now)
    return tx.execute(statement).rowcount == 1


def clear_faults(tx: Tx, over: Iterable[Fault], now: datetime) -> None:
    """They work again."""
    for fault in over:
        clear_fault(tx, fault.county, fault.subject, fault.action, now)


def list_faulty_groups(tx: Tx, county: str) -> frozenset[str]:
    """The groups that the last pass could not judge."""
    where = (faults.c.county == county, faults.c.action == "judge", faults.c.cleared_at.is_(None))
    return frozenset(tx.execute(sa.select(faults.c.subject).where(*where)).scalars())


def list_faults(tx: Tx, county: str | None = None, *, cleared: bool = False) -> list[Fault]:
    """What fails now, longest first; with `cleared`, what once did as well."""
    query = select_as(Fault, faults).order_by(faults.c.first_at, faults.c.subject, faults.c.action)
    if county is not None:
        query = query.where(faults.c.county == county)
    if not cleared:
        query = query.where(faults.c.cleared_at.is_(None))
    return read_all(tx, Fault, query)

"""Stores faults: failures that did not stop a pass, one for each subject and action, shown until they are cleared."""

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
    """The failure of an occurrence, page or mailbox; `count`: how often in a row."""

    county: str
    subject: str
    action: str
    error: str
    first_at: datetime
    last_at: datetime
    count: int
    cleared_at: datetime | None = None


_UNJUDGED = sa.select(faults.c.subject).where(
    faults.c.county == sa.bindparam("county"), faults.c.action == "judge", faults.c.cleared_at.is_(None)
)


_OPEN_OF = sa.select(faults.c.county).where(
    faults.c.subject == sa.bindparam("subject"),
    faults.c.action == sa.bindparam("action"),
    faults.c.cleared_at.is_(None),
)


def record_fault(tx: Tx, county: str, subject: str, action: str, error: str, now: datetime) -> None:
    """Record a failure: insert the fault, or count it once more; a cleared one starts again at 1."""
    statement = insert(tx, faults).values(
        county=county, subject=subject, action=action, error=error, first_at=now, last_at=now, count=1
    )
    is_open = faults.c.cleared_at.is_(None)
    changed = {
        "error": error,
        "last_at": now,
        "first_at": sa.case((is_open, faults.c.first_at), else_=statement.excluded.first_at),
        "count": sa.case((is_open, faults.c.count + 1), else_=1),
        "cleared_at": None,
    }
    tx.execute(statement.on_conflict_do_update(index_elements=["county", "subject", "action"], set_=changed))


def clear_fault(tx: Tx, county: str, subject: str, action: str, now: datetime) -> bool:
    """Record that the subject works again; whether it had failed before."""
    where = (faults.c.county == county, faults.c.subject == subject, faults.c.action == action)
    statement = faults.update().where(*where, faults.c.cleared_at.is_(None)).values(cleared_at=now)
    return tx.execute(statement).rowcount == 1


def clear_faults(tx: Tx, cleared: Iterable[Fault], now: datetime) -> None:
    """Record that the subjects of these faults work again."""
    for fault in cleared:
        clear_fault(tx, fault.county, fault.subject, fault.action, now)


def list_faulty_groups(tx: Tx, county: str) -> frozenset[str]:
    """The groups that the last pass could not judge."""
    return frozenset(tx.execute(_UNJUDGED, {"county": county}).scalars())


def list_faulty_counties(tx: Tx, subject: str, action: str) -> frozenset[str]:
    """The counties in which this subject's action fails."""
    return frozenset(tx.execute(_OPEN_OF, {"subject": subject, "action": action}).scalars())


def list_faults(tx: Tx, county: str | None = None, *, cleared: bool = False) -> list[Fault]:
    """The open faults, oldest first; with `cleared` the cleared ones too."""
    query = select_as(Fault, faults).order_by(faults.c.first_at, faults.c.subject, faults.c.action)
    if county is not None:
        query = query.where(faults.c.county == county)
    if not cleared:
        query = query.where(faults.c.cleared_at.is_(None))
    return read_all(tx, Fault, query)

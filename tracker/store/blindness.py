"""Which columns could not be looked at, as of any instant: read from the visits, which nothing changes later."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tracker.core.values.facts import VisitOutcome
from tracker.store.engine import Tx
from tracker.store.faults import Fault
from tracker.store.tables import visits
from tracker.store.tables_running import faults


def blind_at(tx: Tx, county: str, at: datetime) -> list[Fault]:
    """The columns whose last visit by then could not read them, longest first, since the first that could not.

    Then the columns whose articles showed nothing: of those only the last fault is kept, so one that had begun and
    was not over by then, and not one that failed anew since.
    """
    by_then = (visits.c.county == county, visits.c.ended_at <= at)
    read = (
        sa.select(visits.c.column, sa.func.max(visits.c.began_at).label("at"))
        .where(*by_then, visits.c.outcome == VisitOutcome.READ)
        .group_by(visits.c.column)
        .subquery()
    )
    query = (
        sa.select(visits.c.column, visits.c.ended_at, visits.c.note)
        .outerjoin(read, read.c.column == visits.c.column)
        .where(*by_then, visits.c.outcome != VisitOutcome.READ)
        .where(sa.or_(read.c.at.is_(None), visits.c.began_at > read.c.at))
        .order_by(visits.c.column, visits.c.began_at)
    )
    failed: dict[str, list[tuple[datetime, str]]] = {}
    for column, ended_at, note in tx.execute(query):
        failed.setdefault(column, []).append((ended_at, note))
    found = [
        Fault(county, f"column:{column}", "crawl", each[-1][1], each[0][0], each[-1][0], len(each))
        for column, each in failed.items()
    ]
    return sorted(
        [*found, *_articles_at(tx, county, at)], key=lambda fault: (fault.first_at, fault.subject, fault.action)
    )


def _articles_at(tx: Tx, county: str, at: datetime) -> list[Fault]:
    columns = [column for column in faults.c if column.name != "id"]
    standing = sa.or_(faults.c.cleared_at.is_(None), faults.c.cleared_at > at)
    query = sa.select(*columns).where(
        faults.c.county == county, faults.c.action == "articles", faults.c.first_at <= at, standing
    )
    return [Fault(**row._mapping) for row in tx.execute(query)]

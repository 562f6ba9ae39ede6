"""Reads how each of many counties stands: when it was decided and read last, and how many matters have which light."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa

from tracker.core.values.facts import VisitOutcome
from tracker.core.values.verdicts import Light, Status
from tracker.store.counties import CountyRow
from tracker.store.county_passes import COUNTY
from tracker.store.engine import Tx
from tracker.store.tables import counties, occurrences, visits
from tracker.store.tables_reports import faults


@dataclass(frozen=True, slots=True)
class CountyProgress:
    """A county's row, when a column of its site was last read, and why its passes fail ("": they do not)."""

    row: CountyRow
    read_at: datetime | None
    fault: str


@dataclass(frozen=True, slots=True)
class MatterCounts:
    """How many matters that are not closed have each light, and how many are overdue; without what was due before the
    county began (grey)."""

    lights: Mapping[Light, int]
    overdue: int


# A visit's number grows with its day. The outcome is put so that no index of it is taken, whose rows had to be sorted.
_READ_AT = (
    sa.select(visits.c.ended_at)
    .where(visits.c.county == counties.c.id, sa.func.coalesce(visits.c.outcome, "") == VisitOutcome.READ.value)
    .order_by(visits.c.seq.desc())
    .limit(1)
    .scalar_subquery()
)
_FAULT = (
    sa.select(faults.c.error)
    .where(faults.c.county == counties.c.id, faults.c.subject == COUNTY, faults.c.cleared_at.is_(None))
    .order_by(faults.c.last_at.desc())
    .limit(1)
    .scalar_subquery()
)


def load_states(tx: Tx, of: Collection[str]) -> dict[str, CountyProgress]:
    """By county, those that the database has. One statement, which looks at the end of each county's visits."""
    names = [field.name for field in fields(CountyRow)]
    query = sa.select(*(counties.c[name] for name in names), _READ_AT, _FAULT).where(counties.c.id.in_(of))
    return {row[0]: CountyProgress(CountyRow(*row[:-2]), row[-2], row[-1] or "") for row in tx.execute(query)}


def count_matters_of(tx: Tx, of: Collection[str]) -> dict[str, MatterCounts]:
    """By county. One statement, from an index alone."""
    column = occurrences.c
    groups = (column.county, column.light, column.status)
    query = sa.select(*groups, sa.func.count()).where(column.county.in_(of), column.closed.is_(False))
    lights: dict[str, dict[Light, int]] = {county: defaultdict(int) for county in of}
    overdue: dict[str, int] = defaultdict(int)
    for county, light, status, count in tx.execute(query.group_by(*groups)):
        lights[county][light] += count
        overdue[county] += count if Status(status).late and light != Light.GREY else 0
    return {county: MatterCounts(dict(each), overdue[county]) for county, each in lights.items()}

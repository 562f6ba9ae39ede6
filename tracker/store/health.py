"""How well each column could be read, and when it last brought something."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from tracker.core.values.facts import Moment, VisitOutcome
from tracker.store.engine import Tx
from tracker.store.tables import entries, entry_versions, visits
from tracker.store.types import MomentText


class Health(NamedTuple):
    """One column. `outcome` and `note`: of the latest visit; `entries`: those that stand; `newest`: what the
    newest of them claims; `arrived_at`: when the latest one was first seen."""

    attempted_at: datetime
    outcome: VisitOutcome
    note: str
    succeeded_at: datetime | None = None
    entries: int = 0
    newest: Moment | None = None
    arrived_at: datetime | None = None


_later = visits.alias()
_LATEST = sa.select(visits.c.column, visits.c.began_at, visits.c.outcome, visits.c.note).where(
    visits.c.county == sa.bindparam("county"),
    visits.c.began_at
    == sa.select(sa.func.max(_later.c.began_at))
    .where(_later.c.county == visits.c.county, _later.c.column == visits.c.column)
    .scalar_subquery(),
)
_READ = (
    sa.select(visits.c.column, sa.func.max(visits.c.began_at))
    .where(visits.c.county == sa.bindparam("county"), visits.c.outcome == str(VisitOutcome.READ))
    .group_by(visits.c.column)
)
_BY_TODAY = entry_versions.c.claimed < sa.bindparam("until", type_=MomentText)
_others = entry_versions.alias()
_STANDING = (
    sa.select(
        entries.c.column,
        sa.func.count(sa.distinct(entries.c.id)),
        sa.func.max(sa.case((_BY_TODAY, entry_versions.c.claimed))),
        sa.func.max(entries.c.first_seen_at),
    )
    .select_from(entries.join(entry_versions, entry_versions.c.entry == entries.c.id))
    .where(
        entries.c.county == sa.bindparam("county"),
        entries.c.gone_at.is_(None),
        entry_versions.c.number
        == sa.select(sa.func.max(_others.c.number)).where(_others.c.entry == entries.c.id).scalar_subquery(),
    )
    .group_by(entries.c.column)
)


def column_health(tx: Tx, county: str, today: date) -> dict[str, Health]:
    """By column, those that were ever visited. A claim beyond `today` is a slip and makes nothing new."""
    chosen = {"county": county}
    read = {row[0]: row[1] for row in tx.execute(_READ, chosen)}
    claims = {"until": today + timedelta(days=1)}
    standing = {column: found for column, *found in tx.execute(_STANDING, chosen | claims)}
    return {
        column: Health(at, VisitOutcome(outcome), note, read.get(column), *standing.get(column, ()))
        for column, at, outcome, note in tx.execute(_LATEST, chosen)
    }


def last_looked(tx: Tx, county: str, at: datetime) -> dict[str, datetime]:
    """By column: when its last complete visit by that instant ended."""
    complete = (visits.c.county == county, visits.c.reached != "", visits.c.ended_at <= at)
    query = sa.select(visits.c.column, sa.func.max(visits.c.ended_at)).where(*complete).group_by(visits.c.column)
    return {row[0]: row[1] for row in tx.execute(query)}


def seen_by(tx: Tx, county: str, at: datetime) -> int:
    """The number of the last visit that had ended by that instant, 0 where there was none."""
    query = sa.select(sa.func.coalesce(sa.func.max(visits.c.seq), 0)).where(
        visits.c.county == county, visits.c.ended_at <= at
    )
    return int(tx.execute(query).scalar_one())

"""Stores visits to the columns of a site and reports which columns fail, since when, and how healthy each one is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.values.certificate import Certificate
from tracker.core.values.facts import Moment, Visit, VisitOutcome
from tracker.store.certificates import record_certificates
from tracker.store.columns import MomentText
from tracker.store.engine import Tx, insert_new
from tracker.store.faults import Fault
from tracker.store.rows import read_all, select_as, values_of, write_rows
from tracker.store.tables import entries, entry_versions, visits
from tracker.store.tables_reports import faults


class Health(NamedTuple):
    """The health of a column. `outcome`, `note`: of the latest visit; `entries`: the number of those not gone;
    `newest`: the latest claimed date; `arrived_at`: when the latest entry was first seen."""

    attempted_at: datetime
    outcome: VisitOutcome
    note: str
    succeeded_at: datetime | None = None
    entries: int = 0
    newest: Moment | None = None
    arrived_at: datetime | None = None


_IS_READ = visits.c.outcome == VisitOutcome.READ
_other = visits.alias()
#: Before every visit.
_NEVER = datetime(1, 1, 2, tzinfo=UTC)


def _select_last_read(county: str, *where: sa.ColumnElement[bool]) -> sa.Select[tuple[str, datetime]]:
    """The query for when the last successful visit of each column began (`at`)."""
    began_at = sa.func.max(visits.c.began_at, type_=visits.c.began_at.type).label("at")
    query = sa.select(visits.c.column, began_at).where(visits.c.county == county, _IS_READ, *where)
    return query.group_by(visits.c.column)


def record_visits(
    tx: Tx,
    county: str,
    seq: int,
    new_visits: Sequence[Visit],
    certificates: Mapping[str, Certificate] = MappingProxyType({}),
) -> None:
    """Insert visits, one per column and beginning; a visit that is recorded already is ignored.

    `certificates`: by digest, those that the visits name.
    """
    record_certificates(tx, county, certificates)
    write_rows(tx, insert_new(tx, visits), {"county": county, "seq": seq}, [values_of(visit) for visit in new_visits])


def count_visits(tx: Tx, county: str) -> int:
    """The number of recorded visits, by which a process notices visits of another one."""
    return int(tx.execute(sa.select(sa.func.count()).where(visits.c.county == county)).scalar_one())


def load_visits(tx: Tx, county: str, columns: Collection[str]) -> list[Visit]:
    """Every visit of some columns."""
    query = select_as(Visit, visits).where(visits.c.county == county, visits.c.column.in_(columns))
    return read_all(tx, Visit, query.order_by(visits.c.id)) if columns else []


def load_failing_visits(tx: Tx, county: str, columns: Collection[str]) -> list[Visit]:
    """The failed visits of each of these columns since its last successful one, found from the end of an index."""
    return read_all(tx, Visit, _build_failing(tx.dialect.name), {"county": county, "names": list(columns)})


@cache
def _build_failing(dialect: str) -> sa.Select[Any]:
    last = _build_last_reads(dialect).cte()
    since = sa.func.coalesce(last.c.at, sa.literal(_NEVER, visits.c.began_at.type))
    query = select_as(Visit, visits).join(last, last.c.name == visits.c.column)
    query = query.where(visits.c.county == sa.bindparam("county"), visits.c.began_at > since)
    return query.order_by(visits.c.id)


@cache
def _build_last_reads(dialect: str) -> sa.Select[tuple[str, datetime]]:
    """Of each named column its name and when its last successful visit began (`at`).

    One parameter for all names: with one for each it would be compiled anew each time.
    """
    each = sa.func.json_each if dialect == "sqlite" else sa.func.json_array_elements_text
    names = each(sa.bindparam("names", type_=sa.JSON)).table_valued(sa.column("value", _other.c.column.type))
    last = sa.select(_other.c.began_at).where(
        _other.c.county == sa.bindparam("county"),
        _other.c.column == names.c.value,
        _other.c.outcome == VisitOutcome.READ,
    )
    at = last.order_by(_other.c.began_at.desc()).limit(1).scalar_subquery()
    return sa.select(names.c.value.label("name"), at.label("at"))


def list_blind_columns(tx: Tx, county: str, at: datetime) -> list[Fault]:
    """The faults of columns that could not be read at that instant, oldest first.

    They are built from the failed visits since the last successful one. Columns whose articles were empty are read
    from the recorded faults, which have only the last failure of a column: one that began later is not listed.
    """
    read = _select_last_read(county, visits.c.ended_at <= at).subquery()
    query = (
        sa.select(visits.c.column, visits.c.ended_at, visits.c.note)
        .outerjoin(read, read.c.column == visits.c.column)
        .where(visits.c.county == county, visits.c.ended_at <= at, ~_IS_READ)
        .where(sa.or_(read.c.at.is_(None), visits.c.began_at > read.c.at))
        .order_by(visits.c.column, visits.c.began_at)
    )
    failed: dict[str, list[tuple[datetime, str]]] = {}
    for column, ended_at, note in tx.execute(query):
        failed.setdefault(column, []).append((ended_at, note))
    blind = [
        Fault(county, f"column:{column}", "crawl", attempts[-1][1], attempts[0][0], attempts[-1][0], len(attempts))
        for column, attempts in failed.items()
    ]
    uncleared = sa.or_(faults.c.cleared_at.is_(None), faults.c.cleared_at > at)
    where = (faults.c.county == county, faults.c.action == "articles", faults.c.first_at <= at, uncleared)
    blind += read_all(tx, Fault, select_as(Fault, faults).where(*where))
    return sorted(blind, key=lambda fault: (fault.first_at, fault.subject, fault.action))


def load_last_reads(tx: Tx, county: str) -> dict[str, datetime]:
    """When the last successful visit of each column began."""
    return {row.column: row.at for row in tx.execute(_select_last_read(county))}


def find_last_reads(tx: Tx, county: str, columns: Collection[str]) -> dict[str, datetime]:
    """As `load_last_reads`, for these columns: found from the end of an index, however many visits there were."""
    rows = tx.execute(_build_last_reads(tx.dialect.name), {"county": county, "names": list(columns)})
    return {row.name: row.at for row in rows if row.at is not None}


def load_last_read_visits(tx: Tx, county: str) -> dict[str, Visit]:
    """The last successful visit of each column."""
    latest = _select_last_read(county).subquery()
    same = sa.and_(latest.c.column == visits.c.column, latest.c.at == visits.c.began_at)
    query = select_as(Visit, visits).join(latest, same).where(visits.c.county == county)
    return {visit.column: visit for visit in read_all(tx, Visit, query)}


def load_first_reads(tx: Tx, county: str) -> dict[str, datetime]:
    """When the first successful visit of each column began."""
    began_at = sa.func.min(visits.c.began_at, type_=visits.c.began_at.type)
    query = sa.select(visits.c.column, began_at).where(visits.c.county == county, _IS_READ)
    return {row[0]: row[1] for row in tx.execute(query.group_by(visits.c.column))}


def load_last_complete(tx: Tx, county: str, at: datetime) -> dict[str, datetime]:
    """When the last complete visit of each column by that instant ended."""
    complete = (visits.c.county == county, visits.c.reached != "", visits.c.ended_at <= at)
    query = sa.select(visits.c.column, sa.func.max(visits.c.ended_at)).where(*complete).group_by(visits.c.column)
    return {row[0]: row[1] for row in tx.execute(query)}


def find_last_seen_seq(tx: Tx, county: str, at: datetime) -> int:
    """The `seq` of the last visit that ended by that instant, 0 where there is none."""
    query = sa.select(sa.func.coalesce(sa.func.max(visits.c.seq), 0))
    return int(tx.execute(query.where(visits.c.county == county, visits.c.ended_at <= at)).scalar_one())


_LATEST = sa.select(visits.c.column, visits.c.began_at, visits.c.outcome, visits.c.note).where(
    visits.c.county == sa.bindparam("county"),
    visits.c.began_at
    == sa.select(sa.func.max(_other.c.began_at))
    .where(_other.c.county == visits.c.county, _other.c.column == visits.c.column)
    .scalar_subquery(),
)
_BY_TODAY = entry_versions.c.claimed < sa.bindparam("until", type_=MomentText)
_others = entry_versions.alias()
_ENTRIES = (
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


def load_column_health(tx: Tx, county: str, today: date) -> dict[str, Health]:
    """The health of every visited column. Claimed dates after `today` are typing errors and do not count as newest."""
    rows = tx.execute(_ENTRIES, {"county": county, "until": today + timedelta(days=1)})
    of_entries = {column: values for column, *values in rows}
    return {
        column: health._replace(**dict(zip(Health._fields[4:], of_entries.get(column, ()), strict=False)))
        for column, health in load_column_visits(tx, county).items()
    }


def load_column_visits(tx: Tx, county: str) -> dict[str, Health]:
    """The health of every visited column, without that of its entries."""
    read = load_last_reads(tx, county)
    latest = tx.execute(_LATEST, {"county": county})
    return {
        column: Health(attempted_at, outcome, note, read.get(column)) for column, attempted_at, outcome, note in latest
    }

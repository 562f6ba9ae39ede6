"""Selects the counties, occurrences and entries that a pass has to judge again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.store.engine import Tx
from tracker.store.occurrences import ALL_OCCURRENCES, OccurrenceRow
from tracker.store.rows import batches, read_all
from tracker.store.tables import (
    counties,
    entries,
    entry_versions,
    filings,
    messages,
    notices,
    occurrences,
    rulings,
    visits,
)
from tracker.store.tables_reports import faults


@dataclass(frozen=True, slots=True)
class CountyState:
    """How far a county was decided.

    `next_at`: when time alone may first change an occurrence; `beside_at`: when it may first change a notice that is
    not about an occurrence. `has_sent_report`: a report was sent since the last pass. `is_faulty`: the last pass could
    not judge a duty.
    """

    id: str
    seq: int
    decided_seq: int
    decided_by: str
    opened_until: date | None
    ticked_at: datetime | None
    beside_at: datetime | None
    next_at: datetime | None
    has_sent_report: bool
    is_faulty: bool

    @property
    def due_at(self) -> datetime | None:
        """When time alone may first change an occurrence or a notice of the county."""
        return min((at for at in (self.next_at, self.beside_at) if at is not None), default=None)


_KEYS = sa.select(occurrences.c.key).where(occurrences.c.county == sa.bindparam("county"))
_DUE = _KEYS.where(occurrences.c.next_at <= sa.bindparam("now"))
_AWAITING_VISIT = _KEYS.where(occurrences.c.awaits_visit.is_(True))
_NEXT_CHANGE = sa.select(sa.func.min(occurrences.c.next_at, type_=occurrences.c.next_at.type)).where(
    occurrences.c.county == sa.bindparam("county"), occurrences.c.next_at > sa.bindparam("now")
)
_START = sa.select(sa.func.min(occurrences.c.created_at, type_=occurrences.c.created_at.type)).where(
    occurrences.c.county == sa.bindparam("county")
)
_NEXT = (
    sa.select(sa.func.min(occurrences.c.next_at, type_=occurrences.c.next_at.type))
    .where(occurrences.c.county == counties.c.id, occurrences.c.next_at.is_not(None))
    .correlate(counties)
    .scalar_subquery()
)
_REPORTED = (
    sa.select(1)
    .select_from(messages)
    .join(notices, notices.c.message == messages.c.id)
    .where(
        messages.c.county == counties.c.id,
        messages.c.sent_at >= counties.c.ticked_at,
        notices.c.subject.startswith("report:"),
        notices.c.state == "sent",
    )
    .correlate(counties)
    .exists()
)
_FAULTY = (
    sa.select(1)
    .where(faults.c.county == counties.c.id, faults.c.action == "judge", faults.c.cleared_at.is_(None))
    .correlate(counties)
    .exists()
)
_STATES = sa.select(
    counties.c.id, counties.c.seq, counties.c.decided_seq, counties.c.decided_by, counties.c.opened_until,
    counties.c.ticked_at, counties.c.next_at.label("beside_at"), _NEXT.label("next_at"), _REPORTED.label("reported"),
    _FAULTY.label("faulty"),
)  # fmt: skip


def load_county_states(tx: Tx) -> dict[str, CountyState]:
    """The state of every county, by id."""
    return {row.id: CountyState(*row[:-2], *map(bool, row[-2:])) for row in tx.execute(_STATES)}


def list_due_keys(tx: Tx, county: str, now: datetime) -> list[str]:
    """The keys of the occurrences that time alone may have changed."""
    return list(tx.execute(_DUE, {"county": county, "now": now}).scalars())


def list_keys_awaiting_visit(tx: Tx, county: str) -> list[str]:
    """The keys of the occurrences that the next visit to their columns may change."""
    return list(tx.execute(_AWAITING_VISIT, {"county": county}).scalars())


def count_rows(tx: Tx, county: str, most: int) -> int:
    """How many occurrences the county has; counted up to `most`."""
    rows = _KEYS.limit(most).subquery()
    return int(tx.execute(sa.select(sa.func.count()).select_from(rows), {"county": county}).scalar_one())


def find_next_change(tx: Tx, county: str, now: datetime) -> datetime | None:
    """When time alone may next change an occurrence, after `now`."""
    next_at: datetime | None = tx.execute(_NEXT_CHANGE, {"county": county, "now": now}).scalar()
    return next_at


def find_start(tx: Tx, county: str) -> datetime | None:
    """When the county's first occurrences were written."""
    start: datetime | None = tx.execute(_START, {"county": county}).scalar()
    return start


def list_subjects_naming(tx: Tx, county: str, addresses: Collection[str]) -> set[str]:
    """The occurrences with a filing or a ruling that names one of these addresses."""
    subjects: set[str] = set()
    for batch in batches(sorted(addresses), 500):
        of_rulings = sa.select(rulings.c.occurrence).where(rulings.c.county == county, rulings.c.target.in_(batch))
        of_filings = sa.select(filings.c.occurrence).where(filings.c.county == county, filings.c.proof.in_(batch))
        subjects.update(tx.execute(of_rulings.union(of_filings)).scalars())
    return subjects


class ListedEntry(NamedTuple):
    """What the listings show of an entry. `title`: as its listing prints it; `lacked_at`: when the last complete visit
    before the entry was first seen began."""

    title: str
    lacked_at: datetime | None


def load_listed_entries(tx: Tx, county: str, ids: Collection[int]) -> dict[int, ListedEntry]:
    """What the listings show of these entries, by id."""
    return {
        entry: ListedEntry(title, lacked_at)
        for batch in batches(sorted(ids), 500)
        for entry, title, lacked_at in tx.execute(_LISTED, {"county": county, "ids": batch})
    }


_LACKED = (
    sa.select(sa.func.max(visits.c.began_at, type_=visits.c.began_at.type))
    .where(
        visits.c.county == entries.c.county,
        visits.c.column == entries.c.column,
        visits.c.outcome == "read",
        visits.c.reached == "end",
        visits.c.ended_at < entries.c.first_seen_at,
    )
    .correlate(entries)
    .scalar_subquery()
)
_LISTED = sa.select(entries.c.id, entries.c.listed_title, _LACKED).where(
    entries.c.county == sa.bindparam("county"), entries.c.id.in_(sa.bindparam("ids", expanding=True))
)


_TWINS = (
    sa.select(sa.func.count(sa.distinct(entries.c.id)))
    .join(entry_versions, entry_versions.c.entry == entries.c.id)
    .where(entries.c.county == sa.bindparam("county"))
    .where(entries.c.column.in_(sa.bindparam("columns", expanding=True)))
    .where(entry_versions.c.title.in_(sa.bindparam("titles", expanding=True)))
    .group_by(entry_versions.c.title)
    .having(sa.func.count(sa.distinct(entries.c.id)) > 1)
)
_TITLES = (
    sa.select(entries.c.id, entries.c.column, entry_versions.c.title, entries.c.gone_at)
    .join(entry_versions, entry_versions.c.entry == entries.c.id)
    .where(entries.c.county == sa.bindparam("county"))
    .where(entries.c.column.in_(sa.bindparam("columns", expanding=True)))
    .where(sa.or_(entries.c.gone_at.is_not(None), entries.c.column.in_(sa.bindparam("whole", expanding=True))))
)
_GONE_TWINS = _TWINS.having(sa.func.max(entries.c.gone_at).is_not(None))


def has_twins(tx: Tx, county: str, columns: Collection[str], titles: Collection[str], *, gone: bool = False) -> bool:
    """Whether two entries of the columns have one of these titles. `gone`: whether one of the two is gone."""
    values = {"county": county, "columns": sorted(columns), "titles": sorted(titles)}
    return tx.execute(_GONE_TWINS if gone else _TWINS, values).first() is not None


def list_titles(
    tx: Tx, county: str, columns: Collection[str], *, whole: Collection[str]
) -> list[tuple[int, str, str, bool]]:
    """(entry, column, title, is gone) of the gone entries in the columns, and of all entries in the columns `whole`."""
    values = {"county": county, "columns": sorted(columns), "whole": sorted(whole)}
    return [(*row[:3], row[3] is not None) for row in tx.execute(_TITLES, values)] if columns else []


@dataclass(frozen=True, slots=True)
class RowSelection:
    """Rows of one group: all, or where `proved_since` is set those of `keys`, unproved ones, and ones proved or opened
    since then. `only`: those of `keys` and no others."""

    pack: str
    duty: str
    department: str
    keys: Collection[str] = ()
    proved_since: datetime | None = None
    opened_since: date | None = None
    only: bool = False


def load_rows(tx: Tx, county: str, selections: Iterable[RowSelection]) -> dict[str, OccurrenceRow]:
    """The rows of these groups, by key. Groups of which the same is wanted are read together."""
    alike: dict[tuple[Any, ...], list[RowSelection]] = defaultdict(list)
    for one in selections:
        alike[one.only, one.proved_since, one.opened_since].append(one)
    rows: list[OccurrenceRow] = []
    for (only, proved_since, opened_since), wanted in alike.items():
        for groups in batches(wanted, 100):
            values: dict[str, Any] = {
                "county": county, "groups": [(group.duty, group.department, group.pack) for group in groups]
            }  # fmt: skip
            query = _THESE_OF if only else _ALL_OF if proved_since is None else _SOME_OF
            if query is not _ALL_OF:
                values["keys"] = sorted(key for group in groups for key in group.keys)
            if query is _SOME_OF:
                values |= {"proved": proved_since, "opened": opened_since}
            rows += read_all(tx, OccurrenceRow, query, values)
    return {row.key: row for row in sorted(rows, key=lambda row: row.key)}


_ALL_OF = ALL_OCCURRENCES.where(
    occurrences.c.county == sa.bindparam("county"),
    sa.tuple_(occurrences.c.duty, occurrences.c.department, occurrences.c.pack).in_(
        sa.bindparam("groups", expanding=True)
    ),
)
_THESE_OF = _ALL_OF.where(occurrences.c.key.in_(sa.bindparam("keys", expanding=True)))
_SOME_OF = _ALL_OF.where(
    sa.or_(
        occurrences.c.proved_at.is_(None),
        occurrences.c.proved_at >= sa.bindparam("proved", type_=occurrences.c.proved_at.type),
        occurrences.c.opens_on >= sa.bindparam("opened", type_=sa.Date),
        occurrences.c.key.in_(sa.bindparam("keys", expanding=True)),
    )
)

"""Stores every decision about every occurrence, so that reports can read those in force at a past instant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from tracker.core.values.verdicts import Light, Status
from tracker.store.engine import Tx, insert_or_replace
from tracker.store.occurrences import OccurrenceRow
from tracker.store.rows import batches, field_names, read_all, read_one, select_as, write_rows
from tracker.store.tables_reports import standings

#: Called with the number of decisions that were read, and of all.
Progress = Callable[[int, int], None]
#: How many are in memory at a time where they are streamed.
_BATCH = 400


@dataclass(frozen=True, slots=True)
class OrderedStanding:
    """A decision about an occurrence with only the fields that sorting needs."""

    key: str
    at: datetime
    opens_on: date | None
    due_on: date | None
    closed: bool
    status: Status

    @property
    def pack(self) -> str:
        return self.key.split("/", 4)[1]

    @property
    def duty(self) -> str:
        return self.key.split("/", 4)[2]

    @property
    def department(self) -> str:
        return self.key.split("/", 4)[3]

    @property
    def label(self) -> str:
        return self.key.split("/", 4)[4]


@dataclass(frozen=True, slots=True)
class Standing(OrderedStanding):
    """One decision about one occurrence, in force from `at` until the next one of the same key.

    `rulebook`, `calendar`: the hashes of those that were in force. `shown`: what `notice_fields.shown_of` gives.
    """

    county: str
    due_at: datetime | None
    due_revision: int
    episode: int
    provisional: bool
    assumed: bool
    derivation: str
    light: Light
    reason: str
    proved_at: datetime | None
    rulebook: str
    calendar: str
    shown: Mapping[str, Any] = field(default_factory=dict)


_ALL = select_as(Standing, standings)
_ROW_FIELDS = tuple(name for name in field_names(Standing) if name not in ("at", "shown"))


def add_standings(tx: Tx, decided: Iterable[tuple[OccurrenceRow, Mapping[str, Any]]]) -> None:
    """Store the decisions, each with its grounds (`shown`), as in force from the instant at which it was made.

    A second decision of the same instant replaces the first.
    """
    for batch in batches(decided):
        rows = [
            {name: getattr(row, name) for name in _ROW_FIELDS} | {"at": row.updated_at, "shown": dict(shown)}
            for row, shown in batch
        ]
        write_rows(tx, insert_or_replace(tx, standings), {}, rows)


def _select_latest(query: sa.Select[Any], county: str, at: datetime) -> sa.Select[Any]:
    """Restrict the query to the latest decision about each occurrence by that instant, ordered by key."""
    until = (standings.c.county == county, standings.c.at <= at)
    newest = sa.select(standings.c.key, sa.func.max(standings.c.at).label("at")).where(*until).group_by(standings.c.key)
    last = newest.subquery()
    return query.join(last, sa.and_(standings.c.key == last.c.key, standings.c.at == last.c.at)).order_by(
        standings.c.key
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which decisions are to be read: those of which all holds that is given.

    `first`, `last`: the days on which they fall due; `undated`: no day is known yet; `begins`: how their keys begin.
    """

    first: date | None = None
    last: date | None = None
    undated: bool = False
    statuses: Collection[Status] = ()
    objection: str = ""
    begins: str = ""

    @property
    def conditions(self) -> Iterator[sa.ColumnElement[bool]]:
        if self.first is not None:
            yield standings.c.due_on >= self.first
        if self.last is not None:
            yield standings.c.due_on <= self.last
        if self.undated:
            yield standings.c.due_on.is_(None)
        if self.statuses:
            yield standings.c.status.in_(self.statuses)
        if self.objection:
            yield standings.c.shown["objection"].as_string() == self.objection
        if self.begins:
            yield standings.c.key.startswith(self.begins, autoescape=True)


def stream_standings_at(
    tx: Tx, county: str, at: datetime, wanted: Iterable[Wanted] | None = None, progress: Progress | None = None
) -> Iterator[Standing]:
    """The decisions in force at that instant, ordered by key, a few hundred in memory at a time; with `wanted` only
    those that one of these asks for."""
    query = _select_latest(_ALL, county, at)
    if wanted is not None:
        query = query.where(sa.or_(*(sa.and_(*each.conditions) for each in wanted)))
    total = 0
    if progress is not None:
        total = tx.execute(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    for number, row in enumerate(tx.execute(query.execution_options(yield_per=_BATCH))):
        if progress is not None and number % _BATCH == 0:
            progress(number, total)
        yield Standing(*row)


def find_last_standing(tx: Tx, county: str, at: datetime) -> Standing | None:
    """The last decision about any occurrence of the county by that instant."""
    query = _ALL.where(standings.c.county == county, standings.c.at <= at)
    return read_one(tx, Standing, query.order_by(standings.c.at.desc(), standings.c.key).limit(1))


def list_ordered_standings(tx: Tx, county: str, at: datetime) -> list[OrderedStanding]:
    """The decisions in force at that instant without their texts, ordered by key."""
    return read_all(tx, OrderedStanding, _select_latest(select_as(OrderedStanding, standings), county, at))


def load_standings(tx: Tx, ordered: Sequence[OrderedStanding]) -> dict[str, Standing]:
    """These decisions with their texts, by key."""
    keys = [(standing.key, standing.at) for standing in ordered]
    query = _ALL.where(sa.tuple_(standings.c.key, standings.c.at).in_(keys))
    return {standing.key: standing for standing in read_all(tx, Standing, query)}


def list_standings_of(tx: Tx, county: str, keys: Collection[str]) -> list[Standing]:
    """Every decision about these occurrences of the county, in the order in which they were made."""
    # Found and ordered by key alone: with county and instant SQLite would go through all decisions of the county.
    found = read_all(tx, Standing, _ALL.where(standings.c.key.in_(sorted(keys))).order_by(standings.c.key))
    return sorted((each for each in found if each.county == county), key=lambda each: (each.at, each.key))

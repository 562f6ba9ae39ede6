"""How every occurrence stood at any past instant: what was decided then, not what is known now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from tracker.core.values.verdicts import Light, Status
from tracker.store.bulk import batched
from tracker.store.engine import Tx, insert_into
from tracker.store.occurrences import OccurrenceRow
from tracker.store.tables_reports import standings


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One decision about one occurrence, which holds from `at` to the next one of the same key.

    `rulebook`, `calendar`: the hashes of what it was decided under. `shown`: what `notice_fields.shown_of` gives.
    """

    key: str
    at: datetime
    county: str
    opens_on: date | None
    due_on: date | None
    due_at: datetime | None
    due_revision: int
    episode: int
    provisional: bool
    assumed: bool
    derivation: str
    status: Status
    light: Light
    reason: str
    proved_at: datetime | None
    closed: bool
    rulebook: str
    calendar: str
    shown: Mapping[str, Any] = field(default_factory=dict)

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


class OrderedStanding(NamedTuple):
    """Of a standing what puts it in order, without its words."""

    key: str
    at: datetime
    opens_on: date | None
    due_on: date | None
    closed: bool
    status: str

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


_NAMES = [one.name for one in fields(Standing)]
_ALL = sa.select(*(standings.c[name] for name in _NAMES))


def add_standings(tx: Tx, decided: Iterable[tuple[OccurrenceRow, Mapping[str, Any]]]) -> None:
    """Keep what was decided, and what it rested on, from the instant of the decision.

    A second decision of that instant replaces the first.
    """
    for some in batched(decided):
        tx.execute(_upsert(tx.dialect.name), [_values(row, shown) for row, shown in some])


def _values(row: OccurrenceRow, shown: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: getattr(row, name) for name in _NAMES if name not in ("at", "shown")}
    return {**said, "at": row.updated_at, "shown": dict(shown)}


@cache
def _upsert(dialect: str) -> sqlite.Insert:
    statement = insert_into(dialect, standings)
    changed = {column.name: statement.excluded[column.name] for column in standings.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=["key", "at"], set_=changed)


def _newest(county: str, at: datetime) -> sa.Subquery:
    """Of each occurrence the latest decision not after that instant."""
    mine = (standings.c.county == county, standings.c.at <= at)
    newest = sa.select(standings.c.key, sa.func.max(standings.c.at).label("at")).where(*mine).group_by(standings.c.key)
    return newest.subquery()


def standings_at(tx: Tx, county: str, at: datetime) -> dict[str, Standing]:
    """The decisions that held at that instant, by key: of each occurrence the latest not after it."""
    last = _newest(county, at)
    query = _ALL.join(last, sa.and_(standings.c.key == last.c.key, standings.c.at == last.c.at))
    return {row.key: _standing(row) for row in tx.execute(query.order_by(standings.c.key))}


def held_at(tx: Tx, county: str, at: datetime) -> list[OrderedStanding]:
    """The same, without the words, in the order of keys."""
    last = _newest(county, at)
    query = sa.select(*(standings.c[name] for name in OrderedStanding._fields))
    query = query.join(last, sa.and_(standings.c.key == last.c.key, standings.c.at == last.c.at))
    return [OrderedStanding._make(row) for row in tx.execute(query.order_by(standings.c.key))]


def standings_of(tx: Tx, held: Sequence[OrderedStanding]) -> dict[str, Standing]:
    """These decisions with their words, by key."""
    places = [(one.key, one.at) for one in held]
    query = _ALL.where(sa.tuple_(standings.c.key, standings.c.at).in_(places))
    return {row.key: _standing(row) for row in tx.execute(query)}


def _standing(row: sa.Row[Any]) -> Standing:
    values = dict(zip(_NAMES, row, strict=True))
    values["status"], values["light"] = Status(values["status"]), Light(values["light"])
    return Standing(**values)

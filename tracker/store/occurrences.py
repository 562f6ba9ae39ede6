"""What was last decided about each occurrence. Status is derived; these rows remember it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from tracker.core.values.verdicts import Light, Status
from tracker.store.bulk import batched
from tracker.store.engine import Tx, insert_into
from tracker.store.tables import occurrences


@dataclass(frozen=True, slots=True, kw_only=True)
class OccurrenceRow:
    """The last decision about one occurrence; `rulebook` and `calendar` are the hashes it was made under.

    `next_at`: when the passing of time alone may change it; only a hint that preselects. `since`: from when it is
    held against the department, where that is later than due. `wanting`: addresses of entries that may yet gain what is
    missing. `awaits_visit`: the next visit to its columns may change it. `asks`: a person may have something to decide
    about it.
    """

    key: str
    county: str
    pack: str
    duty: str
    department: str
    label: str
    opens_on: date | None
    due_on: date | None
    due_at: datetime | None
    status: Status
    light: Light
    reason: str
    rulebook: str
    calendar: str
    created_at: datetime
    updated_at: datetime
    due_revision: int = 0
    episode: int = 0
    provisional: bool = False
    assumed: bool = False
    derivation: str = ""
    proved_at: datetime | None = None
    closed: bool = False
    next_at: datetime | None = None
    since: datetime | None = None
    wanting: tuple[str, ...] = ()
    awaits_visit: bool = False
    asks: bool = False


_NAMES = [one.name for one in fields(OccurrenceRow)]
ALL = sa.select(*(occurrences.c[name] for name in _NAMES))


def load_occurrences(
    tx: Tx,
    county: str,
    *,
    keys: Collection[str] | None = None,
    department: str | None = None,
) -> dict[str, OccurrenceRow]:
    """The county's rows by key; all of them, or those asked for."""
    query = ALL.where(occurrences.c.county == county).order_by(occurrences.c.key)
    if keys is not None:
        query = query.where(occurrences.c.key.in_(keys))
    if department is not None:
        query = query.where(occurrences.c.department == department)
    return {row.key: row_of(row) for row in tx.execute(query)}


class OpenRow(NamedTuple):
    """What an occurrence that is not proved asks of a crawl."""

    key: str
    label: str
    status: str
    opens_on: date | None
    due_at: datetime | None
    wanting: tuple[str, ...]


_OPEN = sa.select(*(occurrences.c[name] for name in OpenRow._fields)).where(
    occurrences.c.county == sa.bindparam("county"),
    occurrences.c.status.in_(sa.bindparam("statuses", expanding=True)),
    occurrences.c.closed.is_(False),
)
_OPEN_AND_DUE = _OPEN.where(occurrences.c.due_at <= sa.bindparam("due_by", type_=occurrences.c.due_at.type))


def open_rows(tx: Tx, county: str, statuses: Collection[str], due_by: datetime | None = None) -> list[OpenRow]:
    """The rows that stand so and are not closed; those due by an instant, or all."""
    given: dict[str, Any] = {"county": county, "statuses": sorted(statuses)}
    query = _OPEN if due_by is None else _OPEN_AND_DUE
    rows = tx.execute(query, given if due_by is None else given | {"due_by": due_by})
    return [OpenRow._make((*row[:-1], tuple(row[-1] or ()))) for row in rows]


class Lit(NamedTuple):
    """How an occurrence of a department is shown."""

    department: str
    light: str
    closed: bool


_LIGHTS = sa.select(occurrences.c.department, occurrences.c.light, occurrences.c.closed).where(
    occurrences.c.county == sa.bindparam("county"), occurrences.c.closed.is_(False)
)


def lights_of(tx: Tx, county: str) -> list[Lit]:
    """The lights of all that is not closed."""
    return [Lit(*row) for row in tx.execute(_LIGHTS, {"county": county})]


def find_occurrence(tx: Tx, county: str, key: str) -> OccurrenceRow | None:
    return load_occurrences(tx, county, keys=[key]).get(key)


def labelled(tx: Tx, county: str, labels: Collection[str]) -> list[OccurrenceRow]:
    """The rows with one of these labels, those of single parts (`LABEL.part`) too."""
    if not labels:
        return []
    mine = sa.or_(*(occurrences.c.label == one for one in labels), *(_part_of(one) for one in labels))
    query = ALL.where(occurrences.c.county == county, mine).order_by(occurrences.c.key)
    return [row_of(row) for row in tx.execute(query)]


def _part_of(label: str) -> sa.ColumnElement[bool]:
    return occurrences.c.label.startswith(f"{label}.", autoescape=True)


def occurrence_keys(tx: Tx, county: str) -> list[str]:
    query = sa.select(occurrences.c.key).where(occurrences.c.county == county).order_by(occurrences.c.key)
    return list(tx.execute(query).scalars())


def upsert_occurrences(tx: Tx, rows: Iterable[OccurrenceRow]) -> None:
    """Write the rows; an existing one keeps its `created_at`."""
    for some in batched(rows):
        tx.execute(
            _upsert(tx.dialect.name),
            [{name: getattr(row, name) for name in _NAMES} | {"wanting": row.wanting or None} for row in some],
        )


def decide_again(tx: Tx, county: str, keys: Collection[str], at: datetime) -> None:
    """Have the next pass from `at` on judge these: their notices became another thing, which no fact says."""
    mine = occurrences.update().where(occurrences.c.county == county, occurrences.c.key.in_(keys))
    tx.execute(mine.values(next_at=at))


@cache
def _upsert(dialect: str) -> sqlite.Insert:
    statement = insert_into(dialect, occurrences)
    kept = {"key", "county", "created_at"}
    changed = {column.name: statement.excluded[column.name] for column in occurrences.c if column.name not in kept}
    return statement.on_conflict_do_update(index_elements=["key"], set_=changed)


def row_of(row: sa.Row[Any]) -> OccurrenceRow:
    values = dict(zip(_NAMES, row, strict=True))
    values["status"], values["light"] = Status(values["status"]), Light(values["light"])
    values["wanting"] = tuple(values["wanting"] or ())
    return OccurrenceRow(**values)

"""Stores the last decision about each occurrence: status is derived, and these rows remember what was derived last."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from tracker.core.values.verdicts import Light, Status
from tracker.core.verdict.questions import Question, in_order
from tracker.store.engine import Tx, insert_or_replace
from tracker.store.rows import batches, read_all, select_as, values_of, write_rows
from tracker.store.tables import occurrences


@dataclass(frozen=True, slots=True)
class OccurrenceRow:
    """The last decision about one occurrence; `rulebook` and `calendar` are the hashes it was made under.

    `next_at`: when time alone may change it, a hint that only preselects. `since`: from when the department is
    liable, where that is later than the deadline. `wanting`: addresses of entries that may still gain a missing part;
    `rests_on`: of those that prove it. `awaits_visit`: the next visit to its columns may change it. `asks`: a person
    may have to decide about it; `questions`: what is asked. `look_at`: from when on the next second look is wanted.
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
    rests_on: tuple[str, ...] = ()
    look_at: datetime | None = None
    questions: tuple[Question, ...] = ()


ALL_OCCURRENCES = select_as(OccurrenceRow, occurrences)


def load_occurrences(
    tx: Tx,
    county: str,
    *,
    keys: Collection[str] | None = None,
    department: str | None = None,
) -> dict[str, OccurrenceRow]:
    """The county's occurrences by key: all of them, or those given by their keys or their department."""
    query = ALL_OCCURRENCES.where(occurrences.c.county == county).order_by(occurrences.c.key)
    if keys is not None:
        query = query.where(occurrences.c.key.in_(keys))
    if department is not None:
        query = query.where(occurrences.c.department == department)
    return {row.key: row for row in read_all(tx, OccurrenceRow, query)}


class DueRow(NamedTuple):
    """When an occurrence is due, and how it stands."""

    label: str
    department: str
    due_on: date | None
    status: Status
    light: Light


class OpenRow(NamedTuple):
    """The fields of an occurrence that a crawl needs."""

    key: str
    label: str
    status: str
    opens_on: date | None
    due_at: datetime | None
    wanting: tuple[str, ...]
    look_at: datetime | None


def list_open_rows(tx: Tx, county: str, statuses: Collection[str], due_by: datetime | None = None) -> list[OpenRow]:
    """The occurrences that have one of the statuses and are not closed; with `due_by` only those due by then."""
    query = select_as(OpenRow, occurrences).where(
        occurrences.c.county == county, occurrences.c.status.in_(statuses), occurrences.c.closed.is_(False)
    )
    return read_all(tx, OpenRow, query if due_by is None else query.where(occurrences.c.due_at <= due_by))


class RestingRow(NamedTuple):
    """An occurrence that rests on entries, with their addresses."""

    key: str
    label: str
    proved_at: datetime | None
    rests_on: tuple[str, ...]


def list_resting_rows(tx: Tx, county: str) -> list[RestingRow]:
    """The occurrences that are not closed and rest on entries."""
    query = select_as(RestingRow, occurrences).where(
        occurrences.c.county == county, occurrences.c.closed.is_(False), occurrences.c.rests_on.is_not(None)
    )
    return read_all(tx, RestingRow, query)


class DepartmentLight(NamedTuple):
    """The light of an occurrence of a department."""

    department: str
    light: Light
    closed: bool


def list_lights(tx: Tx, county: str) -> list[DepartmentLight]:
    """The lights of all occurrences that are not closed."""
    query = select_as(DepartmentLight, occurrences)
    return read_all(tx, DepartmentLight, query.where(occurrences.c.county == county, occurrences.c.closed.is_(False)))


def count_open_lights(tx: Tx, counties: Collection[str]) -> list[tuple[str, str, Light, int]]:
    """How many occurrences that are not closed each county's departments (also `a+b`) have of each light."""
    of = (occurrences.c.county, occurrences.c.department, occurrences.c.light)
    query = sa.select(*of, sa.func.count()).where(occurrences.c.county.in_(counties), occurrences.c.closed.is_(False))
    return [(*row,) for row in tx.execute(query.group_by(*of))]


def find_occurrence(tx: Tx, county: str, key: str) -> OccurrenceRow | None:
    return load_occurrences(tx, county, keys=[key]).get(key)


def list_open_questions(tx: Tx, county: str) -> list[Question]:
    """What waits for a person's decision, as the last pass asks it, in the order of `in_order`."""
    query = sa.select(occurrences.c.questions).where(occurrences.c.county == county, occurrences.c.asks.is_(True))
    return in_order(question for questions in tx.execute(query).scalars() for question in questions)


def list_labelled(tx: Tx, county: str, labels: Collection[str]) -> list[OccurrenceRow]:
    """The occurrences with one of these labels, also those of single parts (`LABEL.part`)."""
    if not labels:
        return []
    column = occurrences.c.label
    parts = (column.startswith(f"{label}.", autoescape=True) for label in labels)
    where = (occurrences.c.county == county, sa.or_(column.in_(labels), *parts))
    return read_all(tx, OccurrenceRow, ALL_OCCURRENCES.where(*where).order_by(occurrences.c.key))


def list_due_rows(tx: Tx, county: str, duties: Collection[tuple[str, str]]) -> list[DueRow]:
    """The occurrences of these duties (pack, duty) with their due days, closed ones too."""
    columns = [occurrences.c[name] for name in DueRow._fields]
    by_duty = [sa.and_(occurrences.c.pack == pack, occurrences.c.duty == duty) for pack, duty in duties]
    query = sa.select(*columns).where(occurrences.c.county == county, sa.or_(sa.false(), *by_duty))
    return read_all(tx, DueRow, query)


def list_keys(tx: Tx, county: str, *, closed: bool = True) -> list[str]:
    """The keys of the county's occurrences in order; `closed`: with those that are closed."""
    query = sa.select(occurrences.c.key).where(occurrences.c.county == county).order_by(occurrences.c.key)
    if not closed:
        query = query.where(occurrences.c.status != "closed")
    return list(tx.execute(query).scalars())


def upsert_occurrences(tx: Tx, rows: Iterable[OccurrenceRow]) -> None:
    """Write the rows; an existing one keeps its `created_at`."""
    for batch in batches(rows):
        write_rows(
            tx, insert_or_replace(tx, occurrences, "county", "created_at"), {}, [values_of(row) for row in batch]
        )


def request_decision(tx: Tx, county: str, keys: Collection[str], at: datetime) -> None:
    """Make the next pass from `at` on judge these occurrences: their notices changed, which is no fact."""
    statement = occurrences.update().where(occurrences.c.county == county, occurrences.c.key.in_(keys))
    tx.execute(statement.values(next_at=at))

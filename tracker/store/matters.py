"""Finds the matters of a list page: filtered, sorted and counted by the database, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from tracker.core.values.verdicts import Light, Status
from tracker.store.engine import Tx
from tracker.store.occurrences import ALL_OCCURRENCES, OccurrenceRow
from tracker.store.rows import read_all
from tracker.store.tables import occurrences

#: The worst first.
LIGHTS = (Light.RED, Light.YELLOW, Light.BLUE, Light.GREEN, Light.GREY, Light.NONE)
#: The statuses that are left out unless they are asked for. The others are listed by name: then the index is used.
_QUIET = (Status.UPCOMING, Status.PAUSED, Status.MET, Status.CLOSED)
_LOUD = tuple(status for status in Status if status not in _QUIET)
WORST_FIRST = sa.case({light.value: place for place, light in enumerate(LIGHTS)}, value=occurrences.c.light)


@dataclass(frozen=True, slots=True)
class MatterWord:
    """A word that a matter has: in its duty, in the name of its department, or `in_key`, a part of its key.

    `duties`: pack and ID of those that have the word; `departments`: the IDs of those.
    """

    duties: Collection[tuple[str, str]] = ()
    departments: Collection[str] = ()
    in_key: str = ""

    def condition(self) -> sa.ColumnElement[bool]:
        pairs = (_has_duty(duty) for duty in self.duties)
        # By a query of its own, keys alone are read, from the index.
        every = occurrences.alias().c.key
        keys = sa.select(every).where(every.icontains(self.in_key, autoescape=True))
        key = [occurrences.c.key.in_(keys)] if self.in_key else []
        return sa.or_(sa.false(), *pairs, *map(_belongs_to, self.departments), *key)


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """Which matters are wanted. None: of every department, of every light, of every duty. `words`: each must be had.

    `all`: with what is met, closed or not yet open, which is left out otherwise unless a light is named. `due_from`,
    `due_until`: the first and the last day on which they are due.
    """

    department: str | None = None
    light: Light | None = None
    duty: tuple[str, str] | None = None
    words: Sequence[MatterWord] = ()
    all: bool = False
    status: Status | None = None
    due_from: date | None = None
    due_until: date | None = None

    def conditions(self, county: str) -> list[sa.ColumnElement[bool]]:
        column = occurrences.c
        found: list[sa.ColumnElement[bool]] = [column.county == county]
        if self.department is not None:
            found.append(_belongs_to(self.department))
        if self.light is not None:
            found.append(column.light == self.light)
        elif not self.all:
            found.append(column.status.in_(_LOUD))
        if not self.all:
            found.append(column.closed.is_(False))
        if self.duty is not None:
            found.append(_has_duty(self.duty))
        if self.status is not None:
            found.append(column.status == self.status)
        if self.due_from is not None:
            found.append(column.due_on >= self.due_from)
        if self.due_until is not None:
            found.append(column.due_on <= self.due_until)
        return found + [word.condition() for word in self.words]


def _has_duty(duty: tuple[str, str]) -> sa.ColumnElement[bool]:
    pack, name = duty
    return sa.and_(occurrences.c.pack == pack, occurrences.c.duty == name)


def _belongs_to(department: str) -> sa.ColumnElement[bool]:
    """Of a department alone, or of several together (`a+b`)."""
    column = occurrences.c.department
    alike = (column.startswith(f"{department}+", autoescape=True), column.endswith(f"+{department}", autoescape=True))
    return sa.or_(column == department, *alike, column.contains(f"+{department}+", autoescape=True))


def list_matters(tx: Tx, county: str, wanted: MatterFilter, *, start: int, most: int) -> list[OccurrenceRow]:
    """The matters from the `start`th on, the worst first; `count_matters` says how many there are."""
    column = occurrences.c
    order = (WORST_FIRST, column.due_on.is_(None), column.due_on, column.duty, column.department, column.key)
    query = ALL_OCCURRENCES.where(*wanted.conditions(county)).order_by(*order)
    return read_all(tx, OccurrenceRow, query.offset(start).limit(most))


def list_keys_after(tx: Tx, county: str, wanted: MatterFilter, key: str, most: int) -> list[str]:
    """The keys of the matters in their order, from the one after `key` on ("": from the first)."""
    column = occurrences.c.key
    query = sa.select(column).where(*wanted.conditions(county), column > key).order_by(column).limit(most)
    return list(tx.scalars(query))


def count_matters(tx: Tx, county: str, wanted: MatterFilter) -> dict[Light, int]:
    """How many matters there are of each light."""
    query = sa.select(occurrences.c.light, sa.func.count()).where(*wanted.conditions(county))
    return dict(tx.execute(query.group_by(occurrences.c.light)).all())


def list_awaiting(tx: Tx, county: str, most: int) -> list[OccurrenceRow]:
    """The open matters whose clock waits for the record of an event, the worst first."""
    column = occurrences.c
    query = ALL_OCCURRENCES.where(
        column.county == county,
        column.status == Status.CLOCK_UNKNOWN,
        column.closed.is_(False),
        column.label.startswith("awaiting:"),
    )
    return read_all(tx, OccurrenceRow, query.order_by(WORST_FIRST, column.duty, column.department).limit(most))


# -- due days --------------------------------------------------------------------------------------

#: The statuses of what is still to be done, due or not: neither proved, released nor closed, and its clock runs.
_OWED = tuple(each for each in Status if each.running or each.late or each is Status.UNVERIFIABLE)


@dataclass(frozen=True, slots=True)
class DueGroup:
    """Matters of a duty due on the same day. `label`, `last_label`: the first and last; `made_at`: of the earliest."""

    pack: str
    duty: str
    due_on: date
    label: str
    last_label: str
    made_at: datetime

    @property
    def opens_on(self) -> date | None:
        """Not known of all of them."""
        return None


def _is_owed(county: str, today: date, until: date | None) -> list[sa.ColumnElement[bool]]:
    """Owed by somebody, and due from today to `until`; without `until`, due before today."""
    column = occurrences.c
    days = column.due_on < today if until is None else column.due_on.between(today, until)
    return [column.county == county, column.closed.is_(False), column.status.in_(_OWED), days]


def list_owed(tx: Tx, county: str, department: str, today: date, until: date | None, most: int) -> list[OccurrenceRow]:
    """What the department owes, due from today to `until`, the next first; without `until` what was due before today,
    the last first."""
    column = occurrences.c
    query = ALL_OCCURRENCES.where(*_is_owed(county, today, until), _belongs_to(department))
    day = column.due_on.desc() if until is None else column.due_on
    return read_all(tx, OccurrenceRow, query.order_by(day, column.key).limit(most))


def group_owed(tx: Tx, county: str, today: date, until: date | None, most: int) -> list[DueGroup]:
    """The same of all departments, by duty and due day."""
    column = occurrences.c
    same = (column.due_on, column.pack, column.duty)
    made = sa.func.min(column.created_at, type_=column.created_at.type)
    figures = (sa.func.min(column.label), sa.func.max(column.label), made)
    query = sa.select(*same, *figures).where(*_is_owed(county, today, until)).group_by(*same)
    day = column.due_on.desc() if until is None else column.due_on
    found = tx.execute(query.order_by(day, column.pack, column.duty).limit(most))
    return [DueGroup(pack, duty, on, *figures) for on, pack, duty, *figures in found]

"""Finds the matters of a list page: filtered, sorted and counted by the database, a page at a time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

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

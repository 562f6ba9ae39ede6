"""Counts a county's matters by department, duty and status, and finds those that changed; for the overview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from tracker.core.law.occurrences import Window
from tracker.core.values.verdicts import NEVER_FILED, NEVER_SEEN, TAKEN_DOWN, Light, Status
from tracker.store.engine import Tx
from tracker.store.matters import WORST_FIRST
from tracker.store.tables import occurrences
from tracker.store.tables_reports import standings

_O = occurrences.c
#: What nobody waits for any more, or not yet: counted where it falls due in the time that is looked at.
_OF_THE_TIME = (Status.MET, Status.OPEN, Status.UPCOMING, Status.PAUSED, Status.WAIVED, Status.NOT_APPLICABLE)
#: What is counted whenever it was due.
_PENDING = (Status.DUE_SOON, Status.CLOCK_UNKNOWN, Status.UNVERIFIABLE, Status.MET_DISPUTED)
_LATE = (Status.OVERDUE, Status.INCOMPLETE)
_PUBLISHED = tuple(status for status in Status if status.met)


class LightCount(NamedTuple):
    """How many matters of a duty and a department have a status. `department`: also `a+b`.

    `waiting`, `mild`, `upheld`, `withdrawn`: as `core.assessment.lights.mark_for` takes them.
    """

    pack: str
    duty: str
    department: str
    status: Status
    waiting: bool
    mild: bool
    upheld: bool
    withdrawn: bool
    matters: int


def count_lights(tx: Tx, county: str, window: Window, start: date) -> list[LightCount]:
    """Count what falls due in the window, and of other times what waits or is late.

    Without what was due before `start` and what nobody is liable for. One statement; all but late matters are counted
    from an index alone.
    """
    bound = sa.or_(_O.due_on.is_(None), _O.due_on >= start)
    in_window = _O.due_on.between(window.first, window.last)
    mild = sa.or_(_O.assumed, _O.provisional)
    is_liable = (_O.light != Light.GREY, sa.or_(_O.since.is_(None), _O.proved_at.is_(None), _O.proved_at >= _O.since))
    was_there, was_not = _O.reason.contains(TAKEN_DOWN), (NEVER_SEEN, NEVER_FILED)  # as `only_taken_down` has it
    gone = sa.and_(was_there, *(sa.not_(_O.reason.contains(phrase)) for phrase in was_not))
    of_the_time = sa.and_(_O.status.in_(_OF_THE_TIME), in_window)
    parts = [
        # Most matters: counted in the order of an index, so nothing has to be sorted.
        _count(county, sa.or_(of_the_time, _O.status.in_(_PENDING)), bound),
        _count(county, _O.status == Status.UPCOMING, _O.due_on.is_(None), waiting=sa.true()),
        _count(county, _O.status == Status.MET_LATE, in_window, bound, *is_liable),
        # Late, yellow and with a date that binds: an objection was upheld.
        _count(
            county,
            _O.status.in_(_LATE),
            bound,
            is_liable[0],
            mild=mild,
            upheld=sa.and_(sa.not_(mild), _O.light == Light.YELLOW),
            withdrawn=gone,
        ),
    ]
    return [LightCount(*row) for row in tx.execute(sa.union_all(*parts))]


def _count(county: str, *where: sa.ColumnElement[bool], **flags: sa.ColumnElement[bool]) -> sa.Select[Any]:
    names = ("waiting", "mild", "upheld", "withdrawn")
    marks = [flags.get(name, sa.false()).label(name) for name in names]
    groups = [_O.pack, _O.duty, _O.department, _O.status]
    # `NOT closed` is no condition for an index: that of the lights would be read in an order that helps nobody.
    query = sa.select(*groups, *marks, sa.func.count()).where(_O.county == county, sa.not_(_O.closed), *where)
    return query.group_by(*groups, *(flags[name] for name in names if name in flags and name != "waiting"))


class PublishedCount(NamedTuple):
    """How many matters of a duty a department has published. `department`: also `a+b`."""

    pack: str
    duty: str
    department: str
    matters: int


def count_published(tx: Tx, county: str, window: Window) -> list[PublishedCount]:
    """Count what falls due in the window and is published, in time or not. One statement, from an index alone."""
    groups = [_O.pack, _O.duty, _O.department]
    where = (_O.closed.is_(False), _O.status.in_(_PUBLISHED), _O.due_on.between(window.first, window.last))
    query: sa.Select[Any] = sa.select(*groups, sa.func.count()).where(_O.county == county, *where).group_by(*groups)
    return [PublishedCount(*row) for row in tx.execute(query)]


class ChangedMatter(NamedTuple):
    """A matter whose light or status changed. `before`: its status then; None: it was not there yet."""

    key: str
    before: Status | None


def list_changed(tx: Tx, county: str, since: datetime, *, most: int) -> tuple[Sequence[ChangedMatter], int]:
    """The matters that have another light or status than at `since`, the worst first, and how many there are.

    What has no light now and had none then is left out: that a time began is no news.
    """
    moved = sa.select(standings.c.key).where(standings.c.county == county, standings.c.at > since).distinct().subquery()
    before = standings.alias()
    last = (
        sa.select(sa.func.max(standings.c.at))
        .where(standings.c.key == moved.c.key, standings.c.at <= since)
        .correlate(moved)
        .scalar_subquery()
    )
    light = sa.func.coalesce(before.c.light, Light.NONE.value, type_=_O.light.type)
    query = (
        sa.select(_O.key, before.c.status, sa.func.count().over())
        .select_from(moved)
        .join(occurrences, _O.key == moved.c.key)
        .outerjoin(before, sa.and_(before.c.key == moved.c.key, before.c.at == last))
        .where(
            sa.not_(_O.closed),  # no condition for an index: the few that moved are found by their keys
            sa.or_(light != _O.light, sa.and_(before.c.status != _O.status, _O.light != Light.NONE)),
        )
        .order_by(WORST_FIRST, _O.due_on.is_(None), _O.due_on, _O.key)
        .limit(most)
    )
    rows = tx.execute(query).all()
    return [ChangedMatter(*row[:-1]) for row in rows], rows[0][-1] if rows else 0

"""Computes how far back a crawl has to read, and which articles it asks for again.

The crawl itself knows nothing of duties; this is where its parameters come from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import By, Deadline, Duty, Every, Rulebook, Within
from tracker.core.law.periods import period_of, unit_of
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Status
from tracker.decide.groups import DutyGroup, groups_of
from tracker.decide.load import load_county
from tracker.store.answers import published_addresses
from tracker.store.counties import read_county
from tracker.store.engine import Tx
from tracker.store.facts import load_facts
from tracker.store.occurrences import OpenRow, open_rows
from tracker.store.site import doubted_columns
from tracker.store.visits import last_reads

_DONE = {Status.MET, Status.MET_LATE, Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED}
_UNPROVED = {"upcoming", "open", "due-soon", "overdue", "incomplete", "unverifiable", "met-disputed"}
_HALF_DONE = (Status.INCOMPLETE, Status.UNVERIFIABLE)


@dataclass(frozen=True, slots=True)
class LookBack:
    """By column: the first day that matters. `reread`: articles that may yet gain what is missing, or of which
    somebody says that they hold it."""

    since: Mapping[str, date] = field(default_factory=dict)
    reread: frozenset[str] = frozenset()


def look_back(tx: Tx, rulebook: Rulebook, calendar: Calendar, now: datetime, slack: timedelta) -> LookBack:
    """What the unproved occurrences need to see, also those that no pass has opened yet. `slack`: days before the
    oldest open window."""
    county = rulebook.county
    today = now.astimezone(county.zone).date()
    since = dict.fromkeys(county.columns, today - slack)
    reread: set[str] = set()
    claimed = published_addresses(tx, county.id)
    for group, rows in _open_rows(tx, rulebook).items():
        begun = [row for row in rows if (row.opens_on is None or _begins_on(group.duty, row) <= today)]
        if not group.columns:
            continue
        for row in begun:
            begins_on = None if row.opens_on is None else _begins_on(group.duty, row)
            first = _first_day(_deadline_of(group.duty, row), begins_on, calendar, slack)
            for column in group.columns & since.keys():
                since[column] = min(since[column], first)
            reread |= claimed.get(row.key, set())
        if any(row.status in _HALF_DONE for row in begun):
            reread.update(address for row in rows for address in row.wanting)
    for group, first in _unopened(tx, rulebook, calendar, now, slack):
        for column in group.columns & since.keys():
            since[column] = min(since[column], first)
    return LookBack(since, frozenset(reread))


def _unopened(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, now: datetime, slack: timedelta
) -> Iterator[tuple[DutyGroup, date]]:
    """The groups with something owed that no pass has written down yet, and the first day on which its proof may have
    come out: before the first pass, after other rules, after days without a pass, and of events recorded since."""
    county, today = rulebook.county, now.astimezone(rulebook.county.zone).date()
    row = read_county(tx, county.id)
    under = (row.rulebook, row.calendar) == (rulebook.digest, calendar.digest)
    if row.ticked_at is None or not under or row.opened_until is None or row.opened_until < today:
        facts = load_county(tx, rulebook, calendar, now, until=today)
        for group in facts.groups.by_prefix.values():
            for occurrence in facts.occurrences(group):
                begins_on = occurrence.window.first if occurrence.window else occurrence.opens_on
                if occurrence.key not in facts.rows and (begins_on is None or begins_on <= today):
                    yield group, _first_day(occurrence.deadline, begins_on, calendar, slack)
        return
    for event in load_facts(tx, county.id, row.decided_seq).events:
        day = moment_day(event.occurred, county.zone)
        for group in groups_of(rulebook).by_prefix.values():
            if group.concerns(event):
                yield group, day - max(slack, group.slack)


def columns_in_need(tx: Tx, rulebook: Rulebook, calendar: Calendar, now: datetime) -> frozenset[str]:
    """The columns on which something past due and unproved has not been looked for since, or not freshly, or an article
    that one look found empty waits for the second."""
    zone = rulebook.county.zone
    yesterday = calendar.add_workdays(now.astimezone(zone).date(), -1)
    stale = datetime.combine(yesterday, time(), zone)
    needed: set[str] = set(doubted_columns(tx, rulebook.county.id))
    reads = last_reads(tx, rulebook.county.id)
    for group, rows in _open_rows(tx, rulebook, now).items():
        dues = (row.due_at for row in rows if row.status in _UNPROVED and row.due_at)
        due = max(dues, default=None)
        if due is not None:
            seen = ((column, reads.get(column)) for column in group.columns)
            needed.update(column for column, at in seen if at is None or at < max(due, stale))
    return frozenset(needed)


def _open_rows(tx: Tx, rulebook: Rulebook, due_by: datetime | None = None) -> Mapping[DutyGroup, list[OpenRow]]:
    """What is neither proved nor given up, by group; `due_by`: and due at that instant."""
    groups, found = groups_of(rulebook), defaultdict[DutyGroup, list[OpenRow]](list)
    wanted = [status for status in Status if status not in _DONE]
    for row in open_rows(tx, rulebook.county.id, wanted, due_by):
        if (group := groups.group_of(row.key)) is not None:
            found[group].append(row)
    return found


def _begins_on(duty: Duty, row: OpenRow) -> date:
    """The first day of the period, or the event's."""
    deadline = _deadline_of(duty, row)
    assert row.opens_on is not None
    if isinstance(deadline, Every) and deadline.about == "this" and deadline.due_past is not None:
        return (
            period_of(deadline.unit, row.opens_on - timedelta(days=1)).first
            if deadline.unit != "workday"
            else row.opens_on
        )
    return row.opens_on


def _first_day(deadline: Deadline | None, first: date | None, calendar: Calendar, slack: timedelta) -> date:
    """The first day on which a proof may have come out of what begins on `first`."""
    if deadline is None or isinstance(deadline, By) or first is None:
        return date.min  # a standing thing may be of any age
    if isinstance(deadline, Every):
        window = period_of(deadline.unit, first, calendar)
        length = window.last - window.first + timedelta(days=1)
        back = length if deadline.about == "previous" else timedelta()
        return first - back - slack
    return first - max(slack, timedelta(days=deadline.slack))


def _deadline_of(duty: Duty, row: OpenRow) -> Deadline | None:
    """The deadline from which an occurrence comes, by the shape of its label."""
    kind, _, rest = row.label.partition(":")
    label, _, part = row.label.rpartition(".")
    own = {each.name: each for each in duty.parts if each.own_deadline}
    parts = [own[part]] if part in own else [each for each in duty.parts if not each.own_deadline]
    deadlines = [deadline for each in parts[:1] for deadline in each.deadlines]
    name = rest.partition(":")[0].removesuffix(f".{part}" if part in own else "")
    if kind in ("event", "awaiting"):
        return next(
            (deadline for deadline in deadlines if isinstance(deadline, Within) and deadline.event.name == name), None
        )
    bare = label if part in own else row.label
    if bare == "once":
        return next((deadline for deadline in deadlines if isinstance(deadline, By)), None)
    units = {"workday": "day"}
    unit = unit_of(bare)
    return next(
        (
            deadline
            for deadline in deadlines
            if isinstance(deadline, Every) and units.get(deadline.unit, deadline.unit) == unit
        ),
        None,
    )

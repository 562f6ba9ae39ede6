"""Computes from the open occurrences how far back a crawl reads, and which articles it reads again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tracker.core.escalation.second_look import RENEWED
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import By, Deadline, Duty, Every, Within
from tracker.core.law.periods import period_of, unit_of
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Status
from tracker.core.verdict.stay import due_looks, look_interval, stays_until
from tracker.decide.groups import DutyGroup, groups_of
from tracker.decide.load import load_county
from tracker.store.answers import load_published_addresses
from tracker.store.counties import read_county
from tracker.store.engine import Tx
from tracker.store.facts import load_facts
from tracker.store.occurrences import OpenRow, RestingRow, list_open_rows, list_resting_rows
from tracker.store.site import list_doubted_columns, load_last_looks
from tracker.store.visits import load_last_reads

_DONE = {Status.MET, Status.MET_LATE, Status.NOT_APPLICABLE, Status.WAIVED, Status.CLOSED}
_UNPROVED = {"upcoming", "open", "due-soon", "overdue", "incomplete", "unverifiable", "met-disputed"}
_HALF_DONE = (Status.INCOMPLETE, Status.UNVERIFIABLE)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class LookBack:
    """How far back to read each column, and the articles to read again (`reread`).

    Those may yet gain missing items, or somebody claims that they prove an occurrence, or they prove one and must be
    seen to be up still.
    """

    since: Mapping[str, date] = field(default_factory=dict)
    reread: frozenset[str] = frozenset()


def look_back(tx: Tx, rulebook: Rulebook, calendar: Calendar, now: datetime, slack: timedelta) -> LookBack:
    """Return what the unproved occurrences need, also those that no pass has opened yet.

    `slack`: how long before its period or event an entry may be published.
    """
    county = rulebook.county
    today = now.astimezone(county.zone).date()
    since = dict.fromkeys(county.columns, today - slack)
    reread: set[str] = set()

    def reach(group: DutyGroup, first: date) -> None:
        for column in group.columns & since.keys():
            since[column] = min(since[column], first)

    claimed = load_published_addresses(tx, county.id)
    for group, rows in _open_rows(tx, rulebook).items():
        if not group.columns:
            continue
        has_half_done = False
        for row in rows:
            deadline = _deadline_of(group.duty, row)
            begins_on = _begins_on(deadline, row.opens_on)
            if begins_on is not None and begins_on > today:
                continue
            reach(group, _first_day(deadline, begins_on, calendar, slack))
            reread |= claimed.get(row.key, set())
            has_half_done = has_half_done or row.status in _HALF_DONE
        if has_half_done:
            reread.update(address for row in rows for address in row.wanting)
    for group, first in _unopened(tx, rulebook, calendar, now, slack):
        reach(group, first)
    return LookBack(since, frozenset(reread | _find_due_looks(tx, rulebook, now)))


def _find_due_looks(tx: Tx, rulebook: Rulebook, now: datetime) -> set[str]:
    """Return the addresses of proofs that must be up still and are due for a look."""
    county, groups = rulebook.county, groups_of(rulebook)
    intervals: dict[str, timedelta] = {}
    rows = list_resting_rows(tx, county.id)
    looks = load_last_looks(tx, county.id, {url for row in rows for url in row.rests_on})
    for row in rows:
        if (group := groups.group_of(row.key)) is None:
            continue
        proved_at = row.proved_at or now
        until = stays_until(_deadline_of(group.duty, row), proved_at)
        for url in row.rests_on:
            listed_at = max((look.listed_at for look in looks.get(url, ())), default=now)
            interval = look_interval(proved_at, until, listed_at, now)
            if interval is not None:
                intervals[url] = min(interval, intervals.get(url, interval))
    return set(due_looks(intervals, looks, now))


def _unopened(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, now: datetime, slack: timedelta
) -> Iterator[tuple[DutyGroup, date]]:
    """Yield the groups with occurrences that no pass has stored yet, and the first day their proof may be published.

    There are some before the first pass, after changed rules, after days without a pass, and with new events.
    """
    county, today = rulebook.county, now.astimezone(rulebook.county.zone).date()
    row = read_county(tx, county.id)
    is_current = (row.rulebook, row.calendar) == (rulebook.digest, calendar.digest)
    if row.ticked_at is None or not is_current or row.opened_until is None or row.opened_until < today:
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
    """Return the columns to visit soon.

    Those not read since an unproved occurrence was due, or not since yesterday; and those with an article that one
    visit found empty, which a second must confirm.
    """
    zone = rulebook.county.zone
    yesterday = calendar.add_workdays(now.astimezone(zone).date(), -1)
    fresh_since = datetime.combine(yesterday, time(), zone)
    needed: set[str] = set(list_doubted_columns(tx, rulebook.county.id))
    read_at = load_last_reads(tx, rulebook.county.id)
    for group, rows in _open_rows(tx, rulebook, now).items():
        due_at = max((row.due_at for row in rows if row.status in _UNPROVED and row.due_at), default=None)
        if due_at is not None:
            needed.update(
                column
                for column in group.columns
                if (at := read_at.get(column)) is None or at < max(due_at, fresh_since)
            )
        if any(row.look_at is not None and row.look_at <= now for row in rows):  # a second look needs them anew
            needed.update(column for column in group.columns if read_at.get(column, due_at or now) < now - RENEWED)
    return frozenset(needed)


def _open_rows(tx: Tx, rulebook: Rulebook, due_by: datetime | None = None) -> Mapping[DutyGroup, list[OpenRow]]:
    """Return the rows that are neither proved nor released, by group. `due_by`: only those due at that instant."""
    groups, by_group = groups_of(rulebook), defaultdict[DutyGroup, list[OpenRow]](list)
    statuses = [status for status in Status if status not in _DONE]
    for row in list_open_rows(tx, rulebook.county.id, statuses, due_by):
        if (group := groups.group_of(row.key)) is not None:
            by_group[group].append(row)
    return by_group


def _begins_on(deadline: Deadline | None, opens_on: date | None) -> date | None:
    """Return the first day of the period, or the event's."""
    if opens_on is None or not isinstance(deadline, Every) or deadline.unit == "workday":
        return opens_on
    if deadline.about == "this" and deadline.due_after_end is not None:
        return period_of(deadline.unit, opens_on - _DAY).first
    return opens_on


def _first_day(deadline: Deadline | None, begins_on: date | None, calendar: Calendar, slack: timedelta) -> date:
    """Return the first day on which a proof may be published of an occurrence that begins on `begins_on`."""
    if deadline is None or isinstance(deadline, By) or begins_on is None:
        return date.min  # a standing publication may be of any age
    if isinstance(deadline, Every):
        window = period_of(deadline.unit, begins_on, calendar)
        is_about_previous = deadline.about == "previous"
        return begins_on - (window.last - window.first + _DAY if is_about_previous else timedelta()) - slack
    return begins_on - max(slack, timedelta(days=deadline.slack))


def _deadline_of(duty: Duty, row: OpenRow | RestingRow) -> Deadline | None:
    """Return the deadline from which an occurrence comes, by its label: `event:NAME:…`, `once` or a period.

    The label of a part with its own deadline ends in `.PART`.
    """
    own_parts = {part.name: part for part in duty.parts if part.own_deadline}
    label, _, suffix = row.label.rpartition(".")
    if suffix in own_parts:
        deadlines = own_parts[suffix].deadlines
    else:
        label = row.label
        deadlines = next((part.deadlines for part in duty.parts if not part.own_deadline), ())
    kind, _, rest = label.partition(":")
    if kind in ("event", "awaiting"):
        name = rest.partition(":")[0]
        return _first(
            deadline for deadline in deadlines if isinstance(deadline, Within) and deadline.event.name == name
        )
    if label == "once":
        return _first(deadline for deadline in deadlines if isinstance(deadline, By))
    unit = unit_of(label)
    return _first(
        deadline
        for deadline in deadlines
        if isinstance(deadline, Every) and ("day" if deadline.unit == "workday" else deadline.unit) == unit
    )


def _first(deadlines: Iterable[Deadline]) -> Deadline | None:
    return next(iter(deadlines), None)

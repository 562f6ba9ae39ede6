"""Selects the occurrences that a new fact, the time or other rules may have changed.

Everything else stays as it was decided. What is selected may be more than what changes, never less: judging the
selected gives the same rows as judging all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.core.assessment.golive import GOLIVE, UNGOLIVE
from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Rulebook
from tracker.core.law.instances import instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.matching.relevance import may_be_evidence
from tracker.core.values.facts import Entry
from tracker.core.values.rulings import occurrence_of
from tracker.decide.facts import WHOLE, Scope
from tracker.decide.groups import DutyGroup, DutyGroups, beside, groups_of, prefix_of
from tracker.store.engine import Tx
from tracker.store.facts import FactDelta
from tracker.store.faults import faulty_groups
from tracker.store.occurrences import OccurrenceRow
from tracker.store.selection import (
    Listed,
    RowsWanted,
    due_keys,
    has_twins,
    keys_awaiting_visit,
    listed_of,
    load_rows,
    subjects_naming,
)

#: As many periods before and after the days of an entry its title may concern. A title that names an earlier one, or
#: that stands over another text too, has the whole group judged.
NEAR = 3
_DAY, _YEAR = timedelta(days=1), timedelta(days=366)


@dataclass(slots=True)
class Touch:
    """Why a group has to be looked at. `since`: the first day of which something new is known, by entries and events;
    `until`: the last. `visited`: its columns were looked at."""

    whole: bool = False
    keys: set[str] = field(default_factory=set)
    since: date | None = None
    until: date | None = None
    visited: bool = False
    opens: date | None = None  # the first day of what begins anew
    titles: set[str] = field(default_factory=set)  # of entries, whenever they bore them

    def widen(self, first: date, last: date) -> None:
        """Take in the days from `first` to `last`."""
        self.since = first if self.since is None else min(self.since, first)
        self.until = last if self.until is None else max(self.until, last)


@dataclass(frozen=True, slots=True)
class Selection:
    """The groups to judge, by prefix, and what of each; `context`: groups that these follow, to be read beside them.
    None: everything. `faulty`: the groups that the last pass could not judge."""

    scopes: Mapping[str, Scope] | None
    rows: Mapping[str, OccurrenceRow] = field(default_factory=dict)
    context: frozenset[str] = frozenset()
    faulty: frozenset[str] = frozenset()


EVERYTHING = Selection(None)


class _Touches:
    """What touches which group, gathered."""

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self.rulebook = rulebook
        self.calendar = calendar
        self.groups: DutyGroups = groups_of(rulebook)
        self.by_prefix: dict[str, Touch] = defaultdict(Touch)
        self.everything = False

    def key(self, key: str) -> None:
        """One occurrence, by itself."""
        if prefix_of(key) in self.groups.by_prefix:
            self.by_prefix[prefix_of(key)].keys.add(key)

    def whole(self, prefixes: Iterable[str]) -> None:
        for prefix in prefixes:
            if prefix in self.groups.by_prefix:
                self.by_prefix[prefix].whole = True

    def facts(self, delta: FactDelta, listed: Mapping[int, Listed]) -> None:
        """What became known since the last pass. `listed`: what else is known of the entries, by id."""
        county = self.rulebook.county
        for entry in delta.entries:
            for group in self.groups.watchers.get(entry.column, ()):
                if may_be_evidence(entry, group.assignment, county, listed[entry.id].title):
                    self._entry(group, entry, listed[entry.id])
        for column in {visit.column for visit in delta.visits}:
            is_page = column in county.columns and county.columns[column].kind == "page"
            for group in self.groups.watchers.get(column, ()):
                self.by_prefix[group.prefix].visited = True
                if is_page:
                    self.by_prefix[group.prefix].whole = True
        for event in (*delta.events, *delta.withdrawn_events):
            self.whole(group.prefix for group in self.groups.by_prefix.values() if group.concerns(event))
        for filing in (*delta.filings, *delta.withdrawn_filings):
            self.whole([prefix_of(filing.occurrence)])
        for ruling in delta.rulings:
            prefix = prefix_of(occurrence_of(ruling.occurrence))
            self.whole([prefix])
            if ruling.kind in ("adopt", "unadopt"):
                self.whole(each.prefix for each in self.groups.by_prefix.values() if each.reads(ruling.occurrence))
            elif ruling.kind in (GOLIVE, UNGOLIVE):
                self.everything = True
            elif "://" in ruling.target or ruling.kind == "revoke":  # it says whose the entry is
                self.whole(each for each in self.groups.by_prefix if each.startswith(beside(prefix)))
        for answer in delta.acknowledgements:
            self.key(answer.occurrence)
        if delta.silences:
            self.everything = True

    def _entry(self, group: DutyGroup, entry: Entry, listed: Listed) -> None:
        touch = self.by_prefix[group.prefix]
        first, last = _days_of(entry, listed, self.rulebook.county.zone)
        touch.whole = touch.whole or first == date.min
        near = NEAR * group.length if group.naming and first > date.min else timedelta()
        touch.widen(first - near, last + near)
        titles = {version.title for version in entry.versions} | ({listed.title} - {""})
        touch.titles |= titles
        if group.naming and not touch.whole:
            early = first - (NEAR - 1) * group.length
            if any(group.names_before(title, day, early, self.calendar) for title in titles for day in (first, last)):
                touch.whole = True

    def opening(self, after: date, until: date) -> None:
        """The periods and days that open after one day and up to another."""
        groups = self.groups.by_prefix
        for duty in {id(group.duty): group.duty for group in groups.values()}.values():
            for each in instances_of(duty, self.calendar, self.rulebook.county, until, since=after + _DAY):
                begins = _begins_on(each)
                if begins is None or begins <= after or begins > until:
                    continue
                touch = self.by_prefix[prefix_of(each.key)]
                touch.keys.add(each.key)
                touch.opens = begins if touch.opens is None else min(begins, touch.opens)


def select(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, delta: FactDelta, opened: date | None, until: date,
    now: datetime | None,
) -> Selection:  # fmt: skip
    """What a pass at `now` has to judge; None: without what time alone may have changed.

    `delta`: the facts that the last pass did not know; `opened`: the day up to which it opened what begins.
    """
    county, touches = rulebook.county, _Touches(rulebook, calendar)
    touches.facts(delta, listed_of(tx, county.id, [entry.id for entry in delta.entries]))
    if opened is None or touches.everything:
        return EVERYTHING
    faulty = faulty_groups(tx, county.id)
    if now is not None:
        touches.whole(faulty)
    if delta.entries:
        named = subjects_naming(tx, county.id, {entry.url for entry in delta.entries})
        touches.whole(prefix_of(occurrence_of(subject)) for subject in named)
    for key in due_keys(tx, county.id, now) if now is not None else ():
        touches.key(key)
    if until > opened:
        touches.opening(opened, until)
    if any(touch.visited for touch in touches.by_prefix.values()):
        for key in keys_awaiting_visit(tx, county.id):
            if (touch := touches.by_prefix.get(prefix_of(key))) is not None and touch.visited:
                touch.keys.add(key)
    return _scoped(tx, touches, faulty)


def _scoped(tx: Tx, touches: _Touches, faulty: frozenset[str]) -> Selection:
    """The touches as scopes, with the rows of the last decisions about them."""
    groups, county = touches.groups.by_prefix, touches.rulebook.county.id
    scopes: dict[str, Scope] = {}
    rows: dict[str, OccurrenceRow] = {}
    for prefix, touch in touches.by_prefix.items():
        group = groups[prefix]
        if not (touch.whole or touch.keys or touch.since is not None):
            continue
        if touch.whole or not group.windowed or prefix in touches.groups.followers:
            mine = load_rows(tx, county, [all_of(group)])
            scope = WHOLE
        else:
            scope, mine = _windowed(tx, touches, group, touch)
        if touch.whole or touch.keys or not _is_idle(mine):
            scopes[prefix], rows = scope, rows | mine
    context = frozenset(_beside(touches.groups, scopes) - set(scopes))
    rows |= load_rows(tx, county, [all_of(groups[prefix]) for prefix in sorted(context)])
    return Selection(scopes, rows, context, faulty)


def _beside(groups: DutyGroups, prefixes: Iterable[str]) -> set[str]:
    """The groups that follow these, and those that one of them follows."""
    found, waiting = set(prefixes), list(prefixes)
    while waiting:
        for follower in groups.followers.get(waiting.pop(), ()):
            if follower.prefix not in found:
                found.add(follower.prefix)
                waiting.append(follower.prefix)
    return with_priors(groups, found)


def with_priors(groups: DutyGroups, prefixes: Iterable[str]) -> set[str]:
    """These groups that the rules have, and those that one of them follows."""
    asked = set(prefixes)
    found = {prefix for prefix in groups.by_prefix if prefix in asked}
    for group in [*groups.by_prefix.values()][::-1]:  # what is followed stands before
        if group.prefix in found:
            found |= {prior.prefix for duty in group.followed for prior in groups.priors(group, duty)}
    return found


def _windowed(tx: Tx, touches: _Touches, group: DutyGroup, touch: Touch) -> tuple[Scope, dict[str, OccurrenceRow]]:
    """What of a group of periods has to be judged, and from which day on its facts matter."""
    county = touches.rulebook.county
    wanted = all_of(group)
    # What is put up again stands for what is gone; one title over two texts is believed of neither.
    if touch.titles and has_twins(tx, county.id, group.columns, touch.titles, gone=not group.naming):
        return WHOLE, load_rows(tx, county.id, [wanted])
    first = touch.since or date.max - _YEAR
    some = replace(wanted, keys=touch.keys, proved_since=_start(first, county.zone), opened_since=first - group.length)
    rows = load_rows(tx, county.id, [some])
    keys = touch.keys | {key for key, row in rows.items() if _may_change(row, touch, group, county.zone)}
    days = [row.opens_on for key, row in rows.items() if key in keys and row.opens_on is not None]
    days += [day for day in (touch.since, touch.opens) if day is not None]
    if not days:
        return Scope(None, frozenset(keys)), rows
    since = min(days) - (NEAR * group.length if group.naming else timedelta())
    return Scope(since, frozenset(keys)), rows


def _may_change(row: OccurrenceRow, touch: Touch, group: DutyGroup, zone: ZoneInfo) -> bool:
    """Whether an entry of the days of the touch may change what was decided."""
    if touch.since is None or touch.until is None or (row.opens_on is not None and row.opens_on > touch.until):
        return False
    if row.opens_on is None:
        return not row.closed
    if row.opens_on + group.length >= touch.since:
        return True
    if group.naming or row.closed:  # an entry closes no period but those it names, and nothing opens a closed one
        return False
    return row.proved_at is None or row.status == "met-disputed" or row.proved_at >= _start(touch.since, zone)


def all_of(group: DutyGroup) -> RowsWanted:
    """Every row of the group."""
    return RowsWanted(group.duty.pack, group.duty.id, group.assignment.key)


def _label_of(key: str) -> str:
    return key[len(prefix_of(key)) :]


def _is_idle(rows: Mapping[str, OccurrenceRow]) -> bool:
    """Whether all of it waits for an event that need not have come: what the site shows is nothing to it."""
    standing = [row for row in rows.values() if not row.closed]
    return bool(standing) and all(row.label.startswith("awaiting:") and row.status == "upcoming" for row in standing)


def _days_of(entry: Entry, listed: Listed, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day on which the entry may count as having come out. What bears no date has the last visit
    that lacked it; `date.min` where none is known that certainly did."""
    seen = [entry.first_seen_at, *(version.seen_at for version in entry.versions)]
    days = [moment_day(at, zone) for at in seen]
    claimed = [moment_day(version.claimed, zone) for version in entry.versions if version.claimed is not None]
    if any(version.claimed is None for version in entry.versions):
        claimed.append(moment_day(listed.lacked_at, zone) if listed.lacked_at is not None else date.min)
    return min([*days, *claimed]), max(days)


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _begins_on(occurrence: Occurrence) -> date | None:
    return occurrence.window.first if occurrence.window else occurrence.opens_on

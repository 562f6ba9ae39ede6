"""Selects the occurrences that a new fact, the time or other rules may have changed.

The selection may hold more than what changes, never less: judging the selection gives the same rows as judging all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from tracker.core.assessment.golive import GOLIVE, UNGOLIVE
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.instances import awaiting, from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.matching.criteria import may_be_evidence
from tracker.core.values.facts import Entry, Event
from tracker.core.values.rulings import occurrence_of
from tracker.decide.facts import WHOLE, Scope
from tracker.decide.groups import DutyGroup, DutyGroups, duty_prefix_of, groups_of, prefix_of
from tracker.decide.size import check_size
from tracker.store.engine import Tx
from tracker.store.facts import FactDelta
from tracker.store.faults import list_faulty_groups
from tracker.store.occurrences import OccurrenceRow
from tracker.store.rows import batches
from tracker.store.selection import (
    ListedEntry,
    RowSelection,
    has_twins,
    list_due_keys,
    list_keys_awaiting_visit,
    list_subjects_naming,
    load_listed_entries,
    load_rows,
)

#: How many periods before and after the days of an entry its title may concern. If a title names an earlier period, or
#: another entry has the same title, the whole group is judged.
NEAR_PERIODS = 3
_DAY, _YEAR = timedelta(days=1), timedelta(days=366)


@dataclass(slots=True)
class Touch:
    """Why a group has to be judged.

    `whole`: all of it. `keys`: single occurrences. `since`, `until`: the first and last day that new entries concern.
    `opens`: the first day of the periods that open now. `titles`: current and earlier titles of the entries.
    """

    whole: bool = False
    keys: set[str] = field(default_factory=set)
    since: date | None = None
    until: date | None = None
    opens: date | None = None
    titles: set[str] = field(default_factory=set)

    def widen(self, first: date, last: date) -> None:
        """Include the days from `first` to `last`."""
        self.since = first if self.since is None else min(self.since, first)
        self.until = last if self.until is None else max(self.until, last)


@dataclass(frozen=True, slots=True)
class Selection:
    """The groups to judge. `scopes`: by prefix; None: everything.

    `context`: prior groups to load beside them. `faulty`: groups that the last pass could not judge.
    """

    scopes: Mapping[str, Scope] | None
    rows: Mapping[str, OccurrenceRow] = field(default_factory=dict)
    context: frozenset[str] = frozenset()
    faulty: frozenset[str] = frozenset()


EVERYTHING = Selection(None)


class _TouchCollector:
    """Collects why groups have to be judged. `visited`: prefixes of the groups whose columns were visited.

    `own_only`: of an event that is one of many, only what it starts itself.
    """

    def __init__(self, rulebook: Rulebook, calendar: Calendar, *, own_only: bool) -> None:
        self.rulebook = rulebook
        self.calendar = calendar
        self.own_only = own_only
        self.groups: DutyGroups = groups_of(rulebook)
        self.by_prefix: dict[str, Touch] = defaultdict(Touch)
        self.visited: set[str] = set()
        self.everything = False

    def touch_key(self, key: str) -> None:
        """Add one occurrence."""
        if prefix_of(key) in self.groups.by_prefix:
            self.by_prefix[prefix_of(key)].keys.add(key)

    def touch_whole(self, prefixes: Iterable[str]) -> None:
        """Add whole groups; unknown prefixes are ignored."""
        for prefix in prefixes:
            if prefix in self.groups.by_prefix:
                self.by_prefix[prefix].whole = True

    def touch_by_facts(self, delta: FactDelta, listed: Mapping[int, ListedEntry]) -> None:
        """Add the groups that new facts concern. `listed`: by entry ID, title and visit data of the listing."""
        county = self.rulebook.county
        for entry in delta.entries:
            for group in self.groups.watchers.get(entry.column, ()):
                if may_be_evidence(entry, group.assignment, county, listed[entry.id].title):
                    self._touch_by_entry(group, entry, listed[entry.id])
        for column in {visit.column for visit in delta.visits}:
            prefixes = {group.prefix for group in self.groups.watchers.get(column, ())}
            self.visited |= prefixes
            if column in county.columns and county.columns[column].kind == "page":
                self.touch_whole(prefixes)
        for event in (*delta.events, *delta.withdrawn_events):
            for group in self.groups.by_prefix.values():
                if group.concerns(event):
                    self._touch_by_event(group, event)
        for filing in (*delta.filings, *delta.withdrawn_filings):
            self.touch_whole([prefix_of(filing.occurrence)])
        for ruling in delta.rulings:
            prefix = prefix_of(occurrence_of(ruling.occurrence))
            self.touch_whole([prefix])
            if ruling.kind in ("adopt", "unadopt"):
                groups = self.groups.by_prefix.values()
                self.touch_whole(group.prefix for group in groups if group.uses_reading(ruling.occurrence))
            elif ruling.kind in (GOLIVE, UNGOLIVE):
                self.everything = True
            elif "://" in ruling.target or ruling.kind == "revoke":  # it decides the department of an entry
                duty_prefix = duty_prefix_of(prefix)
                self.touch_whole(other for other in self.groups.by_prefix if other.startswith(duty_prefix))
        for answer in delta.acknowledgements:
            self.touch_key(answer.occurrence)
        for look in delta.second_looks:
            self.touch_key(look.occurrence)
        if delta.silences:
            self.everything = True

    def _touch_by_event(self, group: DutyGroup, event: Event) -> None:
        """Add the group; of one that may be judged in part what the event starts, and what waited for it."""
        county, touch = self.rulebook.county, self.by_prefix[group.prefix]
        if self.may_be_partial(group) and event.name not in group.related_events:
            started = [*from_event(group.duty, event, self.calendar, county)]
            waiting = [*awaiting(group.duty, county, ())]
            keys = {each.key for each in (*started, *waiting) if each.department == group.assignment.key}
            touch.keys |= keys
            touch.whole = touch.whole or not started
        else:
            touch.whole = True

    def may_be_partial(self, group: DutyGroup) -> bool:
        """Whether single occurrences may be judged, and those from which they take entries later."""
        return self.own_only and group.is_of_events and group.prefix not in self.groups.followers

    def _touch_by_entry(self, group: DutyGroup, entry: Entry, listed: ListedEntry) -> None:
        touch = self.by_prefix[group.prefix]
        first, last = _publication_days(entry, listed, self.rulebook.county.zone)
        touch.whole = touch.whole or first == date.min
        margin = NEAR_PERIODS * group.length if group.named_units and first > date.min else timedelta()
        touch.widen(first - margin, last + margin)
        titles = {version.title for version in entry.versions} | ({listed.title} - {""})
        touch.titles |= titles
        if group.named_units and not touch.whole:
            earliest = first - (NEAR_PERIODS - 1) * group.length
            pairs = product(titles, (first, last))
            touch.whole = any(group.names_period_before(title, day, earliest, self.calendar) for title, day in pairs)

    def touch_openings(self, after: date, until: date) -> None:
        """Add the periods and days that open after `after`, up to `until`."""
        for duty in self.rulebook.duties:
            for occurrence in instances_of(duty, self.calendar, self.rulebook.county, until, since=after + _DAY):
                begins = _first_day_of(occurrence)
                if begins is None or begins <= after or begins > until:
                    continue
                touch = self.by_prefix[prefix_of(occurrence.key)]
                touch.keys.add(occurrence.key)
                touch.opens = begins if touch.opens is None else min(begins, touch.opens)


def select(
    tx: Tx, rulebook: Rulebook, calendar: Calendar, delta: FactDelta, opened: date | None, until: date,
    now: datetime | None, *, own_only: bool = False, most: int | None = None,
) -> Selection:  # fmt: skip
    """Return the selection for a pass at `now`; None: without occurrences that time alone may have changed.

    `delta`: the facts since the last pass; `opened`: the day up to which it opened periods. `own_only`: of an event
    that is one of many, only the occurrence that it starts; for whoever leaves the others to the next pass. Raises
    LargePassError where the selection has more than `most` rows.
    """
    county, touches = rulebook.county, _TouchCollector(rulebook, calendar, own_only=own_only)
    touches.touch_by_facts(delta, load_listed_entries(tx, county.id, [entry.id for entry in delta.entries]))
    if opened is None or touches.everything:
        return EVERYTHING
    faulty = list_faulty_groups(tx, county.id)
    if now is not None:
        touches.touch_whole(faulty)
    if delta.entries:
        named = list_subjects_naming(tx, county.id, {entry.url for entry in delta.entries})
        touches.touch_whole(prefix_of(occurrence_of(subject)) for subject in named)
    for key in list_due_keys(tx, county.id, now) if now is not None else ():
        touches.touch_key(key)
    if until > opened:
        touches.touch_openings(opened, until)
    for key in list_keys_awaiting_visit(tx, county.id) if touches.visited else ():
        if prefix_of(key) in touches.visited:
            touches.touch_key(key)
    return _build_selection(tx, touches, faulty, most)


def _build_selection(tx: Tx, touches: _TouchCollector, faulty: frozenset[str], most: int | None) -> Selection:
    """Return the touches as scopes, with the rows of their last decisions."""
    groups, county = touches.groups.by_prefix, touches.rulebook.county.id
    scopes: dict[str, Scope] = {}
    rows: dict[str, OccurrenceRow] = {}
    for touched in batches(touches.by_prefix.items()):
        wanted = {prefix: _wanted_rows(tx, touches, groups[prefix], touch) for prefix, touch in touched}
        found = load_rows(tx, county, wanted.values())
        by_group: dict[tuple[str, str, str], dict[str, OccurrenceRow]] = defaultdict(dict)
        for key, row in found.items():
            by_group[row.pack, row.duty, row.department][key] = row
        for prefix, touch in touched:
            query = wanted[prefix]
            group_rows = by_group[query.pack, query.duty, query.department]
            if touch.whole or touch.keys or not _is_idle(group_rows):
                scopes[prefix] = _scope(query, touches, groups[prefix], touch, group_rows)
                rows.update(group_rows)
                check_size(len(rows), most)
    context = frozenset(_with_followers(touches.groups, scopes) - set(scopes))
    rows |= load_rows(tx, county, [all_rows_of(groups[prefix]) for prefix in sorted(context)])
    return Selection(scopes, rows, context, faulty)


def _wanted_rows(tx: Tx, touches: _TouchCollector, group: DutyGroup, touch: Touch) -> RowSelection:
    """Return which rows of the group have to be known."""
    all_rows, county = all_rows_of(group), touches.rulebook.county
    if touches.may_be_partial(group) and not touch.whole and touch.since is None:
        return replace(all_rows, only=True, keys=touch.keys)
    if touch.whole or not group.is_windowed or group.prefix in touches.groups.followers:
        return all_rows
    # An entry may republish a gone one, and a title shared by two entries may hold a typo: then all are judged.
    if touch.titles and has_twins(tx, county.id, group.columns, touch.titles, gone=not group.named_units):
        return all_rows
    first = touch.since or date.max - _YEAR
    return replace(
        all_rows, keys=touch.keys, proved_since=_day_start(first, county.zone), opened_since=first - group.length
    )


def _scope(
    query: RowSelection,
    touches: _TouchCollector,
    group: DutyGroup,
    touch: Touch,
    rows: Mapping[str, OccurrenceRow],
) -> Scope:
    """Return what of the group is judged, where these rows of it are known."""
    if query.only:
        return Scope(None, frozenset(touch.keys))
    if query.proved_since is None:
        return WHOLE
    zone = touches.rulebook.county.zone
    keys = touch.keys | {key for key, row in rows.items() if _may_change(row, touch, group, zone)}
    days = [row.opens_on for key, row in rows.items() if key in keys and row.opens_on is not None]
    days += [day for day in (touch.since, touch.opens) if day is not None]
    if not days:
        return Scope(None, frozenset(keys))
    since = min(days) - (NEAR_PERIODS * group.length if group.named_units else timedelta())
    return Scope(since, frozenset(keys))


def _with_followers(groups: DutyGroups, prefixes: Iterable[str]) -> set[str]:
    """Return these groups with all that follow them, and all prior groups."""
    wanted = set(prefixes)
    for prefix in groups.by_prefix:  # prior groups come first in the order
        if prefix in wanted:
            wanted |= {follower.prefix for follower in groups.followers.get(prefix, ())}
    return with_priors(groups, wanted)


def with_priors(groups: DutyGroups, prefixes: Iterable[str]) -> set[str]:
    """Return those of the groups that the rules have, and their prior groups."""
    wanted = set(prefixes) & groups.by_prefix.keys()
    for group in [*groups.by_prefix.values()][::-1]:  # prior groups come first in the order
        if group.prefix in wanted:
            wanted |= {prior.prefix for duty in group.followed for prior in groups.find_priors(group, duty)}
    return wanted


def _may_change(row: OccurrenceRow, touch: Touch, group: DutyGroup, zone: ZoneInfo) -> bool:
    """Return whether an entry of the days of the touch may change the row."""
    if touch.since is None or touch.until is None or (row.opens_on is not None and row.opens_on > touch.until):
        return False
    if row.opens_on is None:
        return not row.closed
    if row.opens_on + group.length >= touch.since:
        return True
    if group.named_units or row.closed:  # an entry proves only the periods it names, and nothing reopens a closed one
        return False
    return row.proved_at is None or row.status == "met-disputed" or row.proved_at >= _day_start(touch.since, zone)


def all_rows_of(group: DutyGroup) -> RowSelection:
    """Return the query for every row of the group."""
    return RowSelection(group.duty.pack, group.duty.id, group.assignment.key)


def _is_idle(rows: Mapping[str, OccurrenceRow]) -> bool:
    """Return whether all open rows wait for an event that is not expected yet, so entries do not matter."""
    open_rows = [row for row in rows.values() if not row.closed]
    return bool(open_rows) and all(row.label.startswith("awaiting:") and row.status == "upcoming" for row in open_rows)


def _publication_days(entry: Entry, listed: ListedEntry, zone: ZoneInfo) -> tuple[date, date]:
    """Return the first and the last day that may be the entry's day of publication.

    An undated entry counts from the last visit that lacked it; `date.min` if none is known.
    """
    seen_at = [entry.first_seen_at, *(version.seen_at for version in entry.versions)]
    days = [moment_day(at, zone) for at in seen_at]
    claimed = [moment_day(version.claimed, zone) for version in entry.versions if version.claimed is not None]
    if any(version.claimed is None for version in entry.versions):
        claimed.append(moment_day(listed.lacked_at, zone) if listed.lacked_at is not None else date.min)
    return min([*days, *claimed]), max(days)


def _day_start(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _first_day_of(occurrence: Occurrence) -> date | None:
    return occurrence.window.first if occurrence.window else occurrence.opens_on

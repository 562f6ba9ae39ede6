"""What a tick keeps between passes: a warm copy of one county's facts and decisions, never the truth.

The copy is exact because facts carry `seq` (taken under the county's row lock) and every pass has a
number. When another process ticked in between, or the rules changed, the copy is thrown away and
everything is judged again: a cold pass and a warm one come to the same result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from datetime import UTC, date, datetime, time
from typing import Any

from tracker.core.duties import Rulebook
from tracker.core.facts import Entry, Event, Facts, Filing, Outcome, Ruling, Visit
from tracker.core.golive import GOLIVE, UNGOLIVE
from tracker.core.materialise import awaiting, from_event, standing
from tracker.core.notices import Acknowledgement, NoticeKey, NoticeState, Silence, Told
from tracker.core.objections import matter_of
from tracker.core.occurrences import Occurrence
from tracker.core.outages import Outage
from tracker.core.papers import standing as in_force
from tracker.core.papers import taken
from tracker.core.postponing import Postponements
from tracker.core.shelf import Shelf
from tracker.core.texts import Texts
from tracker.core.workdays import Calendar
from tracker.deciding.groups import SIGHT_MATTERS, Group, groups_of, prefix_of
from tracker.store.engine import Tx
from tracker.store.facts import FactDelta, load_facts
from tracker.store.faults import list_faults
from tracker.store.notices import told
from tracker.store.occurrences import OccurrenceRow, load_occurrences

_UNDER_WAY = ("due", "claimed")
_UNPROVED = {"upcoming", "open", "due-soon", *SIGHT_MATTERS}  # as last decided


class Memory:
    """One county's warm copy. Built empty; `refresh` fills it and marks the groups to judge."""

    def __init__(self, rulebook: Rulebook, calendar: Calendar) -> None:
        self.rulebook = rulebook
        self.calendar = calendar
        self.tick_number = -1
        self.seq = 0
        self.groups = groups_of(rulebook.duties)  # what follows another duty comes after it
        self.told: dict[str, dict[NoticeKey, Told]] = {}
        self._leaving: set[str] = set()  # subjects with a notice that deliverers may move on
        self.faulty: set[str] = set()  # groups whose judgement failed at the last pass
        self.began_at = datetime.max.replace(tzinfo=UTC)  # when the county's first occurrences were written
        self.strays: dict[str, OccurrenceRow] = {}  # rows whose duty or department is no longer in the rules
        self._entries: dict[str, dict[int, Entry]] = defaultdict(dict)
        self._texts: Texts | None = None  # made when first asked for
        self._doubted: dict[int, str] = {}  # entries that one look found empty, and their columns
        self.visits: dict[str, list[Visit]] = defaultdict(list)
        self._sights: dict[frozenset[str], tuple[Visit, ...]] = {}  # the very tuples that judging indexes
        self._shown: dict[frozenset[str], tuple[Entry, ...]] = {}
        self._read_at: dict[str, datetime] = {}  # by column: when the last visit that was read began
        self._events: dict[int, Event] = {}
        self._filings: dict[str, dict[int, Filing]] = defaultdict(dict)
        self._rulings: dict[str, dict[int, Ruling]] = defaultdict(dict)
        self.answers: dict[str, list[Acknowledgement]] = defaultdict(list)  # by occurrence
        self.silences: dict[int, Silence] = {}
        self._ahead: list[tuple[date, Group, Occurrence]] = []  # soonest last
        self._ahead_until: date | None = None
        self._watchers: dict[str, list[Group]] = defaultdict(list)
        for group in self.groups.values():
            for column in group.columns:
                self._watchers[column].append(group)

    def fits(self, rulebook: Rulebook, calendar: Calendar, tick_number: int) -> bool:
        """Whether nobody ticked since, under the same rules and calendar."""
        return self.under(rulebook) and self.calendar.digest == calendar.digest and self.tick_number == tick_number

    def under(self, rulebook: Rulebook) -> bool:
        """Whether it was made under these rules, in a county that is live since the same act."""
        mine, county = self.rulebook, rulebook.county
        acts, theirs = (mine.county.was_live, mine.county.golive), (county.was_live, county.golive)
        return mine.digest == rulebook.digest and acts == theirs

    def refresh(self, tx: Tx, until: date, now: datetime) -> None:
        """Take in what is new, start what opens by `until`, and mark the groups that need judging."""
        county = self.rulebook.county.id
        if self.tick_number < 0:
            self._recall(tx, county, now)
        else:
            self.told.update(told(tx, county, self._under_way()))  # deliverers move these on
        self._take(load_facts(tx, county, self.seq))
        self._start(until)
        for group in self.groups.values():
            if group.next_at is not None and group.next_at <= now:
                group.due = True

    def only_since(self, tx: Tx, since: int) -> None:
        """Mark only those groups that what came after the number bears on. (Taken in once more, it is the same.)"""
        for group in self.groups.values():
            group.due = False
        self._take(load_facts(tx, self.rulebook.county.id, since))

    def _under_way(self) -> set[str]:
        """The subjects of which something waits to leave, or is leaving."""
        self._leaving = {
            key for key in self._leaving if any(one.state in _UNDER_WAY for one in self.told[key].values())
        }
        return self._leaving

    def _recall(self, tx: Tx, county: str, now: datetime) -> None:
        for key, row in load_occurrences(tx, county).items():
            group = self.groups.get(key[: key.rindex("/") + 1])
            if group is None:
                self.strays[key] = row
            else:
                group.remember([row])
        every = [*self.strays.values(), *(row for group in self.groups.values() for row in group.rows.values())]
        self.began_at = min((row.created_at for row in every), default=now)
        self.told = told(tx, county)
        self._leaving = set(self.told)
        self.faulty = {fault.subject for fault in list_faults(tx, county) if fault.action == "judge"}

    def remember_told(self, changed: Mapping[NoticeState, Iterable[NoticeKey]], now: datetime) -> None:
        """Follow what this pass wrote about notices."""
        for state, keys in changed.items():
            for key in keys:
                self.told.setdefault(key.subject, {})[key] = Told(state, now)
                self._leaving.add(key.subject)

    # -- facts -----------------------------------------------------------------------------------

    def _take(self, delta: FactDelta) -> None:
        self.seq = delta.seq
        for entry in delta.entries:
            shown = self._entries[entry.column]
            before, shown[entry.id] = shown.get(entry.id), entry
            if entry.hollow_at is not None:
                self._doubted[entry.id] = entry.column
            else:
                self._doubted.pop(entry.id, None)
            if self._texts is not None:
                self._texts.put(entry)
            _drop(self._shown, entry.column)
            watching = self._watchers.get(entry.column, ())
            self._touch(one for one in watching if one.bearing.takes(entry, before) and not one.idle)
        for visit in delta.visits:
            self.visits[visit.column].append(visit)
            if visit.outcome is Outcome.READ:
                self._read_at[visit.column] = max(visit.began_at, self._read_at.get(visit.column, visit.began_at))
            _drop(self._sights, visit.column)
            watching = self._watchers.get(visit.column, ())
            page = self.rulebook.county.columns.get(visit.column)
            self._touch(one for one in watching if one.late or (page is not None and page.kind == "page"))
        for event in delta.withdrawn_events:
            self._events.pop(event.id, None)
            self._react(event)  # a copy made after it was withdrawn has never held it
        for event in delta.events:
            self._react(self._events.get(event.id))
            self._events[event.id] = event
            self._react(event)
        self._take_papers(delta)

    def _take_papers(self, delta: FactDelta) -> None:
        for filing in delta.filings:
            prefix = filing.occurrence[: filing.occurrence.rindex("/") + 1]
            self._filings[prefix][filing.id] = filing
            self._said(prefix, filing.occurrence, filing.proof)
        for filing in delta.withdrawn_filings:
            prefix = filing.occurrence[: filing.occurrence.rindex("/") + 1]
            self._filings[prefix].pop(filing.id, None)
            self._said(prefix, filing.occurrence)
        for ruling in delta.rulings:
            about = matter_of(ruling.occurrence)
            prefix = about[: about.rindex("/") + 1]
            self._rulings[prefix][ruling.id] = ruling
            self._said(prefix, about, ruling.target)
            if (mine := self.groups.get(prefix)) is not None:
                mine.decided(ruling)
            if ruling.kind in ("adopt", "unadopt"):
                self._touch(one for one in self.groups.values() if one.reads(ruling.occurrence))
            if ruling.kind in (GOLIVE, UNGOLIVE):
                self._touch(self.groups.values())
            if (
                "://" in ruling.target or ruling.kind == "revoke"
            ):  # it says whose the entry is: all departments of the duty are asked anew
                for other, group in self.groups.items():
                    if other.startswith(_beside(prefix)):
                        group.due, group.shelf = True, Shelf()
        for answer in delta.acknowledgements:
            self.answers[answer.occurrence].append(answer)
            prefix = answer.occurrence[: answer.occurrence.rindex("/") + 1]
            self._touch(group for key, group in self.groups.items() if key == prefix)
        for silence in delta.silences:
            self.silences[silence.id] = silence
            self._touch(self.groups.values())

    def _touch(self, groups: Iterable[Group]) -> None:
        for group in groups:
            group.due = True

    def _said(self, prefix: str, occurrence: str, address: str = "") -> None:
        if (group := self.groups.get(prefix)) is not None:
            group.due = True
            if address:
                group.bearing.name(address)
            group.shelf.forget(occurrence)

    def _react(self, event: Event | None) -> None:
        """An event came, changed or went: what it starts, replaces or proves is derived again."""
        if event is None:
            return
        for group in self.groups.values():
            if group.concerns(event):
                group.due, group.reacted = True, None

    # -- occurrences -----------------------------------------------------------------------------

    def _start(self, until: date) -> None:
        """Move the occurrences that open by `until` from what lies ahead into their groups."""
        horizon = date(until.year + 1, 12, 31)
        if self._ahead_until != horizon:
            self._look_ahead(horizon)
        while self._ahead and self._ahead[-1][0] <= until:
            _, group, occurrence = self._ahead.pop()
            group.started.append(occurrence)
            group.due = True

    def _look_ahead(self, horizon: date) -> None:
        known = {one.key for group in self.groups.values() for one in group.started}
        self._ahead = []
        for duty in self.rulebook.duties:
            mine = {one.key: self.groups[prefix_of(duty, one)] for one in duty.assignments}
            for one in standing(duty, self.calendar, self.rulebook.county, horizon):
                if one.key not in known:
                    begins = one.window.first if one.window else one.opens_on
                    self._ahead.append((begins or date.min, mine[one.department], one))
        self._ahead.sort(key=lambda item: item[0], reverse=True)
        self._ahead_until = horizon

    def occurrences(self, group: Group) -> tuple[Occurrence, ...]:
        """All that is owed in the group now: started periods and days, events, and what awaits one."""
        if group.reacted is None:
            group.reacted = tuple(self._reactions(group))
        if group.later is None:
            rulings = self._rulings.get(group.prefix, {}).values()
            group.later = Postponements(rulings, self.rulebook.county.zone)
        return group.later.of((*group.started, *group.reacted))

    def _reactions(self, group: Group) -> Iterator[Occurrence]:
        county, duty = self.rulebook.county, group.duty
        events = [one for one in self._events.values() if group.concerns(one)]
        events.sort(key=lambda one: (one.name, one.reference))
        rulings = self._rulings.get(group.prefix, {}).values()
        extended = frozenset(one.occurrence for one in in_force(rulings) if one.kind == "extend")
        mine = group.assignment.key
        for event in events:
            made = from_event(duty, event, self.calendar, county, extended)
            yield from (one for one in made if one.department == mine)
        yield from (one for one in awaiting(duty, county, events) if one.department == mine)

    def facts(self, group: Group) -> Facts:
        """What bears on the group."""
        beside = _beside(group.prefix)
        return Facts(
            entries=self._seen(group.columns),
            visits=self._sight(group.columns),
            events=tuple(one for one in self._events.values() if group.concerns(one)),
            filings=tuple(self._filings.get(group.prefix, {}).values()),
            rulings=tuple(self._rulings.get(group.prefix, {}).values()),
            taken=taken(one for key in self._rulings if key.startswith(beside) for one in self._rulings[key].values()),
        )

    def columns_in_need(self, now: datetime) -> frozenset[str]:
        """The columns on which something past due and unproved has not been looked for since, or not freshly,
        or an article that one look found empty waits for the second."""
        zone = self.rulebook.county.zone
        yesterday = self.calendar.add_workdays(now.astimezone(zone).date(), -1)
        stale = datetime.combine(yesterday, time(), zone)
        needed: set[str] = set(self._doubted.values())
        for group in self.groups.values():
            open_rows = (row for row in group.rows.values() if row.status in _UNPROVED and not row.closed)
            due = max((row.due_at for row in open_rows if row.due_at and row.due_at <= now), default=None)
            if due is not None:
                seen = ((column, self._read_at.get(column)) for column in group.columns)
                needed.update(column for column, at in seen if at is None or at < max(due, stale))
        return frozenset(needed)

    def next_at(self, now: datetime) -> datetime | None:
        """When time alone may next change a decision, after `now`."""
        instants = (group.next_at for group in self.groups.values())
        return min((at for at in instants if at is not None and at > now), default=None)

    def addresses(self, group: Group) -> set[str]:
        """Where the group's entries lie."""
        return {entry.url for column in group.columns for entry in self._entries[column].values()}

    @property
    def texts(self) -> Texts:
        """Every text of the county, to be found again by likeness."""
        if self._texts is None:
            self._texts = Texts(entry for held in self._entries.values() for entry in held.values())
        return self._texts

    def changed_since(self, instant: datetime) -> frozenset[str]:
        """The addresses of the entries that came, were read otherwise or went hollow since then."""
        held = (entry for one in self._entries.values() for entry in one.values())
        return frozenset(
            one.url
            for one in held
            if one.now.seen_at >= instant or (one.hollow_at is not None and one.hollow_at >= instant)
        )

    def _seen(self, columns: frozenset[str]) -> tuple[Entry, ...]:
        if columns not in self._shown:
            self._shown[columns] = tuple(one for column in sorted(columns) for one in self._entries[column].values())
        return self._shown[columns]

    def _sight(self, columns: frozenset[str]) -> tuple[Visit, ...]:
        if columns not in self._sights:
            self._sights[columns] = tuple(visit for column in sorted(columns) for visit in self.visits[column])
        return self._sights[columns]

    def failing(self) -> dict[str, Outage]:
        """The columns that duties look at and that could not be read since they last were."""
        found = {}
        for column in self._watchers:
            read_at, failed = self._read_at.get(column), list[Visit]()
            for visit in reversed(self.visits.get(column, ())):
                if read_at is not None and visit.began_at <= read_at:
                    break
                failed.append(visit)
            if failed:
                found[column] = Outage(min(failed, key=_began), max(failed, key=_began))
        return found

    def last_visits(self) -> dict[str, Visit]:
        """The latest visit of each column."""
        return {column: max(visits, key=lambda one: one.began_at) for column, visits in self.visits.items() if visits}


def _began(visit: Visit) -> datetime:
    return visit.began_at


def _drop(kept: MutableMapping[frozenset[str], Any], column: str) -> None:
    """What was made of a column that changed is made anew."""
    for columns in [one for one in kept if column in one]:
        del kept[columns]


def _beside(prefix: str) -> str:
    """What the keys of a duty begin with, whosever they are."""
    return prefix[: prefix[:-1].rindex("/") + 1]

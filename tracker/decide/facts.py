"""A county's facts as one immutable value with its indexes.

Loaded anew for every pass, whole or for the groups that a pass touches; nothing of it outlives the pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from tracker.core.escalation.notices import Acknowledgement, DeliveryState, NoticeKey, Silence
from tracker.core.escalation.outages import Outage
from tracker.core.law.duties import Rulebook
from tracker.core.law.instances import awaiting, from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.postponement import Postponements
from tracker.core.law.workdays import Calendar
from tracker.core.matching.entry_index import EntryIndex
from tracker.core.matching.filings import accepted_urls
from tracker.core.matching.texts import TextIndex
from tracker.core.matching.visit_index import VisitIndex
from tracker.core.values.facts import Entry, Event, Facts, Filing, Ruling, Visit, VisitOutcome
from tracker.core.values.rulings import not_revoked as in_force
from tracker.core.values.rulings import occurrence_of
from tracker.decide.groups import DutyGroup, DutyGroups, beside, groups_of, prefix_of
from tracker.store.facts import FactDelta
from tracker.store.occurrences import OccurrenceRow


@dataclass(frozen=True, slots=True)
class Scope:
    """What of a group is looked at. `since`: only what begins on or after the day, and the entries that can bear on it;
    None: all. `keys`: the occurrences to judge; None: all of those."""

    since: date | None = None
    keys: frozenset[str] | None = None

    def judges(self, key: str) -> bool:
        """Whether the occurrence is to be judged."""
        return self.keys is None or key in self.keys


WHOLE = Scope()


@dataclass(frozen=True)
class CountyFacts:
    """What bears on the groups of a county that a pass looks at.

    `until`: what opens up to that day has its occurrence. `scopes`: by prefix, what of each group was loaded; None: all
    of the county. `rows`, `told`: what was decided and told before, by key. `began_at`: when the county's first
    occurrences were written. `faulty`: the groups that the last pass could not judge, by prefix.
    """

    rulebook: Rulebook
    calendar: Calendar
    until: date
    facts: FactDelta
    rows: Mapping[str, OccurrenceRow]
    delivery_states: Mapping[str, Mapping[NoticeKey, DeliveryState]]
    began_at: datetime
    scopes: Mapping[str, Scope] | None = None
    faulty: frozenset[str] = frozenset()
    _made: dict[str, tuple[Occurrence, ...]] = field(
        init=False, default_factory=dict, repr=False
    )  # occurrences, by prefix
    _shown: dict[frozenset[str], EntryIndex] = field(init=False, default_factory=dict, repr=False)
    _sights: dict[frozenset[str], VisitIndex] = field(init=False, default_factory=dict, repr=False)

    @cached_property
    def groups(self) -> DutyGroups:
        return groups_of(self.rulebook)

    def scope(self, group: DutyGroup) -> Scope:
        return WHOLE if self.scopes is None else self.scopes[group.prefix]

    # -- what was decided ------------------------------------------------------------------------

    @cached_property
    def _rows_of(self) -> Mapping[str, dict[str, OccurrenceRow]]:
        found: dict[str, dict[str, OccurrenceRow]] = defaultdict(dict)
        for key, row in self.rows.items():
            found[prefix_of(key)][key] = row
        return found

    def rows_of(self, group: DutyGroup) -> Mapping[str, OccurrenceRow]:
        """The last decisions about the group, by key."""
        return self._rows_of.get(group.prefix, {})

    @property
    def orphans(self) -> Iterator[OccurrenceRow]:
        """The rows whose duty or department is no longer in the rules."""
        return (row for row in self.rows.values() if prefix_of(row.key) not in self.groups.by_prefix)

    # -- occurrences -----------------------------------------------------------------------------

    def occurrences(self, group: DutyGroup) -> tuple[Occurrence, ...]:
        """What is owed in the group: periods and days that opened, events, and what awaits one."""
        made = self._made.get(group.prefix)
        if made is None:
            made = self._made[group.prefix] = self._occurrences(group)
        return made

    def find(self, key: str) -> tuple[DutyGroup, Occurrence] | None:
        """The occurrence of a key, with its group."""
        group = self.groups.of(key)
        if group is None:
            return None
        return next(((group, occurrence) for occurrence in self.occurrences(group) if occurrence.key == key), None)

    def _occurrences(self, group: DutyGroup) -> tuple[Occurrence, ...]:
        rulings, county = self.rulings(group), self.rulebook.county
        since = self.scope(group).since
        periods = [*self._standing(group, since)][::-1]
        periods.sort(key=_begins_on)  # they are told of in this order
        owed = (*periods, *self._reactions(group, rulings, since))
        return Postponements(rulings, county.zone).of(owed)

    def _standing(self, group: DutyGroup, since: date | None) -> Iterable[Occurrence]:
        county, duty = self.rulebook.county, group.duty
        if self.scopes is not None:
            return instances_of(duty, self.calendar, county, self.until, since=since, only=group.assignment)
        for other in self.groups.beside(group):  # the sentence of a due date is made once for all departments
            self._standings.setdefault(other.prefix, [])
        if not self._standings[group.prefix]:
            for each in instances_of(duty, self.calendar, county, self.until):
                self._standings[prefix_of(each.key)].append(each)
        return self._standings[group.prefix]

    @cached_property
    def _standings(self) -> dict[str, list[Occurrence]]:
        return {}

    def _reactions(self, group: DutyGroup, rulings: Sequence[Ruling], since: date | None) -> Iterator[Occurrence]:
        county, duty, mine = self.rulebook.county, group.duty, group.assignment.key
        events = sorted(self.events(group), key=lambda event: (event.name, event.reference))
        extended = frozenset(each.occurrence for each in in_force(rulings) if each.kind == "extend")
        for event in events:
            day = (
                event.occurred.astimezone(county.zone).date()
                if isinstance(event.occurred, datetime)
                else event.occurred
            )
            if since is None or day >= since:
                made = from_event(duty, event, self.calendar, county, extended)
                yield from (each for each in made if each.department == mine)
        yield from (each for each in awaiting(duty, county, events) if each.department == mine)

    # -- facts -----------------------------------------------------------------------------------

    @cached_property
    def entries(self) -> Mapping[str, list[Entry]]:
        """By column."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.facts.entries:
            found[entry.column].append(entry)
        return found

    @cached_property
    def visits(self) -> Mapping[str, list[Visit]]:
        """By column."""
        found: dict[str, list[Visit]] = defaultdict(list)
        for visit in self.facts.visits:
            found[visit.column].append(visit)
        return found

    @cached_property
    def _filings(self) -> Mapping[str, list[Filing]]:
        found: dict[str, list[Filing]] = defaultdict(list)
        for filing in self.facts.filings:
            found[prefix_of(filing.occurrence)].append(filing)
        return found

    @cached_property
    def _rulings(self) -> Mapping[str, list[Ruling]]:
        found: dict[str, list[Ruling]] = defaultdict(list)
        for ruling in self.facts.rulings:
            found[prefix_of(occurrence_of(ruling.occurrence))].append(ruling)
        return found

    @cached_property
    def _taken(self) -> Mapping[str, list[Ruling]]:
        """The rulings by duty, whosever they are."""
        found: dict[str, list[Ruling]] = defaultdict(list)
        for prefix, rulings in self._rulings.items():
            if prefix.count("/") > 2:
                found[beside(prefix)] += rulings
        return found

    @cached_property
    def answers(self) -> Mapping[str, list[Acknowledgement]]:
        """By occurrence."""
        found: dict[str, list[Acknowledgement]] = defaultdict(list)
        for answer in self.facts.acknowledgements:
            found[answer.occurrence].append(answer)
        return found

    @property
    def silences(self) -> tuple[Silence, ...]:
        return self.facts.silences

    def events(self, group: DutyGroup) -> list[Event]:
        return [event for event in self.facts.events if group.concerns(event)]

    def rulings(self, group: DutyGroup) -> Sequence[Ruling]:
        return self._rulings.get(group.prefix, [])

    def of(self, group: DutyGroup) -> Facts:
        """What bears on the group."""
        return Facts(
            entries=self._entries_in(group.columns),
            visits=self._visits_to(group.columns),
            events=tuple(self.events(group)),
            filings=tuple(self._filings.get(group.prefix, ())),
            rulings=tuple(self.rulings(group)),
            taken=accepted_urls(self._taken.get(beside(group.prefix), ())),
        )

    def _entries_in(self, columns: frozenset[str]) -> EntryIndex:
        if columns not in self._shown:
            self._shown[columns] = EntryIndex(
                entry for column in sorted(columns) for entry in self.entries.get(column, ())
            )
        return self._shown[columns]

    def _visits_to(self, columns: frozenset[str]) -> VisitIndex:
        if columns not in self._sights:
            self._sights[columns] = VisitIndex(
                visit for column in sorted(columns) for visit in self.visits.get(column, ())
            )
        return self._sights[columns]

    @cached_property
    def texts(self) -> TextIndex:
        """Every text that was loaded, to be found again by likeness."""
        return TextIndex(self.facts.entries)

    # -- the site --------------------------------------------------------------------------------

    def failing(self) -> dict[str, Outage]:
        """The columns that duties look at and that could not be read since they last were."""
        return failing({column: self.visits.get(column, ()) for column in self.groups.watchers})


def _begins_on(occurrence: Occurrence) -> date:
    return (occurrence.window.first if occurrence.window else occurrence.opens_on) or date.min


def failing(visits: Mapping[str, Sequence[Visit]]) -> dict[str, Outage]:
    """The columns whose latest visits read nothing, with the first and the last of these."""
    found = {}
    for column, known in visits.items():
        read_at = max((visit.began_at for visit in known if visit.outcome is VisitOutcome.READ), default=None)
        failed = [visit for visit in known if read_at is None or visit.began_at > read_at]
        if failed:
            found[column] = Outage(min(failed, key=_began), max(failed, key=_began))
    return found


def _began(visit: Visit) -> datetime:
    return visit.began_at

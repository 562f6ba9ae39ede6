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
from tracker.core.law.county import Rulebook
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
from tracker.decide.groups import DutyGroup, DutyGroups, duty_prefix_of, groups_of, prefix_of
from tracker.store.facts import FactDelta
from tracker.store.occurrences import OccurrenceRow


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of a group that a pass judges.

    `since`: only occurrences that begin on or after the day, with the entries that can affect them; None: all. `keys`:
    the occurrences to judge; None: all of those.
    """

    since: date | None = None
    keys: frozenset[str] | None = None

    def includes(self, key: str) -> bool:
        """Return whether the occurrence is to be judged."""
        return self.keys is None or key in self.keys


WHOLE = Scope()


@dataclass(frozen=True)
class CountyFacts:
    """The facts of the groups of a county that a pass judges.

    `until`: periods that open up to that day have an occurrence. `scopes`: by prefix, the loaded part of each group;
    None: the whole county. `rows`, `delivery_states`: earlier decisions and notices, by occurrence key. `began_at`:
    when the county's first occurrences were written. `faulty`: prefixes of the groups that the last pass could not
    judge.
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
    _occurrence_cache: dict[str, tuple[Occurrence, ...]] = field(
        init=False, default_factory=dict, repr=False
    )  # occurrences, by prefix
    _entry_indexes: dict[frozenset[str], EntryIndex] = field(init=False, default_factory=dict, repr=False)
    _visit_indexes: dict[frozenset[str], VisitIndex] = field(init=False, default_factory=dict, repr=False)

    @cached_property
    def groups(self) -> DutyGroups:
        return groups_of(self.rulebook)

    def scope(self, group: DutyGroup) -> Scope:
        return WHOLE if self.scopes is None else self.scopes[group.prefix]

    # -- earlier decisions -----------------------------------------------------------------------

    @cached_property
    def _rows_of(self) -> Mapping[str, dict[str, OccurrenceRow]]:
        rows: dict[str, dict[str, OccurrenceRow]] = defaultdict(dict)
        for key, row in self.rows.items():
            rows[prefix_of(key)][key] = row
        return rows

    def rows_of(self, group: DutyGroup) -> Mapping[str, OccurrenceRow]:
        """Return the last decisions about the group, by occurrence key."""
        return self._rows_of.get(group.prefix, {})

    @property
    def orphans(self) -> Iterator[OccurrenceRow]:
        """The rows whose duty or department is no longer in the rules."""
        return (row for row in self.rows.values() if prefix_of(row.key) not in self.groups.by_prefix)

    # -- occurrences -----------------------------------------------------------------------------

    def occurrences(self, group: DutyGroup) -> tuple[Occurrence, ...]:
        """Return the occurrences of the group: opened periods and days, events, and occurrences that await an event."""
        occurrences = self._occurrence_cache.get(group.prefix)
        if occurrences is None:
            occurrences = self._occurrence_cache[group.prefix] = self._occurrences(group)
        return occurrences

    def find_occurrence(self, key: str) -> tuple[DutyGroup, Occurrence] | None:
        """Return the occurrence of a key with its group, or None."""
        group = self.groups.group_of(key)
        if group is None:
            return None
        return next(((group, occurrence) for occurrence in self.occurrences(group) if occurrence.key == key), None)

    def _occurrences(self, group: DutyGroup) -> tuple[Occurrence, ...]:
        rulings, county = self.rulings(group), self.rulebook.county
        since = self.scope(group).since
        periods = [*self._find_periods(group, since)][::-1]
        periods.sort(key=_first_day_of)  # notices follow this order
        owed = (*periods, *self._find_event_occurrences(group, rulings, since))
        return Postponements(rulings, county.zone).of(owed)

    def _find_periods(self, group: DutyGroup, since: date | None) -> Iterable[Occurrence]:
        county, duty = self.rulebook.county, group.duty
        if self.scopes is not None:
            return instances_of(duty, self.calendar, county, self.until, since=since, only=group.assignment)
        for sibling in self.groups.of_same_duty(
            group
        ):  # the derivation of a due date is written once for all departments
            self._periods_by_prefix.setdefault(sibling.prefix, [])
        if not self._periods_by_prefix[group.prefix]:
            for occurrence in instances_of(duty, self.calendar, county, self.until):
                self._periods_by_prefix[prefix_of(occurrence.key)].append(occurrence)
        return self._periods_by_prefix[group.prefix]

    @cached_property
    def _periods_by_prefix(self) -> dict[str, list[Occurrence]]:
        return {}

    def _find_event_occurrences(
        self, group: DutyGroup, rulings: Sequence[Ruling], since: date | None
    ) -> Iterator[Occurrence]:
        county, duty, department = self.rulebook.county, group.duty, group.assignment.key
        events = sorted(self.events(group), key=lambda event: (event.name, event.reference))
        extended = frozenset(item.occurrence for item in in_force(rulings) if item.kind == "extend")
        for event in events:
            day = (
                event.occurred.astimezone(county.zone).date()
                if isinstance(event.occurred, datetime)
                else event.occurred
            )
            if since is None or day >= since:
                started = from_event(duty, event, self.calendar, county, extended)
                yield from (item for item in started if item.department == department)
        yield from (item for item in awaiting(duty, county, events) if item.department == department)

    # -- facts -----------------------------------------------------------------------------------

    @cached_property
    def entries(self) -> Mapping[str, list[Entry]]:
        """The loaded entries by column."""
        by_column: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.facts.entries:
            by_column[entry.column].append(entry)
        return by_column

    @cached_property
    def visits(self) -> Mapping[str, list[Visit]]:
        """The loaded visits by column."""
        by_column: dict[str, list[Visit]] = defaultdict(list)
        for visit in self.facts.visits:
            by_column[visit.column].append(visit)
        return by_column

    @cached_property
    def _filings(self) -> Mapping[str, list[Filing]]:
        by_prefix: dict[str, list[Filing]] = defaultdict(list)
        for filing in self.facts.filings:
            by_prefix[prefix_of(filing.occurrence)].append(filing)
        return by_prefix

    @cached_property
    def _rulings(self) -> Mapping[str, list[Ruling]]:
        by_prefix: dict[str, list[Ruling]] = defaultdict(list)
        for ruling in self.facts.rulings:
            by_prefix[prefix_of(occurrence_of(ruling.occurrence))].append(ruling)
        return by_prefix

    @cached_property
    def _rulings_by_duty(self) -> Mapping[str, list[Ruling]]:
        """The rulings of all departments by duty."""
        by_duty: dict[str, list[Ruling]] = defaultdict(list)
        for prefix, rulings in self._rulings.items():
            if prefix.count("/") > 2:
                by_duty[duty_prefix_of(prefix)] += rulings
        return by_duty

    @cached_property
    def answers(self) -> Mapping[str, list[Acknowledgement]]:
        """The acknowledgements by occurrence."""
        by_occurrence: dict[str, list[Acknowledgement]] = defaultdict(list)
        for answer in self.facts.acknowledgements:
            by_occurrence[answer.occurrence].append(answer)
        return by_occurrence

    @property
    def silences(self) -> tuple[Silence, ...]:
        return self.facts.silences

    def events(self, group: DutyGroup) -> list[Event]:
        return [event for event in self.facts.events if group.concerns(event)]

    def rulings(self, group: DutyGroup) -> Sequence[Ruling]:
        return self._rulings.get(group.prefix, [])

    def facts_of(self, group: DutyGroup) -> Facts:
        """Return the facts of the group."""
        return Facts(
            entries=self._entries_in(group.columns),
            visits=self._visits_to(group.columns),
            events=tuple(self.events(group)),
            filings=tuple(self._filings.get(group.prefix, ())),
            rulings=tuple(self.rulings(group)),
            taken=accepted_urls(self._rulings_by_duty.get(duty_prefix_of(group.prefix), ())),
        )

    def _entries_in(self, columns: frozenset[str]) -> EntryIndex:
        if columns not in self._entry_indexes:
            self._entry_indexes[columns] = EntryIndex(
                entry for column in sorted(columns) for entry in self.entries.get(column, ())
            )
        return self._entry_indexes[columns]

    def _visits_to(self, columns: frozenset[str]) -> VisitIndex:
        if columns not in self._visit_indexes:
            self._visit_indexes[columns] = VisitIndex(
                visit for column in sorted(columns) for visit in self.visits.get(column, ())
            )
        return self._visit_indexes[columns]

    @cached_property
    def texts(self) -> TextIndex:
        """The index of all loaded texts."""
        return TextIndex(self.facts.entries)

    # -- the site --------------------------------------------------------------------------------

    def find_outages(self) -> dict[str, Outage]:
        """Return the outages of the columns that duties watch."""
        return find_outages({column: self.visits.get(column, ()) for column in self.groups.watchers})


def _first_day_of(occurrence: Occurrence) -> date:
    return (occurrence.window.first if occurrence.window else occurrence.opens_on) or date.min


def find_outages(visits: Mapping[str, Sequence[Visit]]) -> dict[str, Outage]:
    """Return the outages: columns whose latest visits failed, with the first and the last failed visit."""
    outages = {}
    for column, column_visits in visits.items():
        read_at = max((visit.began_at for visit in column_visits if visit.outcome is VisitOutcome.READ), default=None)
        failed = [visit for visit in column_visits if read_at is None or visit.began_at > read_at]
        if failed:
            outages[column] = Outage(min(failed, key=_began_at), max(failed, key=_began_at))
    return outages


def _began_at(visit: Visit) -> datetime:
    return visit.began_at

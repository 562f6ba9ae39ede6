"""A county's facts as one immutable value with its indexes.

Loaded anew for every pass, whole or for the groups that a pass touches; nothing of it outlives the pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from tracker.core.escalation.notices import Acknowledgement, DeliveryState, NoticeKey, Silence
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.instances import awaiting, from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.postponement import Postponements
from tracker.core.law.workdays import Calendar
from tracker.core.matching.entry_index import EntryIndex
from tracker.core.matching.filings import accepted_urls
from tracker.core.matching.texts import TextIndex
from tracker.core.matching.visit_index import VisitIndex
from tracker.core.values.facts import Entry, Event, Facts, Filing, Ruling, Visit, VisitOutcome, base_reference
from tracker.core.values.rulings import not_revoked as in_force
from tracker.core.values.rulings import occurrence_of
from tracker.core.values.second_looks import SecondLook
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict.questions import JudgedGroup
from tracker.decide.groups import DutyGroup, DutyGroups, duty_prefix_of, group_by, groups_of, prefix_of
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
    _occurrences: dict[str, tuple[Occurrence, ...]] = field(init=False, default_factory=dict, repr=False)  # by prefix
    _periods: dict[str, list[Occurrence]] = field(init=False, default_factory=dict, repr=False)  # by prefix
    _indexes: dict[frozenset[str], tuple[EntryIndex, VisitIndex]] = field(
        init=False, default_factory=dict, repr=False
    )  # by columns

    @cached_property
    def groups(self) -> DutyGroups:
        return groups_of(self.rulebook)

    def scope(self, group: DutyGroup) -> Scope:
        return WHOLE if self.scopes is None else self.scopes[group.prefix]

    # -- earlier decisions -----------------------------------------------------------------------

    @cached_property
    def _rows_by_prefix(self) -> Mapping[str, list[OccurrenceRow]]:
        return group_by(self.rows.values(), lambda row: prefix_of(row.key))

    def rows_of(self, group: DutyGroup) -> Mapping[str, OccurrenceRow]:
        """Return the last decisions about the group, by occurrence key."""
        return {row.key: row for row in self._rows_by_prefix.get(group.prefix, ())}

    @property
    def orphans(self) -> Iterator[OccurrenceRow]:
        """The rows whose duty or department is no longer in the rules."""
        return (row for row in self.rows.values() if prefix_of(row.key) not in self.groups.by_prefix)

    # -- occurrences -----------------------------------------------------------------------------

    def occurrences(self, group: DutyGroup) -> tuple[Occurrence, ...]:
        """Return the occurrences of the group: opened periods and days, events, and occurrences that await an event."""
        occurrences = self._occurrences.get(group.prefix)
        if occurrences is None:
            periods = [*self._find_periods(group)][::-1]
            periods.sort(key=_first_day_of)  # notices follow this order
            owed = (*periods, *self._find_event_occurrences(group))
            occurrences = Postponements(self.rulings(group), self.rulebook.county.zone).of(owed)
            self._occurrences[group.prefix] = occurrences
        return occurrences

    def find_occurrence(self, key: str) -> tuple[DutyGroup, Occurrence] | None:
        """Return the occurrence of a key with its group, or None."""
        group = self.groups.group_of(key)
        if group is None:
            return None
        return next(((group, occurrence) for occurrence in self.occurrences(group) if occurrence.key == key), None)

    def _find_periods(self, group: DutyGroup) -> Iterable[Occurrence]:
        county, duty = self.rulebook.county, group.duty
        if self.scopes is not None:
            since = self.scope(group).since
            return instances_of(duty, self.calendar, county, self.until, since=since, only=group.assignment)
        if group.prefix not in self._periods:  # derivations are written once for all departments of the duty
            periods = instances_of(duty, self.calendar, county, self.until)
            self._periods.update(group_by(periods, lambda period: prefix_of(period.key)))
        return self._periods.get(group.prefix, ())

    def _find_event_occurrences(self, group: DutyGroup) -> Iterator[Occurrence]:
        county, duty, department = self.rulebook.county, group.duty, group.assignment.key
        since = self.scope(group).since
        events = sorted(self.events(group), key=lambda event: (event.name, event.reference))
        extended = {
            ruling.occurrence: moment_day(ruling.recorded_at, county.zone)
            for ruling in in_force(self.rulings(group))
            if ruling.kind == "extend"
        }
        related = group_by(
            (event for event in events if event.name in group.related_events),
            lambda event: base_reference(event.reference),
        )
        started = (
            occurrence
            for event in events
            if since is None or moment_day(event.occurred, county.zone) >= since
            for occurrence in from_event(duty, event, self.calendar, county, extended, related.get(event.reference, ()))
        )
        for occurrence in (*started, *awaiting(duty, county, events)):
            if occurrence.department == department:
                yield occurrence

    # -- facts -----------------------------------------------------------------------------------

    @cached_property
    def entries(self) -> Mapping[str, list[Entry]]:
        """The loaded entries by column."""
        return group_by(self.facts.entries, lambda entry: entry.column)

    @cached_property
    def visits(self) -> Mapping[str, list[Visit]]:
        """The loaded visits by column."""
        return group_by(self.facts.visits, lambda visit: visit.column)

    @cached_property
    def unread_columns(self) -> frozenset[str]:
        """The columns that the last visit could not read; the county office is told of their outage."""
        last = {column: max(visits, key=lambda visit: visit.began_at) for column, visits in self.visits.items()}
        return frozenset(column for column, visit in last.items() if visit.outcome is not VisitOutcome.READ)

    @cached_property
    def _filings(self) -> Mapping[str, list[Filing]]:
        return group_by(self.facts.filings, lambda filing: prefix_of(filing.occurrence))

    @cached_property
    def _rulings(self) -> Mapping[str, list[Ruling]]:
        return group_by(self.facts.rulings, lambda ruling: prefix_of(occurrence_of(ruling.occurrence)))

    @cached_property
    def _rulings_by_duty(self) -> Mapping[str, list[Ruling]]:
        """The rulings of all departments by duty."""
        rulings = (ruling for prefix, rulings in self._rulings.items() if prefix.count("/") > 2 for ruling in rulings)
        return group_by(rulings, lambda ruling: duty_prefix_of(prefix_of(occurrence_of(ruling.occurrence))))

    @cached_property
    def answers(self) -> Mapping[str, list[Acknowledgement]]:
        """The acknowledgements by occurrence."""
        return group_by(self.facts.acknowledgements, lambda answer: answer.occurrence)

    @cached_property
    def second_looks(self) -> Mapping[str, list[SecondLook]]:
        """The second looks by occurrence."""
        return group_by(self.facts.second_looks, lambda look: look.occurrence)

    @property
    def silences(self) -> tuple[Silence, ...]:
        return self.facts.silences

    def events(self, group: DutyGroup) -> list[Event]:
        return [event for event in self.facts.events if group.concerns(event)]

    def rulings(self, group: DutyGroup) -> Sequence[Ruling]:
        return self._rulings.get(group.prefix, [])

    def facts_of(self, group: DutyGroup) -> Facts:
        """Return the facts of the group."""
        columns = sorted(group.columns)
        if group.columns not in self._indexes:
            self._indexes[group.columns] = (
                EntryIndex(entry for column in columns for entry in self.entries.get(column, ())),
                VisitIndex(visit for column in columns for visit in self.visits.get(column, ())),
            )
        entries, visits = self._indexes[group.columns]
        return Facts(
            entries=entries,
            visits=visits,
            events=tuple(self.events(group)),
            filings=tuple(self._filings.get(group.prefix, ())),
            rulings=tuple(self.rulings(group)),
            taken=accepted_urls(self._rulings_by_duty.get(duty_prefix_of(group.prefix), ())),
        )

    def judged_group(
        self, group: DutyGroup, occurrences: Sequence[Occurrence], verdicts: Mapping[str, Verdict]
    ) -> JudgedGroup:
        """Return the group with the verdicts and the facts they rest on."""
        facts = self.facts_of(group)
        return JudgedGroup(
            group.duty,
            group.assignment,
            occurrences,
            verdicts,
            facts.entries,
            facts.rulings,
            facts.visits,
        )

    @cached_property
    def texts(self) -> TextIndex:
        """The index of all loaded texts."""
        return TextIndex(self.facts.entries)


def _first_day_of(occurrence: Occurrence) -> date:
    return (occurrence.window.first if occurrence.window else occurrence.opens_on) or date.min

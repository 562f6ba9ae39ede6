"""The context in which the cells of a duty are weighed: the rule, the county, and indexes of the facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.law.county import County
from tracker.core.law.duties import Assignment, Duty
from tracker.core.law.workdays import Calendar
from tracker.core.matching.entry_index import EntryIndex
from tracker.core.matching.filings import FilingIndex
from tracker.core.matching.visit_index import VisitIndex
from tracker.core.values.facts import Event, Facts, Moment


@dataclass(frozen=True, slots=True, eq=False)
class CaseContext:
    """One duty of one department with the facts that its verdicts depend on.

    `accepted_urls`: by URL, the departments for which people accepted it under this duty.
    """

    duty: Duty
    assignment: Assignment
    county: County
    calendar: Calendar
    entries: EntryIndex
    visits: VisitIndex
    filings: FilingIndex
    events: Sequence[Event]
    accepted_urls: Mapping[str, frozenset[str]]

    @property
    def zone(self) -> ZoneInfo:
        return self.county.zone

    def day(self, moment: Moment) -> date:
        return moment_day(moment, self.county.zone)


def build_context(
    duty: Duty,
    assignment: Assignment,
    facts: Facts,
    county: County,
    calendar: Calendar,
    now: datetime | None = None,
) -> CaseContext:
    """Return the context of one duty of one department. `now`: exemptions that have ended by then are not in force."""
    return CaseContext(
        duty,
        assignment,
        county,
        calendar,
        entries=facts.entries if isinstance(facts.entries, EntryIndex) else EntryIndex(facts.entries),
        visits=facts.visits if isinstance(facts.visits, VisitIndex) else VisitIndex(facts.visits),
        filings=FilingIndex(facts.filings, facts.rulings, now, county.zone),
        events=facts.events,
        accepted_urls=facts.taken,
    )

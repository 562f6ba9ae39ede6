"""Says which steps of its policy lie ahead of an occurrence, unless something is done or decided before."""

from __future__ import annotations

from datetime import datetime

from tracker.core.escalation.case import Case
from tracker.core.law.binding import explain_not_binding, silent_until
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.verdicts import Status, Verdict
from tracker.decide.change_reasons import start_liability_at_entry, start_liability_at_upgrade
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.rulebook.loaded import Loaded

#: Statuses in which no step of the policy is taken, however much time passes.
_AT_REST = frozenset(
    {
        Status.NOT_APPLICABLE, Status.WAIVED, Status.PAUSED, Status.CLOSED, Status.CLOCK_UNKNOWN, Status.MET,
        Status.MET_LATE, Status.MET_DISPUTED,
    }
)  # fmt: skip


def list_next_steps(
    loaded: Loaded, facts: CountyFacts, group: DutyGroup, occurrence: Occurrence, verdict: Verdict, now: datetime
) -> tuple[tuple[str, datetime, tuple[str, ...]], ...]:
    """Return the name, the instant and the roles of each step that stands later than `now`, the earliest first.

    Empty where the status, the rules or an earlier duty that is not done hold every step back.
    """
    county, row = facts.rulebook.county, facts.rows.get(occurrence.key)
    waits_for_other = verdict.status is Status.UPCOMING and occurrence.deadline.after is not None
    if verdict.status in _AT_REST or waits_for_other or explain_not_binding(occurrence, group.duty, county):
        return ()
    if row is not None:
        verdict = start_liability_at_upgrade(verdict, occurrence, row, now, county.zone)
        verdict = start_liability_at_entry(verdict, row, facts.began_at, county.zone)
    case = Case(
        occurrence, verdict, loaded.schedule.policies[group.duty.escalation], group.duty, county,
        loaded.office_time(county.zone), row.due_revision if row else 0, row.episode if row else 0,
        facts.delivery_states.get(occurrence.key, {}), now,
        acknowledgements=facts.answers.get(occurrence.key, ()), silences=facts.silences,
    )  # fmt: skip
    silent_end = silent_until(occurrence, group.duty, county)
    earliest = max(now, silent_end) if silent_end is not None else now
    placed = sorted((at, step.name, tuple(step.to)) for at, step in case.placed_steps() if at > earliest)
    return tuple((name, at, to) for at, name, to in placed)

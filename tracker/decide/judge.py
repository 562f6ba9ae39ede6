"""Judges the occurrences of a group from a county's facts."""

from __future__ import annotations

from datetime import datetime

from tracker.core.escalation.steps import first_reminder_at
from tracker.core.law.instances import first_due
from tracker.core.law.successions import Opening, start_after, together
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict.status import judge
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.rulebook.loaded import Loaded


def verdicts_of(loaded: Loaded, facts: CountyFacts, group: DutyGroup, now: datetime) -> dict[str, Verdict]:
    """The verdicts at `now` on what the scope of the group names, by key."""
    scope, county = facts.scope(group), facts.rulebook.county
    occurrences = facts.occurrences(group)
    judged = [occurrence for occurrence in occurrences if scope.judges(occurrence.key)]
    policy, hours = loaded.schedule.policies[group.duty.escalation], loaded.schedule.hours
    return judge(
        group.duty,
        group.assignment,
        occurrences,
        facts.of(group),
        county,
        loaded.calendar,
        now,
        due_soon_at={each.key: first_reminder_at(each, policy, loaded.calendar, county.zone, hours) for each in judged},
        openings=openings_of(loaded, facts, group, now),
        only=scope.keys,
    )


def openings_of(loaded: Loaded, facts: CountyFacts, group: DutyGroup, now: datetime) -> dict[str, Opening]:
    """Of the duties that deadlines of the group follow, by id."""
    found = {}
    for duty_id in group.followed:
        priors = facts.groups.priors(group, duty_id)
        found[duty_id] = together([opening_of(loaded, facts, prior, now) for prior in priors])
        duty = facts.rulebook.duty(group.duty.pack, duty_id)
        if not priors and duty is not None:  # laid on nobody here
            found[duty_id] = Opening(due_at=first_due(duty, loaded.calendar, facts.rulebook.county))
    return found


def opening_of(loaded: Loaded, facts: CountyFacts, group: DutyGroup, now: datetime) -> Opening:
    """When what follows the group begins; a duty that cannot be judged counts as due on its day."""
    verdicts = {} if group.prefix in facts.faulty else verdicts_of(loaded, facts, group, now)
    return start_after(facts.occurrences(group), verdicts)

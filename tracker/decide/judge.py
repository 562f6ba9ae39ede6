"""Judges the occurrences of a group from a county's facts."""

from __future__ import annotations

from datetime import datetime

from tracker.core.escalation.steps import first_reminder_at
from tracker.core.law.successions import PriorState, combine_states, prior_state_of, state_without_departments
from tracker.core.values.verdicts import Verdict
from tracker.core.verdict.status import judge
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.rulebook.loaded import Loaded


def judge_group(loaded: Loaded, facts: CountyFacts, group: DutyGroup, now: datetime) -> dict[str, Verdict]:
    """Return the verdicts at `now` on the occurrences in the group's scope, by key."""
    scope, county = facts.scope(group), facts.rulebook.county
    occurrences = facts.occurrences(group)
    judged = [occurrence for occurrence in occurrences if scope.includes(occurrence.key)]
    policy, office = loaded.schedule.policies[group.duty.escalation], loaded.office_time(county.zone)
    return judge(
        group.duty,
        group.assignment,
        occurrences,
        facts.facts_of(group),
        county,
        loaded.calendar,
        now,
        due_soon_at={occurrence.key: first_reminder_at(occurrence, policy, office) for occurrence in judged},
        prior_states=_find_prior_states(loaded, facts, group, now),
        only=scope.keys,
    )


def _find_prior_states(loaded: Loaded, facts: CountyFacts, group: DutyGroup, now: datetime) -> dict[str, PriorState]:
    """Return the states of the prior duties that deadlines of the group follow, by duty ID."""
    states = {}
    for duty_id in group.followed:
        priors = facts.groups.find_priors(group, duty_id)
        states[duty_id] = combine_states([_find_prior_state(loaded, facts, group, prior, now) for prior in priors])
        if not priors and facts.rulebook.duty(group.duty.pack, duty_id) is not None:  # no department here has the duty
            states[duty_id] = state_without_departments()
    return states


def _find_prior_state(
    loaded: Loaded, facts: CountyFacts, follower: DutyGroup, prior: DutyGroup, now: datetime
) -> PriorState:
    """Return the state of a prior group; if it cannot be judged, nothing shows that it is met."""
    verdicts = {} if prior.prefix in facts.faulty else judge_group(loaded, facts, prior, now)
    # What single kinds are owed in a year is beside the duty itself.
    kinds = {part.name for part in prior.duty.parts if part.contents.other_kinds}
    of_others = set(prior.assignment.members).isdisjoint(follower.assignment.members)
    occurrences = [one for one in facts.occurrences(prior) if kinds.isdisjoint(one.parts)]
    return prior_state_of(occurrences, verdicts, of_others=of_others)

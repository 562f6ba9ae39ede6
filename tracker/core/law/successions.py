"""A duty that follows another (`after:`) begins once that prior duty is met or due, whichever comes first.

An occurrence of the following duty is owed if it falls due after the prior duty fell due, or begins after the prior
duty was met. What another department has to build presses nobody else: until it is met, what follows it is not owed. A
period that was already running when the prior duty was met early is not owed: when it began, the
department could not know of it. Upkeep is owed only in periods by whose end the prior duty was proved: until then there
is nothing to keep current.

A prior duty of the same department counts, its own or a joint one; else that of the lead department; else those of all
departments, the last of which must be met. One of the same department that is waived counts from its due day. One that
does not apply, or that no department owes, takes what follows with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end, moment_day
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh
from tracker.core.values.verdicts import Status, Verdict


@dataclass(frozen=True, slots=True)
class PriorState:
    """State of a prior duty: the instant at which it was seen to be met (None: it is not met) and at which it falls due
    (None: it never does).

    `proved_at`: the instant of its proof, also if that came late or is disputed.
    `of_others`: other departments owe it, so its due day says nothing.
    `not_applicable`: the reason why no department owes it, or "". Then what follows it is not owed either.
    """

    met_at: datetime | None = None
    due_at: datetime | None = None
    not_applicable: str = ""
    proved_at: datetime | None = None
    of_others: bool = False


@dataclass(frozen=True, slots=True)
class Wait:
    """Reason why an occurrence is not owed yet, or (`never`) will not be. `until`: instants at which this may change
    without a new fact."""

    reason: str
    never: bool = False
    until: tuple[datetime, ...] = ()


def prior_state_of(
    occurrences: Iterable[Occurrence], verdicts: Mapping[str, Verdict], *, of_others: bool = False
) -> PriorState:
    """Return the state of a prior duty in one department. For each of its parts the first occurrence counts, by its
    due date even if it was waived. `of_others`: what follows is another department's, so only that it is met counts,
    on time or late."""
    by_parts: dict[tuple[str, ...], list[Occurrence]] = {}
    for occurrence in occurrences:
        by_parts.setdefault(occurrence.parts, []).append(occurrence)
    return combine_states([_first_state(group, verdicts, of_others) for group in by_parts.values()])


def combine_states(states: Sequence[PriorState]) -> PriorState:
    """Return the state of several prior duties or parts: met and due when the last of those that apply is."""
    applicable = [state for state in states if not state.not_applicable]
    if states and not applicable:
        return states[0]
    return PriorState(
        _last_of_all(state.met_at for state in applicable),
        _last_of_all(state.due_at for state in applicable),
        proved_at=_last_of_all(state.proved_at for state in applicable),
        of_others=any(state.of_others for state in applicable),
    )


def state_without_departments() -> PriorState:
    """Return the state of a prior duty that no department of the county owes: nobody will build it."""
    return PriorState(not_applicable="本县没有承担该事项的单位")


def _last_of_all(instants: Iterable[datetime | None]) -> datetime | None:
    """Return the last of the instants; None if one of them is None, or there are none."""
    known = [*instants]
    return max((at for at in known if at is not None), default=None) if None not in known else None


def _first_state(occurrences: Sequence[Occurrence], verdicts: Mapping[str, Verdict], of_others: bool) -> PriorState:
    applicable = [occurrence for occurrence in occurrences if not _is_not_applicable(occurrence, verdicts)]
    if not applicable:
        return PriorState(not_applicable=verdicts[occurrences[0].key].reason)
    counts = (Status.MET, Status.MET_LATE) if of_others else (Status.MET,)
    met = (_met_at(verdicts[occurrence.key], counts) for occurrence in applicable if occurrence.key in verdicts)
    due = (None if of_others else occurrence.due_at for occurrence in applicable)
    found = [verdicts[occurrence.key] for occurrence in applicable if occurrence.key in verdicts]
    return PriorState(
        min((at for at in met if at is not None), default=None),
        min((at for at in due if at is not None), default=None),
        proved_at=min((one.proved_at for one in found if one.status.met and one.proved_at is not None), default=None),
        of_others=of_others,
    )


def _is_not_applicable(occurrence: Occurrence, verdicts: Mapping[str, Verdict]) -> bool:
    return occurrence.key in verdicts and verdicts[occurrence.key].status is Status.NOT_APPLICABLE


def _met_at(verdict: Verdict, counts: Collection[Status]) -> datetime | None:
    """Return the instant at which the prior duty was met: that of its proof, or of the first sighting of the entries
    if that is later, so that an article with an old date starts no period that is over. None while it is disputed.

    `counts`: the statuses that count as met.
    """
    if verdict.status not in counts or verdict.proved_at is None:
        return None
    seen: dict[str, datetime] = {}
    for finding in verdict.findings:
        at = finding.first_seen_at or finding.at
        if finding.counts and at is not None:
            seen[finding.cell] = min(at, seen.get(finding.cell, at))
    return max([verdict.proved_at, *seen.values()])


def find_wait(occurrence: Occurrence, prior_state: PriorState, now: datetime, zone: ZoneInfo) -> Wait | None:
    """Return the wait of an occurrence for the duty that it follows; None if it is owed."""
    prior = occurrence.deadline.after
    if prior is None:
        return None
    if prior_state.not_applicable:
        return Wait(f"“{prior.title}”不适用，本事项随之不作要求：{prior_state.not_applicable}", never=True)
    waits = f"待“{prior.title}”完成{'' if prior_state.of_others else '或者时限届满'}后再作要求"
    has_begun = prior_state.met_at is not None or (prior_state.due_at is not None and now >= prior_state.due_at)
    due = (prior_state.due_at,) if prior_state.due_at is not None else ()
    begins_on = _begins_on(occurrence)
    if begins_on is None or _is_owed(occurrence, begins_on, prior_state, zone):
        return None if has_begun else Wait(waits, until=due)
    if prior_state.met_at is None and now < day_end(begins_on, zone):
        return Wait(waits, until=(*due, day_end(begins_on, zone)))
    still = "" if prior_state.of_others else "，至本事项时限届满时仍在其时限之内"
    words = f"本事项开始时（{day_zh(begins_on)}）“{prior.title}”尚未完成{still}，本事项不作要求"
    return Wait(words, never=True)


def _is_owed(occurrence: Occurrence, begins_on: date, prior_state: PriorState, zone: ZoneInfo) -> bool:
    after_due = (
        prior_state.due_at is not None and occurrence.due_at is not None and occurrence.due_at > prior_state.due_at
    )
    return after_due or (prior_state.met_at is not None and begins_on >= moment_day(prior_state.met_at, zone))


def _begins_on(occurrence: Occurrence) -> date | None:
    """Return the period's first day, or the event's; None while the event is awaited."""
    return occurrence.window.first if occurrence.window else occurrence.opens_on

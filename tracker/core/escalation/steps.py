"""Instants at which the steps of a policy and their repeats stand, and from which a notice may be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from tracker.core.escalation.office_time import OfficeTime, Offset
from tracker.core.escalation.policies import Policy, Step
from tracker.core.law.counting import day_start
from tracker.core.law.occurrences import Occurrence

MOMENT = timedelta(microseconds=1)
#: The greatest number of repeats of a step, and the widest gap (in the unit of the repeat).
_MAX_REPEATS, _MAX_GAP = 1_000, 1_000


@dataclass(frozen=True, slots=True)
class CountStart:
    """Where the counting of steps starts: hours from `at`, days and workdays from `day`."""

    at: datetime
    day: date


def _opening_of(occurrence: Occurrence, office: OfficeTime) -> CountStart | None:
    """Return from when the occurrence can be met: the event's hour where it is known."""
    if occurrence.opens_on is None:
        return None
    at = day_start(occurrence.opens_on, office.zone)
    if occurrence.event is not None and isinstance(occurrence.event.occurred, datetime):
        at = occurrence.event.occurred
    return CountStart(at, occurrence.opens_on)


def _due_of(step: Step, occurrence: Occurrence, office: OfficeTime) -> CountStart | None:
    """Return from when it is late; by every reading of a day off, for steps beyond the reminder."""
    if occurrence.due_at is None or occurrence.due_on is None:
        return None
    if step.kind == "reminder" or occurrence.late_anyway_at is None:
        return CountStart(occurrence.due_at, occurrence.due_on)
    return CountStart(occurrence.late_anyway_at, office.calendar.add_workdays(occurrence.due_on, 1))


def _shift_from_anchor(
    step: Step, offset: Offset, occurrence: Occurrence, office: OfficeTime, start: CountStart | None
) -> datetime | None:
    if step.anchor == "open":
        start = _opening_of(occurrence, office)
    else:
        due = _due_of(step, occurrence, office)
        start = due if due is None or start is None or start.at <= due.at else start
    return office.shift(start.at, start.day, offset) if start is not None else None


def step_at(step: Step, occurrence: Occurrence, office: OfficeTime, start: CountStart | None = None) -> datetime | None:
    """Return the instant of the step, or None where it does not apply.

    A reminder stands between opening and due, the other kinds never before due. `start`: in place of the due instant,
    for an occurrence that reopened, or whose liability started later than due.
    """
    at = _shift_from_anchor(step, step.offset, occurrence, office, start)
    due = _due_of(step, occurrence, office)
    if at is None or due is None:
        return None
    if step.kind != "reminder":
        return max(at, due.at, start.at if start else due.at)
    opening = _opening_of(occurrence, office)
    at = max(at, opening.at) if opening else at
    if start is not None and at <= start.at:
        return None
    return at if at < due.at else None


def place_steps(
    policy: Policy, occurrence: Occurrence, office: OfficeTime, start: CountStart | None = None
) -> list[tuple[datetime, Step]]:
    """Return the policy's steps that apply, with their instants, in order of time."""
    placed = [(step_at(step, occurrence, office, start), step) for step in policy.steps]
    return sorted(((at, step) for at, step in placed if at is not None), key=lambda pair: pair[0])


def repeat_instants(
    step: Step, at: datetime, occurrence: Occurrence, office: OfficeTime, start: CountStart | None = None
) -> Iterator[datetime]:
    """Yield the instants of the repeats of a step that stands at `at`."""
    repeat = step.repeat
    if repeat is None:
        return
    limit = _shift_from_anchor(step, repeat.until, occurrence, office, start) if repeat.until is not None else None
    gap = repeat.every
    for _ in range(_MAX_REPEATS):
        at = office.shift(at, office.day_of(at), gap)
        if limit is not None and at > limit:
            return
        yield at
        gap = replace(gap, amount=min(gap.amount * repeat.slower, _MAX_GAP))


def find_repeats(
    step: Step,
    at: datetime,
    occurrence: Occurrence,
    office: OfficeTime,
    now: datetime,
    start: CountStart | None = None,
) -> Iterator[tuple[int, datetime]]:
    """Yield the repeats that stand at `now`, numbered from 1."""
    instants = repeat_instants(step, at, occurrence, office, start)
    yield from enumerate(takewhile(lambda instant: instant <= now, instants), 1)


def first_reminder_at(occurrence: Occurrence, policy: Policy, office: OfficeTime) -> datetime | None:
    """Return the instant from which an unproved occurrence is `due-soon`."""
    reminders = (step_at(step, occurrence, office) for step in policy.steps if step.kind == "reminder")
    return min((at for at in reminders if at is not None), default=None)


def earliest_send_at(
    policy: Policy, stands_at: datetime, now: datetime, office: OfficeTime, *, next_morning: bool = False
) -> datetime:
    """Return the first instant at which a notice whose step stands at `stands_at` may be sent.

    A weekly batch holds it to the next week's first opening; an instant that ends a week belongs to that week.
    `next_morning`: notices of this kind are gathered for the next morning, in one mail.
    """
    if policy.urgent:
        return now
    if policy.batch != "week":
        return office.next_morning(now) if next_morning else office.next_opening(now)
    release = office.next_week(stands_at - MOMENT)
    return release if release >= now else office.next_week(now)

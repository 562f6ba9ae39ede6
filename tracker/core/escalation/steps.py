"""Instants at which the steps of a policy stand, and from which a notice may be sent.

Instants only, no status.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from tracker.core.escalation.notices import Hours, Policy, Step
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar

MOMENT = timedelta(microseconds=1)
#: The greatest number of repeats of a step, and the widest gap (in the unit of the repeat).
_MAX_REPEATS, _MAX_GAP = 1_000, 1_000


#: The step of notices about flags. It belongs to no policy and is independent of the verdict.
FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A start of counting for steps instead of the due instant: hours from `at`, days and workdays from `day`."""

    at: datetime
    day: date


def instant_on(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """Return the instant of an hour of a day in the county's zone."""
    return datetime.combine(day, hour, zone)


def opened_at(occurrence: Occurrence, zone: ZoneInfo) -> datetime | None:
    """Return the instant from which the occurrence can be met: the event's hour where it is known."""
    if occurrence.event is not None and isinstance(occurrence.event.occurred, datetime):
        return occurrence.event.occurred
    return None if occurrence.opens_on is None else instant_on(occurrence.opens_on, time(0), zone)


def _count_from_anchor(
    step: Step, occurrence: Occurrence, calendar: Calendar, hours: Hours, zone: ZoneInfo, since: Anchor | None
) -> datetime | None:
    instant, day = occurrence.due_at, occurrence.due_on
    if step.anchor == "open":
        instant, day = opened_at(occurrence, zone), occurrence.opens_on
    elif since is not None and instant is not None and since.at > instant:
        instant, day = since.at, since.day
    if instant is None or day is None:
        return None
    amount = step.offset.amount
    match step.offset.unit:
        case "hours":
            return instant + timedelta(hours=amount)
        case "days":
            return instant_on(day + timedelta(days=amount), hours.begin, zone)
        case "workdays":
            return instant_on(calendar.add_workdays(day, amount), hours.begin, zone)


def step_at(
    step: Step,
    occurrence: Occurrence,
    calendar: Calendar,
    hours: Hours,
    zone: ZoneInfo,
    since: Anchor | None = None,
) -> datetime | None:
    """Return the instant of the step, or None where it does not apply.

    A reminder stands between opening and due, the other kinds never before due. `since`: the anchor of an occurrence
    that reopened, or whose liability started later than due.
    """
    at = _count_from_anchor(step, occurrence, calendar, hours, zone, since)
    if at is None or occurrence.due_at is None:
        return None
    if step.kind != "reminder":
        return max(at, occurrence.due_at, since.at if since else occurrence.due_at)
    opened = opened_at(occurrence, zone)
    at = max(at, opened) if opened else at
    if since is not None and at <= since.at:
        return None
    return at if at < occurrence.due_at else None


def place_steps(
    policy: Policy,
    occurrence: Occurrence,
    calendar: Calendar,
    hours: Hours,
    zone: ZoneInfo,
    since: Anchor | None = None,
) -> Iterator[tuple[datetime, Step]]:
    """Yield the policy's steps that apply, with their instants, in order of time."""
    placed = [(step_at(step, occurrence, calendar, hours, zone, since), step) for step in policy.steps]
    yield from sorted(((at, step) for at, step in placed if at is not None), key=lambda pair: pair[0])


def repeat_instants(
    step: Step,
    at: datetime,
    occurrence: Occurrence,
    calendar: Calendar,
    hours: Hours,
    zone: ZoneInfo,
    since: Anchor | None = None,
) -> Iterator[datetime]:
    """Yield the instants of the repeats of a step that stands at `at`."""
    repeat = step.repeat
    if repeat is None:
        return
    limit = None
    if repeat.until is not None:
        limit = _count_from_anchor(replace(step, offset=repeat.until), occurrence, calendar, hours, zone, since)
    gap = repeat.every.amount
    for _ in range(_MAX_REPEATS):
        match repeat.every.unit:
            case "hours":
                at += timedelta(hours=gap)
            case "days":
                at = instant_on(at.astimezone(zone).date() + timedelta(days=gap), hours.begin, zone)
            case "workdays":
                at = instant_on(calendar.add_workdays(at.astimezone(zone).date(), gap), hours.begin, zone)
        if limit is not None and at > limit:
            return
        yield at
        gap = min(gap * repeat.slower, _MAX_GAP)


def find_repeats(
    step: Step,
    at: datetime,
    occurrence: Occurrence,
    calendar: Calendar,
    hours: Hours,
    zone: ZoneInfo,
    now: datetime,
    since: Anchor | None = None,
) -> Iterator[tuple[int, datetime]]:
    """Yield the repeats that stand at `now`, numbered from 1."""
    instants = repeat_instants(step, at, occurrence, calendar, hours, zone, since)
    yield from enumerate(takewhile(lambda instant: instant <= now, instants), 1)


def first_reminder_at(
    occurrence: Occurrence, policy: Policy, calendar: Calendar, zone: ZoneInfo, hours: Hours | None = None
) -> datetime | None:
    """Return the instant from which an unproved occurrence is `due-soon`."""
    reminders = (
        step_at(step, occurrence, calendar, hours or Hours(), zone) for step in policy.steps if step.kind == "reminder"
    )
    return min((at for at in reminders if at is not None), default=None)


def opening(at: datetime, calendar: Calendar, hours: Hours, zone: ZoneInfo) -> datetime:
    """Return `at` itself inside working hours, else the next instant at which the office opens."""
    local = at.astimezone(zone)
    if calendar.is_workday(local.date()) and hours.begin <= local.time() < hours.end:
        return at
    day = local.date() if local.time() < hours.begin else local.date() + timedelta(days=1)
    return instant_on(calendar.roll(day), hours.begin, zone)


def morning(at: datetime, calendar: Calendar, hours: Hours, zone: ZoneInfo) -> datetime:
    """Return `at` if the office opens at that instant, else the next instant at which it opens."""
    local = at.astimezone(zone)
    day = local.date() if local.time() <= hours.begin else local.date() + timedelta(days=1)
    return instant_on(calendar.roll(day), hours.begin, zone)


def _next_week_opening(at: datetime, calendar: Calendar, hours: Hours, zone: ZoneInfo) -> datetime:
    """Return the first opening of the week after the one that holds `at`."""
    day = at.astimezone(zone).date()
    return instant_on(calendar.roll(day + timedelta(days=7 - day.weekday())), hours.begin, zone)


def earliest_send_at(
    policy: Policy,
    stands_at: datetime,
    now: datetime,
    calendar: Calendar,
    hours: Hours,
    zone: ZoneInfo,
    *,
    next_morning: bool = False,
) -> datetime:
    """Return the first instant at which a notice whose step stands at `stands_at` may be sent.

    A weekly batch holds it to the next week's first opening; an instant that ends a week belongs to that week.
    `next_morning`: notices of this kind are gathered for the next morning, in one mail.
    """
    if policy.urgent:
        return now
    if policy.batch != "week":
        return morning(now, calendar, hours, zone) if next_morning else opening(now, calendar, hours, zone)
    release = _next_week_opening(stands_at - MOMENT, calendar, hours, zone)
    return release if release >= now else _next_week_opening(now, calendar, hours, zone)

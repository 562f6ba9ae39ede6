"""Makes the occurrences of a duty: by the calendar, by events, and those that await an event.

The path of a due date: a duty has deadlines (`duties.py`), which give occurrences here; `deadlines.py` finds when each
falls due, with `counting.py` and `workdays.py` for spans; `derivations.py` writes the sentence that derives it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from tracker.core.law.clock import matches
from tracker.core.law.counting import moment_day
from tracker.core.law.county import County
from tracker.core.law.deadlines import Due, due_awaiting, due_by, due_every, due_within
from tracker.core.law.duties import Assignment, By, Deadline, Duty, Every, Within
from tracker.core.law.occurrences import Occurrence, Window
from tracker.core.law.periods import covered_period, governing_day, label_of, periods
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event


@dataclass(frozen=True, slots=True)
class _Group:
    """Parts that fall due together: those that share the duty's deadlines, or one that has its own."""

    parts: tuple[str, ...]
    deadlines: tuple[Deadline, ...]
    suffix: str = ""


def instances_of(
    duty: Duty,
    calendar: Calendar,
    county: County,
    until: date,
    *,
    since: date | None = None,
    only: Assignment | None = None,
) -> tuple[Occurrence, ...]:
    """Return the occurrences of named days and of periods that begin by `until`, for each assignment or `only` one.

    `since`: without the periods that begin before the day.
    """
    assignments = duty.assignments if only is None else (only,)
    occurrences: list[Occurrence] = []
    for group in _groups(duty):
        for deadline in group.deadlines:
            # The derivation is the same for all departments, so it is written once for each period.
            for label, due, window in _standing_dues(duty, deadline, calendar, county, until, since):
                covers = covered_period(deadline, window, calendar) if isinstance(deadline, Every) and window else None
                occurrences.extend(
                    _occurrence(duty, assignment, label, group, deadline, due, window=window, covers=covers)
                    for assignment in assignments
                )
    return tuple(occurrences)


def first_due(duty: Duty, calendar: Calendar, county: County) -> datetime | None:
    """Return when the duty first falls due by the calendar, whoever owes it; None where only events start it."""
    deadlines = (deadline for group in _groups(duty) for deadline in group.deadlines)
    instants = (
        due.at
        for deadline in deadlines
        for _, due, _ in _standing_dues(duty, deadline, calendar, county, duty.in_force_until)
    )
    return min((at for at in instants if at is not None), default=None)


def from_event(
    duty: Duty,
    event: Event,
    calendar: Calendar,
    county: County,
    extended: Mapping[str, date] = MappingProxyType({}),
    related: Collection[Event] = (),
) -> tuple[Occurrence, ...]:
    """Return the occurrences an event starts. `extended`: by the keys of occurrences with a granted extension, when it
    was granted. `related`: facts that may move or end the clock (`clock.py`)."""
    if not _occurs_in_force(duty, event, county) or event.is_idle:
        return ()
    occurrences: list[Occurrence] = []
    for group, deadline in _waiting(duty):
        if not _starts(duty, deadline, event) or not matches(deadline.where, event):
            continue
        label = f"event:{event.name}:{_reference(event, county)}"
        for assignment in duty.assignments:
            if event.department in assignment.members:
                key = f"{duty.county}/{duty.pack}/{duty.id}/{assignment.key}/{label}{group.suffix}"
                granted_on = extended.get(key)
                due = due_within(
                    deadline,
                    event,
                    calendar,
                    county.zone,
                    extended=granted_on is not None,
                    granted_on=granted_on,
                    related=related,
                )
                long = granted_on is not None or due.extended
                occurrences.append(
                    _occurrence(duty, assignment, label, group, deadline, due, event=event, extended=long)
                )
    return tuple(occurrences)


def awaiting(duty: Duty, county: County, recorded: Collection[Event]) -> tuple[Occurrence, ...]:
    """Return the occurrences that await an event: one for each assignment and event name without a recorded event."""
    events = [event for event in recorded if _occurs_in_force(duty, event, county)]
    occurrences: list[Occurrence] = []
    for group, deadline in _waiting(duty):
        started = {event.department for event in events if _starts(duty, deadline, event)}
        occurrences.extend(
            _occurrence(
                duty,
                assignment,
                f"awaiting:{deadline.event.name}",
                group,
                deadline,
                due_awaiting(deadline, duty.in_force_until),
                awaiting=deadline.event.name,
                expected=deadline.event.expected,
            )
            for assignment in duty.assignments
            if started.isdisjoint(assignment.members)
        )
    return tuple(occurrences)


def _groups(duty: Duty) -> Iterator[_Group]:
    shared = [part for part in duty.parts if not part.own_deadline]
    if shared:
        yield _Group(tuple(part.name for part in shared), shared[0].deadlines)
    for part in duty.parts:
        if part.own_deadline:
            yield _Group((part.name,), part.deadlines, f".{part.name}")


def _waiting(duty: Duty) -> Iterator[tuple[_Group, Within]]:
    for group in _groups(duty):
        for deadline in group.deadlines:
            if isinstance(deadline, Within):
                yield group, deadline


def _standing_dues(
    duty: Duty, deadline: Deadline, calendar: Calendar, county: County, until: date, since: date | None = None
) -> Iterator[tuple[str, Due, Window | None]]:
    if isinstance(deadline, By):
        yield "once", due_by(deadline, duty.in_force_from, calendar, county.zone), None
    elif isinstance(deadline, Every):
        for window in _windows(duty, deadline, calendar, until):
            if since is not None and window.first < since:
                continue
            yield label_of(deadline.unit, window), due_every(deadline, window, calendar, county.zone), window


def _windows(duty: Duty, deadline: Every, calendar: Calendar, until: date) -> Iterator[Window]:
    """Yield the periods of the instrument: one belongs to that in force on its due day, if this lies inside, else on
    its last day. Upkeep begins after the thing's own day."""
    for window in periods(deadline.unit, duty.in_force_from, min(until, duty.in_force_until), calendar):
        early = deadline.upkeep_after is not None and window.first <= deadline.upkeep_after
        if duty.is_in_force(governing_day(deadline, window)) and not early:
            yield window


def _occurs_in_force(duty: Duty, event: Event, county: County) -> bool:
    """Return whether the duty's instrument is in force on the event's day."""
    return duty.is_in_force(moment_day(event.occurred, county.zone))


def _starts(duty: Duty, deadline: Within, event: Event) -> bool:
    """Return whether the event is the one waited for; a `per: duty` event says which duty it is about."""
    if event.name != deadline.event.name:
        return False
    return event.duty == duty.id if deadline.event.per_duty else event.duty in (None, duty.id)


def _reference(event: Event, county: County) -> str:
    return event.reference or moment_day(event.occurred, county.zone).isoformat()


def _occurrence(
    duty: Duty, assignment: Assignment, label: str, group: _Group, deadline: Deadline, due: Due, **about: Any
) -> Occurrence:
    """Return the occurrence. `about`: its window or event, or the event that it awaits."""
    return Occurrence(
        county=duty.county,
        pack=duty.pack,
        duty=duty.id,
        department=assignment.key,
        label=label + group.suffix,
        parts=group.parts,
        deadline=deadline,
        opens_on=due.opens_on,
        due_on=due.on,
        due_at=due.at,
        derivation=due.derivation,
        provisional=due.provisional,
        rests_on=due.rests_on,
        late_anyway_at=due.late_anyway_at,
        stood=due.stood,
        ending=due.ending,
        **about,
    )

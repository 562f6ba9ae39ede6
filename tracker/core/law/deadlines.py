"""Finds when a deadline falls due: a named day (`by`), a period's end (`every`), a span from an event (`within`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.clock import find_related, run_clock, stated_day
from tracker.core.law.counting import CountedSpan, count, day_end, moment_day
from tracker.core.law.derivations import (
    explain_awaiting,
    explain_by,
    explain_every,
    explain_unstated,
    explain_within,
    find_next_workday,
    find_rest_rule,
)
from tracker.core.law.duties import By, Every, Span, Terms, Within
from tracker.core.law.occurrences import Derivation, Ending, Standstill, Window
from tracker.core.law.periods import day_inside
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event

_ONE = timedelta(days=1)
#: The span from a named day to itself: what rolls is counted in one way.
_NONE = Span(0, "days")


@dataclass(frozen=True, slots=True)
class Due:
    """When something falls due: `on` is the last day on time, `at` the first instant that is late; None: unknown.

    `rests_on`, `late_anyway_at`, `stood`, `ending`, `extended`: as of an `Occurrence`.
    """

    opens_on: date | None
    on: date | None
    at: datetime | None
    derivation: Derivation
    provisional: bool = False
    rests_on: tuple[str, ...] = ()
    stood: tuple[Standstill, ...] = ()
    ending: Ending | None = None
    extended: bool = False
    late_anyway_at: datetime | None = None


def due_by(deadline: By, opens_on: date, calendar: Calendar, zone: ZoneInfo) -> Due:
    """Return a calendar day that the instrument names: itself still on time."""
    counted = count(_NONE, deadline.day, calendar, zone, roll=deadline.roll)
    derivation = explain_by(deadline, counted, calendar)
    return _due_on(counted, opens_on, derivation, counted.unknown, deadline, calendar, zone)


def due_every(deadline: Every, window: Window, calendar: Calendar, zone: ZoneInfo) -> Due:
    """Return the period's last day, or where `due_after_end`, `due_day` or `month_day` shifts it to."""
    start = window.last if deadline.due_after_end else day_inside(deadline, window)
    counted = count(deadline.due_after_end or _NONE, start, calendar, zone, roll=deadline.roll)
    unannounced = set(counted.unknown)
    if deadline.unit == "workday":
        unannounced.update(calendar.unannounced(window.first, max(counted.on, window.last)))
    # A publication about the period itself that is due after it cannot exist before the period is over.
    beyond = deadline.about == "this" and counted.last > window.last
    opens_on = window.last + _ONE if beyond else window.first
    derivation = explain_every(deadline, window, counted, calendar, sorted(unannounced))
    return _due_on(counted, opens_on, derivation, unannounced, deadline, calendar, zone)


def _due_on(
    counted: CountedSpan,
    opens_on: date,
    derivation: Derivation,
    unannounced: Collection[int],
    terms: Terms,
    calendar: Calendar,
    zone: ZoneInfo,
) -> Due:
    rests_on = find_rest_rule(terms, counted, calendar)
    next_day = find_next_workday(terms, counted, calendar)
    late_anyway_at = day_end(next_day, zone) if next_day is not None else None
    adoption = terms.rest_days.adoption if terms.rest_days is not None else None
    if late_anyway_at is not None and adoption is not None and adoption.at < late_anyway_at:
        late_anyway_at = None
    return Due(opens_on, counted.on, counted.at, derivation, bool(unannounced), rests_on, late_anyway_at=late_anyway_at)


def due_within(
    deadline: Within,
    event: Event,
    calendar: Calendar,
    zone: ZoneInfo,
    *,
    extended: bool = False,
    granted_on: date | None = None,
    related: Iterable[Event] = (),
) -> Due:
    """Return a span from the event. An extension starts where the span ended, after that end was moved to a working
    day. `extended`, `granted_on`: a ruling granted it, on that day. `related`: facts that may move the clock."""
    if deadline.span.unit == "stated-day" and stated_day(event) is None:
        return Due(moment_day(event.occurred, zone), None, None, explain_unstated(deadline, event))
    facts = find_related(deadline, event, related, zone)
    if deadline.extended_by is not None:
        grants = [
            moment_day(fact.occurred, zone)
            for fact in facts
            if fact.name == deadline.extended_by.name and not fact.is_idle
        ]
        extended, granted_on = extended or bool(grants), max(grants, default=granted_on)
    run = run_clock(deadline, event, facts, calendar, zone, extended=extended, granted_on=granted_on)
    last, opens_on = run.counts[-1], moment_day(event.occurred, zone)
    derivation = explain_within(deadline, event, run, calendar, zone)
    is_extended = len(run.counts) > 1
    if run.open is not None:
        return Due(opens_on, None, None, derivation, stood=run.stood, ending=run.ending, extended=is_extended)
    on, at = (last.on, last.at) if run.held is None else (run.held, day_end(run.held, zone))
    provisional = any(span.unknown for span in run.counts)
    return Due(opens_on, on, at, derivation, provisional, run.rests_on, run.stood, run.ending, is_extended)


def due_awaiting(deadline: Within, until: date) -> Due:
    """Return a span from an event that is not recorded yet. `until`: the pack's last day."""
    return Due(None, None, None, explain_awaiting(deadline, until))

"""Finds when a deadline falls due: a named day (`by`), a period's end (`every`), a span from an event (`within`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.counting import CountedSpan, count, day_end, moment_day
from tracker.core.law.derivations import explain_awaiting, explain_by, explain_every, explain_within
from tracker.core.law.duties import By, Every, Within
from tracker.core.law.occurrences import Derivation, Window
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """When something falls due: `on` is the last day on time, `at` the first instant that is late; None: unknown."""

    opens_on: date | None
    on: date | None
    at: datetime | None
    derivation: Derivation
    provisional: bool = False


def due_by(deadline: By, opens_on: date, calendar: Calendar, zone: ZoneInfo) -> Due:
    """Return a calendar day that the instrument names: itself still on time, and never moved."""
    return Due(opens_on, deadline.day, day_end(deadline.day, zone), explain_by(deadline, calendar))


def due_every(deadline: Every, window: Window, calendar: Calendar, zone: ZoneInfo) -> Due:
    """Return the period's last day, or where `due_after_end` or `due_day` shifts it to. Never moved for a day off."""
    counted = count(deadline.due_after_end, window.last, calendar, zone, roll=False) if deadline.due_after_end else None
    on = counted.on if counted else _inside(deadline, window)
    at = counted.at if counted else day_end(on, zone)
    unannounced = counted.unknown if counted else ()
    if deadline.unit == "workday":
        unannounced = calendar.unannounced(window.first, max(on, window.last))
    # A publication about the period itself that is due after it cannot exist before the period is over.
    beyond = deadline.about == "this" and on > window.last
    opens_on = window.last + _ONE if beyond else window.first
    return Due(opens_on, on, at, explain_every(deadline, window, on, at, calendar, unannounced), bool(unannounced))


def due_within(deadline: Within, event: Event, calendar: Calendar, zone: ZoneInfo, *, extended: bool = False) -> Due:
    """Return a span from the event. An extension starts where the span ended, after that end was moved to a working
    day."""
    counts = [count(deadline.span, event.occurred, calendar, zone, roll=deadline.roll)]
    if extended and deadline.extension:
        counts.append(_extension(deadline, counts[0], calendar, zone))
    last = counts[-1]
    derivation = explain_within(deadline, event, counts, calendar, zone)
    return Due(moment_day(event.occurred, zone), last.on, last.at, derivation, any(span.unknown for span in counts))


def due_awaiting(deadline: Within) -> Due:
    """Return a span from an event that is not recorded yet."""
    return Due(None, None, None, explain_awaiting(deadline, deadline.event.expected))


def _extension(deadline: Within, base: CountedSpan, calendar: Calendar, zone: ZoneInfo) -> CountedSpan:
    assert deadline.extension is not None
    start = base.at if deadline.extension.unit == "hours" else base.on
    return count(deadline.extension, start, calendar, zone, roll=deadline.roll)


def _inside(deadline: Every, window: Window) -> date:
    """Return the n-th day of the period; where it has no such day, its last (Civil Code 202)."""
    if deadline.due_day is None:
        return window.last
    return min(window.first + timedelta(days=deadline.due_day - 1), window.last)

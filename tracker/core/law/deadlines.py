"""Finds when a deadline falls due: a named day (`by`), a period's end (`every`), a span from an event (`within`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.counting import CountedSpan, count, moment_day
from tracker.core.law.derivations import explain_awaiting, explain_by, explain_every, explain_within
from tracker.core.law.duties import By, Every, Span, Within
from tracker.core.law.occurrences import Derivation, Window
from tracker.core.law.periods import day_inside
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event

_ONE = timedelta(days=1)
#: The span from a named day to itself: what rolls is counted in one way.
_NONE = Span(0, "days")


@dataclass(frozen=True, slots=True)
class Due:
    """When something falls due: `on` is the last day on time, `at` the first instant that is late; None: unknown.

    `on_rest_day`: `on` is a day off, and only our assumption (`Terms.rest_days`) keeps it from moving.
    """

    opens_on: date | None
    on: date | None
    at: datetime | None
    derivation: Derivation
    provisional: bool = False
    on_rest_day: bool = False


def due_by(deadline: By, opens_on: date, calendar: Calendar, zone: ZoneInfo) -> Due:
    """Return a calendar day that the instrument names: itself still on time."""
    counted = count(_NONE, deadline.day, calendar, zone, roll=deadline.roll)
    derivation = explain_by(deadline, counted, calendar)
    kept = _is_kept(deadline, counted, calendar)
    return Due(opens_on, counted.on, counted.at, derivation, bool(counted.unknown), kept)


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
    return Due(opens_on, counted.on, counted.at, derivation, bool(unannounced), _is_kept(deadline, counted, calendar))


def due_within(deadline: Within, event: Event, calendar: Calendar, zone: ZoneInfo, *, extended: bool = False) -> Due:
    """Return a span from the event. An extension starts where the span ended, after that end was moved to a working
    day."""
    counts = [count(deadline.span, event.occurred, calendar, zone, roll=deadline.roll)]
    if extended and deadline.extension:
        counts.append(_extension(deadline, counts[0], calendar, zone))
    last = counts[-1]
    derivation = explain_within(deadline, event, counts, calendar, zone)
    return Due(moment_day(event.occurred, zone), last.on, last.at, derivation, any(span.unknown for span in counts))


def due_awaiting(deadline: Within, until: date) -> Due:
    """Return a span from an event that is not recorded yet. `until`: the pack's last day."""
    return Due(None, None, None, explain_awaiting(deadline, until))


def _extension(deadline: Within, base: CountedSpan, calendar: Calendar, zone: ZoneInfo) -> CountedSpan:
    assert deadline.extension is not None
    start = base.at if deadline.extension.unit == "hours" else base.on
    return count(deadline.extension, start, calendar, zone, roll=deadline.roll)


def _is_kept(deadline: By | Every, counted: CountedSpan, calendar: Calendar) -> bool:
    return deadline.rest_days is not None and not calendar.is_workday(counted.on)

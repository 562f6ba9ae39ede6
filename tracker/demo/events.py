"""Draws the events of the sample year that start clocks, each with the instant at which a clerk records it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Duty, EventRule, Within
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event, Moment
from tracker.demo.draw import draw_number, draw_office_hour, draw_share, find_working_day, pick
from tracker.demo.texts import ITEMS, PLACES
from tracker.demo.writing import find_event_fields


@dataclass(frozen=True, slots=True)
class Season:
    """From when to when in the year an event happens, in what share of the departments and how often.

    `timed`: the hour is known. `about`: how many years before its own year the event is about.
    """

    first: tuple[int, int] = (2, 2)
    last: tuple[int, int] = (11, 20)
    share: float = 0.3
    count: int = 1
    timed: bool = False
    about: int = 0


_SEASONS = {
    "budget-approved": Season((3, 2), (3, 18), share=1),
    "final-accounts-approved": Season((8, 3), (9, 11), share=1, about=1),
    "approval-item-changed": Season((4, 1), (11, 20), share=0.35, timed=True),
    "approval-step": Season((1, 6), (12, 22), share=1, count=14, timed=True),
    "environment-emergency": Season((6, 10), (6, 10), share=1, timed=True),
    "environment-emergency-investigated": Season((6, 26), (6, 26), share=1, timed=True),
    "foi-again-ordered": Season(share=0),  # it states its own last day; the year has no appeal
    "foi-request-received": Season((1, 12), (11, 25), share=0.6, count=2),
}

#: Records that come in late: (event, department) → how many days after the event.
_RECORDED_LATE = {("budget-approved", "wujia"): 46, ("final-accounts-approved", "weisheng"): 20}

#: The share of quarters in which a timely duty's information is recorded as formed.
_FORMED = 0.22


def draw_events(rulebook: Rulebook, calendar: Calendar) -> tuple[Event, ...]:
    """All events of the year in the order in which they are recorded, numbered from 1."""
    cells = (cell for duty in rulebook.duties for assignment in duty.assignments for cell in assignment.cells)
    answers = {source.record for cell in cells for source in cell.sources}
    events: list[Event] = []
    for rule in rulebook.events.values():
        duties = [duty for duty in rulebook.duties if _is_started_by(duty, rule)]
        if duties and rule.name not in answers:
            draw = _draw_formed if rule.per_duty else _draw_by_season
            events.extend(draw(rule, duties, rulebook, calendar))
    return number_events(events)


def number_events(events: Iterable[Event]) -> tuple[Event, ...]:
    """The events in the order in which they are recorded, numbered from 1."""
    ordered = sorted(
        events, key=lambda event: (event.recorded_at, event.name, event.department, event.duty or "", event.reference)
    )
    return tuple(replace(event, id=number) for number, event in enumerate(ordered, start=1))


def _is_started_by(duty: Duty, rule: EventRule) -> bool:
    return any(
        isinstance(deadline, Within) and deadline.event.name == rule.name
        for part in duty.parts
        for deadline in part.deadlines
    )


def _draw_by_season(rule: EventRule, duties: list[Duty], rulebook: Rulebook, calendar: Calendar) -> Iterator[Event]:
    season, zone = _SEASONS.get(rule.name, Season()), rulebook.county.zone
    year = duties[0].in_force_from.year
    first, last = date(year, *season.first), date(year, *season.last)
    departments = {assignment.members[0] for duty in duties for assignment in duty.assignments}
    fields = set(rule.needs).union(*(find_event_fields(duty) for duty in duties))
    for department in sorted(departments):
        for number in range(season.count):
            key = (rule.name, department, number)
            if draw_share("happens", *key) >= season.share:
                continue
            # Several events of a kind are spread over the season, one to each slice.
            length = ((last - first).days + 1) // season.count
            place = timedelta(days=number * length + draw_number(0, max(0, length - 1), *key))
            day = find_working_day(first + place, first, last, calendar)
            if season.timed:
                occurred: Moment = datetime.combine(day, time(14, 20), zone)
                recorded_at = datetime.combine(day, time(15), zone)
            else:
                days = _RECORDED_LATE.get((rule.name, department), draw_number(0, 3, "delay", *key))
                occurred = day
                recorded_at = draw_office_hour(calendar.roll(day + timedelta(days=days)), zone, *key)
            about = day.year - season.about
            reference = str(about) if "year" in fields else f"{day:%Y%m%d}-{number + 1:02d}"
            event = Event(0, rule.name, department, reference, occurred, recorded_at)
            yield _fill(event, fields, about, key, rulebook)


def _draw_formed(rule: EventRule, duties: list[Duty], rulebook: Rulebook, calendar: Calendar) -> Iterator[Event]:
    """Information is formed early in a quarter, so that what it starts falls due inside the same quarter."""
    for duty in duties:
        for assignment in duty.assignments:
            for month in (1, 4, 7, 10):
                key = (rule.name, duty.id, assignment.key, month)
                if draw_share("happens", *key) >= _FORMED:
                    continue
                first = date(duty.in_force_from.year, month, 1)
                day = calendar.roll(first + timedelta(days=draw_number(5, 22, *key)))
                recorded_on = calendar.add_workdays(day, draw_number(0, 3, "delay", *key))
                recorded_at = draw_office_hour(recorded_on, rulebook.county.zone, *key)
                event = Event(0, rule.name, assignment.members[0], f"{day:%Y%m%d}", day, recorded_at, duty=duty.id)
                yield _fill(event, set(rule.needs), day.year, key, rulebook)


def _fill(event: Event, fields: set[str], year: int, key: tuple[object, ...], rulebook: Rulebook) -> Event:
    """The event with its fields and with who records it."""
    options = {"year": (str(year),), "place": PLACES}
    department = rulebook.county.departments[event.department]
    return replace(
        event,
        fields={name: pick(options.get(name, ITEMS), name, *key) for name in sorted(fields)},
        by=department.liaison.name or department.name,
    )

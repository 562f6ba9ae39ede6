"""The dated facts that start clocks in the sample year, each with the instant at which a clerk records it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from tracker.core.law.duties import Duty, EventRule, Rulebook, Within
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event, Moment
from tracker.demo.draw import at_work, number, pick, share, working_day
from tracker.demo.texts import ITEMS, PLACES
from tracker.demo.writing import fields_named


@dataclass(frozen=True, slots=True)
class Season:
    """When in the year an event happens, to what share of the departments and how often.

    `timed`: the hour is known. `about`: how many years before its own the event is about.
    """

    first: tuple[int, int] = (2, 2)
    last: tuple[int, int] = (11, 20)
    of: float = 0.3
    times: int = 1
    timed: bool = False
    about: int = 0


_SEASONS = {
    "budget-approved": Season((3, 2), (3, 18), of=1),
    "final-accounts-approved": Season((8, 3), (9, 11), of=1, about=1),
    "approval-item-changed": Season((4, 1), (11, 20), of=0.35, timed=True),
    "approval-step": Season((1, 6), (12, 22), of=1, times=14, timed=True),
    "environment-emergency": Season((6, 10), (6, 10), of=1, timed=True),
    "environment-emergency-investigated": Season((6, 26), (6, 26), of=1, timed=True),
    "foi-request-received": Season((1, 12), (11, 25), of=0.6, times=2),
}

#: Records that come in late: (event, department) → how many days after the event.
_RECORDED_LATE = {("budget-approved", "wujia"): 46, ("final-accounts-approved", "weisheng"): 20}

#: The share of quarters in which a timely duty's information is recorded as formed.
_FORMED = 0.22


def happened(rulebook: Rulebook, calendar: Calendar) -> tuple[Event, ...]:
    """All events of the year in the order in which they are recorded, numbered from 1."""
    cells = (cell for duty in rulebook.duties for assignment in duty.assignments for cell in assignment.cells)
    answers = {source.record for cell in cells for source in cell.sources}
    events: list[Event] = []
    for rule in rulebook.events.values():
        users = [duty for duty in rulebook.duties if any(_waits(duty, rule))]
        if not users or rule.name in answers:
            continue
        tell = _formed if rule.per_duty else _by_season
        events.extend(tell(rule, users, rulebook, calendar))
    return in_order(events)


def in_order(events: list[Event]) -> tuple[Event, ...]:
    """Events as they are recorded, numbered from 1."""
    ordered = sorted(
        events, key=lambda event: (event.recorded_at, event.name, event.department, event.duty or "", event.reference)
    )
    return tuple(replace(event, id=n) for n, event in enumerate(ordered, start=1))


def _waits(duty: Duty, rule: EventRule) -> Iterator[Within]:
    for part in duty.parts:
        for deadline in part.deadlines:
            if isinstance(deadline, Within) and deadline.event.name == rule.name:
                yield deadline


def _by_season(rule: EventRule, users: list[Duty], rulebook: Rulebook, calendar: Calendar) -> Iterator[Event]:
    season = _SEASONS.get(rule.name, Season())
    year = users[0].in_force_from.year
    first, last = date(year, *season.first), date(year, *season.last)
    departments = {assignment.members[0] for duty in users for assignment in duty.assignments}
    needs = set(rule.needs).union(*(fields_named(duty) for duty in users))
    for department in sorted(departments):
        for nth in range(season.times):
            key = (rule.name, department, nth)
            if share("happens", *key) >= season.of:
                continue
            # Several events of a kind are spread over the season, one to each slice.
            length = ((last - first).days + 1) // season.times
            place = timedelta(days=nth * length + number(0, max(0, length - 1), *key))
            day = working_day(first + place, first, last, calendar)
            yield _event(rule, department, day, season, needs, nth, rulebook, calendar)


def _event(
    rule: EventRule,
    department: str,
    day: date,
    season: Season,
    needs: set[str],
    nth: int,
    rulebook: Rulebook,
    calendar: Calendar,
) -> Event:
    zone = rulebook.county.zone
    key = (rule.name, department, nth)
    occurred: Moment = datetime.combine(day, time(14, 20), zone) if season.timed else day
    delay = _RECORDED_LATE.get((rule.name, department), number(0, 3, "delay", *key))
    recorded = at_work(calendar.roll(day + timedelta(days=delay)), zone, *key)
    if isinstance(occurred, datetime):
        recorded = max(occurred + timedelta(minutes=35), datetime.combine(day, time(15, 0), zone))
    return Event(
        id=0,
        name=rule.name,
        department=department,
        reference=f"{day.year - season.about}" if "year" in needs else f"{day:%Y%m%d}-{nth + 1:02d}",
        occurred=occurred,
        recorded_at=recorded,
        fields={name: _field(name, day.year - season.about, key) for name in sorted(needs)},
        by=rulebook.county.departments[department].liaison.name or rulebook.county.departments[department].name,
    )


def _field(name: str, year: int, key: tuple[object, ...]) -> str:
    if name == "year":
        return str(year)
    return pick(PLACES, name, *key) if name == "place" else pick(ITEMS, name, *key)


def _formed(rule: EventRule, users: list[Duty], rulebook: Rulebook, calendar: Calendar) -> Iterator[Event]:
    """Information that was formed, early in a quarter: what it starts falls due inside the same one."""
    zone = rulebook.county.zone
    for duty in users:
        for assignment in duty.assignments:
            for month in (1, 4, 7, 10):
                key = (rule.name, duty.id, assignment.key, month)
                if share("happens", *key) >= _FORMED:
                    continue
                first = date(duty.in_force_from.year, month, 1)
                day = calendar.roll(first + timedelta(days=number(5, 22, *key)))
                recorded = at_work(calendar.add_workdays(day, number(0, 3, "delay", *key)), zone, *key)
                member = rulebook.county.departments[assignment.members[0]]
                yield Event(
                    id=0,
                    name=rule.name,
                    department=member.id,
                    reference=f"{day:%Y%m%d}",
                    occurred=day,
                    recorded_at=recorded,
                    duty=duty.id,
                    fields={name: _field(name, day.year, key) for name in sorted(rule.needs)},
                    by=member.liaison.name or member.name,
                )

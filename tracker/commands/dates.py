"""`duban deadlines` and `duban workdays`: what is due when and why, without a database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tracker.clock import system_clock
from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import add
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Duty
from tracker.core.law.instances import awaiting, from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event

COLUMNS = (
    "county", "pack", "duty", "department", "period",
    "opens_on", "due_on", "due_at", "provisional", "assumed", "why",
)  # fmt: skip

SHOWN = ("duty", "department", "period", "due_on", "why")


def register(commands: Any) -> None:
    deadlines = add(commands, "deadlines", _deadlines, rows=True)
    deadlines.add_argument("--from", dest="first", type=context.day, metavar="DAY", help="first day due (default: all)")
    deadlines.add_argument("--to", dest="last", type=context.day, metavar="DAY", help="last day due (default: all)")
    deadlines.add_argument("--duty", metavar="ID")
    deadlines.add_argument("--department", metavar="ID")
    deadlines.add_argument(
        "--event", action="append", default=[], metavar="NAME=DAY[THH:MM]", help="as if recorded (repeatable)"
    )
    workdays = add(commands, "workdays", _workdays, rows=True)
    workdays.add_argument("day", type=context.day, metavar="DATE")
    workdays.add_argument("count", metavar="±N", type=int, help="working days to add; the day itself is not counted")


def _deadlines(args: argparse.Namespace) -> int:
    if args.first and args.last and args.last < args.first:
        raise UsageError(f"--to {args.last} lies before --from {args.first}")
    loaded = context.load(args, fallback=True)
    rulebooks = [context.pick(loaded, args)] if args.county else list(loaded.rulebooks)
    rows: list[dict[str, Any]] = []
    for rulebook in rulebooks:
        rows += _rows(rulebook, loaded.calendar, args)
    emit(COLUMNS if args.format != "table" else SHOWN, rows, args.format)
    return 0


def _rows(rulebook: Rulebook, calendar: Calendar, args: argparse.Namespace) -> list[dict[str, Any]]:
    duties = _chosen(rulebook, args)
    events = [_event(text, rulebook, args.department) for text in args.event]
    occurrences = [
        occurrence for duty in duties for occurrence in _occurrences(duty, rulebook, calendar, events, args.last)
    ]
    listed = [occurrence for occurrence in occurrences if _is_listed(occurrence, args)]
    started = {occurrence.label.partition(".")[0] for occurrence in listed}
    for event in events:
        if f"event:{event.name}:{event.reference}" not in started:
            say(f"--event {event.name}={event.reference} starts nothing here: no duty in force that day waits for it")
    far = date.max
    listed.sort(
        key=lambda occurrence: (occurrence.due_on or far, occurrence.duty, occurrence.department, occurrence.label)
    )
    return [
        row_of(
            occurrence,
            COLUMNS,
            {"period": occurrence.label, "assumed": occurrence.weak, "why": occurrence.derivation.text},
        )
        for occurrence in listed
    ]


def _chosen(rulebook: Rulebook, args: argparse.Namespace) -> list[Duty]:
    context.one_of("--department", args.department, rulebook.county.departments)
    context.one_of("--duty", args.duty, [duty.id for duty in rulebook.duties])
    return [duty for duty in rulebook.duties if args.duty in (None, duty.id)]


def _occurrences(
    duty: Duty, rulebook: Rulebook, calendar: Calendar, events: list[Event], last: date | None
) -> Iterator[Occurrence]:
    own = [replace(event, duty=duty.id if rulebook.events[event.name].per_duty else None) for event in events]
    yield from instances_of(duty, calendar, rulebook.county, last or duty.in_force_until)
    for assignment in duty.assignments:
        for event in own:
            if event.department in (*assignment.members, ""):
                single = replace(event, department=event.department or assignment.members[0])
                made = from_event(duty, single, calendar, rulebook.county)
                yield from (occurrence for occurrence in made if occurrence.department == assignment.key)
    waiting = awaiting(duty, rulebook.county, [])
    computed = {event.name for event in own}
    yield from (occurrence for occurrence in waiting if occurrence.awaiting not in computed)


def _event(text: str, rulebook: Rulebook, department: str | None) -> Event:
    name, _, when = text.partition("=")
    if name not in rulebook.events or not when:
        allowed = ", ".join(rulebook.events)
        raise UsageError(f"--event {text!r}: write NAME=2015-03-02 or NAME=2015-03-02T09:30, NAME one of: {allowed}")
    occurred = context.moment(when, rulebook.county.zone, f"--event {name}")
    reference = occurred.strftime("%Y-%m-%d" if not isinstance(occurred, datetime) else "%Y-%m-%dT%H%M")
    return Event(0, name, department or "", reference, occurred, system_clock())


def _is_listed(occurrence: Occurrence, args: argparse.Namespace) -> bool:
    """Events were asked for by name and what waits has no day: both are listed whatever the range."""
    if args.department and args.department not in occurrence.department.split("+"):
        return False
    if occurrence.due_on is None or occurrence.event is not None:
        return True
    due_on = occurrence.due_on
    return (args.first is None or due_on >= args.first) and (args.last is None or due_on <= args.last)


def _workdays(args: argparse.Namespace) -> int:
    from tracker.rulebook.calendars import load_calendar

    folder = context.root(args, fallback=True) / "rules" / "calendar"
    calendar = load_calendar(folder if folder.is_dir() else None)
    end = calendar.add_workdays(args.day, args.count)
    low, high = sorted((args.day, end))
    skipped = "; ".join(f"{day} {name}" for day, name in calendar.days_off(low, high))
    row = {
        "from": args.day,
        "workdays": args.count,
        "to": end,
        "provisional": calendar.touches_provisional(low, high),
        "skipped": skipped,
        "calendar": calendar.version,
    }
    emit(tuple(row), [row], args.format)
    if row["provisional"]:
        say(f"provisional: the State Council's table for a year up to {high.year} is not in the calendar yet")
    return 0

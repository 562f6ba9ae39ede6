"""`duban deadlines` and `duban workdays`: compute what is due when and why, without a database."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tracker.clock import system_clock
from tracker.commands.context import CommandContext, UsageError, check_known, parse_moment
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import DEPARTMENT, command, day, option
from tracker.core.law.binding import explain_not_binding
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Duty
from tracker.core.law.instances import awaiting, from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event
from tracker.registers.eventrules import list_related_events

COLUMNS = (
    "county", "pack", "duty", "department", "period",
    "opens_on", "due_on", "due_at", "provisional", "assumed", "why",
)  # fmt: skip
TABLE = ("duty", "department", "period", "due_on", "why")


@command("deadlines", rows=True, fallback=True)
@option("--from", dest="first", type=day, metavar="DAY", help="first day due (default: all)")
@option("--to", dest="last", type=day, metavar="DAY", help="last day due (default: all)")
@option("--duty", metavar="ID")
@DEPARTMENT
@option("--event", action="append", default=[], metavar="NAME=DAY[THH:MM]", help="as if recorded (repeatable)")
def show_deadlines(args: Namespace, context: CommandContext) -> None:
    if args.first and args.last and args.last < args.first:
        raise UsageError("--to {last} lies before --from {first}", last=args.last, first=args.first)
    rows = [row for rulebook in context.rulebooks for row in _rows(rulebook, context.loaded.calendar, args)]
    emit(COLUMNS, rows, args.format, table=TABLE, chinese=("why",))


def _rows(rulebook: Rulebook, calendar: Calendar, args: Namespace) -> list[dict[str, Any]]:
    check_known("--department", args.department, rulebook.county.departments)
    check_known("--duty", args.duty, [duty.id for duty in rulebook.duties])
    duties = [duty for duty in rulebook.duties if args.duty in (None, duty.id)]
    events = [_event(text, rulebook, args.department) for text in args.event]
    occurrences = [
        occurrence
        for duty in duties
        for occurrence in _occurrences(duty, rulebook, calendar, events, args.last)
        if _is_listed(occurrence, args)
    ]
    started = {occurrence.label.partition(".")[0] for occurrence in occurrences}
    moving = {name for duty in duties for name in list_related_events(duty)}
    for event in events:
        if f"event:{event.name}:{event.reference}" not in started and event.name not in moving:
            say(
                "--event {name}={reference} starts nothing here: no duty in force that day waits for it",
                name=event.name,
                reference=event.reference,
            )
    return [
        row_of(
            occurrence,
            COLUMNS,
            {"period": occurrence.label, "assumed": occurrence.weak, "why": _why(occurrence, rulebook)},
        )
        for occurrence in sorted(occurrences, key=_by_day)
    ]


def _why(occurrence: Occurrence, rulebook: Rulebook) -> str:
    """The derivation, and why the occurrence is only shown where it binds nobody."""
    shown_only = explain_not_binding(occurrence, rulebook.duty(occurrence.pack, occurrence.duty), rulebook.county)
    return occurrence.derivation.text + (f"{shown_only}。" if shown_only else "")


def _by_day(occurrence: Occurrence) -> tuple[date, str, str, str]:
    return occurrence.due_on or date.max, occurrence.duty, occurrence.department, occurrence.label


def _occurrences(
    duty: Duty, rulebook: Rulebook, calendar: Calendar, events: list[Event], last: date | None
) -> Iterator[Occurrence]:
    """The occurrences of the duty, with those that the events would start."""
    events = [replace(event, duty=duty.id if rulebook.events[event.name].per_duty else None) for event in events]
    yield from instances_of(duty, calendar, rulebook.county, last or duty.in_force_until)
    for assignment in duty.assignments:
        for event in events:
            if event.department in (*assignment.members, ""):
                event_of_one = replace(event, department=event.department or assignment.members[0])
                facts = [
                    replace(fact, department=event_of_one.department, reference=event_of_one.reference)
                    for fact in events
                    if fact.name != event.name
                ]
                started = from_event(duty, event_of_one, calendar, rulebook.county, related=facts)
                yield from (occurrence for occurrence in started if occurrence.department == assignment.key)
    waiting = awaiting(duty, rulebook.county, [])
    computed = {event.name for event in events}
    yield from (occurrence for occurrence in waiting if occurrence.awaiting not in computed)


def _event(text: str, rulebook: Rulebook, department: str | None) -> Event:
    name, _, when = text.partition("=")
    if name not in rulebook.events or not when:
        allowed = ", ".join(rulebook.events)
        raise UsageError(
            "--event {text!r}: write NAME=2015-03-02 or NAME=2015-03-02T09:30, NAME one of: {allowed}",
            text=text,
            allowed=allowed,
        )
    occurred = parse_moment(when, rulebook.county.zone, f"--event {name}")
    reference = occurred.strftime("%Y-%m-%d" if not isinstance(occurred, datetime) else "%Y-%m-%dT%H%M")
    return Event(0, name, department or "", reference, occurred, system_clock())


def _is_listed(occurrence: Occurrence, args: Namespace) -> bool:
    """Whether the occurrence lies in the range. One of an event is listed whatever the range, one without a day where
    there is none."""
    if args.department and args.department not in occurrence.department.split("+"):
        return False
    if occurrence.event is not None:
        return True
    if occurrence.due_on is None:
        return args.first is None and args.last is None
    due_on = occurrence.due_on
    return (args.first is None or due_on >= args.first) and (args.last is None or due_on <= args.last)


@command("workdays", rows=True, fallback=True)
@option("day", type=day, metavar="DATE")
@option("count", metavar="±N", type=int, help="working days to add; the day itself is not counted")
def add_workdays(args: Namespace, context: CommandContext) -> None:
    from tracker.rulebook.calendars import load_calendar

    folder = context.folder / "rules" / "calendar"
    calendar = load_calendar(folder if folder.is_dir() else None)
    end = calendar.add_workdays(args.day, args.count)
    low, high = sorted((args.day, end))
    row = {
        "from": args.day,
        "workdays": args.count,
        "to": end,
        "provisional": calendar.is_provisional(low, high),
        "skipped": "; ".join(f"{day} {name}" for day, name in calendar.days_off(low, high)),
        "calendar": calendar.version,
    }
    emit(tuple(row), [row], args.format)
    if row["provisional"]:
        say("provisional: the State Council's table for a year up to {year} is not in the calendar yet", year=high.year)

"""`duban event`: records the dated facts that start clocks, one by one or from a file, and shows them."""

from __future__ import annotations

import getpass
import json
from argparse import ArgumentTypeError, Namespace
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from notifications.eventform import event_form
from tracker.commands.context import CommandContext, DepartmentName, UsageError, check_known, parse_moment
from tracker.commands.eventfile import read_file
from tracker.commands.language import head_of, tr
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import DEPARTMENT, command, count, day, now_option, option, options, person
from tracker.commands.recording import record
from tracker.core.law.clock import REACHED, UNTIL
from tracker.core.law.duties import Duty
from tracker.core.values.facts import Event, EventKey
from tracker.core.values.message import Message
from tracker.registers.checks import is_future
from tracker.registers.errors import Registered
from tracker.registers.eventimport import ImportPlan, PlannedRow, import_events, plan_import
from tracker.registers.eventrows import FIELD_HEADS, list_form_heads
from tracker.registers.eventrules import EventRules, build_day_reference
from tracker.registers.events import History, correct_event, load_event, load_history, record_event, withdraw_event
from tracker.reports.list_csv import plain
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, Tx
from tracker.store.events import StoredEvent, list_events

COLUMNS = (
    "name", "department", "duty", "reference", "occurred", "fields", "recorded_at", "by", "withdrawn_at", "version",
)  # fmt: skip
VERSIONS = ("change", "at", "who", "what", "occurred", "fields", "reason")
OCCURRENCES = ("occurrence", "due_on", "light", "status", "reason")
PLANNED = ("line", "outcome", "name", "department", "duty", "reference", "occurred", "fields", "note")
_RECORDED = {
    "new": Message("{count} recorded"), "corrected": Message("{count} corrected"),
    "same": Message("{count} as on record"), "differs": Message("{count} differ"), "bad": Message("{count} bad"),
}  # fmt: skip
_TO_RECORD = {**_RECORDED, "new": Message("{count} to record"), "corrected": Message("{count} to correct")}

#: Fields that hold a day, which is taken as people write it.
_DAYS = {REACHED, UNTIL}
NAME = option("name", metavar="NAME")
NEEDED_DEPARTMENT = option("--department", type=DepartmentName, required=True, metavar="ID")
YES = option("--yes", action="store_true", help="the day is right, although it looks mistyped")
#: The event that is meant.
KEY = options(
    NAME, NEEDED_DEPARTMENT, option("--reference", required=True, metavar="R"), option("--duty", metavar="ID")
)
SEEN_VERSION = option(
    "--seen", type=count, metavar="VERSION", help="only if this version stands still (duban event show)"
)


@command("event add")
@NAME
@NEEDED_DEPARTMENT
@option("--on", required=True, metavar="DAY[THH:MM]", help="when it happened, by legal time")
@option("--duty", metavar="ID", help="which duty, for events that are recorded per duty")
@option("--reference", metavar="R", help="tells it from others (default: its day); no / . : or spaces")
@option("--field", action="append", default=[], metavar="K=V", help="a field of the event (repeatable)")
@option("--correct", action="store_true", help="replace what is on record under this reference")
@YES
@person("why it is corrected", required=False)
def add_event(args: Namespace, context: CommandContext) -> None:
    """Record an event; the same again changes nothing."""
    _check_reason(args)

    def act(tx: Tx) -> Registered[Event]:
        occurred = parse_moment(args.on, context.zone, "--on", context.now.year)
        reference = args.reference if args.reference is not None else build_day_reference(occurred, context.rulebook)
        fields, by = dict(_pairs(args)), args.by or getpass.getuser()
        event = Event(0, args.name, args.department, reference, occurred, context.now, args.duty, fields, by)
        _check_doubts(args, context, event)
        return record_event(tx, context.rulebook, event, correct=args.correct, reason=args.reason)

    record(context, act)


@command("event correct")
@KEY
@option("--on", metavar="DAY[THH:MM]", help="when it really happened (default: as it stands)")
@option("--field", action="append", default=[], metavar="K=V", help="a field as it should be; K= takes it away")
@SEEN_VERSION
@YES
@person("why")
def correct(args: Namespace, context: CommandContext) -> None:
    """Say what an event should have said; the old value stays on record."""
    fields = dict(_pairs(args, empty=True))
    seen = args.seen or _version(args, context)

    def act(tx: Tx) -> Registered[Event]:
        occurred = parse_moment(args.on, context.zone, "--on", context.now.year) if args.on else None
        if occurred is not None:
            stored = load_event(tx, context.rulebook, _key_of(args)).event
            _check_doubts(args, context, replace(stored, occurred=occurred))
        return correct_event(
            tx, context.rulebook, _key_of(args), by=args.by, reason=args.reason, now=context.now, occurred=occurred,
            fields=fields, seen=seen,
        )  # fmt: skip

    record(context, act)


@command("event withdraw")
@KEY
@SEEN_VERSION
@person("why")
def withdraw(args: Namespace, context: CommandContext) -> None:
    """Take an event back: it never happened."""
    seen = args.seen or _version(args, context)

    def act(tx: Tx) -> Registered[Event]:
        key = _key_of(args)
        return withdraw_event(tx, context.rulebook, key, by=args.by, reason=args.reason, now=context.now, seen=seen)

    record(context, act)


def _check_reason(args: Namespace) -> None:
    if args.correct and not args.reason.strip():
        raise UsageError("--correct changes what is on record: say why with --reason")


def _check_doubts(args: Namespace, context: CommandContext, event: Event) -> None:
    """Refuse a day that looks mistyped, unless --yes says that it is right."""
    rules = EventRules(context.rulebook)
    event = rules.check(event)
    doubts = [] if args.yes else _doubts_about(rules, context, event)
    if doubts:
        raise UsageError(
            "{key} on {day}: {doubts}; give --yes if that is right",
            key=event.key.message,
            day=plain(event.occurred),
            doubts=Message.joined("; ", doubts),
        )


def _doubts_about(rules: EventRules, context: CommandContext, event: Event) -> list[Message]:
    ahead = is_future(event.occurred, context.rulebook, context.now)
    return rules.list_doubts(event, is_future=ahead, calendar=context.loaded.calendar)


def _key_of(args: Namespace) -> EventKey:
    return EventKey(args.name, args.department, args.reference, args.duty)


def _version(args: Namespace, context: CommandContext) -> int:
    """The version on record when the command is given: a change that comes meanwhile is not overwritten."""
    with context.read() as tx:
        return load_event(tx, context.rulebook, _key_of(args)).version


def _pairs(args: Namespace, *, empty: bool = False) -> Iterator[tuple[str, str]]:
    for text in args.field:
        key, equals, value = text.partition("=")
        if not equals or not key or not (value.strip() or empty):
            raise UsageError("--field {text!r}: write KEY=VALUE, like year=2015", text=text)
        yield key, day(value).isoformat() if key in _DAYS and _is_day(value) else value


def _is_day(text: str) -> bool:
    with suppress(ArgumentTypeError):
        return bool(day(text))
    return False


@command("event list", rows=True)
@option("--name", metavar="NAME")
@DEPARTMENT
def show_events(args: Namespace, context: CommandContext) -> None:
    """List the events on record."""
    with context.read() as tx:
        context.check_department()
        check_known("--name", args.name, context.rulebook.events)
        events = list_events(tx, context.county.id, name=args.name, department=args.department, withdrawn=True)
    rows = [
        row_of(stored.event, COLUMNS, {
            "fields": " ".join(f"{key}={value}" for key, value in stored.event.fields.items()),
            "recorded_at": stored.event.recorded_at.astimezone(context.zone),
            "withdrawn_at": stored.withdrawn_at.astimezone(context.zone) if stored.withdrawn_at else None,
            "version": stored.version,
        })
        for stored in events
    ]  # fmt: skip
    emit(COLUMNS, rows, args.format)


# -- show ------------------------------------------------------------------------------------------


@command("event show")
@KEY
@option("--format", choices=("table", "json"), default="table", help="how it is printed (default: table)")
def show_event(args: Namespace, context: CommandContext) -> None:
    """Tell one event: every version, who, when, why; what hangs on it."""
    with context.read() as tx:
        history = load_history(tx, context.rulebook, _key_of(args))
    values = _values_of(history, context.zone)
    if args.format == "json":
        print(json.dumps(values, ensure_ascii=False, indent=1))
        return
    event = history.stored.event
    title, owner = context.rulebook.events[event.name].title, context.county.departments[event.department].name
    print(f"{title} · {owner} · {event.reference}")
    for key, value in values.items():
        if value and not isinstance(value, list):
            print(f"  {head_of(key)}: {value}")
    emit(VERSIONS, values["history"], "table", title=tr("history"))
    if values["occurrences"]:
        # The part of a key that `duban explain` needs is short enough for a table.
        rows = ({**row, "occurrence": row["occurrence"].split("/", 2)[2]} for row in values["occurrences"])
        emit(OCCURRENCES, rows, "table", title=tr("what hangs on it"), chinese=("reason",))
    else:
        print(tr("no occurrence hangs on it yet (duban tick makes them)"))


def _values_of(history: History, zone: ZoneInfo) -> dict[str, Any]:
    event, withdrawn_at = history.stored.event, history.stored.withdrawn_at
    return {
        "name": event.name,
        "department": event.department,
        "duty": event.duty or "",
        "reference": event.reference,
        "occurred": plain(event.occurred),
        "fields": _fields(event.fields),
        "withdrawn_at": plain(withdrawn_at.astimezone(zone)) if withdrawn_at else "",
        "version": history.stored.version,
        "history": [
            row_of(version, VERSIONS, {
                "change": version.number,
                "at": plain(version.at.astimezone(zone)),
                "what": version.action,
                "fields": _fields(version.fields),
            })
            for version in history.versions
        ],
        "occurrences": [
            row_of(row, OCCURRENCES, {
                "occurrence": row.key,
                "due_on": plain(row.due_on),
                "light": row.light.value,
                "status": row.status.value,
            })
            for row in history.occurrences
        ],
    }  # fmt: skip


def _fields(fields: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in sorted(fields.items()))


# -- import and template ---------------------------------------------------------------------------


@command("event import", rows=True)
@option("file", type=Path, metavar="FILE")
@option("--sheet", metavar="NAME", help="which sheet, where several hold something")
@option("--name", metavar="NAME", help="the event of every row, where no column says it")
@option("--dry-run", action="store_true", help="show what each row would do, write nothing")
@option("--correct", action="store_true", help="replace what is on record under the same reference")
@YES
@option("--skip-bad", action="store_true", help="record the good rows and name the others (exit status 1)")
@option("--by", metavar="WHO", help="the person who says so (needed unless --dry-run)")
@option("--reason", default="", metavar="TEXT", help="why (needed with --correct)")
@now_option(help="as if it were entered then (for trials; default: now)")
def import_file(args: Namespace, context: CommandContext) -> int:
    """Record the events of a CSV or XLSX file, all of them or none."""
    if not args.dry_run and not (args.by or "").strip():
        raise UsageError("--by is missing: who says so? (--dry-run needs nobody)")
    if not args.dry_run:
        _check_reason(args)
    rules = EventRules(context.rulebook)
    if args.name is not None:
        rules.rule(args.name)
    table, source = read_file(args.file, rules, sheet=args.sheet, name=args.name)
    if table.unused:
        say("columns not kept: {unused}", unused=", ".join(table.unused))
    how = {"correct": args.correct, "skip": args.skip_bad}
    if args.dry_run:
        plan = plan_import(rules, table.rows, _on_record(context), context.now, **how)
        return _print_plan(args, plan)
    if not args.yes:
        _check_rows(context, rules, args.file, plan_import(rules, table.rows, _on_record(context), context.now, **how))
    now = context.now
    with context.open_store(create=True) as store, store.begin(f"import {source.file} sha256:{source.sha256}") as tx:
        ensure_county(tx, context.county.id)
        plan = import_events(tx, rules, table.rows, source, by=args.by, now=now, reason=args.reason, **how)
    return _print_outcome(args, plan)


def _check_rows(context: CommandContext, rules: EventRules, file: Path, plan: ImportPlan) -> None:
    """Refuse a file in which days look mistyped; what is on record already is not asked."""
    written = [planned.row for planned in plan.rows if planned.outcome in ("new", "corrected")]
    found = [(row.number, _doubts_about(rules, context, row.event)) for row in written if row.event is not None]
    doubted = [(number, doubts) for number, doubts in found if doubts]
    for number, doubts in doubted:
        say("{file}:{number}: {doubts}", file=file, number=number, doubts=Message.joined("; ", doubts))
    if doubted:
        raise UsageError("{file}: nothing was written; give --yes if these days are right", file=file)


def _on_record(context: CommandContext) -> list[StoredEvent]:
    """The events on record; none if there is no database yet, and none is made."""
    if not Store(context.database).exists:
        return []
    with context.read() as tx:
        return list_events(tx, context.county.id, withdrawn=True)


def _print_plan(args: Namespace, plan: ImportPlan) -> int:
    shown = [planned for planned in plan.rows if args.format != "table" or planned.outcome != "same"]
    emit(PLANNED, map(_import_row, shown), args.format)
    say("{file}: {counted}; nothing was written", file=args.file, counted=_counted(plan, _TO_RECORD))
    return int(bool(plan.unrecorded))


def _print_outcome(args: Namespace, plan: ImportPlan) -> int:
    for planned in plan.unrecorded:
        say(f"{args.file}:{planned.row.number}: {planned.note}")
    if plan.is_refused:
        raise UsageError(
            "{file}: {counted}; nothing was written (--skip-bad records what is right)",
            file=args.file,
            counted=_counted(plan, _TO_RECORD),
        )
    for planned in plan.rows:
        if planned.outcome in ("new", "corrected") and planned.note:
            say("{file}:{number}: note: {note}", file=args.file, number=planned.row.number, note=planned.note)
    if args.format == "table":
        later = tr(" (judged at the next tick)") if plan.has_changes else ""
        print(f"{args.file}: {_counted(plan, _RECORDED)}{later}")
    else:
        emit(PLANNED, map(_import_row, plan.rows), args.format)
    return int(bool(plan.unrecorded))


def _counted(plan: ImportPlan, words: dict[str, Message]) -> str:
    outcomes = [tr(text, count=plan.counts[key]) for key, text in words.items() if key in plan.counts]
    return tr(", ").join(outcomes) or tr("no row below the heads")


def _import_row(planned: PlannedRow) -> dict[str, Any]:
    event, values = planned.row.event, {"line": planned.row.number, "outcome": planned.outcome, "note": planned.note}
    return values if event is None else row_of(event, PLANNED, {**values, "fields": _fields(event.fields)})


@command("event template", fallback=True)
@option("file", type=Path, metavar="FILE")
def write_template(args: Namespace, context: CommandContext) -> None:
    """Write an empty table of events to fill in, .xlsx or .csv."""
    rulebook, ending = context.rulebook, args.file.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise UsageError("{file}: name it .xlsx or .csv", file=args.file)
    heads = list_form_heads(rulebook)
    if ending == ".csv":
        body = ("\ufeff" + ",".join(heads) + "\r\n").encode()
    else:
        body = event_form(
            heads,
            {event.title: _field_titles(event.needs) for event in rulebook.events.values()},
            [department.name for department in rulebook.county.departments.values()],
            _distinct_titles(rulebook.duties),
        )
    with args.file.open("xb") as stream:
        stream.write(body)
    print(tr("{file}: fill it in, then: duban event import {file} --dry-run", file=args.file))


def _distinct_titles(duties: Sequence[Duty]) -> list[str]:
    """The duties' titles; the id instead where two duties share one."""
    titles = Counter(duty.title for duty in duties)
    return [duty.title if titles[duty.title] == 1 else duty.id for duty in duties]


def _field_titles(names: Iterable[str]) -> str:
    return "、".join(FIELD_HEADS[name][1] if name in FIELD_HEADS else name for name in names)

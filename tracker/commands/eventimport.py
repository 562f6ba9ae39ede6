"""`duban event import` and `duban event template`: many events from a clerk's table, and the table to fill in."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from notifications.eventform import event_form
from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.eventfile import read_file
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import add
from tracker.core.law.duties import Duty
from tracker.registers.eventimport import ImportPlan, RowImport, import_events, plan_import
from tracker.registers.eventrows import FIELD_HEADS, form_heads
from tracker.registers.eventrules import EventRules
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.events import StoredEvent, list_events

PLANNED = ("line", "outcome", "name", "department", "duty", "reference", "occurred", "fields", "note")
_WORDS = {"new": "recorded", "corrected": "corrected", "same": "as on record", "differs": "differ", "bad": "bad"}
_AHEAD = {**_WORDS, "new": "to record", "corrected": "to correct"}


def register(events: Any) -> None:
    made = add(events, "import", _import, "record the events of a CSV or XLSX file, all of them or none", rows=True)
    made.add_argument("file", type=Path, metavar="FILE")
    made.add_argument("--sheet", metavar="NAME", help="which sheet, where several hold something")
    made.add_argument("--name", metavar="NAME", help="the event of every row, where no column says it")
    made.add_argument("--dry-run", action="store_true", help="show what each row would do, write nothing")
    made.add_argument("--correct", action="store_true", help="replace what is on record under the same reference")
    made.add_argument(
        "--skip-bad", action="store_true", help="record the good rows and name the others (exit status 1)"
    )
    made.add_argument("--by", metavar="WHO", help="the person who says so (needed unless --dry-run)")
    made.add_argument("--reason", default="", metavar="TEXT", help="why (needed with --correct)")
    made.add_argument("--now", metavar="INSTANT", help="as if it were entered then (for trials; default: now)")
    form = add(events, "template", _template, "write an empty table of events to fill in, .xlsx or .csv")
    form.add_argument("file", type=Path, metavar="FILE")


def _import(args: argparse.Namespace) -> int:
    if not args.dry_run and not (args.by or "").strip():
        raise UsageError("--by is missing: who says so? (--dry-run needs nobody)")
    if args.correct and not args.dry_run and not args.reason.strip():
        raise UsageError("--correct changes what is on record: say why with --reason")

    rulebook = context.pick(context.load(args), args)
    rules = EventRules(rulebook)
    if args.name is not None:
        rules.rule(args.name)
    rows, source = read_file(args.file, rules, sheet=args.sheet, name=args.name)
    if rows.unused:
        say(f"columns not kept: {', '.join(rows.unused)}")
    now = context.instant(args, rulebook.county.zone)
    how = {"correct": args.correct, "skip": args.skip_bad}
    if args.dry_run:
        plan = plan_import(rules, rows.lines, _on_record(args, rulebook.county.id), now, **how)
    else:
        via = f"import {source.file} sha256:{source.sha256}"
        with context.opened(args) as store, store.begin(via) as tx:
            ensure_county(tx, rulebook.county.id)
            plan = import_events(tx, rules, rows.lines, source, by=args.by, now=now, reason=args.reason, **how)
    return _answer(args, plan)


def _on_record(args: argparse.Namespace, county: str) -> list[StoredEvent]:
    """What is on record; nothing where there is no database yet, and none is made."""
    if not Store(context.database_url(args)).exists:
        return []
    with context.opened(args, create=False) as store, store.read() as tx:
        return list_events(tx, county, withdrawn=True)


def _answer(args: argparse.Namespace, plan: ImportPlan) -> int:
    if args.dry_run:
        rows = [step for step in plan.steps if args.format != "table" or step.outcome != "same"]
        emit(PLANNED, map(_row, rows), args.format)
        say(f"{args.file}: {_counted(plan, _AHEAD)}; nothing was written")
        return int(bool(plan.wrong))
    for step in plan.wrong:
        say(f"{args.file}:{step.line.number}: {step.note}")
    if plan.refused:
        raise UsageError(
            f"{args.file}: {_counted(plan, _AHEAD)}; nothing was written (--skip-bad records what is right)"
        )
    for step in plan.steps:
        if step.outcome in ("new", "corrected") and step.note:
            say(f"{args.file}:{step.line.number}: note: {step.note}")
    if args.format == "table":
        later = " (judged at the next tick)" if plan.writes else ""
        print(f"{args.file}: {_counted(plan, _WORDS)}{later}")
    else:
        emit(PLANNED, map(_row, plan.steps), args.format)
    return int(bool(plan.wrong))


def _counted(plan: ImportPlan, words: dict[str, str]) -> str:
    counts = plan.counts
    outcomes = [f"{counts[key]} {word}" for key, word in words.items() if key in counts]
    return ", ".join(outcomes) or "no row below the heads"


def _row(step: RowImport) -> dict[str, Any]:
    event, own = step.line.event, {"line": step.line.number, "outcome": step.outcome, "note": step.note}
    if event is None:
        return own
    fields = " ".join(f"{key}={value}" for key, value in sorted(event.fields.items()))
    return row_of(event, PLANNED, {**own, "fields": fields})


def _template(args: argparse.Namespace) -> int:
    rulebook = context.pick(context.load(args, fallback=True), args)
    heads = form_heads(rulebook)
    if args.file.suffix.lower() == ".csv":
        body = ("\ufeff" + ",".join(heads) + "\r\n").encode()
    elif args.file.suffix.lower() == ".xlsx":
        body = event_form(
            heads,
            {event.title: _needs(event.needs) for event in rulebook.events.values()},
            [department.name for department in rulebook.county.departments.values()],
            _told_apart(rulebook.duties),
        )
    else:
        raise UsageError(f"{args.file}: name it .xlsx or .csv")
    with args.file.open("xb") as stream:
        stream.write(body)
    print(f"{args.file}: fill it in, then: duban event import {args.file} --dry-run")
    return 0


def _told_apart(duties: Sequence[Duty]) -> list[str]:
    """Titles, and ids where two duties share one."""
    titles = Counter(duty.title for duty in duties)
    return [duty.title if titles[duty.title] == 1 else duty.id for duty in duties]


def _needs(names: Iterable[str]) -> str:
    return "、".join(FIELD_HEADS[name][1] if name in FIELD_HEADS else name for name in names)

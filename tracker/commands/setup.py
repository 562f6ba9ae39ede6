"""`duban check | schema | rules diff | migrate | doctor`: checks rules and installation."""

from __future__ import annotations

import asyncio
import json
import os
from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.commands.context import CommandContext, shipped
from tracker.commands.language import tr
from tracker.commands.output import emit, say
from tracker.commands.parsing import command, day, now_option, option

if TYPE_CHECKING:
    from tracker.core.escalation.notices import NoticeKey
    from tracker.core.law.county import Rulebook
    from tracker.rulebook.diff import Diff
    from tracker.rulebook.loaded import Loaded

CHECKS = ("check", "state", "what")
DIFF = (
    "county", "change", "occurrence", "due_on_before", "due_on_after", "step", "role", "leaves_before", "leaves_after",
)  # fmt: skip


@command("check", fallback=True, all_counties=True)
@now_option(help="as if it were then")
def check_rules(args: Namespace, context: CommandContext) -> int:
    from tracker.registers.renamed_ids import load_lost_ids
    from tracker.rulebook.examples import check_examples
    from tracker.rulebook.secrets import find_unset_secrets

    loaded = context.loaded
    wrong = [error for book in loaded.rulebooks for error in check_examples(book, loaded.calendar)]
    missing = list(_missing_templates(loaded))
    lost = load_lost_ids(context.database, loaded) if context.folder != shipped() else []
    renamed = [one.text for one in lost if one.new]
    for text in (*(error.text for error in wrong), *missing, *renamed):
        print(tr(text))
    for error in find_unset_secrets(loaded.schedule):
        say("warning: {error}; what sends mails or serves pages needs it", error=error.text)
    for text in (*_warnings(context), *(one.text for one in lost if not one.new)):
        print(tr("warning: {text}", text=text))
    for book in loaded.rulebooks:
        examples = sum(len(duty.examples) for duty in book.duties)
        departments = len(book.county.departments)
        say(
            "{id}: {count} duties, {departments} departments, {examples} examples",
            id=book.county.id,
            count=len(book.duties),
            departments=departments,
            examples=examples,
        )
    errors = [tr("{count} examples fail", count=len(wrong))] * bool(wrong)
    errors += [tr("{count} templates are not there", count=len(missing))] * bool(missing)
    errors += [tr("{count} ids with records are renamed", count=len(renamed))] * bool(renamed)
    say(tr(", ").join(errors) or "all files and examples hold")
    return 2 if errors else 0


def _warnings(context: CommandContext) -> list[str]:
    """What is right as it is written and should not stay so, in the order of counties."""
    from tracker.registers.columns import list_waiting
    from tracker.registers.golive import list_warnings, load_live_counties
    from tracker.rulebook.asking import find_unasked_policies, find_unlooked_policies
    from tracker.rulebook.calendars import find_years_without_number

    loaded = context.loaded
    live = load_live_counties(context.database, loaded) if context.folder != shipped() else None
    texts = []
    for book in loaded.rulebooks:
        today = context.instant(book.county.zone).date()
        texts += [text for _, text in list_warnings(loaded, book, today, live)]
        if years := find_years_without_number(book, loaded.calendar):
            named, such = ", ".join(map(str, years)), f"国务院办公厅{years[0]}年节假日安排"
            text = tr(
                "rules/calendar: no number of the holiday notice of {years}: due dates cite it as {such}; write "
                "`notice` in YEAR.yaml, or the number in notices.yaml",
                years=named,
                such=such,
            )
            texts.append(text)
        texts += _ask_for_superiors(book)
    if context.folder != shipped():
        texts += list_waiting(context.database, [book.county for book in loaded.rulebooks])
    policies = (*find_unasked_policies(loaded, context.folder), *find_unlooked_policies(loaded, context.folder))
    return [*texts, *policies]


def _ask_for_superiors(book: Rulebook) -> Iterator[str]:
    """Whether an office answers for the county's government itself, where it has to answer requests and nobody says."""
    from tracker.core.requests.remedies import list_government_offices

    if any(event.move.startswith("request.") for event in book.events.values()):
        for id in list_government_offices(book.county.departments, book.requests):
            yield tr(
                "requests: does {id} ({name}) answer for the county's government itself? Then name the government "
                "above it under `superiors` and list it under `superior_alone`; else name its superior alone",
                id=id,
                name=book.county.departments[id].name,
            )


def _missing_templates(loaded: Loaded) -> Iterator[str]:
    """The templates that a policy names and a county does not have: it would send plain text instead."""
    from notifications.render import missing_files

    for book in loaded.rulebooks:
        folder = loaded.templates.get(book.county.id)
        for policy in loaded.schedule.policies.values():
            for step in policy.steps:
                for name in missing_files(step.template, folder) if step.template else ():
                    where = f"policies.{policy.name}.steps.{step.name}"
                    yield tr(
                        "schedule.yaml: {where}: no {name} in rules/counties/{county}/templates",
                        where=where,
                        name=name,
                        county=book.county.id,
                    )


@command("schema")
@option("folder", nargs="?", metavar="DIR", help="where to (default: one JSON object on stdout)")
def write_schemas(args: Namespace, context: CommandContext) -> None:
    from notifications.call import Call
    from tracker.rulebook.schema import DIALECT, build_schemas

    schemas = {**build_schemas(), "webhook": {"$schema": DIALECT, **Call.model_json_schema()}}
    if args.folder is None:
        print(json.dumps(schemas, ensure_ascii=False, indent=2))
        return
    folder = Path(args.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, body in schemas.items():
        (folder / f"{name}.schema.json").write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", "utf-8")
    say("wrote {count} schemas to {folder}", count=len(schemas), folder=folder.resolve())


@command(
    "rules diff",
    rows=True,
    epilog="The notices are those of the database here, if there is one, as the next pass would decide by NEW.",
)
@option("old", metavar="OLD", help="a folder with rules/ and schedule.yaml")
@option("new", metavar="NEW")
@option("--until", type=day, metavar="DAY", help="look this far (default: the packs' last day)")
@now_option(help="as if it were then")
def diff_rules(args: Namespace, context: CommandContext) -> int:
    """Which occurrences a change of rules would create, move, close, and which waiting notices move, withdraw."""
    from tracker.registers.renamed_ids import load_lost_ids
    from tracker.rulebook.diff import diff

    old, new = _load_both(Path(args.old), Path(args.new))
    before, after = ({book.county.id: book for book in loaded.rulebooks} for loaded in (old, new))
    duties = [duty for book in (*old.rulebooks, *new.rulebooks) for duty in book.duties]
    # Up to the last day of either: a pack that ends earlier closes occurrences after its own last day.
    until = args.until or max((duty.in_force_until for duty in duties), default=date.min)
    rows: list[dict[str, Any]] = []
    for county in sorted(before.keys() | after.keys()):
        pair = before.get(county), after.get(county)
        if None in pair:
            say("{county}: a county that is gone" if pair[0] else "{county}: a county that is new", county=county)
        rows += _changes(county, diff(*pair, old.calendar, until, new_calendar=new.calendar))
    for lost in load_lost_ids(context.database, new):
        say("warning: {text}", text=lost.text)
    rows += _queue_changes(context, new)
    emit(DIFF, rows, args.format)
    return int(bool(rows))


def _queue_changes(context: CommandContext, new: Loaded) -> Iterator[dict[str, Any]]:
    """A row for each waiting notice that the next pass would move or withdraw by the new rules."""
    from tracker.decide.preview import preview_rules
    from tracker.store.engine import Store

    if not Store(context.database).exists:
        return
    with context.open_store() as store:
        replans = preview_rules(store, new, context.instant(new.schedule.zone))
    for replan in replans:
        for notice in replan.moved:
            yield {
                **_name_notice(replan.county, "notice-moved", notice.key),
                "leaves_before": notice.before.astimezone(replan.zone),
                "leaves_after": notice.after.astimezone(replan.zone),
            }
        yield from (_name_notice(replan.county, "notice-withdrawn", key) for key in replan.withdrawn)


def _name_notice(county: str, change: str, key: NoticeKey) -> dict[str, Any]:
    return {"county": county, "change": change, "occurrence": key.subject, "step": key.step, "role": key.role}


def _load_both(*folders: Path) -> list[Loaded]:
    """The rules of both folders. Raises RuleErrors with the errors of both."""
    from tracker.rulebook.errors import RuleError, RuleErrors
    from tracker.rulebook.load import load

    loaded: list[Loaded] = []
    errors: list[RuleError] = []
    for folder in folders:
        try:
            loaded.append(load(folder, os.environ))
        except RuleErrors as failure:
            errors += failure.errors
    if errors:
        raise RuleErrors(errors)
    return loaded


def _changes(county: str, diff: Diff) -> list[dict[str, Any]]:
    rows = [
        {"change": "created", "occurrence": occurrence.key, "due_on_after": occurrence.due_on}
        for occurrence in diff.created
    ]
    for change in diff.moved:
        days = {"due_on_before": change.old.due_on, "due_on_after": change.new.due_on}
        rows.append({"change": "/".join(change.what), "occurrence": change.new.key, **days})
    rows += [
        {"change": "closed", "occurrence": occurrence.key, "due_on_before": occurrence.due_on}
        for occurrence in diff.closed
    ]
    return [{"county": county, **row} for row in rows]


@command("migrate")
def migrate_database(args: Namespace, context: CommandContext) -> int:
    """Bring the database to this version, and say what differs from its tables (exit status 1)."""
    from tracker.store.migrations import HEAD
    from tracker.store.migrations.differences import describe_differences

    with context.open_store(create=True) as store, store.read() as tx:
        differences = describe_differences(tx)
        for difference in differences:
            print(tr(difference))
        if not differences:
            say("{name}: revision {head}, all tables as this version has them", name=store.name, head=HEAD)
    return int(bool(differences))


@command("doctor", rows=True, all_counties=True)
@option("--offline", action="store_true", help="leave out mail server and sites")
@option("--daemon", action="store_true", help="only whether a daemon is at work here (exit status 1: none is)")
@now_option(help="as if it were then")
def check_installation(args: Namespace, context: CommandContext) -> int:
    if args.daemon:
        return _check_daemon(args, context)
    from tracker.daemon.doctor import run_checks

    loaded = context.loaded
    now = context.instant(loaded.schedule.zone)
    lines = asyncio.run(run_checks(loaded, context.folder, context.database, now, offline=args.offline))
    emit(CHECKS, [dict(zip(CHECKS, line, strict=True)) for line in lines], args.format)
    return int(any(state == "wrong" for _, state, _ in lines))


def _check_daemon(args: Namespace, context: CommandContext) -> int:
    """What a container's health check asks: it reads no rules and one row."""
    from tracker.clock import system_clock
    from tracker.daemon.doctor_database import describe_daemon

    with context.open_store() as store, store.read() as tx:
        line = describe_daemon(tx, system_clock())
    emit(CHECKS, [dict(zip(CHECKS, line, strict=True))], args.format)
    return int(line[1] != "ok")

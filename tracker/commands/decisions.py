"""Commands that record and list what people decide: `duban extend`, `waive`, `not-applicable`, `postpone`, `object`,
`decision`, `reading`."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from typing import Any

from tracker.commands.context import CommandContext, DepartmentName, UsageError
from tracker.commands.filings import proof_of, proof_options
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import (
    OCCURRENCE,
    OPTIONAL_OCCURRENCE,
    PART,
    SEEN,
    Option,
    command,
    day,
    exclusive,
    now_option,
    number,
    option,
    options,
    person,
)
from tracker.commands.recording import record, record_decision, records, ruling_of
from tracker.core.values.facts import Ruling
from tracker.core.values.message import Message
from tracker.core.verdict.adoption import assumed_readings, reading_subject
from tracker.core.verdict.ruling_states import RulingState, ruling_states
from tracker.registers.adoptions import load_adoptions, record_adoption
from tracker.registers.checks import complete_key
from tracker.registers.decisions import build_duty_subject
from tracker.registers.errors import Registered
from tracker.registers.objections import file_objection
from tracker.store.engine import Tx
from tracker.store.filings import add_filed_file
from tracker.store.rulings import list_all_rulings

COLUMNS = (
    "id", "at", "kind", "subject", "part", "by", "asked_by", "ground", "basis", "until", "reason", "target", "state",
)  # fmt: skip
TABLE = ("id", "at", "kind", "subject", "by", "until", "reason", "state")
READINGS = ("pack", "reading", "adopted", "by", "at", "reason")


def _ruling(text: str) -> str:
    """argparse type: a ruling by its number, as other rulings name it."""
    return f"ruling:{number(text)}"


def _approval(*, asker: bool) -> Option:
    """Who asked, who approved it and why; `asker`: --asked-by is required."""
    asked_by = option("--asked-by", required=asker, default="", metavar="WHO", help="who asked: another person")
    return options(asked_by, SEEN, person("why"))


def _exemption(basis: str, *, required: bool = True) -> Option:
    """What an exemption rests on and how far it goes."""
    return options(
        option("--basis", required=required, default="", metavar="TEXT", help=basis),
        option("--until", type=day, metavar="DAY", help="the last day it holds; then it is owed again"),
        PART,
    )


RULING = option("target", type=_ruling, metavar="ID")


@records("extend")
@OCCURRENCE
@person("the basis")
def extend(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Ruling]:
    return record_decision(context, tx, "extend", args.occurrence)


@records("waive")
@OCCURRENCE
@option(
    "--ground", required=True, metavar="G",
    help="a ground of the acts in force today, as rules/acts.yaml names it (secret or 国家秘密); or "
    "not-applicable 不适用, no-such-business 无此项业务",
)  # fmt: skip
@_approval(asker=True)
@_exemption("the article it rests on (default: that of the ground)", required=False)
def waive(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Ruling]:
    return record_decision(context, tx, "waive", args.occurrence)


@command("not-applicable")
@OPTIONAL_OCCURRENCE
@option("--duty", default="", metavar="ID", help="the duty as a whole, what is owed later with it")
@option("--department", type=DepartmentName, default="", metavar="ID", help="of that department")
@_approval(asker=False)
@_exemption("what it rests on")
def declare_not_applicable(args: Namespace, context: CommandContext) -> None:
    if bool(args.occurrence) == bool(args.duty or args.department) or bool(args.duty) != bool(args.department):
        raise UsageError("name one OCCURRENCE, or --duty and --department for the duty as a whole")

    def act(tx: Tx) -> Registered[Ruling]:
        subject = args.occurrence or build_duty_subject(context.rulebook, args.duty, args.department)
        return record_decision(context, tx, "not-applicable", subject)

    record(context, act)


@records("postpone")
@OCCURRENCE
@option("--to", dest="until", required=True, type=day, metavar="DAY", help="the new last day on time")
@_approval(asker=True)
def postpone(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Ruling]:
    return record_decision(context, tx, "postpone", args.occurrence)


# -- objections ------------------------------------------------------------------------------------


@command("object file")
@option("occurrence", metavar="OCCURRENCE", help="or circular:NAME/OCCURRENCE")
@proof_options()
@person("the grounds")
def object_to(args: Namespace, context: CommandContext) -> None:
    """Object to an overdue, or to a circular's line."""
    proof = proof_of(args, context)

    def act(tx: Tx) -> Registered[Ruling]:
        ruling = ruling_of(context, "object", args.occurrence, target=proof.proof)
        window = context.loaded.schedule.objections
        done = file_objection(tx, context.rulebook, context.loaded.calendar, ruling, window=window)
        if file := proof.file(context.now):
            add_filed_file(tx, context.county.id, file)
        proof.keep()
        return done

    record(context, act)


@command("object list", rows=True)
@option("--all", action="store_true", help="with those that were answered or withdrawn")
@now_option(help="as it stands at that instant")
def show_objections(args: Namespace, context: CommandContext) -> None:
    """List the objections that wait for an answer."""
    if not _print_rulings(context, "", lambda ruling, state: ruling.kind == "object" and (args.all or state.open)):
        say("nothing waits for an answer")


@records("object decide")
@RULING
@exclusive(
    option(
        "--upheld",
        dest="kind",
        action="store_const",
        const="uphold",
        help="it is not held against the department",
    ),
    option("--dismissed", dest="kind", action="store_const", const="dismiss", help="it stays as it is"),
    required=True,
)
@person("why")
def answer_objection(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Ruling]:
    """Answer an objection."""
    return record_decision(context, tx, args.kind)


# -- all decisions ---------------------------------------------------------------------------------


@command("decision list", rows=True)
@OPTIONAL_OCCURRENCE
@option("--all", action="store_true", help="with what no longer holds")
@now_option(help="as it stands at that instant")
def show_decisions(args: Namespace, context: CommandContext) -> None:
    """List what people decided, newest first."""
    if not _print_rulings(context, args.occurrence, lambda ruling, state: args.all or state.holds):
        say("nothing was decided")


def _print_rulings(context: CommandContext, occurrence: str, is_meant: Callable[[Ruling, RulingState], bool]) -> bool:
    """Print the rulings about the occurrence, or all of them, that are meant, newest first; whether there were any."""
    with context.read() as tx:
        subject = occurrence and complete_key(tx, context.rulebook, occurrence)
        rulings = list_all_rulings(tx, context.county.id)
    states = ruling_states(rulings, context.now, context.zone)
    rows = [
        row_of(ruling, COLUMNS, {
            "subject": ruling.occurrence,
            "at": ruling.recorded_at.astimezone(context.zone),
            "state": states[ruling.id].words,
        })
        for ruling in reversed(rulings)
        if subject in ("", ruling.occurrence) and is_meant(ruling, states[ruling.id])
    ]  # fmt: skip
    emit(COLUMNS, rows, context.args.format, table=TABLE)
    return bool(rows)


@records("decision revoke")
@RULING
@person("why")
def revoke(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Ruling]:
    """Take a decision back; it stays on record."""
    return record_decision(context, tx, "revoke")


# -- readings --------------------------------------------------------------------------------------

ADOPTED = options(
    option("pack", metavar="PACK"),
    option("readings", nargs="+", metavar="READING"),
    person("the document or meeting it rests on"),
)


@records("reading adopt")
@ADOPTED
def adopt_readings(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Any]:
    """Make the assumed numbers of a reading the county's own."""
    return _adopt(args, context, tx, "adopt")


@records("reading unadopt")
@ADOPTED
def unadopt_readings(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Any]:
    """Take an adoption back."""
    return _adopt(args, context, tx, "unadopt")


def _adopt(args: Namespace, context: CommandContext, tx: Tx, kind: str) -> Registered[Any]:
    rulings = [ruling_of(context, kind, reading_subject(args.pack, name)) for name in args.readings]
    done = [record_adoption(tx, context.loaded, context.rulebook, ruling) for ruling in rulings]
    return Registered(None, any(each.changed for each in done), Message.lines(each.message for each in done))


@command("reading list", rows=True)
def show_readings(args: Namespace, context: CommandContext) -> None:
    """List the readings with an assumed number."""
    with context.read() as tx:
        acts = load_adoptions(tx, context.rulebook)
    rows = []
    for (pack, name), is_by_file in sorted(assumed_readings(context.rulebook).items()):
        act = None if is_by_file else acts.get((pack, name))
        how = Message("by the county's file" if is_by_file else "by an act" if act else "no")
        who = {"by": act.by, "at": act.at, "reason": act.reason} if act else {}
        rows.append({"pack": pack, "reading": name, "adopted": how, **who})
    emit(READINGS, rows, args.format)

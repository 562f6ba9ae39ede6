"""`duban extend | waive | not-applicable | postpone | object | decision`: what people decide, and take back."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime
from typing import Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import add, group
from tracker.commands.proofs import proof_of, proof_options
from tracker.commands.recording import decision, do, occurrence, person, ruling_of, seen_option
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Ruling
from tracker.core.verdict.ruling_states import ruling_states
from tracker.registers.checks import whole_key
from tracker.registers.decisions import decide
from tracker.registers.errors import Registered
from tracker.registers.exemptions import whole_duty
from tracker.registers.objections import file_objection
from tracker.store.engine import Tx
from tracker.store.papers import add_filed_file, all_rulings

DECISION = (
    "id", "at", "kind", "subject", "part", "by", "asked_by", "ground", "basis", "until", "reason", "target", "state",
)  # fmt: skip
SHOWN = ("id", "at", "kind", "subject", "by", "until", "reason", "state")


def register(commands: Any) -> None:
    extend = decision(commands, "extend", "extend")
    occurrence(extend)
    person(extend, reason="the basis")
    waive = decision(commands, "waive", "waive")
    occurrence(waive)
    waive.add_argument(
        "--ground", required=True, metavar="G",
        help="secret 国家秘密, commercial-secret 商业秘密, privacy 个人隐私, not-applicable 不适用, "
        "no-such-business 无此项业务",
    )  # fmt: skip
    _approved(waive, asker=True)
    _exempted(waive, "the article it rests on")
    lacking = decision(commands, "not-applicable", "not-applicable", handler=_not_applicable)
    lacking.add_argument("occurrence", nargs="?", default="", metavar="OCCURRENCE")
    lacking.add_argument("--duty", default="", metavar="ID", help="the duty as a whole, what is owed later with it")
    lacking.add_argument("--department", default="", metavar="ID", help="of that department")
    _approved(lacking, asker=False)
    _exempted(lacking, "what it rests on")
    postpone = decision(commands, "postpone", "postpone")
    occurrence(postpone)
    postpone.add_argument(
        "--to", dest="until", required=True, type=context.day, metavar="DAY", help="the new last day on time"
    )
    _approved(postpone, asker=True)
    _objections(group(commands, "object"))
    decisions = group(commands, "decision")
    listed = add(decisions, "list", _list, "list what people decided, newest first", rows=True)
    listed.add_argument("occurrence", nargs="?", default="", metavar="OCCURRENCE")
    listed.add_argument("--all", action="store_true", help="with what no longer holds")
    listed.add_argument("--now", metavar="INSTANT", help="as it stands at that instant")
    revoke = decision(decisions, "revoke", "revoke", "take a decision back; it stays on record")
    revoke.add_argument("target", type=_ruling, metavar="ID")
    person(revoke, reason="why")


def _approved(made: argparse.ArgumentParser, *, asker: bool) -> None:
    made.add_argument("--asked-by", required=asker, default="", metavar="WHO", help="who asked: another person")
    seen_option(made)
    person(made, reason="why")


def _exempted(made: argparse.ArgumentParser, basis: str) -> None:
    made.add_argument("--basis", required=True, metavar="TEXT", help=basis)
    made.add_argument("--until", type=context.day, metavar="DAY", help="the last day it holds; then it is owed again")
    made.add_argument("--part", metavar="NAME")


def _objections(objections: Any) -> None:
    filed = decision(objections, "file", "object", "object to an overdue, or to a circular's line", _object)
    occurrence(filed, "or circular:NAME/OCCURRENCE")
    proof_options(filed)
    person(filed, reason="the grounds")
    listed = add(objections, "list", _list_open, "list the objections that wait for an answer", rows=True)
    listed.add_argument("--all", action="store_true", help="with those that were answered or withdrawn")
    listed.add_argument("--now", metavar="INSTANT", help="as it stands at that instant")
    answer = decision(objections, "decide", None, "answer an objection")
    answer.add_argument("target", type=_ruling, metavar="ID")
    verdict = answer.add_mutually_exclusive_group(required=True)
    verdict.add_argument(
        "--upheld", dest="kind", action="store_const", const="uphold", help="it is not held against the department"
    )
    verdict.add_argument("--dismissed", dest="kind", action="store_const", const="dismiss", help="it stays as it is")
    person(answer, reason="why")


def _ruling(text: str) -> str:
    """argparse type: a ruling by its number, as other rulings name it."""
    return f"ruling:{context.number(text)}"


def _not_applicable(args: argparse.Namespace) -> int:
    if bool(args.occurrence) == bool(args.duty or args.department) or bool(args.duty) != bool(args.department):
        raise UsageError("name one OCCURRENCE, or --duty and --department for the duty as a whole")

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Ruling]:
        subject = args.occurrence or whole_duty(rulebook, args.duty, args.department)
        return decide(tx, rulebook, replace(ruling_of(args, now), occurrence=subject), seen=args.seen)

    return do(args, deed)


def _object(args: argparse.Namespace) -> int:
    proof = proof_of(args)

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Ruling]:
        ruling = replace(ruling_of(args, now), target=proof.proof)
        window = args.loaded.schedule.objections
        done = file_objection(tx, rulebook, args.loaded.calendar, ruling, window=window)
        if file := proof.file(now):
            add_filed_file(tx, rulebook.county.id, file)
        proof.keep()
        return done

    return do(args, deed)


def _list_open(args: argparse.Namespace) -> int:
    args.occurrence = ""
    return _list(args, of_objections=True)


def _list(args: argparse.Namespace, *, of_objections: bool = False) -> int:
    """What people decided, the newest first: what holds, or of the objections what waits; with --all everything."""
    with context.reading(args) as (tx, rulebook):
        subject = args.occurrence and whole_key(tx, rulebook, args.occurrence)
        rulings = all_rulings(tx, rulebook.county.id)
    zone = rulebook.county.zone
    states = ruling_states(rulings, context.instant(args, zone), zone)
    rows = []
    for ruling in reversed(rulings):
        state = states[ruling.id]
        is_current = state.open if of_objections else state.holds
        is_meant = subject in ("", ruling.occurrence) and (ruling.kind == "object" or not of_objections)
        if is_meant and (args.all or is_current):
            own = {"subject": ruling.occurrence, "at": ruling.recorded_at.astimezone(zone), "state": state.words}
            rows.append(row_of(ruling, DECISION, own))
    emit(SHOWN if args.format == "table" else DECISION, rows, args.format)
    if not rows:
        say("nothing waits for an answer" if of_objections else "nothing was decided")
    return 0

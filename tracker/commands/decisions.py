"""`duban waive | not-applicable | postpone | reading | object | decision`: what people decide, and take back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.facts import do, person, seen_option
from tracker.commands.output import emit, say
from tracker.commands.parsing import add, group

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.core.law.duties import Rulebook
    from tracker.core.values.facts import Ruling
    from tracker.registers.errors import Registered
    from tracker.store.engine import Tx

DECISION = (
    "id", "at", "kind", "subject", "part", "by", "asked_by", "ground", "basis", "until", "reason", "target", "state",
)  # fmt: skip
SHOWN = ("id", "at", "kind", "subject", "by", "until", "reason", "state")
READING = ("pack", "reading", "adopted", "by", "at", "reason")


def register(commands: Any) -> None:
    _exemptions(commands)
    _readings(group(commands, "reading", "adopt assumed numbers as the county's own"))
    _objections(group(commands, "object", "file and decide objections (申诉)"))
    decisions = group(commands, "decision", "list what was decided, and take it back")
    listed = add(decisions, "list", _decision_list, "list what people decided, newest first", rows=True)
    listed.add_argument("occurrence", nargs="?", default="", metavar="OCCURRENCE")
    listed.add_argument("--all", action="store_true", help="with what no longer holds")
    listed.add_argument("--now", metavar="INSTANT", help="as it stands at that instant")
    revoked = add(decisions, "revoke", _revoke, "take a decision back; it stays on record")
    revoked.add_argument("id", type=context.number, metavar="ID")
    person(revoked, reason="why")


def _exemptions(commands: Any) -> None:
    waive = add(commands, "waive", _waive, "exempt one occurrence on a ground that the law knows")
    waive.add_argument("occurrence", metavar="OCCURRENCE")
    waive.add_argument(
        "--ground", required=True, metavar="G",
        help="secret 国家秘密, commercial-secret 商业秘密, privacy 个人隐私, not-applicable 不适用, "
        "no-such-business 无此项业务",
    )  # fmt: skip
    _approved(waive, asker=True)
    waive.add_argument("--basis", required=True, metavar="TEXT", help="the article it rests on")
    waive.add_argument("--until", type=context.day, metavar="DAY", help="the last day it holds; then it is owed again")
    waive.add_argument("--part", metavar="NAME")
    ours = add(commands, "not-applicable", _not_applicable, "say that an occurrence, or a duty, does not apply")
    ours.add_argument("occurrence", nargs="?", default="", metavar="OCCURRENCE")
    ours.add_argument("--duty", default="", metavar="ID", help="the duty as a whole, what is owed later with it")
    ours.add_argument("--department", default="", metavar="ID", help="of that department")
    _approved(ours, asker=False)
    ours.add_argument("--basis", required=True, metavar="TEXT", help="what it rests on")
    ours.add_argument("--until", type=context.day, metavar="DAY", help="the last day it holds; then it is owed again")
    ours.add_argument("--part", metavar="NAME")
    later = add(commands, "postpone", _postpone, "move a due date to a later day")
    later.add_argument("occurrence", metavar="OCCURRENCE")
    later.add_argument("--to", required=True, type=context.day, metavar="DAY", help="the new last day on time")
    _approved(later, asker=True)


def _approved(made: argparse.ArgumentParser, *, asker: bool) -> None:
    made.add_argument("--asked-by", required=asker, default="", metavar="WHO", help="who asked: another person")
    seen_option(made)
    person(made, reason="why")


def _waive(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.exemptions import waive

        return waive(
            tx, rulebook, occurrence=args.occurrence, ground=args.ground, basis=args.basis, by=args.by,
            asked_by=args.asked_by, reason=args.reason, now=now, until=args.until, part=args.part, seen=args.seen,
        )  # fmt: skip

    return do(args, deed)


def _not_applicable(args: argparse.Namespace) -> int:
    if bool(args.occurrence) == bool(args.duty or args.department) or bool(args.duty) != bool(args.department):
        raise UsageError("name one OCCURRENCE, or --duty and --department for the duty as a whole")

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.exemptions import not_applicable, whole_duty

        return not_applicable(
            tx, rulebook, occurrence=args.occurrence or whole_duty(rulebook, args.duty, args.department),
            basis=args.basis, by=args.by, asked_by=args.asked_by, reason=args.reason, now=now, until=args.until,
            part=args.part, seen=args.seen,
        )  # fmt: skip

    return do(args, deed)


def _postpone(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.exemptions import postpone

        return postpone(
            tx, rulebook, occurrence=args.occurrence, to=args.to, by=args.by, asked_by=args.asked_by,
            reason=args.reason, now=now, seen=args.seen,
        )  # fmt: skip

    return do(args, deed)


def _revoke(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.exemptions import revoke

        return revoke(tx, rulebook, number=args.id, by=args.by, reason=args.reason, now=now)

    return do(args, deed)


# -- readings ------------------------------------------------------------------------------------


def _readings(readings: Any) -> None:
    for name, handler, help in (
        ("adopt", _adopt, "make the assumed numbers of a reading the county's own"),
        ("unadopt", _unadopt, "take an adoption back"),
    ):
        made = add(readings, name, handler, help)
        made.add_argument("pack", metavar="PACK")
        made.add_argument("readings", nargs="+", metavar="READING")
        person(made, reason="the document or meeting it rests on")
    add(readings, "list", _reading_list, "list the readings with an assumed number", rows=True)


def _adopt(args: argparse.Namespace, *, back: bool = False) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.adoptions import adopt, unadopt
        from tracker.registers.errors import Registered

        done = [
            (unadopt if back else adopt)(
                tx, args.loaded, rulebook, pack=args.pack, reading=one, by=args.by, reason=args.reason, now=now
            )
            for one in args.readings
        ]
        return Registered(None, any(one.changed for one in done), "\n".join(one.message for one in done))

    return do(args, deed)


def _unadopt(args: argparse.Namespace) -> int:
    return _adopt(args, back=True)


def _reading_list(args: argparse.Namespace) -> int:
    from tracker.core.verdict.adoption import assumed_readings
    from tracker.registers.adoptions import adoptions

    rulebook = context.pick(context.load(args), args)
    with context.opened(args, create=False) as store, store.read() as tx:
        acts = adoptions(tx, rulebook)
    rows = []
    for (pack, name), by_file in sorted(assumed_readings(rulebook).items()):
        act = acts.get((pack, name))
        said = {"by": act.by, "at": act.at, "reason": act.reason} if act and not by_file else {}
        how = "by the county's file" if by_file else "by an act" if act else "no"
        rows.append({"by": None, "at": None, "reason": None, "pack": pack, "reading": name, "adopted": how} | said)
    emit(READING, rows, args.format)
    return 0


# -- objections ----------------------------------------------------------------------------------


def _objections(objections: Any) -> None:
    filed = add(objections, "file", _object, "object to an overdue, or to a circular's line")
    filed.add_argument("occurrence", metavar="OCCURRENCE", help="or circular:NAME/OCCURRENCE")
    proof = filed.add_mutually_exclusive_group(required=True)
    proof.add_argument("--link", metavar="URL")
    proof.add_argument("--file", type=Path, metavar="FILE")
    proof.add_argument("--statement", metavar="TEXT")
    person(filed, reason="the grounds")
    listed = add(objections, "list", _object_list, "list the objections that wait for an answer", rows=True)
    listed.add_argument("--all", action="store_true", help="with those that were answered or withdrawn")
    listed.add_argument("--now", metavar="INSTANT", help="as it stands at that instant")
    answer = add(objections, "decide", _object_decide, "answer an objection")
    answer.add_argument("id", type=context.number, metavar="ID")
    verdict = answer.add_mutually_exclusive_group(required=True)
    verdict.add_argument("--upheld", action="store_true", help="it is not held against the department")
    verdict.add_argument("--dismissed", action="store_true", help="it stays as it is")
    person(answer, reason="why")


def _object(args: argparse.Namespace) -> int:
    from tracker.commands.filings import filed_files, proof_of

    loaded = context.load(args)
    proof = proof_of(args, loaded)
    files = filed_files(args, loaded, context.pick(loaded, args))

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.objections import file_objection
        from tracker.store.papers import add_filed_file

        done = file_objection(
            tx, rulebook, args.loaded.calendar, subject=args.occurrence, proof=proof.proof, by=args.by,
            reason=args.reason, now=now, window=args.loaded.schedule.objections,
        )  # fmt: skip
        if proof.content:  # on the disk before what names it
            add_filed_file(tx, rulebook.county.id, proof.digest, proof.kind, len(proof.content), now)
            files.keep(proof.content)
        return done

    return do(args, deed)


def _object_decide(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.objections import decide_objection

        return decide_objection(
            tx, rulebook, number=args.id, upheld=args.upheld, by=args.by, reason=args.reason, now=now
        )

    return do(args, deed)


def _object_list(args: argparse.Namespace) -> int:
    return _list(args, ("object",), "nothing waits for an answer")


def _decision_list(args: argparse.Namespace) -> int:
    return _list(args, None, "nothing was decided")


def _list(args: argparse.Namespace, kinds: tuple[str, ...] | None, none: str) -> int:
    from tracker.core.verdict.ruling_states import ruling_states
    from tracker.registers.checks import whole_key
    from tracker.store.papers import all_rulings

    rulebook = context.pick(context.load(args), args)
    now, zone = context.instant(args, rulebook.county.zone), rulebook.county.zone
    with context.opened(args, create=False) as store, store.read() as tx:
        subject = getattr(args, "occurrence", "") and whole_key(tx, rulebook, args.occurrence)
        known = all_rulings(tx, rulebook.county.id)
    found = ruling_states(known, now, zone)
    rows = []
    for one in reversed(known):
        state = found[one.id]
        wanted = state.holds and (kinds is None or state.open)
        if (kinds is None or one.kind in kinds) and subject in ("", one.occurrence) and (args.all or wanted):
            rows.append(_row(one, state.words) | {"at": one.recorded_at.astimezone(zone)})
    emit(SHOWN if args.format == "table" else DECISION, rows, args.format)
    if not rows:
        say(none)
    return 0


def _row(one: Ruling, state: str) -> dict[str, Any]:
    named = ("id", "kind", "part", "by", "asked_by", "ground", "basis", "until", "reason", "target")
    return {name: getattr(one, name) for name in named} | {"subject": one.occurrence, "state": state}

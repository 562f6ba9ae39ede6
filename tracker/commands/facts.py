"""What people tell the system: events, proof filed, decisions about one occurrence."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.commands import context, decide
from tracker.commands.errors import UsageError
from tracker.commands.exporting import register as register_export
from tracker.commands.output import emit
from tracker.commands.parsing import add, group

if TYPE_CHECKING:
    from tracker.core.duties import Rulebook
    from tracker.registers.errors import Registered
    from tracker.store.engine import Tx

Deed = Callable[["Tx", "Rulebook", datetime], Awaitable["Registered[Any]"]]
EVENT = ("name", "department", "duty", "reference", "occurred", "fields", "recorded_at", "by", "withdrawn_at")


def register(commands: Any) -> None:
    events = group(commands, "event", "record and list the dated facts that start clocks")
    made = add(events, "add", _event_add, "record an event; the same again changes nothing")
    made.add_argument("name", metavar="NAME")
    made.add_argument("--department", required=True, metavar="ID")
    made.add_argument("--on", required=True, metavar="DAY[THH:MM]", help="when it happened, by legal time")
    made.add_argument("--duty", metavar="ID", help="which duty, for events that are recorded per duty")
    made.add_argument("--reference", metavar="R", help="tells it from others (default: its day); no / . : or spaces")
    made.add_argument("--field", action="append", default=[], metavar="K=V", help="a field of the event (repeatable)")
    made.add_argument("--correct", action="store_true", help="replace what is on record under this reference")
    person(made, reason="why it is corrected", required=False)
    withdraw = add(events, "withdraw", _event_withdraw, "take an event back: it never happened")
    withdraw.add_argument("name", metavar="NAME")
    withdraw.add_argument("--department", required=True, metavar="ID")
    withdraw.add_argument("--reference", required=True, metavar="R")
    withdraw.add_argument("--duty", metavar="ID")
    person(withdraw, reason="why")
    listed = add(events, "list", _event_list, "list the events on record", rows=True)
    listed.add_argument("--name", metavar="NAME")
    listed.add_argument("--department", metavar="ID")
    _papers(commands)
    _rulings(commands)


def _papers(commands: Any) -> None:
    attest = add(commands, "attest", _attest, "file a proof that no crawl can find; it counts once accepted")
    attest.add_argument("occurrence", metavar="OCCURRENCE")
    proof = attest.add_mutually_exclusive_group(required=True)
    proof.add_argument("--link", metavar="URL")
    proof.add_argument("--file", type=Path, metavar="FILE")
    proof.add_argument("--statement", metavar="TEXT")
    attest.add_argument("--part", metavar="NAME")
    attest.add_argument("--on", metavar="DAY[THH:MM]", help="when it was done (default: now)")
    person(attest)
    for name, handler, help in (
        ("zero-report", _zero_report, "report that nothing arose in a period"),
        ("upkeep", _upkeep, "report that what is kept current is still right"),
    ):
        filed = add(commands, name, handler, help)
        filed.add_argument("occurrence", metavar="OCCURRENCE")
        filed.add_argument("--statement", default="", metavar="TEXT")
        person(filed)


def _rulings(commands: Any) -> None:
    for name, help in (
        ("extend", "grant the extension that the rule allows, once"),
        ("waive", "exempt one occurrence, with its legal basis as the reason"),
        ("not-applicable", "say that a duty cannot apply to the department"),
    ):
        ruled = add(commands, name, _ruling(name), help)
        ruled.add_argument("occurrence", metavar="OCCURRENCE")
        person(ruled, reason="the basis")
    evidence = group(commands, "evidence", "decide what counts; a person beats every pattern")
    decide.register(evidence)
    register_export(evidence)
    for name, help in (("accept", "let a proof count"), ("reject", "let a proof not count")):
        ruled = add(evidence, name, _ruling(name), help)
        ruled.add_argument("occurrence", metavar="OCCURRENCE")
        ruled.add_argument("target", metavar="URL|FILE|ATTESTATION", help="what is meant, as `duban explain` names it")
        ruled.add_argument("--part", metavar="NAME")
        if name == "accept":
            ruled.add_argument("--as-seen", action="store_true", help="counts from its first sighting")
        person(ruled, reason="why")


def person(made: argparse.ArgumentParser, reason: str = "", *, required: bool = True) -> None:
    """Who says so, when, and where `reason` is given, why."""
    made.add_argument("--by", required=required, default="", metavar="WHO", help="the person who says so")
    made.add_argument("--now", metavar="INSTANT", help="as if it were entered then (for trials; default: now)")
    if reason:
        made.add_argument("--reason", required=required, default="", metavar="TEXT", help=reason)


def do(args: argparse.Namespace, deed: Deed) -> int:
    """Run one deed in one transaction and say what stands now."""

    async def work() -> int:
        rulebook = context.pick(context.load(args), args)
        now = context.instant(args, rulebook.county.zone)
        from tracker.registers.checks import whole_key
        from tracker.store.counties import ensure_county

        async with context.opened(args) as store, store.begin() as tx:
            await ensure_county(tx, rulebook.county.id)
            if getattr(args, "occurrence", ""):
                args.occurrence = await whole_key(tx, rulebook, args.occurrence)
            done = await deed(tx, rulebook, now)
        print(done.message)
        return 0

    return context.run(work())


def _event_add(args: argparse.Namespace) -> int:
    async def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.events import record_event

        return await record_event(
            tx,
            rulebook,
            name=args.name,
            department=args.department,
            occurred=context.moment(args.on, rulebook.county.zone, "--on"),
            by=args.by or context.operator(),
            now=now,
            reference=args.reference,
            duty=args.duty,
            fields=dict(_pair(one) for one in args.field),
            correct=args.correct,
            reason=args.reason,
        )

    return do(args, deed)


def _event_withdraw(args: argparse.Namespace) -> int:
    async def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.events import withdraw_event

        return await withdraw_event(
            tx,
            rulebook,
            name=args.name,
            department=args.department,
            reference=args.reference,
            duty=args.duty,
            by=args.by,
            reason=args.reason,
            now=now,
        )

    return do(args, deed)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise UsageError(f"--field {text!r}: write KEY=VALUE, like year=2015")
    return key, value


def _event_list(args: argparse.Namespace) -> int:
    async def work() -> int:
        from tracker.store.events import list_events

        rulebook = context.pick(context.load(args), args)
        county = rulebook.county
        context.one_of("--department", args.department, county.departments)
        context.one_of("--name", args.name, rulebook.events)
        async with context.opened(args, create=False) as store, store.read() as tx:
            found = await list_events(tx, county.id, name=args.name, department=args.department, withdrawn=True)
        rows = [
            {
                "name": one.event.name,
                "department": one.event.department,
                "duty": one.event.duty,
                "reference": one.event.reference,
                "occurred": one.event.occurred,
                "fields": " ".join(f"{key}={value}" for key, value in one.event.fields.items()),
                "recorded_at": one.event.recorded_at.astimezone(county.zone),
                "by": one.event.by,
                "withdrawn_at": one.withdrawn_at.astimezone(county.zone) if one.withdrawn_at else None,
            }
            for one in found
        ]
        emit(EVENT, rows, args.format)
        return 0

    return context.run(work())


def _attest(args: argparse.Namespace) -> int:
    async def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.filings import file_attestation

        form, proof = _proof(args)
        claimed = context.moment(args.on, rulebook.county.zone, "--on") if args.on else None
        return await file_attestation(
            tx, rulebook, occurrence=args.occurrence, form=form, proof=proof, by=args.by, now=now,
            part=args.part, claimed=claimed,
        )  # fmt: skip

    return do(args, deed)


def _proof(args: argparse.Namespace) -> tuple[Any, str]:
    from tracker.registers.filings import file_proof

    if args.link:
        return "link", args.link
    if args.statement:
        return "statement", args.statement
    try:
        return "file", file_proof(args.file.name, args.file.read_bytes())
    except OSError as error:
        raise UsageError(f"--file {args.file}: {error.strerror}") from None


def _zero_report(args: argparse.Namespace) -> int:
    async def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.filings import file_zero_report

        return await file_zero_report(
            tx, rulebook, occurrence=args.occurrence, by=args.by, now=now, statement=args.statement
        )

    return do(args, deed)


def _upkeep(args: argparse.Namespace) -> int:
    async def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.filings import file_upkeep

        return await file_upkeep(
            tx, rulebook, occurrence=args.occurrence, by=args.by, now=now, statement=args.statement
        )

    return do(args, deed)


def _ruling(kind: Any) -> Callable[[argparse.Namespace], int]:
    def handler(args: argparse.Namespace) -> int:
        async def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
            from tracker.registers.rulings import rule

            return await rule(
                tx,
                rulebook,
                kind=kind,
                occurrence=args.occurrence,
                by=args.by,
                reason=args.reason,
                now=now,
                target=getattr(args, "target", ""),
                part=getattr(args, "part", None),
                as_seen=getattr(args, "as_seen", False),
            )

        return do(args, deed)

    return handler

"""What people tell the system: proof filed, decisions about one occurrence."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.commands import context, decide
from tracker.commands.errors import UsageError
from tracker.commands.exporting import register as register_export
from tracker.commands.parsing import add, group

if TYPE_CHECKING:
    from tracker.core.duties import Rulebook
    from tracker.registers.errors import Registered
    from tracker.store.engine import Tx

Deed = Callable[["Tx", "Rulebook", datetime], Awaitable["Registered[Any]"]]


def register(commands: Any) -> None:
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

"""`duban attest`, `zero-report`, `upkeep`: what people file to prove a duty."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.facts import do, person
from tracker.commands.parsing import add

if TYPE_CHECKING:
    from tracker.core.duties import Rulebook
    from tracker.registers.errors import Registered
    from tracker.store.engine import Tx


def register(commands: Any) -> None:
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

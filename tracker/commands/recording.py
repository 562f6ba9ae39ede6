"""How a command records what a person enters: who says so, when and why; one transaction; what stands now."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from tracker.commands import context
from tracker.commands.parsing import Handler, add
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Ruling
from tracker.decide.run import judge_new_facts
from tracker.registers.checks import whole_key
from tracker.registers.decisions import decide
from tracker.registers.errors import Registered
from tracker.registers.filings import find_waiting
from tracker.store.counties import ensure_county, lock_county
from tracker.store.engine import Tx
from tracker.store.occurrences import OccurrenceRow
from tracker.store.papers import count_rulings

#: So many occurrences are named one by one after a command.
_NAMED = 12
Deed = Callable[[Tx, Rulebook, datetime], Registered[Any]]


# -- options -------------------------------------------------------------------------------------


def person(made: argparse.ArgumentParser, reason: str = "", *, required: bool = True) -> None:
    """Who says so, when, and where `reason` is given, why."""
    made.add_argument("--by", required=required, default="", metavar="WHO", help="the person who says so")
    made.add_argument("--now", metavar="INSTANT", help="as if it were entered then (for trials; default: now)")
    if reason:
        made.add_argument("--reason", required=required, default="", metavar="TEXT", help=reason)


def occurrence(made: argparse.ArgumentParser, help: str | None = None) -> None:
    made.add_argument("occurrence", metavar="OCCURRENCE", help=help)


def seen_option(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--seen", type=context.number, metavar="N", help="how many decisions about it you know (duban explain)"
    )


def decision(
    commands: Any, name: str, kind: str | None = None, help: str = "", handler: Handler | None = None
) -> argparse.ArgumentParser:
    """Add a command that records a ruling. Its options are named as the fields of the ruling that they fill."""
    made = add(commands, name, handler or _decide, help)
    made.set_defaults(
        kind=kind, occurrence="", target="", part=None, as_seen=False, ground="", basis="", until=None, asked_by="",
        seen=None,
    )  # fmt: skip
    return made


def ruling_of(args: argparse.Namespace, now: datetime) -> Ruling:
    """The ruling that the options of a decision say."""
    return Ruling(
        0, args.kind, args.occurrence, now, args.by, args.reason, target=args.target, part=args.part,
        as_seen=args.as_seen, ground=args.ground, basis=args.basis, until=args.until, asked_by=args.asked_by,
    )  # fmt: skip


# -- what is done --------------------------------------------------------------------------------


def _decide(args: argparse.Namespace) -> int:
    return do(args, lambda tx, rulebook, now: decide(tx, rulebook, ruling_of(args, now), seen=args.seen))


def weigh(args: argparse.Namespace) -> int:
    """Accept or reject a proof: the target, or the filing of that number. Who says nothing of --seen knows every
    ruling that there is when the command is given."""
    filing = getattr(args, "number", None)
    seen = args.seen if args.seen is not None else _count_decisions(args, filing)

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Ruling]:
        if filing is not None:
            filed = find_waiting(tx, rulebook, filing)
            args.occurrence, args.target = filed.occurrence, f"{filed.kind}:{filed.id}"
        return decide(tx, rulebook, ruling_of(args, now), seen=seen)

    return do(args, deed)


def _count_decisions(args: argparse.Namespace, filing: int | None) -> int:
    rulebook = context.pick(context.load(args), args)
    with context.opened(args) as store, store.read() as tx:
        if filing is None:
            subject = whole_key(tx, rulebook, args.occurrence)
        else:
            subject = find_waiting(tx, rulebook, filing).occurrence
        return count_rulings(tx, rulebook.county.id, subject)


def do(args: argparse.Namespace, deed: Deed, *, judged: bool = True) -> int:
    """Run one deed in one transaction, judge in it what the deed bears on, and say what stands now.

    `judged` False: it changes no status.
    """
    loaded = context.load(args)
    rulebook, args.loaded = context.pick(loaded, args), loaded
    now = context.instant(args, rulebook.county.zone)
    with context.opened(args) as store, store.begin() as tx:
        ensure_county(tx, rulebook.county.id)
        since = lock_county(tx, rulebook.county.id).seq
        if getattr(args, "occurrence", ""):
            args.occurrence = whole_key(tx, rulebook, args.occurrence)
        done = deed(tx, rulebook, now)
        about = getattr(args, "occurrence", "")
        rows = judge_new_facts(tx, loaded, rulebook, since, now, about) if judged and done.changed else {}
    print(done.message)
    for line in _stands(rows):
        print(line)
    return 0


def _stands(rows: Mapping[str, OccurrenceRow]) -> Iterator[str]:
    """What became of the occurrences that are other ones now, in the order of their keys."""
    for key, row in sorted(rows.items())[:_NAMED]:
        yield f"  {key}: {row.status.value} ({row.light.value})  {row.reason}"
    if len(rows) > _NAMED:
        yield f"  and {len(rows) - _NAMED} more (duban status)"

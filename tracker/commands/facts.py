"""What people decide about one occurrence, and how a deed of theirs is done."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tracker.commands import context, decide
from tracker.commands.exporting import register as register_export
from tracker.commands.parsing import add, group

if TYPE_CHECKING:
    from tracker.core.law.duties import Rulebook
    from tracker.registers.errors import Registered
    from tracker.store.engine import Tx
    from tracker.store.occurrences import OccurrenceRow

#: So many occurrences are named one by one after a deed.
_SHOWN = 12
Deed = Callable[["Tx", "Rulebook", datetime], "Registered[Any]"]


def register(commands: Any) -> None:
    _rulings(commands)


def _rulings(commands: Any) -> None:
    extend = add(commands, "extend", _ruling("extend"), "grant the extension that the rule allows, once")
    extend.add_argument("occurrence", metavar="OCCURRENCE")
    person(extend, reason="the basis")
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
        seen_option(ruled)
        person(ruled, reason="why")


def person(made: argparse.ArgumentParser, reason: str = "", *, required: bool = True) -> None:
    """Who says so, when, and where `reason` is given, why."""
    made.add_argument("--by", required=required, default="", metavar="WHO", help="the person who says so")
    made.add_argument("--now", metavar="INSTANT", help="as if it were entered then (for trials; default: now)")
    if reason:
        made.add_argument("--reason", required=required, default="", metavar="TEXT", help=reason)


def seen_option(made: argparse.ArgumentParser) -> None:
    """How many decisions about it the person knows: made is nothing where there are more."""
    made.add_argument(
        "--seen", type=context.number, metavar="N", help="how many decisions about it you know (duban explain)"
    )


def known_decisions(args: argparse.Namespace, filing: int | None = None) -> int | None:
    """How many decisions a person knows who decides what counts: those named, or all as the command is given.

    `filing`: it is about the occurrence of this one. None where there is nothing to know yet.
    """
    if args.seen is not None:
        return int(args.seen)

    from tracker.registers.checks import whole_key
    from tracker.registers.filings import find_waiting
    from tracker.store.papers import count_rulings

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
    from tracker.decide.run import judge_new_facts
    from tracker.registers.checks import whole_key
    from tracker.store.counties import ensure_county, lock_county

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
    for key, row in sorted(rows.items())[:_SHOWN]:
        yield f"  {key}: {row.status.value} ({row.light.value})  {row.reason}"
    if len(rows) > _SHOWN:
        yield f"  and {len(rows) - _SHOWN} more (duban status)"


def _ruling(kind: Any) -> Callable[[argparse.Namespace], int]:
    def handler(args: argparse.Namespace) -> int:
        seen = None if kind == "extend" else known_decisions(args)

        def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
            from tracker.registers.rulings import rule

            return rule(
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
                seen=seen,
            )

        return do(args, deed)

    return handler

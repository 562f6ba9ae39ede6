"""Commands that record what a person enters: one transaction, the decision that follows from it, and the answer."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from tracker.commands.context import CommandContext
from tracker.commands.language import tr, word
from tracker.commands.parsing import DeclaredCommand, command
from tracker.core.values.facts import Ruling
from tracker.decide.recording import record_and_judge
from tracker.registers.checks import complete_key
from tracker.registers.decisions import record_ruling
from tracker.registers.errors import Registered
from tracker.registers.filings import load_undecided
from tracker.registers.renamed_ids import check_ids_kept
from tracker.store.engine import Tx
from tracker.store.rulings import count_rulings

#: So many occurrences are named one by one after a command.
_NAMED = 12
#: The fields of a ruling that options fill; an option has its field's name.
_FIELDS = ("target", "part", "as_seen", "ground", "basis", "until", "asked_by")


def records(
    name: str, *, judged: bool = True
) -> Callable[[Callable[[Namespace, CommandContext, Tx], Registered[Any]]], DeclaredCommand]:
    """Declare the function below as a command that records something; `judged` False: it changes no status."""

    def declare(handler: Callable[[Namespace, CommandContext, Tx], Registered[Any]]) -> DeclaredCommand:
        @wraps(handler)
        def run(args: Namespace, context: CommandContext) -> None:
            record(context, partial(handler, args, context), judged=judged)

        return command(name)(run)

    return declare


def record(context: CommandContext, act: Callable[[Tx], Registered[Any]], *, judged: bool = True) -> None:
    """Run `act` in one transaction, judge in it what it changes, and print its answer and the new statuses.

    The occurrence that the command names is known to `act` by its whole key.
    """
    args, loaded, rulebook, now = context.args, context.loaded, context.rulebook, context.now

    def checked(tx: Tx) -> Registered[Any]:
        check_ids_kept(tx, rulebook)
        if getattr(args, "occurrence", ""):
            args.occurrence = complete_key(tx, rulebook, args.occurrence)
        return act(tx)

    with context.open_store(create=True) as store:
        done, rows = record_and_judge(
            store, loaded, rulebook, checked, now=now, is_judged=lambda done: judged and done.changed,
            about=lambda: getattr(args, "occurrence", ""),
        )  # fmt: skip
    print(tr(done.message))
    for key, row in sorted(rows.items())[:_NAMED]:
        status, light = word("status", row.status.value), word("light", row.light.value)
        print(f"  {key}: {tr('{status} ({light})', status=status, light=light)}  {row.reason}")
    if len(rows) > _NAMED:
        print(tr("  and {count} more (duban status)", count=len(rows) - _NAMED))


def ruling_of(context: CommandContext, kind: Any, occurrence: str, **fields: Any) -> Ruling:
    """The ruling that the options of a decision say."""
    args = context.args
    given = {name: getattr(args, name) for name in _FIELDS if name in args}
    return Ruling(0, kind, occurrence, context.now, args.by, args.reason, **{**given, **fields})


def record_decision(context: CommandContext, tx: Tx, kind: str, occurrence: str = "") -> Registered[Ruling]:
    """Record the decision that the options say, if nobody decided since the decisions that --seen counts."""
    seen = getattr(context.args, "seen", None)
    return record_ruling(tx, context.rulebook, ruling_of(context, kind, occurrence), seen=seen)


def weigh(context: CommandContext, kind: str, filing: int | None = None) -> None:
    """Accept or reject a proof: the target, or the filing of that number. Without --seen a person is taken to know
    every decision that there is when the command is given."""
    args, rulebook = context.args, context.rulebook
    seen = args.seen if args.seen is not None else _count_decisions(context, filing)

    def act(tx: Tx) -> Registered[Ruling]:
        if filing is None:
            ruling = ruling_of(context, kind, args.occurrence)
        else:
            filed = load_undecided(tx, rulebook, filing)
            args.occurrence = filed.occurrence
            ruling = ruling_of(context, kind, filed.occurrence, target=f"{filed.kind}:{filed.id}")
        return record_ruling(tx, rulebook, ruling, seen=seen)

    record(context, act)


def _count_decisions(context: CommandContext, filing: int | None) -> int:
    rulebook = context.rulebook
    with context.open_store(create=True) as store, store.read() as tx:
        if filing is None:
            subject = complete_key(tx, rulebook, context.args.occurrence)
        else:
            subject = load_undecided(tx, rulebook, filing).occurrence
        return count_rulings(tx, rulebook.county.id, subject)

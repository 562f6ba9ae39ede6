"""`duban evidence list | heads`: what waits for a person, and how people decided about titles."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tracker.commands import context
from tracker.commands.output import emit, say
from tracker.commands.parsing import add

if TYPE_CHECKING:
    from tracker.core.law.duties import County
    from tracker.core.verdict.questions import Question

COLUMNS = (
    "kind", "kind_zh", "occurrence", "part", "department", "duty", "period", "due", "status", "target", "title",
    "question", "since", "settled", "accept", "reject",
)  # fmt: skip
HEADS = ("head", "kind", "accepted", "rejected", "examples")


def register(evidence: Any) -> None:
    listed = add(evidence, "list", _list, "list what waits for a person to decide, and what to type", rows=True)
    listed.add_argument("--department", metavar="ID")
    listed.add_argument("--all", action="store_true", help="with the flags that somebody has settled since")
    listed.add_argument("--now", metavar="INSTANT", help="as judged at that instant")
    decided = add(evidence, "heads", _heads, "show how people decided about titles, by their last noun", rows=True)
    decided.add_argument("--now", metavar="INSTANT", help="as known at that instant")


def _list(args: argparse.Namespace) -> int:
    from tracker.decide.questions import open_questions

    def work() -> int:
        loaded = context.load(args)
        rulebook = context.pick(loaded, args)
        context.one_of("--department", args.department, rulebook.county.departments)
        now = context.instant(args, rulebook.county.zone)
        with context.opened(args, create=False) as store, store.read() as tx:
            found = open_questions(tx, loaded, rulebook, now, settled=args.all)
        found = [one for one in found if not args.department or args.department in _departments(one)]
        if args.format == "table":
            print("\n\n".join(_block(number, one) for number, one in enumerate(found, 1)))
            say(_hint(found))
        else:
            emit(COLUMNS, [_row(one, rulebook.county) for one in found], args.format)
        return 0

    return work()


def _heads(args: argparse.Namespace) -> int:
    from tracker.decide.load import load_county
    from tracker.registers.adoptions import in_force
    from tracker.reports.title_rulings import heads

    def work() -> int:
        loaded = context.load(args)
        rulebook = context.pick(loaded, args)
        county = rulebook.county
        now = context.instant(args, county.zone)
        with context.opened(args, create=False) as store, store.read() as tx:
            facts = load_county(tx, in_force(tx, loaded, rulebook), loaded.calendar, now)
        groups = facts.groups.by_prefix.values()
        rows = heads(county, ((group.duty, group.assignment, facts.facts_of(group)) for group in groups))
        emit(HEADS, [asdict(row) | {"examples": "；".join(row.examples)} for row in rows], args.format)
        if not rows:
            say("nobody has decided about an entry whose title is not called the thing")
        return 0

    return work()


def _departments(one: Question) -> list[str]:
    return one.occurrence.split("/")[3].split("+")


def _row(one: Question, county: County) -> dict[str, Any]:
    since = one.since.astimezone(county.zone) if one.since else None
    return {name: getattr(one, name) for name in COLUMNS} | {"since": since}


def _block(number: int, one: Question) -> str:
    """One matter under the other: addresses and commands are too long for the columns of a table."""
    lines = [
        f"{number}. [{one.kind_zh}] {one.department}：{one.duty}，{one.period}（{one.status}，时限{one.due}）",
        f"   《{one.title}》 {one.target}",
        f"   {one.question}",
        f"   已定：{one.settled}" if one.settled else f"   {one.accept}",
    ]
    return "\n".join(lines)


def _hint(found: list[Question]) -> str:
    if not found:
        return "nothing waits for a person"
    return (
        f"{len(found)} to decide; `reject` in place of `accept`: it does not count; "
        "`accept … --as-seen`: it counts from its first sighting"
    )

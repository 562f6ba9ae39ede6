"""`duban evidence list | heads | accept | reject`: what waits for a person, and what people decide of it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

from tracker.commands import context, exporting
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import add, group
from tracker.commands.recording import decision, occurrence, person, seen_option, weigh
from tracker.core.law.county import County
from tracker.core.verdict.questions import Question
from tracker.decide.load import load_county
from tracker.decide.questions import open_questions
from tracker.registers.adoptions import in_force
from tracker.reports.title_rulings import heads

COLUMNS = (
    "kind", "kind_zh", "occurrence", "part", "department", "duty", "period", "due", "status", "target", "title",
    "question", "since", "settled", "accept", "reject",
)  # fmt: skip
HEADS = ("head", "kind", "accepted", "rejected", "examples")


def register(commands: Any) -> None:
    evidence = group(commands, "evidence")
    listed = add(evidence, "list", _list, "list what waits for a person to decide, and what to type", rows=True)
    listed.add_argument("--department", metavar="ID")
    listed.add_argument("--all", action="store_true", help="with the flags that somebody has settled since")
    listed.add_argument("--now", metavar="INSTANT", help="as judged at that instant")
    decided = add(evidence, "heads", _heads, "show how people decided about titles, by their last noun", rows=True)
    decided.add_argument("--now", metavar="INSTANT", help="as known at that instant")
    exporting.register(evidence)
    for kind, help in (("accept", "let a proof count"), ("reject", "let a proof not count")):
        made = decision(evidence, kind, kind, help, weigh)
        occurrence(made)
        made.add_argument("target", metavar="URL|FILE|ATTESTATION", help="what is meant, as `duban explain` names it")
        made.add_argument("--part", metavar="NAME")
        if kind == "accept":
            made.add_argument("--as-seen", action="store_true", help="counts from its first sighting")
        seen_option(made)
        person(made, reason="why")


def _list(args: argparse.Namespace) -> int:
    loaded = context.load(args)
    rulebook = context.pick(loaded, args)
    context.one_of("--department", args.department, rulebook.county.departments)
    now = context.instant(args, rulebook.county.zone)
    with context.opened(args, create=False) as store, store.read() as tx:
        questions = open_questions(tx, loaded, rulebook, now, settled=args.all)
    asked = [question for question in questions if not args.department or args.department in _departments(question)]
    if args.format == "table":
        print("\n\n".join(_block(number, question) for number, question in enumerate(asked, 1)))
        say(_hint(asked))
    else:
        emit(COLUMNS, [_row(question, rulebook.county) for question in asked], args.format)
    return 0


def _heads(args: argparse.Namespace) -> int:
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


def _departments(question: Question) -> list[str]:
    return question.occurrence.split("/")[3].split("+")


def _row(question: Question, county: County) -> dict[str, Any]:
    since = question.since.astimezone(county.zone) if question.since else None
    return row_of(question, COLUMNS, {"since": since})


def _block(number: int, question: Question) -> str:
    """One matter under the other: addresses and commands are too long for the columns of a table."""
    due = f"{question.status}，时限{question.due}"
    lines = [
        f"{number}. [{question.kind_zh}] {question.department}：{question.duty}，{question.period}（{due}）",
        f"   《{question.title}》 {question.target}",
        f"   {question.question}",
        f"   已定：{question.settled}" if question.settled else f"   {question.accept}",
    ]
    return "\n".join(lines)


def _hint(questions: list[Question]) -> str:
    if not questions:
        return "nothing waits for a person"
    return (
        f"{len(questions)} to decide; `reject` in place of `accept`: it does not count; "
        "`accept … --as-seen`: it counts from its first sighting"
    )

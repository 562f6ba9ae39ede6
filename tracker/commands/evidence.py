"""`duban evidence`: lists what waits for a person, records what people decide of it, and exports the proofs."""

from __future__ import annotations

import re
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, UsageError, unknown_occurrence
from tracker.commands.language import tr
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import DEPARTMENT, OCCURRENCE, PART, SEEN, command, now_option, option, options, person
from tracker.commands.recording import weigh
from tracker.core.law.county import County
from tracker.core.verdict.questions import Question
from tracker.decide.load import load_county
from tracker.decide.questions import open_questions
from tracker.registers.adoptions import load_rules_in_force
from tracker.reports.export import export
from tracker.reports.title_rulings import heads

COLUMNS = (
    "kind", "kind_zh", "occurrence", "part", "department", "duty", "period", "due", "status", "target", "title",
    "question", "since", "settled", "accept", "reject",
)  # fmt: skip
HEADS = ("head", "kind", "accepted", "rejected", "examples")


@command("evidence list", rows=True)
@DEPARTMENT
@option("--all", action="store_true", help="with the flags that somebody has settled since")
@now_option(help="as judged at that instant")
def show_questions(args: Namespace, context: CommandContext) -> None:
    """List what waits for a person to decide, and what to type."""
    context.check_department()
    with context.read() as tx:
        questions = open_questions(tx, context.loaded, context.rulebook, context.now, settled=args.all)
    if args.department:
        questions = [each for each in questions if args.department in each.occurrence.split("/")[3].split("+")]
    if args.format == "table":
        print("\n\n".join(_block(number, question) for number, question in enumerate(questions, 1)))
        say(_hint(questions))
    else:
        emit(COLUMNS, [_row(question, context.county) for question in questions], args.format)


def _row(question: Question, county: County) -> dict[str, Any]:
    since = question.since.astimezone(county.zone) if question.since else None
    return row_of(question, COLUMNS, {"since": since})


def _block(number: int, question: Question) -> str:
    """The question in lines of its own: addresses and commands are too long for the columns of a table."""
    due = f"{question.status}，时限{question.due}"
    lines = [
        f"{number}. [{question.kind_zh}] {question.matter}（{due}）",
        f"   《{question.title}》 {question.target}",
        f"   {question.question}",
        f"   已定：{question.settled}" if question.settled else f"   {question.accept}",
    ]
    return "\n".join(lines)


def _hint(questions: list[Question]) -> str:
    if not questions:
        return tr("nothing waits for a person")
    return tr(
        "{count} to decide; `reject` in place of `accept`: it does not count; "
        "`accept … --as-seen`: it counts from its first sighting",
        count=len(questions),
    )


@command("evidence heads", rows=True)
@now_option(help="as known at that instant")
def show_heads(args: Namespace, context: CommandContext) -> None:
    """Show how people decided about titles, by their last noun."""
    with context.read() as tx:
        rulebook = load_rules_in_force(tx, context.loaded, context.rulebook)
        facts = load_county(tx, rulebook, context.loaded.calendar, context.now)
    groups = facts.groups.by_prefix.values()
    rows = heads(context.county, ((group.duty, group.assignment, facts.facts_of(group)) for group in groups))
    emit(HEADS, [asdict(row) | {"examples": "；".join(row.examples)} for row in rows], args.format)
    if not rows:
        say("nobody has decided about an entry whose title is not called the thing")


@command("evidence export")
@OCCURRENCE
@option("--to", type=Path, metavar="FILE.zip", help="where it goes (default: named by the occurrence)")
@option("--archive", type=Path, metavar="DIR", help="the WARC files (default: as schedule.yaml says)")
@now_option(help="as judged then (default: as of the last tick)")
def export_evidence(args: Namespace, context: CommandContext) -> int:
    """A zip with all that the judgement rests on, for anybody to check."""
    loaded = context.loaded
    now = context.instant(loaded.schedule.zone) if args.now else None
    target = args.to or Path(f"evidence-{re.sub(r'[^0-9A-Za-z.+_-]+', '_', args.occurrence)}.zip")
    archive = args.archive or context.folder / (loaded.schedule.crawl.archive or "archive")
    filings = context.folder / loaded.schedule.filings.folder
    if not target.parent.is_dir():
        raise UsageError("--to {target}: no folder {parent}", target=target, parent=target.parent)
    with context.open_store() as store:
        try:
            exported = export(store, loaded, archive, filings, args.occurrence, target, now)
        except LookupError as error:
            raise UsageError(str(error.args[0])) from None
    if isinstance(exported, list):
        raise unknown_occurrence(args.occurrence, exported)
    for fault in exported.faults:
        say("not in the archive any more: {fault}", fault=fault)
    say(
        "{visits} visits, {captures} captures; check with: sha256sum -c SHA256SUMS",
        visits=len(exported.visits),
        captures=len(exported.captures),
    )
    print(target)
    return int(bool(exported.faults))


PROOF = options(
    OCCURRENCE,
    option("target", metavar="URL|FILE|ATTESTATION", help="what is meant, as `duban explain` names it"),
    PART,
)


@command("evidence accept")
@PROOF
@option("--as-seen", action="store_true", help="counts from its first sighting")
@SEEN
@person("why")
def accept(args: Namespace, context: CommandContext) -> None:
    """Let a proof count."""
    weigh(context, "accept")


@command("evidence reject")
@PROOF
@SEEN
@person("why")
def reject(args: Namespace, context: CommandContext) -> None:
    """Let a proof not count."""
    weigh(context, "reject")

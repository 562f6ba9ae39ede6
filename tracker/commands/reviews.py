"""`duban review`: secrecy reviews (保密审查) as they are asked for and decided, and the entries that lack one."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from tracker.commands.context import CommandContext, DepartmentName
from tracker.commands.language import chosen, head_of, pad, word
from tracker.commands.listed import GROUNDS, REVIEW_WORDS, listed
from tracker.commands.listfile import OUT, name_departments, write_list_file
from tracker.commands.output import emit, row_of
from tracker.commands.parsing import (
    DEPARTMENT,
    PART,
    command,
    count,
    day,
    option,
    person,
)
from tracker.commands.recording import records
from tracker.core.law.counting import moment_day
from tracker.core.requests.reviews import ReviewFinding
from tracker.core.requests.values import Review
from tracker.registers.errors import Registered
from tracker.registers.review_findings import load_review_findings
from tracker.registers.reviews import ask_review, decide_review, load_review, place_review, withdraw_review
from tracker.reports.list_csv import plain
from tracker.store.engine import Tx
from tracker.store.journal import list_rows
from tracker.store.reviews import list_reviews

COLUMNS = (
    "reference", "department", "title", "symbol", "address", "column", "author", "asked_on", "state", "reviewer",
    "decided_on", "ground", "basis", "reason", "occurrence",
)  # fmt: skip
#: What the list as .xlsx has beside the columns of the table; it is not printed on paper.
ASIDE = ("ground", "basis", "reason", "symbol", "address", "column", "occurrence")
TABLE = ("reference", "department", "title", "author", "asked_on", "state", "reviewer", "decided_on")
FINDINGS = (
    "reference",
    "finding",
    "department",
    "title",
    "address",
    "published",
    "review",
    "link",
    "gone_on",
    "reason",
)
FOUND = ("finding", "department", "title", "published", "review", "reason")
HISTORY = ("at", "by", "action", "reason")
REVIEW = option("review", metavar="REVIEW", help="its reference: year, department and number, 2026-guotu-12")


@records("review ask")
@option("--department", type=DepartmentName, required=True, metavar="ID", help="who asks, and numbers it")
@option("--title", required=True, metavar="TEXT", help="the title of the item, as it will be published")
@option("--author", required=True, metavar="WHO", help="who wrote it; somebody else reviews it")
@option("--symbol", default="", metavar="TEXT", help="its document number (文号), where it has one")
@option("--address", default="", metavar="URL", help="where it will be published, if that is known")
@option("--column", default="", metavar="COLUMN", help="the column it is for, by its whole key")
@option("--for", dest="occurrence", default="", metavar="OCCURRENCE", help="the matter that asks for its publication")
@option("--on", type=day, metavar="DAY", help="the day it was asked for (default: today)")
@person()
def ask(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Review]:
    """Ask for the secrecy review of an item that is to be published."""
    asked_on = args.on or moment_day(context.now, context.zone)
    review = Review(
        0, context.county.id, args.department, asked_on.year, 0, args.title, args.symbol, args.address, args.column,
        args.author, asked_on, context.now, occurrence=args.occurrence,
    )  # fmt: skip
    return ask_review(tx, context.rulebook, review, by=args.by)


@records("review decide")
@REVIEW
@listed("decision", REVIEW_WORDS, metavar="DECISION", help="one of these; after a referral decide again")
@option("--reviewer", required=True, metavar="WHO", help="who reviewed it: not its author")
@option("--on", type=day, metavar="DAY", help="the day of the decision (default: today)")
@option("--ground", default="", metavar="G", help="on what it is withheld, as rules/acts.yaml names it (secret)")
@option("--basis", default="", metavar="TEXT", help="the article it rests on (default: that of the ground)")
@option("--approved-by", default="", metavar="WHO", help="who waives the matter that it was asked for: a third person")
@PART
@person("why", required=False)
def decide(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Review]:
    """Decide a review; after a referral once more."""
    return decide_review(
        tx, context.rulebook, args.review, args.decision, reviewer=args.reviewer,
        on=args.on or moment_day(context.now, context.zone), by=args.by or args.reviewer, now=context.now,
        ground=args.ground, basis=args.basis, reason=args.reason, approver=args.approved_by, part=args.part,
    )  # fmt: skip


@records("review place")
@REVIEW
@option("address", metavar="URL")
@person("how it is known")
def place(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Review]:
    """Say at which address the item was published."""
    values = {"by": args.by, "reason": args.reason, "now": context.now}
    return place_review(tx, context.rulebook, args.review, args.address, **values)


@records("review withdraw")
@REVIEW
@person("why")
def withdraw(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Review]:
    """Take a wrong entry back; it stays on record and keeps its number."""
    return withdraw_review(tx, context.rulebook, args.review, by=args.by, reason=args.reason, now=context.now)


@command("review list", rows=True)
@DEPARTMENT
@option("--year", type=count, metavar="YEAR")
@option("--open", action="store_true", help="only those that are not finally decided")
@option("--all", action="store_true", help="with those that were withdrawn")
@OUT
def show_reviews(args: Namespace, context: CommandContext) -> None:
    """List the reviews."""
    with context.read() as tx:
        context.check_department()
        reviews = list_reviews(tx, context.county.id, department=args.department, year=args.year, withdrawn=args.all)
    rows = [_row(review) for review in reviews if not (args.open and review.is_decided)]
    if args.out:
        write_list_file(context, args.out, "保密审查清单", (*TABLE, *ASIDE), rows, aside=len(ASIDE))
        return
    emit(COLUMNS, [_speak(context, row) for row in rows] if args.format == "table" else rows, args.format, table=TABLE)


def _speak(context: CommandContext, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row for a table: in Chinese with the names of the department and of the ground."""
    if chosen() != "zh":
        return dict(row)
    ground = GROUNDS.get(row["ground"] or "", (row["ground"],))[0]
    return {**row, "department": name_departments(context, row["department"]), "ground": ground}


def _row(review: Review) -> dict[str, Any]:
    return row_of(review, COLUMNS, {"state": _state(review)})


def _state(review: Review) -> str:
    return "withdrawn" if review.withdrawn_at is not None else review.decision or "asked"


@command("review show", rows=True)
@REVIEW
def show_review(args: Namespace, context: CommandContext) -> None:
    """Show one review and how it came about."""
    with context.read() as tx:
        review = load_review(tx, context.rulebook, args.review, withdrawn=True)
        history = list_rows(tx, context.county.id, subject=f"review:{review.reference}")
    for name, value in _speak(context, _row(review)).items():
        if args.format == "table" and value not in ("", None):
            print(f"{pad(head_of(name), 11)} {word(name, plain(value))}")
    rows = [row_of(row, HISTORY, {"at": row.at.astimezone(context.zone), "by": row.who}) for row in history]
    emit(HISTORY, rows, args.format)


@command("review findings", rows=True)
@DEPARTMENT
@OUT
def show_findings(args: Namespace, context: CommandContext) -> int:
    """List the published entries without a review, or published before it (exit status 1: there are some)."""
    with context.read() as tx:
        context.check_department()
        findings = load_review_findings(tx, context.rulebook)
    rows = [_finding_row(each) for each in findings if args.department in (None, each.department)]
    if args.out:
        write_list_file(context, args.out, "未经保密审查公开信息清单", FINDINGS, rows)
    else:
        emit(FINDINGS, rows, args.format, table=FOUND, chinese=("reason",))
    return 1 if rows else 0


def _finding_row(finding: ReviewFinding) -> dict[str, Any]:
    entry, link = finding.entry, finding.link
    values = {
        "finding": finding.kind,
        "title": entry.title,
        "address": entry.url,
        "published": entry.published,
        "review": link.review.reference if link else "",
        "link": link.by if link else "",
        "gone_on": entry.gone,
    }
    return row_of(finding, FINDINGS, values)

"""`duban circular`: the monthly circular (通报), from draft to erratum, on the screen or as a file."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import tr, word
from tracker.commands.output import emit, row_of, say, write_file
from tracker.commands.parsing import command, count, option, options, person
from tracker.commands.printing import print_paper
from tracker.commands.progress import Underway
from tracker.commands.recording import record, records
from tracker.core.law.county import Rulebook
from tracker.core.values.message import Message
from tracker.deliver.enclosures import ensure_pdf
from tracker.documents.docx import docx_of
from tracker.documents.page import evidence_of, page_of
from tracker.registers.errors import Registered
from tracker.reports.circulars.lifecycle import Circulars
from tracker.reports.circulars.shared import document_of
from tracker.store.circulars import (
    CircularLineRow,
    CircularRow,
    Paper,
    find_latest_edition,
    list_circular_lines,
    list_circulars,
    list_dropped_lines,
    list_papers,
)
from tracker.store.engine import Store, Tx

EDITIONS = ("month", "edition", "state", "number", "lines", "drafted_by", "window_until", "signed_by", "issued_at")
LINES = ("line", "department", "matter", "period", "due", "days_late", "problem", "why", "dropped", "mended_on")
_LATEST = 0

MONTH = option("month", metavar="MONTH")
MONTH_BY = options(option("month", metavar="MONTH", help="2015-09"), person())
LINE = options(MONTH, option("line", type=count, metavar="LINE"))


@command("circular draft")
@MONTH_BY
def draft(args: Namespace, context: CommandContext) -> None:
    """Count what stands and write a draft; nobody is told yet."""
    _advance(context, lambda circulars: circulars.draft(args.month, args.by), lambda row, lines: (
        Message(
            "edition {edition} of {month} names {lines} matters (duban circular show {month}); "
            "next: duban circular {step} {month}",
            edition=row.edition, month=row.month, lines=lines, step="consult" if lines else "sign",
        )
    ))  # fmt: skip


@command("circular consult")
@MONTH_BY
def consult(args: Namespace, context: CommandContext) -> None:
    """Put the draft's lines to the departments named; their window begins."""
    _advance(context, lambda circulars: circulars.consult(args.month, args.by), lambda row, lines: (
        Message(
            "{lines} lines are put to the departments by mail; they may object until {day}",
            lines=lines, day=row.window_until,
        )
    ))  # fmt: skip


@command("circular sign")
@MONTH_BY
def sign(args: Namespace, context: CommandContext) -> None:
    """Fix its numbers and words (a supervisor, never who drafted it)."""
    _advance(context, lambda circulars: circulars.sign(args.month, args.by), lambda row, lines: (
        Message("signed with {lines} lines, SHA-256 {digest}", lines=lines, digest=row.digest)
    ))  # fmt: skip


@command("circular issue")
@MONTH_BY
def issue(args: Namespace, context: CommandContext) -> None:
    """Give the number; every line now has to be put right."""
    _advance(context, lambda circulars: circulars.issue(args.month, args.by), lambda row, lines: (
        Message(
            "issued as {number}; {lines} matters have to be put right",
            number=f"〔{row.year}〕{row.number}号", lines=lines,
        )
    ))  # fmt: skip


def _advance(
    context: CommandContext,
    act: Callable[[Circulars], CircularRow],
    message: Callable[[CircularRow, int], Message],
) -> None:
    """Take the circular of a month one step on; `message`: the answer, from the edition and its number of lines."""

    def act_and_tell(tx: Tx) -> Registered[CircularRow]:
        circulars = Circulars(tx, context.loaded, context.rulebook, context.now)
        row = act(circulars)
        answer = [message(row, len(list_circular_lines(tx, row.id)))]
        if unseen := circulars.unseen:
            reasons = "; ".join(dict.fromkeys(unseen.values()))
            answer.append(
                Message(
                    "{count} late matters are not named, for nobody looked for them lately ({reasons}): duban crawl",
                    count=len(unseen),
                    reasons=reasons,
                )
            )
        if unlooked := circulars.unlooked:
            answer.append(
                Message(
                    "{count} late matters are to be looked at again first ({reasons}): duban crawl, decide what it "
                    "finds, then draft it anew",
                    count=len(unlooked),
                    reasons="; ".join(dict.fromkeys(unlooked.values())),
                )
            )
        if circulars.fault:
            answer.append(
                Message("the county's own template was left aside for the shipped one: {fault}", fault=circulars.fault)
            )
        return Registered(row, True, Message.lines(answer))

    with Underway(tr("circular {month}", month=context.args.month)):
        record(context, act_and_tell)


# -- show ------------------------------------------------------------------------------------------


@command("circular show", rows=True)
@MONTH
@option("--lines", action="store_true", help="the lines as a table, with what fell away and why")
@option(
    "--spared", action="store_true", help="what has a fault, or was paused or postponed, and is not criticised, and why"
)
@option(
    "--erratum", nargs="?", type=count, const=_LATEST, metavar="LINE",
    help="what corrects the line (left out: the latest erratum) instead of the circular",
)  # fmt: skip
@option("--to", type=Path, metavar="FILE", help="write it as .docx, .pdf or .html, in the form of GB/T 9704-2012")
def show(args: Namespace, context: CommandContext) -> None:
    """Show the words, or with --format the lines."""
    if args.to is not None and args.to.suffix not in (".docx", ".pdf", ".html"):
        raise UsageError("--to {to}: write .docx, .pdf or .html", to=args.to)
    rulebook = context.rulebook
    with context.open_store() as store:
        with store.read() as tx:
            row = find_latest_edition(tx, rulebook.county.id, args.month)
            if row is None:
                raise UsageError("there is no circular of {month} (duban circular draft {month})", month=args.month)
            lines, papers = list_circular_lines(tx, row.id), list_papers(tx, row.id)
            dropped = list_dropped_lines(tx, row)
        paper = _choose_paper(args, papers)
        if args.to is not None:
            with Underway(tr("circular {month}: {name}", month=args.month, name=args.to.name)):
                _write(args.to, store, row, paper, rulebook)
        elif args.spared:
            emit(("who", "title", "period", "reason", "key"), row.values["spared"], args.format)
        elif args.lines or args.format != "table":
            rows = [_line_row(line) for line in lines]
            # A dropped line has no number any more, or another one than when the departments were consulted.
            emit(LINES, [*rows, *({**_line_row(line), "line": None} for line in dropped)], args.format)
        else:
            _print(row, paper, document_of(row, rulebook, paper).title)
        for erratum in papers if args.erratum is None else ():
            if line := erratum.line:
                number = f"〔{erratum.year}〕{erratum.number}号"
                say("line {line} was corrected by {number} (--erratum {line})", line=line, number=number)


def _choose_paper(args: Namespace, papers: Sequence[Paper]) -> Paper | None:
    """The issued document that is meant; None: the circular was not issued yet (or by an older version)."""
    if args.erratum is None:
        return next((paper for paper in papers if paper.line == 0), None)
    errata = [paper for paper in papers if paper.line]
    chosen = [erratum for erratum in errata if args.erratum in (_LATEST, erratum.line)]
    if not chosen:
        if not (errata and args.erratum):
            raise UsageError("no erratum of {month} corrects anything", month=args.month)
        lines = ", ".join(str(erratum.line) for erratum in errata)
        raise UsageError(
            "no erratum of {month} corrects line {line} (errata: line {lines})",
            month=args.month,
            line=args.erratum,
            lines=lines,
        )
    return chosen[-1]


def _write(path: Path, store: Store, row: CircularRow, paper: Paper | None, rulebook: Rulebook) -> None:
    """Write what was issued byte for byte as it is stored, or a draft as it would be set now."""
    document = document_of(row, rulebook, paper)
    values = paper.values if paper is not None and paper.line else row.values
    html = page_of(document, evidence_of(values), str(row.values["as_of"]))
    if path.suffix == ".html":
        content = html.encode()
    else:
        content = paper.docx if paper is not None else docx_of(document)
        if path.suffix == ".pdf":
            content = _pdf(store, paper, content, html)
    write_file(path, content)


def _pdf(store: Store, paper: Paper | None, docx: bytes, html: str) -> bytes:
    """The PDF that was mailed, if there is one, else a new one."""
    mailed = asyncio.run(ensure_pdf(store, paper)) if paper is not None else None
    return mailed if mailed is not None else print_paper(docx, html)


def _print(row: CircularRow, paper: Paper | None, title: str) -> None:
    print(f"{title}\n")
    for runs in paper.text if paper is not None else row.text:
        print("".join(text for text, _ in runs))
    number = f"〔{paper.year}〕{paper.number}号{tr(', ')}" if paper is not None else ""
    say(
        "{number}{state}, edition {edition}, as of {as_of}",
        number=number,
        state=word("state", row.state),
        edition=row.edition,
        as_of=row.values["as_of"],
    )


def _line_row(line: CircularLineRow) -> dict[str, Any]:
    shown = line.shown
    values = {"department": shown["who"], "matter": shown["title"], "problem": shown["problem_zh"]}
    values |= {name: shown[name] for name in ("period", "due", "days_late", "why")}
    return row_of(line, LINES, values)


# -- object, erratum, list -------------------------------------------------------------------------


@records("circular object")
@LINE
@option("--proof", required=True, metavar="TEXT", help="what supports it: an address, a number")
@person("the grounds")
def object_to(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Any]:
    """Object to a line, for the department named in it (异议)."""
    circulars = Circulars(tx, context.loaded, context.rulebook, context.now)
    return circulars.object(args.month, args.line, args.by, args.reason, args.proof)


@command("circular erratum")
@LINE
@option("--truth", required=True, metavar="TEXT", help="what is true, in Chinese: it is printed")
@person("what it rests on")
def correct(args: Namespace, context: CommandContext) -> None:
    """Say what is true instead of what an issued line said (更正)."""
    _advance(
        context,
        lambda circulars: circulars.correct(args.month, args.line, args.truth, args.reason, args.by),
        lambda row, lines: Message(
            "line {line} of {month} is corrected; nothing has to be put right for it any more "
            "(duban circular show {month} --erratum {line})",
            line=args.line,
            month=row.month,
        ),
    )


@command("circular list", rows=True)
def show_editions(args: Namespace, context: CommandContext) -> None:
    """List every edition of every month."""
    with context.read() as tx:
        rows = [
            row_of(row, EDITIONS, {
                "number": f"〔{row.year}〕{row.number}号" if row.number is not None else "",
                "lines": len(list_circular_lines(tx, row.id)),
                "issued_at": row.issued_at.astimezone(context.zone) if row.issued_at else None,
            })
            for row in list_circulars(tx, context.county.id)
        ]  # fmt: skip
    emit(EDITIONS, rows, args.format)

"""`duban circular show`: a circular or its erratum on the screen, or as a file in the form of GB/T 9704-2012."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import add
from tracker.commands.progress import Underway
from tracker.core.law.duties import Rulebook
from tracker.deliver.enclosures import ensure_pdf
from tracker.documents.docx import docx_of
from tracker.documents.page import evidence_of, page_of
from tracker.documents.pdf import NoPrinter, pdf_of
from tracker.reports.circulars.shared import document_of
from tracker.reports.circulars.text import title_zh
from tracker.store.circular_papers import Paper, papers_of
from tracker.store.circulars import CircularLineRow, CircularRow, dropped_of, lines_of, standing_circular
from tracker.store.engine import Store

LINES = ("line", "department", "matter", "period", "due", "days_late", "problem", "why", "dropped", "mended_on")
_LATEST = 0


def register(circulars: Any) -> None:
    shown = add(circulars, "show", _show, "show the words, or with --format the lines", rows=True)
    shown.add_argument("month", metavar="MONTH")
    shown.add_argument("--lines", action="store_true", help="the lines as a table, with what fell away and why")
    shown.add_argument("--spared", action="store_true", help="what has a fault and is not criticised, and why")
    shown.add_argument(
        "--erratum", nargs="?", type=context.count, const=_LATEST, metavar="LINE",
        help="what corrects the line (left out: the latest erratum) instead of the circular",
    )  # fmt: skip
    shown.add_argument(
        "--to", type=Path, metavar="FILE", help="write it as .docx, .pdf or .html, in the form of GB/T 9704-2012"
    )


def _show(args: argparse.Namespace) -> int:
    if args.to is not None and args.to.suffix not in (".docx", ".pdf", ".html"):
        raise UsageError(f"--to {args.to}: write .docx, .pdf or .html")
    rulebook = context.pick(context.load(args), args)
    with context.opened(args, create=False) as store:
        with store.read() as tx:
            row = standing_circular(tx, rulebook.county.id, args.month)
            if row is None:
                raise UsageError(f"there is no circular of {args.month}: duban circular draft {args.month}")
            lines, papers = lines_of(tx, row.id), papers_of(tx, row.id)
            dropped = dropped_of(tx, row)
        paper = _paper(args, papers)
        if args.to is not None:
            with Underway(f"circular {args.month}: {args.to.name}"):
                _write(args.to, store, row, paper, rulebook)
        elif args.spared:
            emit(("who", "title", "period", "reason", "key"), row.values["spared"], args.format)
        elif args.lines or args.format != "table":
            rows = [_row(line) for line in lines]
            # By another number than it was put to the departments under, or by none any more.
            emit(LINES, [*rows, *({**_row(line), "line": None} for line in dropped)], args.format)
        else:
            _print(row, paper)
        for erratum in papers if args.erratum is None else ():
            if line := erratum.line:
                say(f"line {line} was corrected by 〔{erratum.year}〕{erratum.number}号 (--erratum {line})")
    return 0


def _paper(args: argparse.Namespace, papers: Sequence[Paper]) -> Paper | None:
    """The paper asked for as it was issued; None: the circular was not issued yet (or by an older version)."""
    if args.erratum is None:
        return next((paper for paper in papers if paper.line == 0), None)
    errata = [paper for paper in papers if paper.line]
    chosen = [erratum for erratum in errata if args.erratum in (_LATEST, erratum.line)]
    if not chosen:
        lines = ", ".join(str(erratum.line) for erratum in errata)
        raise UsageError(
            f"no erratum of {args.month} corrects "
            + (f"line {args.erratum} (errata: line {lines})" if errata and args.erratum else "anything")
        )
    return chosen[-1]


def _write(path: Path, store: Store, row: CircularRow, paper: Paper | None, rulebook: Rulebook) -> None:
    """What was issued is written as it was kept, byte for byte; a draft as it would be set now."""
    document = document_of(row, rulebook, paper)
    values = paper.values if paper is not None and paper.line else row.values
    html = page_of(document, evidence_of(values), str(row.values["as_of"]))
    if path.suffix == ".html":
        content = html.encode()
    elif path.suffix == ".docx":
        content = paper.docx if paper is not None else docx_of(document)
    else:
        content = _pdf(store, paper, paper.docx if paper is not None else docx_of(document), html)
    path.write_bytes(content)
    say(f"{path}: {len(content):,} bytes")


def _pdf(store: Store, paper: Paper | None, docx: bytes, html: str) -> bytes:
    """The one that was mailed, where one was made."""
    made = context.run(ensure_pdf(store, paper)) if paper is not None else None
    if made is not None:
        return made
    try:
        return context.run(pdf_of(docx, html))
    except NoPrinter as error:
        raise UsageError(str(error)) from None


def _print(row: CircularRow, paper: Paper | None) -> None:
    print(f"{paper.title if paper is not None else title_zh(row.values)}\n")
    for runs in paper.text if paper is not None else row.text:
        print("".join(text for text, _ in runs))
    given = f"〔{paper.year}〕{paper.number}号, " if paper is not None else ""
    say(f"{given}{row.state}, edition {row.edition}, as of {row.values['as_of']}")


def _row(line: CircularLineRow) -> dict[str, Any]:
    shown = line.shown
    own = {"department": shown["who"], "matter": shown["title"], "problem": shown["problem_zh"]}
    own |= {name: shown[name] for name in ("period", "due", "days_late", "why")}
    return row_of(line, LINES, own)

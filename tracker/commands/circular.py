"""`duban circular`: the monthly circular (通报), from draft to erratum."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.facts import do, person
from tracker.commands.output import emit, say
from tracker.commands.parsing import add, group

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.circulars import Circulars
    from tracker.core.duties import Rulebook
    from tracker.registers.errors import Registered
    from tracker.store.circulars import CircularLineRow, CircularRow
    from tracker.store.engine import Tx

ALL = ("month", "edition", "state", "number", "lines", "drafted_by", "window_until", "signed_by", "issued_at")
LINES = ("line", "department", "matter", "period", "due", "days_late", "problem", "why", "dropped", "mended_on")

Move = Callable[["Circulars"], Awaitable["CircularRow"]]


def register(commands: Any) -> None:
    circulars = group(commands, "circular", "draft, consult, sign and issue the monthly circular (通报)")
    for name, handler, help in (
        ("draft", _draft, "count what stands and write a draft; nobody is told yet"),
        ("consult", _consult, "put the draft's lines to the departments named; their window begins"),
        ("sign", _sign, "fix its numbers and words (a supervisor, never who drafted it)"),
        ("issue", _issue, "give the number; every line now has to be put right"),
    ):
        made = add(circulars, name, handler, help)
        made.add_argument("month", metavar="MONTH", help="2015-09")
        person(made)
    shown = add(circulars, "show", _show, "show the words, or with --format the lines", rows=True)
    shown.add_argument("month", metavar="MONTH")
    shown.add_argument("--lines", action="store_true", help="the lines as a table, with what fell away and why")
    shown.add_argument("--to", type=Path, metavar="FILE", help="write it as .docx or .pdf in the form of GB/T 9704")
    shown.add_argument("--spared", action="store_true", help="what has a fault and is not criticised, and why")
    objected = add(circulars, "object", _object, "object to a line, for the department named in it (申诉)")
    objected.add_argument("month", metavar="MONTH")
    objected.add_argument("line", type=context.count, metavar="LINE")
    objected.add_argument("--proof", required=True, metavar="TEXT", help="what supports it: an address, a number")
    person(objected, reason="the grounds")
    wrong = add(circulars, "erratum", _erratum, "say what is true instead of what an issued line said (更正)")
    wrong.add_argument("month", metavar="MONTH")
    wrong.add_argument("line", type=context.count, metavar="LINE")
    wrong.add_argument("--truth", required=True, metavar="TEXT", help="what is true, in Chinese: it is printed")
    person(wrong, reason="what it rests on")
    add(circulars, "list", _list, "list every edition of every month", rows=True)


def _move(args: argparse.Namespace, move: Move, say_of: Callable[[CircularRow, list[CircularLineRow]], str]) -> int:
    async def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.circulars import Circulars
        from tracker.registers.errors import Registered
        from tracker.store.circulars import lines_of

        row = await move(Circulars(tx, args.loaded, rulebook, now))
        return Registered(row, True, say_of(row, await lines_of(tx, row.id)))

    return do(args, deed)


def _draft(args: argparse.Namespace) -> int:
    return _move(
        args,
        lambda circulars: circulars.draft(args.month, args.by),
        lambda row, lines: (
            f"edition {row.edition} of {row.month} names {len(lines)} matters (duban circular show {row.month}); "
            + (f"next: duban circular consult {row.month}" if lines else f"next: duban circular sign {row.month}")
        ),
    )


def _consult(args: argparse.Namespace) -> int:
    return _move(
        args,
        lambda circulars: circulars.consult(args.month, args.by),
        lambda row, lines: f"{len(lines)} lines are put to the departments; they may object until {row.window_until}",
    )


def _sign(args: argparse.Namespace) -> int:
    return _move(
        args,
        lambda circulars: circulars.sign(args.month, args.by),
        lambda row, lines: f"signed with {len(lines)} lines, SHA-256 {row.digest}",
    )


def _issue(args: argparse.Namespace) -> int:
    return _move(
        args,
        lambda circulars: circulars.issue(args.month, args.by),
        lambda row, lines: f"issued as 〔{row.year}〕{row.number}号; {len(lines)} matters have to be put right",
    )


def _erratum(args: argparse.Namespace) -> int:
    return _move(
        args,
        lambda circulars: circulars.correct(args.month, args.line, args.truth, args.reason, args.by),
        lambda row, lines: f"line {args.line} of {row.month} is corrected; nothing has to be put right for it any more",
    )


def _object(args: argparse.Namespace) -> int:
    async def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.circulars import Circulars

        circulars = Circulars(tx, args.loaded, rulebook, now)
        return await circulars.object(args.month, args.line, args.by, args.reason, args.proof)

    return do(args, deed, judged=False)


def _show(args: argparse.Namespace) -> int:
    async def work() -> int:
        from tracker.store.circulars import lines_of, standing_circular

        rulebook = context.pick(context.load(args), args)
        async with context.opened(args, create=False) as store, store.read() as tx:
            row = await standing_circular(tx, rulebook.county.id, args.month)
            if row is None:
                raise UsageError(f"there is no circular of {args.month}: duban circular draft {args.month}")
            lines = await lines_of(tx, row.id)
        if args.to:
            await _write(args.to, row, rulebook)
        elif args.spared:
            emit(("who", "title", "period", "reason", "key"), row.values["spared"], args.format)
        elif args.lines or args.format != "table":
            emit(LINES, [_line(one) for one in lines], args.format)
        else:
            _print(row)
        return 0

    return context.run(work())


async def _write(path: Path, row: CircularRow, rulebook: Rulebook) -> None:
    from tracker.circulars import document_of
    from tracker.reports.docx import docx_of
    from tracker.reports.pdf import NoPrinter, pdf_of

    document = document_of(row, rulebook)
    if path.suffix not in (".docx", ".pdf"):
        raise UsageError(f"--to {path}: write .docx or .pdf")
    content = docx_of(document)
    if path.suffix == ".pdf":
        try:
            content = await pdf_of(content, "")
        except NoPrinter as error:
            raise UsageError(str(error)) from None
    await asyncio.to_thread(path.write_bytes, content)
    say(f"{path}: {len(content):,} bytes")


def _print(row: CircularRow) -> None:
    from tracker.reports.circular_text import title_zh

    print(f"{title_zh(row.values)}\n")
    for runs in row.text:
        print(_plain(runs))
    say(f"{row.state}, edition {row.edition}, as of {row.values['as_of']}")


def _plain(runs: Sequence[Sequence[str]]) -> str:
    return "".join(text for text, _ in runs)


def _line(one: CircularLineRow) -> dict[str, Any]:
    return {
        "line": one.line,
        "department": one.shown["who"],
        "matter": one.shown["title"],
        "period": one.shown["period"],
        "due": one.shown["due"],
        "days_late": one.shown["days_late"],
        "problem": one.shown["problem_zh"],
        "why": one.shown["why"],
        "dropped": one.dropped,
        "mended_on": one.mended_on,
    }


def _list(args: argparse.Namespace) -> int:
    async def work() -> int:
        from tracker.store.circulars import lines_of, list_circulars

        rulebook = context.pick(context.load(args), args)
        zone = rulebook.county.zone
        async with context.opened(args, create=False) as store, store.read() as tx:
            found = await list_circulars(tx, rulebook.county.id)
            rows = [
                {
                    "month": one.month,
                    "edition": one.edition,
                    "state": one.state,
                    "number": f"〔{one.year}〕{one.number}号" if one.number is not None else "",
                    "lines": len(await lines_of(tx, one.id)),
                    "drafted_by": one.drafted_by,
                    "window_until": one.window_until,
                    "signed_by": one.signed_by,
                    "issued_at": one.issued_at.astimezone(zone) if one.issued_at else None,
                }
                for one in found
            ]
        emit(ALL, rows, args.format)
        return 0

    return context.run(work())

"""`duban circular`: the monthly circular (通报), from draft to erratum."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tracker.commands import circular_show, context
from tracker.commands.facts import do, person
from tracker.commands.output import emit
from tracker.commands.parsing import add, group
from tracker.commands.progress import Underway

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.core.law.duties import Rulebook
    from tracker.registers.errors import Registered
    from tracker.reports.circulars.lifecycle import Circulars
    from tracker.store.circulars import CircularLineRow, CircularRow
    from tracker.store.engine import Tx

ALL = ("month", "edition", "state", "number", "lines", "drafted_by", "window_until", "signed_by", "issued_at")

CircularMove = Callable[["Circulars"], "CircularRow"]


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
    circular_show.register(circulars)
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


def _move(
    args: argparse.Namespace, move: CircularMove, say_of: Callable[[CircularRow, list[CircularLineRow]], str]
) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.errors import Registered
        from tracker.reports.circulars.lifecycle import Circulars
        from tracker.store.circulars import lines_of

        circulars = Circulars(tx, args.loaded, rulebook, now)
        row = move(circulars)
        said = say_of(row, lines_of(tx, row.id))
        if circulars.unseen:
            said += f"\n{_unseen(circulars.unseen)}"
        if circulars.fault:
            said += f"\nthe county's own template was left aside for the shipped one: {circulars.fault}"
        return Registered(row, True, said)

    with Underway(f"circular {args.month}"):
        return do(args, deed)


def _unseen(found: Mapping[str, str]) -> str:
    shown = "; ".join(dict.fromkeys(found.values()))
    return f"{len(found)} late matters are not named, for nobody looked for them lately ({shown}): duban crawl"


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
        lambda row, lines: (
            f"{len(lines)} lines are put to the departments by mail; they may object until {row.window_until}"
        ),
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
        lambda row, lines: (
            f"line {args.line} of {row.month} is corrected; nothing has to be put right for it any more "
            f"(duban circular show {row.month} --erratum {args.line})"
        ),
    )


def _object(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.reports.circulars.lifecycle import Circulars

        circulars = Circulars(tx, args.loaded, rulebook, now)
        return circulars.object(args.month, args.line, args.by, args.reason, args.proof)

    return do(args, deed)


def _list(args: argparse.Namespace) -> int:
    from tracker.store.circulars import lines_of, list_circulars

    rulebook = context.pick(context.load(args), args)
    zone = rulebook.county.zone
    with context.opened(args, create=False) as store, store.read() as tx:
        found = list_circulars(tx, rulebook.county.id)
        rows = [
            {
                "month": one.month,
                "edition": one.edition,
                "state": one.state,
                "number": f"〔{one.year}〕{one.number}号" if one.number is not None else "",
                "lines": len(lines_of(tx, one.id)),
                "drafted_by": one.drafted_by,
                "window_until": one.window_until,
                "signed_by": one.signed_by,
                "issued_at": one.issued_at.astimezone(zone) if one.issued_at else None,
            }
            for one in found
        ]
    emit(ALL, rows, args.format)
    return 0

"""`duban circular`: the monthly circular (通报), from draft to erratum."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.commands import circular_show, context
from tracker.commands.output import emit, row_of
from tracker.commands.parsing import add, group
from tracker.commands.progress import Underway
from tracker.commands.recording import do, person
from tracker.core.law.county import Rulebook
from tracker.registers.errors import Registered
from tracker.reports.circulars.lifecycle import Circulars
from tracker.store.circulars import CircularLineRow, CircularRow, lines_of, list_circulars
from tracker.store.engine import Tx

ALL = ("month", "edition", "state", "number", "lines", "drafted_by", "window_until", "signed_by", "issued_at")


@dataclass(frozen=True, slots=True)
class Move:
    """What a command does to a circular, and what it says of the edition and its lines afterwards."""

    act: Callable[[Circulars, argparse.Namespace], CircularRow]
    message: Callable[[CircularRow, Sequence[CircularLineRow]], str]


DRAFT = Move(
    lambda circulars, args: circulars.draft(args.month, args.by),
    lambda row, lines: (
        f"edition {row.edition} of {row.month} names {len(lines)} matters (duban circular show {row.month}); "
        f"next: duban circular {'consult' if lines else 'sign'} {row.month}"
    ),
)
CONSULT = Move(
    lambda circulars, args: circulars.consult(args.month, args.by),
    lambda row, lines: (
        f"{len(lines)} lines are put to the departments by mail; they may object until {row.window_until}"
    ),
)
SIGN = Move(
    lambda circulars, args: circulars.sign(args.month, args.by),
    lambda row, lines: f"signed with {len(lines)} lines, SHA-256 {row.digest}",
)
ISSUE = Move(
    lambda circulars, args: circulars.issue(args.month, args.by),
    lambda row, lines: f"issued as 〔{row.year}〕{row.number}号; {len(lines)} matters have to be put right",
)


def register(commands: Any) -> None:
    circulars = group(commands, "circular")
    for name, move, help in (
        ("draft", DRAFT, "count what stands and write a draft; nobody is told yet"),
        ("consult", CONSULT, "put the draft's lines to the departments named; their window begins"),
        ("sign", SIGN, "fix its numbers and words (a supervisor, never who drafted it)"),
        ("issue", ISSUE, "give the number; every line now has to be put right"),
    ):
        made = add(circulars, name, _move, help)
        made.set_defaults(move=move)
        made.add_argument("month", metavar="MONTH", help="2015-09")
        person(made)
    circular_show.register(circulars)
    objected = add(circulars, "object", _object, "object to a line, for the department named in it (申诉)")
    _line(objected)
    objected.add_argument("--proof", required=True, metavar="TEXT", help="what supports it: an address, a number")
    person(objected, reason="the grounds")
    wrong = add(circulars, "erratum", _erratum, "say what is true instead of what an issued line said (更正)")
    _line(wrong)
    wrong.add_argument("--truth", required=True, metavar="TEXT", help="what is true, in Chinese: it is printed")
    person(wrong, reason="what it rests on")
    add(circulars, "list", _list, "list every edition of every month", rows=True)


def _line(made: argparse.ArgumentParser) -> None:
    made.add_argument("month", metavar="MONTH")
    made.add_argument("line", type=context.count, metavar="LINE")


def _move(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        circulars = Circulars(tx, args.loaded, rulebook, now)
        row = args.move.act(circulars, args)
        lines = [args.move.message(row, lines_of(tx, row.id))]
        if circulars.unseen:
            lines.append(_unseen(circulars.unseen))
        if circulars.fault:
            lines.append(f"the county's own template was left aside for the shipped one: {circulars.fault}")
        return Registered(row, True, "\n".join(lines))

    with Underway(f"circular {args.month}"):
        return do(args, deed)


def _unseen(reasons: Mapping[str, str]) -> str:
    shown = "; ".join(dict.fromkeys(reasons.values()))
    return f"{len(reasons)} late matters are not named, for nobody looked for them lately ({shown}): duban crawl"


def _erratum(args: argparse.Namespace) -> int:
    args.move = Move(
        lambda circulars, args: circulars.correct(args.month, args.line, args.truth, args.reason, args.by),
        lambda row, lines: (
            f"line {args.line} of {row.month} is corrected; nothing has to be put right for it any more "
            f"(duban circular show {row.month} --erratum {args.line})"
        ),
    )
    return _move(args)


def _object(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        circulars = Circulars(tx, args.loaded, rulebook, now)
        return circulars.object(args.month, args.line, args.by, args.reason, args.proof)

    return do(args, deed)


def _list(args: argparse.Namespace) -> int:
    with context.reading(args) as (tx, rulebook):
        zone = rulebook.county.zone
        rows = [
            row_of(row, ALL, {
                "number": f"〔{row.year}〕{row.number}号" if row.number is not None else "",
                "lines": len(lines_of(tx, row.id)),
                "issued_at": row.issued_at.astimezone(zone) if row.issued_at else None,
            })
            for row in list_circulars(tx, rulebook.county.id)
        ]  # fmt: skip
    emit(ALL, rows, args.format)
    return 0

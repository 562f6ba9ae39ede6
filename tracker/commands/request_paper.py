"""`duban request paper` and `fee`: the papers of a request as .docx, and the processing fee with its working."""

from __future__ import annotations

import os
import re
from argparse import ArgumentTypeError, Namespace
from pathlib import Path

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import tr
from tracker.commands.listed import read_field
from tracker.commands.output import say
from tracker.commands.parsing import command, count, day, exclusive, number, option, person
from tracker.commands.request_names import REQUEST, find_named_request, load_person_keys
from tracker.core.law.counting import moment_day
from tracker.core.law.wording import day_zh
from tracker.core.requests.fees import compute_item_fee, compute_page_fee
from tracker.core.requests.moves import MOVES
from tracker.core.requests.papers import PAPERS, PaperKind
from tracker.core.requests.values import Request
from tracker.core.values.message import ListedWord
from tracker.documents.docx import docx_of
from tracker.documents.request_papers import build_paper
from tracker.registers.request_papers import PaperOrder, check_document_number, find_addressee, prepare_paper
from tracker.store.engine import Tx

_DAY = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")
#: Stands in place of the name, to be filled in by hand.
BLANK = "　" * 8


def field(text: str) -> tuple[str, str]:
    """argparse type: a field of a paper, as NAME=TEXT."""
    pair = read_field(text)
    if pair is None or not pair[0].isidentifier():
        raise ArgumentTypeError(tr("{text!r} is no field; write one like reason=TEXT", text=text))
    return pair


@command("request paper")
@option("paper", choices=tuple(PAPERS), metavar="PAPER",
        help="receipt, correction, consultation, extension, delay, fee, answer, override or complaint")  # fmt: skip
@REQUEST
@option("--field", type=field, action="append", default=[], metavar="NAME=TEXT",
        help="what the paper says and is not on record, or in place of it (again for each)")  # fmt: skip
@option("--step", type=count, metavar="N", help="of which step, where there are several (default: the last)")
@option("--number", default="", metavar="NUMBER", help="its document number (文号), as 样国土依复〔2026〕3号")
@option("--dated", type=day, metavar="DAY", help="the day that it bears (default: that of the step, else today)")
@option("--to", default="", metavar="NAME", help="consultation: the agency that is asked, or the third party's number")
@exclusive(
    option("--preview", action="store_true", help="print its text without the name, and look at no personal data"),
    option("--out", type=Path, metavar="FILE", help="write it as .docx, with the name; nobody else may read the file"),
    required=True,
)
@option("--blank", action="store_true", help="leave the name blank, and look at no personal data")
@person(required=False)
def write_paper(args: Namespace, context: CommandContext) -> None:
    """Write a paper of a request as a letter in the form of GB/T 9704-2012."""
    kind = PAPERS[args.paper]
    if args.number:
        check_document_number(args.number)
    if args.out is not None and args.out.suffix != ".docx":
        raise UsageError("--out {out}: write .docx", out=args.out)
    if args.out is not None and not args.out.absolute().parent.is_dir():
        raise UsageError("--out {out}: there is no folder of that name", out=args.out)
    with context.open_store() as store, store.begin() as tx:
        request = find_named_request(tx, context, args.request)
        order = prepare_paper(
            tx, context.rulebook, context.loaded.calendar, kind, request, dict(args.field), now=context.now,
            dated=args.dated, ordinal=args.step,
        )  # fmt: skip
        name = _name(args, context, tx, request, order)
    built = build_paper(
        kind, request, order.fields, rulebook=context.rulebook, addressee=name or BLANK, dated=order.dated,
        number=args.number, folder=context.loaded.templates.get(context.county.id),
    )  # fmt: skip
    if args.out is None:
        known = f"{request.title}{day_zh(request.filed_on)}{day_zh(moment_day(request.received, context.zone))}"
        print(built.text if order.is_recorded else _preview(kind, built.text, known))
    else:
        _write_private(args.out, docx_of(built.document))
    _tell(args, kind, order, name, built.fault)


def _preview(kind: PaperKind, text: str, known: str) -> str:
    """The text of a paper whose step is not entered yet: what it promises holds only once the step is judged, so that
    days stand in brackets, but those that are on record (`known`)."""

    def bracket(match: re.Match[str]) -> str:
        return match[0] if match[0] in known else f"［{match[0]}］"

    step = MOVES[kind.move].title
    return f"【预览】“{step}”一步尚未录入：方括号内的日期为拟定，期限以录入后为准。\n\n{_DAY.sub(bracket, text)}"


def _name(args: Namespace, context: CommandContext, tx: Tx, request: Request, order: PaperOrder) -> str:
    """To whom the paper is written; "" where a hand fills it in. Only the name of a person is looked up."""
    is_asking = args.paper in ("consultation", "override")
    if args.to and not is_asking:
        raise UsageError("--to belongs to a paper for a third party or an agency: other papers go to the applicant")
    if args.paper == "consultation" and order.fields["whom"] != "third-party":
        if not args.to:
            raise UsageError("--to NAME: which agency is asked")
        return str(args.to)
    if args.to and not args.to.isdecimal():
        raise UsageError("--to {to}: give the third party's number, as 1: its name is on record, encrypted", to=args.to)
    if args.blank or args.out is None:
        return ""
    if not args.by:
        raise UsageError("give --by WHO, for the look at the name is recorded, or --blank")
    return find_addressee(
        tx, context.rulebook, load_person_keys(context), request,
        party=number(args.to or "1") if is_asking else None,
        by=args.by, purpose=f"制作{PAPERS[args.paper].title}", now=context.now,
    )  # fmt: skip


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that only its user may read, and say its size; what stood there is replaced."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    say("{path}: {count:,} bytes", path=path, count=len(content))


def _tell(args: Namespace, kind: PaperKind, order: PaperOrder, name: str, fault: str) -> None:
    if fault:
        say("the county's own template was left aside for the shipped one: {fault}", fault=fault)
    if args.out is not None and name:
        say("the file holds personal data: send it, file it and keep no copy elsewhere")
    elif args.out is not None:
        say("the name is left blank: write it in by hand")
    if kind.is_numbered and not args.number:
        say("it has no document number (文号): --number")
    if not order.is_recorded:
        say("no {move} is on record: enter it when the paper goes out", move=ListedWord("move", kind.move))


@command("request fee")
@exclusive(
    option("--items", type=count, metavar="N", help="by item: how many there are in this request"),
    option("--pages", type=count, metavar="N", help="by page: how many there are in this request"),
    required=True,
)
@option("--earlier", type=number, default=0, metavar="N", help="items of the applicant before it in the calendar month")
def show_fee(args: Namespace, context: CommandContext) -> None:
    """Compute the processing fee (信息处理费) by item or by page, with its working."""
    if args.pages and args.earlier:
        raise UsageError("--earlier counts items: pages are those of one request")
    fee = compute_page_fee(args.pages) if args.pages else compute_item_fee(args.items, args.earlier)
    print(fee.working)

"""`duban report`: the overdue report of any day, the ledger (台账), and a year as a picture."""

from __future__ import annotations

import io
import json
import os
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, DepartmentName, UsageError
from tracker.commands.language import tr
from tracker.commands.output import emit, say, write_file
from tracker.commands.parsing import AS_OF, command, day, option
from tracker.commands.printing import check_sheet, print_paper, print_sheet
from tracker.commands.progress import Underway
from tracker.core.law.county import Rulebook
from tracker.reports.list_csv import csv_file
from tracker.reports.overdue import overdue_at
from tracker.reports.overdue_view import COLUMNS, rows_of
from tracker.reports.pictures import year as year_pictures
from tracker.reports.pictures.drawing import Drawing, svg_of
from tracker.reports.snapshot import CountyReader, CountySnapshot
from tracker.store.bulletins import find_bulletin
from tracker.store.standings import find_last_standing

FORMATS = ("table", "html", "xlsx", "docx", "pdf", "csv", "json")
#: Formats that no terminal shows.
_FILES = ("xlsx", "docx", "pdf")
LIST_COLUMNS = ("part", "department", "title", "period", "due", "days_late", "status", "light")
SUMMARY_COLUMNS = ("name", "late", "overdue", "incomplete", "unkept", "fresh", "unjudged", "worst")
PICTURES = {
    "lights": "each department and duty, by the worst light of its occurrences",
    "rate": "the share published on time by month, of the county and of --department",
    "days": "how many days late, by duty",
}
_PICTURE_HELP = "; ".join(f"{kind}: {what}" for kind, what in PICTURES.items())


# -- picture ---------------------------------------------------------------------------------------


def parse_year(text: str) -> int:
    """argparse type: a year."""
    if not text.isdecimal() or not 2000 <= int(text) <= 2100:
        raise ArgumentTypeError(tr("{text!r} is no year; write 2015", text=text))
    return int(text)


@command("report picture", epilog=_PICTURE_HELP)
@option("kind", choices=PICTURES, help=_PICTURE_HELP)
@option("--to", type=Path, required=True, metavar="FILE", help="where to write it: .svg or .png")
@option("--year", type=parse_year, metavar="YEAR", help="the year (default: the year of --as-of)")
@AS_OF
@option(
    "--department", type=DepartmentName, metavar="ID", help="only this department; `rate` shows it beside the county"
)
@option("--paged", action="store_true", help="in parts that fit on A4: FILE-1, FILE-2, …")
def draw_picture(args: Namespace, context: CommandContext) -> None:
    """Draw a year as a picture."""
    if args.to.suffix not in (".svg", ".png"):
        raise UsageError("--to {to}: write .svg or .png", to=args.to)
    if not args.to.absolute().parent.is_dir():
        raise UsageError("--to {to}: there is no folder {parent}", to=args.to, parent=args.to.absolute().parent)
    at = context.as_of()
    with Underway(tr("{id} report picture {kind}", id=context.county.id, kind=args.kind)) as under_way:
        with context.read() as tx:
            reader = CountyReader(context.rulebook, context.loaded.calendar)
            snapshot, year = year_pictures.read_year(tx, reader, at, args.year, under_way.report_progress)
            is_new = find_last_standing(tx, context.county.id, at) is None
        context.check_department()
        if is_new:
            say("nothing was decided by then: run `duban tick` or `duban once` first")
        _write_drawings(args.to, _draw(args, snapshot, year))


def _draw(args: Namespace, snapshot: CountySnapshot, year: int) -> tuple[Drawing, ...]:
    if args.kind == "rate":
        return year_pictures.rate(snapshot, year, args.department)
    draw = year_pictures.lights if args.kind == "lights" else year_pictures.days
    return draw(snapshot, year, args.department, paged=args.paged)


def _write_drawings(path: Path, drawings: tuple[Drawing, ...]) -> None:
    from tracker.reports.pictures.painting import NoPainter, png_of

    if path.suffix == ".svg":
        files = [svg_of(drawing).encode() for drawing in drawings]
    else:
        try:
            files = png_of(drawings)
        except NoPainter as error:
            raise UsageError(str(error)) from None
    for number, content in enumerate(files, 1):
        to = path if len(files) == 1 else path.with_stem(f"{path.stem}-{number}")
        try:
            write_file(to, content)
        except OSError as error:
            raise UsageError("--to {to}: {strerror}", to=to, strerror=tr(error.strerror or "")) from None


# -- overdue ---------------------------------------------------------------------------------------


@command("report overdue")
@AS_OF
@option("--format", choices=FORMATS, help="default: by the ending of FILE, else table")
@option("--to", type=Path, metavar="FILE", help="write it there; needed for xlsx, docx and pdf")
@option("--issue", type=int, metavar="N", help="the 专报 of that number in the year of --as-of, as it was sent")
def report_overdue(args: Namespace, context: CommandContext) -> None:
    """What is late, what could not be judged, what changed since last time."""
    form = _form(args)
    rulebook, at = context.rulebook, context.as_of()
    if args.to:
        _check_writable(args.to)
    if args.issue is not None:
        _write_issue(args, context, at.astimezone(rulebook.county.zone).year)
        return
    with Underway(tr("{id} report overdue", id=rulebook.county.id)) as under_way:
        with context.read() as tx:
            reader = CountyReader(rulebook, context.loaded.calendar)
            report = overdue_at(tx, reader, rulebook.county.id, at, under_way.report_progress)
        content = b"" if form == "table" else content_of(form, report, rulebook, at)
    if args.to:
        with _replacing(args.to) as temporary_path:
            temporary_path.write_bytes(content)
        say("{to}: {count:,} bytes", to=args.to, count=len(content))
    elif form == "table":
        _print(report, rulebook)
    else:
        sys.stdout.write(content.decode())


def _write_issue(args: Namespace, context: CommandContext, year: int) -> None:
    """Write the numbered report byte for byte as it was sent."""
    if args.to is None or args.to.suffix.lower() != ".docx":
        raise UsageError("--issue {number}: needs --to FILE.docx", number=args.issue)
    with context.read() as tx:
        bulletin = find_bulletin(tx, context.county.id, year, args.issue)
    if bulletin is None:
        raise UsageError("no report of {year} has the number {number}", year=year, number=args.issue)
    with _replacing(args.to) as temporary_path:
        temporary_path.write_bytes(bulletin.docx)
    say("{to}: {count:,} bytes", to=args.to, count=len(bulletin.docx))


def _form(args: Namespace) -> str:
    """The format of the report. Raises UsageError if it does not go with the file."""
    ending = args.to.suffix.lstrip(".").lower() if args.to else ""
    if args.to and ending not in FORMATS[1:]:
        raise UsageError("--to {to}: end it in one of .{endings}", to=args.to, endings=", .".join(FORMATS[1:]))
    form: str = args.format or ending or "table"
    if args.to and form != ending:
        raise UsageError(
            "--format {form} and --to {to} do not agree: leave --format out, or end FILE in .{form}",
            form=form,
            to=args.to,
        )
    if form in _FILES and not args.to:
        raise UsageError("--format {form} needs --to FILE.{form}", form=form)
    return form


def content_of(form: str, report: dict[str, Any], rulebook: Rulebook, at: datetime) -> bytes:
    """The report as a file of that format."""
    local = at.astimezone(rulebook.county.zone)
    match form:
        case "html":
            from tracker.reports.overdue_paper import page_of_report

            return page_of_report(rulebook.county.name, report).encode()
        case "xlsx":
            from notifications.ledger import ledger

            return ledger(rulebook.county.name, report, local)
        case "docx" | "pdf":
            from tracker.documents.docx import docx_of
            from tracker.documents.page import page_of
            from tracker.reports.overdue_paper import paper_of

            paper = paper_of(rulebook, report, local.date())
            return docx_of(paper) if form == "docx" else print_paper(docx_of(paper), page_of(paper))
        case "csv":
            return csv_file(COLUMNS, rows_of(report))
        case _:
            return (json.dumps({**report, "at": local.isoformat()}, ensure_ascii=False, indent=1) + "\n").encode()


def _print(report: dict[str, Any], rulebook: Rulebook) -> None:
    totals = report["totals"]
    print(f"{rulebook.county.name}政务公开逾期事项督办情况（截至{report['as_of']}）")
    print(f"{report['summary']}。未来七日到期{totals['coming']}件。")
    if report["compared"]:
        print(f"{report['compared']}。")
    for span in report["dark"]:
        print(f"未监测时段：{span}")
    for fault in report["faults"]:
        print(f"网站查看故障：{fault['where']}：{fault['note']}（自{fault['since']}起）")
    for title, key in (("各单位情况", "departments"), ("各事项情况", "duties")):
        if report[key]:
            emit(SUMMARY_COLUMNS, ({"name": row.get("title"), **row} for row in report[key]), "table", title=title)
    rows = list(rows_of(report))
    if rows:
        emit(LIST_COLUMNS, rows, "table", title="清单")
    say("entries that await a decision are not included, see: duban evidence list")


# -- ledger ----------------------------------------------------------------------------------------


@command("report ledger")
@AS_OF
@option("--from", dest="first", type=day, metavar="DAY", help="what fell due from that day on")
@option("--until", dest="last", type=day, metavar="DAY", help="what fell due up to that day")
@option("--sheets", choices=("one", "department"), default="one", help="a sheet for each department too")
@option("--to", type=Path, required=True, metavar="FILE", help="the .xlsx or .pdf to write")
def report_ledger(args: Namespace, context: CommandContext) -> None:
    """Every occurrence with its due date, proof, light and derivation, as .xlsx or .pdf."""
    from notifications.ledger import TooManyRows
    from tracker.reports.ledger import LedgerQuery, write_ledger

    as_pdf = check_sheet(args.to)
    if args.first and args.last and args.first > args.last:
        raise UsageError("--from {first} lies after --until {last}", first=args.first, last=args.last)
    rulebook, at = context.rulebook, context.as_of()
    _check_writable(args.to)
    try:
        with (
            _replacing(args.to) as temporary_path,
            Underway(tr("{id} report ledger", id=rulebook.county.id)) as under_way,
            temporary_path.open("wb") as out,
            context.read() as tx,
        ):
            query = LedgerQuery(args.first, args.last, args.sheets)
            reader = CountyReader(rulebook, context.loaded.calendar)
            sheet = io.BytesIO() if as_pdf else out
            count = write_ledger(tx, reader, rulebook, at, query, sheet, under_way.report_progress)
            if isinstance(sheet, io.BytesIO):
                out.write(print_sheet(sheet.getvalue()))
    except TooManyRows as error:
        raise UsageError(str(error)) from None
    say(
        tr("{to}: {count:,} matters", to=args.to, count=count)
        if count
        else tr("{to}: no matter was decided by then, or none falls due then", to=args.to)
    )


def _check_writable(path: Path) -> None:
    """Refuse a path at which no file can be written, before the work begins."""
    if not path.parent.is_dir():
        raise UsageError("--to {path}: there is no folder {parent}", path=path, parent=path.parent)
    if path.is_dir():
        raise UsageError("--to {path}: a folder; name a file", path=path)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A path in the same folder whose file replaces `path` once it is written: an earlier file stays until then."""
    temporary_path = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        yield temporary_path
        temporary_path.replace(path)
    finally:
        temporary_path.unlink(missing_ok=True)

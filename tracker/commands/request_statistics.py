"""`duban request statistics`: the national table of a year, the requests behind each number, the yearly analysis."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import tr
from tracker.commands.output import emit, say, write_file
from tracker.commands.parsing import DEPARTMENT, command, option
from tracker.commands.report import parse_year
from tracker.core.requests.national_form import COLUMNS, REMEDY_HEADS, RESULTS
from tracker.core.requests.national_table import Figures
from tracker.reports.list_csv import csv_file
from tracker.reports.request_figures import FiguresError, parse_figures, write_figures
from tracker.reports.request_statistics import (
    APPLICANT_COLUMNS,
    LISTED,
    RESULT_COLUMNS,
    RequestStatistics,
    appeal_rows,
    fault_rows,
    read_statistics,
    table_rows,
)

TABLE = ("code", "item", *APPLICANT_COLUMNS.values())
APPEALS = ("code", "item", *RESULT_COLUMNS.values())
_ENDINGS = (".xlsx", ".docx", ".json", ".csv")


@command("request statistics", rows=True)
@option("year", type=parse_year, metavar="YEAR", help="the year of the report")
@DEPARTMENT
@option("--to", type=Path, metavar="FILE", help="write it as .xlsx, .docx, .csv, or as .json for --figures")
@option("--analysis", action="store_true", help="with --to FILE.docx: the yearly analysis, with pictures")
@option("--list", dest="place", metavar="LINE[/COLUMN]", help="the requests behind a number: 3.4, or 3.4/company")
@option(
    "--figures",
    type=Path,
    action="append",
    default=[],
    metavar="FILE",
    help="numbers as .json: of the year before, to compare what was carried over; of this year, to be added",
)
def statistics(args: Namespace, context: CommandContext) -> int:
    """Count a year's requests for the annual report, each sum checked (exit status 1: one does not add up)."""
    context.check_department()
    if args.to and args.to.suffix not in _ENDINGS:
        raise UsageError("--to {to}: end it in one of {endings}", to=args.to, endings=", ".join(_ENDINGS))
    if args.analysis and not (args.to and args.to.suffix == ".docx"):
        raise UsageError("--analysis needs --to FILE.docx")
    today = context.now.date()
    if args.year > today.year:
        raise UsageError("{year} is still to come", year=args.year)
    figures = [_read_figures(path, args.year) for path in args.figures]
    with context.read() as tx:
        counted = read_statistics(
            tx, context.rulebook, context.loaded.calendar, args.year, today, args.department or "", figures
        )
    if args.place:
        _list(args.place, counted, args.format)
    elif args.to:
        write_file(args.to, _content(args, counted))
    else:
        _print(counted, args.format)
    return _say_faults(counted)


def _read_figures(path: Path, year: int) -> Figures:
    try:
        return parse_figures(path.read_text("utf-8"), year)
    except (FiguresError, UnicodeDecodeError) as error:
        why = tr(error.args[0]) if isinstance(error, FiguresError) else tr("not UTF-8")
        raise UsageError("--figures {path}: {why}", path=path, why=why) from None


def _list(place: str, counted: RequestStatistics, form: str) -> None:
    """Print the requests behind a number."""
    code, _, column = place.partition("/")
    try:
        found = counted.table.open_cell(code, column or "total")
    except KeyError:
        lines = ", ".join((*counted.table.form.codes, *REMEDY_HEADS))
        columns = ", ".join(RESULTS if code in REMEDY_HEADS else COLUMNS)
        raise UsageError(
            "--list {place}: no such number (lines: {lines}; columns: {columns})",
            place=place,
            lines=lines,
            columns=columns,
        ) from None
    emit(LISTED, map(counted.listed, found), form, title=f"{counted.unit}{counted.year}年 {counted.table.title(code)}")


def _content(args: Namespace, counted: RequestStatistics) -> bytes:
    match args.to.suffix:
        case ".xlsx":
            from tracker.reports.request_sheets import sheets_of

            return sheets_of(counted)
        case ".docx":
            return _paper(counted, analysis=args.analysis)
        case ".json":
            return write_figures(counted.table)
        case _:
            return csv_file(TABLE, table_rows(counted.table))


def _paper(counted: RequestStatistics, *, analysis: bool) -> bytes:
    from tracker.documents.docx import docx_of
    from tracker.reports.pictures.painting import NoPainter
    from tracker.reports.request_analysis import analysis_paper, national_paper

    if not analysis:
        return docx_of(national_paper(counted))
    try:
        return docx_of(analysis_paper(counted))
    except NoPainter as error:
        raise UsageError(str(error)) from None


def _print(counted: RequestStatistics, form: str) -> None:
    from tracker.reports.request_tables import basis_zh

    table = counted.table
    emit(TABLE, table_rows(table), form, title=f"{counted.unit}{counted.year}年收到和处理政府信息公开申请情况")
    if form == "table":
        emit(
            APPEALS, appeal_rows(table), form, title=f"{counted.unit}{counted.year}年政府信息公开行政复议、行政诉讼情况"
        )
        print(basis_zh(counted))


def _say_faults(counted: RequestStatistics) -> int:
    """Say which sums do not add up; the exit status."""
    table = counted.table
    if not table.compared:
        say("what was carried over was not compared: give the table of {year} (--figures)", year=table.year - 1)
    for row in fault_rows(table):
        say("does not add up: {rule} ({where}): {left} and {right} {requests}", **row)
    return 1 if table.faults else 0

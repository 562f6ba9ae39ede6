"""`duban report`: the overdue report for any day, and the ledger (台账)."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from tracker.commands import context, picture
from tracker.commands.errors import UsageError
from tracker.commands.output import emit, plain, say
from tracker.commands.parsing import add, group
from tracker.commands.progress import Underway
from tracker.core.law.duties import Rulebook
from tracker.reports.overdue import overdue_at
from tracker.reports.overdue_view import COLUMNS, rows_of
from tracker.reports.reading import Reader

FORMATS = ("table", "html", "xlsx", "docx", "csv", "json")
#: Forms that no terminal shows.
_FILES = ("xlsx", "docx")
_SHOWN = ("part", "department", "title", "period", "due", "days_late", "status", "light")
#: The first characters of a formula; a Chinese spreadsheet takes the full-width ones too.
_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_COUNTED = ("name", "late", "overdue", "incomplete", "fresh", "unjudged", "worst")


def register(commands: Any) -> None:
    reports = group(commands, "report")
    picture.register(reports)
    overdue = add(reports, "overdue", _overdue, "what is late, what could not be judged, what changed since last time")
    overdue.add_argument("--as-of", metavar="DAY", help="as it stood at the end of that day (default: now)")
    overdue.add_argument("--format", choices=FORMATS, help="default: by the ending of FILE, else table")
    overdue.add_argument("--to", type=Path, metavar="FILE", help="write it there; needed for xlsx and docx")
    ledger = add(reports, "ledger", _ledger, "every matter with its limit, proof, light and derivation, as .xlsx")
    ledger.add_argument("--as-of", metavar="DAY", help="as it stood at the end of that day (default: now)")
    ledger.add_argument("--from", dest="first", type=context.day, metavar="DAY", help="what fell due from that day on")
    ledger.add_argument("--until", dest="last", type=context.day, metavar="DAY", help="what fell due up to that day")
    ledger.add_argument(
        "--sheets", choices=("one", "department"), default="one", help="a sheet for each department too"
    )
    ledger.add_argument("--to", type=Path, required=True, metavar="FILE", help="the .xlsx to write")


def _overdue(args: argparse.Namespace) -> int:
    form = _form(args)

    loaded = context.load(args)
    rulebook = context.pick(loaded, args)
    at = context.as_of(args, rulebook)
    _writable(args.to)
    with Underway(f"{rulebook.county.id} report overdue") as under_way:
        with context.opened(args, create=False) as store, store.read() as tx:
            reader = Reader(rulebook, loaded.calendar)
            report = overdue_at(tx, reader, rulebook.county.id, at, under_way.told)
        content = content_of(form, report, rulebook, at)
    if args.to:
        _put(args.to, content)
    elif form == "table":
        _print(report, rulebook)
    else:
        sys.stdout.write(content.decode())
    return 0


def _form(args: argparse.Namespace) -> str:
    """The form that is asked for. Raises UsageError where it does not go with the file."""
    ending = args.to.suffix.lstrip(".").lower() if args.to else ""
    if args.to and ending not in FORMATS[1:]:
        raise UsageError(f"--to {args.to}: end it in one of .{', .'.join(FORMATS[1:])}")
    form: str = args.format or ending or "table"
    if args.to and form != ending:
        raise UsageError(f"--format {form} and --to {args.to} do not agree: leave --format out, or end FILE in .{form}")
    if form in _FILES and not args.to:
        raise UsageError(f"--format {form} needs --to FILE.{form}")
    return form


def content_of(form: str, report: dict[str, Any], rulebook: Rulebook, at: datetime) -> bytes:
    """The report in that form; nothing for a table, which is printed."""
    local = at.astimezone(rulebook.county.zone)
    match form:
        case "html":
            from tracker.reports.overdue_paper import page_of_report

            return page_of_report(rulebook.county.name, report).encode()
        case "xlsx":
            from notifications.ledger import ledger

            return ledger(rulebook.county.name, report, local)
        case "docx":
            from tracker.documents.docx import docx_of
            from tracker.reports.overdue_paper import paper_of

            return docx_of(paper_of(rulebook, report, local.date()))
        case "csv":
            return csv_of(COLUMNS, rows_of(report))
        case "json":
            return (json.dumps({**report, "at": local.isoformat()}, ensure_ascii=False, indent=1) + "\n").encode()
        case _:
            return b""


def csv_of(columns: tuple[str, ...], rows: Any) -> bytes:
    """With a mark at its beginning, without which Excel takes UTF-8 for another code."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_harmless(row.get(one)) for one in columns] for row in rows)
    return held.getvalue().encode("utf-8-sig")


def _harmless(value: Any) -> str:
    """The value as a cell that a spreadsheet shows and never computes."""
    text = value if isinstance(value, str) else ""
    is_formula = text.lstrip().startswith(_SIGNS) or text.startswith(("\t", "\r", "\n"))
    return f"'{text}" if is_formula else plain(value)


def _print(report: dict[str, Any], rulebook: Rulebook) -> None:
    totals = report["totals"]
    print(f"{rulebook.county.name}{report['title']}（截至{report['as_of']}）")
    print(
        f"逾期{totals['late']}件（未公开{totals['overdue']}件，公开不完整{totals['incomplete']}件），"
        f"未能判定{totals['unjudged']}件，未来七日到期{totals['coming']}件。"
    )
    if report["since"]:
        print(f"与{report['since']}的报告相比：新增逾期{totals['fresh']}件，已补正{totals['mended']}件。")
    for one in report["dark"]:
        print(f"无观测时段：{one}")
    for one in report["faults"]:
        print(f"网站查看故障：{one['where']}：{one['note']}（自{one['since']}起）")
    for title, key in (("各单位情况", "departments"), ("各事项情况", "duties")):
        if report[key]:
            emit(_COUNTED, ({"name": one.get("title"), **one} for one in report[key]), "table", title=title)
    rows = list(rows_of(report))
    if rows:
        emit(_SHOWN, rows, "table", title="清单")
    say("what waits for a person is not in it: duban evidence list")


def _ledger(args: argparse.Namespace) -> int:
    from notifications.ledger import TooManyRows
    from tracker.reports.ledger import Asked, write_ledger

    if args.to.suffix.lower() != ".xlsx":
        raise UsageError(f"--to {args.to}: a ledger is an .xlsx")
    if args.first and args.last and args.first > args.last:
        raise UsageError(f"--from {args.first} lies after --until {args.last}")

    loaded = context.load(args)
    rulebook = context.pick(loaded, args)
    at = context.as_of(args, rulebook)
    _writable(args.to)
    beside = args.to.with_name(f".{args.to.name}.{os.getpid()}")
    try:
        with (
            Underway(f"{rulebook.county.id} report ledger") as under_way,
            beside.open("wb") as out,
            context.opened(args, create=False) as store,
            store.read() as tx,
        ):
            asked = Asked(args.first, args.last, args.sheets)
            reader = Reader(rulebook, loaded.calendar)
            made = write_ledger(tx, reader, rulebook, at, asked, out, under_way.told)
        beside.replace(args.to)
    except TooManyRows as error:
        raise UsageError(str(error)) from None
    finally:
        beside.unlink(missing_ok=True)
    say(f"{args.to}: {made:,} matters" if made else f"{args.to}: no matter was decided by then, or none falls due then")
    return 0


def _writable(path: Path | None) -> None:
    """Refuse a place that is none before the work begins."""
    if path is not None and not path.parent.is_dir():
        raise UsageError(f"--to {path}: there is no folder {path.parent}")
    if path is not None and path.is_dir():
        raise UsageError(f"--to {path}: a folder; name a file")


def _put(path: Path, content: bytes) -> None:
    """Write it whole or not at all: what stood there stays until the new one does."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    say(f"{path}: {len(content):,} bytes")

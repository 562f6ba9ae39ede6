"""`duban week`: what falls due soon, what waits for a decision, what was not read or answered; as rows or a paper."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tracker.commands.context import CommandContext, UsageError
from tracker.commands.output import emit, say, write_file
from tracker.commands.parsing import command, now_option, option
from tracker.commands.printing import print_paper
from tracker.reports.snapshot import CountyReader
from tracker.reports.week import COLUMNS, counts_zh, rows_of, week_at

TABLE = ("part", "department", "title", "period", "due", "note")


@command("week", rows=True)
@now_option(help="as known at that instant")
@option("--to", type=Path, metavar="FILE", help="write it as a paper, .docx or .pdf")
def show_week(args: Namespace, context: CommandContext) -> None:
    if args.to and args.to.suffix.lower() not in (".docx", ".pdf"):
        raise UsageError("--to {to}: write .docx or .pdf", to=args.to)
    loaded, rulebook, now = context.loaded, context.rulebook, context.now
    with context.read() as tx:
        reader, answers = CountyReader(rulebook, loaded.calendar), loaded.schedule.console is not None
        week = week_at(tx, reader, rulebook.county.id, now, answers=answers)
    if args.to:
        _write(args.to, context, week)
        return
    if args.format == "table":
        print(f"{rulebook.county.name}{week['title']}（{week['day']}）：{counts_zh(week['totals'])}。")
    rows = list(rows_of(week))
    if rows or args.format != "table":
        emit(COLUMNS, rows, args.format, table=TABLE, chinese=("note",))
    if args.format == "table" and week.get("decide_more"):
        say("and {count} more articles to decide, see: duban evidence list", count=week["decide_more"])


def _write(path: Path, context: CommandContext, week: Mapping[str, Any]) -> None:
    from tracker.documents.docx import docx_of
    from tracker.documents.page import page_of
    from tracker.reports.week_paper import paper_of_week

    paper = paper_of_week(context.rulebook, week, context.now.astimezone(context.county.zone).date())
    docx = docx_of(paper)
    write_file(path, print_paper(docx, page_of(paper)) if path.suffix.lower() == ".pdf" else docx)

"""`duban week`: prints what falls due soon, what waits for a decision, and what was not read or answered."""

from __future__ import annotations

from argparse import Namespace

from tracker.commands.context import CommandContext
from tracker.commands.output import emit, say
from tracker.commands.parsing import command, now_option
from tracker.decide.questions import open_questions_of_last_pass
from tracker.reports.snapshot import CountyReader
from tracker.reports.week import COLUMNS, counts_zh, rows_of, week_at

TABLE = ("part", "department", "title", "period", "due", "note")


@command("week", rows=True)
@now_option(help="as known at that instant")
def show_week(args: Namespace, context: CommandContext) -> None:
    loaded, rulebook, now = context.loaded, context.rulebook, context.now
    with context.read() as tx:
        waiting = open_questions_of_last_pass(tx, loaded, rulebook, now)
        reader, answers = CountyReader(rulebook, loaded.calendar), loaded.schedule.console is not None
        week = week_at(tx, reader, rulebook.county.id, now, waiting, answers=answers)
    if args.format == "table":
        print(f"{rulebook.county.name}{week['title']}（{week['day']}）：{counts_zh(week['totals'])}。")
    rows = list(rows_of(week))
    if rows or args.format != "table":
        emit(COLUMNS, rows, args.format, table=TABLE, chinese=("note",))
    if args.format == "table" and week.get("decide_more"):
        say("and {count} more articles to decide, see: duban evidence list", count=week["decide_more"])

"""`duban golive`: sends notices to the departments from a day on, lists who would get which, or takes it back."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

from tracker.commands.columns import TITLES, column_lines
from tracker.commands.context import CommandContext, UsageError
from tracker.commands.language import tr
from tracker.commands.listfile import OUT, write_list_file
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import command, day, exclusive, option, person
from tracker.commands.recording import record
from tracker.deliver.preview import GoliveNotice, list_golive_notices
from tracker.registers.columns import load_enrolments
from tracker.registers.errors import Registered
from tracker.registers.golive import describe_left, list_reasons_against, record_golive, revoke_golive
from tracker.store.engine import Tx
from tracker.store.site import load_newest_titles

PLANNED = ("department", "role", "name", "mail", "occurrence", "due", "step", "when", "next")
#: What a terminal shows of it; the file (--out) has all.
TABLE = ("department", "role", "name", "occurrence", "due", "step", "when")


@command("golive", rows=True)
@option("name", nargs="?", default="", metavar="COUNTY", help="which county, where several are loaded")
@option("--on", type=day, metavar="DAY", help="the first day that is pressed (default: today)")
@exclusive(
    option("--dry-run", action="store_true", help="list who would be told what, and write nothing"),
    option("--revoke", action="store_true", help="take it back: the county office alone is told again"),
)
@OUT
@person("the document or meeting it rests on", required=False)
def set_live(args: Namespace, context: CommandContext) -> int:
    if args.name and args.county not in (None, args.name):
        raise UsageError("golive {name} --county {county}: two counties are named", name=args.name, county=args.county)
    args.county = args.name or args.county
    if args.dry_run:
        return _print_plan(args, context)
    if args.out is not None:
        raise UsageError("--out writes the plan: give --dry-run with it")
    if missing := [f"--{name}" for name in ("by", "reason") if not getattr(args, name)]:
        raise UsageError("golive needs {missing}: who decided it, and on what basis", missing=tr(" and ").join(missing))
    if args.revoke and args.on:
        raise UsageError("--revoke holds at once: leave out --on")
    how: dict[str, Any] = {"by": args.by, "reason": args.reason, "now": context.now}

    def act(tx: Tx) -> Registered[Any]:
        if args.revoke:
            return revoke_golive(tx, context.rulebook, **how)
        return record_golive(tx, context.loaded, context.rulebook, **how, on=args.on)

    record(context, act, judged=False)
    return 0


def _print_plan(args: Namespace, context: CommandContext) -> int:
    loaded, now = context.loaded, context.now
    on = args.on or now.date()
    with context.open_store() as store:
        with store.read() as tx:
            reasons = list_reasons_against(tx, loaded, context.rulebook, on, now)
            enrolments = load_enrolments(tx, context.county)
            titles = load_newest_titles(tx, context.county.id, TITLES)
        notices = list_golive_notices(store, loaded, context.county.id, on, now)
    rows = [row_of(notice, PLANNED, {"next": _next_steps(notice)}) for notice in notices]
    if args.format == "table":
        short = [{**row, "occurrence": _tail(row["occurrence"]), "when": f"{row['when']:%m-%d %H:%M}"} for row in rows]
        emit(TABLE, short, "table")
    else:
        emit(PLANNED, rows, args.format)
    if args.out is not None:
        write_list_file(context, args.out, "转入正式督办时拟发通知清单", PLANNED, rows)
    read = [enrolment for enrolment in enrolments if enrolment.visit is not None]
    if args.format == "table" and read:
        shown = (column_lines(enrolment, titles.get(enrolment.column.key, []), context) for enrolment in read)
        print("", *("\n".join(lines) for lines in shown), sep="\n\n")
    mailboxes = len({notice.mail for notice in notices})
    waiting = sum(notice.waits for notice in notices)
    say(
        "{count} notices to {mailboxes} mailboxes from {on} on; nothing was written",
        count=len(notices),
        mailboxes=mailboxes,
        on=on,
    )
    if waiting:
        say("{waiting} of them wait until the site was looked at again", waiting=waiting)
    if read:
        say("going live confirms that these lists are the columns' own: compare the titles with the site")
    for left in describe_left(enrolments):
        say(left)
    for reason in reasons:
        say("stands in the way: {reason}", reason=reason)
    return int(bool(reasons))


def _tail(occurrence: str) -> str:
    """The occurrence without county and pack, as other commands take it."""
    return occurrence.split("/", 2)[2]


def _next_steps(notice: GoliveNotice) -> str:
    return "; ".join(f"{name} {at:%Y-%m-%d %H:%M}" for name, at in notice.then)

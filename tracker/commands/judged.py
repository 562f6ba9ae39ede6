"""`duban status | explain`: prints what was decided, and why."""

from __future__ import annotations

from argparse import Namespace
from datetime import tzinfo
from typing import TYPE_CHECKING, Any

from tracker.commands.context import CommandContext, unknown_occurrence
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import DEPARTMENT, command, now_option, option

if TYPE_CHECKING:
    from tracker.store.occurrences import OccurrenceRow

COLUMNS = (
    "county", "pack", "duty", "department", "period", "due_on", "light", "status",
    "provisional", "assumed", "proved_at", "reason",
)  # fmt: skip
TABLE = ("duty", "department", "period", "due_on", "light", "reason")
LIGHTS = ("red", "yellow", "blue", "green", "grey", "none")


@command("status", rows=True)
@DEPARTMENT
@option("--light", choices=LIGHTS)
@option("--all", action="store_true", help="with what is closed, met or not yet open")
def show_status(args: Namespace, context: CommandContext) -> int:
    from tracker.store.occurrences import load_occurrences

    with context.read() as tx:
        context.check_department()
        occurrences = list(load_occurrences(tx, context.county.id).values())
    rows = sorted((row for row in occurrences if _is_wanted(row, args)), key=_worst_first)
    emit(COLUMNS, [_row(row, context.zone) for row in rows], args.format, table=TABLE, chinese=("reason",))
    if not occurrences:
        say("nothing was decided yet: run `duban tick` or `duban once` first")
    return int(any(row.light == "red" for row in rows))


def _is_wanted(row: OccurrenceRow, args: Namespace) -> bool:
    if args.department and args.department not in row.department.split("+"):
        return False
    if args.light:
        return row.light == args.light and not row.closed
    is_quiet = row.closed or row.status in ("upcoming", "paused", "met", "closed")
    return args.all or args.format != "table" or not is_quiet


def _worst_first(row: OccurrenceRow) -> tuple[int, str, str, str]:
    return LIGHTS.index(row.light), str(row.due_on or "9999"), row.duty, row.department


def _row(row: OccurrenceRow, zone: tzinfo) -> dict[str, Any]:
    proved_at = row.proved_at.astimezone(zone) if row.proved_at else None
    values = {"period": row.label, "light": row.light.value, "status": row.status.value, "proved_at": proved_at}
    return row_of(row, COLUMNS, values)


@command("explain")
@option("occurrence", metavar="OCCURRENCE", help="county/pack/duty/department/label, or its tail")
@now_option(help="as judged at that instant")
def explain_occurrence(args: Namespace, context: CommandContext) -> None:
    from tracker.commands.explaining import lines_of
    from tracker.decide.explain import explain

    now = context.instant(context.loaded.schedule.zone)
    with context.open_store() as store:
        explanation = explain(store, context.loaded, args.occurrence, now)
    if isinstance(explanation, list):
        raise unknown_occurrence(args.occurrence, explanation)
    print("\n".join(lines_of(explanation)))

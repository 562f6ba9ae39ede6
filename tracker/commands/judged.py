"""`duban status | explain`: prints what was decided, and why."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Collection
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any

from tracker.commands.context import CommandContext, begin_of, unknown_occurrence
from tracker.commands.language import tr, word
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import DEPARTMENT, command, now_option, option

if TYPE_CHECKING:
    from tracker.store.engine import Tx
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
@option("--all", action="store_true", help="with what is closed, met, not yet open or was due before the county began")
@now_option(help="as if it were then: which notices are today's")
def show_status(args: Namespace, context: CommandContext) -> int:
    from tracker.store.occurrences import load_occurrences

    with context.read() as tx:
        context.check_department()
        occurrences = list(load_occurrences(tx, context.county.id).values())
        trial = count_trial(tx, context) if args.format == "table" else None
    rows = sorted((row for row in occurrences if _is_wanted(row, args, context.county.start)), key=_worst_first)
    shown = [_row(row, context.zone) for row in rows]
    if args.format == "table":
        today = context.now.astimezone(context.zone).date()
        shown = [row | {"due_on": shorten_day(row["due_on"], today)} for row in shown]
    emit(COLUMNS, shown, args.format, table=TABLE, chinese=("reason",))
    if not occurrences:
        say("nothing was decided yet: run `duban tick` or `duban once` first")
    elif args.format == "table":
        print(count_lights(rows, len(occurrences)))
        if trial is not None:
            say(
                "on trial: {count} notices of today were meant for others and go to the county office alone "
                "(`duban golive --dry-run` lists what going live would send)",
                count=trial,
            )
    return int(any(row.light == "red" for row in rows))


def count_trial(tx: Tx, context: CommandContext) -> int | None:
    """How many of today's notices are meant for others and go to the office alone; None where the county is live."""
    from tracker.registers.golive import apply_golive
    from tracker.store.notices import count_trial_notices

    now, county = context.now, context.county
    if not apply_golive(tx, county).shadow(now):
        return None
    return count_trial_notices(tx, county.id, begin_of(now.astimezone(county.zone).date(), county.zone), now)


def shorten_day(day: date | None, today: date) -> date | str | None:
    """The day for a table: without its year where that is the present one."""
    return f"{day:%m-%d}" if day is not None and day.year == today.year else day


def count_lights(rows: Collection[OccurrenceRow], total: int) -> str:
    """How many rows of each light are shown, and how many of `total` are not."""
    lights = Counter(row.light.value for row in rows)
    counts = tr(", ").join(f"{word('light', light)} {lights[light]}" for light in LIGHTS if lights[light])
    sums = tr("{shown} of {total} occurrences", shown=len(rows), total=total)
    return f"{sums}{tr(': ') if counts else ''}{counts}"


def _is_wanted(row: OccurrenceRow, args: Namespace, start: date) -> bool:
    """Whether the options ask for it. Without `--all` or a light, what is closed, met, not yet open or was due before
    the day on which the county began is not."""
    if args.department and args.department not in row.department.split("+"):
        return False
    if args.light and row.light != args.light:
        return False
    is_before = row.due_on is not None and row.due_on < start
    is_quiet = not args.light and (is_before or row.status in ("upcoming", "paused", "met", "closed"))
    return args.all or not (row.closed or is_quiet)


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

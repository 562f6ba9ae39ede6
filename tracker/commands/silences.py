"""`duban silence add | list | lift`: holds notices back about a duty, a department or an occurrence, for a while."""

from __future__ import annotations

from argparse import Namespace
from datetime import datetime, timedelta
from typing import Any

from tracker.commands.context import CommandContext, DepartmentName, begin_of, parse_moment
from tracker.commands.output import emit, row_of
from tracker.commands.parsing import command, now_option, number, option, person
from tracker.commands.recording import records
from tracker.core.escalation.notices import Silence
from tracker.registers.answers import end_silence, order_silence
from tracker.registers.errors import Registered
from tracker.store.answers import list_silences
from tracker.store.engine import Tx

COLUMNS = ("id", "duty", "department", "occurrence", "from", "until", "state", "by", "reason")


@records("silence add", judged=False)
@option("--until", required=True, metavar="DAY[THH:MM]", help="the last day it holds, or the instant")
@option("--from", dest="begins", metavar="DAY[THH:MM]", help="when it begins (default: now)")
@option("--duty", default="", metavar="ID")
@option("--department", type=DepartmentName, default="", metavar="ID")
@option("--occurrence", default="", metavar="OCCURRENCE")
@person("why")
def add_silence(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Silence]:
    """Order a silence about a duty, a department or one occurrence."""
    zone = context.zone
    begins = begin_of(parse_moment(args.begins, zone, "--from"), zone) if args.begins else context.now
    last = parse_moment(args.until, zone, "--until")
    until = last if isinstance(last, datetime) else begin_of(last + timedelta(days=1), zone)
    silence = Silence(0, begins, until, args.reason, args.by, args.duty, args.department, args.occurrence)
    return order_silence(tx, context.rulebook, silence, context.now)


@command("silence list", rows=True)
@option("--all", action="store_true", help="with those that have ended")
@now_option(help="as it stands at that instant")
def show_silences(args: Namespace, context: CommandContext) -> None:
    """List the silences."""
    with context.read() as tx:
        silences = list_silences(tx, context.county.id)
    rows = []
    for silence in silences:
        end = min(silence.until, silence.lifted_at or silence.until)
        if args.all or end > context.now:
            rows.append(row_of(silence, COLUMNS, {
                "from": silence.begins_at.astimezone(context.zone),
                "until": end.astimezone(context.zone),
                "state": _state(silence, context.now),
            }))  # fmt: skip
    emit(COLUMNS, rows, args.format)


def _state(silence: Silence, now: datetime) -> str:
    if silence.lifted_at:
        return "lifted"
    if silence.until <= now:
        return "ended"
    return "holds" if silence.begins_at <= now else "to come"


@records("silence lift", judged=False)
@option("id", type=number, metavar="ID")
@person("why")
def lift_silence(args: Namespace, context: CommandContext, tx: Tx) -> Registered[Any]:
    """End a silence before its time."""
    return end_silence(tx, context.rulebook, number=args.id, by=args.by, reason=args.reason, now=context.now)

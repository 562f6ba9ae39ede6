"""`duban silence add | list | lift`: nothing is pressed about what a silence names, until it ends."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta
from typing import Any

from tracker.commands import context
from tracker.commands.output import emit, row_of
from tracker.commands.parsing import add, group
from tracker.commands.recording import do, person
from tracker.core.escalation.notices import Silence
from tracker.core.law.county import Rulebook
from tracker.registers.errors import Registered
from tracker.registers.silences import lift, order_silence
from tracker.store.answers import list_silences
from tracker.store.engine import Tx

COLUMNS = ("id", "duty", "department", "occurrence", "from", "until", "state", "by", "reason")


def register(commands: Any) -> None:
    silences = group(commands, "silence")
    made = add(silences, "add", _add, "order a silence about a duty, a department or one occurrence")
    made.add_argument("--until", required=True, metavar="DAY[THH:MM]", help="the last day it holds, or the instant")
    made.add_argument("--from", dest="begins", metavar="DAY[THH:MM]", help="when it begins (default: now)")
    made.add_argument("--duty", default="", metavar="ID")
    made.add_argument("--department", default="", metavar="ID")
    made.add_argument("--occurrence", default="", metavar="OCCURRENCE")
    person(made, reason="why")
    listed = add(silences, "list", _list, "list the silences", rows=True)
    listed.add_argument("--all", action="store_true", help="with those that have ended")
    listed.add_argument("--now", metavar="INSTANT", help="as it stands at that instant")
    lifted = add(silences, "lift", _lift, "end a silence before its time")
    lifted.add_argument("id", type=context.number, metavar="ID")
    person(lifted, reason="why")


def _add(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Silence]:
        zone = rulebook.county.zone
        begins = context.begin_of(context.moment(args.begins, zone, "--from"), zone) if args.begins else now
        last = context.moment(args.until, zone, "--until")
        until = last if isinstance(last, datetime) else context.begin_of(last + timedelta(days=1), zone)
        silence = Silence(
            0, begins, until, args.reason, args.by, args.duty, args.department, args.occurrence
        )  # fmt: skip
        return order_silence(tx, rulebook, silence, now)

    return do(args, deed, judged=False)


def _lift(args: argparse.Namespace) -> int:
    return do(
        args,
        lambda tx, rulebook, now: lift(tx, rulebook, number=args.id, by=args.by, reason=args.reason, now=now),
        judged=False,
    )


def _list(args: argparse.Namespace) -> int:
    with context.reading(args) as (tx, rulebook):
        silences = list_silences(tx, rulebook.county.id)
    zone = rulebook.county.zone
    now = context.instant(args, zone)
    rows = []
    for silence in silences:
        end = min(silence.until, silence.lifted_at or silence.until)
        state = (
            "lifted"
            if silence.lifted_at
            else "ended"
            if end <= now
            else "holds"
            if silence.begins_at <= now
            else "to come"
        )
        if args.all or end > now:
            own = {"from": silence.begins_at.astimezone(zone), "until": end.astimezone(zone), "state": state}
            rows.append(row_of(silence, COLUMNS, own))
    emit(COLUMNS, rows, args.format)
    return 0

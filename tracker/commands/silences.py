"""`duban silence add | list | lift`: nothing is pressed about what a silence names, until it ends."""

from __future__ import annotations

import argparse
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tracker.commands import context
from tracker.commands.facts import do, person
from tracker.commands.output import emit
from tracker.commands.parsing import add, group

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from tracker.core.law.duties import Rulebook
    from tracker.registers.errors import Registered
    from tracker.store.engine import Tx

COLUMNS = ("id", "duty", "department", "occurrence", "from", "until", "state", "by", "reason")


def register(commands: Any) -> None:
    silences = group(commands, "silence", "hold back what presses, for a while and with a reason")
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
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.silences import silence

        zone = rulebook.county.zone
        return silence(
            tx, rulebook, until=_end(args.until, zone), by=args.by, reason=args.reason, now=now,
            begins_at=_begin(args.begins, zone) if args.begins else None, duty=args.duty, department=args.department,
            occurrence=args.occurrence,
        )  # fmt: skip

    return do(args, deed, judged=False)


def _begin(text: str, zone: ZoneInfo) -> datetime:
    given = context.moment(text, zone, "--from")
    return given if isinstance(given, datetime) else datetime.combine(given, time(), zone)


def _end(text: str, zone: ZoneInfo) -> datetime:
    """A day is the last one on which it holds."""
    given: date | datetime = context.moment(text, zone, "--until")
    return given if isinstance(given, datetime) else datetime.combine(given + timedelta(days=1), time(), zone)


def _lift(args: argparse.Namespace) -> int:
    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.silences import lift

        return lift(tx, rulebook, number=args.id, by=args.by, reason=args.reason, now=now)

    return do(args, deed, judged=False)


def _list(args: argparse.Namespace) -> int:
    from tracker.store.answers import list_silences

    county = context.pick(context.load(args), args).county
    now = context.instant(args, county.zone)
    with context.opened(args, create=False) as store, store.read() as tx:
        found = list_silences(tx, county.id)
    rows = []
    for one in found:
        end = min(one.until, one.lifted_at or one.until)
        state = "lifted" if one.lifted_at else "ended" if end <= now else "holds" if one.begins_at <= now else "to come"
        if args.all or end > now:
            rows.append(
                {name: getattr(one, name) for name in ("id", "duty", "department", "occurrence", "by", "reason")}
                | {"from": one.begins_at.astimezone(county.zone), "until": end.astimezone(county.zone)}
                | {"state": state}
            )
    emit(COLUMNS, rows, args.format)
    return 0

"""`duban golive`: from a day on the county's departments are pressed; who would be told what; and to take it back."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.commands.output import emit, row_of, say
from tracker.commands.parsing import add
from tracker.commands.recording import do, person
from tracker.core.law.duties import Rulebook
from tracker.deliver.preview import GoliveNotice, list_golive_notices
from tracker.registers.errors import Registered
from tracker.registers.golive import go_live, take_back_golive, why_not
from tracker.store.engine import Tx

PLANNED = ("department", "role", "name", "mail", "occurrence", "due", "step", "when", "next")


def register(commands: Any) -> None:
    made = add(commands, "golive", _golive, rows=True)
    made.add_argument("name", nargs="?", default="", metavar="COUNTY", help="which county, where several are loaded")
    made.add_argument("--on", type=context.day, metavar="DAY", help="the first day that is pressed (default: today)")
    what = made.add_mutually_exclusive_group()
    what.add_argument("--dry-run", action="store_true", help="list who would be told what, and write nothing")
    what.add_argument("--revoke", action="store_true", help="take it back: the county office alone is told again")
    person(made, reason="the document or meeting it rests on", required=False)


def _golive(args: argparse.Namespace) -> int:
    if args.name and args.county not in (None, args.name):
        raise UsageError(f"golive {args.name} --county {args.county}: two counties are named")
    args.county = args.name or args.county
    if args.dry_run:
        return _dry_run(args)
    if lacking := [f"--{name}" for name in ("by", "reason") if not getattr(args, name)]:
        raise UsageError(f"golive needs {' and '.join(lacking)}: who decided it, and on what basis")
    if args.revoke and args.on:
        raise UsageError("--revoke holds at once: leave out --on")

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        if args.revoke:
            return take_back_golive(tx, rulebook, by=args.by, reason=args.reason, now=now)
        return go_live(tx, args.loaded, rulebook, by=args.by, reason=args.reason, now=now, on=args.on)

    return do(args, deed, judged=False)


def _dry_run(args: argparse.Namespace) -> int:
    loaded = context.load(args)
    rulebook = context.pick(loaded, args)
    now = context.instant(args, rulebook.county.zone)
    on = args.on or now.date()
    with context.opened(args, create=False) as store:
        with store.read() as tx:
            reasons = why_not(tx, loaded, rulebook, on, now)
        rows = list_golive_notices(store, loaded, rulebook.county.id, on, now)
    emit(PLANNED, list(_rows(rows)), args.format)
    mailboxes = len({row.mail for row in rows})
    waiting = sum(row.waits for row in rows)
    say(f"{len(rows)} notices to {mailboxes} mailboxes from {on} on; nothing was written")
    if waiting:
        say(f"{waiting} of them wait until the site was looked at again")
    for reason in reasons:
        say(f"stands in the way: {reason}")
    return int(bool(reasons))


def _rows(notices: list[GoliveNotice]) -> Iterator[Mapping[str, Any]]:
    for notice in notices:
        following = "; ".join(f"{name} {at:%Y-%m-%d %H:%M}" for name, at in notice.then)
        yield row_of(notice, PLANNED, {"next": following})

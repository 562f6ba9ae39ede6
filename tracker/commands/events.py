"""`duban event`: the dated facts that start clocks."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tracker.commands import context, eventimport, eventshow
from tracker.commands.errors import UsageError
from tracker.commands.facts import do, person
from tracker.commands.output import emit
from tracker.commands.parsing import add, group

if TYPE_CHECKING:
    from tracker.core.law.duties import Rulebook
    from tracker.registers.errors import Registered
    from tracker.store.engine import Tx

EVENT = (
    "name", "department", "duty", "reference", "occurred", "fields", "recorded_at", "by", "withdrawn_at", "version",
)  # fmt: skip


def register(commands: Any) -> None:
    events = group(commands, "event", "record and list the dated facts that start clocks")
    made = add(events, "add", _event_add, "record an event; the same again changes nothing")
    made.add_argument("name", metavar="NAME")
    made.add_argument("--department", required=True, metavar="ID")
    made.add_argument("--on", required=True, metavar="DAY[THH:MM]", help="when it happened, by legal time")
    made.add_argument("--duty", metavar="ID", help="which duty, for events that are recorded per duty")
    made.add_argument("--reference", metavar="R", help="tells it from others (default: its day); no / . : or spaces")
    made.add_argument("--field", action="append", default=[], metavar="K=V", help="a field of the event (repeatable)")
    made.add_argument("--correct", action="store_true", help="replace what is on record under this reference")
    person(made, reason="why it is corrected", required=False)
    correct = add(
        events, "correct", _event_correct, "say what an event should have said; the old value stays on record"
    )
    _which(correct)
    correct.add_argument("--on", metavar="DAY[THH:MM]", help="when it really happened (default: as it stands)")
    correct.add_argument(
        "--field", action="append", default=[], metavar="K=V", help="a field as it should be; K= takes it away"
    )
    _seen(correct)
    person(correct, reason="why")
    withdraw = add(events, "withdraw", _event_withdraw, "take an event back: it never happened")
    _which(withdraw)
    _seen(withdraw)
    person(withdraw, reason="why")
    listed = add(events, "list", _event_list, "list the events on record", rows=True)
    listed.add_argument("--name", metavar="NAME")
    listed.add_argument("--department", metavar="ID")
    shown = add(events, "show", eventshow.show, "tell one event: every version, who, when, why; what hangs on it")
    _which(shown)
    shown.add_argument(
        "--format", choices=("table", "json"), default="table", help="how it is printed (default: table)"
    )
    eventimport.register(events)


def _which(made: argparse.ArgumentParser) -> None:
    made.add_argument("name", metavar="NAME")
    made.add_argument("--department", required=True, metavar="ID")
    made.add_argument("--reference", required=True, metavar="R")
    made.add_argument("--duty", metavar="ID")


def _seen(made: argparse.ArgumentParser) -> None:
    made.add_argument(
        "--seen", type=context.count, metavar="VERSION", help="only if this version stands still (duban event show)"
    )


def _event_add(args: argparse.Namespace) -> int:
    if args.correct and not args.reason.strip():
        raise UsageError("--correct changes what is on record: say why with --reason")

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.events import record_event

        return record_event(
            tx,
            rulebook,
            name=args.name,
            department=args.department,
            occurred=context.moment(args.on, rulebook.county.zone, "--on"),
            by=args.by or context.operator(),
            now=now,
            reference=args.reference,
            duty=args.duty,
            fields=dict(_pairs(args)),
            correct=args.correct,
            reason=args.reason,
        )

    return do(args, deed)


def _event_correct(args: argparse.Namespace) -> int:
    fields = dict(_pairs(args, empty=True))
    seen = args.seen or _version(args)

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.events import correct_event

        return correct_event(
            tx,
            rulebook,
            name=args.name,
            department=args.department,
            reference=args.reference,
            duty=args.duty,
            occurred=context.moment(args.on, rulebook.county.zone, "--on") if args.on else None,
            fields=fields,
            by=args.by,
            reason=args.reason,
            now=now,
            seen=seen,
        )

    return do(args, deed)


def _event_withdraw(args: argparse.Namespace) -> int:
    seen = args.seen or _version(args)

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Any]:
        from tracker.registers.events import withdraw_event

        return withdraw_event(
            tx,
            rulebook,
            name=args.name,
            department=args.department,
            reference=args.reference,
            duty=args.duty,
            by=args.by,
            reason=args.reason,
            now=now,
            seen=seen,
        )

    return do(args, deed)


def _version(args: argparse.Namespace) -> int:
    """The version that stands as the command is given: whoever changes it meanwhile is not overwritten."""

    from tracker.registers.events import stored_event

    rulebook = context.pick(context.load(args), args)
    with context.opened(args, create=False) as store, store.read() as tx:
        return stored_event(tx, rulebook, args.name, args.department, args.reference, args.duty).version


def _pairs(args: argparse.Namespace, *, empty: bool = False) -> Iterator[tuple[str, str]]:
    for text in args.field:
        key, equals, value = text.partition("=")
        if not equals or not key or not (value.strip() or empty):
            raise UsageError(f"--field {text!r}: write KEY=VALUE, like year=2015")
        yield key, value


def _event_list(args: argparse.Namespace) -> int:
    from tracker.store.events import list_events

    rulebook = context.pick(context.load(args), args)
    county = rulebook.county
    context.one_of("--department", args.department, county.departments)
    context.one_of("--name", args.name, rulebook.events)
    with context.opened(args, create=False) as store, store.read() as tx:
        found = list_events(tx, county.id, name=args.name, department=args.department, withdrawn=True)
    rows = [
        {
            "name": one.event.name,
            "department": one.event.department,
            "duty": one.event.duty,
            "reference": one.event.reference,
            "occurred": one.event.occurred,
            "fields": " ".join(f"{key}={value}" for key, value in one.event.fields.items()),
            "recorded_at": one.event.recorded_at.astimezone(county.zone),
            "by": one.event.by,
            "withdrawn_at": one.withdrawn_at.astimezone(county.zone) if one.withdrawn_at else None,
            "version": one.version,
        }
        for one in found
    ]
    emit(EVENT, rows, args.format)
    return 0

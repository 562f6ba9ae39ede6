"""`duban event`: the dated facts that start clocks."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tracker.commands import context, eventimport, eventshow
from tracker.commands.errors import UsageError
from tracker.commands.output import emit, row_of
from tracker.commands.parsing import add, group
from tracker.commands.recording import do, person
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Event
from tracker.registers.errors import Registered
from tracker.registers.eventrules import day_reference
from tracker.registers.events import correct_event, record_event, stored_event, withdraw_event
from tracker.store.engine import Tx
from tracker.store.events import list_events

EVENT = (
    "name", "department", "duty", "reference", "occurred", "fields", "recorded_at", "by", "withdrawn_at", "version",
)  # fmt: skip


def register(commands: Any) -> None:
    events = group(commands, "event")
    made = add(events, "add", _add, "record an event; the same again changes nothing")
    made.add_argument("name", metavar="NAME")
    made.add_argument("--department", required=True, metavar="ID")
    made.add_argument("--on", required=True, metavar="DAY[THH:MM]", help="when it happened, by legal time")
    made.add_argument("--duty", metavar="ID", help="which duty, for events that are recorded per duty")
    made.add_argument("--reference", metavar="R", help="tells it from others (default: its day); no / . : or spaces")
    made.add_argument("--field", action="append", default=[], metavar="K=V", help="a field of the event (repeatable)")
    made.add_argument("--correct", action="store_true", help="replace what is on record under this reference")
    person(made, reason="why it is corrected", required=False)
    correct = add(events, "correct", _correct, "say what an event should have said; the old value stays on record")
    _which(correct)
    correct.add_argument("--on", metavar="DAY[THH:MM]", help="when it really happened (default: as it stands)")
    correct.add_argument(
        "--field", action="append", default=[], metavar="K=V", help="a field as it should be; K= takes it away"
    )
    _seen(correct)
    person(correct, reason="why")
    withdraw = add(events, "withdraw", _withdraw, "take an event back: it never happened")
    _which(withdraw)
    _seen(withdraw)
    person(withdraw, reason="why")
    listed = add(events, "list", _list, "list the events on record", rows=True)
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


def _add(args: argparse.Namespace) -> int:
    if args.correct and not args.reason.strip():
        raise UsageError("--correct changes what is on record: say why with --reason")

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Event]:
        occurred = context.moment(args.on, rulebook.county.zone, "--on")
        reference = args.reference if args.reference is not None else day_reference(occurred, rulebook)
        fields, by = dict(_pairs(args)), args.by or context.operator()
        event = Event(0, args.name, args.department, reference, occurred, now, args.duty, fields, by)
        return record_event(tx, rulebook, event, correct=args.correct, reason=args.reason)

    return do(args, deed)


def _correct(args: argparse.Namespace) -> int:
    fields = dict(_pairs(args, empty=True))
    seen = args.seen or _version(args)

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Event]:
        occurred = context.moment(args.on, rulebook.county.zone, "--on") if args.on else None
        return correct_event(
            tx, rulebook, eventshow.key_of(args), by=args.by, reason=args.reason, now=now, occurred=occurred,
            fields=fields, seen=seen,
        )  # fmt: skip

    return do(args, deed)


def _withdraw(args: argparse.Namespace) -> int:
    seen = args.seen or _version(args)

    def deed(tx: Tx, rulebook: Rulebook, now: datetime) -> Registered[Event]:
        key = eventshow.key_of(args)
        return withdraw_event(tx, rulebook, key, by=args.by, reason=args.reason, now=now, seen=seen)

    return do(args, deed)


def _version(args: argparse.Namespace) -> int:
    """The version that stands as the command is given: whoever changes it meanwhile is not overwritten."""
    with context.reading(args) as (tx, rulebook):
        return stored_event(tx, rulebook, eventshow.key_of(args)).version


def _pairs(args: argparse.Namespace, *, empty: bool = False) -> Iterator[tuple[str, str]]:
    for text in args.field:
        key, equals, value = text.partition("=")
        if not equals or not key or not (value.strip() or empty):
            raise UsageError(f"--field {text!r}: write KEY=VALUE, like year=2015")
        yield key, value


def _list(args: argparse.Namespace) -> int:
    with context.reading(args) as (tx, rulebook):
        zone = rulebook.county.zone
        context.one_of("--department", args.department, rulebook.county.departments)
        context.one_of("--name", args.name, rulebook.events)
        events = list_events(tx, rulebook.county.id, name=args.name, department=args.department, withdrawn=True)
    rows = [
        row_of(stored.event, EVENT, {
            "fields": " ".join(f"{key}={value}" for key, value in stored.event.fields.items()),
            "recorded_at": stored.event.recorded_at.astimezone(zone),
            "withdrawn_at": stored.withdrawn_at.astimezone(zone) if stored.withdrawn_at else None,
            "version": stored.version,
        })
        for stored in events
    ]  # fmt: skip
    emit(EVENT, rows, args.format)
    return 0

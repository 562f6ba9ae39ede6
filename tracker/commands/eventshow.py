"""`duban event show`: one event with its whole history, and the occurrences that hang on it."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tracker.commands import context
from tracker.commands.output import emit, plain

if TYPE_CHECKING:
    from tracker.registers.eventhistory import History

VERSIONS = ("change", "at", "who", "what", "occurred", "fields", "reason")
HANGING = ("occurrence", "due_on", "light", "status", "reason")


def show(args: argparse.Namespace) -> int:
    from tracker.registers.eventhistory import event_history

    rulebook = context.pick(context.load(args), args)
    with context.opened(args, create=False) as store, store.read() as tx:
        found = event_history(
            tx, rulebook, name=args.name, department=args.department, reference=args.reference, duty=args.duty
        )
    told = _told(found, rulebook.county.zone)
    if args.format == "json":
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    title = rulebook.events[found.stored.event.name].title
    owner = rulebook.county.departments[found.stored.event.department].name
    print(f"{title} · {owner} · {found.stored.event.reference}")
    for key, value in told.items():
        if value and not isinstance(value, list):
            print(f"  {key}: {value}")
    emit(VERSIONS, told["history"], "table", title="history")
    if told["occurrences"]:
        rows = ({**one, "occurrence": _tail(one["occurrence"])} for one in told["occurrences"])
        emit(HANGING, rows, "table", title="what hangs on it")
    else:
        print("no occurrence hangs on it yet (duban tick makes them)")
    return 0


def _tail(key: str) -> str:
    """The part of a key that `duban explain` needs, short enough for a table."""
    return key.split("/", 2)[2]


def _told(found: History, zone: ZoneInfo) -> dict[str, Any]:
    event, gone = found.stored.event, found.stored.withdrawn_at
    return {
        "name": event.name,
        "department": event.department,
        "duty": event.duty or "",
        "reference": event.reference,
        "occurred": plain(event.occurred),
        "fields": _fields(event.fields),
        "withdrawn_at": plain(gone.astimezone(zone)) if gone else "",
        "version": found.stored.version,
        "history": [
            {
                "change": one.number,
                "at": plain(one.at.astimezone(zone)),
                "who": one.who,
                "what": one.deed,
                "occurred": one.occurred,
                "fields": _fields(one.fields),
                "reason": one.reason,
            }
            for one in found.versions
        ],
        "occurrences": [
            {
                "occurrence": one.key,
                "due_on": plain(one.due_on),
                "light": one.light.value,
                "status": one.status.value,
                "reason": one.reason,
            }
            for one in found.occurrences
        ],
    }


def _fields(fields: Any) -> str:
    return " ".join(f"{key}={value}" for key, value in sorted(fields.items()))

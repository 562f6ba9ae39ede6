"""`duban event show`: one event with its whole history, and the occurrences that hang on it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from tracker.commands import context
from tracker.commands.output import emit, plain, row_of
from tracker.core.values.facts import EventKey
from tracker.registers.eventhistory import History, event_history

VERSIONS = ("change", "at", "who", "what", "occurred", "fields", "reason")
HANGING = ("occurrence", "due_on", "light", "status", "reason")


def key_of(args: argparse.Namespace) -> EventKey:
    """The event that the options name."""
    return EventKey(args.name, args.department, args.reference, args.duty)


def show(args: argparse.Namespace) -> int:
    with context.reading(args) as (tx, rulebook):
        history = event_history(tx, rulebook, key_of(args))
    told = _told(history, rulebook.county.zone)
    if args.format == "json":
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    title = rulebook.events[history.stored.event.name].title
    owner = rulebook.county.departments[history.stored.event.department].name
    print(f"{title} · {owner} · {history.stored.event.reference}")
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


def _told(history: History, zone: ZoneInfo) -> dict[str, Any]:
    event, withdrawn_at = history.stored.event, history.stored.withdrawn_at
    return {
        "name": event.name,
        "department": event.department,
        "duty": event.duty or "",
        "reference": event.reference,
        "occurred": plain(event.occurred),
        "fields": _fields(event.fields),
        "withdrawn_at": plain(withdrawn_at.astimezone(zone)) if withdrawn_at else "",
        "version": history.stored.version,
        "history": [
            row_of(version, VERSIONS, {
                "change": version.number,
                "at": plain(version.at.astimezone(zone)),
                "what": version.deed,
                "fields": _fields(version.fields),
            })
            for version in history.versions
        ],
        "occurrences": [
            row_of(row, HANGING, {
                "occurrence": row.key,
                "due_on": plain(row.due_on),
                "light": row.light.value,
                "status": row.status.value,
            })
            for row in history.occurrences
        ],
    }  # fmt: skip


def _fields(fields: Mapping[str, str]) -> str:
    return " ".join(f"{key}={value}" for key, value in sorted(fields.items()))

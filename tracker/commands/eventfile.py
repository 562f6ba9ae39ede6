"""Events from a CSV file: `name,department,on`; also `duty`, `reference`, `by`, `recorded`; the rest are fields."""

from __future__ import annotations

import csv
from datetime import datetime, time
from pathlib import Path

from tracker.commands import context
from tracker.commands.errors import UsageError
from tracker.core.duties import Rulebook
from tracker.core.facts import Event
from tracker.registers.errors import RegisterError
from tracker.registers.events import check_event

NEEDED = ("name", "department", "on")
KNOWN = (*NEEDED, "duty", "reference", "by", "recorded")


def read_events(path: Path, rulebook: Rulebook) -> list[Event]:
    """The events of the file. Raises UsageError with every bad row by line; then nothing is used.

    `recorded`: when the clerk entered it (left out: at the event's own instant).
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read as UTF-8 CSV ({error})") from None
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(f"{path}:1: no column {', '.join(missing)} (columns: {', '.join(KNOWN)}, and fields)")
    events, wrong = [], []
    for row in reader:
        try:
            events.append(_event(row, rulebook, reader.line_num))
        except UsageError as error:
            wrong.append(f"{path}:{reader.line_num}: {error}")
    if wrong:
        raise UsageError("\n".join(wrong))
    return events


def _event(row: dict[str, str], rulebook: Rulebook, line: int) -> Event:
    zone = rulebook.county.zone
    said = {key: (value or "").strip() for key, value in row.items() if key}
    empty = [name for name in NEEDED if not said[name]]
    if empty:
        raise UsageError(f"no {' and no '.join(empty)}")
    occurred = context.moment(said["on"], zone, "on")
    entered = context.moment(said["recorded"], zone, "recorded") if said.get("recorded") else occurred
    recorded = entered if isinstance(entered, datetime) else datetime.combine(entered, time(9), zone)
    duty, fields = said.get("duty") or None, {key: value for key, value in said.items() if key not in KNOWN and value}
    try:
        fields, reference = check_event(
            rulebook, said["name"], said["department"], occurred, said.get("reference") or None, duty, fields
        )
    except RegisterError as error:
        raise UsageError(str(error)) from None
    return Event(
        id=line,
        name=said["name"],
        department=said["department"],
        reference=reference,
        occurred=occurred,
        recorded_at=recorded,
        duty=duty,
        fields=fields,
        by=said.get("by") or "replay",
    )

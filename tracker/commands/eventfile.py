"""Reads the files that people import: a sheet as it stands, and the events of one for `duban event import` and
`duban replay`."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from tracker.commands.context import UsageError
from tracker.commands.language import tr
from tracker.core.law.county import Rulebook
from tracker.core.values.facts import Event
from tracker.evidence.attachments.readers.sheet_rows import MAX_BYTES, BadTable, Table, read_table
from tracker.registers.eventimport import SourceFile
from tracker.registers.eventrows import EventRows, find_duplicates, read_event_rows
from tracker.registers.eventrules import EventRules


def read_sheet(path: Path, sheet: str | None = None) -> tuple[Table, SourceFile]:
    """The rows of a file, read in memory alone, and its name and hash. Raises UsageError if it cannot be read."""
    try:
        with path.open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
        table = read_table(body, sheet)
    except OSError as error:
        raise UsageError(f"{path}: {tr(error.strerror or str(error))}") from None
    except BadTable as error:
        raise UsageError("{path}: {error}", path=path, error=error.args[0]) from None
    return table, SourceFile(path.name, hashlib.sha256(body).hexdigest(), table.sheet)


def read_file(
    path: Path, rules: EventRules, *, sheet: str | None = None, name: str | None = None
) -> tuple[EventRows, SourceFile]:
    """The events of a file, and its name and hash. Raises UsageError if it cannot be used at all."""
    table, source = read_sheet(path, sheet)
    try:
        return read_event_rows(table, rules, name), source
    except BadTable as error:
        raise UsageError("{path}: {error}", path=path, error=error.args[0]) from None


def read_events(path: Path, rulebook: Rulebook) -> list[Event]:
    """The events of the file, for a replay. Raises UsageError with every bad row by line; then nothing is used.

    `recorded`: when the clerk entered it (left out: at the event's own instant).
    """
    table, _ = read_file(path, EventRules(rulebook))
    errors = {row.number: "; ".join(row.errors) for row in table.rows if row.errors} | find_duplicates(table.rows)
    if errors:
        raise UsageError("\n".join(f"{path}:{number}: {errors[number]}" for number in sorted(errors)))
    events = [(row.number, row.event) for row in table.rows if row.event]
    return [replace(event, id=number, by=event.by or "replay") for number, event in events]

"""Imports the events of a file: plans what each row would change and records all of it in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal

from tracker.core.values.facts import Event, EventKey
from tracker.core.values.message import Message
from tracker.registers.checks import begin_act, is_future
from tracker.registers.eventrows import EventRow, find_duplicates
from tracker.registers.eventrules import EventRules
from tracker.registers.events import build_change_entry, build_entry, describe_contents, is_on_record
from tracker.store.engine import Tx
from tracker.store.events import StoredEvent, add_events, change_event, list_events
from tracker.store.journal import JournalEntry, append_entries

RowOutcome = Literal["new", "same", "corrected", "differs", "bad"]
_WRITTEN = ("new", "corrected")
_REFUSED = ("differs", "bad")
_References = dict[tuple[str, ...] | None, dict[str, None]]  # by likeness; the dict is an ordered set


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file of the rows: its name, the SHA-256 of its bytes, the name of its sheet."""

    file: str
    sha256: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What the import does with one row. `note`: why it is refused, or what the person should know about it."""

    row: EventRow
    outcome: RowOutcome
    note: str = ""
    before: StoredEvent | None = None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import does, row by row. `is_refused`: because of unrecorded rows nothing at all is written."""

    rows: tuple[PlannedRow, ...]
    is_refused: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which outcome."""
        return dict(Counter(planned.outcome for planned in self.rows))

    @property
    def has_changes(self) -> bool:
        """Whether anything changes."""
        return not self.is_refused and any(planned.outcome in _WRITTEN for planned in self.rows)

    @property
    def unrecorded(self) -> list[PlannedRow]:
        """The rows that are not recorded."""
        return [planned for planned in self.rows if planned.outcome in _REFUSED]


def plan_import(
    rules: EventRules,
    rows: Sequence[EventRow],
    stored: Sequence[StoredEvent],
    now: datetime,
    *,
    correct: bool = False,
    skip: bool = False,
) -> ImportPlan:
    """What each row would change, given the `stored` events, withdrawn ones included.

    `correct`: a row replaces the event on record under its key. `skip`: rows that cannot be recorded are left out;
    otherwise they make the whole file refused.
    """
    by_key = {event.event.key: event for event in stored}
    duplicates = find_duplicates(rows)
    alike = _group_references(rules, [event.event for event in stored if not event.withdrawn_at], rows)
    planned = tuple(_plan_row(row, rules, by_key, alike, duplicates, now, correct=correct) for row in rows)
    return ImportPlan(planned, not skip and any(row.outcome in _REFUSED for row in planned))


def _group_references(rules: EventRules, events: Iterable[Event], rows: Iterable[EventRow]) -> _References:
    """The references of the events on record and in the file, grouped by likeness."""
    references: _References = {}
    for event in [*events, *(row.event for row in rows if row.event)]:
        references.setdefault(rules.likeness(event), {})[event.reference] = None
    references.pop(None, None)
    return references


def _plan_row(
    row: EventRow,
    rules: EventRules,
    stored: Mapping[EventKey, StoredEvent],
    alike: _References,
    duplicates: Mapping[int, str],
    now: datetime,
    *,
    correct: bool,
) -> PlannedRow:
    event = row.event
    if event is None or row.number in duplicates:
        return PlannedRow(row, "bad", Message.joined("; ", filter(None, (*row.errors, duplicates.get(row.number, "")))))
    before = stored.get(event.key)
    if before is not None and is_on_record(before, event):
        return PlannedRow(row, "same", "", before)
    is_ahead = is_future(event.occurred, rules.rulebook, now)
    notes = rules.list_notes(event, alike.get(rules.likeness(event), ()), is_future=is_ahead)
    if before is None:
        return PlannedRow(row, "new", Message.joined("; ", notes))
    record = Message(
        "withdrawn, it was {contents}" if before.withdrawn_at else "on record: {contents}",
        contents=describe_contents(before.event),
    )
    if not correct:
        remedy = Message("--correct takes the file's word, else give it its own 文号")
        return PlannedRow(row, "differs", Message.joined("; ", (record, remedy)), before)
    return PlannedRow(row, "corrected", Message.joined("; ", (record, *notes)), before)


def import_events(
    tx: Tx,
    rules: EventRules,
    rows: Sequence[EventRow],
    source: SourceFile,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    correct: bool = False,
    skip: bool = False,
) -> ImportPlan:
    """Record the rows in the caller's transaction, or nothing where the plan is refused.

    Importing the same file again changes nothing and adds no journal entry.
    """
    county = rules.rulebook.county.id
    begin_act(tx, county, now, by=by, **({"reason": reason} if correct else {}))
    plan = plan_import(rules, rows, list_events(tx, county, withdrawn=True), now, correct=correct, skip=skip)
    if not plan.has_changes:
        return plan
    entries, new_events = [], []
    for planned in plan.rows:
        if planned.row.event is None or planned.outcome not in _WRITTEN:
            continue
        event = replace(planned.row.event, by=by, recorded_at=now)
        why = "；".join(filter(None, (reason, f"自{source.file}第{planned.row.number}行导入")))
        if planned.before is None:
            new_events.append(event)
            entries.append(build_entry("event.recorded", by, None, event, why))
        else:
            change_event(tx, county, planned.before, occurred=event.occurred, fields=event.fields, withdrawn_at=None)
            entries.append(build_change_entry(planned.before, event, why))
    add_events(tx, county, new_events)
    append_entries(tx, county, [*entries, _build_import_entry(plan, source, by, reason)], now)
    return plan


def _build_import_entry(plan: ImportPlan, source: SourceFile, by: str, reason: str) -> JournalEntry:
    """The journal entry of the import: its file and how many rows had which outcome."""
    after = {**asdict(source), "rows": plan.counts, "left_out": [planned.row.number for planned in plan.unrecorded]}
    return JournalEntry(by, "events.imported", f"file:{source.sha256}", None, after, reason)

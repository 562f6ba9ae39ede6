"""Many events from one file: what each row would change, and all of it in one transaction or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal

from tracker.core.values.facts import Event, EventKey
from tracker.registers.checks import begin_act, is_future
from tracker.registers.eventrows import EventRow, duplicates
from tracker.registers.eventrules import EventRules
from tracker.registers.events import change_entry, contents_of, is_same, journal_entry
from tracker.store.engine import Tx
from tracker.store.events import StoredEvent, add_events, change_event, list_events
from tracker.store.journal import JournalEntry, append

RowOutcome = Literal["new", "same", "corrected", "differs", "bad"]
_WRITTEN = ("new", "corrected")
_REFUSED = ("differs", "bad")
_References = dict[tuple[str, ...] | None, dict[str, None]]  # by likeness, each once, in their order


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file the rows come from: its name, the SHA-256 of its bytes, its sheet."""

    file: str
    sha256: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class RowImport:
    """What becomes of one row. `note`: why it is refused, or what to know of it."""

    line: EventRow
    outcome: RowOutcome
    note: str = ""
    before: StoredEvent | None = None


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import does, row by row. `refused`: so much is wrong that nothing at all is to be written."""

    steps: tuple[RowImport, ...]
    refused: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have which outcome."""
        return dict(Counter(step.outcome for step in self.steps))

    @property
    def writes(self) -> bool:
        """Whether anything changes."""
        return not self.refused and any(step.outcome in _WRITTEN for step in self.steps)

    @property
    def wrong(self) -> list[RowImport]:
        """The rows that are not recorded."""
        return [step for step in self.steps if step.outcome in _REFUSED]


def plan_import(
    rules: EventRules,
    lines: Sequence[EventRow],
    stored: Sequence[StoredEvent],
    now: datetime,
    *,
    correct: bool = False,
    skip: bool = False,
) -> ImportPlan:
    """What the rows would change beside what is on record, the withdrawn ones too.

    `correct`: a row replaces what is on record under its key. `skip`: what cannot be recorded is left out,
    where otherwise the whole file is refused.
    """
    by_key = {event.event.key: event for event in stored}
    twice = duplicates(lines)
    alike = _alike(rules, [event.event for event in stored if not event.withdrawn_at], lines)
    steps = tuple(_step(line, rules, by_key, alike, twice, now, correct=correct) for line in lines)
    return ImportPlan(steps, not skip and any(step.outcome in _REFUSED for step in steps))


def _alike(rules: EventRules, events: Iterable[Event], lines: Iterable[EventRow]) -> _References:
    """The references of what is on record or in the file, by what they share."""
    references: _References = {}
    for event in [*events, *(line.event for line in lines if line.event)]:
        references.setdefault(rules.likeness(event), {})[event.reference] = None
    references.pop(None, None)
    return references


def _step(
    line: EventRow,
    rules: EventRules,
    stored: Mapping[EventKey, StoredEvent],
    alike: _References,
    twice: Mapping[int, str],
    now: datetime,
    *,
    correct: bool,
) -> RowImport:
    event = line.event
    if event is None or line.number in twice:
        return RowImport(line, "bad", "; ".join(filter(None, (*line.faults, twice.get(line.number, "")))))
    before = stored.get(event.key)
    if before is not None and is_same(before, event):
        return RowImport(line, "same", "", before)
    future = is_future(event.occurred, rules.rulebook, now)
    notes = rules.notes(event, alike.get(rules.likeness(event), ()), future=future)
    if before is None:
        return RowImport(line, "new", "; ".join(notes))
    state = "withdrawn, it was" if before.withdrawn_at else "on record:"
    was = f"{state} {contents_of(before.event)}"
    if not correct:
        return RowImport(line, "differs", f"{was}; --correct takes the file's word, else give it its own 文号", before)
    return RowImport(line, "corrected", "; ".join((was, *notes)), before)


def import_events(
    tx: Tx,
    rules: EventRules,
    lines: Sequence[EventRow],
    source: SourceFile,
    *,
    by: str,
    now: datetime,
    reason: str = "",
    correct: bool = False,
    skip: bool = False,
) -> ImportPlan:
    """Record the rows, all of them in the caller's transaction, or nothing where the plan is refused.

    The same file again changes nothing, the journal included.
    """
    county = rules.rulebook.county.id
    begin_act(tx, county, now, by=by, **({"reason": reason} if correct else {}))
    plan = plan_import(rules, lines, list_events(tx, county, withdrawn=True), now, correct=correct, skip=skip)
    if not plan.writes:
        return plan
    journal, new = [], []
    for step in plan.steps:
        if step.line.event is None or step.outcome not in _WRITTEN:
            continue
        event = replace(step.line.event, by=by, recorded_at=now)
        why = "；".join(filter(None, (reason, f"自{source.file}第{step.line.number}行导入")))
        if step.before is None:
            new.append(event)
            journal.append(journal_entry("event.recorded", by, None, event, why))
        else:
            change_event(tx, county, step.before, occurred=event.occurred, fields=event.fields, withdrawn_at=None)
            journal.append(change_entry(step.before, event, why))
    add_events(tx, county, new)
    append(tx, county, [*journal, _whole(plan, source, by, reason)], now)
    return plan


def _whole(plan: ImportPlan, source: SourceFile, by: str, reason: str) -> JournalEntry:
    """The import itself: which file, and what became of its rows."""
    after = {**asdict(source), "rows": plan.counts, "left_out": [step.line.number for step in plan.wrong]}
    return JournalEntry(by, "events.imported", f"file:{source.sha256}", None, after, reason)

"""One event as the record tells it: every version with who, when and why, and what hangs on it now."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tracker.core.law.county import Rulebook
from tracker.core.law.periods import split_label
from tracker.core.values.facts import Event, EventKey
from tracker.registers.eventrules import EventRules, records, starters
from tracker.registers.events import stored_event
from tracker.store.engine import Tx
from tracker.store.events import StoredEvent
from tracker.store.journal import show
from tracker.store.occurrences import OccurrenceRow, labelled


@dataclass(frozen=True, slots=True)
class EventVersion:
    """What was said of the event at one time; `occurred` "" where it was taken back."""

    number: int
    at: datetime
    who: str
    deed: str  # recorded, corrected, withdrawn, restored
    occurred: str
    fields: Mapping[str, str]
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """The event as it stands, its versions from first to last, and the occurrences that it starts or proves."""

    stored: StoredEvent
    versions: tuple[EventVersion, ...]
    occurrences: tuple[OccurrenceRow, ...]


def event_history(tx: Tx, rulebook: Rulebook, key: EventKey) -> History:
    """Raises RegisterError where there is no such event."""
    stored = stored_event(tx, rulebook, key)
    event, county = stored.event, rulebook.county.id
    rows = show(tx, county, subject=event.key.subject)
    versions = []
    for number, row in enumerate(rows, 1):
        after: dict[str, Any] = json.loads(row.after) if row.after else {"occurred": "", "fields": {}}
        deed = row.action.removeprefix("event.")
        versions.append(EventVersion(number, row.at, row.who, deed, after["occurred"], after["fields"], row.reason))
    labels = dict(_labels(rulebook, event))
    occurrences = [
        row
        for row in labelled(tx, county, sorted({label for own in labels.values() for label in own}))
        if split_label(row.label)[0] in labels.get((row.pack, row.duty, row.department), ())
    ]
    return History(stored, tuple(versions), tuple(occurrences))


def _labels(rulebook: Rulebook, event: Event) -> Iterator[tuple[tuple[str, str, str], set[str]]]:
    """By pack, duty and department, what the occurrences are called that it starts, or that its record proves."""
    for duty, assignment in EventRules(rulebook).users(event.name):
        if event.department not in assignment.members or event.duty not in (None, duty.id):
            continue
        names, labels = starters(duty), set()
        if event.name in names:
            labels.add(f"event:{event.name}:{event.reference}")
        if event.name in records(assignment):
            labels |= {f"event:{name}:{event.reference}" for name in names} | {event.reference}
        yield (duty.pack, duty.id, assignment.key), labels

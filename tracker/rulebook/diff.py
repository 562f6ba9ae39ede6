"""What a change of the rules would do: the occurrences it creates, moves and closes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tracker.core.law.county import Rulebook
from tracker.core.law.instances import awaiting, from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event, base_reference


@dataclass(frozen=True, slots=True)
class OccurrenceChange:
    """One occurrence before and after. `what` changed: due, deadline (no event yet, so no due), assumed, parts,
    after (which duty it follows)."""

    old: Occurrence
    new: Occurrence
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """The difference of two rulebooks of one county, each list in the order of keys."""

    created: tuple[Occurrence, ...] = ()
    moved: tuple[OccurrenceChange, ...] = ()
    closed: tuple[Occurrence, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.created or self.moved or self.closed)


def diff(
    old: Rulebook | None,
    new: Rulebook | None,
    calendar: Calendar,
    until: date,
    *,
    new_calendar: Calendar | None = None,
    events: Collection[Event] = (),
) -> Diff:
    """Compare all occurrences that begin up to `until`, with those of the recorded `events`.

    None stands for a county that is not there: all of the other's are created, or closed.
    """
    before = _occurrences(old, calendar, until, events)
    after = _occurrences(new, new_calendar or calendar, until, events)
    moves = (_move(before[key], after[key]) for key in sorted(before.keys() & after.keys()))
    return Diff(
        created=tuple(after[key] for key in sorted(after.keys() - before.keys())),
        moved=tuple(move for move in moves if move.what),
        closed=tuple(before[key] for key in sorted(before.keys() - after.keys())),
    )


def _occurrences(
    rulebook: Rulebook | None, calendar: Calendar, until: date, events: Collection[Event]
) -> dict[str, Occurrence]:
    by_key: dict[str, Occurrence] = {}
    if rulebook is None:
        return by_key
    county = rulebook.county
    related: dict[str, list[Event]] = {}
    for event in events:
        related.setdefault(base_reference(event.reference), []).append(event)
    for duty in rulebook.duties:
        occurrences = [*instances_of(duty, calendar, county, until), *awaiting(duty, county, events)]
        for event in events:
            occurrences += from_event(duty, event, calendar, county, related=related.get(event.reference, ()))
        by_key |= {occurrence.key: occurrence for occurrence in occurrences}
    return by_key


def _move(old: Occurrence, new: Occurrence) -> OccurrenceChange:
    what = []
    if (old.due_at, old.due_on) != (new.due_at, new.due_on):
        what.append("due")
    elif old.awaiting and old.deadline != new.deadline:
        # No event, no due day yet: the rule by which it will be reckoned has changed.
        what.append("deadline")
    if old.weak != new.weak:
        what.append("assumed")
    if old.parts != new.parts:
        what.append("parts")
    if old.deadline.after != new.deadline.after:
        what.append("after")
    return OccurrenceChange(old, new, tuple(what))

"""Silences: nothing is pressed about what one names until it ends. Each has an end, a reason and a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tracker.core.escalation.notices import Silence
from tracker.core.law.county import Rulebook
from tracker.registers.checks import find_obligation, open_entry
from tracker.registers.errors import Registered, RegisterError
from tracker.store.answers import add_silence, lift_silence, list_silences
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append


def order_silence(tx: Tx, rulebook: Rulebook, silence: Silence, now: datetime) -> Registered[Silence]:
    """Order a silence; what it names must be known, and at least one of the three must be named."""
    county = rulebook.county
    open_entry(tx, county.id, now, by=silence.by, reason=silence.reason)
    if silence.until <= max(silence.begins_at, now):
        raise RegisterError(f"a silence ends after it begins and after now, not at {silence.until.isoformat()}")
    _check_named(rulebook, silence)
    if silence.occurrence:
        find_obligation(tx, rulebook, silence.occurrence)
    for known in list_silences(tx, county.id):
        if replace(silence, id=known.id, by=known.by, reason=known.reason) == known:
            return Registered(known, False, f"silence {known.id} says so already, nothing changed")
    added = add_silence(tx, county.id, silence, now)
    names = {name: value for name in ("duty", "department", "occurrence") if (value := getattr(silence, name))}
    after = {**names, "id": added.id, "from": silence.begins_at.isoformat(), "until": silence.until.isoformat()}
    entry = JournalEntry(added.by, "silence.ordered", f"silence:{added.id}", None, after, added.reason)
    append(tx, county.id, [entry], now)
    last = added.until.astimezone(county.zone).strftime("%Y-%m-%d %H:%M")
    return Registered(added, True, f"silence {added.id} holds until {last}")


def lift(tx: Tx, rulebook: Rulebook, *, number: int, by: str, reason: str, now: datetime) -> Registered[Silence | None]:
    """End a silence before its time."""
    county = rulebook.county.id
    open_entry(tx, county, now, by=by, reason=reason)
    known = {silence.id: silence for silence in list_silences(tx, county)}
    if number not in known:
        numbers = ", ".join(map(str, known)) or "none"
        raise RegisterError(f"no silence {number} (there are: {numbers})")
    if known[number].lifted_at is not None or known[number].until <= now:
        return Registered(known[number], False, f"silence {number} has ended already, nothing changed")
    lifted = lift_silence(tx, county, number, by=by, now=now)
    append(tx, county, [JournalEntry(by, "silence.lifted", f"silence:{number}", None, None, reason)], now)
    return Registered(lifted, True, f"silence {number} is lifted")


def _check_named(rulebook: Rulebook, silence: Silence) -> None:
    if not (silence.duty or silence.department or silence.occurrence):
        raise RegisterError("a silence names a duty, a department or an occurrence: silencing all would be a failure")
    duties = {duty.id for duty in rulebook.duties}
    departments = {
        *rulebook.county.departments,
        *(assignment.key for duty in rulebook.duties for assignment in duty.assignments),
    }
    for what, name, known in (("duty", silence.duty, duties), ("department", silence.department, departments)):
        if name and name not in known:
            raise RegisterError(f"no {what} {name!r} (one of: {', '.join(sorted(known))})")

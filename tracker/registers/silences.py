"""Silences: nothing is pressed about what one names until it ends. Each has an end, a reason and a person."""

from __future__ import annotations

from datetime import datetime

from tracker.core.escalation.notices import Silence
from tracker.core.law.duties import Rulebook
from tracker.registers.checks import check_now, check_words, find_owed
from tracker.registers.errors import Registered, RegisterError
from tracker.store.answers import add_silence, lift_silence, list_silences
from tracker.store.counties import lock_county
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append


def silence(
    tx: Tx,
    rulebook: Rulebook,
    *,
    until: datetime,
    by: str,
    reason: str,
    now: datetime,
    begins_at: datetime | None = None,
    duty: str = "",
    department: str = "",
    occurrence: str = "",
) -> Registered[Silence]:
    """Order a silence; what it names must be known, and at least one of the three must be named."""
    check_now(now)
    check_words(by=by, reason=reason)
    county, begins = rulebook.county, begins_at or now
    if until <= max(begins, now):
        raise RegisterError(f"a silence ends after it begins and after now, not at {until.isoformat()}")
    _check_named(rulebook, duty, department, occurrence)
    lock_county(tx, county.id)
    if occurrence:
        find_owed(tx, rulebook, occurrence)
    named = {"duty": duty, "department": department, "occurrence": occurrence}
    for one in list_silences(tx, county.id):
        said = {name: getattr(one, name) for name in named}
        if (said, one.begins_at, one.until, one.lifted_at) == (named, begins, until, None):
            return Registered(one, False, f"silence {one.id} says so already, nothing changed")
    made = add_silence(
        tx, county.id, begins_at=begins, until=until, reason=reason, by=by, now=now, duty=duty, department=department,
        occurrence=occurrence,
    )  # fmt: skip
    after = {name: value for name, value in named.items() if value} | {
        "id": made.id, "from": begins.isoformat(), "until": until.isoformat(),
    }  # fmt: skip
    append(tx, county.id, [JournalEntry(by, "silence.ordered", f"silence:{made.id}", None, after, reason)], now)
    last = until.astimezone(county.zone).strftime("%Y-%m-%d %H:%M")
    return Registered(made, True, f"silence {made.id} holds until {last}")


def lift(tx: Tx, rulebook: Rulebook, *, number: int, by: str, reason: str, now: datetime) -> Registered[Silence | None]:
    """End a silence before its time."""
    check_now(now)
    check_words(by=by, reason=reason)
    county = rulebook.county.id
    lock_county(tx, county)
    known = {one.id: one for one in list_silences(tx, county)}
    if number not in known:
        numbers = ", ".join(str(one) for one in known) or "none"
        raise RegisterError(f"no silence {number} (there are: {numbers})")
    if known[number].lifted_at is not None or known[number].until <= now:
        return Registered(known[number], False, f"silence {number} has ended already, nothing changed")
    lifted = lift_silence(tx, county, number, by=by, now=now)
    append(tx, county, [JournalEntry(by, "silence.lifted", f"silence:{number}", None, None, reason)], now)
    return Registered(lifted, True, f"silence {number} is lifted")


def _check_named(rulebook: Rulebook, duty: str, department: str, occurrence: str) -> None:
    if not (duty or department or occurrence):
        raise RegisterError("a silence names a duty, a department or an occurrence: silencing all would be a failure")
    duties = {one.id for one in rulebook.duties}
    if duty and duty not in duties:
        raise RegisterError(f"no duty {duty!r} (one of: {', '.join(sorted(duties))})")
    known = {*rulebook.county.departments, *(one.key for each in rulebook.duties for one in each.assignments)}
    if department and department not in known:
        raise RegisterError(f"no department {department!r} (one of: {', '.join(sorted(known))})")

"""What every decision shares: who may make it, that nobody made another meanwhile, and its line in the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tracker.core.law.duties import Rulebook
from tracker.core.values.facts import Ruling, RulingKind
from tracker.core.values.rulings import not_revoked
from tracker.registers.checks import check_name, check_now, check_words, same_person
from tracker.registers.errors import RegisterError
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.papers import add_ruling, list_rulings

#: The command that takes a decision back, by its number.
REVOKE = "duban decision revoke"


class OvertakenError(RegisterError):
    """Somebody else decided about the same thing since this person looked; the message says who, what and when."""


def check_people(now: datetime, *, by: str, asked_by: str, **words: str) -> None:
    """Whoever approves is named, and is not the one who asked."""
    check_now(now)
    check_words(by=by, **words)
    check_name("asked-by", asked_by)
    if same_person(asked_by, by):
        raise RegisterError(f"{by} asked for it: somebody else must approve")


def said_of(one: Ruling) -> str:
    """Who decided what when, for whoever comes second."""
    end = f" until {one.until.isoformat()}" if one.until else ""
    return f"{one.by} decided {one.kind}{end} on {one.recorded_at.date().isoformat()} (ruling:{one.id}: {one.reason})"


def standing_rulings(tx: Tx, rulebook: Rulebook, subject: str) -> list[Ruling]:
    """The decisions about a subject that nobody took back, in the order in which they were made."""
    return not_revoked(list_rulings(tx, rulebook.county.id, subject))


def check_seen(tx: Tx, rulebook: Rulebook, subject: str, seen: int | None) -> None:
    """Raises OvertakenError where more was decided about it than the person saw."""
    if seen is None:
        return
    known = list_rulings(tx, rulebook.county.id, subject)
    if later := [one for one in known if one.number > seen]:
        raise OvertakenError(f"{said_of(later[-1])}, which you had not seen: look again (duban explain {subject})")
    if not 0 <= seen <= len(known):
        raise RegisterError(f"--seen {seen}: there are only {len(known)} decisions about {subject}")


def write_ruling(
    tx: Tx,
    rulebook: Rulebook,
    *,
    kind: RulingKind,
    subject: str,
    by: str,
    reason: str,
    now: datetime,
    seen: int | None,
    before: Mapping[str, Any] | None = None,
    target: str = "",
    part: str | None = None,
    ground: str = "",
    basis: str = "",
    until: date | None = None,
    asked_by: str = "",
) -> Ruling:
    """Write a decision and its line. `seen`: how many about the subject the person knew, None: whatever there are.

    Raises OvertakenError where another was written in between; the database lets only one have the next number.
    """
    check_seen(tx, rulebook, subject, seen)
    what: dict[str, Any] = {"target": target, "part": part, "ground": ground, "basis": basis, "asked_by": asked_by}
    ruling = add_ruling(
        tx, rulebook.county.id, kind=kind, occurrence=subject, by=by, reason=reason, now=now, until=until, seen=seen,
        **what,
    )  # fmt: skip
    if ruling is None:
        check_seen(tx, rulebook, subject, seen)
        raise OvertakenError(f"somebody decided about {subject} at this very moment: look again")
    after = {"id": ruling.id, **what, "until": until.isoformat() if until else ""}
    shown = {name: value for name, value in after.items() if value}
    entry = JournalEntry(by, f"ruling.{kind}", subject, dict(before) if before is not None else None, shown, reason)
    append(tx, rulebook.county.id, [entry], now)
    return ruling

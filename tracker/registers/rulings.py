"""What every ruling shares: that nobody made another meanwhile, and how it is written and journalled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.core.values.facts import Ruling
from tracker.core.values.rulings import not_revoked
from tracker.registers.errors import Registered, RegisterError
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.papers import add_ruling, find_ruling, list_rulings

#: The command that takes a decision back, by its number.
REVOKE = "duban decision revoke"
#: What two rulings about one thing have in common where they say the same.
_CONTENT = ("kind", "by", "reason", "target", "part", "as_seen", "ground", "basis", "until")


class OvertakenError(RegisterError):
    """Somebody else decided about the same thing since this person looked; the message says who, what and when."""


def describe(ruling: Ruling) -> str:
    """Who decided what when, for whoever comes second."""
    end = f" until {ruling.until.isoformat()}" if ruling.until else ""
    on = ruling.recorded_at.date().isoformat()
    return f"{ruling.by} decided {ruling.kind}{end} on {on} (ruling:{ruling.id}: {ruling.reason})"


def is_same(ruling: Ruling, before: Ruling) -> bool:
    """Whether a ruling about the same thing says just that already."""
    return all(getattr(ruling, name) == getattr(before, name) for name in _CONTENT)


def unchanged(ruling: Ruling) -> Registered[Ruling]:
    """The answer where a ruling stands that says the same."""
    return Registered(ruling, False, f"{describe(ruling)}, nothing changed")


def standing_rulings(tx: Tx, county: str, subject: str) -> list[Ruling]:
    """The rulings about a subject that nobody revoked, in the order in which they were made."""
    return not_revoked(list_rulings(tx, county, subject))


def find_subject(tx: Tx, county: str, ruling: Ruling) -> Ruling | None:
    """The ruling that another one answers or revokes, which its target names."""
    return find_ruling(tx, county, int(ruling.target.removeprefix("ruling:")))


def check_seen(tx: Tx, county: str, subject: str, seen: int | None) -> None:
    """Raises OvertakenError where more was decided about it than the person saw."""
    if seen is None:
        return
    rulings = list_rulings(tx, county, subject)
    if later := [ruling for ruling in rulings if ruling.number > seen]:
        raise OvertakenError(f"{describe(later[-1])}, which you had not seen: look again (duban explain {subject})")
    if not 0 <= seen <= len(rulings):
        raise RegisterError(f"--seen {seen}: there are only {len(rulings)} decisions about {subject}")


def write_ruling(
    tx: Tx,
    county: str,
    ruling: Ruling,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    *,
    seen: int | None = None,
    action: str = "",
) -> Ruling:
    """Write a ruling and its journal row, whose `after` and `action` follow from the ruling where they are not given.

    `seen`: how many about the subject the person knew. Raises OvertakenError where another was written in between; the
    database lets only one have the next number.
    """
    check_seen(tx, county, ruling.occurrence, seen)
    added = add_ruling(tx, county, ruling, seen)
    if added is None:
        check_seen(tx, county, ruling.occurrence, seen)
        raise OvertakenError(f"somebody decided about {ruling.occurrence} at this very moment: look again")
    if after is None:
        names = ("id", "target", "part", "as_seen", "ground", "basis", "asked_by", "until")
        after = {name: value for name in names if (value := getattr(added, name))}
    entry = JournalEntry(added.by, action or f"ruling.{added.kind}", added.occurrence, before, after, added.reason)
    append(tx, county, [entry], added.recorded_at)
    return added

"""Writes rulings with their journal entries and refuses one where another person ruled in the meantime."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tracker.core.values.facts import Ruling
from tracker.core.values.message import ListedWord, Message
from tracker.core.values.rulings import not_revoked
from tracker.registers.errors import Registered, RegisterError
from tracker.store.engine import Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.rulings import add_ruling, find_ruling, list_rulings

#: Fields in which two rulings about one subject are equal where they say the same.
_CONTENT = ("kind", "by", "reason", "target", "part", "as_seen", "ground", "basis", "until")


class OvertakenError(RegisterError):
    """Another person ruled on the same subject since this person looked; the message says who, what and when."""


def describe_ruling(ruling: Ruling) -> Message:
    """One line that says who decided what, when and why."""
    values = {
        "by": ruling.by,
        "kind": ListedWord("kind", ruling.kind),
        "day": ruling.recorded_at.date().isoformat(),
        "number": ruling.id,
        "reason": ruling.reason,
    }
    if ruling.until is None:
        return Message("{by} decided {kind} on {day} (ruling:{number}: {reason})", **values)
    until = ruling.until.isoformat()
    return Message("{by} decided {kind} until {until} on {day} (ruling:{number}: {reason})", until=until, **values)


def says_same(ruling: Ruling, before: Ruling) -> bool:
    """Whether the earlier ruling on the same subject says the same."""
    return all(getattr(ruling, name) == getattr(before, name) for name in _CONTENT)


def answer_repeat(ruling: Ruling, last: Ruling | None) -> Registered[Ruling] | None:
    """The answer where the last ruling on the subject says the same; None where there is none or it says otherwise."""
    if last is None or not says_same(ruling, last):
        return None
    return Registered(last, False, Message("{ruling}, nothing changed", ruling=describe_ruling(last)))


def build_revocation_error(last: Ruling) -> RegisterError:
    """The error where the last ruling has to be revoked before another one is made."""
    return RegisterError(
        "{ruling}: to decide otherwise, take that back (duban decision revoke {id})",
        ruling=describe_ruling(last),
        id=last.id,
        subject=last.occurrence,
    )


def list_standing_rulings(tx: Tx, county: str, subject: str) -> list[Ruling]:
    """The rulings on a subject that nobody revoked, in the order in which they were made."""
    return not_revoked(list_rulings(tx, county, subject))


def find_target_ruling(tx: Tx, county: str, ruling: Ruling) -> Ruling | None:
    """The ruling that the target of this one names: it answers or revokes that ruling."""
    return find_ruling(tx, county, int(ruling.target.removeprefix("ruling:")))


def check_seen(tx: Tx, county: str, subject: str, seen: int | None) -> None:
    """Raises OvertakenError where the subject has more rulings than the `seen` ones that the person knew."""
    if seen is None:
        return
    rulings = list_rulings(tx, county, subject)
    if later := [ruling for ruling in rulings if ruling.number > seen]:
        raise OvertakenError(
            "{ruling}, which you had not seen: look again (duban explain {subject})",
            ruling=describe_ruling(later[-1]),
            subject=subject,
        )
    if not 0 <= seen <= len(rulings):
        raise RegisterError(
            "--seen {seen}: there are only {count} decisions about {subject}",
            seen=seen,
            count=len(rulings),
            subject=subject,
        )


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
    """Write a ruling and its journal entry, whose `after` and `action` are derived from the ruling if not given.

    `seen`: how many rulings on the subject the person knew. Raises OvertakenError where another one was written
    meanwhile: the database gives each number within a subject only once.
    """
    check_seen(tx, county, ruling.occurrence, seen)
    added = add_ruling(tx, county, ruling, seen)
    if added is None:
        check_seen(tx, county, ruling.occurrence, seen)
        raise OvertakenError(
            "somebody decided about {subject} at this very moment: look again", subject=ruling.occurrence
        )
    if after is None:
        names = ("id", "target", "part", "as_seen", "ground", "basis", "asked_by", "until")
        after = {name: value for name in names if (value := getattr(added, name))}
    entry = JournalEntry(added.by, action or f"ruling.{added.kind}", added.occurrence, before, after, added.reason)
    append_entries(tx, county, [entry], added.recorded_at)
    return added

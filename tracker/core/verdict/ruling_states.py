"""State of each ruling: in force, replaced, ended, revoked, or waiting for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end
from tracker.core.matching.filings import RELEASE_KINDS
from tracker.core.values.facts import Ruling
from tracker.core.values.message import Message


@dataclass(frozen=True, slots=True)
class RulingState:
    """The state of a ruling in words. `holds`: it is in force. `open`: it waits for an answer."""

    words: Message
    holds: bool = True
    open: bool = False


def ruling_states(rulings: Iterable[Ruling], now: datetime, zone: ZoneInfo) -> dict[int, RulingState]:
    """Return the state of each ruling, by its ID."""
    ordered = sorted(rulings, key=lambda ruling: (ruling.recorded_at, ruling.id))
    revocations = {ruling.target: ruling for ruling in ordered if ruling.kind == "revoke"}
    answered = {
        ruling.target: ruling
        for ruling in ordered
        if ruling.kind in ("uphold", "dismiss") and f"ruling:{ruling.id}" not in revocations
    }
    latest = {_subject_of(ruling): ruling for ruling in ordered if f"ruling:{ruling.id}" not in revocations}
    states = {}
    for ruling in ordered:
        target = f"ruling:{ruling.id}"
        if (later := revocations.get(target)) is not None:
            day = later.recorded_at.astimezone(zone).date().isoformat()
            revoked = Message("revoked by {by} on {day}: {reason}", by=later.by, day=day, reason=later.reason)
            states[ruling.id] = RulingState(revoked, holds=False)
        elif ruling.kind in RELEASE_KINDS and ruling.until is not None and now >= day_end(ruling.until, zone):
            states[ruling.id] = RulingState(Message("over since {day}", day=ruling.until.isoformat()), holds=False)
        elif ruling.kind == "object":
            answer = answered.get(target)
            states[ruling.id] = RulingState(_answer_words(answer), open=answer is None)
        elif (later := latest[_subject_of(ruling)]) is not ruling:
            replaced = Message("replaced by ruling:{number} of {by}", number=later.id, by=later.by)
            states[ruling.id] = RulingState(replaced, holds=False)
        else:
            states[ruling.id] = RulingState(Message("holds"))
    return states


def _answer_words(answer: Ruling | None) -> Message:
    """Say how an objection was answered."""
    if answer is None:
        return Message("waits for an answer")
    return Message("upheld by {by}" if answer.kind == "uphold" else "dismissed by {by}", by=answer.by)


def _subject_of(ruling: Ruling) -> tuple[str, ...]:
    """Return what a ruling decides on: of several rulings on one matter the latest is in force."""
    if ruling.kind in ("accept", "reject"):
        return "proof", ruling.occurrence, ruling.part or "", ruling.target
    if ruling.kind in RELEASE_KINDS:
        return "release", ruling.occurrence, ruling.part or ""
    return (ruling.kind, ruling.occurrence) if ruling.kind == "postpone" else (ruling.kind, str(ruling.id))

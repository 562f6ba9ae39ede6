"""State of each ruling: in force, replaced, ended, revoked, or waiting for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end
from tracker.core.matching.filings import RELEASE_KINDS
from tracker.core.values.facts import Ruling


@dataclass(frozen=True, slots=True)
class RulingState:
    """The state of a ruling in words. `holds`: it is in force. `open`: it waits for an answer."""

    words: str
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
            states[ruling.id] = RulingState(
                f"revoked by {later.by} on {_day(later, zone)}: {later.reason}", holds=False
            )
        elif ruling.kind in RELEASE_KINDS and ruling.until is not None and now >= day_end(ruling.until, zone):
            states[ruling.id] = RulingState(f"over since {ruling.until.isoformat()}", holds=False)
        elif ruling.kind == "object":
            answer = answered.get(target)
            words = {"uphold": "upheld", "dismiss": "dismissed"}[answer.kind] if answer else "waits for an answer"
            states[ruling.id] = RulingState(f"{words} by {answer.by}" if answer else words, open=answer is None)
        elif (later := latest[_subject_of(ruling)]) is not ruling:
            states[ruling.id] = RulingState(f"replaced by ruling:{later.id} of {later.by}", holds=False)
        else:
            states[ruling.id] = RulingState("holds")
    return states


def _subject_of(ruling: Ruling) -> tuple[str, ...]:
    """Return what a ruling decides on: of several rulings on one matter the latest is in force."""
    if ruling.kind in ("accept", "reject"):
        return "proof", ruling.occurrence, ruling.part or "", ruling.target
    if ruling.kind in RELEASE_KINDS:
        return "release", ruling.occurrence, ruling.part or ""
    return (ruling.kind, ruling.occurrence) if ruling.kind == "postpone" else (ruling.kind, str(ruling.id))


def _day(ruling: Ruling, zone: ZoneInfo) -> str:
    return ruling.recorded_at.astimezone(zone).date().isoformat()

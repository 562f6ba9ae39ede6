"""State of each ruling: in force, replaced, ended, revoked, or waiting for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end
from tracker.core.matching.filings import RELEASES
from tracker.core.values.facts import Ruling


@dataclass(frozen=True, slots=True)
class RulingState:
    """`holds`: it has an effect. `open`: it waits for an answer."""

    words: str
    holds: bool = True
    open: bool = False


def ruling_states(rulings: Iterable[Ruling], now: datetime, zone: ZoneInfo) -> dict[int, RulingState]:
    """What became of each, by ID."""
    said = sorted(rulings, key=lambda ruling: (ruling.recorded_at, ruling.id))
    back = {ruling.target: ruling for ruling in said if ruling.kind == "revoke"}
    answered = {
        ruling.target: ruling
        for ruling in said
        if ruling.kind in ("uphold", "dismiss") and f"ruling:{ruling.id}" not in back
    }
    last = {_question(ruling): ruling for ruling in said if f"ruling:{ruling.id}" not in back}
    found = {}
    for one in said:
        about = f"ruling:{one.id}"
        if (by := back.get(about)) is not None:
            found[one.id] = RulingState(f"revoked by {by.by} on {_day(by, zone)}: {by.reason}", holds=False)
        elif one.kind in RELEASES and one.until is not None and now >= day_end(one.until, zone):
            found[one.id] = RulingState(f"over since {one.until.isoformat()}", holds=False)
        elif one.kind == "object":
            answer = answered.get(about)
            words = {"uphold": "upheld", "dismiss": "dismissed"}[answer.kind] if answer else "waits for an answer"
            found[one.id] = RulingState(f"{words} by {answer.by}" if answer else words, open=answer is None)
        elif (by := last[_question(one)]) is not one:
            found[one.id] = RulingState(f"replaced by ruling:{by.id} of {by.by}", holds=False)
        else:
            found[one.id] = RulingState("holds")
    return found


def _question(ruling: Ruling) -> tuple[str, ...]:
    """What is decided: of several answers to the same the latest counts."""
    if ruling.kind in ("accept", "reject"):
        return "proof", ruling.occurrence, ruling.part or "", ruling.target
    if ruling.kind in RELEASES:
        return "release", ruling.occurrence, ruling.part or ""
    return (ruling.kind, ruling.occurrence) if ruling.kind == "postpone" else (ruling.kind, str(ruling.id))


def _day(ruling: Ruling, zone: ZoneInfo) -> str:
    return ruling.recorded_at.astimezone(zone).date().isoformat()

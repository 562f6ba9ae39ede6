"""Marks our interpretation of a deadline (an assumed reading) as adopted, by the recorded decision of the county."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from tracker.core.law.assumed_rules import Adoption, AssumedRule
from tracker.core.law.county import Rulebook
from tracker.core.law.duties import Deadline, Duty
from tracker.core.values.facts import Ruling

#: (pack, reading) → who adopted it when, and on what basis.
Adoptions = Mapping[tuple[str, str], Adoption]


def reading_subject(pack: str, reading: str) -> str:
    """Return the subject of rulings about a reading."""
    return f"reading:{pack}/{reading}"


def parse_reading_subject(subject: str) -> tuple[str, str]:
    """Return pack and name of the reading that is the subject."""
    pack, _, name = subject.removeprefix("reading:").partition("/")
    return pack, name


def adoptions_in_force(rulings: Iterable[Ruling], zone: ZoneInfo) -> dict[tuple[str, str], Adoption]:
    """Return the readings whose latest ruling adopts them."""
    adoptions: dict[tuple[str, str], Adoption] = {}
    for ruling in sorted(rulings, key=lambda ruling: (ruling.recorded_at, ruling.id)):
        if ruling.kind == "adopt":
            adoptions[parse_reading_subject(ruling.occurrence)] = Adoption(
                ruling.recorded_at.astimezone(zone), ruling.by, ruling.reason
            )
        elif ruling.kind == "unadopt":
            adoptions.pop(parse_reading_subject(ruling.occurrence), None)
    return adoptions


def assumed_readings(rulebook: Rulebook) -> dict[tuple[str, str], bool]:
    """Return every reading with an assumed number, and each rule of ours, with whether the county's file adopts
    it."""
    return {
        (duty.pack, name): adopted and adoption is None
        for duty in rulebook.duties
        for part in duty.parts
        for deadline in part.deadlines
        for name, (adopted, adoption) in deadline.assumptions.items()
        if name
    }


def apply_adoptions(rulebook: Rulebook, adoptions: Adoptions) -> Rulebook:
    """Return the rulebook with these readings adopted. Its digest is still that of the rules without them."""
    return replace(rulebook, duties=tuple(_adopt_duty(duty, adoptions) for duty in rulebook.duties))


def _adopt_duty(duty: Duty, adoptions: Adoptions) -> Duty:
    def adopt(deadline: Deadline) -> Deadline:
        adoption = adoptions.get((duty.pack, deadline.reading)) if deadline.weak else None
        deadline = deadline if adoption is None else replace(deadline, adopted=True, adoption=adoption)
        rules = {
            name: AssumedRule(True, act)
            for name, rule in deadline.assumed_rules.items()
            if not rule.adopted and (act := adoptions.get((duty.pack, name))) is not None
        }
        return deadline.with_rules(rules) if rules else deadline

    parts = tuple(replace(part, deadlines=tuple(map(adopt, part.deadlines))) for part in duty.parts)
    return replace(duty, parts=parts) if parts != duty.parts else duty

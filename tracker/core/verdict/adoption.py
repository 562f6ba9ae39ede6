"""Marks an assumed reading as adopted where the county adopted it on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

from tracker.core.law.duties import Adoption, Deadline, Duty, Part, Rulebook
from tracker.core.values.facts import Ruling

#: (pack, reading) → who adopted it when, and on what basis.
Adoptions = Mapping[tuple[str, str], Adoption]


def reading_subject(pack: str, reading: str) -> str:
    """Under which name decisions about a reading are kept."""
    return f"reading:{pack}/{reading}"


def reading_of(subject: str) -> tuple[str, str]:
    """Pack and name of a reading's subject."""
    pack, _, name = subject.removeprefix("reading:").partition("/")
    return pack, name


def standing_adoptions(rulings: Iterable[Ruling], zone: ZoneInfo) -> dict[tuple[str, str], Adoption]:
    """The readings whose latest decision is that they are adopted."""
    found: dict[tuple[str, str], Adoption] = {}
    for one in sorted(rulings, key=lambda ruling: (ruling.recorded_at, ruling.id)):
        if one.kind == "adopt":
            found[reading_of(one.occurrence)] = Adoption(one.recorded_at.astimezone(zone), one.by, one.reason)
        elif one.kind == "unadopt":
            found.pop(reading_of(one.occurrence), None)
    return found


def assumed_readings(rulebook: Rulebook) -> dict[tuple[str, str], bool]:
    """Every reading with an assumed number, and whether the county's file adopts it."""
    return {
        (duty.pack, deadline.reading): deadline.adopted and deadline.adoption is None
        for duty in rulebook.duties
        for part in duty.parts
        for deadline in part.deadlines
        if deadline.assumed and deadline.reading
    }


def adopt(rulebook: Rulebook, adoptions: Adoptions) -> Rulebook:
    """The rulebook with these readings adopted. Its digest is still that of the rules without them."""
    return replace(rulebook, duties=tuple(_duty(duty, adoptions) for duty in rulebook.duties))


def _duty(duty: Duty, adoptions: Adoptions) -> Duty:
    parts = tuple(_part(duty.pack, part, adoptions) for part in duty.parts)
    return replace(duty, parts=parts) if parts != duty.parts else duty


def _part(pack: str, part: Part, adoptions: Adoptions) -> Part:
    return replace(part, deadlines=tuple(_deadline(pack, deadline, adoptions) for deadline in part.deadlines))


def _deadline(pack: str, deadline: Deadline, adoptions: Adoptions) -> Deadline:
    adoption = adoptions.get((pack, deadline.reading)) if deadline.weak else None
    return deadline if adoption is None else replace(deadline, adopted=True, adoption=adoption)

"""Rulings: what their grounds are called, the occurrence that a ruling is about, and which rulings are not revoked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.core.values.facts import Ruling

#: Grounds of an exemption that no act names: there is nothing to publish. Those of acts stand in rules/acts.yaml.
OFFICE_GROUNDS: Mapping[str, str] = {"not-applicable": "不适用", "no-such-business": "无此项业务"}
#: A ruling stores what its ground is called; earlier versions stored these names instead.
_EARLIER = {"secret": "国家秘密", "commercial-secret": "商业秘密", "privacy": "个人隐私", **OFFICE_GROUNDS}


def ground_zh(stored: str) -> str:
    """Return what a stored ground is called: 国家秘密."""
    return _EARLIER.get(stored, stored)


@dataclass(frozen=True, slots=True)
class Subject:
    """What an objection is about: an occurrence, or its line in a circular (`circular:NAME/KEY`)."""

    occurrence: str
    circular: str = ""

    def __str__(self) -> str:
        return f"circular:{self.circular}/{self.occurrence}" if self.circular else self.occurrence


def subject_of(text: str) -> Subject:
    """Return the subject that the text names. Raises ValueError where a circular's line names no occurrence."""
    if not text.startswith("circular:"):
        return Subject(text)
    circular, _, occurrence = text.removeprefix("circular:").partition("/")
    if not circular or occurrence.count("/") != 4:
        raise ValueError(f"{text!r}: a circular's line is circular:NAME/county/pack/duty/department/label")
    return Subject(occurrence, circular)


def occurrence_of(subject: str) -> str:
    """Return the key of the occurrence that a ruling is about: its own subject, or that of its line in a circular."""
    return subject_of(subject).occurrence if subject.startswith("circular:") else subject


def not_revoked(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Return the rulings that nobody revoked, in the order in which they were made."""
    in_order = sorted(rulings, key=lambda ruling: (ruling.recorded_at, ruling.id))
    revoked = {ruling.target for ruling in in_order if ruling.kind == "revoke"}
    return [ruling for ruling in in_order if f"ruling:{ruling.id}" not in revoked]

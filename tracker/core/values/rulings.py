"""Rulings: the grounds of an exemption, the occurrence that a ruling is about, and which rulings are not revoked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.core.values.facts import Ruling

#: The grounds of an exemption as the office writes them: 政府信息公开条例（2007）第八条、第十四条；（2019）第十四条至
#: 第十六条. The last two: nothing is there to publish.
GROUNDS: Mapping[str, str] = {
    "secret": "国家秘密",
    "commercial-secret": "商业秘密",
    "privacy": "个人隐私",
    "not-applicable": "不适用",
    "no-such-business": "无此项业务",
}


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

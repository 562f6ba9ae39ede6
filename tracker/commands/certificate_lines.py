"""Says the certificate of a visit in lines: each part, whether it holds, and what was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal

from tracker.commands.language import chosen, pad, quoted, tr, word
from tracker.core.values.certificate import Certificate, CertificatePart, PartName, find_doubts, part_zh, parts_in_order

_MARKS = {True: "✓", False: "✗", None: "–"}
#: The width of the longest name of a part.
_WIDTH = max(map(len, PartName))


def part_name(name: PartName) -> str:
    """The name of a part in the language that is spoken."""
    return part_zh(name) if chosen() == "zh" else name.value


def part_lines(parts: Iterable[CertificatePart]) -> Iterator[str]:
    """A line for each part: ✓ it holds, ✗ it does not, – it was not asked; and why."""
    for part in parts:
        reason = quoted(part.reason) or (tr("not asked") if part.holds is None else "")
        name = part_zh(part.name) if chosen() == "zh" else pad(part.name.value, _WIDTH)
        yield f"{_MARKS[part.holds]} {name}  {reason}".rstrip()


def claim(certificate: Certificate | None, reached: Literal["end"] | date | None) -> str:
    """How far back a visit speaks for what is not there; else the parts that deny it."""
    if reached:
        return word("reached", str(reached))
    if certificate is None:
        return ""
    names = [part_name(part.name) for part in find_doubts(certificate)]
    return f"{_MARKS[False]} {tr(', ').join(names)}"


def to_json(certificate: Certificate | None) -> list[dict[str, Any]] | None:
    """The parts for programs, all of them in their order."""
    if certificate is None:
        return None
    return [
        {"part": part.name.value, "holds": part.holds, "reason": part.reason} for part in parts_in_order(certificate)
    ]

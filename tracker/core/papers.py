"""What people filed and decided, by occurrence: the latest decision about a thing stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tracker.core.facts import Filing, Ruling


def taken(rulings: Iterable[Ruling]) -> dict[str, frozenset[str]]:
    """The addresses that stand accepted under one duty, and the departments they were accepted for."""
    latest = {
        (one.target, one.occurrence, one.part): one
        for one in sorted(rulings, key=lambda one: (one.recorded_at, one.id))
        if one.kind in ("accept", "reject") and "://" in one.target
    }
    found: dict[str, frozenset[str]] = {}
    for (target, occurrence, _), one in latest.items():
        if one.kind == "accept":
            found[target] = found.get(target, frozenset()) | set(occurrence.split("/")[3].split("+"))
    return found


class Papers:
    """Filings and rulings of one duty of one department. The order they are given in does not matter."""

    def __init__(self, filings: Iterable[Filing], rulings: Iterable[Ruling]) -> None:
        self._filings: dict[str, list[Filing]] = defaultdict(list)
        self._rulings: dict[str, list[Ruling]] = defaultdict(list)
        for filing in sorted(filings, key=lambda one: (one.recorded_at, one.id)):
            self._filings[filing.occurrence].append(filing)
        for ruling in sorted(rulings, key=lambda one: (one.recorded_at, one.id)):
            self._rulings[ruling.occurrence].append(ruling)

    def about(self, occurrence: str) -> bool:
        """Whether anything was filed or decided about it."""
        return occurrence in self._filings or occurrence in self._rulings

    def filings(self, occurrence: str, kind: str, part: str) -> list[Filing]:
        """What was filed for a part, from the earliest on."""
        return [one for one in self._filings.get(occurrence, ()) if one.kind == kind and one.part in (None, part)]

    def release(self, occurrence: str, part: str | None = None) -> Ruling | None:
        """The latest waiver or not-applicable: of the whole, or of one part."""
        if occurrence not in self._rulings:
            return None
        kinds = ("waive", "not-applicable")
        held = [one for one in self._rulings.get(occurrence, ()) if one.kind in kinds and one.part == part]
        return held[-1] if held else None

    def ruled(self, occurrence: str, target: str, part: str) -> Ruling | None:
        """The latest acceptance or rejection of a target that covers the part."""
        if occurrence not in self._rulings:
            return None
        held = [
            one
            for one in self._rulings.get(occurrence, ())
            if one.kind in ("accept", "reject") and one.target == target and one.part in (None, part)
        ]
        return held[-1] if held else None

    def accepted(self, occurrence: str, part: str) -> Iterator[Ruling]:
        """Every acceptance for the part that still stands, one a target."""
        rulings = self._rulings.get(occurrence)
        for target in sorted({one.target for one in rulings if one.kind == "accept"}) if rulings else ():
            ruling = self.ruled(occurrence, target, part)
            if ruling is not None and ruling.kind == "accept":
                yield ruling

"""Filings and rulings by occurrence; of several rulings on one thing the latest holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end
from tracker.core.values.facts import Filing, Ruling
from tracker.core.values.rulings import not_revoked, occurrence_of

#: What says that it is not owed.
RELEASES = ("waive", "not-applicable")
#: An objection and what is answered to it.
OBJECTIONS = ("object", "uphold", "dismiss")


@dataclass(frozen=True, slots=True)
class EndedRuling:
    """A decision that no longer holds. `back`: the one that took it back; None where its time is over."""

    ruling: Ruling
    back: Ruling | None = None


def whole_of(occurrence: str) -> str:
    """The subject of decisions about the duty of the department as a whole."""
    return f"{occurrence[: occurrence.rindex('/')]}/*"


def accepted_urls(rulings: Iterable[Ruling]) -> dict[str, frozenset[str]]:
    """The addresses that stand accepted under one duty, and the departments they were accepted for."""
    latest = {
        (ruling.target, ruling.occurrence, ruling.part): ruling
        for ruling in not_revoked(rulings)
        if ruling.kind in ("accept", "reject") and "://" in ruling.target
    }
    found: dict[str, frozenset[str]] = {}
    for (target, occurrence, _), one in latest.items():
        if one.kind == "accept":
            found[target] = found.get(target, frozenset()) | set(occurrence.split("/")[3].split("+"))
    return found


class FilingIndex:
    """Filings and rulings of one duty of one department. The order they are given in does not matter."""

    def __init__(
        self,
        filings: Iterable[Filing],
        rulings: Iterable[Ruling],
        now: datetime | None = None,
        zone: ZoneInfo | None = None,
    ) -> None:
        """`now` in `zone`: what has an end no longer holds after it; without them everything holds."""
        self._filings: dict[str, list[Filing]] = defaultdict(list)
        self._rulings: dict[str, list[Ruling]] = defaultdict(list)
        self._ended: dict[str, list[EndedRuling]] = defaultdict(list)
        self._objected: dict[str, list[Ruling]] = defaultdict(list)  # also to its line in a circular
        self._now, self._zone = now, zone
        for filing in sorted(filings, key=lambda one: (one.recorded_at, one.id)):
            self._filings[filing.occurrence].append(filing)
        said = sorted(rulings, key=lambda one: (one.recorded_at, one.id))
        taken_back = {one.target: one for one in said if one.kind == "revoke"}
        for ruling in said:
            if (back := taken_back.get(f"ruling:{ruling.id}")) is not None:
                self._ended[ruling.occurrence].append(EndedRuling(ruling, back))
            else:
                self._rulings[ruling.occurrence].append(ruling)
                if ruling.kind in OBJECTIONS:
                    self._objected[occurrence_of(ruling.occurrence)].append(ruling)

    def about(self, occurrence: str) -> bool:
        """Whether anything was filed or decided about it."""
        return occurrence in self._filings or occurrence in self._rulings

    def filings(self, occurrence: str, kind: str, part: str) -> list[Filing]:
        """What was filed for a part, from the earliest on."""
        return [
            filing
            for filing in self._filings.get(occurrence, ())
            if filing.kind == kind and filing.part in (None, part)
        ]

    def release(self, occurrence: str, part: str | None = None) -> Ruling | None:
        """The latest waiver or not-applicable, while it holds: of the whole, or of one part."""
        if occurrence not in self._rulings:
            return None
        rulings = [
            ruling for ruling in self._rulings.get(occurrence, ()) if ruling.kind in RELEASES and ruling.part == part
        ]
        return rulings[-1] if rulings and not self._is_over(rulings[-1]) else None

    def general(self, occurrence: str) -> Ruling | None:
        """The latest decision that the duty as a whole does not apply to the department, while it holds."""
        return self.release(whole_of(occurrence))

    def ends(self, occurrence: str) -> Iterator[datetime]:
        """When exemptions that hold now end by themselves."""
        for key in (occurrence, whole_of(occurrence)):
            for ruling in self._rulings.get(key, ()):
                if ruling.kind in RELEASES and ruling.until and self._zone and not self._is_over(ruling):
                    yield day_end(ruling.until, self._zone)

    def ended(self, occurrence: str) -> Iterator[EndedRuling]:
        """What no longer holds: what somebody took back, and exemptions whose time is over."""
        for key in (occurrence, whole_of(occurrence)):
            yield from self._ended.get(key, ())
            for ruling in self._rulings.get(key, ()):
                if ruling.kind in RELEASES and self._is_over(ruling):
                    yield EndedRuling(ruling)

    def objection(self, occurrence: str) -> tuple[Ruling, Ruling | None] | None:
        """The latest objection, to the matter or to its line in a circular, and what was decided about it."""
        held = self._objected.get(occurrence, ())
        filed = [ruling for ruling in held if ruling.kind == "object"]
        if not filed:
            return None
        about = f"ruling:{filed[-1].id}"
        decided = [ruling for ruling in held if ruling.kind in ("uphold", "dismiss") and ruling.target == about]
        return filed[-1], decided[-1] if decided else None

    def _is_over(self, ruling: Ruling) -> bool:
        if ruling.until is None or self._now is None or self._zone is None:
            return False
        return self._now >= day_end(ruling.until, self._zone)

    def ruled(self, occurrence: str, target: str, part: str) -> Ruling | None:
        """The latest acceptance or rejection of a target that covers the part."""
        if occurrence not in self._rulings:
            return None
        rulings = [
            ruling
            for ruling in self._rulings.get(occurrence, ())
            if ruling.kind in ("accept", "reject") and ruling.target == target and ruling.part in (None, part)
        ]
        return rulings[-1] if rulings else None

    def accepted(self, occurrence: str, part: str) -> Iterator[Ruling]:
        """Every acceptance for the part that still stands, one a target."""
        rulings = self._rulings.get(occurrence)
        for target in sorted({one.target for one in rulings if one.kind == "accept"}) if rulings else ():
            ruling = self.ruled(occurrence, target, part)
            if ruling is not None and ruling.kind == "accept":
                yield ruling

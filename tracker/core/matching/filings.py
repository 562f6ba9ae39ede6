"""Index of filings and rulings by occurrence. Of several rulings on the same question the latest is in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tracker.core.law.counting import day_end
from tracker.core.values.facts import Filing, Ruling
from tracker.core.values.rulings import not_revoked, occurrence_of

#: Kinds of rulings that say that an occurrence is not owed.
RELEASE_KINDS = ("waive", "not-applicable")
#: Kinds of rulings about an objection: itself, and the two answers to it.
OBJECTIONS = ("object", "uphold", "dismiss")


@dataclass(frozen=True, slots=True)
class EndedRuling:
    """A ruling that is no longer in force. `revocation`: the ruling that revoked it; None where its time has ended."""

    ruling: Ruling
    revocation: Ruling | None = None


def duty_subject(occurrence: str) -> str:
    """Return the subject of rulings about the department's duty as a whole."""
    return f"{occurrence[: occurrence.rindex('/')]}/*"


def accepted_urls(rulings: Iterable[Ruling]) -> dict[str, frozenset[str]]:
    """Return the accepted URLs of one duty, each with the departments for which it was accepted."""
    latest = {
        (ruling.target, ruling.occurrence, ruling.part): ruling
        for ruling in not_revoked(rulings)
        if ruling.kind in ("accept", "reject") and "://" in ruling.target
    }
    departments_of: dict[str, frozenset[str]] = {}
    for (target, occurrence, _), ruling in latest.items():
        if ruling.kind == "accept":
            departments_of[target] = departments_of.get(target, frozenset()) | set(occurrence.split("/")[3].split("+"))
    return departments_of


class FilingIndex:
    """Filings and rulings of one duty of one department, in any order."""

    def __init__(
        self,
        filings: Iterable[Filing],
        rulings: Iterable[Ruling],
        now: datetime | None = None,
        zone: ZoneInfo | None = None,
    ) -> None:
        """`now` and `zone`: rulings with an end are over after it. Without them no ruling is over."""
        self._filings: dict[str, list[Filing]] = defaultdict(list)
        self._rulings: dict[str, list[Ruling]] = defaultdict(list)
        self._ended: dict[str, list[EndedRuling]] = defaultdict(list)
        self._objected: dict[str, list[Ruling]] = defaultdict(list)  # those to its line in a circular too
        self._now, self._zone = now, zone
        for filing in sorted(filings, key=lambda record: (record.recorded_at, record.id)):
            self._filings[filing.occurrence].append(filing)
        ordered = sorted(rulings, key=lambda record: (record.recorded_at, record.id))
        revocations = {record.target: record for record in ordered if record.kind == "revoke"}
        for ruling in ordered:
            if (revocation := revocations.get(f"ruling:{ruling.id}")) is not None:
                self._ended[ruling.occurrence].append(EndedRuling(ruling, revocation))
            else:
                self._rulings[ruling.occurrence].append(ruling)
                if ruling.kind in OBJECTIONS:
                    self._objected[occurrence_of(ruling.occurrence)].append(ruling)

    def has_any(self, occurrence: str) -> bool:
        """Return whether there is a filing or a ruling about the occurrence."""
        return occurrence in self._filings or occurrence in self._rulings

    def of_kind(self, occurrence: str, kind: str, part: str) -> list[Filing]:
        """Return the filings of a kind for a part, earliest first."""
        return [
            filing
            for filing in self._filings.get(occurrence, ())
            if filing.kind == kind and filing.part in (None, part)
        ]

    def find_release(self, occurrence: str, part: str | None = None) -> Ruling | None:
        """Return the latest waiver or not-applicable in force, of the whole occurrence or of one part."""
        rulings = reversed(self._rulings.get(occurrence, ()))
        release = next((ruling for ruling in rulings if ruling.kind in RELEASE_KINDS and ruling.part == part), None)
        return None if release is None or self._is_over(release) else release

    def find_general_release(self, occurrence: str) -> Ruling | None:
        """Return the latest ruling in force that the duty as a whole does not apply to the department."""
        return self.find_release(duty_subject(occurrence))

    def release_ends(self, occurrence: str) -> Iterator[datetime]:
        """Yield the instants at which the exemptions in force end by themselves."""
        for key in (occurrence, duty_subject(occurrence)):
            for ruling in self._rulings.get(key, ()):
                if ruling.kind in RELEASE_KINDS and ruling.until and self._zone and not self._is_over(ruling):
                    yield day_end(ruling.until, self._zone)

    def ended_rulings(self, occurrence: str) -> Iterator[EndedRuling]:
        """Yield the rulings no longer in force: revoked ones, and exemptions whose time has ended."""
        for key in (occurrence, duty_subject(occurrence)):
            yield from self._ended.get(key, ())
            for ruling in self._rulings.get(key, ()):
                if ruling.kind in RELEASE_KINDS and self._is_over(ruling):
                    yield EndedRuling(ruling)

    def find_objection(self, occurrence: str) -> tuple[Ruling, Ruling | None] | None:
        """Return the latest objection to the occurrence or to its line in a circular, and the answer to it, if any."""
        rulings = self._objected.get(occurrence, [])[::-1]
        objection = next((ruling for ruling in rulings if ruling.kind == "object"), None)
        if objection is None:
            return None
        target = f"ruling:{objection.id}"
        return objection, next(
            (ruling for ruling in rulings if ruling.kind != "object" and ruling.target == target), None
        )

    def _is_over(self, ruling: Ruling) -> bool:
        if ruling.until is None or self._now is None or self._zone is None:
            return False
        return self._now >= day_end(ruling.until, self._zone)

    def find_ruling(self, occurrence: str, target: str, part: str) -> Ruling | None:
        """Return the latest acceptance or rejection of a target that covers the part."""
        for ruling in reversed(self._rulings.get(occurrence, ())):
            if ruling.kind in ("accept", "reject") and ruling.target == target and ruling.part in (None, part):
                return ruling
        return None

    def accepted_rulings(self, occurrence: str, part: str) -> Iterator[Ruling]:
        """Yield the acceptances in force for the part, one for each target."""
        rulings = self._rulings.get(occurrence, ())
        for target in sorted({ruling.target for ruling in rulings if ruling.kind == "accept"}):
            ruling = self.find_ruling(occurrence, target, part)
            if ruling is not None and ruling.kind == "accept":
                yield ruling

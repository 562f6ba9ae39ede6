"""Report line: an occurrence as it stood at an instant, in the words of the rules of that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tracker.core.law.periods import split_label, unit_of
from tracker.core.law.wording import WITHDRAWN, matter_zh
from tracker.core.values.verdicts import Light, Status, not_kept, only_taken_down, taken_down_zh


@dataclass(frozen=True, slots=True)
class ProofLink:
    """A proof: an entry's address, or a filing (`attestation:ID` and the like)."""

    about: str
    title: str
    at: datetime | None

    @property
    def url(self) -> str:
        return self.about if "://" in self.about else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One occurrence as it stood.

    `days_late`: working days past the last day on time, to the day of proof or to the day of the report; 0 where it is
    not late or was taken down since. `is_liable`: somebody is liable, that is, it
    is neither closed, nor only shown (`core.law.binding`), nor published late before liability started. `objection`:
    the state of the department's latest objection. `basis`: instrument, clause and articles; `basis_in_full`: as papers
    write them. `published_on`: also of what was taken down since. `day`: of a daily duty, the day whose
    data it owes. `doubted`: a person has still to decide whether what proved it is gone; only circulars ask for it.
    `unlooked`: why it is to be looked at again before a circular names it, "" where nothing keeps it from that.
    `deed`: the act that it asks for; `recorded`: the register alone proves it. `counted_from`: the day from which days
    late count, where that is later than the time limit: the day of going live, for one.
    """

    key: str
    pack: str
    duty: str
    department: str
    label: str
    who: str
    title: str
    clause: str
    weight: float
    period: str
    due: str
    opens_on: date | None
    due_on: date | None
    due_at: datetime | None
    status: Status
    status_zh: str
    light: Light
    reason: str
    derivation: str
    proved_at: datetime | None
    published_on: date | None
    days_late: int
    assumed: bool
    provisional: bool
    is_liable: bool
    basis: str = ""
    basis_in_full: str = ""
    missing: tuple[str, ...] = ()
    proofs: tuple[ProofLink, ...] = ()
    objection: Literal["", "pending", "upheld", "dismissed"] = ""
    day: date | None = None
    doubted: bool = False
    unlooked: str = ""
    deed: str = "公开"
    recorded: bool = False
    counted_from: date | None = None

    @property
    def members(self) -> tuple[str, ...]:
        """The departments that owe it, several if jointly."""
        return tuple(self.department.split("+"))

    @property
    def mild(self) -> bool:
        """Whether nobody is liable because the date is assumed or provisional."""
        return self.assumed or self.provisional

    @property
    def owed(self) -> bool:
        """Whether counts and rates include it: fallen due, and neither exempt, mild, nor with an upheld objection."""
        is_due = not (self.status.coming or self.status.ended)
        return self.is_liable and not self.mild and self.objection != "upheld" and is_due

    @property
    def judged(self) -> bool:
        """Whether it is owed and could be judged, so that scores include it."""
        return self.owed and not self.status.unjudged

    @property
    def late(self) -> bool:
        """Whether lists of late occurrences include it: not with an upheld objection."""
        return self.status.late and self.objection != "upheld"

    @property
    def name(self) -> str:
        """The title with the period: 环境质量信息（2015年6月）."""
        return matter_zh(self.title, self.period)

    @property
    def daily(self) -> bool:
        return unit_of(split_label(self.label)[0]) == "day"

    @property
    def withdrawn(self) -> bool:
        return self.status.late and only_taken_down(self.reason)

    @property
    def gone_zh(self) -> str:
        """Since when the page on which it was published does not answer; "" where it was not taken down."""
        return taken_down_zh(self.reason) if self.withdrawn else ""

    @property
    def not_kept(self) -> bool:
        """Whether it is published, and was only not kept current."""
        return self.status.late and not_kept(self.reason)

    @property
    def problem(self) -> str:
        """The kind of problem (问题类型), or "". That of an incomplete occurrence says that a part was published."""
        if self.objection == "upheld" or not self.is_liable:
            return ""
        if self.withdrawn:
            return WITHDRAWN
        return self.status_zh if self.status.late or self.status is Status.MET_LATE else ""

    @property
    def marks(self) -> tuple[str, ...]:
        return tuple(word for word, holds in (("参照时限", self.assumed), ("暂定", self.provisional)) if holds)


def group_by_member(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Return the lines of each department in order, jointly owed ones included."""
    by_member: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        for member in line.members:
            by_member[member].append(line)
    return by_member

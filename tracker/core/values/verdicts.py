"""Verdicts: status, light and reason of an occurrence, with the cells and findings that they rest on.

A cell is one part of a duty at one place where it must be published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal


class Light(StrEnum):
    """灯号. `none`: nothing to show yet."""

    NONE = "none"
    GREY = "grey"
    GREEN = "green"
    BLUE = "blue"
    YELLOW = "yellow"
    RED = "red"

    @property
    def zh(self) -> str:
        return {"none": "—", "grey": "灰", "green": "绿", "blue": "蓝", "yellow": "黄", "red": "红"}[self.value]


class Status(StrEnum):
    """The statuses in the order in which they are decided (docs/judgement.md, "From a cell to the status")."""

    NOT_APPLICABLE = "not-applicable"
    WAIVED = "waived"
    CLOSED = "closed"  # its rule is gone, or another occurrence took its place; never counted
    CLOCK_UNKNOWN = "clock-unknown"  # the event that starts the time limit is not recorded
    MET_DISPUTED = "met-disputed"
    MET = "met"
    MET_LATE = "met-late"
    PAUSED = "paused"  # its clock stands
    UPCOMING = "upcoming"
    OPEN = "open"
    DUE_SOON = "due-soon"
    UNVERIFIABLE = "unverifiable"
    OVERDUE = "overdue"
    INCOMPLETE = "incomplete"

    @property
    def zh(self) -> str:
        return _STATUSES[self][0]

    @property
    def light(self) -> Light:
        """The light of the status, before it is softened because nobody is liable."""
        return _STATUSES[self][1]

    @property
    def met(self) -> bool:
        return self in (Status.MET, Status.MET_LATE, Status.MET_DISPUTED)

    @property
    def released(self) -> bool:
        """Whether a person ruled that it is not owed."""
        return self in (Status.NOT_APPLICABLE, Status.WAIVED)

    @property
    def ended(self) -> bool:
        """Whether nothing is owed any longer, by a ruling or because it is closed."""
        return self.released or self is Status.CLOSED

    @property
    def coming(self) -> bool:
        """Whether it is not due yet, and not met."""
        return self in (Status.PAUSED, Status.UPCOMING, Status.OPEN, Status.DUE_SOON)

    @property
    def running(self) -> bool:
        """Whether it is coming and its clock runs."""
        return self.coming and self is not Status.PAUSED

    @property
    def late(self) -> bool:
        """Whether it is past due and the department is liable."""
        return self in (Status.OVERDUE, Status.INCOMPLETE)

    @property
    def unjudged(self) -> bool:
        """Whether it could not be judged, so that nobody is liable."""
        return self in (Status.UNVERIFIABLE, Status.CLOCK_UNKNOWN, Status.MET_DISPUTED)


_STATUSES = {
    Status.NOT_APPLICABLE: ("不适用", Light.GREY),
    Status.WAIVED: ("已豁免", Light.GREY),
    Status.CLOSED: ("已关闭", Light.GREY),
    Status.CLOCK_UNKNOWN: ("时限起算依据未登记", Light.GREY),
    Status.MET_DISPUTED: ("公开日期存疑", Light.YELLOW),
    Status.MET: ("已公开", Light.GREEN),
    Status.MET_LATE: ("逾期后公开", Light.YELLOW),
    Status.PAUSED: ("中止计时", Light.NONE),
    Status.UPCOMING: ("未开始", Light.NONE),
    Status.OPEN: ("进行中", Light.NONE),
    Status.DUE_SOON: ("即将到期", Light.BLUE),
    Status.UNVERIFIABLE: ("无法核验", Light.GREY),
    Status.OVERDUE: ("逾期未公开", Light.RED),
    Status.INCOMPLETE: ("公开不完整", Light.RED),
}

#: "open": neither proved nor due. "missing": due, and a complete visit since did not find the publication, or it was
#: taken down, or nothing was filed. "unseen": due, and not known, because no such visit was made or a person has to
#: decide.
CellState = Literal["proved", "missing", "unseen", "open"]

#: The proof of a cell where there was nothing to publish in the period. A zero report is recognised by this text in
#: stored reasons.
ZERO_REPORT = "已报送零报告"

#: Phrases by which the stored reason of an unproved cell tells what is wrong, in the reasons of earlier versions too.
TAKEN_DOWN = "曾公开，其"  # it was published and taken down
NEVER_SEEN = "已完整检查"  # a complete visit did not find it
NEVER_FILED = "后仍未"  # it was not handed in
_GONE_SINCE = re.compile(rf"{TAKEN_DOWN}.*?(自\d+年\d+月\d+日起|现已)(无法打开（\d+）|看不到原来的内容)")
_NOT_KEPT = ("未见更新，也未确认", "更新齐全；")  # it was published, and not kept current


def only_taken_down(reason: str) -> bool:
    """Return whether everything missing had been published and was taken down, so that no days late count."""
    return TAKEN_DOWN in reason and NEVER_SEEN not in reason and NEVER_FILED not in reason


def taken_down_zh(reason: str) -> str:
    """Return since when the page of what was published does not answer, as a paper says it; "" if it was not gone."""
    found = _GONE_SINCE.search(reason)
    return f"原公开网页{found[1]}{found[2]}，请核实恢复" if found else ""


def not_kept(reason: str) -> bool:
    """Return whether it is published and was only not kept current in the period."""
    return any(phrase in reason for phrase in _NOT_KEPT) and TAKEN_DOWN not in reason


#: Stored as `gone_status` where the address still answers 200 (OK), but the publication is gone from the page.
EMPTIED_PAGE_STATUS = 200


def gone_zh(status: int | None) -> str:
    """Return what the address of a publication that was taken down answers (Chinese)."""
    return "看不到原来的内容" if status == EMPTIED_PAGE_STATUS else f"无法打开（{status or 404}）"


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry, filing or record judged against one occurrence, and in words why it counts or not.

    `about`: the entry's URL, `attestation:ID`, `zero-report:ID`, `upkeep:ID` or `event:NAME:REF`.
    `at`: the instant of proof, the earlier of the date that the entry claims and its first sighting.
    """

    occurrence: str
    cell: str
    about: str
    title: str
    counts: bool
    reason: str
    at: datetime | None = None
    first_seen_at: datetime | None = None
    held: tuple[str, ...] = ()  # required items that it contains
    where: tuple[str, ...] = ()  # for each of `held` the sentence or table cell that shows it
    lacks: tuple[str, ...] = ()  # required items that it does not contain
    unread: bool = False  # its article or a file of it could not be read
    awaits_person: bool = False  # it fits, but a person has to decide whether it counts
    disputed: bool = False  # counts by its own date, which an earlier look contradicts
    returned: bool = False  # a filing that is rejected or no longer counts: whoever filed it is notified


@dataclass(frozen=True, slots=True)
class CellVerdict:
    """The state of a cell and the reason. `published`: something of it was published or seen, though not all."""

    cell: str
    part: str
    state: CellState
    reason: str
    at: datetime | None = None
    published: bool = False
    missing_items: tuple[str, ...] = ()
    disputed: bool = False
    late_item: bool = False  # disputed only because an item was added late to an entry that was seen in time
    sighted_at: datetime | None = None  # past due: end of the last complete visit that bears on it
    filed_only: bool = False  # proved by filing or record: needs no visit
    gone: bool = False  # was proved, and its address answers 404 or 410 since
    by: str = ""  # in words what proves it, where that is not an entry
    awaits: str = ""  # what a person has to decide before it can be called proved or missing


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one occurrence at one instant.

    `fresh`: since the previous working day began, a complete visit was made for every missing cell.
    `visited_at`: when the oldest of those visits began; None where a missing cell has none, or none is missing.
    `stale_at`: the instant at which `fresh` ends without another visit; None if it is not fresh.
    `next_at`: the earliest later instant at which the passing of time alone may change status or reason.
    `not_binding_reason`: why it is only shown, neither escalated nor scored (Chinese): due before the county's start,
    or before the instrument was issued.
    `liable_from`: from when it is escalated, where that is later than due: an exemption ended, the county adopted our
    interpretation of the deadline, the county went live. `liability_reason`: why (Chinese).
    `held_from`: from when days late count, where that is later than due. In a county that was live, paused and live
    again, it is the first going live after the due day, and `liable_from` the last.
    `objection`: the state of the department's latest one; if it is upheld, the department is not liable.
    """

    occurrence: str
    status: Status
    light: Light
    reason: str
    cells: tuple[CellVerdict, ...] = ()
    findings: tuple[Finding, ...] = ()
    proved_at: datetime | None = None
    incomplete: bool = False  # something published, cells unproved, whether or not past due
    fresh: bool = False
    stale_at: datetime | None = None
    visited_at: datetime | None = None
    next_at: datetime | None = None
    not_binding_reason: str = ""
    liable_from: datetime | None = None
    held_from: datetime | None = None
    liability_reason: str = ""
    objection: Literal["", "pending", "upheld", "dismissed"] = ""

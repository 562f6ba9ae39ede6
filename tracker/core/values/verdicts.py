"""Verdicts: status, light and reason of an occurrence, with the cells and findings that they rest on."""

from __future__ import annotations

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
    CLOSED = "closed"  # orphaned or replaced: closed with the reason, never counted
    CLOCK_UNKNOWN = "clock-unknown"
    MET_DISPUTED = "met-disputed"
    MET = "met"
    MET_LATE = "met-late"
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
        return self in (Status.UPCOMING, Status.OPEN, Status.DUE_SOON)

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
    Status.CLOCK_UNKNOWN: ("起算事项未登记", Light.GREY),
    Status.MET_DISPUTED: ("公开日期存疑", Light.YELLOW),
    Status.MET: ("已公开", Light.GREEN),
    Status.MET_LATE: ("逾期后公开", Light.YELLOW),
    Status.UPCOMING: ("未开始", Light.NONE),
    Status.OPEN: ("进行中", Light.NONE),
    Status.DUE_SOON: ("即将到期", Light.BLUE),
    Status.UNVERIFIABLE: ("无法核验", Light.GREY),
    Status.OVERDUE: ("逾期未公开", Light.RED),
    Status.INCOMPLETE: ("公开不完整", Light.RED),
}

CellState = Literal["proved", "missing", "unseen", "open"]

#: The proof of a cell in a period without anything to publish; stored reasons show a zero report by it.
ZERO_REPORT = "已报送零报告"

#: Phrases in the reasons of unproved cells: the proof was taken down, was never seen, was never filed.
TAKEN_DOWN, NEVER_SEEN, NEVER_FILED = "曾公开，其地址", "截止后已完整检查", "截止后仍未"


def only_taken_down(reason: str) -> bool:
    """Return whether everything missing had been published and was taken down, so that no days late count."""
    return TAKEN_DOWN in reason and NEVER_SEEN not in reason and NEVER_FILED not in reason


#: The status of a page that opens and shows nothing of its former content.
EMPTIED = 200


def gone_zh(status: int | None) -> str:
    """Return what the address of a publication that was taken down answers (Chinese)."""
    return "看不到原来的内容" if status == EMPTIED else f"无法打开（{status or 404}）"


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry, filing or record judged against one occurrence, and in words why it counts or not.

    `about`: the entry's URL, `attestation:ID`, `zero-report:ID`, `upkeep:ID` or `event:NAME:REF`.
    `at`: the claimed instant, at latest the first sighting (the instant of proof).
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
    where: tuple[str, ...] = ()  # beside `held`: the sentence or cell that proves each
    lacks: tuple[str, ...] = ()  # required items that it does not contain
    unread: bool = False  # its article or a file of it could not be read
    unattributed: bool = False  # matches, but a person must say whose it is
    disputed: bool = False  # counts by its own date, which an earlier look contradicts
    returned: bool = False  # a filing that is rejected or no longer counts: whoever filed it is notified


@dataclass(frozen=True, slots=True)
class CellVerdict:
    """A cell's state and why. `published`: something of it was published or seen, though not all."""

    cell: str
    part: str
    state: CellState
    reason: str
    at: datetime | None = None
    published: bool = False
    missing_items: tuple[str, ...] = ()
    disputed: bool = False
    added: bool = False  # disputed not for what was published, which was seen in time, but for an item put in later
    sighted_at: datetime | None = None  # past due: end of the last complete visit that bears on it
    filed_only: bool = False  # proved by filing or record: needs no visit
    gone: bool = False  # was proved, and its address answers 404 or 410 since
    by: str = ""  # in words what proves it, where that is not an entry
    awaits: str = ""  # what a person has to decide before it can be called proved or missing


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one occurrence at one instant.

    `fresh`: every missing cell was sighted by a complete visit since the previous working day began.
    `stale_at`: until when a fresh one stays fresh without another visit.
    `next_at`: the earliest later instant at which the passing of time alone may change status or reason.
    `not_binding`: why it is only shown, neither escalated nor scored: due before the county's start, or before the
    instrument was issued.
    `liable_from`: from when it is escalated, where that is later than due: an exemption ended, an assumed reading was
    adopted, the county went live. `liability_reason`: why (Chinese).
    `held_from`: from when days late count, where that is later than due. Earlier than `liable_from` where the county
    was live before.
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
    next_at: datetime | None = None
    not_binding: str = ""
    liable_from: datetime | None = None
    held_from: datetime | None = None
    liability_reason: str = ""
    objection: Literal["", "pending", "upheld", "dismissed"] = ""

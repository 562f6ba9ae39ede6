"""Values of escalation: steps and policies of the schedule, notices, decisions, acknowledgements, silences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Annotated, Any, ClassVar, Literal

from tracker.core.law.occurrences import Occurrence
from tracker.core.values.keys import Key

OffsetUnit = Literal["days", "workdays", "hours"]
StepKind = Literal["reminder", "overdue", "escalation", "slip"]
NoticeKind = Literal[
    "reminder",  # 催办提醒: not yet due
    "overdue",  # 逾期通知
    "escalation",  # 上报
    "slip",  # 督办单
    "reopened",  # was met and is not any longer
    "mended",  # made good after an overdue notice
    "record",  # the record of an event is missing
    "decide",  # a person must decide (county office)
    "returned",  # 退回: what was filed is not taken, or no longer counts
    "wait",  # pressing waits for sight (county office)
    "fault",  # could not look, nobody to write to, a mail refused (county office)
    "restored",  # what could not be looked at can be again (county office)
    "explained",  # 说明情况: what a department answered (county office)
    "correction",  # 更正
    "report",  # 逾期情况报告
    "consult",  # 征求意见: a department's lines of a circular that is drafted
    "circular",  # 通报, as issued
    "erratum",  # 更正通报
    "head",  # 日志存证: up to where the journal goes (county office)
]
AnswerKind = Literal["seen", "published", "explained"]
NoticeState = Literal["due", "claimed", "sent", "cancelled", "superseded", "failed"]
#: Papers of their own: each stands alone in its mail, whatever else is due.
PAPERS = frozenset({"report", "slip", "consult", "circular", "erratum"})
#: Papers that reach a reader once, however many roles they hold.
CIRCULARS = frozenset({"consult", "circular", "erratum"})
#: The names under which what belongs to no policy is told; no step may have one of them.
OWN_STEPS = frozenset({
    "reopened", "mended", "closed", "correction", "record", "decide", "disputed", "returned", "fallen", "taken", "flag",
    "unverifiable", "undelivered", "outage", "restored", "explained", "unready",
})  # fmt: skip
#: Roles that each department has; every other role belongs to the county.
DEPARTMENT_ROLES = frozenset({"liaison", "lead"})
OFFICE = "county-office"
#: What the county office reads in shadow mode of the steps meant for others. It is told apart from what the office is
#: told itself, so that nothing counts as told once the county is live.
SHADOW = f"{OFFICE}@shadow"


@dataclass(frozen=True, slots=True)
class Offset:
    """A signed distance from a step's anchor; days and workdays mean that day's opening hour."""

    amount: int
    unit: OffsetUnit


@dataclass(frozen=True, slots=True)
class Repeat:
    """Again and again until it is mended."""

    EXAMPLE: ClassVar[str] = "{every: 2 workdays, slower: 2, until: +30 workdays}"
    every: Annotated[Offset, Key("The first gap: `2 workdays`.", "distance")]
    slower: Annotated[int, Key("Each gap is so many times the one before.")] = 1
    until: Annotated[Offset | None, Key("How far past the step's anchor; left out: till mended.", "later")] = None


@dataclass(frozen=True, slots=True)
class When:
    """On which conditions a step has a place: all that are given must hold."""

    EXAMPLE: ClassVar[str] = "{light: [red], weight: 2}"
    lights: Annotated[
        tuple[str, ...],
        Key("One of these lights.", tuple[Literal["green", "blue", "yellow", "red", "grey"], ...], "light"),
    ] = ()
    weight: Annotated[float | None, Key("A weight of at least so much.")] = None
    incomplete: Annotated[bool | None, Key("`true`: something was published, something is missing.")] = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a policy. `to`: roles, `liaison` and `lead` of the department or the county's own.

    `template`: the one to use instead of the kind's own; `colour` of a slip: blue, orange or red.
    """

    name: str
    anchor: Literal["open", "due"]
    offset: Offset
    kind: StepKind
    to: tuple[str, ...]
    channels: tuple[str, ...] = ("mail",)
    repeat: Repeat | None = None
    when: When | None = None
    template: str = ""
    colour: Literal["", "blue", "orange", "red"] = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a duty is pressed."""

    name: str
    steps: Annotated[
        tuple[Step, ...], Key("The steps by name; notices remember them by it.", "steps", required=True)
    ] = ()
    batch: Annotated[Literal["week"] | None, Key("`week`: held for the next week's first working hour.")] = None
    urgent: Annotated[bool, Key("Notices go out at any hour.")] = False


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours on working days."""

    begin: Annotated[time, Key("When the office opens.", required=True)] = time(8, 30)
    end: Annotated[time, Key("When it closes.", required=True)] = time(17, 30)


@dataclass(frozen=True, slots=True)
class NoticeKey:
    """What makes a notice the same notice. `role` is `liaison@dept` where several departments share it."""

    subject: str
    due_revision: int
    episode: int
    step: str
    ordinal: int
    role: str
    channel: str


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """What became of a notice that was decided at `at`. `kind`: "" where it is known by its step alone."""

    state: NoticeState
    at: datetime
    kind: NoticeKind | Literal[""] = field(default="", compare=False)

    @property
    def reached(self) -> bool:
        """Whether somebody has read it or may have: it is out of our hands."""
        return self.state in ("claimed", "sent")


_EVERY_ANSWER: tuple[AnswerKind, ...] = ("seen", "published", "explained")
#: The answers that a notice takes, by its kind; notices of other kinds ask for none.
ANSWERABLE: Mapping[str, tuple[AnswerKind, ...]] = {
    **dict.fromkeys(("reminder", "overdue", "escalation", "slip", "reopened"), _EVERY_ANSWER),
    "record": ("seen", "explained"),
}


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a role answered to a step of one occurrence: seen, published there, or why not.

    It leaves out the repeats of that step, to that role, which fall before `quiet_until`; then they resume.
    It never stops an escalation.
    """

    id: int
    occurrence: str
    step: str
    role: str
    kind: AnswerKind
    text: str
    by: str
    recorded_at: datetime
    quiet_until: datetime


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is pressed about what it names, from `begins_at` until `until` (exclusive), by whom and why.

    "" names every duty, department or occurrence. `lifted_at`: ended before its time.
    """

    id: int
    begins_at: datetime
    until: datetime
    reason: str
    by: str
    duty: str = ""
    department: str = ""
    occurrence: str = ""
    lifted_at: datetime | None = None

    def holds(self, occurrence: Occurrence, now: datetime) -> bool:
        """Whether it is in force at `now` for the occurrence."""
        end = self.until if self.lifted_at is None else min(self.until, self.lifted_at)
        return (
            self.begins_at <= now < end
            and self.duty in ("", occurrence.duty)
            and self.department in ("", occurrence.department)
            and self.occurrence in ("", occurrence.key)
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """The decision to tell one role one thing. `department` is the addressee's, "" for a county role;
    `detail` is JSON and holds all that a template may show."""

    key: NoticeKey
    county: str
    department: str
    kind: NoticeKind
    urgent: bool
    reason: str
    not_before: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """`send` and `superseded` carry the notice to be stored; `wait` and `cancel` only its key.

    `superseded` may name a notice that is stored and unsent: it then changes state.
    """

    outcome: Literal["send", "wait", "superseded", "cancel"]
    key: NoticeKey
    reason: str
    notice: Notice | None = None
    next_at: datetime | None = None

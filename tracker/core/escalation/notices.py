"""Notices and what becomes of them: keys, delivery states, decisions, acknowledgements, silences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from tracker.core.escalation.notice_kinds import AnswerKind, NoticeKind
from tracker.core.law.occurrences import Occurrence

#: The step of notices about flags. It belongs to no policy and is independent of the verdict.
FLAG = "flag"
NoticeState = Literal["due", "claimed", "sent", "cancelled", "superseded", "failed"]
#: Steps of notices that belong to no policy; no step of a policy may have one of these names.
OWN_STEPS = frozenset({
    "reopened", "mended", "closed", "correction", "record", "decide", "disputed", "returned", "fallen", "taken", FLAG,
    "unverifiable", "undelivered", "outage", "restored", "explained", "unready",
})  # fmt: skip
#: Roles that each department has; every other role belongs to the county.
DEPARTMENT_ROLES = frozenset({"liaison", "lead"})
OFFICE = "county-office"
#: The role of the county office in shadow mode, for notices that are meant for others. It differs from the office's own
#: role, so that nobody counts as notified once the county is live.
SHADOW = f"{OFFICE}@shadow"


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


def build_office_notice(
    key: NoticeKey, county: str, kind: NoticeKind, reason: str, at: datetime, shown: Mapping[str, Any]
) -> Notice:
    """Return a notice to the county office about no occurrence. `shown`: fields beside the reason."""
    fields = {"kind": kind, "step": key.step, **shown, "reason": reason}
    return Notice(key, county, "", kind, False, reason, at, fields)


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

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
#: "due": stored and not sent yet. "claimed": a process is sending it. "superseded": a later step took its place before
#: it was sent. "cancelled": there is no reason for it any more. "failed": the channel did not take it.
NoticeState = Literal["due", "claimed", "sent", "cancelled", "superseded", "failed"]
#: Steps of notices that belong to no policy; no step of a policy may have one of these names.
OWN_STEPS = frozenset({
    "reopened", "mended", "confirmed", "closed", "correction", "record", "recorded", "decide", "disputed", "returned",
    "fallen", "taken", FLAG, "unverifiable", "undelivered", "outage", "restored", "explained", "unready",
})  # fmt: skip
#: Roles that each department has; every other role belongs to the county.
DEPARTMENT_ROLES = frozenset({"liaison", "lead"})
OFFICE = "county-office"
#: The role of the county office in shadow mode, for notices that are meant for others. It differs from the office's own
#: role, so that nobody counts as notified once the county is live.
SHADOW = f"{OFFICE}@shadow"


@dataclass(frozen=True, slots=True)
class NoticeKey:
    """The identity of a notice. `role` is `liaison@dept` where several departments share it."""

    subject: str
    due_revision: int
    episode: int
    step: str
    ordinal: int
    role: str
    channel: str


@dataclass(frozen=True, slots=True)
class DeliveryState:
    """The state of a notice that was decided at `at`. `kind`: "" where only its step is known."""

    state: NoticeState
    at: datetime
    kind: NoticeKind | Literal[""] = field(default="", compare=False)

    @property
    def reached(self) -> bool:
        """Whether somebody has read it or may have: it can no longer be cancelled."""
        return self.state in ("claimed", "sent")


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """The answer of a role to a step of one occurrence: seen, published there, why not, what was filed or objected.

    Repeats of that step to that role before `quiet_until` are left out. It never stops an escalation.
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
    """A decision to hold back notices of some occurrences from `begins_at` until `until` (exclusive).

    "" stands for every duty, department or occurrence. `lifted_at`: ended before its time.
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
        """Return whether it is in force at `now` for the occurrence."""
        end = self.until if self.lifted_at is None else min(self.until, self.lifted_at)
        return (
            self.begins_at <= now < end
            and self.duty in ("", occurrence.duty)
            and self.department in ("", occurrence.department)
            and self.occurrence in ("", occurrence.key)
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """The decision to notify one role of one thing. `department` is the addressee's, "" for a county role;
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
    """`send` and `superseded` carry the notice to be stored, `reword` the text of one that waits; `wait` and `cancel`
    only its key.

    `superseded` may name a notice that is stored and unsent: it then changes state.
    """

    outcome: Literal["send", "reword", "wait", "superseded", "cancel"]
    key: NoticeKey
    reason: str
    notice: Notice | None = None
    next_at: datetime | None = None

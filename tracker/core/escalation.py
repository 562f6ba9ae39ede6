"""Who is told what, and when: policy + status + what was already told → decisions, each with its reason.

Pure and independent of how often it is asked: a notice follows from the occurrence, its verdict and
the step that stands now; what was already decided is only taken off. The values are in `notices.py`,
the instants in `steps.py`.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tracker.core import steps
from tracker.core.duties import County, Duty
from tracker.core.notices import (
    DEPARTMENT_ROLES,
    Decision,
    Hours,
    Kind,
    Notice,
    NoticeKey,
    NoticeState,
    Offset,
    OffsetUnit,
    Policy,
    Step,
    StepKind,
    Told,
)
from tracker.core.occurrences import Occurrence
from tracker.core.particulars import Detail, cells_of, day_zh, deed_zh, detail, due_zh, role_zh, status_zh
from tracker.core.steps import first_reminder_at
from tracker.core.verdicts import Finding, Status, Verdict
from tracker.core.workdays import Calendar

__all__ = [
    "Decision", "Hours", "Kind", "Notice", "NoticeKey", "NoticeState", "Offset", "OffsetUnit", "Policy", "Step",
    "StepKind", "Told", "correction", "decide", "first_reminder_at", "next_step_at",
]  # fmt: skip

OFFICE = "county-office"
_ASIDE = ("correction", "closed", "mended")
_PRESSED = ("overdue", "escalation", "slip", "reopened")
_CALM = ("decide", "record", "mended", "fault")
_UNITS = {"days": "日", "workdays": "个工作日", "hours": "小时"}
_VERBS = {"reminder": "提醒", "overdue": "通知", "escalation": "上报", "slip": "发督办单"}


@dataclass(frozen=True, slots=True)
class _Wish:
    """One thing that should be told now, before looking at whom it reaches and what was told."""

    step: str
    kind: Kind
    to: tuple[str, ...]
    reason: str
    stands_at: datetime
    channels: tuple[str, ...] = ("mail",)
    ordinal: int = 0
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """Everything `decide` was asked about, so that its parts need one argument."""

    occurrence: Occurrence
    verdict: Verdict
    policy: Policy
    duty: Duty
    county: County
    calendar: Calendar
    hours: Hours
    due_revision: int
    episode: int
    told: Mapping[NoticeKey, Told]
    now: datetime
    changed: bool = False

    def untold(self, key: NoticeKey) -> bool:
        """Whether the notice is to be decided now."""
        known = self.told.get(key)
        return known is None or known.state == "cancelled" or (self.changed and known.state == "due")

    def mine(self) -> Iterator[tuple[NoticeKey, Told]]:
        """What was told in this episode."""
        return ((key, told) for key, told in self.told.items() if key.episode == self.episode)

    @property
    def reopened_at(self) -> datetime | None:
        """When this episode was first told of; pressing starts from there."""
        known = (told.at for key, told in self.mine() if key.step == "reopened" and told.state != "cancelled")
        return min(known, default=None)

    def placed(self) -> list[tuple[datetime, Step]]:
        """The steps that have a place here. An assumed reading that nobody adopted stays mild."""
        found = steps.steps_of(
            self.policy, self.occurrence, self.calendar, self.hours, self.county.zone, self.reopened_at
        )
        mild = ("reminder", "overdue")
        return [(at, step) for at, step in found if step.kind in mild or not self.occurrence.weak]


def decide(
    occurrence: Occurrence,
    verdict: Verdict,
    policy: Policy,
    *,
    duty: Duty,
    county: County,
    calendar: Calendar,
    hours: Hours,
    due_revision: int,
    episode: int,
    told: Mapping[NoticeKey, Told],
    now: datetime,
    changed: bool = False,
) -> tuple[Decision, ...]:
    """What to send, to hold back, to leave out and to cancel for one occurrence at `now`.

    `told`: every notice of this subject, with what became of it. A cancelled one may be sent again
    under its key; of what has left the house nothing is repeated. `changed`: the verdict is another
    than last time, so what is still unsent is decided anew and shows the new state.
    """
    case = _Case(occurrence, verdict, policy, duty, county, calendar, hours, due_revision, episode, told, now, changed)
    wishes, rest = _wishes(case)
    sending = {notice.key: notice for wish in wishes for notice in _notices(case, wish)}
    fresh = [Decision("send", key, notice.reason, notice) for key, notice in sending.items() if case.untold(key)]
    return (*fresh, *rest, *_withdrawn(case, sending.keys(), {one.key for one in rest}))


def _untold(told: Mapping[NoticeKey, Told], key: NoticeKey) -> bool:
    return key not in told or told[key].state == "cancelled"


def _wishes(case: _Case) -> tuple[list[_Wish], list[Decision]]:
    """What the status asks for, and the decisions beside it (waiting, superseded)."""
    if _before_start(case.occurrence, case.county):
        return [], []
    match case.verdict.status:
        case Status.NOT_APPLICABLE | Status.WAIVED | Status.CLOSED:
            return _closing(case), []
        case Status.CLOCK_UNKNOWN:
            return [*_record(case), *_to_decide(case)], []
        case Status.MET_DISPUTED:
            return [_office(case, "disputed", "decide", case.verdict.reason)], []
        case Status.MET | Status.MET_LATE:
            return _mended(case), []
        case Status.UNVERIFIABLE:
            return [*_blind(case), *_to_decide(case)], []
    wishes, rest = _pressing(case)
    return [*wishes, *_to_decide(case)], rest


def _before_start(occurrence: Occurrence, county: County) -> bool:
    day = occurrence.due_on or occurrence.expected
    return day is not None and day < county.start


# -- pressing ------------------------------------------------------------------------------------


def _pressing(case: _Case) -> tuple[list[_Wish], list[Decision]]:
    """The latest step that stands; what it replaces is superseded, what lacks fresh sight waits."""
    again = _reopened(case) if case.episode else []
    if case.episode and case.reopened_at is None:
        return again, []
    late = case.verdict.status.late
    stood = [(at, step) for at, step in case.placed() if at <= case.now and (late or step.kind == "reminder")]
    if not stood or (late and stood[-1][1].kind == "reminder"):
        return again, []
    at, step = stood[-1]
    skipped = [one for then, earlier in stood[:-1] for one in _superseded(case, then, earlier, step)]
    wish = _Wish(step.name, step.kind, step.to, _step_reason(case, step), at, step.channels)
    if late and not _sighted(case.verdict):
        wishes, beside = _waiting(case, wish)
        return [*again, *wishes], [*skipped, *beside]
    return [*again, wish], skipped


def _sighted(verdict: Verdict) -> bool:
    """Fresh sight, or nothing missing that would need any."""
    return verdict.fresh or all(cell.filed_only for cell in verdict.cells if cell.state == "missing")


def _superseded(case: _Case, at: datetime, earlier: Step, later: Step) -> list[Decision]:
    reason = f"由后续步骤“{later.name}”代替。"
    wish = _Wish(earlier.name, earlier.kind, earlier.to, reason, at, earlier.channels)
    return [
        Decision("superseded", one.key, reason, one)
        for one in _notices(case, wish)
        if one.key not in case.told or case.told[one.key].state in ("due", "cancelled")
    ]


def _waiting(case: _Case, wish: _Wish) -> tuple[list[_Wish], list[Decision]]:
    """Nothing is held against a department unseen: the step waits and the county office hears of it."""
    keys = [one.key for one in _notices(case, wish)]
    held = [key for key in keys if _untold(case.told, key)]
    if not held and all(case.told[key].state != "due" for key in keys):
        return [], []
    reason = "自上一工作日起未能完整查看有关栏目，逾期通知暂缓发出，恢复查看并核实后再发。"
    waits = [Decision("wait", key, reason) for key in held]
    return [_office(case, f"{wish.step}.waits", "wait", reason)], waits


def _step_reason(case: _Case, step: Step) -> str:
    amount, unit = abs(step.offset.amount), _UNITS[step.offset.unit]
    anchor = "时限" if step.anchor == "due" else "起算"
    side = "前" if step.offset.amount < 0 else "后"
    when = f"{anchor}{side}{amount}{unit}" if amount else {"due": "时限一到", "open": "一经起算"}[step.anchor]
    cells = cells_of(case.duty, case.occurrence.department, case.occurrence.label)
    wanting = "尚未查到全部公开内容" if (deed := deed_zh(cells)) == "公开" else f"尚未{deed}"
    state = wanting if step.kind == "reminder" else status_zh(case.verdict.status, cells, case.verdict.reason)
    zone, reopened = case.county.zone, case.reopened_at
    if reopened is not None and case.occurrence.due_at is not None and reopened > case.occurrence.due_at:
        # Steps of a later episode count from there: nothing was late before.
        found = day_zh(reopened.astimezone(zone).date())
        return f"原已公开，{found}发现不再成立，{state}，按办法于其后{amount}{unit}{_VERBS[step.kind]}。"
    return f"时限为{due_zh(case.occurrence, zone)}，{state}，按办法于{when}{_VERBS[step.kind]}。"


def _reopened(case: _Case) -> list[_Wish]:
    """Told once as a new episode begins; its steps count from there."""
    if case.verdict.status.late and not _sighted(case.verdict) and case.reopened_at is None:
        return []
    to = ("liaison", OFFICE) if case.policy.steps else (OFFICE,)
    return [_Wish("reopened", "reopened", to, f"原已公开，现不再成立：{case.verdict.reason}", case.now)]


# -- everything else -----------------------------------------------------------------------------


def _office(case: _Case, step: str, kind: Kind, reason: str, ordinal: int = 0, finding: Finding | None = None) -> _Wish:
    stands_at = case.occurrence.due_at or case.now
    return _Wish(step, kind, (OFFICE,), reason, stands_at, ordinal=ordinal, finding=finding)


def _record(case: _Case) -> list[_Wish]:
    """The record of the event is chased, never the publication."""
    return [_Wish("record", "record", ("liaison", OFFICE), case.verdict.reason, case.now)]


def _to_decide(case: _Case) -> list[_Wish]:
    """One line for each match or paper that awaits a person. Its number follows from what it is about."""
    return [
        _office(case, "decide", "decide", one.reason, zlib.crc32(f"{one.cell} {one.about}".encode()) & 0x7FFFFFFF, one)
        for one in case.verdict.findings
        if one.unattributed
    ]


def _blind(case: _Case) -> list[_Wish]:
    """Could not look: told to the county office once a working day has passed, so that a visit had its chance."""
    waits_for_person = all(cell.awaits for cell in case.verdict.cells if cell.state == "unseen")
    due_at = case.occurrence.due_at
    if not case.policy.steps or waits_for_person or due_at is None:
        return []
    if case.now < _look_by(due_at, case.calendar, case.hours, case.county):
        return []
    return [_office(case, "unverifiable", "fault", case.verdict.reason)]


def _look_by(due_at: datetime, calendar: Calendar, hours: Hours, county: County) -> datetime:
    """The end of the first working day on which the site could be looked at for what was due."""
    return steps.on(calendar.roll(due_at.astimezone(county.zone).date()), hours.end, county.zone)


def _mended(case: _Case) -> list[_Wish]:
    """Thanks and closed, once, to everyone whom an overdue notice of this episode has reached."""
    pressed = {step.name for step in case.policy.steps if step.kind in _PRESSED} | {"reopened"}
    roles = dict.fromkeys(key.role for key, told in case.mine() if key.step in pressed and told.reached)
    if not roles:
        return []
    return [_Wish("mended", "mended", tuple(roles), f"已补正，督办了结：{case.verdict.reason}", case.now)]


def _closing(case: _Case) -> list[_Wish]:
    """A person or a rule ended it: whoever was pressed hears so once."""
    names = {step.name for step in case.policy.steps} | {"reopened", "record"}
    roles = dict.fromkeys(key.role for key, told in case.mine() if key.step in names and told.reached)
    if not roles:
        return []
    return [_Wish("closed", "correction", tuple(roles), f"此前的通知不再适用：{case.verdict.reason}", case.now)]


def _withdrawn(case: _Case, wanted: Collection[NoticeKey], superseded: Collection[NoticeKey]) -> Iterator[Decision]:
    """Notices not sent yet that nothing asks for any longer."""
    for key, told in case.told.items():
        if told.state == "due" and key not in wanted and key not in superseded and key.step != "correction":
            yield Decision("cancel", key, f"发出前情况已变，不再发送：{case.verdict.reason}")


# -- whom it reaches -----------------------------------------------------------------------------


def _addressees(case: _Case, role: str) -> list[tuple[str, str]]:
    """(role in the key, department). Where several departments share a role, the key names each."""
    if case.county.mode == "shadow":
        return [(OFFICE, "")]
    base, _, named = role.partition("@")
    if base not in DEPARTMENT_ROLES:
        return [(role, "")]
    if named:
        return [(role, named)]
    assignment = case.duty.assignment(case.occurrence.department)
    members = assignment.members if assignment else tuple(case.occurrence.department.split("+"))
    found = [(role if len(members) == 1 else f"{role}@{one}", one) for one in members]
    if assignment and assignment.lead and assignment.lead not in members:
        found.append((f"{role}@{assignment.lead}", assignment.lead))
    return found


def _notices(case: _Case, wish: _Wish) -> Iterator[Notice]:
    """The notices of a wish: one for each role it reaches on each channel."""
    zone, calm = case.county.zone, wish.kind in _CALM
    at = steps.not_before(case.policy, wish.stands_at, case.now, case.calendar, case.hours, zone, calm=calm)
    shown: Detail = {}
    reached = dict.fromkeys(found for to in wish.to for found in _addressees(case, to))
    for role, department in reached:
        for channel in wish.channels:
            key = NoticeKey(
                case.occurrence.key, case.due_revision, case.episode, wish.step, wish.ordinal, role, channel
            )
            if not shown and case.untold(key):  # what was told is shown as it was decided then
                shown = _shown(case, wish)
            yield Notice(key, case.county.id, department, wish.kind, case.policy.urgent, wish.reason, at, shown)


def _shown(case: _Case, wish: _Wish) -> Detail:
    particulars = detail(case.occurrence, case.verdict, case.duty, case.county, case.calendar, case.now)
    shown = {**particulars, "kind": wish.kind, "step": wish.step, "reason": wish.reason, "urgent": case.policy.urgent}
    if case.county.mode == "shadow":
        shown["meant_for"] = "、".join(role_zh(role.partition("@")[0]) for role in wish.to)
    if wish.finding is not None:
        shown["about"] = {"target": wish.finding.about, "title": wish.finding.title}
    return shown


# -- time and change -----------------------------------------------------------------------------


def next_step_at(
    occurrence: Occurrence,
    policy: Policy,
    *,
    county: County,
    calendar: Calendar,
    hours: Hours,
    now: datetime,
    reopened_at: datetime | None = None,
    blind: bool = True,
) -> datetime | None:
    """When time alone may next bring a decision about an occurrence that is not met.

    `blind`: it could not be looked at, of which the county office hears when its first working day ends.
    """
    if not policy.steps or _before_start(occurrence, county) or occurrence.due_at is None:
        return None
    placed = steps.steps_of(policy, occurrence, calendar, hours, county.zone, reopened_at)
    instants = [at for at, _ in placed]
    if blind:
        instants.append(_look_by(occurrence.due_at, calendar, hours, county))
    return min((at for at in instants if at > now), default=None)


def correction(
    subject: str,
    told: Mapping[NoticeKey, Told],
    *,
    county: County,
    calendar: Calendar,
    hours: Hours,
    due_revision: int,
    reason: str,
    shown: Mapping[str, object],
    now: datetime,
    step: str = "correction",
) -> tuple[Notice, ...]:
    """更正 to everyone who was told something that a changed rule, calendar or event has made wrong.

    `shown`: the occurrence's `particulars.detail`, or what was last shown of it where it is gone.
    """
    at = steps.opening(now, calendar, hours, county.zone)
    found: dict[NoticeKey, Notice] = {}
    for key, what in told.items():
        if what.reached and key.due_revision <= due_revision and key.step not in _ASIDE:
            fresh = NoticeKey(subject, due_revision, key.episode, step, 0, key.role, key.channel)
            detail_ = {**shown, "kind": "correction", "step": step, "reason": reason}
            department = _department_of(key)
            found[fresh] = Notice(fresh, county.id, department, "correction", False, reason, at, detail_)
    return tuple(notice for key, notice in found.items() if _untold(told, key))


def _department_of(key: NoticeKey) -> str:
    base, _, named = key.role.partition("@")
    return (named or key.subject.split("/")[3]) if base in DEPARTMENT_ROLES else ""

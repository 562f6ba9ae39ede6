"""All that the notices of one occurrence depend on, and the intent to send one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.core.escalation import steps
from tracker.core.escalation.ladder import counted_from, first_only, first_told
from tracker.core.escalation.notices import (
    DEPARTMENT_ROLES,
    OFFICE,
    SHADOW,
    Acknowledgement,
    DeliveryState,
    Hours,
    Notice,
    NoticeKey,
    NoticeKind,
    Policy,
    Silence,
    Step,
)
from tracker.core.law.duties import County, Duty
from tracker.core.law.notice_fields import Detail, detail, role_zh
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Finding, Status, Verdict

#: The kinds of the ladder of steps, which in shadow mode are told on trial.
_LADDER = ("reminder", "overdue", "escalation", "slip", "reopened")
#: What can be gathered for the next morning, so that it comes in one mail.
_CALM = ("decide", "record", "mended", "fault")
#: What asks for nothing can wait for the office to open, in an emergency too.
_NEVER_URGENT = ("mended", "correction", "returned")


@dataclass(frozen=True, slots=True)
class NoticeIntent:
    """One thing that should be told now, before looking at whom it reaches and what was told."""

    step: str
    kind: NoticeKind
    to: tuple[str, ...]
    reason: str
    stands_at: datetime
    channels: tuple[str, ...] = ("mail",)
    ordinal: int = 0
    finding: Finding | None = None
    template: str = ""
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Case:
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
    told: Mapping[NoticeKey, DeliveryState]
    now: datetime
    changed: bool = False
    acknowledgements: Sequence[Acknowledgement] = ()
    silences: Sequence[Silence] = ()

    def untold(self, key: NoticeKey) -> bool:
        """Whether the notice is to be decided now: also where a later step took its place at a time that no longer
        counts (what was assumed again was adopted once more), for whom it is for has not been told since. What the
        office was told itself it is not told on trial."""
        state, since = self.told.get(key), self.verdict.since
        if state is None and key.role == SHADOW:
            state = self.told.get(replace(key, role=OFFICE))
        if state is not None and state.state == "superseded":
            return since is not None and state.at < since
        return state is None or state.state == "cancelled" or (self.changed and state.state == "due")

    def mine(self) -> Iterator[tuple[NoticeKey, DeliveryState]]:
        """What was told in this episode."""
        return ((key, state) for key, state in self.told.items() if key.episode == self.episode)

    @property
    def reopened_at(self) -> datetime | None:
        """When this episode was found and its telling decided."""
        return _reopened_at(self.told, self.episode)

    @property
    def shadow(self) -> bool:
        """Whether the county office alone is told."""
        return self.county.shadow(self.now)

    @property
    def pressed_from(self) -> steps.Anchor | None:
        """From where the steps of this episode count, where that is not the due instant."""
        return pressed_from(
            self.occurrence, self.told, self.due_revision, self.episode, self.policy, self.calendar, self.hours,
            self.county, self.verdict.since, shadow=self.shadow,
        )  # fmt: skip

    @property
    def first_told(self) -> tuple[datetime, Step] | None:
        """The first pressing step that was told of what is late now, and when."""
        return first_told(self.told, self.due_revision, self.episode, self.policy, shadow=self.shadow)

    @property
    def counts_from_golive(self) -> bool:
        """Whether its steps count from the day on which the county went live."""
        anchor = golive_anchor(self.county)
        return anchor is not None and self.pressed_from == anchor

    def release(self, stands_at: datetime, decided_at: datetime) -> datetime:
        """The first instant at which a pressing notice that was decided then may leave."""
        return steps.not_before(self.policy, stands_at, decided_at, self.calendar, self.hours, self.county.zone)

    def placed(self) -> list[tuple[datetime, Step]]:
        """The steps that have a place here. An assumed reading that nobody adopted stays mild, and a provisional date
        until it is firm; so does what a department objects to until that is decided, and for good where it holds."""
        found = steps.steps_of(
            self.policy, self.occurrence, self.calendar, self.hours, self.county.zone, self.pressed_from
        )
        mild = self.occurrence.mild or self.verdict.objection in ("pending", "upheld")
        placed = [
            (at, step)
            for at, step in found
            if (step.kind in ("reminder", "overdue") or not mild) and self._applies(step)
        ]
        if (first := self.first_told) is None:
            return first_only(placed, self.now)
        told_at, told_step = first
        return [(min(at, told_at) if step == told_step else at, step) for at, step in placed]

    def _applies(self, step: Step) -> bool:
        """Whether the conditions of the step hold as things stand: all that are given."""
        when = step.when
        if when is None:
            return True
        incomplete = self.verdict.status is Status.INCOMPLETE
        return (
            (not when.lights or self.verdict.light.value in when.lights)
            and (when.weight is None or self.duty.weight >= when.weight)
            and (when.incomplete is None or when.incomplete == incomplete)
        )

    @property
    def silence(self) -> Silence | None:
        """The silence that holds now, the one that lasts longest."""
        holding = (silence for silence in self.silences if silence.holds(self.occurrence, self.now))
        return max(holding, key=lambda silence: (silence.until, silence.id), default=None)

    def quiet(self, step: str, role: str, at: datetime) -> bool:
        """Whether the role answered the step, so that a repeat which falls into the quiet time is left out.

        Only what it was told can it have answered: what it said of an earlier episode or due date says nothing here.
        """
        instants = [
            what.at
            for key, what in self.mine()
            if (key.step, key.role, key.due_revision, key.ordinal) == (step, role, self.due_revision, 0)
        ]
        return bool(instants) and any(
            acknowledgement.step == step
            and acknowledgement.role == role
            and min(instants) <= acknowledgement.recorded_at <= at < acknowledgement.quiet_until
            for acknowledgement in self.acknowledgements
        )


def pressed_from(
    occurrence: Occurrence,
    told: Mapping[NoticeKey, DeliveryState],
    due_revision: int,
    episode: int,
    policy: Policy,
    calendar: Calendar,
    hours: Hours,
    county: County,
    since: datetime | None = None,
    *,
    shadow: bool = False,
) -> steps.Anchor | None:
    """From where the steps of an episode count; None where they count from the due instant.

    `since`: before it nothing was held against the department. `shadow`: the office alone is told.
    """
    first = first_told(told, due_revision, episode, policy, shadow=shadow)
    begins = _episode_begins(told, episode, policy, calendar, hours, county, since)
    return counted_from(first, begins, occurrence, policy, calendar, hours, county.zone)


def _episode_begins(
    told: Mapping[NoticeKey, DeliveryState],
    episode: int,
    policy: Policy,
    calendar: Calendar,
    hours: Hours,
    county: County,
    since: datetime | None,
) -> steps.Anchor | None:
    """When the episode may first be told of; None for the first one, and where it was not told yet."""
    zone, live, found = county.zone, county.golive, _reopened_at(told, episode)
    before = found < live.at if live is not None and found is not None else not episode
    if live is not None and before and since in (live.at, live.begins_at):
        return golive_anchor(county)
    if found is not None:
        told_at = steps.not_before(policy, found, found, calendar, hours, zone)
        since = told_at if since is None else max(told_at, since)
    return None if since is None else steps.Anchor(since, since.astimezone(zone).date())


def golive_anchor(county: County) -> steps.Anchor | None:
    """From where the steps count of what was late before the county went live: as if it had been due on the day before,
    so that the first step of what is late stands on the day itself."""
    live = county.golive
    return steps.Anchor(live.begins_at, live.on - timedelta(days=1)) if live is not None else None


def _reopened_at(told: Mapping[NoticeKey, DeliveryState], episode: int) -> datetime | None:
    instants = (
        what.at
        for key, what in told.items()
        if key.step == "reopened" and key.episode == episode and what.state != "cancelled"
    )
    return min(instants, default=None)


# -- whom it reaches -----------------------------------------------------------------------------


def _addressees(case: Case, role: str) -> list[tuple[str, str]]:
    """(role in the key, department). Where several departments share a role, the key names each."""
    base, _, named = role.partition("@")
    if base not in DEPARTMENT_ROLES:
        return [(role, "")]
    if named:
        return [(role, named)]
    assignment, owing = case.duty.assignment(case.occurrence.department), members(case)
    found = [(role if len(owing) == 1 else f"{role}@{one}", one) for one in owing]
    if assignment and assignment.lead and assignment.lead not in owing:
        found.append((f"{role}@{assignment.lead}", assignment.lead))
    return found


def members(case: Case) -> tuple[str, ...]:
    """The departments that owe it; a department that leads them and is told too is none of them."""
    assignment = case.duty.assignment(case.occurrence.department)
    return assignment.members if assignment else tuple(case.occurrence.department.split("+"))


def notices_of(case: Case, wish: NoticeIntent, *, answered: bool = False) -> Iterator[Notice]:
    """The notices of a wish: one for each role it reaches on each channel.

    `answered`: those too of roles whose answer leaves them out.
    """
    zone, calm = case.county.zone, wish.kind in _CALM
    policy = case.policy
    if wish.kind in _NEVER_URGENT:
        policy = replace(policy, urgent=False, batch=policy.batch if wish.kind == "mended" else None)
    at = steps.not_before(policy, wish.stands_at, case.now, case.calendar, case.hours, zone, calm=calm)
    urgent = case.policy.urgent and wish.kind not in _NEVER_URGENT
    shown: Detail = {}
    reached = dict.fromkeys(found for to in wish.to for found in _addressees(case, to))
    channels = wish.channels
    if case.shadow:
        own = OFFICE in wish.to and wish.kind not in _LADDER
        reached, channels = {(OFFICE if own else SHADOW, ""): None}, ("mail",)
    for role, department in reached:
        if not answered and wish.ordinal and wish.finding is None and case.quiet(wish.step, role, wish.stands_at):
            continue
        for channel in channels:
            key = NoticeKey(
                case.occurrence.key, case.due_revision, case.episode, wish.step, wish.ordinal, role, channel
            )
            if not shown and case.untold(key):  # what was told is shown as it was decided then
                shown = _shown(case, wish, urgent)
            beside = {}
            if shown and department and department not in members(case):
                beside = {"asked" if role in wish.to else "copied": True}
            yield Notice(key, case.county.id, department, wish.kind, urgent, wish.reason, at, {**shown, **beside})


def _shown(case: Case, wish: NoticeIntent, urgent: bool) -> Detail:
    particulars = detail(case.occurrence, case.verdict, case.duty, case.county, case.calendar, case.now)
    shown = {**particulars, "kind": wish.kind, "step": wish.step, "reason": wish.reason, "urgent": urgent}
    if case.shadow:
        shown["meant_for"] = "、".join(dict.fromkeys(role_zh(role.partition("@")[0]) for role in wish.to))
    if wish.ordinal and wish.finding is None:
        shown["repeat"] = wish.ordinal
    shown |= {name: value for name, value in (("template", wish.template), ("colour", wish.colour)) if value}
    if wish.finding is not None:
        shown["about"] = {"target": wish.finding.about, "title": wish.finding.title}
    return shown


def is_own(notice: Notice) -> bool:
    """Whether it is the county office's own, which it is told in shadow mode and live alike."""
    return notice.key.role == OFFICE and notice.kind not in _LADDER


def office(
    case: Case, step: str, kind: NoticeKind, reason: str, ordinal: int = 0, finding: Finding | None = None
) -> NoticeIntent:
    """A wish to tell the county office."""
    stands_at = case.occurrence.due_at or case.now
    return NoticeIntent(step, kind, (OFFICE,), reason, stands_at, ordinal=ordinal, finding=finding)


def untold(told: Mapping[NoticeKey, DeliveryState], key: NoticeKey) -> bool:
    """Whether nobody was told under this key, or it was taken back."""
    return key not in told or told[key].state == "cancelled"

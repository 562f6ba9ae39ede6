"""All that the notices of one occurrence depend on, and the intent to send one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.core.escalation import steps
from tracker.core.escalation.ladder import anchor_at_first_notice, find_first_notified, keep_first_step
from tracker.core.escalation.notice_fields import Detail, detail
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
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import role_zh
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Finding, Status, Verdict

#: The kinds of the escalation ladder, which go to the county office on trial in shadow mode.
_LADDER = ("reminder", "overdue", "escalation", "slip", "reopened")
#: Kinds that are gathered for the next morning, in one mail.
_NEXT_MORNING = ("decide", "record", "mended", "fault")
#: Kinds that ask for nothing wait for the office to open, under an urgent policy too.
_NEVER_URGENT = ("mended", "correction", "returned")


@dataclass(frozen=True, slots=True)
class NoticeIntent:
    """A notice that is to be sent now, before its addressees and earlier notices are considered.

    `to`: roles. `stands_at`: the instant of its step. `ordinal`: number of the repeat, or of the question it asks.
    """

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
    """The arguments of `decide` for one occurrence.

    `delivery_states`: the earlier notices of the occurrence with their states. `changed`: the verdict differs from the
    last one.
    """

    occurrence: Occurrence
    verdict: Verdict
    policy: Policy
    duty: Duty
    county: County
    calendar: Calendar
    hours: Hours
    due_revision: int
    episode: int
    delivery_states: Mapping[NoticeKey, DeliveryState]
    now: datetime
    changed: bool = False
    acknowledgements: Sequence[Acknowledgement] = ()
    silences: Sequence[Silence] = ()

    def may_send(self, key: NoticeKey) -> bool:
        """Return whether the notice is to be decided now: it was not sent, or was cancelled, or waits with an old text.

        That holds for a superseded one too, if it was superseded before the current start of liability (a reading was
        adopted once more). A notice that the office had as its own is not sent to it again in shadow mode.
        """
        state, since = self.delivery_states.get(key), self.verdict.since
        if state is None and key.role == SHADOW:
            state = self.delivery_states.get(replace(key, role=OFFICE))
        if state is not None and state.state == "superseded":
            return since is not None and state.at < since
        return state is None or state.state == "cancelled" or (self.changed and state.state == "due")

    def episode_states(self) -> Iterator[tuple[NoticeKey, DeliveryState]]:
        """Return the notices of this episode with their states."""
        return ((key, state) for key, state in self.delivery_states.items() if key.episode == self.episode)

    @property
    def reopened_at(self) -> datetime | None:
        """When the notice that opens this episode was decided."""
        return _find_reopened_at(self.delivery_states, self.episode)

    @property
    def shadow(self) -> bool:
        """Whether the county is in shadow mode: the county office alone is notified."""
        return self.county.shadow(self.now)

    @property
    def anchor(self) -> steps.Anchor | None:
        """The anchor from which the steps of this episode count; None for the due instant."""
        return find_anchor(
            self.occurrence, self.delivery_states, self.due_revision, self.episode, self.policy, self.calendar,
            self.hours, self.county, self.verdict.since, shadow=self.shadow,
        )  # fmt: skip

    @property
    def first_notified(self) -> tuple[datetime, Step] | None:
        """The first step after the deadline that was notified in this episode, and when."""
        return find_first_notified(
            self.delivery_states, self.due_revision, self.episode, self.policy, shadow=self.shadow
        )

    @property
    def counts_from_golive(self) -> bool:
        """Whether its steps count from the day of going live."""
        anchor = golive_anchor(self.county)
        return anchor is not None and self.anchor == anchor

    def earliest_send_at(self, stands_at: datetime, decided_at: datetime) -> datetime:
        """Return the first instant at which a notice of a step that was decided at `decided_at` may be sent."""
        return steps.earliest_send_at(self.policy, stands_at, decided_at, self.calendar, self.hours, self.county.zone)

    def placed_steps(self) -> list[tuple[datetime, Step]]:
        """Return the steps that apply, with their instants.

        Steps beyond reminder and overdue are left out for an assumed reading that is not adopted, for a provisional
        date, and while an objection is pending or upheld.
        """
        applying = steps.place_steps(
            self.policy, self.occurrence, self.calendar, self.hours, self.county.zone, self.anchor
        )
        mild = self.occurrence.mild or self.verdict.objection in ("pending", "upheld")
        placed_steps = [
            (at, step)
            for at, step in applying
            if (step.kind in ("reminder", "overdue") or not mild) and self._applies(step)
        ]
        if (first := self.first_notified) is None:
            return keep_first_step(placed_steps, self.now)
        told_at, told_step = first
        return [(min(at, told_at) if step == told_step else at, step) for at, step in placed_steps]

    def _applies(self, step: Step) -> bool:
        """Return whether all conditions of the step hold for the verdict."""
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
        """The silence in force now that lasts longest."""
        holding = (silence for silence in self.silences if silence.holds(self.occurrence, self.now))
        return max(holding, key=lambda silence: (silence.until, silence.id), default=None)

    def is_quiet(self, step: str, role: str, at: datetime) -> bool:
        """Return whether the role acknowledged the step, so that a repeat at `at`, in the quiet time, is left out.

        The acknowledgement must follow the step's notice of this episode and due date.
        """
        instants = [
            state.at
            for key, state in self.episode_states()
            if (key.step, key.role, key.due_revision, key.ordinal) == (step, role, self.due_revision, 0)
        ]
        return bool(instants) and any(
            acknowledgement.step == step
            and acknowledgement.role == role
            and min(instants) <= acknowledgement.recorded_at <= at < acknowledgement.quiet_until
            for acknowledgement in self.acknowledgements
        )


def find_anchor(
    occurrence: Occurrence,
    delivery_states: Mapping[NoticeKey, DeliveryState],
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
    """Return the anchor from which the steps of an episode count; None for the due instant.

    `since`: the start of liability, if later than due. `shadow`: the county is in shadow mode.
    """
    first = find_first_notified(delivery_states, due_revision, episode, policy, shadow=shadow)
    begin = _episode_anchor(delivery_states, episode, policy, calendar, hours, county, since)
    return anchor_at_first_notice(first, begin, occurrence, policy, calendar, hours, county.zone)


def _episode_anchor(
    delivery_states: Mapping[NoticeKey, DeliveryState],
    episode: int,
    policy: Policy,
    calendar: Calendar,
    hours: Hours,
    county: County,
    since: datetime | None,
) -> steps.Anchor | None:
    """Return the instant of the episode's first possible notice; None for the first episode, and before that notice."""
    zone, live, reopened_at = county.zone, county.golive, _find_reopened_at(delivery_states, episode)
    is_before_golive = reopened_at < live.at if live is not None and reopened_at is not None else not episode
    if live is not None and is_before_golive and since in (live.at, live.begins_at):
        return golive_anchor(county)
    if reopened_at is not None:
        notified_at = steps.earliest_send_at(policy, reopened_at, reopened_at, calendar, hours, zone)
        since = notified_at if since is None else max(notified_at, since)
    return None if since is None else steps.Anchor(since, since.astimezone(zone).date())


def golive_anchor(county: County) -> steps.Anchor | None:
    """Return the anchor for occurrences that were late before the county went live: the day before going live.

    The first step after the deadline then stands on the day of going live.
    """
    live = county.golive
    return steps.Anchor(live.begins_at, live.on - timedelta(days=1)) if live is not None else None


def _find_reopened_at(delivery_states: Mapping[NoticeKey, DeliveryState], episode: int) -> datetime | None:
    instants = (
        state.at
        for key, state in delivery_states.items()
        if key.step == "reopened" and key.episode == episode and state.state != "cancelled"
    )
    return min(instants, default=None)


# -- addressees ----------------------------------------------------------------------------------


def _find_addressees(case: Case, role: str) -> list[tuple[str, str]]:
    """Return pairs (role in the key, department). Where several departments share a role, the key names each."""
    base, _, named = role.partition("@")
    if base not in DEPARTMENT_ROLES:
        return [(role, "")]
    if named:
        return [(role, named)]
    assignment, owing = case.duty.assignment(case.occurrence.department), owing_departments(case)
    pairs = [(role if len(owing) == 1 else f"{role}@{department}", department) for department in owing]
    if assignment and assignment.lead and assignment.lead not in owing:
        pairs.append((f"{role}@{assignment.lead}", assignment.lead))
    return pairs


def owing_departments(case: Case) -> tuple[str, ...]:
    """Return the departments that owe the occurrence; a lead department that is only notified is none of them."""
    assignment = case.duty.assignment(case.occurrence.department)
    return assignment.members if assignment else tuple(case.occurrence.department.split("+"))


def build_notices(case: Case, intent: NoticeIntent, *, answered: bool = False) -> Iterator[Notice]:
    """Yield the notices of an intent: one for each role on each channel.

    `answered`: include roles that are left out because of their acknowledgement.
    """
    zone, next_morning = case.county.zone, intent.kind in _NEXT_MORNING
    policy = case.policy
    if intent.kind in _NEVER_URGENT:
        policy = replace(policy, urgent=False, batch=policy.batch if intent.kind == "mended" else None)
    at = steps.earliest_send_at(
        policy, intent.stands_at, case.now, case.calendar, case.hours, zone, next_morning=next_morning
    )
    urgent = case.policy.urgent and intent.kind not in _NEVER_URGENT
    fields: Detail = {}
    addressees = dict.fromkeys(addressee for role_name in intent.to for addressee in _find_addressees(case, role_name))
    channels = intent.channels
    if case.shadow:
        is_own = OFFICE in intent.to and intent.kind not in _LADDER
        addressees, channels = {(OFFICE if is_own else SHADOW, ""): None}, ("mail",)
    for role, department in addressees:
        if (
            not answered
            and intent.ordinal
            and intent.finding is None
            and case.is_quiet(intent.step, role, intent.stands_at)
        ):
            continue
        for channel in channels:
            key = NoticeKey(
                case.occurrence.key, case.due_revision, case.episode, intent.step, intent.ordinal, role, channel
            )
            if not fields and case.may_send(key):  # an earlier notice keeps the fields it was decided with
                fields = _shown_fields(case, intent, urgent)
            extra = {}
            if fields and department and department not in owing_departments(case):
                extra = {"asked" if role in intent.to else "copied": True}
            yield Notice(key, case.county.id, department, intent.kind, urgent, intent.reason, at, {**fields, **extra})


def _shown_fields(case: Case, intent: NoticeIntent, urgent: bool) -> Detail:
    occurrence_fields = detail(case.occurrence, case.verdict, case.duty, case.county, case.calendar, case.now)
    fields = {**occurrence_fields, "kind": intent.kind, "step": intent.step, "reason": intent.reason, "urgent": urgent}
    if case.shadow:
        fields["meant_for"] = "、".join(dict.fromkeys(role_zh(role.partition("@")[0]) for role in intent.to))
    if intent.ordinal and intent.finding is None:
        fields["repeat"] = intent.ordinal
    fields |= {name: value for name, value in (("template", intent.template), ("colour", intent.colour)) if value}
    if intent.finding is not None:
        fields["about"] = {"target": intent.finding.about, "title": intent.finding.title}
    return fields


def is_office_notice(notice: Notice) -> bool:
    """Return whether the notice is meant for the county office itself, in shadow mode and live alike."""
    return notice.key.role == OFFICE and notice.kind not in _LADDER


def office_intent(
    case: Case, step: str, kind: NoticeKind, reason: str, ordinal: int = 0, finding: Finding | None = None
) -> NoticeIntent:
    """Return an intent to notify the county office."""
    stands_at = case.occurrence.due_at or case.now
    return NoticeIntent(step, kind, (OFFICE,), reason, stands_at, ordinal=ordinal, finding=finding)


def is_unnotified(delivery_states: Mapping[NoticeKey, DeliveryState], key: NoticeKey) -> bool:
    """Return whether there is no notice under this key, or a cancelled one."""
    return key not in delivery_states or delivery_states[key].state == "cancelled"

"""Builds the notices of an intent: one for each addressee on each channel, with the fields that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.core.escalation import steps
from tracker.core.escalation.case import Case
from tracker.core.escalation.notice_fields import Detail, detail
from tracker.core.escalation.notice_kinds import LIABLE_KINDS, NoticeKind, rules_of
from tracker.core.escalation.notices import DEPARTMENT_ROLES, OFFICE, SHADOW, DeliveryState, Notice, NoticeKey
from tracker.core.escalation.policies import Policy, Step
from tracker.core.escalation.question_fields import NOT_SEEN, question_fields
from tracker.core.values.verdicts import Finding, Verdict


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
    slip: Step | None = None  # the policy's step, for a slip
    looked_again: str = ""  # what the second look showed

    @property
    def is_repeat(self) -> bool:
        return self.ordinal > 0 and self.finding is None


def _find_addressees(case: Case, role: str) -> list[tuple[str, str]]:
    """Return pairs (role in the key, department). Where several departments share a role, the key names each."""
    base, _, named = role.partition("@")
    if base not in DEPARTMENT_ROLES:
        return [(role, "")]
    if named:
        return [(role, named)]
    assignment, owing = case.duty.assignment(case.occurrence.department), owing_departments(case)
    pairs = [(role if len(owing) == 1 else f"{role}@{department}", department) for department in owing]
    if assignment and assignment.lead_department and assignment.lead_department not in owing:
        pairs.append((f"{role}@{assignment.lead_department}", assignment.lead_department))
    return pairs


def owing_departments(case: Case) -> tuple[str, ...]:
    """Return the departments that owe the occurrence; a lead department that is only notified is none of them."""
    assignment = case.duty.assignment(case.occurrence.department)
    return assignment.members if assignment else tuple(case.occurrence.department.split("+"))


def policy_for(policy: Policy, kind: str) -> Policy:
    """Return the policy as it holds for notices of a kind: some are never urgent, and of these only thanks wait for
    the weekly batch."""
    if not rules_of(kind).never_urgent:
        return policy
    return replace(policy, urgent=False, batch=policy.batch if kind == "mended" else None)


def build_notices(case: Case, intent: NoticeIntent, *, answered: bool = False) -> Iterator[Notice]:
    """Yield the notices of an intent: one for each role on each channel.

    `answered`: include roles that are left out because of their acknowledgement.
    """
    policy, rules = policy_for(case.policy, intent.kind), rules_of(intent.kind)
    at = steps.earliest_send_at(policy, intent.stands_at, case.now, case.office, next_morning=rules.next_morning)
    planned_at = steps.earliest_send_at(
        policy, intent.stands_at, intent.stands_at, case.office, next_morning=rules.next_morning
    )
    fields: Detail = {}
    addressees = dict.fromkeys(addressee for role_name in intent.to for addressee in _find_addressees(case, role_name))
    channels = intent.channels
    if case.shadow:
        is_own = OFFICE in intent.to and not rules.on_ladder
        addressees, channels = {(OFFICE if is_own else SHADOW, ""): None}, ("mail",)
    for role, department in addressees:
        if intent.is_repeat and not answered and case.is_quiet(intent.step, role, intent.stands_at):
            continue
        for channel in channels:
            key = NoticeKey(
                case.occurrence.key, case.due_revision, case.episode, intent.step, intent.ordinal, role, channel
            )
            if not fields and (
                case.may_send(key) or case.takes_new_text(key)
            ):  # an earlier notice keeps the fields it was decided with
                fields = _shown_fields(case, intent, at, urgent=policy.urgent)
                if planned_at < at:  # passes were missed
                    fields["planned_at"] = planned_at.isoformat()
            extra = {}
            if fields and department and department not in owing_departments(case):
                extra = {"asked" if role in intent.to else "copied": True}
            shown = {**fields, **extra}
            yield Notice(key, case.county.id, department, intent.kind, policy.urgent, intent.reason, at, shown)


def _shown_fields(case: Case, intent: NoticeIntent, at: datetime, *, urgent: bool) -> Detail:
    """Return what a notice that may leave at `at` shows."""
    occurrence_fields = detail(case.occurrence, case.verdict, case.duty, case.county, case.office.calendar, case.now)
    fields: Detail = {**occurrence_fields, "kind": intent.kind, "step": intent.step, "reason": intent.reason}
    fields["urgent"] = urgent
    if intent.kind == "question":
        fields |= question_fields(case)
        fields |= {"mend_by": _find_mend_by(case, intent, at), "next_to": _name_next(case, intent)}
        fields |= {"status_zh": "待核对", "judged": NOT_SEEN, "light": "grey", "light_zh": "", "lateness": ""}
    if rules_of(intent.kind).severity:
        day = _find_notified_on(case)
        fields |= {"first_notice": day is None, "notified_on": day.isoformat() if day else ""}
        fields["mend_by"] = _find_mend_by(case, intent, at)
    if case.shadow:
        fields["meant_for"] = "、".join(dict.fromkeys(case.county.role_name(role) for role in intent.to))
    if intent.kind == "escalation":
        fields["raised_to"] = _name_raised(case, intent.to)
    if intent.kind in ("mended", "confirmed") and not occurrence_fields["day"]:
        fields["proof"] = _find_proof(case.verdict)
    if intent.looked_again:
        fields["looked_again"] = intent.looked_again
    if intent.is_repeat:
        fields["repeat"] = intent.ordinal
    if intent.template:
        fields["template"] = intent.template
    if intent.kind == "slip" and intent.slip is not None:
        signer = intent.slip.signed_by
        fields |= {"colour": intent.slip.colour, "within": intent.slip.within.amount}
        fields["signer"] = case.county.role_name(signer) if signer else ""
    if intent.finding is not None:
        fields["about"] = {"target": intent.finding.about, "title": intent.finding.title}
    return fields


def _name_raised(case: Case, to: tuple[str, ...]) -> str:
    """Return to whom beside its liaison a department's matter is raised, as the department reads it."""
    roles = dict.fromkeys(role.partition("@")[0] for role in to)
    return "、".join(
        "本单位负责人" if role in DEPARTMENT_ROLES else case.county.role_name(role)
        for role in roles
        if role != "liaison"
    )


def _find_proof(verdict: Verdict) -> list[str]:
    """Return title and address of the publication that came last of those that count; [] where none has an address."""
    counting = [finding for finding in verdict.findings if finding.counts and "://" in finding.about and finding.at]
    last = max(counting, key=lambda finding: (finding.at, finding.about), default=None)
    return [last.title, last.about] if last else []


def _find_notified_on(case: Case) -> date | None:
    """Return the day on which a notice of this episode and due date first told a department that it is liable: it may
    object since. None before that."""
    instants = [
        state.at
        for key, state in case.episode_states()
        if state.reached and state.kind in LIABLE_KINDS and key.due_revision == case.due_revision and key.role != SHADOW
    ]
    first = min(instants, default=None)
    return case.office.day_of(case.earliest_send_at(first, first)) if first is not None else None


def _find_mend_by(case: Case, intent: NoticeIntent, at: datetime) -> str:
    """Return the last working day before the next step stands; "" if none follows, or before the notice leaves."""
    office, following = case.office, _find_following(case, intent)
    if following is None:
        return ""
    day = office.calendar.add_workdays(office.day_of(following[0]), -1)
    return day.isoformat() if day >= office.day_of(at) else ""


def _find_following(case: Case, intent: NoticeIntent) -> tuple[datetime, Step] | None:
    """Return the step after the due instant that stands next after the intent's, and when."""
    after = max(case.now, intent.stands_at)
    following = [
        (stands_at, step)
        for stands_at, step in case.placed_steps()
        if step.kind != "reminder" and step.name != intent.step and stands_at > after
    ]
    return min(following, key=lambda pair: pair[0], default=None)


def _name_next(case: Case, intent: NoticeIntent) -> str:
    """Return who beside the liaison hears at the next step, as the department reads it; "" where none follows."""
    following = _find_following(case, intent)
    return _name_raised(case, following[1].to) if following else ""


def is_office_notice(notice: Notice) -> bool:
    """Return whether the notice is meant for the county office itself, in shadow mode and live alike."""
    return notice.key.role == OFFICE and not rules_of(notice.kind).on_ladder


def office_intent(
    case: Case, step: str, kind: NoticeKind, reason: str, ordinal: int = 0, finding: Finding | None = None
) -> NoticeIntent:
    """Return an intent to notify the county office."""
    stands_at = case.occurrence.due_at or case.now
    return NoticeIntent(step, kind, (OFFICE,), reason, stands_at, ordinal=ordinal, finding=finding)


def is_unnotified(delivery_states: Mapping[NoticeKey, DeliveryState], key: NoticeKey) -> bool:
    """Return whether there is no notice under this key, or a cancelled one."""
    return key not in delivery_states or delivery_states[key].state == "cancelled"

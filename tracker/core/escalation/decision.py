"""Decides which roles are notified of an occurrence, and when: from its status, policy and earlier notices.

Pure, and independent of how often it is called: notices already decided are left out. The path of a notice: here the
status chooses the intents; `current_step.py` finds the step of the policy that stands now, with the instants of
`steps.py`; `notice_building.py` makes a notice for each addressee.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Literal

from tracker.core.escalation import steps
from tracker.core.escalation.case import Case
from tracker.core.escalation.current_step import find_current_intents
from tracker.core.escalation.notice_building import (
    NoticeIntent,
    build_notices,
    is_unnotified,
    office_intent,
    owing_departments,
)
from tracker.core.escalation.notice_kinds import LIABLE_KINDS, NoticeKind, rules_of
from tracker.core.escalation.notices import (
    DEPARTMENT_ROLES,
    FLAG,
    OFFICE,
    OWN_STEPS,
    SHADOW,
    Decision,
    DeliveryState,
    Notice,
    NoticeKey,
)
from tracker.core.escalation.office_time import OfficeTime
from tracker.core.escalation.second_look import held_until
from tracker.core.law.binding import explain_not_binding, silent_until
from tracker.core.law.duties import Within
from tracker.core.law.wording import moment_zh
from tracker.core.values.verdicts import Status

_NOT_CORRECTED = ("correction", "closed", "mended", "confirmed", "recorded", "returned", "fallen", "taken")
_ATTESTATION = "attestation:"


def decide_notices(case: Case) -> tuple[Decision, ...]:
    """Return the notices to send, to reword, to hold back, to supersede and to cancel for one occurrence at `case.now`.

    A cancelled notice may be sent again under its key; a sent one is never repeated.
    """
    intents, others = _find_intents(case)
    sending = {notice.key: notice for intent in intents for notice in build_notices(case, intent)}
    new = [Decision("send", key, notice.reason, notice) for key, notice in sending.items() if case.may_send(key)]
    reworded = [
        Decision("reword", key, notice.reason, notice) for key, notice in sending.items() if case.takes_new_text(key)
    ]
    return (*new, *reworded, *others, *_cancel_unwanted(case, sending.keys(), {decision.key for decision in others}))


def _find_intents(case: Case) -> tuple[list[NoticeIntent], list[Decision]]:
    """Return the intents for the status, and further decisions (waiting, superseded)."""
    if explain_not_binding(case.occurrence, case.duty, case.county):
        return _closing_intents(case), []  # it may have been notified under other rules
    if (silent_end := silent_until(case.occurrence, case.duty, case.county)) is not None and case.now < silent_end:
        return [], []
    match case.verdict.status:
        case Status.NOT_APPLICABLE | Status.WAIVED:
            return _closing_intents(case), []
        case Status.UPCOMING if case.occurrence.deadline.after is not None:
            return [], []  # only the prior duty is escalated
        case Status.PAUSED:
            return [*_decision_intents(case), *_returned_intents(case)], []  # nothing is pressed
        case Status.CLOSED:
            return [*_closing_intents(case), *_returned_intents(case)], []
        case Status.CLOCK_UNKNOWN:
            asked = [] if case.silence or _is_filed(case) else _record_intents(case)
            return [*asked, *_decision_intents(case), *_returned_intents(case)], []
        case Status.MET_DISPUTED:
            disputed = office_intent(case, "disputed", "decide", case.verdict.reason)
            return [disputed, *_decision_intents(case, filings_only=True), *_returned_intents(case)], []
        case Status.MET:
            return [*_mended_intents(case), *_returned_intents(case, ("fallen",)), *_acceptance_intents(case)], []
        case Status.MET_LATE:
            return [
                *_mended_intents(case),
                *_decision_intents(case, filings_only=True),
                *_returned_intents(case),
                *_acceptance_intents(case),
            ], []
        case Status.UNVERIFIABLE:
            return [*_unverifiable_intents(case), *_decision_intents(case), *_returned_intents(case)], []
    intents, others = find_current_intents(case)
    return [*intents, *_decision_intents(case), *_returned_intents(case)], others


# -- everything else -----------------------------------------------------------------------------


def _record_intents(case: Case) -> list[NoticeIntent]:
    """Return the intent to ask for the record of the event, from whoever has to record it in this county."""
    deadline, owing = case.occurrence.deadline, owing_departments(case)
    recorder = deadline.event.recorder if isinstance(deadline, Within) else ""
    is_other = recorder in case.county.departments and owing != (recorder,)
    recorder_role = f"liaison@{recorder}" if is_other else "liaison"
    return [NoticeIntent("record", "record", (recorder_role, OFFICE), case.verdict.reason, case.now)]


def _is_filed(case: Case) -> bool:
    """Return whether the record of the event was filed and awaits a person: it is not asked for meanwhile."""
    return any(finding.awaits_person for finding in case.verdict.findings)


def _decision_intents(case: Case, *, filings_only: bool = False) -> list[NoticeIntent]:
    """Return an intent for each entry or filing that awaits a person. Its ordinal is a hash of its subject.

    `filings_only`: the occurrence is proved, so only filings may still change something.
    """
    return [
        office_intent(
            case,
            "decide",
            "decide",
            finding.reason,
            zlib.crc32(f"{finding.cell} {finding.about}".encode()) & 0x7FFFFFFF,
            finding,
        )
        for finding in case.verdict.findings
        if finding.awaits_person and (not filings_only or finding.about.startswith(_ATTESTATION))
    ]


def _returned_intents(case: Case, kinds: Collection[str] = ("returned", "fallen")) -> Iterator[NoticeIntent]:
    """Yield intents to return (退回) filings that are rejected or no longer count, once to whoever filed them."""
    for about, finding in {finding.about: finding for finding in case.verdict.findings if finding.returned}.items():
        kind, _, digits = about.partition(":")
        step = "fallen" if kind == "zero-report" else "returned"
        was_returned = any(
            (key.step, key.ordinal) == (step, int(digits)) and state.reached
            for key, state in case.delivery_states.items()
            if (key.due_revision, key.episode) != (case.due_revision, case.episode)
            and (case.shadow or key.role != SHADOW)
        )
        if step in kinds and not was_returned:
            request = "。可补充材料后重新报送。" if step == "returned" else ""
            reason = f"“{finding.title}”：{finding.reason}{request}"
            yield NoticeIntent(step, "returned", ("liaison",), reason, case.now, ordinal=int(digits), finding=finding)


def _acceptance_intents(case: Case) -> Iterator[NoticeIntent]:
    """Yield corrections (更正) for filings that were returned and are accepted after all."""
    counting = {finding.about: finding for finding in case.verdict.findings if finding.counts}
    for key, state in case.delivery_states.items():
        finding = counting.get(f"{_ATTESTATION}{key.ordinal}")
        if key.step == "returned" and state.reached and finding is not None:
            reason = f"此前退回的“{finding.title}”现予采信：{finding.reason}"
            yield NoticeIntent(
                "taken", "correction", (key.role,), reason, case.now, ordinal=key.ordinal, finding=finding
            )


def _unverifiable_intents(case: Case) -> list[NoticeIntent]:
    """Return the intent to notify the county office that an occurrence is unverifiable, after one working day.

    None while its columns cannot be read: that is told of the site.
    """
    waits_for_person = all(cell.awaits for cell in case.verdict.cells if cell.state == "unseen")
    due_at = case.occurrence.due_at
    if not case.policy.steps or waits_for_person or due_at is None or case.is_in_outage("unseen"):
        return []
    if case.now < _first_visit_deadline(due_at, case.office):
        return []
    return [office_intent(case, "unverifiable", "fault", case.verdict.reason)]


def _first_visit_deadline(due_at: datetime, office: OfficeTime) -> datetime:
    """Return the end of the first working day on which the site could be visited after the deadline."""
    return office.closing_on(office.calendar.roll(office.day_of(due_at)))


def _mended_intents(case: Case) -> list[NoticeIntent]:
    """Return the intent that closes the case, once, to every role that an overdue notice of this episode has
    reached; where none has, to whoever was asked a question."""
    roles = _find_reached_roles(case, LIABLE_KINDS)
    if not roles:
        asked = tuple(_find_reached_roles(case, ("question",)))
        return [NoticeIntent("confirmed", "confirmed", asked, _confirmed_reason(case), case.now)] if asked else []
    step, ending = "mended", "已整改，督办办结"
    kind: NoticeKind = "mended"
    if case.episode:
        ending = "已恢复公开，督办办结"
    elif case.verdict.status is Status.MET:  # it turned out not to be late, so the overdue notice was wrong
        step, kind, ending = "closed", "correction", "此前的逾期通知不再成立"
    return [NoticeIntent(step, kind, tuple(roles), f"{ending}：{case.verdict.reason}", case.now)]


def _confirmed_reason(case: Case) -> str:
    return f"此前请核对的事项已查到公开内容，核对完毕：{case.verdict.reason}"


def _closing_intents(case: Case) -> list[NoticeIntent]:
    """Return the intent to tell every notified role, once, that a person or a rule ended the occurrence."""
    roles = _find_reached_roles(case, ("reminder", "question", *LIABLE_KINDS, "record"))
    if not roles:
        return []
    return [NoticeIntent("closed", "correction", tuple(roles), f"此前的通知不再适用：{case.verdict.reason}", case.now)]


def _find_reached_roles(case: Case, kinds: Collection[str]) -> dict[str, None]:
    """Return the roles that a notice of one of the kinds has reached, by its kind then or by its step.

    The current policy may have other steps than the one the notice was decided under.
    """
    names = {step.name for step in case.policy.steps if step.kind in kinds} | ({"reopened", "record"} & set(kinds))
    return dict.fromkeys(
        key.role for key, state in case.episode_states() if state.reached and (state.kind in kinds or key.step in names)
    )


def _cancel_unwanted(
    case: Case, wanted: Collection[NoticeKey], superseded: Collection[NoticeKey]
) -> Iterator[Decision]:
    """Yield cancellations of unsent notices that are no longer wanted."""
    for key, state in case.delivery_states.items():
        is_independent = key.step in ("correction", FLAG)
        if state.state == "due" and key not in wanted and key not in superseded and not is_independent:
            reason = _policy_change_reason(case, key, state) or f"发出前情况已变，不再发送：{case.verdict.reason}"
            yield Decision("cancel", key, reason)


def _policy_change_reason(case: Case, key: NoticeKey, state: DeliveryState) -> str:
    """Return why the policy alone no longer wants an unsent notice (Chinese), or ""."""
    if not rules_of(state.kind).on_ladder or key.step in OWN_STEPS:
        return ""
    if key.step not in {step.name for step in case.policy.steps}:
        return f"发出前办法已变，“{case.policy.name}”不再有步骤“{key.step}”，不再发送。"
    stands_at = next((at for at, step in case.placed_steps() if step.name == key.step and at > case.now), None)
    if stands_at is None or case.due_revision != key.due_revision or not case.verdict.status.late:
        return ""
    return f"发出前办法已变，步骤“{key.step}”改自{moment_zh(stands_at.astimezone(case.county.zone))}起，此前不发送。"


# -- time and change -----------------------------------------------------------------------------


def next_step_at(case: Case) -> datetime | None:
    """Return when time alone may next bring a decision about an occurrence that is not met.

    The county office is notified of an unverifiable one when its first working day ends.
    """
    occurrence, now, office, start = case.occurrence, case.now, case.office, case.count_start
    # A silence that begins later cancels waiting notices; at its end the current step is sent.
    instants = [silence.until for silence in case.silences if silence.holds(occurrence, now)]
    instants += [silence.begins_at for silence in case.silences if silence.holds(occurrence, silence.begins_at)]
    if (
        case.policy.steps
        and not explain_not_binding(occurrence, case.duty, case.county)
        and occurrence.due_at is not None
    ):
        issued_at = silent_until(occurrence, case.duty, case.county)
        if issued_at is not None and now < issued_at:
            return issued_at
        for at, step in steps.place_steps(case.policy, occurrence, office, start):
            repeats = steps.repeat_instants(step, at, occurrence, office, start)
            instants += [at, next((repeat for repeat in repeats if repeat > now), at)]
            instants += [until] if (until := held_until(case, at)) is not None else []
        if case.verdict.status is Status.UNVERIFIABLE:
            instants.append(_first_visit_deadline(occurrence.due_at, office))
    return min((at for at in instants if at > now), default=None)


def build_corrections(
    subject: str,
    delivery_states: Mapping[NoticeKey, DeliveryState],
    *,
    county: str,
    office: OfficeTime,
    due_revision: int,
    reason: str,
    shown: Mapping[str, object],
    now: datetime,
    kind: Literal["correction", "recorded"] = "correction",
    anew: bool = False,
) -> tuple[Notice, ...]:
    """Return corrections (更正) to every role whose notice is wrong after a change of rule, calendar or event.

    `shown`: the occurrence's `notice_fields.detail`, or the last shown fields if it is gone. `recorded`: the record
    that was asked for has come. `anew`: something else than the date has changed, so roles with an earlier correction
    get one too.
    """
    at = office.next_morning(now) if kind == "recorded" else office.next_opening(now)
    owing = subject.split("/")[3]
    corrections: dict[NoticeKey, Notice] = {}
    for key, state in delivery_states.items():
        if state.reached and key.due_revision <= due_revision and key.step not in _NOT_CORRECTED:
            new_key = NoticeKey(subject, due_revision, key.episode, kind, 0, key.role, key.channel)
            new_key = _first_unused_key(new_key, delivery_states) if anew else new_key
            base_role, _, named = key.role.partition("@")
            department = (named or owing) if base_role in DEPARTMENT_ROLES else ""
            is_of_others = bool(named) and department == named and named not in owing.split("+")
            fields = {**shown, "kind": kind, "step": kind, "reason": reason, "urgent": False}
            fields |= {"copied": False, "asked": is_of_others}  # those shown may be another reader's
            corrections[new_key] = Notice(new_key, county, department, kind, False, reason, at, fields)
    return tuple(notice for key, notice in corrections.items() if is_unnotified(delivery_states, key))


def _first_unused_key(key: NoticeKey, delivery_states: Mapping[NoticeKey, DeliveryState]) -> NoticeKey:
    """Return the key with the first ordinal under which there is no notice."""
    return next(
        candidate for number in count() if is_unnotified(delivery_states, candidate := replace(key, ordinal=number))
    )

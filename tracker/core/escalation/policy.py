"""Decides who is told what, and when: status, policy and earlier notices give decisions with reasons.

Pure and independent of how often it is asked: a notice follows from the occurrence, its verdict and
the step that stands now; what was already decided is only taken off. The values are in `notices.py`,
the instants in `steps.py`, whom it reaches in `case.py`, which step stands in `current_step.py`.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Literal

from tracker.core.escalation import steps
from tracker.core.escalation.case import Case, NoticeIntent, members, notices_of, office, untold
from tracker.core.escalation.current_step import current_intent
from tracker.core.escalation.notices import (
    DEPARTMENT_ROLES,
    OFFICE,
    SHADOW,
    Acknowledgement,
    Decision,
    DeliveryState,
    Hours,
    Notice,
    NoticeKey,
    Policy,
    Silence,
)
from tracker.core.law.binding import not_binding, silent_until
from tracker.core.law.duties import County, Duty, Within
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.values.verdicts import Status, Verdict

_ASIDE = ("correction", "closed", "mended", "returned", "fallen", "taken")
_PRESSED = ("overdue", "escalation", "slip", "reopened")
_ATTESTATION = "attestation:"


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
    told: Mapping[NoticeKey, DeliveryState],
    now: datetime,
    changed: bool = False,
    acknowledgements: Sequence[Acknowledgement] = (),
    silences: Sequence[Silence] = (),
) -> tuple[Decision, ...]:
    """What to send, to hold back, to leave out and to cancel for one occurrence at `now`.

    `told`: every notice of this subject, with what became of it. A cancelled one may be sent again
    under its key; of what has left the house nothing is repeated. `changed`: the verdict is another
    than last time, so what is still unsent is decided anew and shows the new state.
    `acknowledgements` of this occurrence quiet the repeats of the step they answer; `silences` hold back all
    pressing while they last.
    """
    case = Case(
        occurrence, verdict, policy, duty, county, calendar, hours, due_revision, episode, told, now, changed,
        acknowledgements, silences,
    )  # fmt: skip
    wishes, rest = _wishes(case)
    sending = {notice.key: notice for wish in wishes for notice in notices_of(case, wish)}
    fresh = [Decision("send", key, notice.reason, notice) for key, notice in sending.items() if case.untold(key)]
    return (*fresh, *rest, *_withdrawn(case, sending.keys(), {decision.key for decision in rest}))


def _wishes(case: Case) -> tuple[list[NoticeIntent], list[Decision]]:
    """What the status asks for, and the decisions beside it (waiting, superseded)."""
    if not_binding(case.occurrence, case.duty, case.county):
        return _closing(case), []  # told under other rules, it may be
    if (silent := silent_until(case.occurrence, case.duty, case.county)) is not None and case.now < silent:
        return [], []
    match case.verdict.status:
        case Status.NOT_APPLICABLE | Status.WAIVED:
            return _closing(case), []
        case Status.UPCOMING if case.occurrence.deadline.after is not None:
            return [], []  # only the duty that it follows is pressed
        case Status.CLOSED:
            return [*_closing(case), *_returned(case)], []
        case Status.CLOCK_UNKNOWN:
            return [*([] if case.silence else _record(case)), *_to_decide(case)], []
        case Status.MET_DISPUTED:
            disputed = office(case, "disputed", "decide", case.verdict.reason)
            return [disputed, *_to_decide(case, papers=True), *_returned(case)], []
        case Status.MET:
            return [*_mended(case), *_returned(case, ("fallen",)), *_taken(case)], []
        case Status.MET_LATE:
            return [*_mended(case), *_to_decide(case, papers=True), *_returned(case), *_taken(case)], []
        case Status.UNVERIFIABLE:
            return [*_blind(case), *_to_decide(case), *_returned(case)], []
    wishes, rest = current_intent(case)
    return [*wishes, *_to_decide(case), *_returned(case)], rest


# -- everything else -----------------------------------------------------------------------------


def _record(case: Case) -> list[NoticeIntent]:
    """The record of the event is chased, never the publication: of whoever has to record it."""
    deadline, owing = case.occurrence.deadline, members(case)
    recorder = deadline.event.recorder if isinstance(deadline, Within) else ""
    asked = f"liaison@{recorder}" if recorder and owing != (recorder,) else "liaison"
    return [NoticeIntent("record", "record", (asked, OFFICE), case.verdict.reason, case.now)]


def _to_decide(case: Case, *, papers: bool = False) -> list[NoticeIntent]:
    """One line for each match or paper that awaits a person. Its number follows from what it is about.

    `papers`: of what is proved already only what was filed may still change something.
    """
    return [
        office(
            case,
            "decide",
            "decide",
            finding.reason,
            zlib.crc32(f"{finding.cell} {finding.about}".encode()) & 0x7FFFFFFF,
            finding,
        )
        for finding in case.verdict.findings
        if finding.unattributed and (not papers or finding.about.startswith(_ATTESTATION))
    ]


def _returned(case: Case, kinds: Collection[str] = ("returned", "fallen")) -> Iterator[NoticeIntent]:
    """退回: what was filed is not taken, or counts no longer. Told once to whoever filed it, whatever moves later."""
    for about, one in {finding.about: finding for finding in case.verdict.findings if finding.returned}.items():
        kind, _, digits = about.partition(":")
        step = "fallen" if kind == "zero-report" else "returned"
        past = any(
            (key.step, key.ordinal) == (step, int(digits)) and what.reached
            for key, what in case.told.items()
            if (key.due_revision, key.episode) != (case.due_revision, case.episode)
            and (case.shadow or key.role != SHADOW)
        )
        if step in kinds and not past:
            ask = "。可补充材料后重新报送。" if step == "returned" else ""
            reason = f"“{one.title}”：{one.reason}{ask}"
            yield NoticeIntent(step, "returned", ("liaison",), reason, case.now, ordinal=int(digits), finding=one)


def _taken(case: Case) -> Iterator[NoticeIntent]:
    """更正 to whoever heard that a paper was returned, where it is taken after all."""
    found = {finding.about: finding for finding in case.verdict.findings if finding.counts}
    for key, what in case.told.items():
        one = found.get(f"{_ATTESTATION}{key.ordinal}")
        if key.step == "returned" and what.reached and one is not None:
            reason = f"此前退回的“{one.title}”现予采信：{one.reason}"
            yield NoticeIntent("taken", "correction", (key.role,), reason, case.now, ordinal=key.ordinal, finding=one)


def _blind(case: Case) -> list[NoticeIntent]:
    """Could not look: told to the county office once a working day has passed, so that a visit had its chance."""
    waits_for_person = all(cell.awaits for cell in case.verdict.cells if cell.state == "unseen")
    due_at = case.occurrence.due_at
    if not case.policy.steps or waits_for_person or due_at is None:
        return []
    if case.now < _look_by(due_at, case.calendar, case.hours, case.county):
        return []
    return [office(case, "unverifiable", "fault", case.verdict.reason)]


def _look_by(due_at: datetime, calendar: Calendar, hours: Hours, county: County) -> datetime:
    """The end of the first working day on which the site could be looked at for what was due."""
    return steps.on(calendar.roll(due_at.astimezone(county.zone).date()), hours.end, county.zone)


def _mended(case: Case) -> list[NoticeIntent]:
    """Thanks and closed, once, to everyone whom an overdue notice of this episode has reached."""
    roles = _reached(case, _PRESSED)
    if not roles:
        return []
    if case.episode:
        return [
            NoticeIntent("mended", "mended", tuple(roles), f"已恢复公开，督办了结：{case.verdict.reason}", case.now)
        ]
    if case.verdict.status is Status.MET:  # a person or a fact showed that it was not late: what was said was wrong
        return [
            NoticeIntent(
                "closed", "correction", tuple(roles), f"此前的逾期通知不再成立：{case.verdict.reason}", case.now
            )
        ]
    return [NoticeIntent("mended", "mended", tuple(roles), f"已补正，督办了结：{case.verdict.reason}", case.now)]


def _closing(case: Case) -> list[NoticeIntent]:
    """A person or a rule ended it: whoever was pressed hears so once."""
    roles = _reached(case, ("reminder", *_PRESSED, "record"))
    if not roles:
        return []
    return [NoticeIntent("closed", "correction", tuple(roles), f"此前的通知不再适用：{case.verdict.reason}", case.now)]


def _reached(case: Case, kinds: Collection[str]) -> dict[str, None]:
    """The roles that a notice of one of the kinds has reached: by what it was then, for the policy of today may have
    other steps, and by its step."""
    names = {step.name for step in case.policy.steps if step.kind in kinds} | ({"reopened", "record"} & set(kinds))
    return dict.fromkeys(
        key.role for key, state in case.mine() if state.reached and (state.kind in kinds or key.step in names)
    )


def _withdrawn(case: Case, wanted: Collection[NoticeKey], superseded: Collection[NoticeKey]) -> Iterator[Decision]:
    """Notices not sent yet that nothing asks for any longer."""
    for key, state in case.told.items():
        beside = key.step in ("correction", steps.FLAG)
        if state.state == "due" and key not in wanted and key not in superseded and not beside:
            yield Decision("cancel", key, f"发出前情况已变，不再发送：{case.verdict.reason}")


# -- time and change -----------------------------------------------------------------------------


def next_step_at(
    occurrence: Occurrence,
    policy: Policy,
    *,
    duty: Duty,
    county: County,
    calendar: Calendar,
    hours: Hours,
    now: datetime,
    since: steps.Anchor | None = None,
    blind: bool = True,
    silences: Sequence[Silence] = (),
) -> datetime | None:
    """When time alone may next bring a decision about an occurrence that is not met.

    `since`: from where its steps count instead of its due instant (`pressed_from`).
    `blind`: it could not be looked at, of which the county office hears when its first working day ends.
    """
    # One that begins later takes back what still waits to leave; at its end what then stands is told.
    instants = [silence.until for silence in silences if silence.holds(occurrence, now)]
    instants += [silence.begins_at for silence in silences if silence.holds(occurrence, silence.begins_at)]
    if not policy.steps or not_binding(occurrence, duty, county) or occurrence.due_at is None:
        return min((at for at in instants if at > now), default=None)
    issued_at = silent_until(occurrence, duty, county)
    if issued_at is not None and now < issued_at:
        return issued_at
    placed = list(steps.steps_of(policy, occurrence, calendar, hours, county.zone, since))
    instants += [at for at, _ in placed]
    for at, step in placed:
        repeats = steps.repeat_instants(step, at, occurrence, calendar, hours, county.zone, since)
        instants += [one for one in [next((repeat for repeat in repeats if repeat > now), None)] if one is not None]
    if blind:
        instants.append(_look_by(occurrence.due_at, calendar, hours, county))
    return min((at for at in instants if at > now), default=None)


def correction(
    subject: str,
    told: Mapping[NoticeKey, DeliveryState],
    *,
    county: County,
    calendar: Calendar,
    hours: Hours,
    due_revision: int,
    reason: str,
    shown: Mapping[str, object],
    now: datetime,
    kind: Literal["correction", "mended"] = "correction",
    anew: bool = False,
) -> tuple[Notice, ...]:
    """更正 to everyone who was told something that a changed rule, calendar or event has made wrong.

    `shown`: the occurrence's `particulars.detail`, or what was last shown of it where it is gone. `mended`:
    what they were asked for was done. `anew`: not the date has changed, so that who was told of a new one hears too.
    """
    opens = steps.morning if kind == "mended" else steps.opening
    at = opens(now, calendar, hours, county.zone)
    found: dict[NoticeKey, Notice] = {}
    for key, what in told.items():
        if what.reached and key.due_revision <= due_revision and key.step not in _ASIDE:
            fresh = NoticeKey(subject, due_revision, key.episode, kind, 0, key.role, key.channel)
            fresh = _unused(fresh, told) if anew else fresh
            detail_ = {**shown, "kind": kind, "step": kind, "reason": reason, "urgent": False}
            detail_ |= {"copied": False, "asked": _is_of_others(key)}  # last shown to another reader, it may be
            department = _department_of(key)
            found[fresh] = Notice(fresh, county.id, department, kind, False, reason, at, detail_)
    return tuple(notice for key, notice in found.items() if untold(told, key))


def _unused(key: NoticeKey, told: Mapping[NoticeKey, DeliveryState]) -> NoticeKey:
    """The key with the first number under which nothing was told or is to be told."""
    return next(one for n in count() if untold(told, one := replace(key, ordinal=n)))


def _is_of_others(key: NoticeKey) -> bool:
    """Whether the role's department is told of another one's matter."""
    base, _, named = key.role.partition("@")
    return base in DEPARTMENT_ROLES and bool(named) and named not in key.subject.split("/")[3].split("+")


def _department_of(key: NoticeKey) -> str:
    base, _, named = key.role.partition("@")
    return (named or key.subject.split("/")[3]) if base in DEPARTMENT_ROLES else ""

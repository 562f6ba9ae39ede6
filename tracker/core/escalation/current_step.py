"""Finds the step of the policy that stands now, its repeats, and why one waits or is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tracker.core.escalation import steps
from tracker.core.escalation.case import Case
from tracker.core.escalation.notice_building import NoticeIntent, build_notices, is_unnotified, office_intent
from tracker.core.escalation.notices import OFFICE, Decision, DeliveryState, Silence
from tracker.core.escalation.policies import Step
from tracker.core.escalation.question_fields import NOT_SEEN
from tracker.core.escalation.second_look import NOT_READ, hold_unlooked
from tracker.core.law.counting import moment_day
from tracker.core.law.wording import cells_of, day_zh, deed_zh, due_zh, status_zh
from tracker.core.values.verdicts import Verdict

_UNITS = {"days": "日", "workdays": "个工作日", "hours": "小时"}
_VERBS = {"reminder": "提醒", "question": "请其核对", "overdue": "通知", "escalation": "上报", "slip": "发督办单"}


def find_current_intents(case: Case) -> tuple[list[NoticeIntent], list[Decision]]:
    """Return the intents for the latest step that stands and its latest repeat, and decisions about the others.

    Earlier steps are superseded; a step without a fresh visit waits, for as long as the policy says at most.
    """
    silence = case.silence
    reopened = build_reopened_intents(case) if case.episode and silence is None and not case.counts_from_golive else []
    if case.episode and case.reopened_at is None:
        return reopened or _tell_of_waiting(case), []
    is_late = case.verdict.status.late
    standing = [
        (at, step) for at, step in case.placed_steps() if at <= case.now and (is_late or step.kind == "reminder")
    ]
    if not standing or (is_late and standing[-1][1].kind == "reminder"):
        return reopened, []
    if silence is not None:
        return [], _wait_for_silence(case, silence, *standing[-1])
    at, step = standing[-1]
    reason = f"由后续步骤“{step.name}”代替。"
    skipped = [
        decision
        for earlier_at, earlier in standing[:-1]
        for decision in _supersede(case, _build_intent(case, earlier, reason, earlier_at))
    ]
    intent = _build_intent(case, step, _step_reason(case, step) + _silence_text(case, at), at)
    if is_late and not _has_fresh_visit(case.verdict):
        intents, waiting = _wait_for_visit(case, intent)
        return [*reopened, *intents], [*skipped, *waiting]
    begins_late = case.first_notified is None and _find_late_start(case) is not None
    repeats, superseded = ([], []) if begins_late else _find_repeats(case, at, step, intent)
    intents, held = hold_unlooked(case, step, [intent, *repeats])
    return [*reopened, *intents], [*skipped, *superseded, *held]


def build_step_intent(case: Case, step: Step) -> NoticeIntent:
    """Return the intent to send a step as if it stood now."""
    return _build_intent(case, step, _step_reason(case, step), case.now)


def _build_intent(case: Case, step: Step, reason: str, at: datetime, ordinal: int = 0) -> NoticeIntent:
    return NoticeIntent(
        step.name, case.kind_of(step), step.to, reason, at, step.channels, ordinal, template=step.template, slip=step
    )


def _find_repeats(
    case: Case, at: datetime, step: Step, intent: NoticeIntent
) -> tuple[list[NoticeIntent], list[Decision]]:
    """Return the intent for the step's latest repeat that stands, once the notice before it has been sent; the other
    repeats are superseded.

    A repeat never replaces a step that was not notified yet, and never shares a mail with the notice it repeats: while
    that one waits for a batch or an opening, there is no repeat.
    """
    standing = list(steps.find_repeats(step, at, case.occurrence, case.office, case.now, case.count_start))
    if not standing:
        return [], []
    reason = _step_reason(case, step)
    intents = [
        _build_intent(case, step, f"{reason}第{number}次重复。{_silence_text(case, instant)}", instant, number)
        for number, instant in standing
    ]
    notified = [
        (intent, state) for intent in (intent, *intents) if (state := _state_of_intent(case, intent)) is not None
    ]
    if not notified:
        chosen = []
    elif (last := notified[-1])[1].state in ("due", "claimed"):
        chosen = [last[0]] if last[0].ordinal else []
    else:
        sent_at = case.earliest_send_at(last[0].stands_at, last[1].at)
        chosen = [intent for intent in intents if intent.stands_at > sent_at][-1:]
    reason = "由后续通知代替。"
    skipped = [intent for intent in intents if intent not in chosen]
    return chosen, [decision for intent in skipped for decision in _supersede(case, intent, reason)]


def _state_of_intent(case: Case, intent: NoticeIntent) -> DeliveryState | None:
    """Return the state of a step's or repeat's notices, one that still waits first; None if there are none.

    A superseded step counts as stood, a superseded repeat does not.
    """
    states = [
        case.delivery_states[notice.key]
        for notice in build_notices(case, intent, answered=True)
        if notice.key in case.delivery_states
    ]
    active = [state for state in states if state.state not in ("cancelled", "superseded")]
    skipped = [state for state in states if state.state == "superseded" and not intent.ordinal]
    return min(active or skipped, key=lambda state: state.state not in ("due", "claimed"), default=None)


def _wait_for_silence(case: Case, silence: Silence, at: datetime, step: Step) -> list[Decision]:
    """Return waiting decisions for a step while a silence is in force; it is sent at its end if it still stands."""
    reason = f"经{silence.by}决定静默至{_last_day(case, silence.until)}：{silence.reason}"
    keys = [notice.key for notice in build_notices(case, _build_intent(case, step, reason, at))]
    return [Decision("wait", key, reason) for key in keys if is_unnotified(case.delivery_states, key)]


def _silence_text(case: Case, at: datetime) -> str:
    """Return the sentence on an ended silence that delayed the step, or ""."""
    silences = [
        silence
        for silence in case.silences
        if silence.holds(case.occurrence, at) and not silence.holds(case.occurrence, case.now)
    ]
    if not silences:
        return ""
    last = max(silences, key=lambda silence: (silence.lifted_at or silence.until, silence.id))
    if last.lifted_at is not None and last.lifted_at < last.until:
        day = day_zh(last.lifted_at.astimezone(case.county.zone).date())
        return f"此前经{last.by}决定静默，已于{day}解除。"
    return f"此前经{last.by}决定静默至{_last_day(case, last.until)}，现已届满。"


def _last_day(case: Case, until: datetime) -> str:
    """Return the last day of a silence that ends at `until`."""
    return day_zh(moment_day(until - steps.MOMENT, case.county.zone))


def _has_fresh_visit(verdict: Verdict) -> bool:
    """Return whether the verdict rests on a fresh visit, or only on missing filings, which need none."""
    return verdict.fresh or all(cell.filed_only for cell in verdict.cells if cell.state == "missing")


def _supersede(case: Case, intent: NoticeIntent, reason: str = "") -> Iterator[Decision]:
    """Yield the decisions that supersede the unsent notices of an intent. `reason`: in place of the intent's own."""
    for notice in build_notices(case, intent):
        state = case.delivery_states.get(notice.key)
        if state is None or state.state in ("due", "cancelled"):
            yield Decision("superseded", notice.key, reason or intent.reason, notice)


def _wait_for_visit(case: Case, intent: NoticeIntent) -> tuple[list[NoticeIntent], list[Decision]]:
    """Return the waiting decisions of a step without a fresh visit, and an intent to notify the county office."""
    keys = [notice.key for notice in build_notices(case, intent)]
    unnotified = [key for key in keys if is_unnotified(case.delivery_states, key)]
    if not unnotified and all(case.delivery_states[key].state != "due" for key in keys):
        return [], []
    reason = NOT_READ
    decisions = [Decision("wait", key, reason) for key in unnotified]
    told = case.is_in_outage("missing")  # of the outage
    return [] if told else [office_intent(case, f"{intent.step}.waits", "wait", reason)], decisions


def _tell_of_waiting(case: Case) -> list[NoticeIntent]:
    """Return an intent to notify the county office that a notice of what is gone waits for a fresh visit."""
    waits = case.verdict.status.late and not _has_fresh_visit(case.verdict) and case.silence is None
    if not waits or case.is_in_outage("missing"):  # told of the outage
        return []
    return [office_intent(case, "reopened.waits", "wait", f"{NOT_READ}{case.verdict.reason}")]


def _step_reason(case: Case, step: Step) -> str:
    amount, unit = abs(step.offset.amount), _UNITS[step.offset.unit]
    anchor = "时限" if step.anchor == "due" else "起算"
    side = "前" if step.offset.amount < 0 else "后"
    when = f"{anchor}{side}{amount}{unit}" if amount else {"due": "时限一到", "open": "一经起算"}[step.anchor]
    cells = cells_of(case.duty, case.occurrence.department, case.occurrence.label)
    unmet = "尚未查到全部公开内容" if (deed := deed_zh(cells)) == "公开" else f"尚未{deed}"
    kind = case.kind_of(step)
    state = status_zh(case.verdict.status, cells, case.verdict.reason)
    state = {"reminder": unmet, "question": NOT_SEEN}.get(kind, state)
    zone, reopened = case.county.zone, case.reopened_at
    if case.counts_from_golive:
        counted = f"第{amount}{unit}" if step.offset.unit != "hours" else f"{amount}{unit}后"
        nth = f"自该日起{counted if amount else ''}"
        return f"{case.verdict.liability_reason}；{state}，按办法{nth}{_VERBS[kind]}。"
    if (liable_from := case.verdict.liable_from) is not None:
        start_day = day_zh((max(liable_from, reopened) if reopened else liable_from).astimezone(zone).date())
        return f"{case.verdict.liability_reason}；{state}，按办法于{start_day}后{amount}{unit}{_VERBS[kind]}。"
    if reopened is not None and case.occurrence.due_at is not None and reopened > case.occurrence.due_at:
        # Steps of a later episode count from its begin: nothing was late before.
        start_day = day_zh(reopened.astimezone(zone).date())
        return f"原已公开，{start_day}发现不再成立，{state}，按办法于其后{amount}{unit}{_VERBS[kind]}。"
    due = f"时限为{due_zh(case.occurrence, zone)}，{state}"
    if step.kind != "reminder" and (late_start := _find_late_start(case)) is not None:
        first_step, notified_at = late_start
        if step == first_step:
            return f"{due}，此前未能通知，现予{_VERBS[kind]}。"
        distance = step.offset.amount - first_step.offset.amount
        first_told = f"首次{_VERBS[case.kind_of(first_step)]}"
        after = f"其后{distance}{unit}" if step.offset.unit == first_step.offset.unit else "其后"
        return f"{due}，{day_zh(notified_at.astimezone(zone).date())}{first_told}，按办法于{after}{_VERBS[kind]}。"
    return f"{due}，按办法于{when}{_VERBS[kind]}。"


def _find_late_start(case: Case) -> tuple[Step, datetime] | None:
    """Return the first step and when it is notified, if a later step already stood by then; else None."""
    if (first := case.first_notified) is not None:
        notified_at, step = first
        return (step, notified_at) if case.count_start is not None else None
    placed_steps = steps.place_steps(case.policy, case.occurrence, case.office)
    standing = [step for at, step in placed_steps if at <= case.now and step.kind != "reminder"]
    return (standing[0], case.now) if len(standing) > 1 else None


def build_reopened_intents(case: Case) -> list[NoticeIntent]:
    """Return the intent for the notice that opens a new episode, once; its steps count from there.

    Empty while a person has to decide about all unproved cells.
    """
    unproved = [cell for cell in case.verdict.cells if cell.state != "proved"]
    if unproved and all(cell.awaits for cell in unproved) and not case.verdict.liability_reason:
        return []
    if case.verdict.status.late and not _has_fresh_visit(case.verdict) and case.reopened_at is None:
        return []
    to = ("liaison", OFFICE) if case.policy.steps else (OFFICE,)
    opening = "原已公开，现不再成立"
    if case.verdict.liability_reason:
        opening = "恢复督办" if case.verdict.liable_from else "恢复要求"
    return [NoticeIntent("reopened", "reopened", to, f"{opening}：{case.verdict.reason}", case.now)]

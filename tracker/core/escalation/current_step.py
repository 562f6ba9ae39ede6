"""Finds the step of the policy that stands now, its repeats, and why one waits or is left out."""

from __future__ import annotations

from datetime import datetime

from tracker.core.escalation import steps
from tracker.core.escalation.case import Case, NoticeIntent, notices_of, office, untold
from tracker.core.escalation.notices import OFFICE, Decision, DeliveryState, Silence, Step
from tracker.core.law.counting import moment_day
from tracker.core.law.notice_fields import cells_of, day_zh, deed_zh, due_zh, status_zh
from tracker.core.values.verdicts import Verdict

_UNITS = {"days": "日", "workdays": "个工作日", "hours": "小时"}
_VERBS = {"reminder": "提醒", "overdue": "通知", "escalation": "上报", "slip": "发督办单"}


def current_intent(case: Case) -> tuple[list[NoticeIntent], list[Decision]]:
    """The latest step that stands, and its latest repeat; what they replace is superseded, what lacks
    fresh sight waits."""
    silence = case.silence
    again = reopened(case) if case.episode and silence is None and not case.counts_from_golive else []
    if case.episode and case.reopened_at is None:
        return again, []
    late = case.verdict.status.late
    stood = [(at, step) for at, step in case.placed() if at <= case.now and (late or step.kind == "reminder")]
    if not stood or (late and stood[-1][1].kind == "reminder"):
        return again, []
    if silence is not None:
        return [], _silenced(case, silence, *stood[-1])
    at, step = stood[-1]
    skipped = [decision for then, earlier in stood[:-1] for decision in _superseded(case, then, earlier, step)]
    wish = _wish(step, _step_reason(case, step) + _after_silence(case, at), at)
    if late and not _sighted(case.verdict):
        wishes, beside = _waiting(case, wish)
        return [*again, *wishes], [*skipped, *beside]
    begins_late = case.first_told is None and _late_start(case) is not None
    repeats, passed = ([], []) if begins_late else _repeating(case, at, step, wish)
    return [*again, wish, *repeats], [*skipped, *passed]


def intent_of(case: Case, step: Step) -> NoticeIntent:
    """The wish to send a step as if it stood now."""
    return _wish(step, _step_reason(case, step), case.now)


def _wish(step: Step, reason: str, at: datetime, ordinal: int = 0) -> NoticeIntent:
    return NoticeIntent(
        step.name, step.kind, step.to, reason, at, step.channels, ordinal, template=step.template, colour=step.colour
    )


def _repeating(case: Case, at: datetime, step: Step, wish: NoticeIntent) -> tuple[list[NoticeIntent], list[Decision]]:
    """The step's latest repeat that stands, once what was said of the step before it has left; the others are
    superseded.

    A repeat never takes the place of a step that nobody was told yet: no escalation hides behind one. Nor does
    it stand in one mail with what it repeats: what waits for a batch or an opening says it for the time being.
    """
    if step.repeat is None:
        return [], []
    stood = list(
        steps.repeats_of(
            step, at, case.occurrence, case.calendar, case.hours, case.county.zone, case.now, case.pressed_from
        )
    )
    if not stood:
        return [], []
    reason = _step_reason(case, step)
    wishes = [_wish(step, f"{reason}第{n}次重复。{_after_silence(case, instant)}", instant, n) for n, instant in stood]
    said = [(intent, state) for intent in (wish, *wishes) if (state := _told_of(case, intent)) is not None]
    if not said:
        chosen = []
    elif (last := said[-1])[1].state in ("due", "claimed"):
        chosen = [last[0]] if last[0].ordinal else []
    else:
        left = case.release(last[0].stands_at, last[1].at)
        chosen = [intent for intent in wishes if intent.stands_at > left][-1:]
    return chosen, [
        Decision("superseded", notice.key, "由后续通知代替。", notice)
        for intent in wishes
        if intent not in chosen
        for notice in notices_of(case, intent)
        if notice.key not in case.told or case.told[notice.key].state in ("due", "cancelled")
    ]


def _told_of(case: Case, wish: NoticeIntent) -> DeliveryState | None:
    """What became of a step or one of its repeats: what still waits before what left. None where nobody was to be
    told; a repeat that was left out tells nobody, a step that was skipped stood all the same."""
    states = [case.told[notice.key] for notice in notices_of(case, wish, answered=True) if notice.key in case.told]
    spoken = [state for state in states if state.state not in ("cancelled", "superseded")]
    skipped = [state for state in states if state.state == "superseded" and not wish.ordinal]
    return min(spoken or skipped, key=lambda state: state.state not in ("due", "claimed"), default=None)


def _silenced(case: Case, silence: Silence, at: datetime, step: Step) -> list[Decision]:
    """Nothing is sent while a silence holds; what stands is told when it ends, if it then still stands."""
    reason = f"经{silence.by}决定静默至{_last_day(case, silence.until)}：{silence.reason}"
    keys = [notice.key for notice in notices_of(case, _wish(step, reason, at))]
    return [Decision("wait", key, reason) for key in keys if untold(case.told, key)]


def _after_silence(case: Case, at: datetime) -> str:
    """Why a step is told later than it stood, where a silence that is over held it back."""
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
    """The last day before an instant that ends a silence."""
    return day_zh(moment_day(until - steps.MOMENT, case.county.zone))


def _sighted(verdict: Verdict) -> bool:
    """Fresh sight, or nothing missing that would need any."""
    return verdict.fresh or all(cell.filed_only for cell in verdict.cells if cell.state == "missing")


def _superseded(case: Case, at: datetime, earlier: Step, later: Step) -> list[Decision]:
    reason = f"由后续步骤“{later.name}”代替。"
    wish = _wish(earlier, reason, at)
    return [
        Decision("superseded", notice.key, reason, notice)
        for notice in notices_of(case, wish)
        if notice.key not in case.told or case.told[notice.key].state in ("due", "cancelled")
    ]


def _waiting(case: Case, wish: NoticeIntent) -> tuple[list[NoticeIntent], list[Decision]]:
    """Nothing is held against a department unseen: the step waits and the county office hears of it."""
    keys = [notice.key for notice in notices_of(case, wish)]
    held = [key for key in keys if untold(case.told, key)]
    if not held and all(case.told[key].state != "due" for key in keys):
        return [], []
    reason = "自上一工作日起未能完整查看有关栏目，逾期通知暂缓发出，恢复查看并核实后再发。"
    waits = [Decision("wait", key, reason) for key in held]
    return [office(case, f"{wish.step}.waits", "wait", reason)], waits


def _step_reason(case: Case, step: Step) -> str:
    amount, unit = abs(step.offset.amount), _UNITS[step.offset.unit]
    anchor = "时限" if step.anchor == "due" else "起算"
    side = "前" if step.offset.amount < 0 else "后"
    when = f"{anchor}{side}{amount}{unit}" if amount else {"due": "时限一到", "open": "一经起算"}[step.anchor]
    cells = cells_of(case.duty, case.occurrence.department, case.occurrence.label)
    wanting = "尚未查到全部公开内容" if (deed := deed_zh(cells)) == "公开" else f"尚未{deed}"
    state = wanting if step.kind == "reminder" else status_zh(case.verdict.status, cells, case.verdict.reason)
    zone, reopened = case.county.zone, case.reopened_at
    if case.counts_from_golive:
        counted = f"第{amount}{unit}" if step.offset.unit != "hours" else f"{amount}{unit}后"
        nth = f"自该日起{counted if amount else ''}"
        return f"{case.verdict.liability_reason}；{state}，按办法{nth}{_VERBS[step.kind]}。"
    if (since := case.verdict.since) is not None:
        found = day_zh((max(since, reopened) if reopened else since).astimezone(zone).date())
        return f"{case.verdict.liability_reason}；{state}，按办法于{found}后{amount}{unit}{_VERBS[step.kind]}。"
    if reopened is not None and case.occurrence.due_at is not None and reopened > case.occurrence.due_at:
        # Steps of a later episode count from there: nothing was late before.
        found = day_zh(reopened.astimezone(zone).date())
        return f"原已公开，{found}发现不再成立，{state}，按办法于其后{amount}{unit}{_VERBS[step.kind]}。"
    due = f"时限为{due_zh(case.occurrence, zone)}，{state}"
    if step.kind != "reminder" and (late := _late_start(case)) is not None:
        first, told_at = late
        if step == first:
            return f"{due}，此前未能通知，现予{_VERBS[step.kind]}。"
        apart = step.offset.amount - first.offset.amount
        after = f"其后{apart}{unit}" if step.offset.unit == first.offset.unit else "其后"
        return f"{due}，{day_zh(told_at.astimezone(zone).date())}首次通知，按办法于{after}{_VERBS[step.kind]}。"
    return f"{due}，按办法于{when}{_VERBS[step.kind]}。"


def _late_start(case: Case) -> tuple[Step, datetime] | None:
    """The first step and when it is told, where a later one already stood by then; None: in its turn."""
    if (first := case.first_told) is not None:
        told_at, step = first
        return (step, told_at) if case.pressed_from is not None else None
    own = steps.steps_of(case.policy, case.occurrence, case.calendar, case.hours, case.county.zone)
    stood = [step for at, step in own if at <= case.now and step.kind != "reminder"]
    return (stood[0], case.now) if len(stood) > 1 else None


def reopened(case: Case) -> list[NoticeIntent]:
    """Told once as a new episode begins; its steps count from there. What a person may yet let stand is not told."""
    unproved = [cell for cell in case.verdict.cells if cell.state != "proved"]
    if unproved and all(cell.awaits for cell in unproved) and not case.verdict.liability_reason:
        return []
    if case.verdict.status.late and not _sighted(case.verdict) and case.reopened_at is None:
        return []
    to = ("liaison", OFFICE) if case.policy.steps else (OFFICE,)
    if case.verdict.liability_reason and not case.verdict.since:
        return [NoticeIntent("reopened", "reopened", to, f"恢复要求：{case.verdict.reason}", case.now)]
    why = "恢复督办" if case.verdict.liability_reason else "原已公开，现不再成立"
    return [NoticeIntent("reopened", "reopened", to, f"{why}：{case.verdict.reason}", case.now)]

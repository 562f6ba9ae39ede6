"""Places the steps of a policy when its first step is notified late: the others follow at their distances.

The first notice of an occurrence is never an escalation. If the first step could only be notified when a later one
already stood (the site could not be read, a silence was in force, a person decided late, the daemon was down), the
others follow at their distances from that notice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tracker.core.escalation import steps
from tracker.core.escalation.notices import SHADOW, DeliveryState, Hours, NoticeKey, Policy, Step
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar

#: A step and when it stands.
PlacedStep = tuple[datetime, Step]


def find_first_notified(
    delivery_states: Mapping[NoticeKey, DeliveryState],
    due_revision: int,
    episode: int,
    policy: Policy,
    *,
    shadow: bool = False,
) -> tuple[datetime, Step] | None:
    """Return the first step after the deadline that was notified in this episode and under this due day, and when that
    was decided; None if none was. Cancelled and superseded notices do not count. `shadow`: notices on trial count.
    """
    late_steps = {step.name: step for step in policy.steps if step.kind != "reminder"}
    notified = [
        (state.at, late_steps[key.step])
        for key, state in delivery_states.items()
        if key.step in late_steps
        and (key.due_revision, key.episode) == (due_revision, episode)
        and (shadow or key.role != SHADOW)
        and state.state not in ("cancelled", "superseded")
    ]
    return min(notified, key=lambda pair: pair[0], default=None)


def keep_first_step(placed: Sequence[PlacedStep], now: datetime) -> list[PlacedStep]:
    """Return the steps that apply before any notice: of several late steps that stand, only the first."""
    standing = [pair for pair in placed if pair[1].kind != "reminder" and pair[0] <= now]
    return [pair for pair in placed if pair not in standing[1:]]


def anchor_at_first_notice(
    first: tuple[datetime, Step] | None,
    anchor: steps.Anchor | None,
    occurrence: Occurrence,
    policy: Policy,
    calendar: Calendar,
    hours: Hours,
    zone: ZoneInfo,
) -> steps.Anchor | None:
    """Return the anchor of the steps: `anchor`, or the first step's notice if a later step already stood by then."""
    if first is None:
        return anchor
    notified_at, step = first
    late_steps = [
        pair
        for pair in steps.place_steps(policy, occurrence, calendar, hours, zone, anchor)
        if pair[1].kind != "reminder"
    ]
    step_at = next((at for at, placed_step in late_steps if placed_step.name == step.name), None)
    later_at = next((at for at, _ in late_steps if step_at is not None and at > step_at), None)
    if later_at is None or notified_at < later_at:
        return anchor
    sent_at = steps.earliest_send_at(policy, notified_at, notified_at, calendar, hours, zone)
    return _anchor_of(step, sent_at, calendar, zone)


def _anchor_of(step: Step, stands_at: datetime, calendar: Calendar, zone: ZoneInfo) -> steps.Anchor:
    """Return the anchor from which the step stands at that instant, or on that day."""
    amount = step.offset.amount
    if step.offset.unit == "hours":
        at = stands_at - timedelta(hours=amount)
        return steps.Anchor(at, at.astimezone(zone).date())
    day = stands_at.astimezone(zone).date()
    day = day - timedelta(days=amount) if step.offset.unit == "days" else calendar.add_workdays(day, -amount)
    return steps.Anchor(steps.instant_on(day + timedelta(days=1), time(0), zone), day)

"""Places the steps of a policy when its first step is told late: the others follow at their distances.

Nobody hears of a matter first as an escalation. Where the first step could only be told when a later one already stood
(the site could not be read, a silence held, a person decided late, the daemon was down), the others follow from there
at their distances.
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
Placed = tuple[datetime, Step]


def first_told(
    told: Mapping[NoticeKey, DeliveryState], due_revision: int, episode: int, policy: Policy, *, shadow: bool = False
) -> tuple[datetime, Step] | None:
    """The first pressing step that anybody was told of in this episode and under this due day, and when that was
    decided; None where nobody was. What was cancelled or left out tells nobody. `shadow`: what the office reads on
    trial counts too."""
    pressing = {step.name: step for step in policy.steps if step.kind != "reminder"}
    known = [
        (what.at, pressing[key.step])
        for key, what in told.items()
        if key.step in pressing
        and (key.due_revision, key.episode) == (due_revision, episode)
        and (shadow or key.role != SHADOW)
        and what.state not in ("cancelled", "superseded")
    ]
    return min(known, key=lambda pair: pair[0], default=None)


def first_only(placed: Sequence[Placed], now: datetime) -> list[Placed]:
    """The steps that have a place before anybody was told: of several pressing ones that stand, the first."""
    stood = [pair for pair in placed if pair[1].kind != "reminder" and pair[0] <= now]
    return [pair for pair in placed if pair not in stood[1:]]


def counted_from(
    first: tuple[datetime, Step] | None,
    anchor: steps.Anchor | None,
    occurrence: Occurrence,
    policy: Policy,
    calendar: Calendar,
    hours: Hours,
    zone: ZoneInfo,
) -> steps.Anchor | None:
    """From where the steps count: `anchor`, or the telling of the first step where a later one already stood then."""
    if first is None:
        return anchor
    told_at, step = first
    pressing = [
        pair for pair in steps.steps_of(policy, occurrence, calendar, hours, zone, anchor) if pair[1].kind != "reminder"
    ]
    own = next((at for at, other in pressing if other.name == step.name), None)
    later = next((at for at, _ in pressing if own is not None and at > own), None)
    if later is None or told_at < later:
        return anchor
    left_at = steps.not_before(policy, told_at, told_at, calendar, hours, zone)
    return _anchor_of(step, left_at, calendar, zone)


def _anchor_of(step: Step, stands_at: datetime, calendar: Calendar, zone: ZoneInfo) -> steps.Anchor:
    """The anchor from which the step stands at that instant, or on that day."""
    amount = step.offset.amount
    if step.offset.unit == "hours":
        at = stands_at - timedelta(hours=amount)
        return steps.Anchor(at, at.astimezone(zone).date())
    day = stands_at.astimezone(zone).date()
    day = day - timedelta(days=amount) if step.offset.unit == "days" else calendar.add_workdays(day, -amount)
    return steps.Anchor(steps.on(day + timedelta(days=1), time(0), zone), day)

"""The rules on counting that are ours, where the law is silent or has two readings; a county adopts them by name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Adoption:
    """The decision by which a county adopted an assumed reading (see `Terms`): when, who decided it, on what basis."""

    at: datetime
    by: str
    reason: str


#: Under these names, beside its readings, a county adopts the rules of ours that bear on a pack's due days.
#: "rest-days": a named day or a period's end that is a day off does not move.
REST_DAYS = "rest-days"
PAUSE_DAYS = "pause-days"  # the day of a pause's first fact counts, that of its second does not.
RESTART_LAW = "restart-law"  # after a restart the text still governs that was in force when the clock first started.
LAPSE_SENT = (
    "lapse-sent"  # a silence is counted from sending, where nobody recorded the day on which the letter arrived.
)
UNLAWFUL_STEPS = "unlawful-steps"  # a fact that was unlawful (its field `idle`) stops no clock.
NEXT_DAY = "next-day"  # where a clock starts anew from the day after a fact, that day is the first which counts.
ASSUMED_DAY = "assumed-day"  # counted from a fact whose day no text sets.
CLOCK_RULES = (PAUSE_DAYS, RESTART_LAW, LAPSE_SENT, UNLAWFUL_STEPS, NEXT_DAY, ASSUMED_DAY)
#: Counted from a fact whose day is still to be recorded (its field `awaits`): ours until then, never adopted.
AWAITED_DAY = "awaited-day"
ASSUMED_RULES = (REST_DAYS, *CLOCK_RULES)


@dataclass(frozen=True, slots=True)
class AssumedRule:
    """A rule of ours that no law settles and the rule file does not say (`ASSUMED_RULES`). `adopted`, `adoption`: as in
    `Terms`."""

    adopted: bool = False
    adoption: Adoption | None = None

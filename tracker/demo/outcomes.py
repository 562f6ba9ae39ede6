"""Decides how each occurrence turns out in the sample year: most on time, some departments often late, some set."""

from __future__ import annotations

from enum import StrEnum

from tracker.core.law.duties import Every, Part, Within
from tracker.core.law.occurrences import Occurrence
from tracker.demo.draw import SHIPPED, current_seed, draw_share


class Outcome(StrEnum):
    """How an occurrence turns out."""

    ON_TIME = "on-time"
    LATE = "late"
    NEVER = "never"
    SHORT = "short"  # published, but an item is missing for good
    MENDED = "mended"  # published without an item, which is added after the due date
    DATED_BACK = "dated-back"  # published late under a date that would have been on time
    QUIET = "quiet"  # nothing arose: a zero report is filed


#: The share of occurrences that go wrong, for departments that are often late; everyone else has `_USUAL`.
_LAGGARDS = {"chengjian": 0.34, "renji": 0.30, "gongguan": 0.24, "minzheng": 0.22, "keji": 0.18}
_USUAL = 0.08
_DAILY = 0.03

#: With another seed than the shipped one: the share of departments that are often late, and how often they are.
_DRAWN_LAGGARDS = 0.3
_DRAWN_RISK = (0.15, 0.45)

#: What the shipped year always shows: (duty, department, start of the label, part) → outcome; part "": every part.
_SCENES: dict[tuple[str, str, str, str], Outcome] = {
    ("environment-monthly", "huanbao", "2015-07", "water"): Outcome.LATE,
    ("power-list", "chengjian", "once", ""): Outcome.NEVER,
    ("power-list", "minzheng", "once", ""): Outcome.DATED_BACK,
    ("power-list", "huanbao", "once", ""): Outcome.ON_TIME,
    ("approval-items", "wujia", "once", ""): Outcome.ON_TIME,
    ("approval-items", "keji", "once", ""): Outcome.SHORT,
    ("budget", "renji", "event:", ""): Outcome.LATE,
    ("budget", "anjian", "event:", ""): Outcome.MENDED,
    ("final-accounts", "gongguan", "event:", ""): Outcome.SHORT,
    ("final-accounts", "shenji", "event:", ""): Outcome.ON_TIME,
    ("social-insurance", "shebao", "2015-Q3", ""): Outcome.MENDED,
    ("social-assistance", "minzheng", "2015-H2", ""): Outcome.LATE,
    ("environment-emergency", "huanbao", "event:", ""): Outcome.ON_TIME,
    ("proactive", "keji", "2015-Q2", ""): Outcome.ON_TIME,  # the article that names nobody
    ("soe-annual", "caizheng", "2015", ""): Outcome.NEVER,
}


def draw_outcome(occurrence: Occurrence, part: Part) -> Outcome:
    """How an occurrence turns out in one of its parts."""
    if (scene := _find_scene(occurrence, part.name)) is not None:
        return scene
    deadline, key = occurrence.deadline, occurrence.key
    is_daily = isinstance(deadline, Every) and deadline.unit in ("day", "workday")
    if isinstance(deadline, Every) and deadline.zero_report and draw_share("quiet", key) < (0.04 if is_daily else 0.16):
        return Outcome.QUIET
    if is_daily:
        return Outcome.NEVER if draw_share("missed", key) < _DAILY else Outcome.ON_TIME
    # One part of several goes wrong, seldom all of them.
    risk = max(_draw_risk(member) for member in occurrence.department.split("+"))
    if draw_share("wrong", key, part.name) >= risk / len(occurrence.parts) ** 0.5:
        return Outcome.ON_TIME
    return _draw_failure(occurrence, part)


def _find_scene(occurrence: Occurrence, part: str) -> Outcome | None:
    if current_seed() != SHIPPED:
        return None
    for (duty, department, label, scene_part), outcome in _SCENES.items():
        is_same = duty == occurrence.duty and department == occurrence.department
        if is_same and occurrence.label.startswith(label) and scene_part in ("", part):
            return outcome
    return None


def _draw_risk(department: str) -> float:
    if current_seed() == SHIPPED:
        return _LAGGARDS.get(department, _USUAL)
    if draw_share("laggard", department) >= _DRAWN_LAGGARDS:
        return _USUAL
    low, high = _DRAWN_RISK
    return low + (high - low) * draw_share("risk", department)


def _draw_failure(occurrence: Occurrence, part: Part) -> Outcome:
    share = draw_share("how", occurrence.key, part.name)
    if isinstance(occurrence.deadline, Within) and occurrence.deadline.span.unit in ("hours", "same-workday"):
        return Outcome.LATE if share < 0.8 else Outcome.NEVER
    # A text can lack an item and still say something only where it has to hold several.
    holds_several = part.contents.mode == "all" and sum(not item.advisory for item in part.contents.items) > 1
    if share < 0.26 and holds_several:
        return Outcome.MENDED if share < 0.17 else Outcome.SHORT
    if share < 0.78:
        return Outcome.LATE
    return Outcome.NEVER if share < 0.91 else Outcome.DATED_BACK

"""How each matter fares in the sample year: most on time, a few departments often late, some scenes set."""

from __future__ import annotations

from enum import StrEnum

from tracker.core.law.duties import Every, Part, Within
from tracker.core.law.occurrences import Occurrence
from tracker.demo.draw import SHIPPED, seed_in_use, share


class Fate(StrEnum):
    """What becomes of one matter."""

    ON_TIME = "on-time"
    LATE = "late"
    NEVER = "never"
    SHORT = "short"  # published, but an item is missing for good
    MENDED = "mended"  # published without an item, which is added after the due date
    DATED_BACK = "dated-back"  # published late under a date that would have been on time
    QUIET = "quiet"  # nothing arose: a zero report is filed


#: The share of matters that go wrong, for those who are often late; everyone else has `_USUAL`.
_LAGGARDS = {"chengjian": 0.34, "renji": 0.30, "gongguan": 0.24, "minzheng": 0.22, "keji": 0.18}
_USUAL = 0.08
_DAILY = 0.03

#: With another seed than the shipped one: the share of departments that are often late, and how often they are.
_DRAWN_LAGGARDS = 0.3
_DRAWN_RISK = (0.15, 0.45)

#: Scenes that the shipped year always shows: (duty, department, start of the label, part) → fate.
_SCENES: dict[tuple[str, str, str, str], Fate] = {
    ("environment-monthly", "huanbao", "2015-07", "water"): Fate.LATE,
    ("power-list", "chengjian", "once", ""): Fate.NEVER,
    ("power-list", "minzheng", "once", ""): Fate.DATED_BACK,
    ("power-list", "huanbao", "once", ""): Fate.ON_TIME,
    ("approval-items", "wujia", "once", ""): Fate.ON_TIME,
    ("approval-items", "keji", "once", ""): Fate.SHORT,
    ("budget", "renji", "event:", ""): Fate.LATE,
    ("budget", "anjian", "event:", ""): Fate.MENDED,
    ("final-accounts", "gongguan", "event:", ""): Fate.SHORT,
    ("final-accounts", "shenji", "event:", ""): Fate.ON_TIME,
    ("social-insurance", "shebao", "2015-Q3", ""): Fate.MENDED,
    ("social-assistance", "minzheng", "2015-H2", ""): Fate.LATE,
    ("environment-emergency", "huanbao", "event:", ""): Fate.ON_TIME,
    ("proactive", "keji", "2015-Q2", ""): Fate.ON_TIME,  # the article that names nobody
    ("soe-annual", "caizheng", "2015", ""): Fate.NEVER,
}


def scene_of(occurrence: Occurrence, part: str) -> Fate | None:
    """The fate that a scene sets, if one does; an empty part in a scene stands for every part."""
    if seed_in_use() != SHIPPED:
        return None
    for (duty, department, label, scene_part), fate in _SCENES.items():
        same = duty == occurrence.duty and department == occurrence.department
        if same and occurrence.label.startswith(label) and scene_part in ("", part):
            return fate
    return None


def fate_of(occurrence: Occurrence, part: Part) -> Fate:
    """How an occurrence fares in one part of it."""
    scene = scene_of(occurrence, part.name)
    if scene is not None:
        return scene
    if _nothing_arose(occurrence):
        return Fate.QUIET
    deadline = occurrence.deadline
    if isinstance(deadline, Every) and deadline.unit in ("day", "workday"):
        return Fate.NEVER if share("missed", occurrence.key) < _DAILY else Fate.ON_TIME
    # One part of several goes wrong, seldom all of them.
    if share("wrong", occurrence.key, part.name) >= _risk(occurrence) / len(occurrence.parts) ** 0.5:
        return Fate.ON_TIME
    return _what_went_wrong(occurrence, part)


def _risk(occurrence: Occurrence) -> float:
    return max(_risk_of(member) for member in occurrence.department.split("+"))


def _risk_of(department: str) -> float:
    if seed_in_use() == SHIPPED:
        return _LAGGARDS.get(department, _USUAL)
    if share("laggard", department) >= _DRAWN_LAGGARDS:
        return _USUAL
    low, high = _DRAWN_RISK
    return low + (high - low) * share("risk", department)


def _nothing_arose(occurrence: Occurrence) -> bool:
    deadline = occurrence.deadline
    if not (isinstance(deadline, Every) and deadline.zero_report):
        return False
    return share("quiet", occurrence.key) < (0.04 if deadline.unit in ("day", "workday") else 0.16)


def _what_went_wrong(occurrence: Occurrence, part: Part) -> Fate:
    how = share("how", occurrence.key, part.name)
    if isinstance(occurrence.deadline, Within) and occurrence.deadline.span.unit in ("hours", "same-workday"):
        return Fate.LATE if how < 0.8 else Fate.NEVER
    if how < 0.26 and can_lack_an_item(part):
        return Fate.MENDED if how < 0.17 else Fate.SHORT
    if how < 0.78:
        return Fate.LATE
    return Fate.NEVER if how < 0.91 else Fate.DATED_BACK


def can_lack_an_item(part: Part) -> bool:
    """Whether a text may leave out an item and still say something."""
    return part.contents.mode == "all" and sum(not item.advisory for item in part.contents.items) > 1

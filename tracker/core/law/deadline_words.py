"""Says a deadline's rule in words, before any day follows from it."""

from __future__ import annotations

from tracker.core.law.duties import By, Deadline, Every
from tracker.core.law.wording import EVERY, day_zh, span_zh


def deadline_zh(deadline: Deadline) -> str:
    """Return 2015年9月30日前, 每月一期，期满后10日内 or 自“预算批复”起20日内, with what moves it."""
    if isinstance(deadline, By):
        return f"{day_zh(deadline.day)}前{'，遇休息日顺延' if deadline.roll else ''}"
    if not isinstance(deadline, Every):
        # Hours run on through days off, working days end on one that is worked, "the same day" says it itself.
        rolls = deadline.roll and deadline.span.unit in ("days", "weeks", "months", "years")
        roll = "，届满日遇休息日顺延" if rolls else ""
        begin, span = f"自“{deadline.event.title}”", span_zh(deadline.span)
        return f"{begin}起{span}内{roll}" if deadline.span.amount else f"{begin}，{span}{roll}"
    every = EVERY[deadline.unit]
    roll = "，遇休息日顺延" if deadline.roll else ""
    if deadline.upkeep:
        return f"{every}核对一次所公开内容是否准确"
    if deadline.month_day is not None:
        return "每年{}月{}日前".format(*deadline.month_day) + roll
    if deadline.due_day is not None:
        return f"{every}一期，限第{deadline.due_day}日{roll}"
    if deadline.due_after_end is not None:
        return f"{every}一期，限期满后{span_zh(deadline.due_after_end)}内{roll}"
    return f"{every}一期，限期末{roll}"

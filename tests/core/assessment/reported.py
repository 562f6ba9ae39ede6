"""A line of a report, in few words: what is not said is as of a duty of the environment bureau that is overdue."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tracker.core.assessment.lines import Line
from tracker.core.values.verdicts import Light, Status


def line(
    status: Status = Status.OVERDUE, due: str = "2015-09-10", late: int = 12, *, who: str = "huanbao", **more: Any
) -> Line:
    day = date.fromisoformat(due)
    duty = more.pop("duty", "water")
    made = Line(
        key=f"c/p/{duty}/{who}/{due}", pack="p", duty=duty, department=who, label=due[:7], who=who, title="水环境质量",
        clause="一1", weight=1, period=due[:7], due=due, opens_on=None, due_on=day, due_at=None, status=status,
        status_zh=status.zh, light=Light.RED, reason="判定理由", derivation="", proved_at=None, published_on=None,
        days_late=late, assumed=False, provisional=False,
        is_liable=True,
    )  # fmt: skip
    return replace(made, **more)

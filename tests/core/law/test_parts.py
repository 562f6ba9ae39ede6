"""A part is escalated weekly where any of its deadlines comes every day or within hours."""

from __future__ import annotations

import pytest

from tracker.core.law.duties import Deadline, EventRule, Every, Part, Span, Within

MONTHLY, DAILY, WORKDAYS = Every(unit="month"), Every(unit="day"), Every(unit="workday")
HOURS = Within(span=Span(24, "hours"), event=EventRule("alarm", "警报"))
LONG = Within(span=Span(20, "workdays"), event=EventRule("alarm", "警报"))


@pytest.mark.parametrize(
    ("deadlines", "is_daily"),
    [
        ((), False),
        ((MONTHLY,), False),
        ((LONG,), False),
        ((DAILY,), True),
        ((WORKDAYS,), True),
        ((HOURS,), True),
        ((MONTHLY, DAILY), True),
        ((HOURS, LONG), True),
        ((MONTHLY, LONG), False),
    ],
)
def test_which_parts_are_daily(deadlines: tuple[Deadline, ...], is_daily: bool) -> None:
    assert Part("", "", deadlines).daily is is_daily

"""120 due dates of 2008 to 2028 beside a computation that shares nothing with the product.

`due_dates_2008_2028.tsv` (span, day zero, last day on time) was computed from the holiday notices as typed by hand,
one day at a time. 2027 and 2028 have no notice: weekends and the days off by law.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.core.law.test_deadlines import CALENDAR, ZONE
from tracker.core.law.counting import count
from tracker.rulebook.scalars import parse_span

ROWS = [
    line.split("\t") for line in Path(__file__).with_name("due_dates_2008_2028.tsv").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize(("span", "day_zero", "last_day"), ROWS, ids="-".join)
def test_the_last_day_on_time(span: str, day_zero: str, last_day: str) -> None:
    assert count(parse_span(span), date.fromisoformat(day_zero), CALENDAR, ZONE).on == date.fromisoformat(last_day)


def test_every_year_and_kind_of_span_is_there() -> None:
    assert {int(day_zero[:4]) for _, day_zero, _ in ROWS} == set(range(2008, 2029))
    assert {span.split()[-1].rstrip("s") for span, _, _ in ROWS} >= {"day", "workday", "week", "month", "year"}
    assert len(ROWS) == 120

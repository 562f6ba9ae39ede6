"""Periods and their labels."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import PeriodUnit
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import (
    label_of,
    next_period,
    period_of,
    periods,
    previous_period,
    split_label,
    title_of,
    unit_of,
    window_of,
)
from tracker.rulebook.calendars import load_calendar

CALENDAR = load_calendar(None)
UNITS = [unit for unit in get_args(PeriodUnit) if unit != "workday"]
days = st.dates(date(2004, 2, 1), date(2099, 12, 1))
instants = st.datetimes(datetime(2004, 2, 1), datetime(2099, 12, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("unit", "day", "label", "first", "last", "title"),
    [
        ("day", "2016-02-29", "2016-02-29", "2016-02-29", "2016-02-29", "2016年2月29日"),
        ("workday", "2015-10-10", "2015-10-10", "2015-10-10", "2015-10-10", "2015年10月10日"),
        ("workday", "2015-10-01", "2015-10-08", "2015-10-08", "2015-10-08", "2015年10月8日"),  # off: the next one
        ("week", "2015-04-01", "2015-W14", "2015-03-30", "2015-04-05", "2015年第14周"),
        ("week", "2016-01-03", "2015-W53", "2015-12-28", "2016-01-03", "2015年第53周"),
        ("week", "2014-12-29", "2015-W01", "2014-12-29", "2015-01-04", "2015年第1周"),
        ("month", "2015-02-01", "2015-02", "2015-02-01", "2015-02-28", "2015年2月"),
        ("month", "2016-02-10", "2016-02", "2016-02-01", "2016-02-29", "2016年2月"),
        ("month", "2015-12-31", "2015-12", "2015-12-01", "2015-12-31", "2015年12月"),
        ("quarter", "2015-06-30", "2015-Q2", "2015-04-01", "2015-06-30", "2015年第二季度"),
        ("quarter", "2015-10-01", "2015-Q4", "2015-10-01", "2015-12-31", "2015年第四季度"),
        ("half-year", "2015-06-30", "2015-H1", "2015-01-01", "2015-06-30", "2015年上半年"),
        ("half-year", "2015-07-01", "2015-H2", "2015-07-01", "2015-12-31", "2015年下半年"),
        ("year", "2016-12-31", "2016", "2016-01-01", "2016-12-31", "2016年"),
    ],
)
def test_a_day_lies_in_its_period(unit: PeriodUnit, day: str, label: str, first: str, last: str, title: str) -> None:
    window = period_of(unit, date.fromisoformat(day), CALENDAR)
    assert window == Window(date.fromisoformat(first), date.fromisoformat(last))
    assert (label_of(unit, window), title_of(unit, window)) == (label, title)
    assert window_of(label) == window


@given(st.sampled_from(UNITS), instants)
def test_every_instant_is_in_exactly_one_period_of_each_kind(unit: PeriodUnit, at: datetime) -> None:
    day = moment_day(at, ZoneInfo("Asia/Shanghai"))
    window = period_of(unit, day)
    assert day in window
    assert day not in next_period(unit, window)
    assert day not in previous_period(unit, window)
    assert all(period_of(unit, one) == window for one in (window.first, window.last))


@given(st.sampled_from(UNITS), days)
def test_periods_join_without_gap_or_overlap(unit: PeriodUnit, day: date) -> None:
    window = period_of(unit, day)
    assert next_period(unit, window).first == window.last + timedelta(days=1)
    assert previous_period(unit, next_period(unit, window)) == window


@given(days)
def test_a_day_is_a_workday_period_only_if_it_is_worked(day: date) -> None:
    window = period_of("workday", day, CALENDAR)
    assert (day in window) is CALENDAR.is_workday(day)
    assert next_period("workday", previous_period("workday", window, CALENDAR), CALENDAR) == window


@given(st.sampled_from(UNITS), days)
def test_labels_round_trip(unit: PeriodUnit, day: date) -> None:
    window = period_of(unit, day)
    label = label_of(unit, window)
    assert window_of(label) == window
    assert unit_of(label) == unit
    assert split_label(f"{label}.water") == (label, "water")


@pytest.mark.parametrize(
    "label",
    [
        *("once", "", "15", "2015-1", "2015-00", "2015-13", "2015-Q5", "2015-H3", "2015-02-29", "２０１５"),
        *("2015-W00", "2015-W54", "2016-W53", "2015-03.water", "event:x:2015", "awaiting:x"),
    ],
)
def test_what_names_no_period_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        window_of(label)


def test_periods_between_two_days_run_from_the_one_that_holds_the_first() -> None:
    months = list(periods("month", date(2015, 1, 15), date(2015, 4, 1)))
    assert [label_of("month", window) for window in months] == ["2015-01", "2015-02", "2015-03", "2015-04"]
    golden_week = periods("workday", date(2015, 9, 30), date(2015, 10, 12), CALENDAR)
    assert [window.first.day for window in golden_week] == [30, 8, 9, 10, 12]


def test_workday_periods_need_a_calendar() -> None:
    with pytest.raises(ValueError, match="need a calendar"):
        period_of("workday", date(2015, 3, 2))

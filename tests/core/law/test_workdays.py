"""Working days: the rank table against the libraries, by hand and by property."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.law.workdays import FIRST_DAY, LAST_DAY, Calendar, CalendarRangeError
from tracker.rulebook.calendars import load_calendar

YEARS = Path(__file__).parents[3] / "rules" / "calendar"
LIBRARY = load_calendar(None)
CALENDAR = load_calendar(YEARS)

# Away from the ends, so that what is counted on stays inside.
days = st.dates(date(2006, 1, 1), date(2099, 1, 1))
announced_days = st.dates(date(2004, 1, 2), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2015-01-04", None),  # a Sunday, made up
        ("2015-02-18", "春节"),
        ("2015-02-28", None),  # a Saturday, made up
        ("2015-04-06", "清明节"),
        ("2015-09-03", "抗战胜利70周年纪念日"),
        ("2015-09-05", "抗战胜利70周年纪念日"),  # a Saturday inside the holiday
        ("2015-09-06", None),  # a Sunday, made up
        ("2015-10-03", "国庆节"),
        ("2015-10-10", None),  # a Saturday, made up
        ("2015-10-11", "周日"),
        ("2016-02-29", None),
        ("2026-02-23", "春节"),
        ("2026-12-31", None),
    ],
)
def test_a_day_off_has_a_name_and_a_working_day_none(day: str, name: str | None) -> None:
    assert CALENDAR.day_off_name(date.fromisoformat(day)) == name
    assert CALENDAR.is_workday(date.fromisoformat(day)) is (name is None)


@pytest.mark.parametrize("calendar", [LIBRARY, CALENDAR], ids=["library", "with year files"])
def test_every_day_from_2004_to_2026_is_as_the_holidays_library_has_it(calendar: Calendar) -> None:
    known = holidays.country_holidays("CN", years=range(2004, 2027))
    every = [date(2004, 1, 1) + timedelta(days=n) for n in range((date(2026, 12, 31) - date(2004, 1, 1)).days + 1)]
    differing = [day for day in every if calendar.is_workday(day) != known.is_working_day(day)]
    # The notice for 2006 made 31 December 2005 a working day; chinesecalendar's table lacks it.
    assert differing == [date(2005, 12, 31)]


@given(announced_days, st.integers(1, 60))
def test_counting_on_agrees_with_the_librarys_own_loop(day: date, n: int) -> None:
    # The library's 0 is the first working day from the given day on.
    assert LIBRARY.add_workdays(day, n) == chinese_calendar.find_workday(n - 1, day + timedelta(days=1))
    span = chinese_calendar.get_workdays(day, day + timedelta(days=n))
    assert LIBRARY.workdays_between(day - timedelta(days=1), day + timedelta(days=n)) == len(span)


@given(days, st.integers(1, 400))
def test_adding_then_counting_gives_the_number_back(day: date, n: int) -> None:
    assert CALENDAR.workdays_between(day, CALENDAR.add_workdays(day, n)) == n
    before = CALENDAR.add_workdays(day, -n)
    assert CALENDAR.workdays_between(before - timedelta(days=1), day - timedelta(days=1)) == n
    assert CALENDAR.add_workdays(day, 0) == day


@given(days, days)
def test_counting_backwards_is_counting_forwards_with_the_other_sign(first: date, last: date) -> None:
    assert CALENDAR.workdays_between(first, last) == -CALENDAR.workdays_between(last, first)


@given(days)
def test_rolling_gives_the_first_working_day_from_the_day_on(day: date) -> None:
    rolled = CALENDAR.roll(day)
    assert CALENDAR.is_workday(rolled)
    assert all(CALENDAR.day_off_name(day + timedelta(days=n)) for n in range((rolled - day).days))


@given(days, st.integers(0, 40))
def test_days_off_and_working_days_make_up_every_stretch(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    worked = CALENDAR.workdays_between(first - timedelta(days=1), last)
    assert len(CALENDAR.days_off(first, last)) + worked == length + 1
    assert all(CALENDAR.is_workday(day) and day.weekday() >= 5 for day in CALENDAR.makeup_days(first, last))


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2015-09-21", 20, "2015-10-23"),  # 中秋, 国庆节, the Saturday of 10 October worked
        ("2015-01-30", 20, "2015-03-04"),  # 春节, Sunday 15 and Saturday 28 February worked
        ("2015-09-02", 1, "2015-09-06"),  # to the made-up Sunday
        ("2015-03-01", 1, "2015-03-02"),  # from a Sunday
        ("2015-03-08", -1, "2015-03-06"),
        ("2015-10-08", -1, "2015-09-30"),
    ],
)
def test_working_days_counted_by_hand(day: str, n: int, expected: str) -> None:
    assert CALENDAR.add_workdays(date.fromisoformat(day), n) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        ("2015-01-01", "2015-12-31", ()),
        ("2026-01-01", "2026-12-28", ()),
        ("2026-12-28", "2026-12-29", (2027,)),  # the notice for 2027 may still reach back so far
        ("2026-12-01", "2027-01-04", (2027,)),
        ("2027-03-01", "2027-03-01", (2027,)),
        ("2026-06-01", "2028-12-31", (2027, 2028, 2029)),
    ],
)
def test_what_touches_an_unannounced_year_is_provisional(first: str, last: str, years: tuple[int, ...]) -> None:
    span = date.fromisoformat(first), date.fromisoformat(last)
    assert CALENDAR.unannounced(*span) == years
    assert CALENDAR.is_provisional(*span) is bool(years)


def test_a_day_beyond_the_calendar_is_refused_not_guessed() -> None:
    with pytest.raises(CalendarRangeError, match="2003-12-31 lies outside the calendar"):
        CALENDAR.is_workday(FIRST_DAY - timedelta(days=1))
    with pytest.raises(CalendarRangeError):
        CALENDAR.add_workdays(LAST_DAY, 1)
    with pytest.raises(CalendarRangeError):
        CALENDAR.add_workdays(FIRST_DAY, -1)


def test_a_stored_body_gives_the_same_calendar_back() -> None:
    again = Calendar.from_body(CALENDAR.body)
    assert again == CALENDAR
    assert again.digest == CALENDAR.digest
    assert again.day_off_name(date(2015, 9, 3)) == CALENDAR.day_off_name(date(2015, 9, 3))
    assert CALENDAR != LIBRARY


def test_makeup_days_are_told_of_both_ends() -> None:
    worked = date(2015, 10, 10)  # a Saturday
    day = timedelta(days=1)
    assert CALENDAR.makeup_days(worked, worked) == [worked]
    assert CALENDAR.makeup_days(worked - day, worked) == [worked]
    assert CALENDAR.makeup_days(worked, worked + day) == [worked]
    assert CALENDAR.makeup_days(worked + day, worked + day) == []

"""Due dates worked by hand, and what must hold of every one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.law.counting import count, day_end
from tracker.core.law.deadline_words import deadline_zh
from tracker.core.law.deadlines import Due, due_by, due_every, due_within
from tracker.core.law.duties import By, Deadline, EventRule, Every, Span, Within
from tracker.core.law.periods import window_of
from tracker.core.values.facts import Event, Moment
from tracker.rulebook.calendars import load_calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar(Path(__file__).parents[3] / "rules" / "calendar")
APPROVED = EventRule("budget-approved", "预算批复")
SPANS = {
    "20 days": Span(20, "days"),
    "15 days": Span(15, "days"),
    "7 days": Span(7, "days"),
    "1 days": Span(1, "days"),
    "20 workdays": Span(20, "workdays"),
    "15 workdays": Span(15, "workdays"),
    "1 workdays": Span(1, "workdays"),
    "24 hours": Span(24, "hours"),
    "5 hours": Span(5, "hours"),
    "same workday": Span(0, "same-workday"),
}


def moment(text: str) -> Moment:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE) if "T" in text else date.fromisoformat(text)


def event(occurred: Moment, reference: str = "") -> Event:
    return Event(1, "budget-approved", "keji", reference, occurred, datetime(2015, 1, 1, tzinfo=UTC))


def within(span: str, occurred: str, *, roll: bool = True, extension: str | None = None) -> Due:
    deadline = Within(span=SPANS[span], event=APPROVED, roll=roll, extension=SPANS[extension] if extension else None)
    return due_within(deadline, event(moment(occurred)), CALENDAR, ZONE, extended=extension is not None)


@pytest.mark.parametrize(
    ("span", "occurred", "due_on"),
    [
        ("20 days", "2015-03-02", "2015-03-23"),  # 22 March is a Sunday
        ("20 days", "2015-01-30", "2015-02-25"),  # 19 February lies in 春节, off until the 24th
        ("20 days", "2015-08-14", "2015-09-06"),  # 3 September 2015, off for once; Sunday the 6th is worked
        ("20 days", "2015-09-20", "2015-10-10"),  # the last day is a Saturday that is worked
        ("20 days", "2015-09-21", "2015-10-12"),  # a Sunday that is not
        ("20 days", "2015-12-12", "2016-01-04"),  # 1 January, 元旦 until Sunday the 3rd
        ("20 days", "2015-12-11", "2015-12-31"),  # the year's last day
        ("20 days", "2016-02-09", "2016-02-29"),  # the leap day
        ("20 days", "2015-02-09", "2015-03-02"),  # no leap day: 1 March, a Sunday
        ("7 days", "2016-02-22", "2016-02-29"),
        ("20 days", "2015-02-28", "2015-03-20"),  # an event on a make-up Saturday
        ("20 days", "2015-03-01", "2015-03-23"),  # an event on a Sunday: the day still is day zero; 21st is a Saturday
        ("1 days", "2015-12-31", "2016-01-04"),
        ("20 workdays", "2015-09-21", "2015-10-23"),  # over the make-up Saturday of 10 October
        ("20 workdays", "2015-09-20", "2015-10-22"),  # from a Sunday: Monday is the first day
        ("20 workdays", "2015-01-30", "2015-03-04"),  # over 春节, with 15 and 28 February worked
        ("1 workdays", "2015-10-09", "2015-10-10"),
        ("1 workdays", "2015-12-31", "2016-01-04"),
        ("15 workdays", "2016-02-29", "2016-03-21"),
        ("same workday", "2015-10-08", "2015-10-08"),
        ("same workday", "2015-10-10", "2015-10-10"),  # the make-up Saturday is a working day
        ("same workday", "2015-10-02", "2015-10-08"),
        ("same workday", "2015-09-03T23:59", "2015-09-06"),
    ],
)
def test_a_span_of_days_ends_with_its_last_day(span: str, occurred: str, due_on: str) -> None:
    due = within(span, occurred)
    day = date.fromisoformat(due_on)
    assert (due.on, due.at) == (day, day_end(day, ZONE))
    assert due.at.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("span", "occurred", "due_at", "due_on"),
    [
        ("24 hours", "2015-03-06T17:30", "2015-03-07T17:30", "2015-03-07"),  # across midnight, into a Saturday
        ("24 hours", "2015-10-01T22:00", "2015-10-02T22:00", "2015-10-02"),  # inside the holiday
        ("5 hours", "2015-12-31T21:00", "2016-01-01T02:00", "2016-01-01"),  # across the year
        ("5 hours", "2015-03-06T19:00", "2015-03-07T00:00", "2015-03-06"),  # to midnight: the day before is the last
        ("24 hours", "2015-03-06", "2015-03-08T00:00", "2015-03-07"),  # only the day is known: from its end
        ("5 hours", "2015-03-06", "2015-03-07T05:00", "2015-03-07"),
        ("24 hours", "2016-02-28", "2016-03-01T00:00", "2016-02-29"),
    ],
)
def test_hours_run_from_the_moment_over_nights_and_holidays(span: str, occurred: str, due_at: str, due_on: str) -> None:
    due = within(span, occurred)
    assert (due.at, due.on) == (moment(due_at), date.fromisoformat(due_on))


def test_an_event_in_another_zone_belongs_to_the_countys_day() -> None:
    deadline = Within(span=SPANS["20 days"], event=APPROVED)
    due = due_within(deadline, event(datetime(2015, 3, 1, 16, 30, tzinfo=UTC)), CALENDAR, ZONE)
    assert (due.opens_on, due.on) == (date(2015, 3, 2), date(2015, 3, 23))


def test_a_naive_instant_is_refused() -> None:
    deadline = Within(span=SPANS["24 hours"], event=APPROVED)
    with pytest.raises(ValueError, match="naive"):
        due_within(deadline, event(datetime(2015, 3, 1, 16, 30)), CALENDAR, ZONE)


def test_without_roll_the_last_day_stays_where_it_falls() -> None:
    assert within("20 days", "2015-03-02", roll=False).on == date(2015, 3, 22)


@pytest.mark.parametrize(
    ("span", "extension", "occurred", "due_at"),
    [
        ("15 workdays", "15 workdays", "2015-09-06", "2015-10-23T00:00"),  # as 30 workdays
        ("15 workdays", "7 days", "2015-03-02", "2015-03-31T00:00"),  # 23 March, and 7 days
        ("20 days", "7 days", "2015-03-02", "2015-03-31T00:00"),  # from the 23rd, to which it had moved
        ("20 days", "1 days", "2015-03-02", "2015-03-25T00:00"),
        ("24 hours", "5 hours", "2015-03-06T17:30", "2015-03-07T22:30"),
        ("20 days", "5 hours", "2015-03-02", "2015-03-24T05:00"),
        ("24 hours", "1 workdays", "2015-03-06T17:30", "2015-03-10T00:00"),
    ],
)
def test_an_extension_runs_on_from_where_the_span_ended(span: str, extension: str, occurred: str, due_at: str) -> None:
    assert within(span, occurred, extension=extension).at == moment(due_at)


def test_without_roll_the_last_day_of_an_extension_stays_where_it_falls_too() -> None:
    assert within("20 days", "2015-03-02", roll=False, extension="7 days").on == date(2015, 3, 29)  # a Sunday


def test_an_extension_that_the_rule_does_not_know_changes_nothing() -> None:
    deadline = Within(span=SPANS["15 workdays"], event=APPROVED)
    due = due_within(deadline, event(date(2015, 3, 2)), CALENDAR, ZONE, extended=True)
    assert due == within("15 workdays", "2015-03-02")


@pytest.mark.parametrize(
    ("deadline", "label", "opens_on", "due_on"),
    [
        (Every(unit="day"), "2015-10-03", "2015-10-03", "2015-10-03"),
        (Every(unit="workday"), "2015-10-10", "2015-10-10", "2015-10-10"),
        (Every(unit="week"), "2015-W53", "2015-12-28", "2016-01-03"),
        (Every(unit="month"), "2015-02", "2015-02-01", "2015-02-28"),  # a Saturday; never rolls
        (Every(unit="month"), "2016-02", "2016-02-01", "2016-02-29"),
        (Every(unit="month", about="previous"), "2015-05", "2015-05-01", "2015-05-31"),  # a Sunday
        (Every(unit="quarter"), "2015-Q2", "2015-04-01", "2015-06-30"),
        (Every(unit="half-year"), "2015-H1", "2015-01-01", "2015-06-30"),
        (Every(unit="half-year"), "2015-H2", "2015-07-01", "2015-12-31"),
        (Every(unit="year", about="previous"), "2016", "2016-01-01", "2016-12-31"),
        # 每季度首月15日前
        (Every(unit="quarter", due_day=15), "2015-Q3", "2015-07-01", "2015-07-15"),
        # a 31st in a shorter month
        (Every(unit="month", due_day=31), "2015-04", "2015-04-01", "2015-04-30"),
        # 次月10日前: what is about June opens when June is over
        (Every(unit="month", about="this", due_after_end=Span(10, "days")), "2015-06", "2015-07-01", "2015-07-10"),
        (Every(unit="month", about="this", due_after_end=Span(10, "days")), "2015-12", "2016-01-01", "2016-01-10"),
        (Every(unit="month", about="this", due_after_end=Span(10, "workdays")), "2015-09", "2015-10-01", "2015-10-20"),
        (Every(unit="month", about="this", due_after_end=Span(24, "hours")), "2015-06", "2015-07-01", "2015-07-01"),
        (Every(unit="month", due_after_end=Span(10, "days")), "2015-06", "2015-06-01", "2015-07-10"),
        (Every(unit="month", about="this"), "2015-06", "2015-06-01", "2015-06-30"),
        (Every(unit="month", about="this", due_day=25), "2015-06", "2015-06-01", "2015-06-25"),
        (Every(unit="month", about="this", roll=True), "2015-05", "2015-05-01", "2015-06-01"),  # moved, and yet May's
    ],
    ids=lambda value: value if isinstance(value, str) else value.unit,
)
def test_a_period_is_due_on_its_last_day_or_where_the_shift_says(
    deadline: Every, label: str, opens_on: str, due_on: str
) -> None:
    due = due_every(deadline, window_of(label), CALENDAR, ZONE)
    day = date.fromisoformat(due_on)
    assert (due.opens_on, due.on, due.at) == (date.fromisoformat(opens_on), day, day_end(day, ZONE))
    assert not due.provisional


def test_a_named_day_is_itself_on_time_and_never_moves() -> None:
    due = due_by(By(day=date(2015, 10, 3)), date(2015, 1, 1), CALENDAR, ZONE)
    assert (due.opens_on, due.on) == (date(2015, 1, 1), date(2015, 10, 3))
    assert due.at == datetime(2015, 10, 4, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("span", "occurred", "due_on", "provisional"),
    [
        ("20 workdays", "2026-12-01", "2026-12-29", True),  # its last day is one a notice may still change
        ("20 workdays", "2026-11-20", "2026-12-18", False),
        ("20 workdays", "2027-01-15", "2027-02-16", True),  # 春节 2027: 5 to 8 February, two of them working days
        ("20 days", "2026-12-14", "2027-01-04", True),  # Sunday the 3rd: where it moves to is not sure
        ("20 days", "2026-12-10", "2026-12-30", True),
        ("20 days", "2026-12-01", "2026-12-21", False),
        ("24 hours", "2026-12-31", "2027-01-01", False),  # hours ask no calendar
        ("same workday", "2027-02-05", "2027-02-09", True),
    ],
)
def test_what_rests_on_an_unannounced_year_is_provisional(
    span: str, occurred: str, due_on: str, provisional: bool
) -> None:
    due = within(span, occurred)
    assert (due.on, due.provisional) == (date.fromisoformat(due_on), provisional)
    assert ("暂定" in due.derivation.text) is provisional
    assert ("暂定" in due.derivation.short) is provisional


def test_a_workday_period_of_an_unannounced_year_is_provisional_a_month_is_not() -> None:
    assert due_every(Every(unit="workday"), window_of("2027-03-01"), CALENDAR, ZONE).provisional
    assert not due_every(Every(unit="month"), window_of("2027-03"), CALENDAR, ZONE).provisional
    past = Every(unit="month", about="this", due_after_end=Span(10, "workdays"))
    assert due_every(past, window_of("2026-12"), CALENDAR, ZONE).provisional


@pytest.mark.parametrize(
    ("span", "extension", "occurred", "due_at", "provisional"),
    [
        ("20 days", "7 days", "2026-12-01", "2026-12-29T00:00", False),  # 21 December and 7 days: the 28th
        ("20 days", "15 days", "2026-12-01", "2027-01-06T00:00", True),  # only the extension reaches into 2027
        ("15 workdays", "15 workdays", "2026-12-01", "2027-01-14T00:00", True),
        (
            "20 days",
            "5 hours",
            "2026-12-14",
            "2027-01-05T05:00",
            True,
        ),  # hours ask no calendar, the span before them did
        ("20 days", "5 hours", "2026-12-01", "2026-12-22T05:00", False),
        ("24 hours", "1 workdays", "2026-12-30T10:00", "2027-01-05T00:00", True),
    ],
)
def test_a_date_that_was_extended_is_provisional_where_the_span_or_the_extension_is(
    span: str, extension: str, occurred: str, due_at: str, provisional: bool
) -> None:
    due = within(span, occurred, extension=extension)
    assert (due.at, due.provisional) == (moment(due_at), provisional)
    assert ("暂定" in due.derivation.text) is provisional


def test_a_span_over_two_unannounced_years_names_both() -> None:
    assert count(Span(40, "workdays"), date(2027, 12, 1), CALENDAR, ZONE).unknown == (2027, 2028)
    assert count(Span(2, "workdays"), date(2027, 12, 1), CALENDAR, ZONE).unknown == (2027,)
    assert count(Span(40, "days"), date(2027, 12, 1), CALENDAR, ZONE).unknown == (2028,)  # only where it ends


@pytest.mark.parametrize(
    ("deadline", "label", "due_on", "provisional"),
    [
        (Every(unit="workday"), "2026-12-28", "2026-12-28", False),
        (Every(unit="workday"), "2026-12-29", "2026-12-29", True),  # the notice of 2027 may still make it a day off
        (Every(unit="workday", due_after_end=Span(1, "workdays")), "2026-12-25", "2026-12-28", False),
        (Every(unit="workday", due_after_end=Span(3, "workdays")), "2026-12-25", "2026-12-30", True),
        (Every(unit="workday", due_after_end=Span(7, "days")), "2026-12-25", "2027-01-01", True),
        (
            Every(unit="month", due_after_end=Span(5, "days")),
            "2026-12",
            "2027-01-05",
            False,
        ),  # never moved: no calendar
        (Every(unit="month", due_after_end=Span(1, "workdays")), "2026-11", "2026-12-01", False),
        (Every(unit="month", due_after_end=Span(20, "workdays")), "2026-11", "2026-12-28", False),
        (Every(unit="month", due_after_end=Span(21, "workdays")), "2026-11", "2026-12-29", True),
        (Every(unit="month", due_after_end=Span(24, "hours")), "2026-12", "2027-01-01", False),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_period_is_provisional_where_working_days_of_an_unannounced_year_bear_on_it(
    deadline: Every, label: str, due_on: str, provisional: bool
) -> None:
    due = due_every(deadline, window_of(label), CALENDAR, ZONE)
    assert (due.on, due.provisional) == (date.fromisoformat(due_on), provisional)
    assert ("暂定" in due.derivation.text) is provisional


# --- what holds of every date --------------------------------------------------------------------

spans = st.one_of(
    st.builds(Span, st.integers(1, 60), st.sampled_from(["days", "workdays", "hours"])),
    st.just(Span(0, "same-workday")),
)
days = st.dates(date(2004, 1, 1), date(2090, 1, 1))
instants = st.datetimes(datetime(2004, 1, 1), datetime(2090, 1, 1), timezones=st.just(ZONE))
moments = st.one_of(days, instants)


def ending(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else day_end(moment, ZONE)


@given(spans.filter(lambda span: span.unit != "hours"), moments, st.none() | st.integers(1, 30))
def test_a_rolled_due_day_is_never_a_day_off(span: Span, occurred: Moment, more: int | None) -> None:
    extension = Span(more, "days") if more else None
    deadline = Within(span=span, event=APPROVED, extension=extension)
    due = due_within(deadline, event(occurred), CALENDAR, ZONE, extended=more is not None)
    assert CALENDAR.is_workday(due.on)
    assert due.on >= due.opens_on


@given(spans, moments, moments, st.booleans(), st.booleans())
def test_a_later_event_is_never_due_earlier(span: Span, one: Moment, other: Moment, roll: bool, extended: bool) -> None:
    earlier, later = sorted((one, other), key=ending)
    deadline = Within(span=span, event=APPROVED, roll=roll, extension=Span(15, "workdays"))
    dues = [due_within(deadline, event(moment), CALENDAR, ZONE, extended=extended) for moment in (earlier, later)]
    assert dues[0].at <= dues[1].at
    assert dues[0].on <= dues[1].on


@given(spans, moments)
def test_the_due_day_is_the_last_that_is_on_time(span: Span, occurred: Moment) -> None:
    due = due_within(Within(span=span, event=APPROVED), event(occurred), CALENDAR, ZONE)
    assert due.at.tzinfo is not None
    assert day_end(due.on - timedelta(days=1), ZONE) < due.at <= day_end(due.on, ZONE)


@given(st.integers(1, 60), days)
def test_a_span_of_workdays_holds_that_many(n: int, occurred: date) -> None:
    due = due_within(Within(span=Span(n, "workdays"), event=APPROVED), event(occurred), CALENDAR, ZONE)
    assert CALENDAR.workdays_between(occurred, due.on) == n


@given(st.integers(1, 30), days)
def test_an_extension_in_workdays_is_one_longer_span(n: int, occurred: date) -> None:
    twice = Within(span=Span(15, "workdays"), event=APPROVED, extension=Span(n, "workdays"))
    once = Within(span=Span(15 + n, "workdays"), event=APPROVED)
    extended = due_within(twice, event(occurred), CALENDAR, ZONE, extended=True)
    assert extended.at == due_within(once, event(occurred), CALENDAR, ZONE).at


@pytest.mark.parametrize(
    ("deadline", "words"),
    [
        (Within(event=APPROVED, span=Span(20, "days")), "自“预算批复”起20日内，届满日遇休息日顺延"),
        (Within(event=APPROVED, span=Span(20, "days"), roll=False), "自“预算批复”起20日内"),
        (Within(event=APPROVED, span=Span(24, "hours")), "自“预算批复”起24小时内"),
        (Within(event=APPROVED, span=Span(20, "workdays")), "自“预算批复”起20个工作日内"),
        (Within(event=APPROVED, span=Span(0, "same-workday")), "自“预算批复”，当日"),
        (By(day=date(2015, 9, 30)), "2015年9月30日前"),
        (Every(unit="month", due_after_end=Span(10, "days"), roll=True), "每月一期，限期满后10日内，遇休息日顺延"),
    ],
)
def test_a_deadline_in_words_says_what_moves_only_where_something_can(deadline: Deadline, words: str) -> None:
    assert deadline_zh(deadline) == words

"""Which occurrences a duty has: labels, windows, who, and when in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.core.law.county import County
from tracker.core.law.duties import Assignment, By, Deadline, Duty, EventRule, Every, Part, Span, Within
from tracker.core.law.instances import awaiting, from_event, instances_of
from tracker.core.law.occurrences import Occurrence
from tracker.core.values.facts import Event, Moment
from tracker.rulebook.calendars import load_calendar

CALENDAR = load_calendar(None)
COUNTY = County("sample", "样例县", date(2015, 1, 1), {}, {}, {})
APPROVED = EventRule("budget-approved", "预算批复", expected=date(2015, 3, 31))
FORMED = EventRule("information-formed", "信息形成或变更", per_duty=True)
BUDGET = Within(span=Span(20, "days"), event=APPROVED)
TIMELY = Within(span=Span(20, "workdays"), event=FORMED)
YEAR = (date(2015, 1, 1), date(2015, 12, 31))
YEAR_END = date(2015, 12, 31)


def duty(
    *deadlines: Deadline,
    who: tuple[tuple[str, ...], ...] = (("keji",),),
    parts: tuple[Part, ...] = (),
    force: tuple[date, date] = YEAR,
) -> Duty:
    return Duty(
        county="sample",
        pack="plan-2015",
        id="thing",
        title="某事项",
        clause="一",
        in_force_from=force[0],
        in_force_until=force[1],
        parts=parts or (Part("", "某事项", deadlines),),
        assignments=tuple(Assignment("+".join(members), members, ()) for members in who),
    )


def event(
    name: str = "budget-approved",
    *,
    department: str = "keji",
    occurred: Moment = date(2015, 3, 2),
    reference: str = "",
    about: str | None = None,
) -> Event:
    return Event(1, name, department, reference, occurred, datetime(2015, 3, 2, tzinfo=UTC), about)


def labels(found: tuple[Occurrence, ...]) -> list[str]:
    return [one.label for one in found]


@pytest.mark.parametrize(
    ("deadline", "until", "expected"),
    [
        (By(day=date(2015, 7, 31)), date(2015, 1, 1), ["once"]),
        (Every(unit="quarter"), date(2015, 6, 30), ["2015-Q1", "2015-Q2"]),
        (Every(unit="quarter"), date(2015, 7, 1), ["2015-Q1", "2015-Q2", "2015-Q3"]),  # the open one too
        (Every(unit="half-year"), YEAR_END, ["2015-H1", "2015-H2"]),
        (Every(unit="year"), date(2015, 1, 1), ["2015"]),
        (Every(unit="year"), date(2014, 12, 31), []),
        (Every(unit="month"), date(2020, 1, 1), [f"2015-{month:02}" for month in range(1, 13)]),
        (Every(unit="workday"), date(2015, 1, 7), ["2015-01-04", "2015-01-05", "2015-01-06", "2015-01-07"]),
        (Every(unit="day"), date(2015, 1, 2), ["2015-01-01", "2015-01-02"]),
        (Every(unit="week"), date(2015, 1, 5), ["2015-W01", "2015-W02"]),
        (Every(unit="quarter", upkeep=True, upkeep_after=date(2015, 7, 31)), YEAR_END, ["2015-Q4"]),
        (Every(unit="quarter", upkeep=True, upkeep_after=date(2015, 9, 30)), YEAR_END, ["2015-Q4"]),
        (Every(unit="quarter", upkeep=True, upkeep_after=date(2015, 10, 1)), YEAR_END, []),
        (BUDGET, YEAR_END, []),
    ],
)
def test_what_stands_by_the_calendar(deadline: Deadline, until: date, expected: list[str]) -> None:
    assert labels(instances_of(duty(deadline), CALENDAR, COUNTY, until)) == expected


def test_a_period_belongs_to_the_instrument_in_force_on_its_last_day() -> None:
    mid_year = (date(2015, 2, 15), date(2015, 11, 15))
    months = instances_of(duty(Every(unit="month"), force=mid_year), CALENDAR, COUNTY, YEAR_END)
    assert (months[0].label, months[-1].label) == ("2015-02", "2015-10")
    weeks = instances_of(duty(Every(unit="week")), CALENDAR, COUNTY, date(2016, 6, 1))
    assert (weeks[0].label, weeks[-1].label) == ("2015-W01", "2015-W52")  # W53 ends in 2016


def test_what_falls_due_later_than_the_instrument_ends_is_still_owed() -> None:
    past = Every(unit="month", about="this", due_after_end=Span(10, "days"))
    december = instances_of(duty(past), CALENDAR, COUNTY, YEAR_END)[-1]
    assert (december.label, december.opens_on, december.due_on) == ("2015-12", date(2016, 1, 1), date(2016, 1, 10))


def test_each_assignment_has_its_own_and_a_joint_one_is_one() -> None:
    found = instances_of(
        duty(Every(unit="half-year"), who=(("keji",), ("shebao", "caizheng"))), CALENDAR, COUNTY, YEAR_END
    )
    assert [one.key for one in found] == [
        "sample/plan-2015/thing/keji/2015-H1",
        "sample/plan-2015/thing/shebao+caizheng/2015-H1",
        "sample/plan-2015/thing/keji/2015-H2",
        "sample/plan-2015/thing/shebao+caizheng/2015-H2",
    ]
    assert found[0].derivation == found[1].derivation


def test_a_part_with_its_own_deadline_stands_alone() -> None:
    monthly = (Every(unit="month"),)
    parts = (
        Part("water", "水环境", monthly),
        Part("plan", "供应计划", (By(day=date(2015, 3, 31)),), own_deadline=True),
        Part("air", "空气", monthly),
        Part("news", "动态", (BUDGET,), own_deadline=True),
    )
    one = duty(parts=parts)
    found = instances_of(one, CALENDAR, COUNTY, date(2015, 1, 31))
    assert [(occurrence.label, occurrence.parts) for occurrence in found] == [
        ("2015-01", ("water", "air")),
        ("once.plan", ("plan",)),
    ]
    (news,) = from_event(one, event(), CALENDAR, COUNTY)
    assert (news.label, news.parts) == ("event:budget-approved:2015-03-02.news", ("news",))
    assert labels(awaiting(one, COUNTY, ())) == ["awaiting:budget-approved.news"]


def test_an_event_starts_the_clock_of_its_department_alone() -> None:
    one = duty(BUDGET, who=(("keji",), ("shebao",)))
    (occurrence,) = from_event(one, event(reference="2015-7"), CALENDAR, COUNTY)
    assert occurrence.key == "sample/plan-2015/thing/keji/event:budget-approved:2015-7"
    assert (occurrence.opens_on, occurrence.due_on) == (date(2015, 3, 2), date(2015, 3, 23))
    assert occurrence.event is not None
    assert occurrence.window is None


def test_a_joint_duty_is_started_by_any_of_its_departments() -> None:
    one = duty(BUDGET, who=(("keji", "shebao"),))
    (occurrence,) = from_event(one, event(department="shebao"), CALENDAR, COUNTY)
    assert occurrence.department == "keji+shebao"


@pytest.mark.parametrize(
    ("happened", "starts"),
    [
        (event("final-accounts-approved"), False),
        (event(department="shebao"), False),
        (event(occurred=date(2014, 12, 31)), False),
        (event(occurred=date(2015, 12, 31)), True),  # in force by its day; due in January
        (event(occurred=datetime(2014, 12, 31, 16, 30, tzinfo=UTC)), True),  # already 2015 in the county
        (event(occurred=date(2016, 1, 1)), False),
        (event(about="thing"), True),
        (event(about="other"), False),
        (event("information-formed"), False),  # per duty: it must say which
        (event("information-formed", about="thing"), True),
        (event("information-formed", about="other"), False),
    ],
)
def test_an_event_starts_only_what_it_is_about(happened: Event, starts: bool) -> None:
    one = duty(BUDGET, TIMELY)
    assert bool(from_event(one, happened, CALENDAR, COUNTY)) is starts
    waiting = labels(awaiting(one, COUNTY, [happened]))
    assert (f"awaiting:{happened.name}" in waiting) is (not starts and happened.name != "final-accounts-approved")


def test_a_corrected_event_keeps_its_key_and_moves_its_due_day() -> None:
    before, after = (
        from_event(duty(BUDGET), event(occurred=day, reference="7"), CALENDAR, COUNTY)[0]
        for day in (date(2015, 3, 2), date(2015, 3, 4))
    )
    assert before.key == after.key
    assert (before.due_on, after.due_on) == (date(2015, 3, 23), date(2015, 3, 24))


def test_an_event_in_the_future_is_counted_like_any_other() -> None:
    (occurrence,) = from_event(duty(BUDGET), event(occurred=date(2015, 11, 30)), CALENDAR, COUNTY)
    assert occurrence.due_on == date(2015, 12, 21)


def test_a_granted_extension_moves_that_occurrence_alone() -> None:
    answer = Within(span=Span(15, "workdays"), event=APPROVED, extension=Span(15, "workdays"))
    one = duty(answer)
    key = "sample/plan-2015/thing/keji/event:budget-approved:7"
    (longer,) = from_event(one, event(reference="7"), CALENDAR, COUNTY, {key: date(2015, 3, 20)})
    (plain,) = from_event(one, event(reference="8"), CALENDAR, COUNTY, {key: date(2015, 3, 20)})
    assert (longer.due_on, longer.extended) == (date(2015, 4, 14), True)
    assert (plain.due_on, plain.extended) == (date(2015, 3, 23), False)


def test_one_clock_waits_for_each_assignment_and_event_without_a_record() -> None:
    one = duty(BUDGET, TIMELY, who=(("keji",), ("shebao", "caizheng")))
    found = awaiting(one, COUNTY, [event(department="caizheng")])
    assert [(occurrence.department, occurrence.label) for occurrence in found] == [
        ("keji", "awaiting:budget-approved"),
        ("keji", "awaiting:information-formed"),
        ("shebao+caizheng", "awaiting:information-formed"),
    ]
    first = found[0]
    assert (first.awaiting, first.expected, first.due_on, first.due_at, first.opens_on) == (
        "budget-approved",
        date(2015, 3, 31),
        None,
        None,
        None,
    )


def test_due_instants_are_midnights_of_the_countys_zone() -> None:
    west = County("west", "西县", date(2015, 1, 1), {}, {}, {}, zone=ZoneInfo("Asia/Urumqi"))
    (occurrence,) = instances_of(duty(By(day=date(2015, 7, 31))), CALENDAR, west, YEAR_END)
    assert occurrence.due_at == datetime(2015, 7, 31, 18, tzinfo=UTC)


def test_an_event_starts_the_deadline_whose_condition_its_fields_meet() -> None:
    short, long = (
        Within(span=Span(amount, "workdays"), event=APPROVED, where={"form": form})
        for amount, form in ((5, "报告表"), (10, "报告书"))
    )
    one = duty(short, long)
    due = {
        form: [made.due_on for made in from_event(one, replace(event(), fields={"form": form}), CALENDAR, COUNTY)]
        for form in ("报告表", "报告书", "登记表")
    }
    assert due == {"报告表": [date(2015, 3, 9)], "报告书": [date(2015, 3, 16)], "登记表": []}
    # Whatever its fields, the event is on record: nothing awaits it.
    assert awaiting(one, COUNTY, [replace(event(), fields={"form": "登记表"})]) == ()

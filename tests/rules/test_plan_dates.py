"""The plan's due days, worked by hand on the calendar of 2015 (days off: the notice for that year)."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tracker.core.law.instances import from_event, instances_of
from tracker.core.values.facts import Event
from tracker.rulebook.load import load

LOADED = load(Path(__file__).parents[2], {})
RULEBOOK = next(one for one in LOADED.rulebooks if one.county.id == "sample")
COUNTY, CALENDAR = RULEBOOK.county, LOADED.calendar
DUTIES = {duty.id: duty for duty in RULEBOOK.duties if duty.pack == "plan-2015"}

#: Due days worked by hand on the calendar of 2015 for what has a day of its own: duty, label, day.
STANDING = [
    ("approval-items", "once", "2015-07-31"),
    ("approval-items", "2015-Q4", "2015-12-31"),
    ("power-list", "once", "2015-09-30"),
    ("insurance-catalogues", "once", "2015-09-30"),
    ("focus-column", "once", "2015-07-31"),
    ("focus-column-backend", "once", "2015-07-31"),
    ("focus-column-upkeep", "2015-Q3", "2015-09-30"),
    ("housing-fund", "2015", "2015-12-31"),
    ("emissions-annual", "2015", "2015-12-31"),
    ("emissions-annual", "2015.supervised", "2015-12-31"),
    ("land-supply", "once.plan", "2015-12-31"),
    ("social-insurance", "2015-Q1", "2015-03-31"),
    ("social-insurance", "2015-Q3", "2015-09-30"),
    ("social-assistance", "2015-H1", "2015-06-30"),
    ("social-assistance", "2015-H2", "2015-12-31"),
    ("air-quality", "2015-01-01", "2015-01-01"),  # a holiday: every day is every day
    ("air-quality", "2015-12-31", "2015-12-31"),
    ("environment-monthly", "2015-02", "2015-02-28"),
    ("environment-monthly", "2015-05", "2015-05-31"),  # a Sunday: periods never roll
    ("approval-progress", "2015-02-28", "2015-02-28"),  # a Saturday that is worked
    ("foi-rules", "once", "2015-12-31"),
    ("foi-review", "2015-Q2", "2015-06-30"),
    ("foi-review", "2015", "2015-12-31"),
    ("supervision", "2015-04", "2015-04-30"),
]

#: Due days worked by hand for what an event starts: duty, department, event, its moment, last day on time.
STARTED = [
    ("budget", "keji", "budget-approved", "2015-01-30", "2015-02-25"),  # 19 February is inside the Spring Festival
    ("budget", "keji", "budget-approved", "2015-03-02", "2015-03-23"),  # the 22nd is a Sunday
    (
        "final-accounts",
        "keji",
        "final-accounts-approved",
        "2015-08-14",
        "2015-09-06",
    ),  # 3-5 September off, the 6th worked
    ("final-accounts", "keji", "final-accounts-approved", "2015-09-20", "2015-10-10"),  # a Saturday that is worked
    ("approval-reform", "bianban", "information-formed", "2015-09-21", "2015-10-23"),  # 10 October counts
    ("foi-request", "guotu", "foi-request-received", "2015-09-21", "2015-10-16"),
    ("foi-request", "guotu", "foi-request-received", "2015-12-11", "2016-01-04"),  # 14 on 31 December
    ("approval-items-change", "keji", "approval-item-changed", "2015-12-31T10:00", "2016-01-01"),
    ("approval-progress", "fuwu", "approval-step", "2015-02-20T10:00", "2015-02-25"),
    ("environment-emergency/response", "huanbao", "environment-emergency", "2015-02-18T23:30", "2015-02-19"),
    # 25-27 February are 3, Saturday the 28th 4, 2-6 March 9, 9-13 14, 16-20 19, 23 March 20.
    ("environment-emergency/concerns", "huanbao", "environment-emergency", "2015-02-18T23:30", "2015-03-23"),
]


@pytest.mark.parametrize(("duty", "label", "due"), STANDING)
def test_what_has_a_day_is_due_on_it(duty: str, label: str, due: str) -> None:
    found = instances_of(DUTIES[duty], CALENDAR, COUNTY, date(2015, 12, 31))
    assert {one.due_on for one in found if one.label == label} == {date.fromisoformat(due)}


@pytest.mark.parametrize(("duty", "department", "name", "moment", "due"), STARTED)
def test_what_an_event_starts_is_due_as_worked_by_hand(
    duty: str, department: str, name: str, moment: str, due: str
) -> None:
    occurred = (
        datetime.fromisoformat(moment).replace(tzinfo=COUNTY.zone) if "T" in moment else date.fromisoformat(moment)
    )
    recorded = datetime(2015, 12, 31, tzinfo=COUNTY.zone)
    about = duty if RULEBOOK.events[name].per_duty else None
    event = Event(1, name, department, "1", occurred, recorded, about)
    duty, _, part = duty.partition("/")
    found = [one for one in from_event(DUTIES[duty], event, CALENDAR, COUNTY) if part in ("", *one.parts)]
    assert [one.due_on for one in found] == [date.fromisoformat(due)]


def test_a_request_may_be_extended_once_by_fifteen_working_days() -> None:
    received = Event(
        1, "foi-request-received", "guotu", "7", date(2015, 9, 21), datetime(2015, 9, 21, tzinfo=COUNTY.zone)
    )
    key = "sample/plan-2015/foi-request/guotu/event:foi-request-received:7"
    [longer] = from_event(DUTIES["foi-request"], received, CALENDAR, COUNTY, extended={key: date(2015, 10, 8)})
    assert longer.due_on == date(2015, 11, 6)  # from 16 October: 19-23 5, 26-30 10, 2-6 November 15

"""Due on a day off that may or may not move: nobody is liable before it is late by either reading."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.core.verdict.judging import ZONE, at, daily_visits, day, duty, entry, occurrences, ruling, verdicts
from tracker.core.law.assumed_rules import Adoption, AssumedRule
from tracker.core.law.duties import By
from tracker.core.law.postponement import postponed
from tracker.core.values.verdicts import Light, Status

MOMENT = timedelta(microseconds=1)
LAST_IN_DOUBT = "2015-07-27T23:59:59.999999"
OURS = AssumedRule()
#: Due on Sunday 26 July 2015; by the other reading on Monday, so it is late anyway from Tuesday on.
LATE_ANYWAY = at("2015-07-28T00:00")
SEEN = daily_visits("2015-07-20", "2015-07-31")


def sunday(rule: AssumedRule | None = OURS) -> By:
    return By(day=day("2015-07-26"), rest_days=rule)


def adopted(when: datetime) -> By:
    return sunday(AssumedRule(True, Adoption(when, "陈县长", "第7次常务会议纪要")))


@pytest.mark.parametrize(
    ("now", "light", "since", "next_at"),
    [
        ("2015-07-27T00:00", Light.YELLOW, None, LATE_ANYWAY),
        (LAST_IN_DOUBT, Light.YELLOW, None, LATE_ANYWAY),
        ("2015-07-28T00:00", Light.RED, LATE_ANYWAY, None),
        ("2015-07-31", Light.RED, LATE_ANYWAY, None),
    ],
)
def test_it_turns_red_when_the_next_working_day_is_over(now, light, since, next_at):
    (found,) = verdicts(duty(sunday()), now, visits=SEEN).values()
    assert (found.status, found.light, found.held_from, found.next_at) == (Status.OVERDUE, light, since, next_at)
    assert ("参照时限" in found.reason) is (light is Light.YELLOW)


@pytest.mark.parametrize(
    ("deadline", "is_weak", "late_anyway_at"),
    [
        pytest.param(sunday(), True, LATE_ANYWAY, id="ours"),
        pytest.param(sunday(AssumedRule(adopted=True)), False, None, id="adopted by the file"),
        pytest.param(sunday(None), False, None, id="said by the rule"),
        pytest.param(adopted(at("2015-07-01")), False, None, id="adopted before"),
        pytest.param(adopted(LATE_ANYWAY - MOMENT), False, None, id="adopted in time"),
        pytest.param(adopted(LATE_ANYWAY), False, LATE_ANYWAY, id="adopted later"),
        pytest.param(By(day=day("2015-07-24"), rest_days=OURS), False, None, id="a Friday"),
        pytest.param(By(day=day("2015-10-03"), rest_days=OURS), True, at("2015-10-09T00:00"), id="a holiday"),
    ],
)
def test_what_a_county_has_adopted_by_then_is_not_in_doubt(deadline, is_weak, late_anyway_at):
    (owed,) = occurrences(duty(deadline))
    assert (owed.weak, owed.late_anyway_at) == (is_weak, late_anyway_at)


@pytest.mark.parametrize(
    ("when", "since"),
    [
        (at("2015-07-26"), None),
        (at("2015-07-27"), at("2015-07-27")),
        (LATE_ANYWAY, LATE_ANYWAY),
        (at("2015-07-30"), LATE_ANYWAY),
    ],
)
def test_it_is_held_against_the_department_from_the_first_of_both(when, since):
    (found,) = verdicts(duty(adopted(when)), "2015-07-31", visits=SEEN).values()
    assert (found.light, found.held_from) == (Light.RED, since)


@pytest.mark.parametrize(("published", "status"), [("2015-07-26", Status.MET), ("2015-07-27", Status.MET_LATE)])
def test_what_was_published_meanwhile_is_judged_once_more_when_nothing_is_in_doubt(published, status):
    entries = [entry("水环境质量", published)]
    for now, mild in ((LAST_IN_DOUBT, True), ("2015-07-28T00:00", False)):
        (found,) = verdicts(duty(sunday()), now, visits=SEEN, entries=entries).values()
        assert (found.status, found.next_at, "参照时限" in found.reason) == (
            status,
            LATE_ANYWAY if mild else None,
            mild,
        )


def test_it_stays_in_doubt_while_the_holidays_up_to_the_next_working_day_are_not_announced():
    (owed,) = occurrences(duty(By(day=day("2034-07-30"), rest_days=OURS), until="2034-12-31"))
    assert (owed.late_anyway_at, owed.is_mild_at(at("2034-09-01"))) == (None, True)


@pytest.mark.parametrize(
    ("until", "late_anyway_at"),
    [("2015-10-05", at("2015-10-09T00:00")), ("2015-10-07", at("2015-10-09T00:00")), ("2015-10-08", None)],
)
def test_more_time_never_makes_late_earlier(until, late_anyway_at):
    """Due on 3 October, in the holidays up to the 7th; the next working day is the 8th."""
    (owed,) = occurrences(duty(By(day=day("2015-10-03"), rest_days=OURS)))
    given = postponed(owed, ruling("postpone", owed.key, recorded="2015-09-20", until=day(until)), ZONE)
    assert (given.due_on, given.late_anyway_at, given.weak) == (day(until), late_anyway_at, late_anyway_at is not None)

"""The law on counting time, by the day it was in force."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.core.law.statutes import counting_act_on


@pytest.mark.parametrize(
    ("day", "cited"),
    [
        ("1986-12-31", "《民法通则》第一百五十四条"),
        ("2015-03-02", "《民法通则》第一百五十四条"),
        ("2017-09-30", "《民法通则》第一百五十四条"),
        ("2017-10-01", "《民法总则》第二百零一条、第二百零三条"),
        ("2020-12-31", "《民法总则》第二百零一条、第二百零三条"),
        ("2021-01-01", "《民法典》第二百零一条、第二百零三条"),
        ("2026-11-24", "《民法典》第二百零一条、第二百零三条"),
    ],
)
def test_the_law_in_force_on_the_day_is_cited(day: str, cited: str) -> None:
    assert counting_act_on(date.fromisoformat(day)).cite(["days"]) == cited


@pytest.mark.parametrize(
    ("units", "cited"),
    [
        (["days"], "第二百零一条、第二百零三条"),
        (["weeks"], "第二百零一条、第二百零三条"),
        (["workdays"], "第二百零一条、第二百零三条"),
        (["months"], "第二百零一条至第二百零三条"),
        (["years"], "第二百零一条至第二百零三条"),
        (["hours"], "第二百零一条"),  # nothing moves
        (["same-workday"], "第二百零三条"),  # nothing is counted
        ([""], "第二百零三条"),  # a named day that is moved
        (["days", "hours"], "第二百零一条、第二百零三条"),  # with an extension in hours
    ],
)
def test_only_the_articles_are_cited_that_bear_on_the_span(units: list[str], cited: str) -> None:
    assert counting_act_on(date(2026, 1, 1)).cite(units) == f"《民法典》{cited}"

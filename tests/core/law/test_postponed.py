"""A person moves a due date to a later day: what is not later moves nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.core.escalation.asking import ZONE, at, occurrence
from tracker.core.law.postponement import Postponements, postponed
from tracker.core.values.facts import Ruling


def postponement(until: date, number: int = 1, kind: str = "postpone", target: str = "") -> Ruling:
    return Ruling(
        number, kind, occurrence().key, at("9-20") + timedelta(days=number), "李主任", "经核实", target, until=until,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("until", "due_on", "words"),
    [
        (date(2015, 9, 29), date(2015, 9, 30), "不晚于上述时限，不另延期"),
        (date(2015, 9, 30), date(2015, 9, 30), "不晚于上述时限，不另延期"),  # the very day it was due
        (date(2015, 10, 1), date(2015, 10, 1), "原时限2015年9月30日"),
    ],
)
def test_a_later_day_moves_it_to_the_end_of_that_day(until: date, due_on: date, words: str) -> None:
    found = postponed(occurrence(), postponement(until), ZONE)
    end = datetime.combine(due_on + timedelta(days=1), datetime.min.time(), ZONE)
    assert (found.due_on, found.due_at) == (due_on, end)
    assert words in found.derivation.text
    assert (found.postponed_from is None) is (due_on == date(2015, 9, 30))


def test_the_latest_postponement_that_nobody_took_back_counts() -> None:
    first, second = postponement(date(2015, 10, 20)), postponement(date(2015, 10, 12), 2)
    back = postponement(date(2015, 10, 12), 3, "revoke", "ruling:2")

    def due_on(*rulings: Ruling) -> date | None:
        (found,) = Postponements(rulings, ZONE).of((occurrence(),))
        return found.due_on

    assert [due_on(), due_on(first), due_on(first, second), due_on(second, first, back)] == [
        date(2015, 9, 30), date(2015, 10, 20), date(2015, 10, 12), date(2015, 10, 20),
    ]  # fmt: skip

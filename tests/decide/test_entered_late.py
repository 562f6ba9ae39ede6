"""What came onto the list after it was due is pressed from there, never from a day when nobody could know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.decide.small_county import PACK, ZONE, Small, at
from tracker.core.values.verdicts import Light, Status, Verdict
from tracker.decide.change_reasons import start_liability_at_entry
from tracker.store.occurrences import OccurrenceRow


def lines(county: Small, about: str) -> list[str]:
    return [line for line in county.notices() if about in line]


async def test_a_duty_that_a_rule_gives_to_another_department_begins_with_its_first_word(county: Small) -> None:
    await county.live(date(2015, 7, 27), date(2015, 8, 5))
    county.reload(pack=PACK.replace("departments: [huanbao]", "departments: [shebao]", 1))
    await county.live(date(2015, 8, 6), date(2015, 8, 14))
    assert lines(county, "water/shebao/2015-07") == [
        "08-07 08:30 water/shebao/2015-07 overdue liaison sent",
        "08-11 08:30 water/shebao/2015-07 to-lead liaison sent",
        "08-11 08:30 water/shebao/2015-07 to-lead lead sent",
        "08-13 08:30 water/shebao/2015-07 to-county-office lead sent",
        "08-13 08:30 water/shebao/2015-07 to-county-office county-office sent",
    ]
    assert "该事项于2015年8月6日列入督办，自该日起督办" in county.reasons()[-3]


@pytest.mark.nightly
async def test_an_event_that_is_recorded_late_accuses_nobody_of_the_days_before(county: Small) -> None:
    await county.live(date(2015, 8, 3), date(2015, 9, 1))
    county.event("2015-07-20")  # due 2015-08-10, three weeks ago
    await county.live(date(2015, 9, 2), date(2015, 9, 8))
    told = lines(county, "event:budget-approved")
    assert next(line for line in told if "record" not in line) == (
        "09-06 08:30 budget/keji/event:budget-approved:2015 overdue liaison sent"
    )


async def test_what_the_county_began_with_counts_from_its_due_day(county: Small) -> None:
    await county.live(date(2015, 8, 24), date(2015, 8, 24))
    told = lines(county, "water/huanbao/2015-07")
    assert "08-24 08:30 water/huanbao/2015-07 overdue liaison sent" in told
    assert county.rows()["water/huanbao/2015-07"].since is None


DUE, MOMENT = at("2015-08-01", "00:00"), timedelta(microseconds=1)
ROW = OccurrenceRow(
    key="k", county="small", pack="p", duty="d", department="huanbao", label="l", opens_on=None, due_on=None,
    due_at=DUE, status=Status.OVERDUE, light=Light.RED, reason="", rulebook="r", calendar="c", created_at=DUE,
    updated_at=DUE,
)  # fmt: skip
FOUND = Verdict("k", Status.OVERDUE, Light.RED, "逾期未公开")


@pytest.mark.parametrize(
    ("created", "began", "since"),
    [
        (DUE, DUE - timedelta(days=30), None),  # known as it fell due
        (DUE + MOMENT, DUE - timedelta(days=30), DUE + MOMENT),
        (DUE + timedelta(days=5), DUE + timedelta(days=5), None),  # what the county began with
        (DUE + timedelta(days=5), DUE + timedelta(days=5) - MOMENT, DUE + timedelta(days=5)),
    ],
)
def test_it_came_late_where_it_came_after_it_was_due_and_after_the_county_began(
    created: datetime, began: datetime, since: datetime | None
) -> None:
    found = start_liability_at_entry(FOUND, replace(ROW, created_at=created), began, ZONE)
    assert found.liable_from == since
    assert bool(found.liability_reason) is (since is not None)


@pytest.mark.parametrize(("days", "since"), [(4, 5), (5, 5), (6, 6)])
def test_what_was_held_up_longer_counts_from_then(days: int, since: int) -> None:
    held_up = replace(FOUND, liable_from=DUE + timedelta(days=days), liability_reason="此前的豁免已期满")
    found = start_liability_at_entry(
        held_up, replace(ROW, created_at=DUE + timedelta(days=5)), DUE - timedelta(days=30), ZONE
    )
    assert (found.liable_from, found.liability_reason) == (DUE + timedelta(days=since), "此前的豁免已期满")

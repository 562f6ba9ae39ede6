"""`duban golive --dry-run`: who would get what on the day, and then."""

from __future__ import annotations

from datetime import date

from tests.decide.on_trial import live_from, months_of_trial
from tests.decide.small_county import Small, at
from tracker.deliver.preview import list_golive_notices


def plan(county: Small, on: date) -> list[str]:
    found = list_golive_notices(county.office.store, county.office.loaded, "small", on, county.clock.now)
    return [
        f"{one.name} {one.mail} {one.occurrence.removeprefix('small/small/')} {one.step} {one.when:%m-%d %H:%M}"
        f"{' waits' if one.waits else ''} -> {', '.join(f'{name} {at:%m-%d}' for name, at in one.then)}"
        for one in found
    ]


async def test_who_would_get_what_is_what_then_leaves(county: Small) -> None:
    await months_of_trial(county)
    county.clock.now = at("2015-08-14", "10:00")
    rows, before = plan(county, date(2015, 8, 14)), county.notices()
    assert rows == [
        "甲 huanbao@small.example water/huanbao/2015-07 overdue 08-14 10:00 -> to-lead 08-18, to-county-office 08-20",
        "戊 keji@small.example budget/keji/awaiting:budget-approved record 08-17 08:30 -> ",
    ]
    assert county.notices() == before
    live_from(county, "2015-08-14")
    await county.turn()
    assert [one for one in county.notices() if "liaison" in one] == [
        "08-14 10:00 water/huanbao/2015-07 overdue liaison sent",
        "08-17 08:30 budget/keji/awaiting:budget-approved record liaison due",
    ]
    assert plan(county, date(2015, 8, 14)) == []


async def test_a_day_to_come_is_planned_by_what_is_known_now(county: Small) -> None:
    await months_of_trial(county)
    county.clock.now = at("2015-08-14", "10:00")
    assert plan(county, date(2015, 8, 24)) == [
        "甲 huanbao@small.example water/huanbao/2015-07 overdue 08-24 08:30 waits -> to-lead 08-26, "
        "to-county-office 08-28",
        "甲 huanbao@small.example water/huanbao/2015-08 reminder 08-24 08:30 -> last-reminder 08-28, overdue 09-01, "
        "to-lead 09-06, to-county-office 09-08",
        "戊 keji@small.example budget/keji/awaiting:budget-approved record 08-24 08:30 -> ",
    ]

"""What follows another department's duty is decided with it: opened, closed and opened again as that one moves."""

from __future__ import annotations

from datetime import date

import pytest

from tests.decide.deciding import postpone, revoke, waive
from tests.decide.small_county import COUNTY, PACK, Small, at
from tracker.decide.explain import Explanation, explain

FOLLOWING = f"""{PACK}
  - id: upkeep
    title: 专栏内容
    clause: 一6
    departments: [huanbao, shebao]
    channels: county-site
    deadline: {{every: month, after: column}}
    evidence: {{column: environment, title: 动态}}
  - id: column
    title: 专栏建设
    clause: 一5
    departments: [keji]
    channels: county-site
    deadline: {{by: 2015-08-20}}
    evidence: {{column: powers, title: 专栏}}
"""
#: One of the two has to build the column itself.
OWN = FOLLOWING.replace(
    "departments: [keji]\n    channels: county-site\n    deadline: {by",
    "departments: [huanbao]\n    channels: county-site\n    deadline: {by",
)


def statuses(county: Small) -> str:
    rows = county.rows()
    found = (rows.get(f"upkeep/huanbao/2015-{month}") for month in ("07", "08", "09"))
    return " ".join(row.status for row in found if row is not None)


def told(county: Small) -> list[str]:
    return [line for line in county.notices() if " upkeep/huanbao" in line]


@pytest.mark.nightly
async def test_nobody_is_pressed_for_a_column_that_another_department_never_built(county: Small) -> None:
    county.reload(pack=FOLLOWING)
    await county.live(date(2015, 8, 17), date(2015, 8, 20))
    assert (statuses(county), told(county)) == ("closed closed upcoming", [])
    await county.live(date(2015, 8, 21), date(2015, 9, 2))
    assert (statuses(county), told(county)) == ("closed closed closed", [])


async def test_one_s_own_column_counts_from_its_day(county: Small) -> None:
    county.reload(pack=OWN)
    await county.live(date(2015, 8, 17), date(2015, 8, 20))
    assert (statuses(county), told(county)) == ("closed upcoming upcoming", [])
    await county.live(date(2015, 8, 21), date(2015, 8, 25))
    assert statuses(county) == "closed due-soon upcoming"
    assert told(county) == ["08-24 08:30 upkeep/huanbao/2015-08 reminder liaison sent"]


@pytest.mark.nightly
async def test_it_begins_with_the_period_after_the_column_was_seen(county: Small) -> None:
    county.reload(pack=FOLLOWING)
    await county.live(date(2015, 8, 10), date(2015, 8, 10))
    assert statuses(county) == "closed closed"
    county.site.publish("powers", "重点领域公开专栏目录", at("2015-08-11"))
    await county.live(date(2015, 8, 11), date(2015, 8, 12))
    assert county.rows()["column/keji/once"].status == "met"
    await county.live(date(2015, 8, 31), date(2015, 9, 1))
    rows = county.rows()
    assert statuses(county) == "closed closed open"
    assert rows["upkeep/shebao/2015-09"].status == "open"
    # One who asks without the memory of the passes gets the same answer.
    asked = explain(county.office.store, county.office.loaded, "upkeep/huanbao/2015-09", county.clock.now)
    assert isinstance(asked, Explanation)
    assert (asked.verdict.status, asked.verdict.reason) == ("open", rows["upkeep/huanbao/2015-09"].reason)


async def test_a_person_who_moves_the_column_moves_what_follows_at_once(county: Small) -> None:
    county.reload(pack=OWN)
    await county.live(date(2015, 8, 20), date(2015, 8, 20))
    assert statuses(county) == "closed upcoming upcoming"
    rows = postpone(county, "2015-09-15", occurrence="small/small/column/huanbao/once")
    assert "small/small/upkeep/huanbao/2015-08" in rows
    assert statuses(county) == "closed closed upcoming"
    await county.live(date(2015, 8, 22), date(2015, 8, 22))
    assert statuses(county) == "closed closed upcoming"
    revoke(county, 1)
    assert statuses(county) == "closed open upcoming"


async def test_a_waived_column_counts_from_its_day(county: Small) -> None:
    county.reload(pack=OWN)
    await county.live(date(2015, 8, 18), date(2015, 8, 18))
    waive(county, occurrence="small/small/column/huanbao/once")
    assert (county.rows()["column/huanbao/once"].status, statuses(county)) == ("waived", "closed upcoming upcoming")
    await county.live(date(2015, 8, 21), date(2015, 8, 21))
    assert statuses(county) == "closed open upcoming"


async def test_a_waived_column_of_another_department_asks_nothing(county: Small) -> None:
    county.reload(pack=FOLLOWING)
    await county.live(date(2015, 8, 18), date(2015, 8, 18))
    waive(county, occurrence="small/small/column/keji/once")
    await county.live(date(2015, 8, 21), date(2015, 8, 21))
    assert (county.rows()["column/keji/once"].status, statuses(county)) == ("waived", "closed closed upcoming")


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    ("departments", "shebao", "huanbao"),
    [
        ("[keji, shebao]", "upcoming", "closed"),  # of all, the last one
        ("{lead: keji, with: [shebao]}", "upcoming", "open"),
        ("{lead: shebao, with: [keji]}", "upcoming", "closed"),
        ("{jointly: [keji, shebao]}", "open", "open"),
    ],
)
async def test_one_s_own_counts_else_the_lead_s_else_all(
    county: Small, departments: str, shebao: str, huanbao: str
) -> None:
    """Keji's column is there. Shebao's is not, and huanbao owes none."""
    before, _, column = FOLLOWING.rpartition("departments: [keji]")
    county.reload(pack=f"{before}departments: {departments}{column}")
    county.site.publish("powers", "科技局重点领域公开专栏目录", at("2015-07-30"))
    await county.live(date(2015, 7, 30), date(2015, 8, 3))
    rows = county.rows()
    assert [rows[f"upkeep/{one}/2015-08"].status.value for one in ("shebao", "huanbao")] == [shebao, huanbao]


async def test_upkeep_of_another_duty_waits_for_its_publication(county: Small) -> None:
    kept = "deadline: {every: month, upkeep: true, after: column}"
    county.reload(pack=OWN.replace("deadline: {every: month, after: column}", kept))
    await county.live(date(2015, 8, 21), date(2015, 8, 21))
    assert statuses(county) == "closed closed closed"  # due and not there: the column itself is pressed
    county.site.publish("powers", "重点领域公开专栏目录", at("2015-08-24"))
    await county.live(date(2015, 8, 24), date(2015, 8, 25))
    assert statuses(county) == "closed due-soon upcoming"


async def test_a_column_that_nobody_has_to_build_asks_nothing(county: Small) -> None:
    nobody = "overrides: {column: {departments: {except: [keji]}}}\n"
    county.reload(pack=FOLLOWING, county=COUNTY + nobody)
    await county.live(date(2015, 8, 20), date(2015, 8, 21))
    assert statuses(county) == "closed closed closed"

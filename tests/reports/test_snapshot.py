"""The read model: a county as it stood on a day, in the words of the rules of that day."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.decide.small_county import PACK, Small, at
from tracker.reports.snapshot import CountyReader, CountySnapshot, end_of

WATER = "small/small/water/huanbao/2015-08"


def reading(county: Small, when: datetime) -> CountySnapshot:
    loaded = county.office.loaded
    with county.office.store.read() as tx:
        return CountyReader(loaded.rulebooks[0], loaded.calendar).read(tx, when)


async def test_a_matter_is_read_on_each_day_as_it_stood_on_it(county: Small) -> None:
    await county.live(date(2015, 8, 27), date(2015, 9, 8))
    county.site.publish("environment", "7月份水环境质量状况", at("2015-09-08", "15:00"))
    await county.live(date(2015, 9, 9), date(2015, 9, 11))
    rulebook = county.office.loaded.rulebooks[0]
    told = {}
    for day in (date(2015, 8, 27), date(2015, 9, 1), date(2015, 9, 8), date(2015, 9, 11)):
        line = reading(county, end_of(day, rulebook)).by_key[WATER]
        told[day.isoformat()] = (line.status_zh, line.problem, line.days_late, line.missing, len(line.proofs))
    wanting = ("“环境保护”栏目未查到2015年7月的水环境质量月报",)
    assert told == {
        "2015-08-27": ("即将到期", "", 0, (), 0),
        "2015-09-01": ("逾期未公开", "逾期未公开", 1, wanting, 0),
        "2015-09-08": ("逾期未公开", "逾期未公开", 5, wanting, 0),  # 3 to 5 September are off, Sunday the 6th is worked
        "2015-09-11": ("逾期后公开", "逾期后公开", 5, (), 1),
    }


@pytest.mark.nightly
async def test_it_is_named_as_the_rules_of_that_day_name_it(county: Small) -> None:
    await county.live(date(2015, 8, 27), date(2015, 8, 27))
    before = county.clock.now
    county.reload(
        pack=PACK.replace("title: 水环境质量月报", "title: 地表水质量月报").replace("clause: 一1", "clause: 二1")
    )
    await county.live(date(2015, 8, 28), date(2015, 8, 28))
    then, now = reading(county, before), reading(county, county.clock.now)
    assert (then.by_key[WATER].title, then.by_key[WATER].clause) == ("水环境质量月报", "一1")
    assert (now.by_key[WATER].title, now.by_key[WATER].clause) == ("地表水质量月报", "二1")
    assert then.rulebook.duty("small", "water").title == "水环境质量月报"  # type: ignore[union-attr]


async def test_what_is_learned_later_changes_no_past_reading(county: Small) -> None:
    await county.live(date(2015, 8, 31), date(2015, 9, 2))
    then = county.clock.now
    before = reading(county, then)
    county.event("2015-08-20")
    county.site.publish("environment", "7月份水环境质量状况", at("2015-08-28"))
    await county.live(date(2015, 9, 3), date(2015, 9, 3))
    assert reading(county, then) == before
    assert reading(county, county.clock.now) != before


async def test_neither_closed_matters_nor_those_due_before_the_start_are_counted(county: Small) -> None:
    await county.live(date(2015, 7, 1), date(2015, 7, 3))
    found = reading(county, county.clock.now)
    early = "small/small/water/huanbao/2015-06"
    assert early in found.by_key
    assert early not in {one.key for one in found.liable_lines}

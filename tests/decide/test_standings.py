"""How the county stood on any past day can be read as it was decided on that day."""

from __future__ import annotations

from datetime import date, datetime
from operator import attrgetter

import pytest
import sqlalchemy as sa

from tests.decide.small_county import PACK, Small, at
from tracker.store.occurrences import OccurrenceRow
from tracker.store.standings import Standing, stream_standings_at
from tracker.store.tables_reports import standings

#: What both kinds of row tell.
SAID = ("due_on", "due_at", "due_revision", "episode", "status", "light", "reason", "proved_at", "closed", "rulebook")
said = attrgetter(*SAID)


def stood(county: Small, when: datetime) -> dict[str, Standing]:
    with county.office.store.read() as tx:
        return {each.key: each for each in stream_standings_at(tx, "small", when)}


def same(standings: dict[str, Standing], rows: dict[str, OccurrenceRow]) -> bool:
    return {key: said(one) for key, one in standings.items()} == {row.key: said(row) for row in rows.values()}


@pytest.mark.nightly
async def test_each_day_is_read_back_as_it_stood_on_it(county: Small) -> None:
    county.site.publish("environment", "7月份水环境质量状况", at("2015-08-06"))
    days = [date(2015, 8, day) for day in range(3, 13)]
    kept: dict[datetime, dict[str, OccurrenceRow]] = {}
    for day in days:
        if day == date(2015, 8, 7):
            county.event("2015-08-03")
        if day == date(2015, 8, 10):
            county.event("2015-08-05", correct=True)
        if day == date(2015, 8, 11):
            county.reload(pack=PACK.replace("title: 水环境", "title: 地表水环境"))
        await county.live(day, day)
        kept[county.clock.now] = county.rows()
    assert len({str(rows) for rows in kept.values()}) > 3, "the days must differ, or this shows nothing"
    for when, rows in kept.items():
        assert same(stood(county, when), rows), when


async def test_before_the_first_pass_nothing_stood(county: Small) -> None:
    await county.live(date(2015, 8, 3), date(2015, 8, 3))
    assert stood(county, at("2015-08-02")) == {}


@pytest.mark.both_databases
async def test_the_history_of_a_matter_tells_every_turn_once(county: Small) -> None:
    await county.live(date(2015, 8, 27), date(2015, 9, 2))
    county.site.publish("environment", "7月份水环境质量状况", at("2015-09-02", "15:00"))
    await county.live(date(2015, 9, 3), date(2015, 9, 8))
    with county.office.store.read() as tx:
        mine = standings.c.key == "small/small/water/huanbao/2015-08"
        turns = tx.execute(sa.select(standings.c.status).where(mine).order_by(standings.c.at))
    assert list(turns.scalars()) == ["due-soon", "overdue", "met-late"]


async def test_it_is_kept_what_a_decision_rested_on(county: Small) -> None:
    await county.live(date(2015, 8, 31), date(2015, 9, 1))
    before = stood(county, county.clock.now)["small/small/water/huanbao/2015-08"]
    assert before.shown.keys() == {"missing"}
    (missing,) = before.shown["missing"]
    assert (missing[:11], missing[-7:]) == ("“环境保护”栏目未查到", "水环境质量月报")
    county.site.publish("environment", "7月份水环境质量状况", at("2015-09-02", "15:00"))
    await county.live(date(2015, 9, 3), date(2015, 9, 3))
    after = stood(county, county.clock.now)["small/small/water/huanbao/2015-08"]
    assert [(title, seen) for _, title, seen in after.shown["proofs"]] == [
        ("7月份水环境质量状况", "2015-09-02T15:00:00+08:00")
    ]
    assert after.shown["proofs"][0][0].startswith("http")

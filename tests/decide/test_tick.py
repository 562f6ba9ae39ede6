"""Twice, cold, late, or on two machines at once: a tick comes to the same."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from tests.at_once import at_once
from tests.decide.deciding import waive
from tests.decide.small_county import Small, at
from tests.journalled import assert_journal_holds
from tracker.decide.report import TickReport
from tracker.decide.run import SKEW, effective_now, tick
from tracker.store.tables import metadata


def everything(county: Small) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables but when the county was decided."""
    found = {}
    with county.office.store.read() as tx:
        for table in metadata.sorted_tables:
            columns = [one for one in table.c if one.name != "ticked_at"]
            rows = tx.execute(sa.select(*columns).order_by(*table.primary_key))
            found[table.name] = [tuple(row) for row in rows]
    return found


async def a_month(county: Small) -> None:
    county.site.publish("environment", "6月份水环境质量状况", at("2015-07-08"))
    county.site.publish("insurance", "二季度社会保险情况", at("2015-07-09"), "参保情况如下")
    await county.live(date(2015, 7, 1), date(2015, 8, 4))


async def test_ticking_everything_twice_changes_nothing(county: Small) -> None:
    await a_month(county)
    before = everything(county)
    await county.turn()
    assert everything(county) == before


@pytest.mark.nightly
async def test_a_cold_tick_decides_as_a_warm_one(county: Small) -> None:
    await a_month(county)
    before = everything(county)
    tick(county.office.store, county.office.loaded, county.clock.now)
    assert everything(county) == before


@pytest.mark.nightly
@pytest.mark.sampled(2)
@pytest.mark.both_databases
async def test_a_memory_is_thrown_away_when_another_process_ticked_in_between(county: Small) -> None:
    await a_month(county)
    county.clock.now = at("2015-08-05", "08:30")
    tick(county.office.store, county.office.loaded, county.clock.now)
    before = everything(county)
    county.office.tick()  # warm, of the day before
    assert everything(county) == before


@pytest.mark.nightly
async def test_what_midnight_brought_is_not_taken_back_by_a_slower_clock(county: Small) -> None:
    await county.live(date(2015, 7, 1), date(2015, 7, 30))
    county.clock.now = at("2015-08-01", "00:01")
    await county.turn()
    before = everything(county)
    county.clock.now = at("2015-07-31", "23:58")
    county.office.tick()
    tick(county.office.store, county.office.loaded, county.clock.now)
    assert everything(county) == before


@pytest.mark.parametrize(
    ("behind", "as_of_last"),
    [
        (-timedelta(minutes=1), False),  # later than the last pass
        (timedelta(), False),  # the same instant
        (timedelta(minutes=1), True),
        (SKEW, True),
        (SKEW + timedelta(microseconds=1), False),  # too far to be a clock that is a little slow
    ],
)
def test_a_clock_is_believed_where_it_is_later_or_far_behind(behind: timedelta, as_of_last: bool) -> None:
    ticked_at = at("2015-08-01", "00:01")
    assert effective_now(ticked_at, ticked_at - behind) == (ticked_at if as_of_last else ticked_at - behind)
    assert effective_now(None, ticked_at) == ticked_at


async def test_what_midnight_brought_is_not_taken_back_by_a_decision_on_a_slower_clock(county: Small) -> None:
    county.clock.now = at("2015-08-01", "00:01")
    await county.turn()
    assert county.rows()["water/huanbao/2015-07"].status == "unverifiable"
    county.clock.now = at("2015-07-31", "23:58")
    waive(county, occurrence="small/small/water/huanbao/2015-08")
    rows = county.rows()
    assert (rows["water/huanbao/2015-07"].status, rows["water/huanbao/2015-08"].status) == ("unverifiable", "waived")


async def test_a_clock_that_was_far_ahead_is_set_right(county: Small) -> None:
    county.clock.now = at("2015-12-01", "09:00")
    await county.turn()
    county.clock.now = at("2015-07-01", "09:00")
    await county.turn()
    assert not county.rows()["water/huanbao/2015-06"].closed
    assert county.rows()["water/huanbao/2015-11"].closed


@pytest.mark.both_databases
def test_two_machines_at_once_decide_each_thing_once(county: Small) -> None:
    county.clock.now = at("2015-08-31", "08:30")
    ticks = [partial(tick, county.office.store, county.office.loaded, county.clock.now)] * 4
    reports = [report for report in at_once(ticks) if isinstance(report, TickReport)]
    assert len(reports) == 4
    assert sum(one.created for one in reports) == len(county.rows())
    keys = [line.rsplit(" ", 1)[0] for line in county.notices()]
    assert len(keys) == len(set(keys)) > 0
    with county.office.store.read() as tx:
        assert_journal_holds(tx, "small")


def test_one_duty_that_cannot_be_judged_stops_no_other_and_is_shown(county: Small) -> None:
    from dataclasses import replace

    from tracker.store.faults import list_faults

    book = county.office.loaded.rulebooks[0]
    broken = tuple(replace(one, escalation="gone") if one.id == "water" else one for one in book.duties)
    good, county.office.loaded = (
        county.office.loaded,
        replace(county.office.loaded, rulebooks=(replace(book, duties=broken, digest="broken"),)),
    )
    report = county.office.tick()
    assert report.faults == 1
    assert {key.split("/")[0] for key in county.rows()} == {"insurance", "powers", "budget"}
    with county.office.store.read() as tx:
        assert [fault.subject for fault in list_faults(tx)] == ["small/small/water/huanbao/"]
    county.office.loaded = good
    county.office.tick()
    with county.office.store.read() as tx:
        assert list_faults(tx) == []
    assert "water/huanbao/2015-07" in county.rows()

"""Time alone wakes a pass: at the very instant at which an exemption or a silence ends, without any new fact."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.decide.deciding import WATER, exempt, waive
from tests.decide.small_county import SCHEDULE, Small, at
from tests.entered import new_silence
from tracker.core.values.verdicts import Status
from tracker.decide.report import TickReport
from tracker.decide.run import tick
from tracker.registers.answers import order_silence
from tracker.store.notices import list_notices

MOMENT = timedelta(microseconds=1)


def passed(county: Small, now: datetime, *, cold: bool) -> TickReport:
    """One pass at that instant, with the copy that the passes before it kept or without one."""
    county.clock.now = now
    if cold:
        return tick(county.office.store, county.office.loaded, now)
    return county.office.tick()


def water(county: Small) -> Status:
    return county.rows()["water/huanbao/2015-07"].status


def silenced(county: Small, until: datetime, begins: datetime | None = None) -> None:
    with county.office.store.begin() as tx:
        order_silence(
            tx,
            county.office.loaded.rulebooks[0],
            new_silence(
                until=until, by="李主任", reason="机构改革", begins_at=begins or county.clock.now, department="huanbao"
            ),
            county.clock.now,
        )


def decided(county: Small) -> list[str]:
    """`step role` of what is told of water's July, in the order of decision."""
    with county.office.store.read() as tx:
        found = list_notices(tx, "small", WATER)
    return [f"{one['step']} {one['role']}" for one in found if one["state"] in ("due", "sent")]


def overdue(county: Small) -> list[str]:
    """The states of the notices that water's July is overdue."""
    with county.office.store.read() as tx:
        found = list_notices(tx, "small", WATER)
    return [one["state"] for one in found if one["step"] == "overdue"]


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "cold"])
@pytest.mark.parametrize("whole", [False, True], ids=["of the matter", "of the duty"])
async def test_at_the_end_of_an_exemption_the_pass_judges_again(county: Small, whole: bool, cold: bool) -> None:
    """Due on 31 July, exempt to the end of 12 August."""
    await county.live(date(2015, 8, 3), date(2015, 8, 3))
    if whole:
        exempt(county, "small/small/water/huanbao/*", until=date(2015, 8, 12))
    else:
        waive(county, until=date(2015, 8, 12))
    ends = at("2015-08-13", "00:00")
    passed(county, ends - timedelta(hours=1), cold=cold)
    asleep = passed(county, ends - MOMENT, cold=cold)
    assert water(county).released
    assert asleep.next_at == ends
    woken = passed(county, ends, cold=cold)
    assert not water(county).released
    assert woken.changed > 0
    assert woken.next_at is not None
    assert woken.next_at > ends


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "cold"])
async def test_at_the_end_of_a_silence_the_pass_tells_what_then_stands(county: Small, cold: bool) -> None:
    await county.live(date(2015, 7, 20), date(2015, 7, 20))
    ends = at("2015-08-04", "06:30")
    silenced(county, ends)
    await county.live(date(2015, 7, 21), date(2015, 8, 3))
    county.clock.now = at("2015-08-04", "06:00")
    await county.turn(crawl=True)
    asleep = passed(county, ends - MOMENT, cold=cold)
    assert decided(county) == []
    assert asleep.next_at == ends
    passed(county, ends, cold=cold)
    assert decided(county) == ["overdue liaison"]


AT_ONCE = SCHEDULE.replace("overdue: {at: due +1 workdays", "overdue: {at: due +0 hours")


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "cold"])
async def test_a_silence_that_begins_later_takes_back_what_still_waits_to_leave(county: Small, cold: bool) -> None:
    """Ordered on Friday for Sunday; decided on Saturday, what is late since Saturday would leave on Monday."""
    county.reload(schedule=AT_ONCE)
    await county.live(date(2015, 7, 31), date(2015, 7, 31))
    begins = at("2015-08-02", "10:00")
    silenced(county, at("2015-08-06", "00:00"), begins)
    county.clock.now = at("2015-08-01", "06:00")
    await county.turn(crawl=True)
    asleep = passed(county, begins - MOMENT, cold=cold)
    assert overdue(county) == ["due"]
    assert asleep.next_at == begins
    passed(county, begins, cold=cold)
    assert overdue(county) == ["cancelled"]
    await county.live(date(2015, 8, 3), date(2015, 8, 5))
    assert overdue(county) == ["cancelled"]
    await county.live(date(2015, 8, 6), date(2015, 8, 6))
    assert overdue(county) == ["sent"]


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "cold"])
def test_at_the_end_of_a_silence_the_record_of_an_event_is_chased(county: Small, cold: bool) -> None:
    """The record was expected by 31 July; what waits for it has no due day of its own."""
    county.clock.now = at("2015-07-25")
    ends = at("2015-08-10", "09:15")
    with county.office.store.begin() as tx:
        order_silence(
            tx,
            county.office.loaded.rulebooks[0],
            new_silence(until=ends, by="李主任", reason="机构改革", duty="budget", begins_at=county.clock.now),
            county.clock.now,
        )
    for now in (at("2015-08-01"), ends - MOMENT):
        passed(county, now, cold=cold)
        assert not [line for line in county.notices() if "awaiting" in line]
    passed(county, ends, cold=cold)
    assert [line.split(" ", 3)[3] for line in county.notices() if "awaiting" in line] == [
        "record liaison due",
        "record county-office due",
    ]


@pytest.mark.parametrize("cold", [False, True], ids=["warm", "cold"])
def test_what_falls_due_is_late_from_that_instant_and_opens_at_its_own(county: Small, cold: bool) -> None:
    """Time alone, without a visit: unverifiable from the first late instant; August's report opens at midnight too."""
    due_at = at("2015-08-01", "00:00")
    passed(county, at("2015-07-31", "20:00"), cold=cold)
    asleep = passed(county, due_at - MOMENT, cold=cold)
    rows = county.rows()
    assert (rows["water/huanbao/2015-07"].status, rows["water/huanbao/2015-08"].status) == ("due-soon", "upcoming")
    assert asleep.next_at == due_at
    passed(county, due_at, cold=cold)
    rows = county.rows()
    assert (rows["water/huanbao/2015-07"].status, rows["water/huanbao/2015-08"].status) == ("unverifiable", "open")


@pytest.mark.parametrize(("day", "known"), [("2015-07-17", False), ("2015-07-18", True)])
def test_a_period_has_its_occurrence_fourteen_days_before_it_opens(county: Small, day: str, known: bool) -> None:
    passed(county, at(day, "23:59"), cold=False)
    assert ("water/huanbao/2015-08" in county.rows()) is known


NEEDED = {
    # when the column was read, now, whether it is to be read again
    "before what fell due now": ("2015-07-31T23:59", "2015-08-01T00:00", True),
    "begun as it fell due": ("2015-08-01T00:00", "2015-08-01T00:00", False),
    "since then, and the working day before": ("2015-08-11T00:00", "2015-08-12T12:00", False),
    "since then, but longer ago": ("2015-08-10T23:59", "2015-08-12T12:00", True),
    "after July's report fell due, before August's": ("2015-08-31T06:00", "2015-09-01T00:00", True),
}


@pytest.mark.parametrize(("read", "now", "needed"), NEEDED.values(), ids=NEEDED)
async def test_a_column_is_to_be_read_where_nobody_looked_since_the_last_thing_fell_due(
    county: Small, read: str, now: str, needed: bool
) -> None:
    county.clock.now = at(*read.split("T"))
    await county.office.crawl()
    passed(county, county.clock.now, cold=False)
    passed(county, at(*now.split("T")), cold=False)
    columns = county.office.columns_in_need(county.office.loaded.rulebooks[0], county.clock.now)
    assert ("county-site/environment" in columns) is needed

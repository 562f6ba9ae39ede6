"""What waits for the opening is judged anew before it leaves; what waits for the rates goes minute by minute."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from tests.decide.small_county import SCHEDULE, Small, at
from tracker.daemon.service import MINUTE, Daemon
from tracker.store.tables import messages

AT_ONCE = SCHEDULE.replace("at: due +1 workdays, kind: overdue", "at: due +0 hours, kind: overdue")
#: Decided on Saturday; the office opens on Monday.
WAITS = "08-03 08:30 water/huanbao/2015-07 overdue liaison"


@pytest.mark.parametrize(("mended", "then"), [(False, "sent"), (True, "cancelled")])
async def test_what_is_mended_before_the_opening_is_not_sent(county: Small, mended: bool, then: str) -> None:
    county.reload(schedule=AT_ONCE)
    await county.live(date(2015, 7, 27), date(2015, 8, 1))
    assert f"{WAITS} due" in county.notices()
    if mended:
        county.site.publish("environment", "6月份水环境质量状况", at("2015-08-02", "10:00"))
    await county.live(date(2015, 8, 2), date(2015, 8, 3))
    assert f"{WAITS} {then}" in county.notices()
    assert any("mended" in one for one in county.notices()) is False


async def test_what_the_minutes_rate_holds_back_leaves_in_the_next_minute(county: Small) -> None:
    """A backlog goes out at the rate, not at the pace of the timetable."""
    county.reload(schedule=SCHEDULE.replace("sender:", "rate: {per_minute: 1}, sender:"))
    daemon = Daemon(county.office, lambda _: county.office.loaded, county.clock)
    county.clock.now = at("2015-08-05", "06:00")
    await county.office.crawl()
    county.office.tick()
    county.clock.now = at("2015-08-05", "08:30")
    waits = []
    for _ in range(6):
        await daemon._deliver_again()
        waits.append([job.trigger.run_date for job in daemon._scheduler._scheduler.get_jobs()])
        for job in daemon._scheduler._scheduler.get_jobs():
            job.remove()
        county.clock.now += MINUTE
    with county.office.store.read() as tx:
        mails = tx.execute(sa.select(sa.func.count()).select_from(messages)).scalar_one()
    assert mails > 1
    expected = [[at("2015-08-05", f"08:{30 + n}")] for n in range(1, mails)]
    assert waits == expected + [[]] * (6 - len(expected))

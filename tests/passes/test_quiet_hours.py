"""What waits for the opening is judged anew before it leaves."""

from __future__ import annotations

from datetime import date

import pytest
from small_county import SCHEDULE, Small, at

AT_ONCE = SCHEDULE.replace("at: due +1 workdays, kind: overdue", "at: due +0 hours, kind: overdue")
#: Decided on Saturday; the office opens on Monday.
WAITS = "08-03 08:30 water/huanbao/2015-07 overdue liaison"


@pytest.mark.parametrize(("mended", "then"), [(False, "sent"), (True, "cancelled")])
async def test_what_is_mended_before_the_opening_is_not_sent(county: Small, mended: bool, then: str) -> None:
    await county.reload(schedule=AT_ONCE)
    await county.live(date(2015, 7, 27), date(2015, 8, 1))
    assert f"{WAITS} due" in await county.notices()
    if mended:
        county.site.publish("environment", "6月份水环境质量状况", at("2015-08-02", "10:00"))
    await county.live(date(2015, 8, 2), date(2015, 8, 3))
    assert f"{WAITS} {then}" in await county.notices()
    assert any("mended" in one for one in await county.notices()) is False

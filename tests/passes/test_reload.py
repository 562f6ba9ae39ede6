"""A changed schedule counts from the next tick on, though no rule changed."""

from __future__ import annotations

from datetime import date

from small_county import SCHEDULE, Small, at


async def test_a_new_step_that_stands_already_is_not_missed(county: Small) -> None:
    await county.live(date(2015, 7, 1), date(2015, 7, 20))
    earlier = SCHEDULE.replace("reminder: {at: due -5", "reminder: {at: due -10")
    await county.reload(schedule=earlier)
    county.clock.now = at("2015-07-20", "14:00")
    await county.turn()
    assert "07-20 14:00 water/huanbao/2015-07 reminder liaison sent" in await county.notices()

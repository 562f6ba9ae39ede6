"""How often a message that does not get through is tried: over holidays, over nights, in one day."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest

from tests.deliver.outbox_office import CALENDAR, NOW, ZONE, Clock, insert_due, notice, notice_states, send_all
from tests.smtp_server import Catcher, serving
from tracker.core.escalation.office_time import Hours, OfficeTime
from tracker.deliver.attempts import last_attempt_at
from tracker.store.engine import Store
from tracker.store.tables import notices

HOURS = Hours()
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.strptime(f"2015-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("claimed", "span", "last", "why"),
    [
        ("10-08 08:30", 72, "10-12 10:30", "ends on a Sunday: the morning of Monday"),
        ("10-12 10:00", 72, "10-15 10:30", "ends within the morning: to its end"),
        ("10-12 15:00", 72, "10-15 15:00", "ends in the afternoon, after the morning's attempts"),
        ("09-30 17:20", 72, "10-08 10:30", "the National Day week outlasts it"),
        ("10-12 17:00", 4, "10-13 10:30", "a short one over a night"),
        ("10-12 08:40", 1, "10-12 09:40", "nothing closed meanwhile"),
        ("10-12 09:00", 4, "10-12 13:00", "nor here"),
        ("10-10 20:00", 4, "10-12 10:30", "an urgent one at night, tried at any hour and in the morning too"),
    ],
)
def test_up_to_when_it_is_tried(claimed: str, span: int, last: str, why: str) -> None:
    assert last_attempt_at(at(claimed), timedelta(hours=span), OfficeTime(CALENDAR, HOURS, ZONE)) == at(last), why


@pytest.mark.sampled(4)
@pytest.mark.parametrize("early", ["09-30 17:20", "09-30 08:30"], ids=["claimed at closing", "tried all day before"])
async def test_after_a_long_holiday_it_is_tried_several_times_before_it_fails(
    store: Store, clock: Clock, early: str
) -> None:
    """4xx all the time: the holiday is longer than the time for which a mail is tried."""
    clock.now = at(early)
    insert_due(store, notice())
    with store.begin() as tx:
        tx.execute(notices.update().values(not_before=at(early)))
    tried: list[datetime] = []
    async with serving(Catcher(data="451 later")) as settings:
        while clock.now < NOW + timedelta(hours=4):
            report = await send_all(settings, store, clock)
            if report.retried or report.failed:
                tried.append(clock.now)
            if report.failed:
                break
            closed = clock.now.time() >= time(17, 30)
            clock.now = NOW if closed else clock.now + 5 * MINUTE
    after = [one for one in tried if one >= NOW]
    assert report.failed == 1, tried
    assert len(after) >= 5, after
    assert after[0] == NOW
    assert after[-1] >= NOW + timedelta(hours=2)
    assert all(two - one <= 45 * MINUTE for one, two in pairwise(after)), after
    assert notice_states(store) == ["claimed"] * 2  # for the next role, and the county office hears of it

"""The small county on trial, and the act by which it goes live."""

from __future__ import annotations

import os
from datetime import date
from typing import Any

from tests.decide.relived import relive
from tests.decide.small_county import Small, at
from tracker.registers.errors import Registered
from tracker.registers.golive import record_golive, revoke_golive
from tracker.rulebook.load import load


def by_the_files(county: Small) -> None:
    """The county as its files leave it: `mode: live`, and nobody has recorded that it goes live."""
    county.office.adopt(load(county.root, dict(os.environ)))


def live_from(county: Small, when: str, hour: str = "10:00", **given: Any) -> Registered[Any]:
    """Recorded at that hour."""
    county.clock.now = at(when, hour)
    loaded = county.office.loaded
    with county.office.store.begin() as tx:
        words = {"by": "陈县长", "reason": "第7次常务会议纪要"}
        return record_golive(tx, loaded, loaded.rulebooks[0], now=county.clock.now, **{**words, **given})


def taken_back(county: Small) -> None:
    with county.office.store.begin() as tx:
        (book,) = county.office.loaded.rulebooks
        revoke_golive(tx, book, by="陈县长", reason="名单有误", now=county.clock.now)


async def months_of_trial(county: Small, last: date = date(2015, 8, 13), published: str = "") -> None:
    """July's water is due on Friday the 31st and never comes, or comes on the day `published`."""

    async def live(new: Small) -> None:
        by_the_files(new)
        if published:
            new.site.publish("environment", "6月份水环境质量", at(published))
        await new.live(date(2015, 7, 20), last)

    await relive(county, ("trial", last, published), live)
    by_the_files(county)

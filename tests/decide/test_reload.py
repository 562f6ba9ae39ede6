"""A changed schedule counts from the next tick on, though no rule changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import tracker
from tests.decide.small_county import PACK, SCHEDULE, Small, at
from tracker.daemon.jobs import Office
from tracker.daemon.service import Daemon
from tracker.rulebook.load import load
from tracker.store.engine import Store

CHECKOUT = Path(tracker.__file__).parents[1]


async def test_a_new_step_that_stands_already_is_not_missed(county: Small) -> None:
    await county.live(date(2015, 7, 1), date(2015, 7, 20))
    earlier = SCHEDULE.replace("reminder: {at: due -5", "reminder: {at: due -10")
    county.reload(schedule=earlier)
    county.clock.now = at("2015-07-20", "14:00")
    await county.turn()
    assert "07-20 14:00 water/huanbao/2015-07 reminder liaison sent" in county.notices()


NONE = SCHEDULE.replace("delivery:", "  none:\n    steps: {}\ndelivery:", 1)


@pytest.mark.parametrize(
    ("schedule", "pack"),
    [
        (SCHEDULE.replace(" overdue: {at: due +1 workdays", " late: {at: due +4 workdays"), PACK),
        (NONE, PACK.replace("title: 水环境}", "title: 水环境}\n    escalation: none")),
    ],
    ids=["its step has another name", "its duty is pressed no more"],
)
async def test_whoever_was_pressed_hears_that_it_is_mended_under_another_policy_too(
    county: Small, schedule: str, pack: str
) -> None:
    await county.live(date(2015, 7, 27), date(2015, 8, 3))
    assert "08-03 08:30 water/huanbao/2015-07 overdue liaison sent" in county.notices()
    county.reload(schedule=schedule, pack=pack)
    county.site.publish("environment", "6月份水环境质量状况", at("2015-08-04", "03:00"))
    await county.live(date(2015, 8, 4), date(2015, 8, 4))
    assert "08-04 08:30 water/huanbao/2015-07 mended liaison sent" in county.notices()


async def test_rules_that_cannot_be_stored_are_not_in_force(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    shipped = load(CHECKOUT, {})
    away = Office(shipped, Store(f"sqlite:///{tmp_path / 'away.db'}"), lambda: at("2015-07-20", "14:00"), tmp_path)
    await Daemon(away, lambda _: replace(shipped), away.clock).reload()
    assert away.loaded is shipped
    assert "the new rules cannot be stored, the last good ones stay" in caplog.text

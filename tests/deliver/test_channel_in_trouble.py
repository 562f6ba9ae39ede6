"""A channel beside mail that stays in trouble: the county office hears of it once a spell, and of each spell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from notifications.channels.base import NO_LIMIT, Channel, MessageForm, Outgoing, SendResult
from tests.deliver.outbox_office import (
    Clock,
    folder_channel,
    insert_due,
    notice,
    open_faults,
    read_mails,
    rules,
    text_of,
)
from tracker.deliver.run import deliver
from tracker.store.engine import Store

DOWN = SendResult(False, "HTTP 503", down=True)
MINUTES = timedelta(minutes=5)


@dataclass
class Robot:
    """A group's robot that can be taken down; when it was asked."""

    clock: Clock
    is_down: bool = True
    asked: list[datetime] = field(default_factory=list)
    form: MessageForm = "chat"
    max_bytes: int = NO_LIMIT

    async def send(self, message: Outgoing) -> SendResult:
        self.asked.append(self.clock.now)
        return DOWN if self.is_down else SendResult(True, "ok")

    async def close(self) -> None:
        """Nothing is held."""


async def passes(store: Store, channels: Mapping[str, Channel], clock: Clock, number: int) -> None:
    for _ in range(number):
        await deliver(store, rules(), channels, clock)
        clock.forward(MINUTES)


def wanted(store: Store, duty: str) -> None:
    made = notice(duty)
    insert_due(store, replace(made, key=replace(made.key, channel="group")))


async def test_the_office_hears_of_a_channel_at_the_third_attempt_of_each_spell(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    robot = Robot(clock)
    with folder_channel(tmp_path) as folders:
        channels: dict[str, Channel] = {**folders, "group": robot}
        wanted(store, "月报")
        while len(robot.asked) < 2:
            await passes(store, channels, clock, 1)
        await passes(store, channels, clock, 1)
        assert read_mails(tmp_path) == []  # twice may be a hiccup
        while len(robot.asked) < 3:
            await passes(store, channels, clock, 1)
        await passes(store, channels, clock, 1)  # the mail leaves with the next pass
        assert (len(robot.asked), len(read_mails(tmp_path))) == (3, 1)
        await passes(store, channels, clock, 24)
        assert len(robot.asked) > 3
        assert len(read_mails(tmp_path)) == 1
        robot.is_down = False
        while open_faults(store):
            await passes(store, channels, clock, 1)
        assert len(read_mails(tmp_path)) == 1
        robot.is_down, tried = True, len(robot.asked)
        wanted(store, "季报")
        while len(robot.asked) < tried + 3:
            await passes(store, channels, clock, 1)
        await passes(store, channels, clock, 6)
    told = [text_of(one) for one in read_mails(tmp_path)]
    assert len(told) == 2
    assert all("通知渠道“group”发送失败" in one for one in told)
    assert sorted("季报" in one for one in told) == [False, True]


async def test_of_the_mail_channel_itself_no_mail_is_written(store: Store, tmp_path: Path, clock: Clock) -> None:
    robot = Robot(clock, form="mail")
    insert_due(store, notice("月报"))
    while len(robot.asked) < 4:
        await passes(store, {"mail": robot}, clock, 1)
    robot.is_down = False
    robot.asked.clear()
    while open_faults(store):
        await passes(store, {"mail": robot}, clock, 1)
    await passes(store, {"mail": robot}, clock, 3)
    assert len(robot.asked) == 1  # the mail that waited, and nothing about the channel

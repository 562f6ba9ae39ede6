"""A clock that ran ahead by a year and was set right: mails leave all the same, and `duban doctor` counts them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.deliver.outbox_office import (
    NOW,
    Clock,
    folder_channel,
    insert_due,
    notice,
    notice_states,
    rules,
    select_rows,
    send_all,
)
from tests.smtp_server import Catcher, serving
from tracker.daemon.doctor import run_checks
from tracker.deliver.run import deliver
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Rate
from tracker.store import messages as stored
from tracker.store.engine import Store
from tracker.store.tables import messages, notices

YEAR = timedelta(days=365)


async def put_off(store: Store, clock: Clock) -> None:
    """A message is tried in vain while the clock is a year ahead."""
    insert_due(store, replace(notice(), urgent=True))
    clock.now = NOW + YEAR
    async with serving(Catcher(rcpt="451 later")) as settings:
        assert (await send_all(settings, store, clock)).retried == 1
    clock.now = NOW + timedelta(minutes=1)


async def test_a_message_that_was_put_off_leaves_with_the_next_pass(store: Store, clock: Clock) -> None:
    await put_off(store, clock)
    async with serving(Catcher()) as settings:
        assert (await send_all(settings, store, clock)).sent == 1
    assert notice_states(store) == ["sent"]


async def test_a_message_whose_sender_died_with_that_clock_is_sent(store: Store, tmp_path: Path, clock: Clock) -> None:
    await put_off(store, clock)
    with store.begin() as tx:  # killed in its dialogue
        tx.execute(messages.update().values(lease_until=NOW + YEAR + stored.LEASE, next_attempt_at=NOW + YEAR))
    with folder_channel(tmp_path) as channels:
        assert (await deliver(store, rules(), channels, clock)).sent == 1


@pytest.mark.sampled(2)
async def test_it_is_tried_no_longer_than_any_other_message(store: Store, clock: Clock) -> None:
    await put_off(store, clock)
    async with serving(Catcher(rcpt="451 later")) as settings:
        for _ in range(20):
            await send_all(settings, store, clock)
            clock.forward(timedelta(hours=8))
    assert "failed" in {state for (state,) in select_rows(store, messages, "state")}


@pytest.mark.parametrize("ahead", [timedelta(minutes=50), timedelta(hours=5)], ids=["lease", "next attempt"])
async def test_another_machine_whose_clock_is_behind_leaves_a_held_message_alone(
    store: Store, clock: Clock, ahead: timedelta
) -> None:
    await put_off(store, clock)
    with store.begin() as tx:
        tx.execute(messages.update().values(lease_until=clock.now + ahead, next_attempt_at=clock.now + ahead))
        assert stored.list_unfinished(tx, clock.now) == []


@pytest.mark.parametrize("rate", [Rate(per_minute=1), Rate(per_recipient_per_hour=1)], ids=["minute", "recipient"])
async def test_what_was_sent_then_fills_no_rate(store: Store, tmp_path: Path, clock: Clock, rate: Rate) -> None:
    insert_due(store, replace(notice("月报"), urgent=True))
    clock.now = NOW + YEAR
    limited = with_rate(rate)
    with folder_channel(tmp_path) as channels:
        assert (await deliver(store, limited, channels, clock)).sent == 1
        clock.now = NOW
        insert_due(store, notice("季报"))
        assert (await deliver(store, limited, channels, clock)).sent == 1


def with_rate(rate: Rate) -> Loaded:
    loaded = rules()
    return replace(loaded, schedule=replace(loaded.schedule, delivery=replace(loaded.schedule.delivery, rate=rate)))


async def test_a_mailbox_that_failed_then_is_tried_now(store: Store, clock: Clock) -> None:
    insert_due(store, replace(notice("月报"), urgent=True))
    clock.now = NOW + YEAR
    async with serving(Catcher(rcpt="550 no such user")) as settings:
        await send_all(settings, store, clock)
    clock.now = NOW
    catcher = Catcher()
    async with serving(catcher) as settings:
        await send_all(settings, store, clock)
    assert "hb@example.gov.cn" in [envelope.rcpt_tos[0] for envelope in catcher.taken]


async def test_what_tells_the_office_of_a_fault_leaves_and_what_accuses_waits(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    insert_due(store, notice("月报", "county-office", kind="fault", title="提示"), notice("季报"))
    with store.begin() as tx:
        tx.execute(notices.update().values(not_before=NOW + YEAR, decided_at=NOW + YEAR))
    with folder_channel(tmp_path) as channels:
        assert (await deliver(store, rules(), channels, clock)).sent == 1
    assert notice_states(store) == ["sent", "due"]


async def test_doctor_counts_what_waits(store: Store, store_url: str, tmp_path: Path, clock: Clock) -> None:
    insert_due(store, notice("月报"), notice("季报"))
    with store.begin() as tx:
        tx.execute(notices.update().where(notices.c.id == 1).values(not_before=NOW + YEAR))
    at = NOW + timedelta(days=2)
    lines = await run_checks(rules(), tmp_path, store_url, at, offline=True)
    waiting = [str(text) for name, state, text in lines if (name, state) == ("delivery", "wrong")]
    assert len(waiting) == 2
    assert "1 mails and notices are overdue, the first since 2015-10-08" in waiting[0]
    assert "a clock that ran ahead put 1 mails and notices off" in waiting[1]
    quiet = await run_checks(rules(), tmp_path, store_url, NOW, offline=True)
    assert [name for name, _, text in quiet if "overdue" in str(text)] == []

"""A message under way: from which instant it is tried again, and who may hold it, to the microsecond."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.deliver.outbox_office import CALENDAR, NOW, ZONE, Clock, insert_due, notice, rules, send_all
from tests.smtp_server import Catcher, serving
from tracker.core.escalation.office_time import Hours, OfficeTime
from tracker.deliver.attempts import last_attempt_at, next_attempt_at
from tracker.store import messages
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.messages import MessageRow

MOMENT = timedelta(microseconds=1)
LATER = NOW + timedelta(minutes=10)
NAME = "6d0f9d5c-4b0e-5f0a-9c43-0f6f0b7a2d11"
MESSAGE = MessageRow(NAME, "sample", "mail", "liaison", "huanbao", "hb@x.cn", "逾期", b"bytes", 1, NOW, "a:1")


def at(text: str) -> datetime:
    return datetime.strptime(f"2015-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


def claimed(store: Store, lease_until: datetime) -> None:
    with store.begin() as tx:
        ensure_county(tx, "sample")
        assert messages.claim_messages(tx, [(MESSAGE, [])], NOW, lease_until)


def test_a_message_is_tried_again_from_the_instant_at_which_its_lease_ends(store: Store) -> None:
    claimed(store, LATER)
    with store.begin() as tx:
        assert messages.list_unfinished(tx, LATER - MOMENT) == []
        (waiting,) = messages.list_unfinished(tx, LATER)
        assert not messages.retake_message(tx, waiting, LATER - MOMENT, LATER, "b:2")
        assert messages.retake_message(tx, waiting, LATER, LATER + timedelta(minutes=10), "b:2")


def test_whoever_read_a_message_before_another_tried_it_does_not_try_it_too(store: Store) -> None:
    claimed(store, LATER)
    again = LATER + timedelta(minutes=30)
    with store.begin() as tx:
        (read,) = messages.list_unfinished(tx, LATER)
        assert messages.retake_message(tx, read, LATER, LATER + timedelta(minutes=10), "b:2")
        (tried,) = messages.list_unfinished(tx, LATER + timedelta(minutes=10))
        assert (tried.attempts, tried.claimed_at) == (read.attempts + 1, NOW), "how long it is tried counts from there"
        assert messages.record_retry(tx, tried, "451", LATER, again, doubtful=False)  # nobody holds it now
        assert not messages.retake_message(tx, read, LATER, LATER + timedelta(minutes=10), "c:3")


def test_a_message_that_failed_is_tried_again_from_the_instant_of_its_next_attempt(store: Store) -> None:
    claimed(store, LATER)
    again = NOW + timedelta(minutes=30)
    with store.begin() as tx:
        assert messages.record_retry(tx, MESSAGE, "451", NOW, again, doubtful=False)
        assert messages.list_unfinished(tx, again - MOMENT) == []
        assert [one.id for one in messages.list_unfinished(tx, again)] == [NAME]


@pytest.mark.parametrize(("now", "released"), [(LATER - MOMENT, 1), (LATER, 0)])
def test_what_a_dead_process_held_is_let_go_of_while_it_still_holds_it(
    store: Store, now: datetime, released: int
) -> None:
    claimed(store, LATER)
    with store.begin() as tx:
        assert messages.release_holder(tx, "b:2", now) == 0
        assert messages.release_holder(tx, "a:1", now) == released
        assert len(messages.list_unfinished(tx, now)) == 1


@pytest.mark.parametrize(("before", "failed"), [(MOMENT, 0), (timedelta(), 1)], ids=["before", "at"])
async def test_an_attempt_at_the_end_of_the_time_for_which_it_is_tried_is_the_last(
    store: Store, clock: Clock, before: timedelta, failed: int
) -> None:
    insert_due(store, notice())
    end = last_attempt_at(NOW, rules().schedule.delivery.retry_for, OfficeTime(CALENDAR, Hours(), ZONE))
    async with serving(Catcher(data="451 later")) as settings:
        assert (await send_all(settings, store, clock)).retried == 1
        clock.now = end - before
        assert (await send_all(settings, store, clock)).failed == failed


def test_what_was_claimed_as_the_office_opened_did_not_wait_for_it() -> None:
    hour = timedelta(hours=1)
    assert last_attempt_at(at("10-12 08:30"), hour, OfficeTime(CALENDAR, Hours(), ZONE)) == at("10-12 09:30")
    assert last_attempt_at(at("10-12 08:30") - MOMENT, hour, OfficeTime(CALENDAR, Hours(), ZONE)) == at("10-12 10:30")


@pytest.mark.parametrize(
    ("claimed_at", "now", "minutes"),
    [
        (at("10-11 20:00"), at("10-12 08:30") - MOMENT, 240),
        (at("10-11 20:00"), at("10-12 08:30"), 30),  # the morning begins as the office opens
        (at("10-11 20:00"), at("10-12 10:30") - MOMENT, 30),
        (at("10-11 20:00"), at("10-12 10:30"), 240),  # and is over two hours later
        (at("10-12 08:30"), at("10-12 09:00"), 240),  # it did not wait over the night
    ],
)
def test_what_waited_over_the_night_is_tried_sooner_in_the_morning(
    claimed_at: datetime, now: datetime, minutes: int
) -> None:
    tried_often = replace(MESSAGE, attempts=8, claimed_at=claimed_at)
    pause = (next_attempt_at(tried_often, now, OfficeTime(CALENDAR, Hours(), ZONE)) - now) / timedelta(minutes=1)
    assert minutes <= pause <= minutes * 1.25

"""The rates hold over passes, processes and attempts, because the database counts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from tests.deliver.outbox_office import NOW, SOON, Clock, insert_due, notice, notice_states, rules, send_all
from tests.smtp_server import Catcher, serving
from tracker.deliver.attempts import LEASE, Rates
from tracker.deliver.report import DeliveryReport
from tracker.rulebook.loaded import Loaded
from tracker.rulebook.schedule import Rate
from tracker.store import messages
from tracker.store.counties import ensure_county, lock_county
from tracker.store.engine import Store
from tracker.store.messages import MessageRow

PEOPLE = 12


def rated(**rate: int) -> Loaded:
    loaded = rules()
    delivery = replace(loaded.schedule.delivery, rate=Rate(**rate))
    return replace(loaded, schedule=replace(loaded.schedule, delivery=delivery))


async def test_no_more_a_minute_than_the_server_bears_and_urgent_ones_first(store: Store, clock: Clock) -> None:
    urgent = replace(notice("应急", department="caizheng"), urgent=True)
    insert_due(store, notice("月报"), notice("月报", "lead"), urgent)
    loaded, catcher = rated(per_minute=1), Catcher()
    async with serving(catcher) as settings:
        assert await send_all(settings, store, clock, loaded) == DeliveryReport(sent=1, notices=1, rate_limited=2)
        assert catcher.taken[0].rcpt_tos == ["cz@example.gov.cn"]
        assert (await send_all(settings, store, clock, loaded)).sent == 0
        for _ in range(2):
            clock.forward(timedelta(minutes=1))
            assert (await send_all(settings, store, clock, loaded)).sent == 1
    assert notice_states(store) == ["sent"] * 3


async def test_no_more_an_hour_than_a_person_can_read(store: Store, clock: Clock) -> None:
    loaded, catcher = rated(per_recipient_per_hour=1), Catcher()
    async with serving(catcher) as settings:
        insert_due(store, notice("月报"), notice("月报", "lead"))
        assert (await send_all(settings, store, clock, loaded)).sent == 2
        insert_due(store, notice("季报"), notice("年报"))
        assert await send_all(settings, store, clock, loaded) == DeliveryReport(rate_limited=1)
        clock.forward(timedelta(hours=1))
        assert await send_all(settings, store, clock, loaded) == DeliveryReport(sent=1, notices=2)  # in one mail
    assert len(catcher.taken) == 3


def many(**rate: int) -> Loaded:
    """A county with a dozen persons to write to."""
    loaded = rated(**rate)
    book = loaded.rulebooks[0]
    roles = {f"role-{n}": replace(book.county.roles["county-office"], mail=f"r{n}@x.cn") for n in range(PEOPLE)}
    county = replace(book.county, roles={**book.county.roles, **roles})
    return replace(loaded, rulebooks=(replace(book, county=county),))


async def test_two_processes_at_once_share_one_rate(store: Store, store_url: str, clock: Clock) -> None:
    insert_due(store, *(notice(f"事项{n}", f"role-{n}") for n in range(PEOPLE)))
    loaded, catcher = many(per_minute=5), Catcher()
    with Store(store_url) as second, Store(store_url) as third:
        async with serving(catcher) as settings:
            for sent in (5, 10, 12):
                reports = await asyncio.gather(
                    *(send_all(settings, one, clock, loaded) for one in (store, second, third))
                )
                assert len(catcher.taken) == sent
                assert sum(one.sent for one in reports) <= 5
                for one in (store, second, third):  # whoever asks within the minute finds no room
                    assert (await send_all(settings, one, clock, loaded)).sent == 0
                clock.forward(timedelta(minutes=1))
    assert notice_states(store) == ["sent"] * PEOPLE


async def test_what_the_server_refuses_counts_as_what_it_was_asked(store: Store, clock: Clock) -> None:
    insert_due(store, *(notice(f"事项{n}", f"role-{n}") for n in range(4)))
    loaded, catcher = many(per_minute=2), Catcher()
    catcher.refused, catcher.busy = {"r0@x.cn"}, {"r1@x.cn"}
    async with serving(catcher) as settings:
        assert await send_all(settings, store, clock, loaded) == DeliveryReport(
            retried=1, failed=1, notices=1, rate_limited=2
        )
        assert (await send_all(settings, store, clock, loaded)).sent == 0
        clock.forward(timedelta(minutes=1))
        assert (await send_all(settings, store, clock, loaded)).sent == 2


async def test_a_mail_that_is_tried_again_waits_for_its_turn_and_not_for_itself(store: Store, clock: Clock) -> None:
    insert_due(store, notice("事项0", "role-0"), notice("事项1", "role-1"))
    loaded, catcher = many(per_minute=1, per_recipient_per_hour=1), Catcher()
    catcher.busy = {"r0@x.cn"}
    async with serving(catcher) as settings:
        assert (await send_all(settings, store, clock, loaded)).retried == 1
        clock.forward(timedelta(minutes=1))
        assert (await send_all(settings, store, clock, loaded)).sent == 1
        catcher.busy.clear()
        clock.forward(SOON)
        insert_due(store, notice("事项2", "role-2"))
        report = await send_all(settings, store, clock, loaded)
        assert (report.sent, report.rate_limited) == (1, 1)
        assert catcher.taken[-1].rcpt_tos == ["r0@x.cn"]


async def test_counties_of_one_server_do_not_take_the_same_room(store: Store, store_url: str) -> None:
    """Whoever counts second sees what the first one has claimed, though each holds another county."""
    rate, first = Rate(per_minute=1), MessageRow("m-1", "a", "mail", "", "", "a@x.cn", "", b"", 1, NOW)
    with store.begin() as tx:
        for county in ("a", "b"):
            ensure_county(tx, county)

    def second() -> list[bool]:
        with Store(store_url) as other, other.begin() as tx:
            lock_county(tx, "b")
            return Rates(rate).admit(tx, "mail", ["b@x.cn"], NOW)

    with store.begin() as tx:
        lock_county(tx, "a")
        assert Rates(rate).admit(tx, "mail", ["a@x.cn"], NOW) == [True]
        asked = asyncio.create_task(asyncio.to_thread(second))
        await asyncio.wait({asked}, timeout=0.3)  # it waits; where it did not, it would have its answer by now
        messages.claim_messages(tx, [(first, [])], NOW, NOW + LEASE)
    assert await asked == [False]

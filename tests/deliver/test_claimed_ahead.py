"""Messages that are claimed while others leave: there is room for their outcomes, and none is left claimed."""

from __future__ import annotations

import asyncio
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from notifications.channels.base import NO_LIMIT, MessageForm, Outgoing, SendResult
from tests.deliver.outbox_office import NOW, Clock, insert_due, notice, notice_states, parse_mail, rules, text_of
from tests.deliver.test_database_fails import DEPARTMENTS, many_departments
from tracker.deliver.mailboxes import BOUNCED, mailbox_subject
from tracker.deliver.run import deliver
from tracker.deliver.send import gather_all
from tracker.store.engine import Store
from tracker.store.faults import record_fault
from tracker.store.reserve import SIZE, get_reserve

ROLES = ("liaison", "lead", "county-office")


@dataclass
class Together:
    """The first message goes alone; then it answers once `width` messages are with it, having called `meanwhile`."""

    width: int = 2
    form: MessageForm = "mail"
    max_bytes: int = NO_LIMIT
    taken: list[Outgoing] = field(default_factory=list)
    under_way: list[Outgoing] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    store: Store | None = None

    def __post_init__(self) -> None:
        self.barrier = asyncio.Barrier(self.width)

    async def send(self, message: Outgoing) -> SendResult:
        self.taken.append(message)
        if len(self.taken) > 1:
            self.under_way.append(message)
            await self.barrier.wait()
            if self.store is not None:
                self.sizes.append(get_reserve(self.store).size)
        return SendResult(True, "250 taken")

    async def close(self) -> None:
        """Nothing is held."""


async def test_there_is_room_for_the_outcomes_of_all_messages_under_way(sqlite_template: Path, tmp_path: Path) -> None:
    """A record rewrites the row with the body: twice the bytes of each message, beside what is always reserved."""
    path = shutil.copy(sqlite_template, tmp_path / "duban.db")
    with Store(f"sqlite:///{path}") as store:
        insert_due(store, *(notice(role=role) for role in ROLES))
        channel = Together(store=store)
        await deliver(store, rules(), {"mail": channel}, Clock())
    assert min(channel.sizes) >= SIZE + 2 * sum(len(message.body) for message in channel.under_way)


async def test_a_pass_that_is_cancelled_during_a_claim_leaves_nothing_claimed(store: Store, clock: Clock) -> None:
    """What the claim takes is due again once the pass has ended; otherwise it waited until its lease ends."""
    insert_due(store, *(notice(role=role) for role in ROLES))
    loop, claims, is_cancelled = asyncio.get_running_loop(), list[str](), threading.Event()

    async def cancel() -> None:
        passing.cancel()
        for _ in range(20):  # turns in which the cancelling reaches the senders
            await asyncio.sleep(0)
        is_cancelled.set()

    def before_statement(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO messages"):
            claims.append(statement)
            if len(claims) == 2:
                asyncio.run_coroutine_threadsafe(cancel(), loop)
                assert is_cancelled.wait(20)

    sa.event.listen(store.engine, "before_cursor_execute", before_statement)
    passing = asyncio.create_task(deliver(store, rules(), {"mail": Together()}, clock))
    with pytest.raises(asyncio.CancelledError):
        await passing
    if others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)
    sa.event.remove(store.engine, "before_cursor_execute", before_statement)
    assert sorted(notice_states(store)) == ["due", "due", "sent"]


@dataclass
class Quick:
    """Takes each message at once, four at a time, and says when it has twenty-one."""

    width: int = 4
    form: MessageForm = "mail"
    max_bytes: int = NO_LIMIT
    taken: list[Outgoing] = field(default_factory=list)
    is_full: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: Outgoing) -> SendResult:
        self.taken.append(message)
        if len(self.taken) == 21:
            self.is_full.set()
        return SendResult(True, "250 taken")

    async def close(self) -> None:
        """Nothing is held."""


async def test_no_more_than_twenty_messages_were_taken_and_are_not_recorded(store: Store, clock: Clock) -> None:
    """So many are repeated at most after a crash. While a record lasts, the others go on until each waits for one."""
    insert_due(store, *(notice(department=name) for name in DEPARTMENTS))
    loop, records, unrecorded, is_seen = asyncio.get_running_loop(), list[str](), list[int](), threading.Event()
    channel = Quick()

    async def see() -> None:
        await channel.is_full.wait()
        for _ in range(50):  # turns in which one more could be taken
            await asyncio.sleep(0)
        unrecorded.append(len(channel.taken) - 1)
        is_seen.set()

    def before_statement(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE messages SET state"):
            records.append(statement)
            if len(records) == 2:  # the first message was recorded alone
                asyncio.run_coroutine_threadsafe(see(), loop)
                assert is_seen.wait(20)

    sa.event.listen(store.engine, "before_cursor_execute", before_statement)
    report = await deliver(store, many_departments(), {"mail": channel}, clock)
    sa.event.remove(store.engine, "before_cursor_execute", before_statement)
    assert (report.sent, unrecorded) == (len(DEPARTMENTS), [20])


async def test_all_are_awaited_before_the_first_error_is_raised() -> None:
    """A dialogue that were left alone would have an unknown outcome."""
    done: list[str] = []

    async def fail() -> None:
        raise LookupError

    async def last() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        done.append("last")

    with pytest.raises(LookupError):
        await gather_all([fail(), last()])
    assert done == ["last"]


async def test_who_gets_a_step_in_anothers_place_too_reads_of_it_once(store: Store, clock: Clock) -> None:
    """The liaison's mailbox fails: the lead, who gets the same step, gets one line; of another step a second one."""
    insert_due(store, notice("月报"), notice("月报", "lead", copied=True), notice("季报"))
    with store.begin() as tx:
        record_fault(tx, "sample", mailbox_subject("hb@example.gov.cn"), BOUNCED, "550 no such user", NOW)
    channel = Together()
    report = await deliver(store, rules(), {"mail": channel}, clock)
    assert (report.sent, report.notices) == (1, 3)
    text = text_of(parse_mail(channel.taken[0].body))
    assert (channel.taken[0].recipient, text.count("月报"), text.count("季报")) == ("huanbao-lead@x.cn", 1, 1)
    assert text.count("原应发环保局联络员") == 1

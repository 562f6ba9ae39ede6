"""A database that fails in the middle of a pass: the pass stops and says so, nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from notifications.channels.base import NO_LIMIT, MessageForm, Outgoing, SendResult
from tests.deliver.outbox_office import SOON, Clock, insert_due, notice, notice_states, open_faults, rules, select_rows
from tests.journalled import assert_journal_holds
from tracker.core.law.county import Contact, Department
from tracker.deliver.attempts import LEASE
from tracker.deliver.run import deliver
from tracker.deliver.write import Answered
from tracker.rulebook.loaded import Loaded
from tracker.store import journal
from tracker.store.engine import Store
from tracker.store.faults import clear_fault, record_fault
from tracker.store.tables import messages

MAILS = 24
DEPARTMENTS = [f"d{number}" for number in range(MAILS)]
OK = SendResult(True, "250 taken")
#: How the statement begins at which the database fails.
PLACES = {
    "claim": "INSERT INTO messages",
    "record": "UPDATE messages SET state",
    "journal": "INSERT INTO journal",
    "fault": "UPDATE faults",
}


def many_departments() -> Loaded:
    loaded = rules()
    (book,) = loaded.rulebooks
    units = {name: Department(name, name, liaison=Contact("张三", f"{name}@x.cn")) for name in DEPARTMENTS}
    return replace(loaded, rulebooks=(replace(book, county=replace(book.county, departments=units)),))


@dataclass
class Failing:
    """From one statement on, SQLite is read-only and PostgreSQL ends the session: once, or until `heal`."""

    store: Store
    begins: str
    lasts: bool
    armed: bool = False
    struck: int = 0

    def before_statement(
        self, _connection: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> tuple[str, Any]:
        if not statement.startswith(("INSERT", "UPDATE", "DELETE")):
            return statement, parameters
        fails = self.armed and (statement.startswith(self.begins) or (self.lasts and self.struck > 0))
        fails = fails and (self.lasts or not self.struck)
        self.struck += fails
        if fails and self.store.sqlite:
            cursor.execute("PRAGMA query_only = ON")
        elif fails:
            # Many with no parameters at all would be no statement.
            return "SELECT pg_terminate_backend(pg_backend_pid())", [()] if many else ()
        return statement, parameters

    def after_use(self, connection: Any, _record: Any) -> None:
        if self.store.sqlite and connection is not None:
            connection.execute("PRAGMA query_only = OFF")


@contextmanager
def failing(store: Store, place: str, *, lasts: bool) -> Iterator[Failing]:
    fault = Failing(store, PLACES[place], lasts)
    sa.event.listen(store.engine, "before_cursor_execute", fault.before_statement, retval=True)
    sa.event.listen(store.engine, "checkin", fault.after_use)
    yield fault
    sa.event.remove(store.engine, "before_cursor_execute", fault.before_statement)
    sa.event.remove(store.engine, "checkin", fault.after_use)


class Stopped(logging.Handler):
    """Is set when a pass says that nothing more is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.event = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if record.getMessage().startswith("nothing is sent"):
            self.event.set()


@dataclass
class Server:
    """Two connections. After `calm` messages a dialogue lasts until the pass has noticed that the database fails."""

    fault: Failing
    calm: int
    stopped: Stopped = field(default_factory=Stopped)
    took: Counter[str] = field(default_factory=Counter)
    under_way: int = 0
    width: int = 2
    form: MessageForm = "mail"
    max_bytes: int = NO_LIMIT

    async def send(self, message: Outgoing) -> SendResult:
        self.under_way += 1
        self.took[message.id] += 1
        if self.took.total() == self.calm:
            self.fault.armed = True
        elif self.fault.armed and self.took.total() > self.calm:
            await asyncio.wait_for(self.stopped.event.wait(), 20)
        self.under_way -= 1
        return OK

    async def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize("lasts", [False, True], ids=["once", "until it is mended"])
@pytest.mark.parametrize("place", ["record", "journal"])
async def test_a_pass_stops_where_an_outcome_cannot_be_recorded(
    store: Store, clock: Clock, place: str, lasts: bool
) -> None:
    """The dialogues under way end, and no other begins; the next pass records their outcomes and sends the rest."""
    insert_due(store, *(notice(department=name) for name in DEPARTMENTS))
    unrecorded: list[Answered] = []
    with failing(store, place, lasts=lasts) as fault:
        server = Server(fault, calm=4)
        logging.getLogger("tracker.deliver.load").addHandler(server.stopped)
        try:
            report = await deliver(store, many_departments(), {"mail": server}, clock, unrecorded=unrecorded)
        finally:
            logging.getLogger("tracker.deliver.load").removeHandler(server.stopped)
        left = server.took.total()
        assert (server.under_way, fault.struck > 0) == (0, True)
        assert 4 <= left <= 4 + server.width
        assert report.blocked
        assert not report.is_complete
        assert bool(unrecorded) == lasts
        assert report.sent + len(unrecorded) == left
        fault.armed, fault.lasts = False, False
        clock.forward(LEASE + SOON)
        report = await deliver(store, many_departments(), {"mail": server}, clock, unrecorded=unrecorded)
        assert not report.blocked
    assert set(server.took.values()) == {1}
    assert (len(server.took), unrecorded, open_faults(store)) == (MAILS, [], [])
    assert notice_states(store) == ["sent"] * MAILS
    with store.read() as tx:
        assert len(journal.list_rows(tx, "sample", action="notice.sent")) == MAILS
        assert_journal_holds(tx, "sample")


@pytest.mark.parametrize("lasts", [False, True], ids=["once", "until it is mended"])
async def test_a_claim_that_fails_leaves_its_notices_due(store: Store, clock: Clock, lasts: bool) -> None:
    """The fault is the database's: no address is said to be wrong, and a claim that failed once is made again."""
    insert_due(store, *(notice(department=name) for name in DEPARTMENTS))
    with failing(store, "claim", lasts=lasts) as fault:
        server = Server(fault, calm=MAILS + 1)
        fault.armed = True
        report = await deliver(store, many_departments(), {"mail": server}, clock)
        assert fault.struck
        assert (bool(report.blocked), report.unwritten, server.took.total()) == (True, 0, 0)
        assert notice_states(store) == ["due"] * MAILS
        assert select_rows(store, messages, "id") == []
        assert open_faults(store) == ([] if lasts else ["database"])
        fault.armed = fault.lasts = False
        assert (await deliver(store, many_departments(), {"mail": server}, clock)).sent == MAILS
    assert set(server.took.values()) == {1}
    assert open_faults(store) == []


async def test_what_was_not_committed_is_not_counted(store: Store, clock: Clock) -> None:
    """The record fails after the message was counted, and is made again: one message; its channel works again."""
    insert_due(store, notice(department="d0"))
    with store.begin() as tx:
        record_fault(tx, "sample", "channel:mail", "deliver", "HTTP 503", clock())
    with failing(store, "fault", lasts=False) as fault:
        fault.armed = True
        report = await deliver(store, many_departments(), {"mail": Server(fault, calm=99)}, clock)
        assert fault.struck
    assert (report.sent, report.notices, open_faults(store)) == (1, 1, ["database"])


async def test_a_fault_that_was_not_committed_is_no_earlier_one(store: Store, clock: Clock) -> None:
    """A message without an answer, once: were its own fault taken for an earlier one, the channel would be blamed."""
    insert_due(store, notice(department="d0"))

    class Silent(Server):
        async def send(self, message: Outgoing) -> SendResult:
            await super().send(message)
            return SendResult(False, "no answer", retry=True, doubtful=True, unanswered=True)

    with failing(store, "record", lasts=False) as fault:
        server = Silent(fault, calm=99)
        await deliver(store, many_departments(), {"mail": server}, clock)
        with store.begin() as tx:
            clear_fault(tx, "sample", "channel:mail", "deliver", clock())
        clock.forward(timedelta(days=5))
        fault.armed = True
        report = await deliver(store, many_departments(), {"mail": server}, clock)
        assert fault.struck
    assert (report.failed, "mailbox:d0@x.cn" in open_faults(store)) == (1, True)


async def test_a_repeat_that_cannot_be_claimed_waits_for_the_next_pass(store: Store, clock: Clock) -> None:
    insert_due(store, notice(department="d0"), notice(department="d1"))

    class Busy(Server):
        answer = SendResult(False, "452 full", retry=True)

        async def send(self, message: Outgoing) -> SendResult:
            await super().send(message)
            return self.answer

    with failing(store, "record", lasts=True) as fault:
        server = Busy(fault, calm=99)
        assert (await deliver(store, many_departments(), {"mail": server}, clock)).retried == 2
        clock.forward(timedelta(hours=1))
        fault.armed, fault.begins, server.answer = True, "UPDATE messages", OK
        report = await deliver(store, many_departments(), {"mail": server}, clock)
        assert (bool(report.blocked), server.took.total()) == (True, 2)
        fault.armed = fault.lasts = False
        assert (await deliver(store, many_departments(), {"mail": server}, clock)).sent == 2
    assert notice_states(store) == ["sent"] * 2

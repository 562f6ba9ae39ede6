"""A slow server and a second deliverer: every mail leaves exactly once, whoever holds it longer than it thought."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.channels.mail import MailChannel, SmtpSettings
from tests.deliver.outbox_office import (
    NOW,
    Clock,
    insert_due,
    notice,
    notice_states,
    parse_mail,
    rules,
    select_rows,
    send_all,
)
from tests.smtp_server import SENDER, Catcher, serving
from tracker.clock import SKEW
from tracker.core.law.county import Contact
from tracker.deliver.attempts import LEASE, Leases
from tracker.deliver.report import DeliveryReport
from tracker.deliver.run import deliver
from tracker.rulebook.loaded import Loaded
from tracker.store import messages
from tracker.store.engine import Store
from tracker.store.tables import messages as table

MAILS = 34


def many() -> Loaded:
    """A county with as many persons to write to."""
    loaded = rules()
    (book,) = loaded.rulebooks
    roles = {f"role-{n}": Contact(f"联络员{n}", f"r{n}@example.gov.cn") for n in range(MAILS)}
    county = replace(book.county, roles={**book.county.roles, **roles})
    return replace(loaded, rulebooks=(replace(book, county=county),))


class Slow(Catcher):
    """Takes one mail at a time, `minutes` each by the clock of the deliverers, to whom the database takes no time: none
    begins before what became of the last one is recorded. Further deliverers begin a pass at the mails `passes_at`."""

    def __init__(self, store: Store, clock: Clock, minutes: float, *, passes_at: tuple[int, ...] = ()) -> None:
        super().__init__()
        self.store, self.clock, self.minutes = store, clock, timedelta(minutes=minutes)
        self.passes_at = passes_at
        self.begun = 0
        self.claimed: list[int] = []  # messages that are claimed and not sent, at each mail
        self.lapsed = 0  # of them, those that anybody might take
        self.passes: list[asyncio.Task[DeliveryReport]] = []
        self.turn = asyncio.Lock()
        self.settings = SmtpSettings("127.0.0.1", SENDER)

    @asynccontextmanager
    async def serve(self, connections: int = 4) -> AsyncIterator[None]:
        async with serving(self) as settings:
            self.settings = replace(settings, connections=connections, timeout=60)
            yield

    async def deliver(self) -> DeliveryReport:
        return await send_all(self.settings, self.store, self.clock, many())

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.turn.acquire()
        await asyncio.to_thread(self._last_is_recorded)
        self.begun += 1
        with self.store.read() as tx:
            query = sa.select(sa.func.count()).where(table.c.state == "sending")
            self.claimed.append(tx.execute(query).scalar_one())
            self.lapsed += tx.execute(query.where(table.c.lease_until <= self.clock.now)).scalar_one()
        self.clock.forward(self.minutes)
        if self.begun in self.passes_at:
            self.passes.append(asyncio.create_task(self.deliver()))
        return await super().handle_MAIL(server, session, envelope, address, options)

    def _last_is_recorded(self) -> None:
        query, recorded = sa.select(sa.func.count()).where(table.c.state == "sent"), -1
        while recorded < len(arrived(self)):
            with self.store.read() as tx:
                recorded = tx.execute(query).scalar_one()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.turn.release()
        return answer


@pytest.fixture
def due(store: Store) -> Store:
    insert_due(store, *(notice(f"月报{n}", f"role-{n}", "") for n in range(MAILS)))
    return store


def arrived(*servers: Catcher) -> list[int]:
    """How often each Message-ID came."""
    mails = [parse_mail(envelope.content) for server in servers for envelope in server.taken]
    return list(Counter(str(mail["Message-ID"]) for mail in mails).values())


@pytest.mark.nightly
@pytest.mark.sampled(4)
@pytest.mark.parametrize(("connections", "minutes"), [(1, 2), (4, 0.5)])
async def test_a_slow_server_and_a_second_deliverer_double_nothing(
    due: Store, clock: Clock, connections: int, minutes: float
) -> None:
    server = Slow(due, clock, minutes, passes_at=(3, 23))
    async with server.serve(connections):
        reports = [await server.deliver(), *await asyncio.gather(*server.passes)]
        clock.forward(3 * LEASE)
        assert (await server.deliver()).sent == 0
    assert arrived(server) == [1] * MAILS
    assert notice_states(due) == ["sent"] * MAILS
    assert sum(report.sent for report in reports) == MAILS


class Stalled(Catcher):
    """Answers nobody from the twelfth mail on, until a second deliverer has made its pass over another server, two
    leases later by the clock."""

    def __init__(self, store: Store, clock: Clock, other: SmtpSettings) -> None:
        super().__init__()
        self.store, self.clock, self.other = store, clock, other
        self.begun = 0
        self.answers_again = asyncio.Event()
        self.second = DeliveryReport()

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.begun += 1
        if self.begun == 12:
            self.clock.forward(2 * LEASE)
            self.second = await send_all(self.other, self.store, self.clock, many())
            self.answers_again.set()
        if self.begun > 12:
            await self.answers_again.wait()
        return await super().handle_MAIL(server, session, envelope, address, options)


async def test_what_waits_longer_than_its_lease_is_left_to_whoever_took_it(due: Store, clock: Clock) -> None:
    """Twice may come what the server had taken and no commit had recorded, eleven mails at most, and what is in its
    hands all the while, one for each of the four connections."""
    async with serving(second := Catcher()) as other, serving(first := Stalled(due, clock, other)) as settings:
        report = await send_all(replace(settings, timeout=300), due, clock, many())
    times = arrived(first, second)
    assert len(times) == MAILS
    assert sum(times) <= MAILS + 11 + 4
    assert notice_states(due) == ["sent"] * MAILS
    assert report.sent + first.second.sent == MAILS
    assert first.second.sent > 4


@pytest.mark.sampled(2)
async def test_no_more_is_claimed_than_leaves_within_a_lease(due: Store, clock: Clock) -> None:
    """Half a minute a mail, two at once: twenty of them leave in the five minutes that a lease has to spare."""
    server = Slow(due, clock, 0.5)
    async with server.serve(connections=2):
        assert (await server.deliver()).sent == MAILS
    assert 2 <= max(server.claimed) <= 20
    assert server.lapsed == 0


async def test_where_one_mail_takes_longer_than_a_lease_has_to_spare_each_leaves_after_the_other(
    store: Store, clock: Clock
) -> None:
    insert_due(store, *(notice(f"月报{n}", f"role-{n}", "") for n in range(3)))
    server = Slow(store, clock, 9)
    async with server.serve(connections=1):
        assert (await server.deliver()).sent == 3
    assert server.claimed == [1, 1, 1]


def test_a_lease_that_ends_too_soon_is_renewed_and_one_that_was_taken_is_not(store: Store) -> None:
    message = messages.MessageRow("m-1", "sample", "mail", "liaison", "", "a@x.cn", "subject", b"body", 1, NOW)
    insert_due(store)
    with store.begin() as tx:
        assert messages.claim_messages(tx, [(message, [])], NOW, NOW + LEASE)
        assert messages.extend_lease(tx, message, NOW + 2 * LEASE)
        assert messages.list_unfinished(tx, NOW + LEASE) == []
        (found,) = messages.list_unfinished(tx, NOW + 2 * LEASE)
        assert messages.retake_message(tx, found, NOW + 2 * LEASE, NOW + 3 * LEASE)
        assert not messages.extend_lease(tx, message, NOW + 4 * LEASE)
        assert messages.extend_lease(tx, replace(message, attempts=2), NOW + 4 * LEASE)


@pytest.mark.parametrize(
    ("left", "is_kept"),
    [
        (timedelta(minutes=5), True),  # a dialogue and its record
        (timedelta(minutes=5, seconds=-1), False),
        (timedelta(seconds=-1), False),
        (LEASE + SKEW, True),
        (LEASE + SKEW + timedelta(seconds=1), False),  # by a clock that ran ahead
    ],
)
async def test_just_before_a_message_is_sent_its_lease_lasts_for_a_dialogue(
    store: Store, clock: Clock, left: timedelta, is_kept: bool
) -> None:
    message = messages.MessageRow("m-1", "sample", "mail", "liaison", "", "a@x.cn", "subject", b"body", 1, NOW)
    insert_due(store)
    with store.begin() as tx:
        assert messages.claim_messages(tx, [(message, [])], NOW, NOW + left)
    leases = Leases(store, rules().schedule.delivery, clock)
    assert await leases.ensure(replace(message, lease_until=NOW + left))
    assert select_rows(store, table, "lease_until") == [(NOW + (left if is_kept else LEASE),)]


def test_what_another_deliverer_took_cannot_be_let_go_of(store: Store) -> None:
    """Letting go makes its members due again: they would leave a second time."""
    insert_due(store, notice())
    message = messages.MessageRow("m-1", "sample", "mail", "liaison", "", "a@x.cn", "subject", b"body", 1, NOW)
    with store.begin() as tx:
        (due,) = messages.list_due_notices(tx, NOW)
        assert messages.claim_messages(tx, [(message, [due.id])], NOW, NOW + LEASE)
        (found,) = messages.list_unfinished(tx, NOW + LEASE)
        assert messages.retake_message(tx, found, NOW + LEASE, NOW + 2 * LEASE)
        messages.release_untried(tx, ["m-1"])
    assert notice_states(store) == ["claimed"]


async def test_no_dialogue_lasts_longer_than_the_lease(store: Store, clock: Clock) -> None:
    """A server that takes up to a minute at each step may take many steps."""
    loaded = rules()
    smtp = replace(loaded.schedule.delivery.smtp, timeout=timedelta(minutes=10))
    schedule = replace(loaded.schedule, delivery=replace(loaded.schedule.delivery, smtp=smtp))
    insert_due(store, notice())
    until = []

    class Watching(MailChannel):
        """Looks at the lease of what it is handed, as another deliverer does."""

        async def send(self, message: object) -> object:  # type: ignore[override]
            with store.read() as tx:
                until.extend(tx.execute(sa.select(table.c.lease_until)).scalars())
            return await super().send(message)  # type: ignore[arg-type]

    async with serving(Catcher()) as settings:
        channel = Watching(settings)
        await deliver(store, replace(loaded, schedule=schedule), {"mail": channel}, clock)
        await channel.close()
    assert until == [NOW + timedelta(minutes=42)]  # twice two timeouts and a minute for the record

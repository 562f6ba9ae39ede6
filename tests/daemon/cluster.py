"""A cluster on one machine: a PostgreSQL, workers as processes of their own, counties on one site, a mail server."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiosmtpd.smtp import Envelope

import tracker
from tests.daemon.cluster_nursery import BEGIN, SPEED, SharedClock
from tests.daemon.shared_site import SharedSite, mail, served, write_counties
from tests.journalled import assert_journal_holds
from tests.smtp_server import Catcher, serving
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.notices import insert_notices
from tracker.store.tables import messages, notices
from tracker.store.tables_cluster import passes
from tracker.store.tables_reports import runs

CHECKOUT = Path(tracker.__file__).parents[1]
PATIENCE = 300
#: By the workers' clock, a minute of which is a second and a half.
EVERY = timedelta(minutes=5)
#: So many mails may come again after a crash (docs/notices.md).
REPEATS = 20
#: Seconds between two looks at the clock.
_STEP = 0.02
#: What may have to be done by the workers' clock: what is made for a later hour of the office is none of it.
_DUE = sa.select(sa.func.count()).where(
    notices.c.state.in_(("due", "claimed")), notices.c.not_before <= sa.bindparam("at")
)


@dataclass
class Cluster:
    """`workers`: the numbers of those that run. `broken`: those that were killed, or do nothing for a while. `hit`:
    those that ever were.

    The clock of the workers runs while none of them has anything to do but to wait for something that is broken. So a
    slow machine makes no pass late, and what a fault makes late is what is waited for.
    """

    folder: Path
    database: str
    counties: tuple[str, ...]
    site: SharedSite
    server: Catcher
    store: Store
    clock: SharedClock
    nursery: asyncio.subprocess.Process
    workers: list[int] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)
    hit: set[int] = field(default_factory=set)
    is_away: bool = False  # the database; then the clock is moved by whoever took it away
    ahead: float = 0  # seconds by which the clock of one of the workers is

    async def start(self, ahead: float = 0, kinds: str = "crawl decide deliver", network: str = "-") -> int:
        """One more worker, whose clock is so many seconds ahead."""
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(f"{ahead} {network} {kinds}\n".encode())
        self.ahead = max(self.ahead, ahead)
        async with asyncio.timeout(PATIENCE):
            number = int(await self.nursery.stdout.readline())
        self.workers.append(number)
        return number

    def kill(self, number: int) -> None:
        self.breaks(number)
        os.kill(number, signal.SIGKILL)
        self.workers.remove(number)

    def breaks(self, number: int) -> None:
        """Nobody waits for the worker from now on."""
        self.broken.add(number)
        self.hit.add(number)

    # -- the clock -----------------------------------------------------------------------------------

    async def keep_time(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(_STEP)
            is_held = self.is_away or await asyncio.to_thread(self._is_at_work)
            now = time.monotonic()
            if not is_held and not self.is_away:
                self.clock.advance(min(now - last, 5 * _STEP) * SPEED)
            last = now

    def _is_at_work(self) -> bool:
        """Whether a pass is open that a worker can do; while nobody can say so, there may be one."""
        try:
            return not self._holders() <= _names(self.broken)
        except sa.exc.OperationalError:
            return True

    def _holders(self) -> set[str]:
        """Who has the passes that are open."""
        with self.store.read() as tx:
            return set(tx.execute(sa.select(passes.c.holder).where(passes.c.state == "open")).scalars())

    def has_work(self, number: int) -> bool:
        return bool(self._holders() & _names({number}))

    def give_up(self, number: int) -> None:
        """The signs of life of what has the worker's passes are an hour old, as if that had gone by."""
        with self.store.engine.begin() as tx:
            tx.execute(_AGE, {"holder": f"{socket.gethostname()}:{number}"})

    def is_often_begun(self, number: int, times: int) -> bool:
        """Whether the worker has a pass that was begun so often."""
        query = sa.select(sa.func.count()).where(passes.c.holder.in_(_names({number})), passes.c.attempts >= times)
        return self._count(query) > 0

    async def released(self) -> None:
        """What the broken ones had is in other hands or done."""
        await self.until(lambda: not self._holders() & _names(self.broken))

    async def without_database(self, seconds: float) -> timedelta:
        """It stays away so long, and the clock goes on; for how long by that clock."""
        before, last = self.clock.read(), time.monotonic()
        while seconds > 0:
            await asyncio.sleep(_STEP)
            now = time.monotonic()
            self.clock.advance((now - last) * SPEED)
            seconds, last = seconds - (now - last), now
        return timedelta(seconds=self.clock.read() - before)

    # -- the end -------------------------------------------------------------------------------------

    async def stop(self) -> None:
        """All workers end in order."""
        for number in self.workers:
            os.kill(number, signal.SIGTERM)
        await self.ended()

    async def ended(self) -> None:
        """All workers have ended."""
        await self.gone()
        self.workers.clear()

    async def gone(self) -> None:
        await self.until(lambda: not any(map(is_alive, self.workers)))

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await asyncio.to_thread(holds):  # noqa: ASYNC110 - other processes give no event
                await asyncio.sleep(0.02)

    # -- what is seen --------------------------------------------------------------------------------

    def done(self, job: str) -> int:
        """How many slots of the job are done."""
        return self._count(sa.select(sa.func.count()).where(runs.c.job == job, runs.c.outcome == "ok"))

    async def asked(self, number: int) -> None:
        """The site was asked so many times from now on."""
        await self._grows(self.site.asked.total, number)

    async def taken(self, number: int) -> None:
        """The mail server took so many mails from now on."""
        await self._grows(lambda: len(self.server.taken), number)

    async def begun(self, number: int) -> None:
        """So many passes were begun from now on."""
        await self._grows(lambda: self._count(_ATTEMPTS), number)

    async def more(self, job: str, number: int = 1) -> None:
        """So many slots of the job are done from now on."""
        await self._grows(lambda: self.done(job), number)

    async def _grows(self, count: Callable[[], int], number: int) -> None:
        wanted = await asyncio.to_thread(count) + number
        await self.until(lambda: count() >= wanted)

    async def settle(self) -> None:
        """Every mail that is due is sent, and the workers end in order."""
        await self.until(self._is_all_sent)  # what was in dead hands waits for its time
        self.is_away = True  # from here on nothing new comes due
        await self.until(self._is_all_sent)
        await self.stop()

    def _is_all_sent(self) -> bool:
        return self._count(_DUE.params(at=self.now())) == 0

    def now(self) -> datetime:
        """The latest instant by the clock of any worker."""
        return self.clock.ahead(self.ahead)()

    def _count(self, query: sa.Executable) -> int:
        with self.store.read() as tx:
            return int(tx.execute(query).scalar_one())

    def check(self, away: timedelta = timedelta(0)) -> None:
        """Nothing lost or doubled, no host asked twice at once, and no pass missed or late by more than two periods.

        `away`: for how long the database was.
        """
        assert self.site.most == 1
        with self.store.read() as tx:
            is_open = sa.exists().where(passes.c.run == runs.c.id, passes.c.state == "open")
            columns = (runs.c.job, runs.c.slot_at, runs.c.ended_at, runs.c.outcome, is_open.label("open"))
            slots = tx.execute(sa.select(*columns).order_by(runs.c.slot_at)).all()
            crawls = tx.exec_driver_sql(_CRAWLS).all()
            told = tx.execute(
                sa.select(notices.c.state, notices.c.message).where(notices.c.not_before <= self.now())
            ).all()
            kept = set(tx.execute(sa.select(messages.c.id).where(messages.c.state == "sent")).scalars())
            taken_over = tx.exec_driver_sql("SELECT message, holder FROM retaken").all()
        unwatch(self.store)  # the journal's check finds triggers that are not Duban's
        with self.store.read() as tx:
            for county in self.counties:
                assert_journal_holds(tx, county)
        assert {(slot.outcome, slot.open) for slot in slots} <= {("ok", False), ("running", True)}
        assert {crawl.state for crawl in crawls} == {"ok"}
        late = 2 * EVERY + away
        assert [slot for slot in slots if slot.ended_at and slot.ended_at - slot.slot_at > late] == []
        series = [[slot.slot_at for slot in slots if slot.job == job] for job in ("crawl", "tick")]
        series += [[crawl.slot_at for crawl in crawls if crawl.county == county] for county in self.counties]
        for each in series:
            assert each
            assert max((later - slot for slot, later in pairwise(each)), default=EVERY) <= late, each
        self.check_mails(told, kept, taken_over)

    def check_mails(
        self,
        told: Sequence[sa.Row[tuple[str, str]]],
        kept: set[str],
        taken_over: Sequence[sa.Row[Any]],
    ) -> None:
        """Each notice was sent once; again only what was taken from a broken worker, with the same bytes."""
        assert {state for state, _ in told} == {"sent"}
        arrived = Counter(map(id_of, self.server.taken))
        assert {message for _, message in told} == kept == set(arrived)
        again = [(message, holder) for message, holder in taken_over if arrived[message] > 1]
        assert {name for name, times in arrived.items() if times > 1} == {message for message, _ in again}
        assert {holder for _, holder in again} <= _names(self.hit)
        assert max(Counter(holder for _, holder in again).values(), default=0) <= REPEATS
        assert len({one.content for one in self.server.taken}) == len(arrived)


def _names(numbers: Collection[int]) -> set[str]:
    return {f"{socket.gethostname()}:{number}" for number in numbers}


def id_of(envelope: Envelope) -> str:
    assert isinstance(envelope.content, bytes)
    return str(message_from_bytes(envelope.content)["Message-ID"]).strip("<>").partition("@")[0]


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


#: Writes down each attempt at a pass, and each that was given back, whatever becomes of the pass; how passes end; and
#: the mails that were taken from somebody who had begun to send them.
_WATCH = """
CREATE TABLE begun (run integer, job text, county text, change integer);
CREATE FUNCTION note_begun() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO begun VALUES (new.run, new.job, new.county, new.attempts - old.attempts); RETURN new; END $$;
CREATE TRIGGER note_begun BEFORE UPDATE ON passes FOR EACH ROW
WHEN (new.attempts <> old.attempts) EXECUTE FUNCTION note_begun();
CREATE TABLE ended (run integer, job text, county text, state text);
CREATE FUNCTION note_ended() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO ended VALUES (new.run, new.job, new.county, new.state); RETURN new; END $$;
CREATE TRIGGER note_ended BEFORE UPDATE ON passes FOR EACH ROW
WHEN (old.state = 'open' AND new.state <> 'open') EXECUTE FUNCTION note_ended();
CREATE TABLE retaken (message text, holder text);
CREATE FUNCTION note_retaken() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO retaken VALUES (new.id, old.holder); RETURN new; END $$;
CREATE TRIGGER note_retaken BEFORE UPDATE ON messages FOR EACH ROW
WHEN (new.attempts <> old.attempts) EXECUTE FUNCTION note_retaken();
"""
_UNWATCH = "".join(
    f"DROP TABLE IF EXISTS {name}; DROP FUNCTION IF EXISTS note_{name} CASCADE;"
    for name in ("begun", "ended", "retaken")
)
_BEGUN = """
SELECT begun.job, slot_at, county, outcome, sum(change) FROM begun JOIN runs ON runs.id = run
GROUP BY run, begun.job, slot_at, county, outcome
"""
_AGE = sa.text("""
UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '1 hour' WHERE id IN (
    SELECT worker_id FROM procrastinate_jobs JOIN passes ON passes.id = (args ->> 'id')::bigint WHERE holder = :holder)
""")
_ATTEMPTS = sa.text("SELECT count(*) FROM begun WHERE change > 0")
_CRAWLS = (
    "SELECT county, slot_at, state FROM ended JOIN runs ON runs.id = run WHERE ended.job = 'crawl' ORDER BY slot_at"
)


@contextmanager
def watched(store: Store) -> Iterator[None]:
    with store.engine.begin() as tx:
        tx.exec_driver_sql(_WATCH)
    try:
        yield
    finally:
        unwatch(store)


def unwatch(store: Store) -> None:
    with store.engine.begin() as tx:
        tx.exec_driver_sql(_UNWATCH)


@contextmanager
def attempts_watched(store: Store) -> Iterator[list[sa.Row[Any]]]:
    """Gives, at its end, each pass that was begun: job, slot, county, what became of the slot, and how often."""
    found = list[sa.Row[Any]]()
    with watched(store):
        yield found
        with store.read() as tx:
            found += tx.exec_driver_sql(_BEGUN).all()


@asynccontextmanager
async def nursery(folder: Path, database: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.daemon.cluster_nursery", str(folder), database,
        cwd=CHECKOUT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    try:
        yield process
    finally:
        process.stdin.close()
        await process.wait()


@asynccontextmanager
async def cluster(
    folder: Path, database: str, counties: int = 3, mails: int = 20, at: str = "127.0.0.1"
) -> AsyncIterator[Cluster]:
    """A cluster without a worker yet, in this folder; each county has `mails`, one due each minute."""
    names = tuple(f"county-{number}" for number in range(counties))
    clock, site, server = SharedClock(folder), SharedSite(), Catcher()
    async with served(site, at) as address, serving(server) as smtp:
        write_counties(folder, names, address, smtp.port, mails)
        with Store(database, durable=False) as store, watched(store):
            with store.begin() as tx:
                for name in names:
                    ensure_county(tx, name)
                    due = [BEGIN + number * timedelta(minutes=1) for number in range(mails)]
                    insert_notices(tx, [mail(name, number, when) for number, when in enumerate(due)], BEGIN)
            async with nursery(folder, database) as parent:
                running = Cluster(folder, database, names, site, server, store, clock, parent)
                keeping = asyncio.ensure_future(running.keep_time())
                try:
                    yield running
                finally:
                    keeping.cancel()
                    with suppress(asyncio.CancelledError):
                        await keeping
                    for number in filter(is_alive, running.workers):
                        os.kill(number, signal.SIGKILL)
                    await running.gone()

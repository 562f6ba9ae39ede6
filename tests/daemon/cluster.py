"""A cluster on one machine: a PostgreSQL, workers as processes of their own, counties on one site, a mail server."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from itertools import pairwise
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from aiosmtpd.smtp import Envelope

import tracker
from tests.daemon.cluster_nursery import BEGIN
from tests.decide.small_county import COUNTY, SCHEDULE, write_rules
from tests.journalled import assert_journal_holds
from tests.smtp_server import Catcher, serving
from tracker.core.escalation.notices import Notice, NoticeKey
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.notices import insert_notices
from tracker.store.tables import messages, notices
from tracker.store.tables_cluster import passes
from tracker.store.tables_reports import runs

CHECKOUT = Path(tracker.__file__).parents[1]
PATIENCE = 300
PAGE = "<html><meta charset='utf-8'><title>栏目</title><ul><li><a href='1.html'>水环境质量月报</a>2015-07-09</li></ul>"
#: By the workers' clock, a minute of which is a second.
EVERY = timedelta(minutes=8)
JOBS = '{crawl: "*/8 * * * *", tick: "*/8 * * * *", deliver: "* * * * *"}'
UNSENT = sa.select(sa.func.count()).where(notices.c.state.in_(("due", "claimed")))


@dataclass
class SharedSite:
    """The site of all counties, one host. `most`: requests at one time."""

    open: int = 0
    most: int = 0
    asked: Counter[str] = field(default_factory=Counter)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked[request.match_info["county"]] += 1
        self.open += 1
        self.most = max(self.most, self.open)
        await asyncio.sleep(0.01)  # a page takes its time; who else asks meanwhile is seen
        self.open -= 1
        return web.Response(text=PAGE, content_type="text/html")


@dataclass
class Cluster:
    """`workers`: the numbers of those that run. `left`: mails that were in the hands of one that was broken off."""

    folder: Path
    database: str
    counties: tuple[str, ...]
    site: SharedSite
    server: Catcher
    store: Store
    began: float
    nursery: asyncio.subprocess.Process
    workers: list[int] = field(default_factory=list)
    left: set[str] = field(default_factory=set)

    async def start(self, ahead: float = 0, kinds: str = "crawl decide deliver") -> int:
        """One more worker, whose clock is so many seconds ahead."""
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        self.nursery.stdin.write(f"{ahead} {kinds}\n".encode())
        async with asyncio.timeout(PATIENCE):
            number = int(await self.nursery.stdout.readline())
        self.workers.append(number)
        return number

    def kill(self, number: int) -> None:
        os.kill(number, signal.SIGKILL)
        self.workers.remove(number)
        self.note_unrecorded()

    def note_unrecorded(self) -> None:
        """The mails that are in somebody's hands: whoever breaks off now may have sent them."""
        query = sa.select(messages.c.id).where(messages.c.state == "sending")
        with self.store.read() as tx:
            self.left |= set(tx.execute(query).scalars())

    async def stop(self) -> None:
        """All workers end in order."""
        for number in self.workers:
            os.kill(number, signal.SIGTERM)
        await self.ended()

    async def ended(self) -> None:
        """All workers have ended."""
        await self.until(lambda: not any(map(is_alive, self.workers)))
        self.workers.clear()
        self.note_unrecorded()

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
        wanted = self.site.asked.total() + number
        await self.until(lambda: self.site.asked.total() >= wanted)

    async def more(self, job: str, number: int = 1) -> None:
        """So many slots of the job are done from now on."""
        wanted = self.done(job) + number
        await self.until(lambda: self.done(job) >= wanted)

    async def settle(self) -> None:
        """Every mail is sent, and the workers end in order."""
        await self.until(lambda: self._count(UNSENT) == 0)
        await self.stop()

    def _count(self, query: sa.Select[tuple[int]]) -> int:
        with self.store.read() as tx:
            return int(tx.execute(query).scalar_one())

    def check(self, away: timedelta = timedelta(0)) -> None:
        """Nothing lost or doubled, no host asked twice at once, and no pass missed for more than two periods.

        `away`: for how long the database was.
        """
        assert self.site.most == 1
        with self.store.read() as tx:
            for county in self.counties:
                assert_journal_holds(tx, county)
            is_open = sa.exists().where(passes.c.run == runs.c.id, passes.c.state == "open")
            found = tx.execute(sa.select(runs.c.job, runs.c.slot_at, runs.c.outcome, is_open).order_by(runs.c.slot_at))
            rows = found.all()
            told = tx.execute(sa.select(notices.c.state, notices.c.message)).all()
            kept = set(tx.execute(sa.select(messages.c.id).where(messages.c.state == "sent")).scalars())
        assert {(row[2], row[3]) for row in rows} <= {("ok", False), ("running", True)}
        for job in ("crawl", "tick"):
            slots = [row[1] for row in rows if row[0] == job]
            assert max((later - slot for slot, later in pairwise(slots)), default=EVERY) <= 2 * EVERY + away, slots
        self.check_mails(told, kept)

    def check_mails(self, told: Sequence[sa.Row[tuple[str, str]]], kept: set[str]) -> None:
        """Each notice was sent once; again only what was in the hands of a killed worker, with the same bytes."""
        assert {state for state, _ in told} == {"sent"}
        arrived = Counter(map(id_of, self.server.taken))
        assert {message for _, message in told} == kept == set(arrived)
        assert {name for name, times in arrived.items() if times > 1} <= self.left
        assert len({one.content for one in self.server.taken}) == len(arrived)


def id_of(envelope: Envelope) -> str:
    assert isinstance(envelope.content, bytes)
    return str(message_from_bytes(envelope.content)["Message-ID"]).strip("<>").partition("@")[0]


def is_alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def write_counties(folder: Path, names: Sequence[str], site: str, smtp: int = 0, mails: int = 0) -> None:
    """Counties with a role for each of so many mails. Without a mail server they write to the folder `mails`."""
    schedule = re.sub("jobs: .*", f"jobs: {JOBS}", SCHEDULE)
    schedule = schedule.replace("timeout: 10 seconds", "timeout: 2 seconds, file_timeout: 2 seconds")
    if smtp:
        server = f"smtp: {{host: 127.0.0.1, port: {smtp}, tls: none}}"
        schedule = schedule.replace("via: folder, folder: mails", f"via: smtp, {server}")
    write_rules(folder, schedule=schedule)
    shutil.rmtree(folder / "rules/counties/small")
    roles = "".join(f"role-{number}: {{mail: r{number}@small.example}}, " for number in range(mails))
    for name in names:
        text = COUNTY.replace("county: small", f"county: {name}").replace("url: /", "url: ")
        text = text.replace("${SMALL_SITE}", f"{site}{name}/").replace("roles: {", f"roles: {{{roles}")
        (folder / "rules/counties" / name).mkdir()
        (folder / "rules/counties" / name / "county.yaml").write_text(text, "utf-8")


def mail(county: str, number: int, at: datetime) -> Notice:
    key = NoticeKey(f"column:{number}", 0, 0, "blind", 0, f"role-{number}", "mail")
    shown = {"kind": "fault", "step": "blind", "title": f"栏目{number}", "reason": "栏目打不开。"}
    return Notice(key, county, "", "fault", False, "栏目打不开。", at, shown)


#: Writes down each attempt at a pass, and each that was given back, whatever becomes of the pass.
_WATCH = """
CREATE TABLE begun (run integer, job text, county text, change integer);
CREATE FUNCTION note_begun() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO begun VALUES (new.run, new.job, new.county, new.attempts - old.attempts); RETURN new; END $$;
CREATE TRIGGER note_begun BEFORE UPDATE ON passes FOR EACH ROW
WHEN (new.attempts <> old.attempts) EXECUTE FUNCTION note_begun();
"""
_BEGUN = """
SELECT begun.job, slot_at, county, outcome, sum(change) FROM begun JOIN runs ON runs.id = run
GROUP BY run, begun.job, slot_at, county, outcome
"""


@contextmanager
def attempts_watched(store: Store) -> Iterator[list[sa.Row[Any]]]:
    """Gives, at its end, each pass that was begun: job, slot, county, what became of the slot, and how often."""
    found = list[sa.Row[Any]]()
    with store.engine.begin() as tx:
        tx.exec_driver_sql(_WATCH)
    try:
        yield found
    finally:
        with store.engine.begin() as tx:
            found += tx.exec_driver_sql(_BEGUN).all()
            tx.exec_driver_sql("DROP TABLE begun; DROP FUNCTION note_begun CASCADE")


@asynccontextmanager
async def served(site: SharedSite) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{county}/{rest:.*}", site.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def nursery(folder: Path, database: str, began: float) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.daemon.cluster_nursery", str(folder), database, str(began),
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
async def cluster(folder: Path, database: str, counties: int = 3, mails: int = 20) -> AsyncIterator[Cluster]:
    """A cluster without a worker yet, in this folder; each county has `mails`, one due each minute."""
    names, began = tuple(f"county-{number}" for number in range(counties)), time.time()
    site, server = SharedSite(), Catcher()
    async with served(site) as address, serving(server) as smtp:
        write_counties(folder, names, address, smtp.port, mails)
        with Store(database, durable=False) as store:
            with store.begin() as tx:
                for name in names:
                    ensure_county(tx, name)
                    due = [BEGIN + number * timedelta(minutes=1) for number in range(mails)]
                    insert_notices(tx, [mail(name, number, at) for number, at in enumerate(due)], BEGIN)
            async with nursery(folder, database, began) as parent:
                running = Cluster(folder, database, names, site, server, store, began, parent)
                try:
                    yield running
                finally:
                    for number in filter(is_alive, running.workers):
                        os.kill(number, signal.SIGKILL)

"""Killed again and again in mid-pass: nothing is lost, and nothing doubled but what was in the server's hands.

Kills are triggered by what the daemon does (a line of its log, a request, a step of the mail dialogue,
a held lock), never by the clock.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from email import message_from_bytes
from pathlib import Path
from typing import Literal, NamedTuple

import psycopg
import pytest
import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.daemon.daemon_process import Daemon, make_county, sample_world, site_of
from tests.journalled import assert_journal_holds
from tests.smtp_server import Catcher, serving
from tracker.demo.site import serve
from tracker.demo.world import World
from tracker.evidence import archive
from tracker.store import journal
from tracker.store.engine import Store
from tracker.store.tables import captures, entries, messages, notices, occurrences
from tracker.store.tables_reports import runs


class Place(NamedTuple):
    """Where a daemon dies: at the n-th time since its start that it gets there.

    `data`: the server has the mail and has not answered; `answered`: the daemon has read the 250 and
    cannot commit; `locked`: in the middle of a long transaction.
    """

    where: Literal["start", "request", "crawl", "locked", "tick", "rcpt", "data", "answered"]
    n: int = 1


PLACES = (
    Place("start"), Place("request"), Place("request", 12), Place("request", 50), Place("request", 75),
    Place("request", 110), Place("crawl"), Place("locked"), Place("locked"), Place("tick"),
    Place("rcpt"), Place("data"), Place("answered"), Place("answered", 2), Place("rcpt", 3),
    Place("data", 4), Place("locked"), Place("answered", 3), Place("data", 2), Place("answered"),
)  # fmt: skip
LINES = {"start": "start: running for", "crawl": "crawl: ", "tick": "tick: "}


class Lock:
    """What a writer holds: the whole file on SQLite, the county's row on PostgreSQL. Let go of when closed."""

    def __init__(self, url: str) -> None:
        self._sqlite = url.startswith("sqlite")
        self._connection: sqlite3.Connection | psycopg.Connection = (
            sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
            if self._sqlite
            else psycopg.connect(url, autocommit=True)
        )

    def take(self) -> bool:
        """Hold it, unless somebody else does."""
        try:
            self._connection.execute("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")
            if not self._sqlite:
                self._connection.execute("SELECT 1 FROM counties FOR UPDATE NOWAIT")
        except sqlite3.OperationalError:
            return False
        except psycopg.errors.LockNotAvailable:
            self.release()
            return False
        return True

    def release(self) -> None:
        self._connection.execute("ROLLBACK")

    def close(self) -> None:
        self._connection.close()


class Hunt:
    """Kills the daemon at its place; the site and the mail server report to it."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.daemon: Daemon | None = None
        self.place: Place | None = None
        self.times = 0

    def set_on(self, daemon: Daemon, place: Place) -> None:
        self.daemon, self.place, self.times = daemon, place, 0

    def due(self, where: str) -> bool:
        """Whether the daemon is to die here and now."""
        if self.place is None or self.place.where != where:
            return False
        self.times += 1
        return self.times == self.place.n

    async def strike(self) -> None:
        """Kill, and wait until it is dead: whoever reports to us answers nobody any more."""
        assert self.daemon is not None
        self.place = None
        self.daemon.kill()
        await self.daemon.process.wait()

    async def at(self, where: str) -> None:
        if self.due(where):
            await self.strike()

    async def request(self) -> None:
        await self.at("request")


class Server(Catcher):
    """Keeps every mail it was handed, also those whose sender it saw die."""

    def __init__(self, hunt: Hunt) -> None:
        super().__init__()
        self.hunt = hunt
        self._deaths: set[asyncio.Task[None]] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.hunt.at("rcpt")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if self.hunt.due("data"):
            await self.hunt.strike()
        elif self.hunt.due("answered"):
            lock = Lock(self.hunt.database)
            assert lock.take()
            assert session.peer is not None
            # After this step of the dialogue: the answer is written when this method has returned.
            death = asyncio.ensure_future(self._after_reading(session.peer[1], lock))
            self._deaths.add(death)
        return answer

    async def _after_reading(self, port: int, lock: Lock) -> None:
        with closing(lock):
            while unread(port):  # noqa: ASYNC110 - no event tells what another process has read
                await asyncio.sleep(0)
            await self.hunt.strike()


def unread(port: int) -> int:
    """How many bytes wait for the process whose socket on this machine has the port."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table]
    return sum(int(row[4].partition(":")[2], 16) for row in rows[1:] if row[1].endswith(f":{port:04X}"))


#: Probes in a row that find the lock held: a pass of the sample county holds it for several times as long.
MANY = 40


async def long_transaction(database: str) -> None:
    """Returns in the middle of somebody's long transaction: many probes in a row find the lock held."""
    with closing(Lock(database)) as probe:
        held = 0
        while held < MANY:
            held += 1
            if probe.take():
                probe.release()
                held = 0
            await asyncio.sleep(0)


async def die(hunt: Hunt, folder: Path, site: str, place: Place) -> None:
    """Start a daemon and see it die at the place; it must not get through its passes."""
    daemon = await Daemon.start(folder, "--database", hunt.database, site=site)
    hunt.set_on(daemon, place)
    while line := await daemon.line():
        assert "caught up" not in line, f"got past {place}:\n{''.join(daemon.lines)}"
        for where, text in LINES.items():
            if text in line:
                await hunt.at(where)
        if LINES["start"] in line and place.where == "locked":
            await long_transaction(hunt.database)
            await hunt.strike()
    assert await daemon.ended() == -9, "".join(daemon.lines)
    assert hunt.place is None, place


async def live(folder: Path, site: str, database: str) -> None:
    daemon = await Daemon.start(folder, "--database", database, site=site)
    await daemon.says("caught up")
    assert await daemon.stop() == 0


def id_of(envelope: Envelope) -> str:
    """The message's id in the table, which its Message-ID begins with."""
    assert isinstance(envelope.content, bytes)
    return str(message_from_bytes(envelope.content)["Message-ID"]).strip("<>").partition("@")[0]


async def unrecorded(database: str, handed_over: Sequence[Envelope], known: set[int]) -> list[str]:
    """Of the mails that a killed daemon had handed over, those whose record it had not committed.

    What it had asked of PostgreSQL is let end first. `known`: who was connected before it started.
    """
    if not handed_over:
        return []
    while connected(database) - known:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0)
    with Store(database) as store, store.read() as tx:
        sending = set(tx.execute(sa.select(messages.c.id).where(messages.c.state == "sending")).scalars())
    return [name for name in map(id_of, handed_over) if name in sending]


def connected(database: str) -> set[int]:
    """Who else is connected to the database of PostgreSQL, by the number of the process that serves it."""
    if database.startswith("sqlite"):
        return set()
    with psycopg.connect(database, autocommit=True) as connection:
        return {pid for (pid,) in connection.execute(OTHERS)}


def all_rows(store: Store, table: sa.Table, *names: str) -> list[tuple[object, ...]]:
    with store.read() as tx:
        found = tx.execute(sa.select(*(table.c[name] for name in names)).order_by(*table.primary_key))
        return [tuple(row) for row in found]


def broken(database: str) -> Iterator[object]:
    """What SQLite finds wrong with its file."""
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"))) as connection:
        yield from connection.execute("PRAGMA foreign_key_check")
        yield from (text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok")


#: Mails whose senders wait for the same commit, at most.
AT_ONCE = 20

#: The office reads the next morning that the plan of 2015 has ended.
UNREADY = (
    "golive:plan:foi-2007:2015-12-31",
    "golive:plan:plan-2015:2015-02-28",
    "golive:start:2015-01-01",
    "golive:sender:政务公开督办 <duban@localhost>",
)
#: Who else is connected to the database.
OTHERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
DECIDED = ("key", "status", "light", "due_on", "due_at", "due_revision", "episode", "closed")


def at_home(folder: Path) -> str:
    return f"sqlite:///{folder / 'duban.db'}"


async def undisturbed(folder: Path) -> tuple[World, list[tuple[object, ...]]]:
    """What the same county comes to without a kill."""
    mails = Catcher()
    async with serving(mails) as smtp:
        world = sample_world(make_county(folder, smtp=smtp.port))
        async with serve(site_of(world)) as site:
            await live(folder, site, at_home(folder))
    with Store(at_home(folder)) as store:
        return world, all_rows(store, occurrences, *DECIDED)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, list[tuple[object, ...]]]:
    return asyncio.run(undisturbed(tmp_path_factory.mktemp("undisturbed") / "calm"))


@pytest.mark.nightly
async def test_killed_again_and_again_nothing_is_lost_or_doubled(
    tmp_path: Path, calm: tuple[World, list[tuple[object, ...]]]
) -> None:
    """At every change a part of `tests/faults` has daemons killed at a few steps."""
    folder = tmp_path / "killed"
    await check_killed(PLACES, folder, at_home(folder), *calm)
    assert list(broken(at_home(folder))) == []


@pytest.mark.nightly
async def test_nor_on_postgresql(
    tmp_path: Path, postgres_url: str, calm: tuple[World, list[tuple[object, ...]]]
) -> None:
    await check_killed(PLACES, tmp_path / "killed", postgres_url, *calm)


async def check_killed(
    places: Sequence[Place], folder: Path, database: str, world: World, expected: list[tuple[object, ...]]
) -> None:
    """Killed at each place and let live in the end, the county comes to what it comes to undisturbed."""
    hunt = Hunt(database)
    server = Server(hunt)
    again: Counter[str] = Counter()
    known = connected(database)
    async with serving(server) as smtp, serve(site_of(world, hunt.request)) as site:
        make_county(folder, smtp=smtp.port, database=database)
        for place in places:
            before = len(server.taken)
            await die(hunt, folder, site, place)
            left = await unrecorded(database, server.taken[before:], known)
            assert left or place.where not in ("data", "answered")  # any other may come while a mail is under way
            assert len(left) <= AT_ONCE
            again.update(left)
        await live(folder, site, database)

    with Store(database) as store:
        with store.read() as tx:
            assert_journal_holds(tx, "sample")
            written = [row.subject for row in journal.list_rows(tx, "sample", action="notice.sent")]
        assert all_rows(store, occurrences, *DECIDED) == expected
        told = [row for row in all_rows(store, notices, "state", "subject", "message") if row[1] not in UNREADY]
        kept = all_rows(store, messages, "id", "state", "body")
        assert "running" not in {outcome for (outcome,) in all_rows(store, runs, "outcome")}
        files = all_rows(store, captures, "file", "offset", "length", "digest", "url")
        seen = all_rows(store, entries, "url")
    assert {url for (url,) in seen} <= {one[-1] for one in files}
    assert [one for one in files if not whole(folder / "archive", *one)] == []  # type: ignore[arg-type]

    assert {state for state, _, _ in told} <= {"sent", "cancelled", "superseded"}
    sent = [(subject, message) for state, subject, message in told if state == "sent"]
    assert len(sent) > 60
    assert all(message for _, message in sent)
    assert Counter(written) == Counter(subject for subject, _ in sent)  # each recorded as sent once
    assert {message for _, message in sent} == {number for number, _, _ in kept}
    assert {state for _, state, _ in kept} == {"sent"}
    check_mails(server, {bytes(body) for _, _, body in kept if isinstance(body, bytes)}, again)


def whole(folder: Path, file: str, offset: int, length: int, digest: str, _url: str) -> bool:
    """Whether what the table names lies in the archive, whatever was killed while it was written."""
    said = archive.responses(archive.raw(folder, archive.Place(file, offset, length)))[-1]
    return hashlib.sha256(said.body).hexdigest() == digest


def check_mails(server: Server, bodies: set[bytes], again: Counter[str]) -> None:
    """What the server was handed: every message, byte by byte, once and once more for each death before its record."""
    contents = [envelope.content for envelope in server.taken if isinstance(envelope.content, bytes)]
    assert {one.replace(b"\r\n", b"\n") for one in contents} == {one.replace(b"\r\n", b"\n") for one in bodies}
    arrived = Counter(id_of(envelope) for envelope in server.taken)
    assert len(arrived) == len(bodies)
    assert arrived == Counter(dict.fromkeys(arrived, 1)) + again

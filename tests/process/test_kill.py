"""Killed twenty times in mid-pass: nothing is lost, and nothing doubled but what was in the server's hands.

Kills are triggered by what the daemon does (a line of its log, a request, a step of the mail dialogue,
a held lock), never by the clock.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from email import message_from_bytes
from pathlib import Path
from typing import Literal, NamedTuple

import sqlalchemy as sa
from aiosmtpd.smtp import SMTP, Envelope, Session
from daemon_process import Daemon, make_county, sample_world, site_of
from smtp_server import Catcher, serving

from tracker.demo.site import serve
from tracker.demo.world import World
from tracker.evidence import archive
from tracker.store import journal
from tracker.store.engine import Store
from tracker.store.tables import captures, entries, messages, notices, occurrences, runs


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


class Hunt:
    """Kills the daemon at its place; the site and the mail server report to it."""

    def __init__(self, database: Path) -> None:
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
        self.died_with: Counter[str] = Counter()
        self._deaths: set[asyncio.Task[None]] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        await self.hunt.at("rcpt")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if self.hunt.due("data"):
            self.died_with[id_of(envelope)] += 1
            await self.hunt.strike()
        elif self.hunt.due("answered"):
            self.died_with[id_of(envelope)] += 1
            lock = sqlite3.connect(self.hunt.database, isolation_level=None)
            lock.execute("BEGIN IMMEDIATE")
            assert session.peer is not None
            # After this step of the dialogue: the answer is written when this method has returned.
            death = asyncio.ensure_future(self._after_reading(session.peer[1], lock))
            self._deaths.add(death)
        return answer

    async def _after_reading(self, port: int, lock: sqlite3.Connection) -> None:
        with closing(lock):
            while unread(port):  # noqa: ASYNC110 - no event tells what another process has read
                await asyncio.sleep(0)
            await self.hunt.strike()


def unread(port: int) -> int:
    """How many bytes wait for the process whose socket on this machine has the port."""
    with open("/proc/net/tcp") as table:
        rows = [line.split() for line in table]
    return sum(int(row[4].partition(":")[2], 16) for row in rows[1:] if row[1].endswith(f":{port:04X}"))


async def long_transaction(database: Path) -> None:
    """Returns in the middle of somebody's long transaction: many probes in a row find the lock held."""
    with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as probe:
        held = 0
        while held < 200:
            try:
                probe.execute("BEGIN IMMEDIATE")
                probe.execute("ROLLBACK")
                held = 0
            except sqlite3.OperationalError:
                held += 1
            await asyncio.sleep(0)


async def die(hunt: Hunt, folder: Path, site: str, place: Place) -> None:
    """Start a daemon and see it die at the place; it must not get through its passes."""
    daemon = await Daemon.start(folder, site=site)
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


async def live(folder: Path, site: str) -> None:
    daemon = await Daemon.start(folder, site=site)
    await daemon.says("caught up")
    assert await daemon.stop() == 0


def id_of(envelope: Envelope) -> str:
    assert isinstance(envelope.content, bytes)
    return str(message_from_bytes(envelope.content)["Message-ID"])


async def all_rows(store: Store, table: sa.Table, *names: str) -> list[tuple[object, ...]]:
    async with store.read() as tx:
        found = await tx.execute(sa.select(*(table.c[name] for name in names)).order_by(*table.primary_key))
        return [tuple(row) for row in found]


def broken(database: Path) -> Iterator[object]:
    with closing(sqlite3.connect(database)) as connection:
        yield from connection.execute("PRAGMA foreign_key_check")
        yield from (text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok")


DECIDED = ("key", "status", "light", "due_on", "due_at", "due_revision", "episode", "closed")


async def undisturbed(folder: Path) -> tuple[World, list[tuple[object, ...]]]:
    """What the same county comes to without a kill."""
    mails = Catcher()
    async with serving(mails) as smtp:
        world = sample_world(make_county(folder, smtp=smtp.port))
        async with serve(site_of(world)) as site:
            await live(folder, site)
    async with Store(f"sqlite:///{folder / 'duban.db'}") as store:
        return world, await all_rows(store, occurrences, *DECIDED)


async def test_killed_twenty_times_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    assert len(PLACES) == 20
    folder, database = tmp_path / "killed", tmp_path / "killed" / "duban.db"
    world, expected = await undisturbed(tmp_path / "calm")
    hunt = Hunt(database)
    server = Server(hunt)
    async with serving(server) as smtp, serve(site_of(world, hunt.request)) as site:
        make_county(folder, smtp=smtp.port)
        for place in PLACES:
            await die(hunt, folder, site, place)
        await live(folder, site)

    assert list(broken(database)) == []
    async with Store(f"sqlite:///{database}") as store:
        async with store.read() as tx:
            assert await journal.verify(tx, "sample") == []
            written = [row.subject for row in await journal.show(tx, "sample", action="notice.sent")]
        assert await all_rows(store, occurrences, *DECIDED) == expected
        told = await all_rows(store, notices, "state", "subject", "message")
        kept = await all_rows(store, messages, "id", "state", "body")
        assert "running" not in {outcome for (outcome,) in await all_rows(store, runs, "outcome")}
        places = await all_rows(store, captures, "file", "offset", "length", "digest", "url")
        seen = await all_rows(store, entries, "url")
    assert {url for (url,) in seen} <= {one[-1] for one in places}
    assert [one for one in places if not whole(folder / "archive", *one)] == []  # type: ignore[arg-type]

    assert {state for state, _, _ in told} <= {"sent", "cancelled", "superseded"}
    sent = [(subject, message) for state, subject, message in told if state == "sent"]
    assert len(sent) > 100
    assert all(message for _, message in sent)
    assert Counter(written) == Counter(subject for subject, _ in sent)  # each recorded as sent once
    assert {message for _, message in sent} == {number for number, _, _ in kept}
    assert {state for _, state, _ in kept} == {"sent"}
    check_mails(server, {bytes(body) for _, _, body in kept if isinstance(body, bytes)})


def whole(folder: Path, file: str, offset: int, length: int, digest: str, _url: str) -> bool:
    """Whether what the table names lies in the archive, whatever was killed while it was written."""
    said = archive.responses(archive.raw(folder, archive.Place(file, offset, length)))[-1]
    return hashlib.sha256(said.body).hexdigest() == digest


def check_mails(server: Server, bodies: set[bytes]) -> None:
    """What the server was handed: every message, byte by byte, as often as its sender lived and died with it."""
    contents = [envelope.content for envelope in server.taken if isinstance(envelope.content, bytes)]
    assert {one.replace(b"\r\n", b"\n") for one in contents} == {one.replace(b"\r\n", b"\n") for one in bodies}
    arrived = Counter(id_of(envelope) for envelope in server.taken)
    assert len(arrived) == len(bodies)
    assert server.died_with.total() == sum(place.where in ("data", "answered") for place in PLACES)
    assert arrived == Counter(dict.fromkeys(arrived, 1)) + server.died_with

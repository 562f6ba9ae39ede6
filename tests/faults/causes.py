"""The faults: each begins at a step of the county's morning and lasts until that morning is over."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import psycopg

from tests.faults.office_life import STEPS, Life
from tracker.deliver.attempts import LEASE
from tracker.store import engine
from tracker.store.engine import Store

SQLITE, POSTGRES = "sqlite", "postgresql"
DELIVERY = ("freeze", "claim", "send", "record", "journal")
#: What a server that has no room for a row says.
_DISK_FULL = "DO $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$"


@dataclass
class Fault:
    """One that does nothing. `steps`: at which it may begin; `databases`: on which there is such a thing.

    `hangs`: the stage of the dialogue with mail server or site at which that says nothing more.
    """

    name: str
    steps: tuple[str, ...] = STEPS
    databases: tuple[str, ...] = (SQLITE, POSTGRES)
    hangs: str = ""

    def prepare(self, life: Life) -> None:
        """Before the process of the county begins."""

    def strike(self, life: Life) -> None:
        """As the step begins."""

    def writing(self, cursor: Any, dialect: str) -> str:
        """Before a writing statement, while the fault lasts: what is executed instead, or nothing."""
        return ""

    def heal(self, life: Life) -> None:
        """As the morning is over."""


class Killed(Fault):
    def strike(self, life: Life) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


class DiskFull(Fault):
    """SQLite and archive on a file system without a free block; a server that has none."""

    def strike(self, life: Life) -> None:
        if life.url.startswith(SQLITE):
            with (life.root / "filler").open("ab", buffering=0) as file:
                while (free := shutil.disk_usage(life.root).free) > 0:
                    try:
                        file.write(bytes(min(free, 65536)))
                    except OSError:
                        break

    def writing(self, cursor: Any, dialect: str) -> str:
        return _DISK_FULL if dialect == POSTGRES else ""

    def heal(self, life: Life) -> None:
        (life.root / "filler").unlink(missing_ok=True)


class ReadOnly(Fault):
    """As a file system or a server that lets nobody write any more, from one statement to the next."""

    def writing(self, cursor: Any, dialect: str) -> str:
        cursor.execute("PRAGMA query_only = ON" if dialect == SQLITE else "SET TRANSACTION READ ONLY")
        return ""

    def heal(self, life: Life) -> None:
        assert life.store is not None
        life.store.engine.dispose()  # its connections stay as they are


class Locked(Fault):
    """Somebody holds what every writer needs for longer than a writer waits (SQLite), or until one waits (a server)."""

    def prepare(self, life: Life) -> None:
        engine.BUSY_TIMEOUT = 50  # milliseconds: the minute by our clock
        self.over = threading.Event()

    def strike(self, life: Life) -> None:
        work = self._hold_file if life.url.startswith(SQLITE) else self._hold_row
        life.beside.append(thread := threading.Thread(target=work, args=(life.url,)))
        thread.start()

    def _hold_file(self, url: str) -> None:
        with sqlite3.connect(url.removeprefix("sqlite:///"), timeout=60, isolation_level=None) as connection:
            connection.execute("BEGIN IMMEDIATE")
            self.over.wait()
            connection.execute("ROLLBACK")

    def _hold_row(self, url: str) -> None:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        with psycopg.connect(url) as connection, psycopg.connect(url, autocommit=True) as looking:
            connection.execute("SELECT 1 FROM counties FOR UPDATE")
            while not self.over.wait(0.02):
                if looking.execute(waiting).fetchone() != (0,):
                    break

    def heal(self, life: Life) -> None:
        self.over.set()


class Restarted(Fault):
    """The server ends every session and lets nobody in until it is up again."""

    databases = (POSTGRES,)

    def _order(self, life: Life, is_open: str) -> None:
        base, _, name = life.url.partition("?")[0].rpartition("/")
        tail = life.url.partition("?")[2]
        with psycopg.connect(f"{base}/postgres{'?' + tail if tail else ''}", autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {is_open}')
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    def strike(self, life: Life) -> None:
        self._order(life, "false")

    def heal(self, life: Life) -> None:
        self._order(life, "true")


class Paused(Fault):
    """The processes of the server stand still for a moment."""

    def strike(self, life: Life) -> None:
        with psycopg.connect(life.url, autocommit=True) as connection:
            rows = connection.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
        pids = [pid for (pid,) in rows]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        timer = threading.Timer(0.1, lambda: [os.kill(pid, signal.SIGCONT) for pid in pids])
        life.beside.append(timer)
        timer.start()


@dataclass
class ClockOff(Fault):
    by: timedelta = timedelta()

    def strike(self, life: Life) -> None:
        life.clock.shift = self.by

    def heal(self, life: Life) -> None:
        life.clock.shift = timedelta()


class Second(Fault):
    """Another process on the same database makes all its passes meanwhile."""

    def strike(self, life: Life) -> None:
        life.beside.append(thread := threading.Thread(target=self._live, args=(life,)))
        thread.start()

    def _live(self, life: Life) -> None:
        other = replace(life, watch=None, errors=[], beside=[])
        with Store(life.url) as store:
            asyncio.run(self._passes(other, store))
        life.errors += [f"the second: {error}" for error in other.errors]

    async def _passes(self, other: Life, store: Store) -> None:
        await other.passes(other.office(store, "second:2"))


class SlowSecond(Second):
    """The first is so slow that its lease runs out, and another deliverer takes what it holds."""

    def strike(self, life: Life) -> None:
        life.clock.now += 2 * LEASE
        super().strike(life)

    async def _passes(self, other: Life, store: Store) -> None:
        await other.office(store, "second:2").deliver()


HOUR, YEAR = timedelta(hours=1), timedelta(days=365)
FAULTS = (
    Killed("SIGKILL"),
    DiskFull("disk full"),
    ReadOnly("read-only"),
    Locked("database locked for longer than a writer waits"),
    Restarted("PostgreSQL restarted", databases=(POSTGRES,)),
    Paused("PostgreSQL paused", databases=(POSTGRES,)),
    *(Fault(f"mail server hangs at {stage}", ("send",), hangs=f"smtp:{stage}")
      for stage in ("greeting", "ehlo", "mail", "rcpt", "data", "body")),
    *(Fault(f"site hangs {stage}", ("crawl",), hangs=f"site:{stage}") for stage in ("before its head", "in its body")),
    ClockOff("clock an hour ahead", by=HOUR),
    ClockOff("clock an hour back", by=-HOUR),
    ClockOff("clock a year ahead", by=YEAR),
    ClockOff("clock a year back", by=-YEAR),
    Second("two daemons"),
    SlowSecond("slow deliverer and a second one", DELIVERY),
)  # fmt: skip

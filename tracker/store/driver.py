"""The SQLite driver, asked once a statement. Its thread is turned to and back again for opening a cursor,
executing, fetching and closing; each turn costs more than most of our statements do. Where nobody else
writes the file, no statement waits for anything and the thread is left out altogether."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Generator, Sequence
from typing import Any

import aiosqlite


class _Cursor:
    """One statement and all its rows, in a single turn of the connection's thread."""

    arraysize = 1

    def __init__(self, connection: OneTurn) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> _Cursor:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        await self._connection.turn(self._run, sql, parameters, many=False)

    async def executemany(self, sql: str, parameters: Sequence[Any]) -> None:
        await self._connection.turn(self._run, sql, parameters, many=True)

    def _run(self, connection: sqlite3.Connection, sql: str, parameters: Sequence[Any], many: bool) -> None:
        cursor = connection.executemany(sql, parameters) if many else connection.execute(sql, parameters)
        self.description = cursor.description
        self._rows = cursor.fetchall() if cursor.description else []
        self.rowcount, self.lastrowid = cursor.rowcount, cursor.lastrowid  # of RETURNING known only now
        cursor.close()

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        """It was closed when its rows had been fetched."""


class OneTurn(aiosqlite.Connection):
    """The driver's connection with cursors of our own."""

    def cursor(self) -> _Cursor:  # type: ignore[override]
        return _Cursor(self)

    async def _connect(self) -> aiosqlite.Connection:
        try:
            return await super()._connect()
        except sqlite3.Error:
            # The thread still has to tell the loop that it ended: it must not outlive the loop.
            if self._thread.is_alive():
                self._thread.join()
            raise

    async def turn(self, work: Any, *arguments: Any, **options: Any) -> None:
        await self._execute(work, self._conn, *arguments, **options)  # type: ignore[no-untyped-call]


class _Here:
    """In the place of the queue to the driver's thread: what is put into it is done at once."""

    def put_nowait(self, task: tuple[asyncio.Future[Any] | None, Callable[[], Any]]) -> None:
        future, work = task
        try:
            result = work()
        except Exception as error:
            if future is None:
                raise
            future.set_exception(error)
        else:
            if future is not None:
                future.set_result(result)


class OnTheSpot(OneTurn):
    """The driver's connection without its thread."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._tx = _Here()  # type: ignore[assignment]

    def __await__(self) -> Generator[Any, None, aiosqlite.Connection]:
        return self._connect().__await__()

    async def turn(self, work: Any, *arguments: Any, **options: Any) -> None:
        work(self._conn, *arguments, **options)


def connect(path: str, **options: Any) -> OneTurn:
    """A connection not opened yet, as the engine wants it; it never keeps the process from ending."""
    connection = OneTurn(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)
    connection._thread.daemon = True
    return connection


def connect_here(path: str, **options: Any) -> OnTheSpot:
    """A connection that runs its statements in the thread of whoever asks."""
    return OnTheSpot(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)

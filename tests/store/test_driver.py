"""A statement in one turn of the driver's thread, or in no thread at all, says what the driver's own cursor says."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tracker.store.driver import connect
from tracker.store.engine import Store, Tx

ROWS = [{"word": "甲"}, {"word": "乙"}, {"word": "丙"}]


@pytest.fixture(params=[False, True], ids=["thread", "on-the-spot"])
async def file(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    async with Store(f"sqlite:///{tmp_path / 'x.db'}", alone=request.param) as store:
        yield store


async def test_rows_counts_and_returned_values_come_through(file: Store) -> None:
    async with file.begin() as tx:
        await tx.execute(sa.text("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT UNIQUE)"))
        assert (await tx.execute(sa.text("INSERT INTO t (word) VALUES (:word)"), ROWS)).rowcount == 3
        returned = await tx.execute(sa.text("UPDATE t SET word = word || '。' WHERE id > 1 RETURNING id, word"))
        assert list(returned) == [(2, "乙。"), (3, "丙。")]
        assert (await tx.execute(sa.text("SELECT count(*) FROM t"))).scalar_one() == 3
        assert (await tx.execute(sa.text("DELETE FROM t WHERE id > 1"))).rowcount == 2


async def test_a_file_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    for _ in range(50):
        connection = connect(str(tmp_path))  # a folder
        with pytest.raises(sqlite3.OperationalError):
            await connection
        assert not connection._thread.is_alive()


async def _twice(tx: Tx) -> None:
    await tx.execute(sa.text("INSERT INTO t VALUES (1)"))
    await tx.execute(sa.text("INSERT INTO t VALUES (1)"))


async def test_an_error_is_the_database_s_and_undoes_the_transaction(file: Store) -> None:
    async with file.begin() as tx:
        await tx.execute(sa.text("CREATE TABLE t (id INTEGER PRIMARY KEY)"))
    with pytest.raises(sa.exc.IntegrityError, match="UNIQUE"):
        async with file.begin() as tx:
            await _twice(tx)
    async with file.read() as tx:
        assert (await tx.execute(sa.text("SELECT count(*) FROM t"))).scalar_one() == 0


async def test_a_second_writer_waits_for_the_first_while_others_go_on(file: Store) -> None:
    async with file.begin() as tx:
        await tx.execute(sa.text("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT)"))

    async def write(word: str) -> None:
        async with file.begin() as tx:
            for _ in range(3):
                await tx.execute(sa.text("INSERT INTO t (word) VALUES (:word)"), {"word": word})
                await asyncio.sleep(0)

    await asyncio.gather(write("甲"), write("乙"))
    async with file.read() as tx:
        words = (await tx.execute(sa.text("SELECT word FROM t ORDER BY id"))).scalars().all()
    assert list(words) in (["甲"] * 3 + ["乙"] * 3, ["乙"] * 3 + ["甲"] * 3)


async def test_alone_with_its_file_nothing_runs_in_a_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    async with Store(f"sqlite:///{tmp_path / 'x.db'}", alone=True) as store, store.begin() as tx:
        await tx.execute(sa.text("SELECT 1"))
        assert threading.active_count() == before

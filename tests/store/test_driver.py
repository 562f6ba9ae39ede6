"""A statement in one turn of the driver's thread says what the driver's own cursor says."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tracker.store.engine import Store, Tx

ROWS = [{"word": "甲"}, {"word": "乙"}, {"word": "丙"}]


async def test_rows_counts_and_returned_values_come_through(tmp_path: Path) -> None:
    async with Store(f"sqlite:///{tmp_path / 'x.db'}") as store, store.begin() as tx:
        await tx.execute(sa.text("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT UNIQUE)"))
        assert (await tx.execute(sa.text("INSERT INTO t (word) VALUES (:word)"), ROWS)).rowcount == 3
        returned = await tx.execute(sa.text("UPDATE t SET word = word || '。' WHERE id > 1 RETURNING id, word"))
        assert list(returned) == [(2, "乙。"), (3, "丙。")]
        assert (await tx.execute(sa.text("SELECT count(*) FROM t"))).scalar_one() == 3
        assert (await tx.execute(sa.text("DELETE FROM t WHERE id > 1"))).rowcount == 2


async def _twice(tx: Tx) -> None:
    await tx.execute(sa.text("INSERT INTO t VALUES (1)"))
    await tx.execute(sa.text("INSERT INTO t VALUES (1)"))


async def test_an_error_is_the_database_s_and_undoes_the_transaction(tmp_path: Path) -> None:
    async with Store(f"sqlite:///{tmp_path / 'x.db'}") as store:
        async with store.begin() as tx:
            await tx.execute(sa.text("CREATE TABLE t (id INTEGER PRIMARY KEY)"))
        with pytest.raises(sa.exc.IntegrityError, match="UNIQUE"):
            async with store.begin() as tx:
                await _twice(tx)
        async with store.read() as tx:
            assert (await tx.execute(sa.text("SELECT count(*) FROM t"))).scalar_one() == 0

"""A journal that an older version wrote holds after migration, goes on, and is guarded from then on."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa
from chains import NOW, entry

from tracker.store import migrations
from tracker.store.engine import Store, Tx
from tracker.store.journal import append, show, verify

COLUMNS = ("county", "height", "at", "who", "action", "subject", "before", "after", "reason", "previous", "hash")


def rows_as_0004_wrote_them() -> list[dict[str, object]]:
    """Its own code, as it was: nothing of today's can make these."""
    rows: list[dict[str, object]] = []
    previous = ""
    for height in range(1, 6):
        at = NOW + timedelta(seconds=height)
        parts = [
            "sample",
            height,
            at.isoformat(timespec="microseconds"),
            "张三",
            "status",
            "x/<&>\u2028",
            "",
            '{"a":"督办"}',
        ]
        text = json.dumps([*parts, '为"此"\n', previous], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        own = hashlib.sha256(text.encode()).hexdigest()
        rows.append(dict(zip(COLUMNS, [*parts[:2], at, *parts[3:], '为"此"\n', previous, own], strict=True)))
        previous = own
    return rows


async def at_0004(tx: Tx) -> None:
    await tx.run_sync(migrations.upgrade, "0004")
    rows = rows_as_0004_wrote_them()
    head = {"id": "sample", "height": len(rows), "head": rows[-1]["hash"]}
    county = "INSERT INTO counties (id, journal_height, journal_head) VALUES (:id, :height, :head)"
    await tx.execute(sa.text(county), head)
    insert = f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{one}' for one in COLUMNS)})"
    as_stored = sa.text(insert).bindparams(sa.bindparam("at", type_=sa.DateTime(timezone=True)))
    await tx.execute(as_stored, rows)


async def test_rows_written_before_hold_after_migration_and_are_continued(empty_url: str) -> None:
    async with Store(empty_url, origin="cli li@office") as store:
        async with store.begin() as tx:
            await at_0004(tx)
        await store.migrate()
        async with store.read() as tx:
            assert await verify(tx, "sample") == []
        async with store.begin() as tx:
            assert await append(tx, "sample", [entry(6)], NOW) == 6
            assert await verify(tx, "sample") == []
            forms = [(row.form, row.origin) for row in await show(tx, "sample")]
    assert forms == [(1, "")] * 5 + [(2, "cli li@office")]


async def test_an_origin_put_into_an_old_row_is_found(empty_url: str) -> None:
    """The old form says nothing of it: it must be empty there."""
    async with Store(empty_url) as store:
        async with store.begin() as tx:
            await at_0004(tx)
        await store.migrate()
        async with store.begin() as tx:
            if store.sqlite:
                await tx.execute(sa.text("DROP TRIGGER journal_no_update"))
            else:
                await tx.execute(sa.text("SET LOCAL session_replication_role = replica"))
            await tx.execute(sa.text("UPDATE journal SET origin = 'console 10.0.0.5' WHERE height = 3"))
            found = await verify(tx, "sample")
    assert [(one.height, one.kind) for one in found] == [(3, "changed")]


async def test_back_and_forth_again_keeps_old_rows(empty_url: str) -> None:
    async with Store(empty_url) as store:
        async with store.begin() as tx:
            await at_0004(tx)
        await store.migrate()
        async with store.begin() as tx:
            await tx.run_sync(migrations.downgrade, "0004")
        await store.migrate()
        async with store.read() as tx:
            assert await verify(tx, "sample") == []


async def test_rows_of_the_new_form_cannot_go_back(empty_url: str) -> None:
    async with Store(empty_url) as store:
        async with store.begin() as tx:
            await at_0004(tx)
        await store.migrate()
        async with store.begin() as tx:
            await append(tx, "sample", [entry(6)], NOW)
        with pytest.raises(RuntimeError, match="cannot verify: go back by restoring a copy"):
            async with store.begin() as tx:
                await tx.run_sync(migrations.downgrade, "0004")
        async with store.read() as tx:
            assert await verify(tx, "sample") == []

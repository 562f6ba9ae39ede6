"""The migrations and tables.py agree on both databases, run twice, run at once, and go back."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tracker.store import migrations
from tracker.store.engine import Store, StoreError
from tracker.store.tables import metadata


def differences(connection: sa.Connection) -> list[Any]:
    # Alembic misreads SQLite's empty-text default as a difference; PostgreSQL compares them for both.
    options = {"compare_type": True, "compare_server_default": connection.dialect.name == "postgresql"}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


async def test_the_migrations_make_what_tables_py_says(empty_url: str) -> None:
    async with Store(empty_url) as store:
        await store.migrate()
        async with store.read() as tx:
            assert await tx.run_sync(differences) == []
            assert await tx.run_sync(migrations.current) == migrations.HEAD


async def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    async with Store(empty_url) as store:
        await store.migrate()
        await store.migrate()
        async with store.read() as tx:
            assert await tx.run_sync(differences) == []


async def test_going_back_leaves_no_table_and_forward_again_works(empty_url: str) -> None:
    async with Store(empty_url) as store:
        await store.migrate()
        async with store.begin() as tx:
            await tx.run_sync(migrations.downgrade, "base")
        async with store.read() as tx:
            assert await tx.run_sync(lambda one: sa.inspect(one).get_table_names()) == ["alembic_version"]
        await store.migrate()
        async with store.read() as tx:
            assert await tx.run_sync(differences) == []


async def test_a_failed_migration_leaves_the_database_as_it_was(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_connection: sa.Connection) -> None:
        raise StoreError("in the middle")

    async with Store(empty_url) as store:
        monkeypatch.setattr(migrations, "_check_references", fail)
        with pytest.raises(StoreError, match="in the middle"):
            await store.migrate()
        async with store.read() as tx:
            assert await tx.run_sync(lambda one: sa.inspect(one).get_table_names()) == []


async def test_two_processes_migrate_at_once(empty_url: str) -> None:
    program = (
        "import asyncio, sys; from tracker.store.engine import Store\n"
        "async def main():\n"
        "    async with Store(sys.argv[1]) as store: await store.migrate()\n"
        "asyncio.run(main())"
    )
    started = [await asyncio.create_subprocess_exec(sys.executable, "-c", program, empty_url) for _ in range(2)]
    assert [await one.wait() for one in started] == [0, 0]
    async with Store(empty_url) as store, store.read() as tx:
        assert await tx.run_sync(differences) == []


async def test_a_database_of_a_newer_version_is_refused(empty_url: str) -> None:
    async with Store(empty_url) as store:
        await store.migrate()
        async with store.begin() as tx:
            await tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StoreError, match=r"revision 9999.*upgrade duban"):
            await store.migrate()


def test_head_is_the_newest_revision_and_there_is_one() -> None:
    scripts = ScriptDirectory.from_config(migrations.config(None))  # type: ignore[arg-type]
    assert scripts.get_heads() == [migrations.HEAD]

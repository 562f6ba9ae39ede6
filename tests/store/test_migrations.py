"""The migrations agree with tables.py on both databases and can run twice or at the same time."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from tracker.store import migrations
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, StoreError
from tracker.store.tables import entries, entry_versions, metadata


def differences(connection: sa.Connection) -> list[Any]:
    # Alembic misreads SQLite's empty-text default as a difference; PostgreSQL compares them for both.
    options = {"compare_type": True, "compare_server_default": connection.dialect.name == "postgresql"}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_the_migrations_make_what_tables_py_says(empty_url: str) -> None:
    with Store(empty_url) as store:
        store.migrate()
        with store.read() as tx:
            assert differences(tx) == []
            assert migrations.read_revision(tx) == migrations.HEAD


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    with Store(empty_url) as store:
        store.migrate()
        store.migrate()
        with store.read() as tx:
            assert differences(tx) == []


def test_apart_it_is_another_process_that_migrates(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_here(_connection: sa.Connection) -> None:
        raise AssertionError

    monkeypatch.setattr(migrations, "upgrade", not_here)
    with Store(empty_url) as store:
        store.migrate(in_child=True)
        store.migrate(in_child=True)
        with store.read() as tx:
            assert differences(tx) == []


def test_what_fails_apart_is_told_here(empty_url: str) -> None:
    with Store(empty_url) as store:
        store.migrate()
        with store.begin() as tx:
            tx.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
        with pytest.raises(StoreError, match="revision 9999"):
            store.migrate(in_child=True)


def test_a_failed_migration_leaves_the_database_as_it_was(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_connection: sa.Connection) -> None:
        raise StoreError("in the middle")

    with Store(empty_url) as store:
        monkeypatch.setattr(migrations, "_check_references", fail)
        with pytest.raises(StoreError, match="in the middle"):
            store.migrate()
        with store.read() as tx:
            assert sa.inspect(tx).get_table_names() == []


def test_altering_a_table_keeps_what_hangs_on_it(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite the table is copied and dropped: with foreign keys on, the versions would go with it."""
    store = Store(empty_url)
    store.open()
    store.migrate()
    now = datetime(2015, 7, 1, tzinfo=UTC)
    entry = {"county": "sample", "seq": 1, "column": "c", "url": "u", "first_seen_at": now, "last_seen_at": now}
    with store.begin() as tx:
        ensure_county(tx, "sample")
        number = tx.execute(entries.insert().values(entry).returning(entries.c.id)).scalar_one()
        version = {"entry": number, "number": 1, "seen_at": now, "title": "t", "state": "unread", "attachments": []}
        tx.execute(entry_versions.insert(), version)

    def alter(connection: sa.Connection) -> None:
        with Operations(MigrationContext.configure(connection)).batch_alter_table("entries") as batch:
            batch.alter_column("publisher", existing_type=sa.String(128), type_=sa.String(64))

    monkeypatch.setattr(migrations, "HEAD", "0000")  # whatever differs from what is there
    monkeypatch.setattr(migrations, "upgrade", alter)
    store.migrate()
    with store.read() as tx:
        assert tx.execute(sa.select(entry_versions.c.title)).scalars().all() == ["t"]
    store.close()


def test_two_processes_migrate_at_once(empty_url: str) -> None:
    program = "import sys; from tracker.store.engine import Store\nwith Store(sys.argv[1]) as store: store.migrate()\n"
    started = [subprocess.Popen([sys.executable, "-c", program, empty_url]) for _ in range(2)]
    assert [process.wait() for process in started] == [0, 0]
    with Store(empty_url) as store, store.read() as tx:
        assert differences(tx) == []


@pytest.mark.parametrize(
    ("revision", "remedy"),
    [
        ("9999", r"revision 9999 is of a later version .*: upgrade duban"),
        ("0008", r"revision 0008 was written before the first version .* import the events again"),
    ],
)
def test_a_database_of_another_version_is_refused_with_the_remedy(empty_url: str, revision: str, remedy: str) -> None:
    with Store(empty_url) as store:
        store.migrate()
        with store.begin() as tx:
            tx.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        with pytest.raises(StoreError, match=remedy):
            store.migrate()


def test_a_revision_is_not_changed_once_it_is_there() -> None:
    """A database that one office has must be like one that another office makes later: add a revision instead."""
    scripts = sorted(Path(migrations.__file__).parent.glob("versions/*.py"))
    assert {script.name: hashlib.sha256(script.read_bytes()).hexdigest() for script in scripts} == {
        "r1_tables.py": "f6fddb31e2458a5c6be15ecd964f3aab97fed2be8e01c5320c9e6ec638190dad",
        "r2_bulletins.py": "25d11484476ebb6e02ccb88265b6da2f4ff5b1e54d0f87719884324bec471c97",
        "r3_requests.py": "81f556134ab1489d9dccb0e0faf819aaae8a165d2be37e3e60ace57988a1c0d5",
        "r4_certificates.py": "7946bc35e210a59d7cd3d48806342fd409cdd439a29270852596cff72fefcb69",
    }


def test_head_is_the_newest_revision_and_there_is_one() -> None:
    scripts = ScriptDirectory.from_config(migrations.build_config(None))  # type: ignore[arg-type]
    assert scripts.get_heads() == [migrations.HEAD]

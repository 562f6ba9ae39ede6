"""The migrations agree with tables.py on both databases and can run twice or at the same time."""

from __future__ import annotations

import lzma
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

import dev
from tracker.store import migrations
from tracker.store.chain import verify_chain
from tracker.store.counties import ensure_county
from tracker.store.engine import Store, StoreError
from tracker.store.migrations.differences import describe_differences
from tracker.store.row_check import verify_rows
from tracker.store.tables import entries, entry_versions, metadata

RELEASED = sorted((Path(__file__).parent / "released").glob("*.sql.xz"))


def unpack(released: Path, folder: Path) -> Path:
    path = folder / "duban.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(lzma.decompress(released.read_bytes()).decode())
    return path


def count_rows(connection: sqlite3.Connection, table: str) -> int:
    [(count,)] = connection.execute(f"SELECT count(*) FROM {table}")
    return int(count)


def test_the_migrations_make_what_tables_py_says(empty_url: str) -> None:
    with Store(empty_url) as store:
        store.migrate()
        with store.read() as tx:
            assert describe_differences(tx) == []
            assert migrations.read_revision(tx) == migrations.HEAD


def test_migrating_again_changes_nothing(own_url: str) -> None:
    with Store(own_url) as store:
        store.migrate()
        with store.read() as tx:
            assert describe_differences(tx) == []


@pytest.mark.sampled(2)
def test_apart_it_is_another_process_that_migrates(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def not_here(_connection: sa.Connection) -> None:
        raise AssertionError

    monkeypatch.setattr(migrations, "upgrade", not_here)
    with Store(empty_url) as store:
        store.migrate(in_child=True)
        store.migrate(in_child=True)
        with store.read() as tx:
            assert describe_differences(tx) == []


@pytest.mark.sampled(2)
def test_what_fails_apart_is_told_here(own_url: str) -> None:
    with Store(own_url) as store:
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


def test_altering_a_table_keeps_what_hangs_on_it(own_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite the table is copied and dropped: with foreign keys on, the versions would go with it."""
    store = Store(own_url)
    store.open()
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


@pytest.mark.nightly
@pytest.mark.sampled(2)
def test_two_processes_migrate_at_once(empty_url: str) -> None:
    program = "import sys; from tracker.store.engine import Store\nwith Store(sys.argv[1]) as store: store.migrate()\n"
    started = [subprocess.Popen([sys.executable, "-c", program, empty_url]) for _ in range(2)]
    assert [process.wait() for process in started] == [0, 0]
    with Store(empty_url) as store, store.read() as tx:
        assert describe_differences(tx) == []


@pytest.mark.parametrize(
    ("revision", "remedy"),
    [
        ("9999", r"revision 9999 is of a later version .*: upgrade duban"),
        ("0008", r"revision 0008 was written before the first version .* import the events again"),
    ],
)
def test_a_database_of_another_version_is_refused_with_the_remedy(own_url: str, revision: str, remedy: str) -> None:
    with Store(own_url) as store:
        with store.begin() as tx:
            tx.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        with pytest.raises(StoreError, match=remedy):
            store.migrate()


def test_tables_without_a_revision_are_refused_with_the_remedy(own_url: str) -> None:
    with Store(own_url) as store:
        with store.engine.begin() as tx:
            tx.execute(sa.text("DROP TABLE alembic_version"))
        with pytest.raises(StoreError, match=r"it has tables and no revision.*duban restore"):
            store.migrate()


def test_no_revision_was_edited_and_every_one_is_frozen() -> None:
    assert dev.unfrozen_revisions() == []


def test_an_edited_revision_is_refused_with_what_to_do_instead(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(dev.MIGRATIONS, tmp_path / "migrations"))
    script = folder / "versions" / "r2_bulletins.py"
    script.write_text(script.read_text() + "# more\n")
    (folder / "versions" / "r9_more.py").write_text("")
    edited, new = dev.unfrozen_revisions(folder)
    assert edited.startswith("r2_bulletins.py: this revision was edited")
    assert "add a revision" in edited
    assert new.startswith("r9_more.py: a new revision; once it is right, freeze it: add `ID e3b0c442")


CHANGED = {
    "a column is missing": ('ALTER TABLE silences DROP COLUMN "reason"', "table silences lacks the column reason"),
    "a column too many": ("ALTER TABLE leases ADD COLUMN more TEXT", "table leases has an unknown column more"),
    "a table is missing": ("DROP TABLE second_looks", "table second_looks is missing"),
    "an index is missing": (
        "DROP INDEX ix_standings_county_at",
        "table standings lacks the index ix_standings_county_at",
    ),
    "another key": (
        "DROP TABLE slips; CREATE TABLE slips AS SELECT * FROM bulletins",
        "the key of slips is –, this version has county, year, number",
    ),
}


@pytest.mark.sampled(5)
@pytest.mark.parametrize("case", CHANGED)
def test_what_differs_is_said_in_a_sentence(own_url: str, case: str) -> None:
    statements, sentence = CHANGED[case]
    with Store(own_url) as store:
        with store.engine.begin() as tx:
            for statement in statements.split("; "):
                tx.exec_driver_sql(statement)
        with store.read() as tx:
            assert sentence in describe_differences(tx)


def test_a_guard_that_is_gone_is_named(own_url: str) -> None:
    with Store(own_url) as store:
        with store.engine.begin() as tx:
            where = "" if store.sqlite else " ON counties"
            tx.exec_driver_sql(f"DROP TRIGGER journal_head_forward{where}")
            if not store.sqlite:
                tx.exec_driver_sql("ALTER TABLE notices DISABLE TRIGGER record_notices")
        with store.read() as tx:
            texts = list(describe_differences(tx))
    assert texts[0] == "trigger journal_head_forward is missing"
    assert texts[1:] == ([] if store.sqlite else ["trigger record_notices was changed or switched off"])


def test_an_upgrade_to_other_tables_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    """As where a revision was edited after a database had run it."""
    path = unpack(RELEASED[0], tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("ALTER TABLE silences DROP COLUMN reason")
        before = list(connection.iterdump())
    with Store(f"sqlite:///{path}") as store, pytest.raises(StoreError, match="table silences lacks the column reason"):
        store.migrate()
    with closing(sqlite3.connect(path)) as connection:
        assert list(connection.iterdump()) == before


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.name.removesuffix(".sql.xz"))
def test_a_database_of_every_released_version_is_upgraded(released: Path, tmp_path: Path) -> None:
    path = unpack(released, tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        names = [table.name for table in metadata.sorted_tables]
        counts = {name: count_rows(connection, name) if name in there else 0 for name in names}
    with Store(f"sqlite:///{path}") as store:
        store.migrate()
        with store.read() as tx:
            assert describe_differences(tx) == []
            assert migrations.read_revision(tx) == migrations.HEAD
            assert verify_chain(tx, "sample") == []
            watched, defects = verify_rows(tx, "sample")
            assert defects == []
            assert watched > 1000
    with closing(sqlite3.connect(path)) as connection:
        after = {table.name: count_rows(connection, table.name) for table in metadata.sorted_tables}
    assert min(counts[name] for name in ("notices", "messages", "filings", "standings")) > 0
    assert {name: count for name, count in after.items() if name != "journal"} == {
        name: count for name, count in counts.items() if name != "journal"
    }


def test_head_is_the_newest_revision_and_there_is_one() -> None:
    scripts = ScriptDirectory.from_config(migrations.build_config(None))  # type: ignore[arg-type]
    assert scripts.get_heads() == [migrations.HEAD]

"""Copies a database while others use it, and puts such a copy back; copies all rows into an empty database."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import sqlalchemy as sa

from tracker.core.values.message import Message
from tracker.store.backup_folder import Head
from tracker.store.chain import list_journalled_counties, verify_chain
from tracker.store.engine import BUSY_TIMEOUT, Store, StoreError, Tx
from tracker.store.migrations import explain_refusal, read_revision
from tracker.store.row_check import verify_rows
from tracker.store.tables import counties, metadata

#: Rows copied with one statement.
_BATCH = 200
#: The package with PostgreSQL's own programs.
_PACKAGE = "postgresql-client"
#: The restored tables belong to whoever restores them.
_OWNERLESS = ("--no-owner", "--no-privileges")


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """The state that was copied: the revision of its tables, the heads of its journals by county."""

    kind: str
    revision: str
    heads: dict[str, Head]


def copy_database(store: Store, path: Path) -> DatabaseCopy:
    """Copy the open database into one file: for SQLite a database, for PostgreSQL an archive of `pg_dump`.

    Others may write meanwhile: the copy is one state. Raises StoreError.
    """
    return _copy_sqlite(store, path) if store.sqlite else _dump_postgresql(store, path)


def _copy_sqlite(store: Store, path: Path) -> DatabaseCopy:
    with closing(sqlite3.connect(path)) as copy:
        path.chmod(0o600)
        with closing(sqlite3.connect(str(store.url.database), timeout=BUSY_TIMEOUT / 1000)) as source:
            source.backup(copy)  # all pages at once: with a pause in between each writer would begin it anew
        damage = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if damage != "ok":
        raise StoreError(
            Message(
                "{name} is damaged ({damage}): no backup was made; restore the last one", name=store.name, damage=damage
            )
        )
    with Store(f"sqlite:///{path}", durable=False) as opened, opened.read() as tx:
        return _describe(tx, "sqlite")


def _dump_postgresql(store: Store, path: Path) -> DatabaseCopy:
    program = _find_program("pg_dump")
    engine = store.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as tx, tx.begin():
        snapshot = tx.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
        copied = _describe(tx, "postgresql")
        _run(store, [program, "--format=custom", *_OWNERLESS, f"--snapshot={snapshot}", f"--file={path}"])
    path.chmod(0o600)
    return copied


def _describe(tx: Tx, kind: str) -> DatabaseCopy:
    rows = tx.execute(sa.select(counties.c.id, counties.c.journal_height, counties.c.journal_head))
    return DatabaseCopy(kind, read_revision(tx) or "", {id: Head(height, head) for id, height, head in rows})


def _find_program(name: str) -> str:
    program = which(name)
    if program is None:
        raise StoreError(
            Message(
                "{name} is not installed: install the package {package} in the version of the server",
                name=name,
                package=_PACKAGE,
            )
        )
    return program


def _run(store: Store, command: list[str]) -> None:
    """Run a program of PostgreSQL; the password reaches it where other users do not see it. Raises StoreError."""
    url = store.url.set(drivername="postgresql", password=None)
    environ = {**os.environ, **({"PGPASSWORD": str(store.url.password)} if store.url.password else {})}
    command = [*command, f"--dbname={url.render_as_string(hide_password=False)}"]
    done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        why = "; ".join(done.stderr.strip().splitlines()[:2])
        raise StoreError(Message("{name}: {why}", name=store.name, why=why))


# -- putting it back -------------------------------------------------------------------------------


def check_revision(revision: str) -> None:
    """Raises StoreError where this version cannot use tables of that revision."""
    if reason := explain_refusal(revision):
        raise StoreError(Message("the database of the backup cannot be used: {reason}", reason=reason))


def is_empty(store: Store) -> bool:
    """Whether an open database has no table yet, so that a copy may be put there."""
    with store.read() as tx:
        return not sa.inspect(tx).get_table_names()


def load_dump(store: Store, path: Path) -> None:
    """Put an archive of `pg_dump` into an empty database, in one transaction. Raises StoreError."""
    program = _find_program("pg_restore")
    _run(store, [program, *_OWNERLESS, "--single-transaction", "--exit-on-error", str(path)])


# -- another database ------------------------------------------------------------------------------


def copy_rows(source: Tx, target: Tx) -> int:
    """Copy the rows of all tables into a migrated database without rows, and verify its journals; how many.

    Raises StoreError where the target has rows, or its copy does not hold.
    """
    for table in metadata.sorted_tables:
        if target.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None:
            raise StoreError(
                Message(
                    "the database to copy to has rows in {table}; name an empty one, nothing was written",
                    table=table.name,
                )
            )
    count = sum(_copy_table(source, target, table) for table in metadata.sorted_tables)
    if target.dialect.name == "postgresql":
        _set_sequences(target)
    for county in list_journalled_counties(target):
        if defects := [*map(str, verify_chain(target, county)), *verify_rows(target, county)[1]]:
            raise StoreError(
                Message(
                    "{county}: the copy does not hold, nothing was written: {defect} (and {more} more)",
                    county=county,
                    defect=defects[0],
                    more=len(defects) - 1,
                )
            )
    return count


def _copy_table(source: Tx, target: Tx, table: sa.Table) -> int:
    query = sa.select(table).order_by(*table.primary_key)
    rows = source.execute(query, execution_options={"yield_per": _BATCH})
    count = 0
    for batch in rows.mappings().partitions():
        target.execute(table.insert(), [dict(row) for row in batch])
        count += len(batch)
    return count


def _set_sequences(target: Tx) -> None:
    """Let the numbers of new rows go on behind the copied ones."""
    for table in metadata.sorted_tables:
        if (column := table.autoincrement_column) is not None:
            sequence = sa.func.pg_get_serial_sequence(table.name, column.name)
            last = sa.func.max(column)
            target.execute(sa.select(sa.func.setval(sequence, last)).having(last.is_not(None)))

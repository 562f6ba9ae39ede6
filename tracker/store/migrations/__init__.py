"""Upgrades a database's tables to this version's revision, once, even when several processes start together."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tracker.core.values.message import Message
from tracker.store.engine import Store, StoreError, make_engine

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest revision, as a test checks. A database at this revision is used without loading Alembic.
HEAD = "15"

#: The revisions that did not record in the journal what is written to rows: what stands there is recorded once.
UNRECORDED = ("1", "2", "3", "4")

#: The environment variable that gives the child process the URL: arguments are visible to all users, passwords too.
URL = "DUBAN_DATABASE"

#: The advisory lock that orders migrating processes on PostgreSQL: a fixed number ("duban").
_LOCK = 0x647562616E
_WAIT_FOR_OTHERS = sa.select(sa.func.pg_advisory_xact_lock(_LOCK))


class DifferentSchemaError(StoreError):
    """The tables differ from those of this version although all revisions ran; nothing was changed."""

    def __init__(self, differences: Sequence[Message]) -> None:
        text = Message.joined("; ", differences)
        super().__init__(
            Message(
                "the database cannot be used: {text}. It was changed by hand, or made by a version that was never "
                "released; put a copy of it back, or name an empty one and import the events again",
                text=text,
            )
        )
        self.differences = differences


def migrate(store: Store) -> None:
    """Upgrade to `HEAD`. Raises StoreError for a database of another version."""
    if _is_ready(store):
        return
    # Altering a table on SQLite copies and drops it; with foreign keys on, that would delete its child rows.
    engine = make_engine(store.url, foreign_keys=False)
    try:
        if not store.sqlite:
            _build_indexes_ahead(engine)
        with engine.begin() as tx:
            upgrade(tx)
    finally:
        engine.dispose()


def _build_indexes_ahead(engine: sa.Engine) -> None:
    """Each in a transaction of its own, while the version before may go on running."""
    from tracker.store.migrations.ahead import build_next

    with engine.connect() as connection:
        revision = read_revision(connection)
    is_building = revision is not None and not explain_refusal(revision)
    while is_building:
        with engine.begin() as tx:
            tx.execute(_WAIT_FOR_OTHERS)
            is_building = build_next(tx)


def migrate_in_child(store: Store) -> None:
    """Upgrade in a child process, so that a daemon does not keep what Alembic loads (a tenth of its memory).

    If the child fails, the upgrade is tried here, and its error is raised here.
    """
    if _is_ready(store):
        return
    environment = {**os.environ, URL: store.url.render_as_string(hide_password=False)}
    nothing = subprocess.DEVNULL
    command = [sys.executable, "-m", __name__]
    subprocess.run(command, env=environment, stdin=nothing, stdout=nothing, stderr=nothing, check=False)  # noqa: S603
    migrate(store)


def _is_ready(store: Store) -> bool:
    with store.read() as tx:
        return read_revision(tx) == HEAD


def read_revision(connection: sa.Connection) -> str | None:
    """The database's revision, None where it has no tables yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def explain_refusal(revision: str) -> str:
    """Why this version cannot use a database at that revision, and what to do; "" where it can."""
    from alembic.script import ScriptDirectory

    if revision in {script.revision for script in ScriptDirectory(str(Path(__file__).parent)).walk_revisions()}:
        return ""
    if revision.startswith("0"):
        return (
            f"revision {revision} was written before the first version of duban, which does not continue it: keep that "
            "database aside, name an empty one, and import the events again (duban event import FILE)"
        )
    return f"revision {revision} is of a later version of duban; this one ends at {HEAD}: upgrade duban"


def upgrade(connection: sa.Connection) -> None:
    """Run the missing revisions in the caller's transaction. Raises StoreError for a database of another version."""
    from alembic import command

    from tracker.store.migrations.differences import describe_differences
    from tracker.store.row_record import record_all
    from tracker.store.triggers import make_triggers

    if connection.dialect.name == "postgresql":
        connection.execute(_WAIT_FOR_OTHERS)
    settings = build_config(connection)
    revision = read_revision(connection)
    if revision is not None and (reason := explain_refusal(revision)):
        raise StoreError(f"the database cannot be used: {reason}")
    if revision is None and sa.inspect(connection).has_table("counties"):
        raise StoreError(
            Message(
                "the database cannot be used: it has tables and no revision, as after half an upgrade by hand; put a "
                "backup of it back (duban restore)"
            )
        )
    command.upgrade(settings, "head")
    make_triggers(connection)
    _check_references(connection)
    if differences := describe_differences(connection):
        raise DifferentSchemaError(differences)
    if revision in UNRECORDED:
        record_all(connection, f"as they stood at the upgrade from revision {revision}")


def draft_revision(connection: sa.Connection, revision: str, message: str) -> str:
    """Write a revision that upgrades from `HEAD` to the tables in tables.py; its path."""
    from alembic import command

    drafted = command.revision(build_config(connection), message, autogenerate=True, rev_id=revision)
    return drafted.path if drafted and not isinstance(drafted, list) else ""


def build_config(connection: sa.Connection) -> Config:
    """Alembic's settings, without a file: the scripts are in this package."""
    from alembic.config import Config

    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    settings.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    return settings


def _check_references(connection: sa.Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise StoreError(f"migration would leave {len(broken)} rows without their parent, first in {broken[0][0]}")

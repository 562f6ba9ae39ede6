"""Bring a database's tables to this version's revision, once, whoever starts first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from tracker.store.engine import Store, StoreError, make_engine

if TYPE_CHECKING:
    from alembic.config import Config

#: The newest revision (a test holds it to be so): a database that is there needs no Alembic.
HEAD = "0008"

#: Where the process apart finds the database, and not where everybody on the machine could read its password.
URL = "DUBAN_DATABASE"

#: Any fixed number: the advisory lock that orders migrating processes on PostgreSQL ("duban").
_LOCK = 0x647562616E


def migrate(store: Store) -> None:
    """Upgrade to `HEAD`; refuse a database that a newer version has written."""
    if _is_ready(store):
        return
    # Altering a table on SQLite copies and drops it: with foreign keys on, its children would go too.
    engine = make_engine(store.url, foreign_keys=False)
    try:
        with engine.begin() as tx:
            upgrade(tx)
    finally:
        engine.dispose()


def migrate_apart(store: Store) -> None:
    """The same in a process of its own: a daemon would keep what Alembic loads, a tenth of its memory, for months.

    What fails there is done here, where its reason can be told.
    """
    if _is_ready(store):
        return
    environment = {**os.environ, URL: store.url.render_as_string(hide_password=False)}
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", f"{__name__}.apart"]
    subprocess.run(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, check=False)  # noqa: S603
    migrate(store)


def _is_ready(store: Store) -> bool:
    with store.read() as tx:
        return current(tx) == HEAD


def current(connection: sa.Connection) -> str | None:
    """The database's revision, None where it has no tables yet."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def is_newer(revision: str) -> bool:
    """Whether a database at this revision was written by a later version than this one."""
    from alembic.script import ScriptDirectory

    return revision not in {one.revision for one in ScriptDirectory(str(Path(__file__).parent)).walk_revisions()}


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Run what is missing inside the caller's transaction."""
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    settings = config(connection)
    found = current(connection)
    if found is not None and is_newer(found):
        raise StoreError(f"the database is at revision {found}; this version of duban ends at {HEAD}: upgrade duban")
    command.upgrade(settings, revision)
    _check_references(connection)


def downgrade(connection: sa.Connection, revision: str) -> None:
    from alembic import command

    command.downgrade(config(connection), revision)
    _check_references(connection)


def draft(connection: sa.Connection, revision: str, message: str) -> str:
    """Write the revision that leads from `HEAD` to what tables.py says now; its path."""
    from alembic import command

    made = command.revision(config(connection), message, autogenerate=True, rev_id=revision)
    return made.path if made and not isinstance(made, list) else ""


def config(connection: sa.Connection) -> Config:
    """Alembic's settings without a file: the scripts lie in this package."""
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

"""Brings a database's tables to this version's revision, once, whichever process starts first."""

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
HEAD = "1"

#: The variable that gives the migrating process the address: among its arguments anybody could read the password.
URL = "DUBAN_DATABASE"

#: Any fixed number: the advisory lock that orders migrating processes on PostgreSQL ("duban").
_LOCK = 0x647562616E


def migrate(store: Store) -> None:
    """Upgrade to `HEAD`. Raises StoreError for a database of another version."""
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
    """Upgrade in a child process, so that a daemon does not keep what Alembic loads (a tenth of its memory).

    If the child fails, the upgrade is tried here, and its error is raised here.
    """
    if _is_ready(store):
        return
    environment = {**os.environ, URL: store.url.render_as_string(hide_password=False)}
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", __name__]
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


def refusal(revision: str) -> str:
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

    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    settings = config(connection)
    found = current(connection)
    if found is not None and (why := refusal(found)):
        raise StoreError(f"the database cannot be used: {why}")
    command.upgrade(settings, "head")
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

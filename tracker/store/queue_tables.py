"""Makes the tables of the cluster's queue from the SQL files that its library brings along."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa

from tracker.store.engine import Store, StoreError

LIBRARY = "procrastinate"
#: The last of the library's files from which the tables are made, and the SHA-256 of all up to it. They never change
#: once released. Those of a later version of the library are run by a later revision, from the next one on.
LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
DIGEST = "fe9e0acfc3f3c828693cb070ca3f91b4d8ca81456f42f3b03f552138ce3faaa1"
#: The advisory lock of those who make the queue: a fixed number.
_LOCK = 0x647562616F
_ADDED = re.compile(r"^ALTER TYPE (\w+) ADD VALUE ('\w+')(?: BEFORE ('\w+'))?;$", re.MULTILINE)


def ensure_queue(store: Store) -> None:
    """Make the queue where the library came to the machine after the tables. Several processes may call it at once."""
    with store.engine.begin() as tx:
        tx.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        make_queue(tx)


def make_queue(connection: sa.Connection) -> None:
    """Make the queue's tables. Nothing is made where they exist, without the library, and on SQLite."""
    if connection.dialect.name != "postgresql" or sa.inspect(connection).has_table("procrastinate_jobs"):
        return
    texts = [path.read_text("utf-8") for path in list_library_files() if path.name <= LAST]
    if not texts:
        return
    if (digest := hashlib.sha256("\0".join(texts).encode()).hexdigest()) != DIGEST:
        raise StoreError(f"the SQL files of {LIBRARY} up to {LAST} are not those of this version ({digest})")
    cursor = connection.connection.cursor()
    for text in make_types_whole(texts):
        cursor.execute(text)
    cursor.close()


def make_types_whole(texts: Iterable[str]) -> list[str]:
    """The texts with each type made with all its values at once.

    Before PostgreSQL 17 no statement may use a value that its own transaction has added to a type.
    """
    sql = "\n\0\n".join(texts)
    for name, value, before in _ADDED.findall(sql):
        end = before or "\n);"
        place = re.compile(rf"(CREATE TYPE {name} AS ENUM \(.*?)({re.escape(end)})", re.DOTALL)
        sql = place.sub(rf"\1{value}, \2" if before else rf"\1\n, {value}\2", sql, count=1)
    return _ADDED.sub("", sql).split("\n\0\n")


def list_library_files() -> list[Path]:
    """The library's SQL files, in the order in which they are run; none where it is not installed."""
    found = find_spec(LIBRARY)
    if found is None or found.origin is None:
        return []
    return sorted((Path(found.origin).parent / "sql" / "migrations").glob("*.sql"))

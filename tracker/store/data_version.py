"""Says whether anything was committed to a database since it was asked before; asking reads no table."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from pathlib import Path

import sqlalchemy as sa

#: PostgreSQL: which transactions are over. It changes with every commit, also of other databases of the server.
SNAPSHOT = sa.text("SELECT pg_current_snapshot()::text")


class FileVersion:
    """The version of a SQLite file: another text after every commit, by whichever process. Threads may share it.

    `PRAGMA data_version` counts for one connection what others committed, so one is kept that does nothing else.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path, self._timeout = path, timeout
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._name = ""

    def read(self) -> str:
        with self._lock:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    self._path, timeout=self._timeout, isolation_level=None, check_same_thread=False
                )
                self._name = secrets.token_hex(8)  # numbers of two connections say nothing of each other
            (number,) = self._connection.execute("PRAGMA data_version").fetchone()
            return f"{self._name}.{number}"

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

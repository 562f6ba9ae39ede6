"""Opens the database and begins transactions, with the same behaviour on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from tracker.store.data_version import SNAPSHOT, FileVersion

#: Milliseconds that a SQLite writer waits for another writer.
BUSY_TIMEOUT = 30_000
#: Attempts at a statement that does not wait for locks by itself, and seconds between them.
_TRIES, _PAUSE = 200, 0.02

#: How either end of a connection to PostgreSQL notices within a minute that the network is cut, in place of hours.
KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}
#: Milliseconds after which the server ends a transaction whose process says nothing, and with it its locks: the process
#: is frozen. Between two statements ours judge a county at most.
SILENCE = {"idle_in_transaction_session_timeout": 600_000}

#: A connection inside a transaction, which every query takes.
Tx = sa.Connection


class StoreError(Exception):
    """The database cannot be used as it is; the message says what to do."""


class Store:
    """A database by its URL: `sqlite:///path` or `postgresql://user@host/name`.

    `durable=False` is for throw-away databases (replay, demo): a power cut may lose the last commits.
    `origin`: names this process in journal rows; it is given once, at its start.
    """

    def __init__(self, url: str, *, durable: bool = True, origin: str = "") -> None:
        self.url = _parse_url(url)
        self.origin = origin
        self.durable = durable
        self._engine: sa.Engine | None = None
        self._reader: sa.Engine | None = None
        self._version = FileVersion(Path(self.url.database or ""), BUSY_TIMEOUT / 1000)

    @property
    def name(self) -> str:
        """The URL without its password, for messages."""
        shown = self.url.set(drivername=self.url.get_backend_name())
        return shown.render_as_string(hide_password=True)

    def open(self) -> None:
        if self.sqlite:
            self._check_folder()
        engine = make_engine(self.url, durable=self.durable)
        self._engine = engine.execution_options(origin=self.origin)
        options: dict[str, Any] = {"reading": True}
        if not self.sqlite:
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._reader = self._engine.execution_options(**options)
        try:
            with self.read() as tx:
                tx.execute(sa.text("SELECT 1"))
        except sa.exc.DBAPIError as error:
            self.close()
            reason = str(error.orig).strip().partition("\n")[0]  # a server's message may have several lines
            raise StoreError(f"cannot open {self.name}: {reason}") from error

    def _check_folder(self) -> None:
        """Refuse a missing folder: creating it for a mistyped path would start an empty database."""
        folder = Path(self.url.database or "").absolute().parent
        if not folder.is_dir():
            raise StoreError(f"cannot open {self.name}: there is no folder {folder}; mend the path, or make the folder")

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = self._reader = None
        self._version.close()

    def __enter__(self) -> Store:
        self.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def migrate(self, *, in_child: bool = False) -> None:
        """Upgrade the tables to this version's revision. Several processes may call it at once.

        `in_child`: in a child process, so that a long-lived process does not load Alembic.
        """
        from tracker.store.migrations import migrate, migrate_in_child

        (migrate_in_child if in_child else migrate)(self)

    @property
    def exists(self) -> bool:
        """Whether the SQLite file exists; always true for a server, whose database has to be opened to know."""
        return not self.sqlite or Path(self.url.database or "").exists()

    @property
    def sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @property
    def engine(self) -> sa.Engine:
        return self._require_open(self._engine)

    def _require_open(self, engine: sa.Engine | None) -> sa.Engine:
        if engine is None:
            raise StoreError(f"{self.name} is not open")
        return engine

    @contextmanager
    def begin(self, via: str = "", *, undone: bool = False) -> Iterator[Tx]:
        """A transaction that writes: committed at the end, rolled back on any exception.

        What it wrote to watched rows is recorded in the journal before the commit.

        `via`: names the page or file from which its changes come, for the journal. `undone`: it is rolled back at its
        end too, for whoever only wants to see what it would change.
        """
        from tracker.store.row_record import prepare_recording, record_changes

        engine = self.engine.execution_options(origin=f"{self.origin} {via}".strip()) if via else self.engine
        with engine.connect() as tx:
            prepare_recording(tx)
            with tx.begin() as transaction:
                yield tx
                if undone:
                    transaction.rollback()
                else:
                    record_changes(tx)

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that reads: all its queries see one state of the database."""
        with self._require_open(self._reader).begin() as tx:
            yield tx

    def read_version(self) -> str:
        """A text that is another one after every commit. What is read after it is of this version or of a later one."""
        if self.sqlite:
            self._require_open(self._reader)
            return self._version.read()
        with self.read() as tx:
            return str(tx.execute(SNAPSHOT).scalar_one())


def is_unavailable(error: Exception) -> bool:
    """Whether the database failed as such: locked, full, read-only, its connection lost. A refused row is none."""
    return isinstance(error, sa.exc.OperationalError | sa.exc.InternalError | sqlite3.OperationalError)


def read_origin(tx: Tx) -> str:
    """The origin of the transaction's changes, for the journal."""
    return str(tx.get_execution_options().get("origin", ""))


def insert(tx: Tx, table: sa.Table) -> sqlite.Insert:
    """An INSERT that knows ON CONFLICT. Typed as SQLite's; PostgreSQL's has the same methods."""
    return insert_into(tx.dialect.name, table)


def insert_into(dialect: str, table: sa.Table) -> sqlite.Insert:
    """The same by the dialect's name, for statements that are built once: building takes longer than running."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # loads megabytes of drivers that SQLite does not need

    return postgresql.insert(table)  # type: ignore[return-value]


@cache
def _insert_new(dialect: str, table: sa.Table) -> sqlite.Insert:
    return insert_into(dialect, table).on_conflict_do_nothing()


def insert_new(tx: Tx, table: sa.Table) -> sqlite.Insert:
    """An INSERT that ignores rows whose key exists; built once."""
    return _insert_new(tx.dialect.name, table)


@cache
def _insert_or_replace(dialect: str, table: sa.Table, unchanged: tuple[str, ...]) -> sqlite.Insert:
    statement, key = insert_into(dialect, table), [column.name for column in table.primary_key]
    changed = {column.name: column for column in statement.excluded if column.name not in (*key, *unchanged)}
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


def insert_or_replace(tx: Tx, table: sa.Table, *unchanged: str) -> sqlite.Insert:
    """An INSERT that replaces the row under the table's primary key, except for the columns `unchanged`; built once."""
    return _insert_or_replace(tx.dialect.name, table, unchanged)


def make_engine(url: sa.URL, *, durable: bool = True, foreign_keys: bool = True) -> sa.Engine:
    """An engine with settings that make transactions behave the same on both databases."""
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(url, json_serializer=_dump_json, json_deserializer=_load_json)
        _prepare_sqlite(engine, durable=durable, foreign_keys=foreign_keys)
        return engine
    return sa.create_engine(
        url,
        json_serializer=_dump_json,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, **connect_options(url, "duban")},
    )


def connect_options(url: sa.URL, application: str) -> dict[str, Any]:
    """How to connect to PostgreSQL so that either end notices when the other is gone. What the URL says goes before."""
    server = {f"tcp_{name.removeprefix('tcp_')}": value for name, value in KEEPALIVE.items()} | SILENCE
    options = [f"-c {name}={value}" for name, value in server.items()]
    return {
        "application_name": application,
        **KEEPALIVE,
        "options": " ".join([*options, *url.normalized_query.get("options", ())]),
    }


def _dump_json(value: Any) -> str:
    """JSON with Chinese unescaped: escaped it takes twice the space and twice the time to read."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can represent
        return json.dumps(value)
    return text


def _load_json(text: str) -> Any:
    return [] if text == "[]" else json.loads(text)


def _parse_url(text: str) -> sa.URL:
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError:
        raise StoreError(f"not a database URL: {text!r} (sqlite:///duban.db or postgresql://…)") from None
    except ValueError:
        # The text is not repeated: it may contain a password.
        raise StoreError("not a database URL: its port is no number (postgresql://user@host:5432/name)") from None
    match url.get_backend_name():
        case "sqlite" if url.query:
            raise StoreError("a SQLite database takes no options: sqlite:///duban.db")
        case "sqlite" if url.database and ":memory:" not in url.database:
            return url.set(drivername="sqlite+pysqlite")
        case "sqlite":
            raise StoreError("a SQLite database needs a file: sqlite:///duban.db")
        case "postgresql":
            return url.set(drivername="postgresql+psycopg")
        case unknown:
            raise StoreError(f"unknown database {unknown!r} (sqlite:///duban.db or postgresql://…)")


def _execute_until_unlocked(cursor: Any, pragma: str) -> None:
    """Execute a pragma, again while the database is locked: the change to WAL ignores the busy timeout."""
    for _ in range(_TRIES):
        try:
            cursor.execute(pragma)
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(_PAUSE)
        else:
            return
    cursor.execute(pragma)


def _prepare_sqlite(engine: sa.Engine, *, durable: bool, foreign_keys: bool) -> None:
    """Set the pragmas and begin transactions explicitly.

    The driver's deferred BEGIN fails with "database is locked" when two writers meet. With synchronous FULL a commit
    survives a power cut, so that no message is decided and sent twice.
    """
    pragmas = (
        f"PRAGMA busy_timeout = {BUSY_TIMEOUT}",  # first: the next one may have to wait
        "PRAGMA journal_mode = WAL",
        f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}",
        f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}",
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            _execute_until_unlocked(cursor, pragma)
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        is_reading = connection.get_execution_options().get("reading", False)
        cursor = connection.connection.cursor()
        cursor.execute("BEGIN" if is_reading else "BEGIN IMMEDIATE")
        cursor.close()

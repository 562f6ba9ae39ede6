"""The year of one department, lived once."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.once_for_all import once_for_all
from tests.rules.huanbao_year import live_the_year
from tracker.store.engine import Store


@pytest.fixture(scope="session")
def lived_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database at the end of the environment bureau's 2015."""
    return once_for_all(tmp_path_factory, "huanbao-2015", _lived) / "duban.db"


def _lived(folder: Path) -> None:
    asyncio.run(live_the_year(folder))
    with closing(sqlite3.connect(folder / "duban.db")) as connection:  # all of it in one file, which is copied
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture
def year(lived_year: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of it, open."""
    with Store(f"sqlite:///{shutil.copy(lived_year, tmp_path / 'duban.db')}", durable=False) as store:
        yield store

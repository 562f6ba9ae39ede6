"""The year of one department, lived once: its first months at every change, at night all of it."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from tests.once_for_all import once_for_all
from tests.rules.huanbao_2015 import LAST
from tests.rules.huanbao_year import live_the_year
from tracker.store.engine import Store

#: Lived at every change: the site was dark in April, an emergency fell on a day off, a month came late and the office
#: heard of it.
JUNE = date(2015, 6, 12)


@pytest.fixture(scope="session", params=[JUNE, pytest.param(LAST, marks=pytest.mark.nightly)], ids=["to June", "whole"])
def until(request: pytest.FixtureRequest) -> date:
    """The last day that is lived."""
    day: date = request.param
    return day


@pytest.fixture(scope="session")
def lived_year(until: date, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the environment bureau's 2015 at the end of that day."""
    return once_for_all(tmp_path_factory, f"huanbao-{until}", partial(_lived, until=until)) / "duban.db"


def _lived(folder: Path, until: date) -> None:
    asyncio.run(live_the_year(folder, until))
    with closing(sqlite3.connect(folder / "duban.db")) as connection:  # all of it in one file, which is copied
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@pytest.fixture
def year(lived_year: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of it, open."""
    with Store(f"sqlite:///{shutil.copy(lived_year, tmp_path / 'duban.db')}", durable=False) as store:
        yield store

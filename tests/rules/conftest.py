"""The year of one department, lived once."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from huanbao_year import live_the_year

from tests.once_for_all import once_for_all
from tracker.store.engine import Store


@pytest.fixture(scope="session")
def lived_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database at the end of the environment bureau's 2015."""
    folder = once_for_all(tmp_path_factory, "huanbao-2015", lambda place: asyncio.run(live_the_year(place)))
    return folder / "duban.db"


@pytest.fixture
async def year(lived_year: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """A copy of it, open."""
    async with Store(f"sqlite:///{shutil.copy(lived_year, tmp_path / 'duban.db')}", durable=False) as store:
        yield store

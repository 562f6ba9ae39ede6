"""The small county with its pages served, on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.console.people import come  # noqa: F401  (a fixture)
from tests.console.served_pages import House, served
from tests.console.systems import connect  # noqa: F401  (a fixture)
from tracker.store.engine import Store


@pytest.fixture
async def house(tmp_path: Path, store: Store) -> AsyncIterator[House]:
    """On Monday morning: the mail with both matters has left."""
    async with served(tmp_path, store) as made:
        yield made

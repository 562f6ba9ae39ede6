"""The small county on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.decide.small_county import Small, at, small_county
from tracker.store.engine import Store


@pytest.fixture
async def county(tmp_path: Path, store: Store) -> AsyncIterator[Small]:
    async with small_county(tmp_path, store, at("2015-07-01", "06:00")) as made:
        yield made

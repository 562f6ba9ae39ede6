"""The small county on either database, for what is read of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.decide.relived import relive
from tests.decide.small_county import Small, at, small_county
from tests.reports.lived_quarter import live_a_quarter
from tracker.store.engine import Store


@pytest.fixture
async def county(tmp_path: Path, store: Store) -> AsyncIterator[Small]:
    async with small_county(tmp_path, store, at("2015-07-01", "06:00")) as made:
        yield made


@pytest.fixture
async def quarter(county: Small) -> Small:
    """The county after three months of something late, made good, published in part, out of sight, explained."""
    await relive(county, "quarter", live_a_quarter)
    return county

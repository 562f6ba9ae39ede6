"""The small county with its pages served, on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tests.console.people import come  # noqa: F401  (a fixture)
from tests.console.served_pages import House, served
from tests.console.systems import connect  # noqa: F401  (a fixture)
from tracker.registers import passwords
from tracker.store.engine import Store

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password costs next to nothing here; what it costs elsewhere stands in tests/registers/test_passwords.py."""
    monkeypatch.setattr(passwords, "_hasher", lambda: QUICK)


@pytest.fixture
async def house(tmp_path: Path, store: Store) -> AsyncIterator[House]:
    """On Monday morning: the mail with both matters has left."""
    async with served(tmp_path, store) as made:
        yield made

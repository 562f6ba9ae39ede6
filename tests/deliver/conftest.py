"""The clock that tests of delivery set."""

from __future__ import annotations

import pytest

from tests.deliver.outbox_office import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()

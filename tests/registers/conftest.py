"""Gives tests the small county in a database of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journalled import assert_journal_holds, every_change_journalled
from tests.registers.register_office import NOW, ROWS
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.occurrences import upsert_occurrences
from tracker.store.tables import entries


@pytest.fixture
def county(store: Store) -> Iterator[Store]:
    """An open store with the county; after the test each of its rows is as the journal says."""
    with store.begin() as tx:
        ensure_county(tx, "sample")
        upsert_occurrences(tx, ROWS)
        values = {"county": "sample", "seq": 0, "column": "county-site/finance", "url": "http://x/1"}
        tx.execute(entries.insert(), {**values, "first_seen_at": NOW, "last_seen_at": NOW})
    yield store
    with store.read() as tx:
        assert_journal_holds(tx, "sample")


@pytest.fixture(autouse=True)
def _journalled(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test of this room does: what changes a register is journalled in the same transaction."""
    if request.module.__name__.endswith("test_everything_is_journalled"):
        yield
        return
    with every_change_journalled() as unsaid:
        yield
    assert unsaid == [], "changed without a line in the journal"

"""Each table is listed with how its changes are journalled; a register that writes no journal entry is found."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.entered import new_event
from tests.journalled import AT_ONCE, OTHERWISE, every_change_journalled
from tests.registers.register_office import NOW, RULES
from tracker.core.escalation.notices import Silence
from tracker.registers.events import record_event
from tracker.store.answers import add_silence
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.tables import metadata

pytestmark = pytest.mark.both_databases


def test_each_table_is_named_with_how_it_is_journalled_or_why_not() -> None:
    assert sorted([*AT_ONCE, *OTHERWISE]) == sorted(metadata.tables), "a new table: say in tests/journalled.py how"


def test_a_register_that_forgets_the_journal_is_caught(store: Store) -> None:
    until = datetime(2015, 4, 1, tzinfo=UTC)
    with every_change_journalled() as unsaid:
        with store.begin() as tx:
            ensure_county(tx, "sample")
            record_event(
                tx,
                RULES,
                new_event(
                    name="budget-approved",
                    department="caizheng",
                    occurred=NOW.date(),
                    by="张三",
                    now=NOW,
                    fields={"year": "2015"},
                ),
            )
        assert unsaid == []
        with store.begin() as tx:
            add_silence(tx, "sample", Silence(0, NOW, until, "x", "张三", duty="d"), NOW)
        assert unsaid == ["silences"]

"""Which visits of a column count as failures that still last: those since its last successful one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tracker.core.values.facts import Visit, VisitOutcome
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.visits import list_blind_columns, load_failing_visits, record_visits

NOON, HOUR = datetime(2015, 10, 8, 4, 0, tzinfo=UTC), timedelta(hours=1)
READ, FAILED = VisitOutcome.READ, next(outcome for outcome in VisitOutcome if outcome is not VisitOutcome.READ)


def visit(hour: int, outcome: VisitOutcome, column: str = "c") -> Visit:
    at = NOON + hour * HOUR
    return Visit(column, at, at, outcome, None, 1, 0, "" if outcome == READ else f"HTTP 500 at {hour}")


@pytest.mark.parametrize(
    ("outcomes", "failing"),
    [
        ([], []),
        ([READ], []),
        ([FAILED], [0]),
        ([FAILED, FAILED], [0, 1]),
        ([FAILED, READ], []),
        ([READ, FAILED], [1]),
        ([FAILED, READ, FAILED, FAILED], [2, 3]),
        ([READ, FAILED, READ], []),
    ],
)
def test_failed_visits_count_since_the_last_successful_one(
    store: Store, outcomes: list[VisitOutcome], failing: list[int]
) -> None:
    visits = [visit(hour, outcome) for hour, outcome in enumerate(outcomes)]
    with store.begin() as tx:
        for county in ("sample", "other"):
            ensure_county(tx, county)
        record_visits(tx, "sample", 1, visits)
        record_visits(tx, "sample", 1, [visit(9, READ, "beside")])  # another column's success ends nothing
        record_visits(tx, "other", 1, [visit(9, READ)])  # nor another county's
        found = load_failing_visits(tx, "sample", ["c", "beside", "unknown"])
        assert [each.began_at for each in found] == [visits[n].began_at for n in failing]
        assert load_failing_visits(tx, "sample", []) == load_failing_visits(tx, "sample", ["beside"]) == []
        blind = list_blind_columns(tx, "sample", NOON + 9 * HOUR)
    expected = [("column:c", len(failing), f"HTTP 500 at {failing[-1]}")] if failing else []
    assert [(fault.subject, fault.count, fault.error) for fault in blind] == expected

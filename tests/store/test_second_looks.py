"""For which occurrences a second look is wanted: by when they are due or want one, and since when none began."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.store.test_occurrences import row
from tracker.core.values.second_looks import SecondLook
from tracker.core.values.verdicts import Status
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.occurrences import OccurrenceRow, upsert_occurrences
from tracker.store.second_looks import add_second_look, list_second_looks, list_unlooked, list_wanted_looks

NOON, SECOND = datetime(2015, 10, 8, 4, 0, tzinfo=UTC), timedelta(seconds=1)
LATE = replace(row("2015-09"), status=Status.OVERDUE, due_at=NOON)
WANTED = replace(LATE, look_at=NOON)


def keep(store: Store, rows: list[OccurrenceRow], looks: list[datetime]) -> None:
    """Store the rows, and second looks for the first one."""
    with store.begin() as tx:
        for county in ("sample", "other"):
            ensure_county(tx, county)
        upsert_occurrences(tx, rows)
        for began_at in looks:
            add_second_look(tx, rows[0].county, SecondLook(0, rows[0].key, began_at, began_at, ()))


@pytest.mark.parametrize(
    ("late", "looks", "listed"),
    [
        (LATE, [], True),
        (replace(LATE, due_at=NOON + SECOND), [], False),
        (replace(LATE, status=Status.OPEN), [], False),
        (replace(LATE, closed=True), [], False),
        (row("2015-09", county="other"), [], False),
        (LATE, [NOON - SECOND], True),
        (LATE, [NOON], False),  # the first instant of the day
        (LATE, [NOON - SECOND, NOON + SECOND], False),
    ],
)
def test_which_late_ones_were_not_looked_for_today(
    store: Store, late: OccurrenceRow, looks: list[datetime], listed: bool
) -> None:
    keep(store, [late, replace(LATE, key=f"{LATE.key}.b", label="2015-09.b", due_at=NOON - SECOND)], looks)
    expected = [f"{LATE.key}.b", late.key][: 1 + listed]
    with store.read() as tx:
        assert list_unlooked(tx, "sample", due_by=NOON, since=NOON) == expected  # the longest due first


@pytest.mark.parametrize(
    ("wanted", "looks", "valid_since", "listed"),
    [
        (WANTED, [], NOON - SECOND, True),
        (replace(WANTED, look_at=NOON + SECOND), [], NOON - SECOND, False),
        (replace(WANTED, look_at=None), [], NOON - SECOND, False),
        (replace(WANTED, key="other", county="other"), [], NOON - SECOND, False),
        (WANTED, [NOON - SECOND], NOON - SECOND, True),  # before it was wanted
        (WANTED, [NOON], NOON - SECOND, False),
        (WANTED, [NOON], NOON, False),
        (WANTED, [NOON], NOON + SECOND, True),  # it is too long ago by now
    ],
)
def test_for_which_a_look_is_wanted(
    store: Store, wanted: OccurrenceRow, looks: list[datetime], valid_since: datetime, listed: bool
) -> None:
    other = replace(WANTED, key=f"{LATE.key}.b", label="2015-09.b", look_at=NOON - SECOND)
    keep(store, [wanted, other], looks)
    expected = [(other.key, NOON - SECOND), (wanted.key, NOON)][: 1 + listed]
    with store.read() as tx:
        assert list_wanted_looks(tx, "sample", NOON, valid_since) == expected


def test_the_looks_for_an_occurrence_come_in_order(store: Store) -> None:
    keep(store, [LATE], [NOON, NOON - SECOND])
    with store.read() as tx:
        assert [look.began_at for look in list_second_looks(tx, "sample", LATE.key)] == [NOON, NOON - SECOND]
        assert list_second_looks(tx, "other", LATE.key) == list_second_looks(tx, "sample", "another") == []

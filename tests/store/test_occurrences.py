"""Occurrences are found by their label, those of single parts too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.core.values.verdicts import Light, Status
from tracker.store.counties import ensure_county
from tracker.store.engine import Store
from tracker.store.occurrences import OccurrenceRow, list_labelled, load_occurrences, upsert_occurrences

NOW = datetime(2015, 10, 8, 1, 0, tzinfo=UTC)
DUE = datetime(2015, 9, 30, 16, 0, tzinfo=UTC)
FORMED = "event:formed:2015_18"


def row(label: str, department: str = "huanbao", county: str = "sample") -> OccurrenceRow:
    return OccurrenceRow(
        key=f"{county}/plan/water/{department}/{label}", county=county, pack="plan", duty="water",
        department=department, label=label, opens_on=date(2015, 9, 1), due_on=date(2015, 9, 30), due_at=DUE,
        status=Status.OPEN, light=Light.NONE, reason="", rulebook="r", calendar="c", created_at=NOW, updated_at=NOW,
    )  # fmt: skip


@pytest.fixture
def known(store: Store) -> Store:
    labels = ("2015-09", "2015-09.air", "2015-09.water", "2015-09-01", "2015-0", FORMED, f"{FORMED}.air",
              "event:formed:2015x18.air")  # fmt: skip
    with store.begin() as tx:
        for county in ("sample", "other"):
            ensure_county(tx, county)
        upsert_occurrences(tx, [*(row(label) for label in labels), row("2015-09", county="other")])
    return store


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ((), []),
        (("2015-09",), ["2015-09", "2015-09.air", "2015-09.water"]),
        (("2015-09.air",), ["2015-09.air"]),
        ((FORMED,), [FORMED, f"{FORMED}.air"]),  # `_` is no wildcard
        (("2015-0", FORMED), ["2015-0", FORMED, f"{FORMED}.air"]),
        (("2014-09",), []),
    ],
)
def test_a_label_finds_its_matter_and_that_of_each_part(
    known: Store, labels: tuple[str, ...], expected: list[str]
) -> None:
    with known.read() as tx:
        assert sorted(stored.label for stored in list_labelled(tx, "sample", labels)) == sorted(expected)


def test_a_row_that_is_decided_anew_keeps_when_it_came_onto_the_list(known: Store) -> None:
    later = NOW + timedelta(days=1)
    anew = replace(row("2015-09"), status=Status.OVERDUE, created_at=later, updated_at=later)
    with known.begin() as tx:
        upsert_occurrences(tx, [anew])
    with known.read() as tx:
        assert load_occurrences(tx, "sample")[anew.key] == replace(anew, created_at=NOW)

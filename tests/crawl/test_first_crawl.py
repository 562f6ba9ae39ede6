"""A county is installed in the middle of a year: its first crawl reads back as far as anything is owed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tracker.core.values.verdicts import Status
from tracker.demo.simulation import SimulatedCounty, simulate_county
from tracker.store.occurrences import load_occurrences

ROOT = Path(__file__).parents[2]
AUGUST = date(2015, 8, 31)


def _stand(box: SimulatedCounty) -> dict[str, Status]:
    with box.office.store.read() as tx:
        return {key: row.status for key, row in load_occurrences(tx, "sample").items()}


@pytest.mark.nightly
async def test_it_holds_nothing_against_a_department_that_a_later_crawl_finds(tmp_path: Path) -> None:
    """`duban once` crawls before it has decided anything: nothing in the database says yet what is owed since when."""
    async with simulate_county(ROOT, tmp_path, AUGUST, AUGUST, acts=()) as box:
        await box.office.crawl()
        box.office.tick()
        at_first = _stand(box)
        await box.office.crawl()  # now every occurrence is known
        box.office.tick()
        assert at_first == _stand(box)
    assert sum(status is Status.MET for status in at_first.values()) > 200

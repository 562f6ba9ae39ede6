"""Two people, or two machines, at the same circulars at the same time: a number is given once."""

from __future__ import annotations

import asyncio
from datetime import date
from functools import partial

import pytest

from tests.at_once import at_once
from tests.decide.small_county import Small
from tests.reports.criticised import SEPTEMBER, acting, lived, signed
from tracker.daemon.jobs import Office
from tracker.demo.simulation import open_null_channels
from tracker.registers.errors import RegisterError
from tracker.reports.circulars.lifecycle import Circulars
from tracker.store.circulars import CircularRow, list_circulars
from tracker.store.counties import request_full_decision
from tracker.store.engine import StoreError

pytestmark = pytest.mark.both_databases


def issue(county: Small, month: str) -> CircularRow:
    with county.office.store.begin() as tx:
        loaded = county.office.loaded
        return Circulars(tx, loaded, loaded.rulebooks[0], county.clock.now).issue(month, "王敏")


@pytest.mark.sampled(2)
async def test_two_months_issued_at_once_have_two_numbers_that_follow(county: Small) -> None:
    await lived(county)
    await signed(county)
    for month in ("2015-07", "2015-08"):
        async with acting(county) as circulars:
            row = circulars.draft(month, "王敏")
            assert row.values["named"] == 0
            circulars.sign(month, "赵督查")
    rows = at_once(partial(issue, county, month) for month in ("2015-07", "2015-08", SEPTEMBER))
    assert sorted((row.year, row.number) for row in rows if isinstance(row, CircularRow)) == [
        (2015, 1),
        (2015, 2),
        (2015, 3),
    ]


@pytest.mark.sampled(2)
async def test_one_month_issued_twice_at_once_is_issued_once(county: Small) -> None:
    await lived(county)
    await signed(county)
    found = at_once([partial(issue, county, SEPTEMBER)] * 3)
    assert [one.number for one in found if isinstance(one, CircularRow)] == [1]
    refused = [str(one) for one in found if isinstance(one, (RegisterError, StoreError))]
    assert len(refused) == 2
    assert all("is issued, not signed" in one or "was changed by somebody else meanwhile" in one for one in refused)
    with county.office.store.read() as tx:
        assert [one.state for one in list_circulars(tx, "small", month=SEPTEMBER)] == ["replaced", "issued"]


@pytest.mark.nightly
async def test_a_tick_waits_for_a_signature_and_does_not_fail(county: Small) -> None:
    """A signature holds the county for as long as its picture is painted."""
    await lived(county, date(2015, 10, 16))
    office = county.office
    another = Office(office.loaded, office.store, office.clock, county.root, channels=open_null_channels)
    with office.store.begin() as tx:
        request_full_decision(tx, "small")  # a pass that has nothing to decide asks for no county
    async with acting(county) as circulars:
        circulars.draft(SEPTEMBER, "王敏")
        tick = asyncio.create_task(asyncio.to_thread(another.tick))
        done, _ = await asyncio.wait([tick], timeout=0.3)  # it waits; where it did not, it would be done by now
        assert not done
    report = await tick
    assert report.judged
    assert not report.faults

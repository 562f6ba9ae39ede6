"""Once a day everything is decided anew: what the passes decided otherwise is a fault, and is set right."""

from __future__ import annotations

from datetime import date

import pytest

from tests.decide.small_county import Small, at
from tracker.store.faults import list_faults
from tracker.store.tables import entries, occurrences

WATER = "small/small/water/huanbao/2015-07"


def faults(county: Small) -> list[str]:
    with county.office.store.read() as tx:
        return [fault.subject for fault in list_faults(tx, "small") if fault.action == "recheck"]


async def a_month(county: Small) -> None:
    county.site.publish("environment", "6月份水环境质量状况", at("2015-07-08"))
    await county.live(date(2015, 7, 1), date(2015, 8, 4))


async def test_where_the_passes_decided_as_all_facts_do_nothing_is_noted(county: Small) -> None:
    await a_month(county)
    assert (await county.office.tidy()).startswith("0 decisions wrong")
    assert faults(county) == []


async def test_a_decision_that_the_facts_do_not_give_is_a_fault_and_the_next_pass_sets_it_right(
    county: Small,
) -> None:
    await a_month(county)
    met = county.rows()["water/huanbao/2015-07"]
    with county.office.store.begin() as tx:  # as a selection that missed something would leave it
        tx.execute(occurrences.update().where(occurrences.c.key == WATER).values(status="overdue", light="red"))
    assert (await county.office.tidy()).startswith("1 decisions wrong")
    assert faults(county) == [WATER]
    county.office.tick()
    assert county.rows()["water/huanbao/2015-07"].status == met.status
    await county.office.tidy()
    assert faults(county) == []


@pytest.mark.nightly
async def test_a_fact_without_a_number_is_found_by_it(county: Small) -> None:
    """What reaches the tables past the registers is seen by no selection."""
    await a_month(county)
    with county.office.store.begin() as tx:
        gone = {"gone_at": county.clock.now, "gone_status": 404}
        tx.execute(entries.update().where(entries.c.url.endswith("0.html")).values(**gone))
    county.office.tick()
    assert county.rows()["water/huanbao/2015-07"].status == "met"
    await county.office.tidy()
    county.office.tick()
    assert county.rows()["water/huanbao/2015-07"].status == "incomplete"

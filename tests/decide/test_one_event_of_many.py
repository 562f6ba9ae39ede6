"""A recorded event is judged at once with what it starts; what it takes from others is the next pass's."""

from __future__ import annotations

from datetime import date

import pytest

from tests.decide.small_county import PACK, Small, at
from tests.entered import new_event
from tracker.core.values.facts import Event
from tracker.decide.facts import WHOLE
from tracker.decide.recording import record_and_judge
from tracker.decide.select import select
from tracker.registers.events import record_event
from tracker.store.counties import read_county
from tracker.store.facts import load_facts
from tracker.store.occurrences import OccurrenceRow

_OWN, _AWAITING = "small/small/budget/keji/event:budget-approved:{}", "small/small/budget/keji/awaiting:budget-approved"


def approval(county: Small, reference: str, on: str) -> Event:
    return new_event(
        name="budget-approved", department="keji", occurred=date.fromisoformat(on), now=county.clock.now,
        reference=reference, fields={"year": "2015"},
    )  # fmt: skip


def record(county: Small, reference: str, on: str) -> dict[str, OccurrenceRow]:
    office, event = county.office, approval(county, reference, on)
    book = office.loaded.rulebooks[0]
    _, rows = record_and_judge(
        office.store, office.loaded, book, lambda tx: record_event(tx, book, event), now=county.clock.now
    )
    return rows


@pytest.mark.both_databases
async def test_of_many_events_only_the_recorded_one_is_read_and_judged(county: Small) -> None:
    county.clock.now = at("2015-08-03")
    await county.turn(crawl=True)
    assert record(county, "a", "2015-07-20").keys() == {_OWN.format("a"), _AWAITING}
    for number in range(5):
        record(county, f"b{number}", "2015-07-21")
    await county.turn()
    assert record(county, "c", "2015-07-22").keys() == {_OWN.format("c")}
    office = county.office
    book, calendar = office.loaded.rulebooks[0], office.loaded.calendar
    with office.store.read() as tx:
        until, news = county.clock.now.date(), load_facts(tx, "small", read_county(tx, "small").seq - 1)
        own = select(tx, book, calendar, news, until, until, None, own_only=True)
        everything = select(tx, book, calendar, news, until, until, None)
    prefix = "small/small/budget/keji/"
    assert own.scopes is not None
    assert own.scopes[prefix].keys == {_OWN.format("c"), _AWAITING}
    assert own.rows.keys() == {_OWN.format("c"), _AWAITING}
    assert everything.scopes is not None
    assert everything.scopes[prefix] == WHOLE
    await county.turn()
    assert county.differences() == {}


async def test_an_event_that_takes_another_ones_entry_leaves_that_to_the_next_pass(county: Small) -> None:
    county.reload(pack=PACK.replace('"{event.year}年.*预算"', "部门预算"))  # which of them it is, no title says
    county.clock.now = at("2015-07-25")
    await county.turn(crawl=True)
    record(county, "later", "2015-07-20")
    county.site.publish("finance", "2015年部门预算", at("2015-07-22"))
    await county.turn(crawl=True)
    later, earlier = "budget/keji/event:budget-approved:later", "budget/keji/event:budget-approved:earlier"
    assert county.rows()[later].status == "met"
    assert record(county, "earlier", "2015-07-10").keys() == {_OWN.format("earlier")}
    assert county.rows()[later].status == "met"
    await county.turn()
    assert {county.rows()[key].status.met for key in (later, earlier)} == {True, False}
    assert county.differences() == {}

"""Before an instrument is issued only what an act sets is pressed, reported and counted."""

from __future__ import annotations

from datetime import date

import pytest

from tests.decide.small_county import COUNTY, PACK, Small, at
from tracker.core.values.verdicts import Status
from tracker.decide.explain import Explanation, explain
from tracker.reports.ledger import LedgerQuery
from tracker.reports.snapshot import CountyReader

ISSUED = PACK.replace("events:", "issued: 2015-08-05\nevents:", 1)
LAWFUL = ISSUED.replace("of: budget-approved}", "of: budget-approved, law: [budget-law 14]}")
WATER, BUDGET = "water/huanbao/2015-07", "budget/keji/event:budget-approved:2015"
WHY = "发文前：应于文件印发之日（2015年8月5日）以前完成，规则所列法律法规也未规定该时限，仅列示，不督办、不计分"


async def lived(county: Small, pack: str, **files: str) -> list[str]:
    """Keji's budget was approved on 6 July: due on the 27th. Who was told of what in the three weeks after that."""
    county.reload(pack=pack, **files)
    county.clock.now = at("2015-07-20")
    county.event("2015-07-06")
    await county.live(date(2015, 7, 20), date(2015, 8, 7))
    told = county.notices()
    return [line.split(" ", 2)[2] for line in told if f" {WATER} " in line or f" {BUDGET} " in line]


def pressed(county: Small) -> set[str]:
    """What reports count, and the ledger shows."""
    [rulebook], calendar = county.office.loaded.rulebooks, county.office.loaded.calendar
    reader = CountyReader(rulebook, calendar)
    with county.office.store.read() as tx:
        counted = {line.key for line in reader.read(tx, county.clock.now).liable_lines}
        held = {one.key for one in reader.list_standings(tx, county.clock.now) if LedgerQuery().includes(one, rulebook)}
    known = {f"small/small/{one}" for one in (WATER, BUDGET, "water/huanbao/2015-08")}
    assert counted & known == held & known
    return {key.removeprefix("small/small/") for key in counted & known}


async def test_what_was_due_before_is_shown_and_pressed_by_nobody(county: Small) -> None:
    assert await lived(county, ISSUED) == []
    rows = county.rows()
    assert {(rows[key].status, rows[key].reason.endswith(f"；{WHY}")) for key in (WATER, BUDGET)} == {
        (Status.OVERDUE, True)
    }
    assert pressed(county) == {"water/huanbao/2015-08"}
    asked = explain(county.office.store, county.office.loaded, WATER, county.clock.now)
    assert isinstance(asked, Explanation)
    assert (asked.verdict.not_binding_reason, asked.marks) == (WHY, ("发文前",))


@pytest.mark.nightly
async def test_what_an_act_sets_is_pressed_all_the_same(county: Small) -> None:
    told = await lived(county, LAWFUL)
    assert {line.split(" ", 1)[0] for line in told} == {BUDGET}
    assert f"{BUDGET} overdue liaison sent" in told
    assert pressed(county) == {BUDGET, "water/huanbao/2015-08"}
    assert "时限依据：《预算法》第十四条" in county.rows()[BUDGET].derivation


async def test_a_county_that_gives_its_own_day_has_no_assumed_one(county: Small) -> None:
    assumed = ISSUED.replace("issued: 2015-08-05", "issued: 2015-08-05\nissued_assumed: true")
    county.reload(pack=assumed)
    [book] = county.office.loaded.rulebooks
    assert {duty.issued_assumed for duty in book.duties} == {True}
    county.reload(pack=assumed, county=COUNTY + "issued: {small: 2015-08-05}\n")
    [book] = county.office.loaded.rulebooks
    assert {(duty.issued, duty.issued_assumed) for duty in book.duties} == {(date(2015, 8, 5), False)}


@pytest.mark.nightly
async def test_a_county_that_learns_the_day_takes_back_what_it_has_said(county: Small) -> None:
    told = await lived(county, ISSUED.replace("2015-08-05", "2015-07-20"))
    assert f"{WATER} overdue liaison sent" in told
    county.reload(pack=ISSUED)
    await county.live(date(2015, 8, 8), date(2015, 8, 11))
    after = [line for line in county.notices() if f" {WATER} " in line][len([x for x in told if WATER in x]) :]
    assert [line.split(" ", 2)[2] for line in after] == [
        f"{WATER} closed liaison sent",
        f"{WATER} closed lead sent",
        f"{WATER} closed county-office sent",
    ]
    assert any(one.startswith("此前的通知不再适用：") and WHY in one for one in county.reasons())

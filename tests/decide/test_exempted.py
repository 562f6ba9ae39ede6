"""Waived, not applicable, postponed: shown at once with the reason, ended by a day or a person, and pressed anew."""

from __future__ import annotations

from datetime import date

import pytest

from tests.decide.deciding import WATER, enter, exempt, postpone, revoke, sent_notices, waive
from tests.decide.small_county import Small, at
from tests.entered import do_decide, new_ruling
from tracker.core.values.verdicts import Light, Status
from tracker.core.verdict.status_text import released
from tracker.registers.errors import RegisterError
from tracker.store.notices import list_notices


def test_a_waiver_shows_at_once_with_ground_basis_and_person(county: Small) -> None:
    county.office.tick()
    row = waive(county)[WATER]
    assert (row.status, row.light) == (Status.WAIVED, Light.GREY)
    assert row.reason == "经李主任批准豁免（国家秘密，依据：条例第八条）：经核实"
    before = county.rows()
    county.office.tick()
    assert county.rows() == before  # the next pass has nothing to add


def test_a_ground_of_an_act_brings_its_article(county: Small) -> None:
    county.office.tick()
    row = waive(county, ground="stability", basis="")[WATER]
    assert (
        row.reason
        == "经李主任批准豁免（危及国家安全、公共安全、经济安全和社会稳定，依据：《政府信息公开条例》第八条）：经核实"
    )


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        ("国家秘密", "（国家秘密，依据：条例第八条）"), ("secret", "（国家秘密，依据：条例第八条）"),
        ("commercial-secret", "（商业秘密，依据：条例第八条）"), ("privacy", "（个人隐私，依据：条例第八条）"),
        ("no-such-business", "（无此项业务，依据：条例第八条）"), ("不适用", "（依据：条例第八条）"),
        ("not-applicable", "（依据：条例第八条）"),
    ],
)  # fmt: skip
def test_what_an_earlier_version_stored_as_ground_reads_the_same(stored: str, words: str) -> None:
    ruling = new_ruling("waive", occurrence=WATER, now=at("2015-08-03"), ground=stored, basis="条例第八条")
    assert released(ruling) == f"经李主任批准豁免{words}：经核实"


@pytest.mark.nightly
async def test_after_a_waiver_s_last_day_it_is_owed_again_and_pressed_from_then(county: Small) -> None:
    await county.live(date(2015, 7, 30), date(2015, 8, 3))  # due on the 31st, told on Monday
    county.clock.now = at("2015-08-03", "14:00")
    waive(county, until=date(2015, 8, 12))
    await county.live(date(2015, 8, 4), date(2015, 8, 12))
    assert county.rows()["water/huanbao/2015-07"].status is Status.WAIVED
    assert sent_notices(county) == ["07-30 last-reminder liaison", "08-03 overdue liaison", "08-03 closed liaison"]
    await county.live(date(2015, 8, 13), date(2015, 8, 20))
    row = county.rows()["water/huanbao/2015-07"]
    assert row.status is Status.OVERDUE
    assert "此前的豁免（经李主任决定）已于2015年8月12日期满，自次日起恢复督办" in row.reason
    assert sent_notices(county)[3:] == [
        "08-13 reopened liaison", "08-13 reopened county-office", "08-14 overdue liaison",
        "08-18 to-lead liaison", "08-18 to-lead lead", "08-20 to-county-office lead",
        "08-20 to-county-office county-office",
    ]  # fmt: skip
    assert row.since == at("2015-08-13", "00:00")
    with county.office.store.read() as tx:
        sent = [one["detail"] for one in list_notices(tx, "small", WATER) if one["step"] == "to-lead"]
    assert {one["lateness"] for one in sent} == {"自8月13日起逾期4个工作日"}  # the days of the waiver are nobody's
    assert any(one.startswith("恢复督办：应不晚于2015年7月31日公开") for one in county.reasons())
    assert any("自次日起恢复督办；逾期未公开，按办法于2015年8月13日后3个工作日上报" in one for one in county.reasons())


async def test_what_came_out_while_it_was_waived_is_not_late_by_those_days(county: Small) -> None:
    await county.live(date(2015, 7, 31), date(2015, 7, 31))
    waive(county, until=date(2015, 8, 12))
    county.site.publish("environment", "6月份水环境质量", at("2015-08-05"))
    await county.live(date(2015, 8, 5), date(2015, 8, 13))
    row = county.rows()["water/huanbao/2015-07"]
    assert row.status is Status.MET_LATE
    assert row.reason.endswith("，晚于时限2015年7月31日，当时不作逾期")


async def test_a_waiver_that_is_taken_back_no_longer_holds_and_nothing_is_lost(county: Small) -> None:
    await county.live(date(2015, 7, 30), date(2015, 7, 30))
    waive(county)
    county.clock.now = at("2015-08-10", "09:00")
    await county.turn(crawl=True)
    row = revoke(county, 1)[WATER]
    assert row.status is Status.OVERDUE
    assert "此前的豁免已于2015年8月10日经李主任撤销（情况有变），自该日起恢复督办" in row.reason
    await county.live(date(2015, 8, 10), date(2015, 8, 13))
    assert [one for one in sent_notices(county) if "overdue" in one or "to-lead" in one] == [
        "08-11 overdue liaison", "08-13 to-lead liaison", "08-13 to-lead lead",
    ]  # fmt: skip


async def test_a_waiver_of_a_thing_not_due_yet_ends_before_it_is(county: Small) -> None:
    county.office.tick()
    waive(county, until=date(2015, 7, 10))
    await county.live(date(2015, 7, 13), date(2015, 7, 13))
    row = county.rows()["water/huanbao/2015-07"]
    assert row.status is Status.OPEN
    assert "期满" in row.reason


@pytest.mark.nightly
async def test_a_duty_that_does_not_apply_takes_what_is_owed_later_with_it(county: Small) -> None:
    county.site.publish("environment", "6月份水环境质量", at("2015-07-08"))
    await county.live(date(2015, 7, 8), date(2015, 8, 3))
    rows = exempt(county, "small/small/water/huanbao/*")
    assert WATER not in rows  # what was proved stays proved
    await county.live(date(2015, 8, 4), date(2015, 9, 3))
    found = county.rows()
    assert found["water/huanbao/2015-07"].status is Status.MET
    for label in ("2015-08", "2015-09"):
        row = found[f"water/huanbao/{label}"]
        assert (row.status, row.reason) == (Status.NOT_APPLICABLE, "经李主任认定不适用（依据：三定方案）：经核实")
    revoke(county, 1)
    found = county.rows()
    assert found["water/huanbao/2015-09"].status in (Status.OPEN, Status.UPCOMING)
    assert found["water/huanbao/2015-08"].status is Status.OVERDUE


async def test_a_postponed_date_moves_the_old_one_stays_visible_and_whoever_was_told_is_told(county: Small) -> None:
    await county.live(date(2015, 7, 24), date(2015, 7, 24))  # the reminder of -5 working days is sent
    county.clock.now = at("2015-07-27", "10:00")
    row = postpone(county, "2015-08-14")[WATER]
    assert (row.due_on, row.due_revision) == (date(2015, 8, 14), 1)
    assert "原时限2015年7月31日，王敏申请，2015年7月27日经李主任批准延期至2015年8月14日（经核实）。" in row.derivation
    await county.turn()
    assert sent_notices(county)[-1] == "07-27 correction liaison"
    assert "经批准延期，公开时限由2015年7月31日延至2015年8月14日。" in county.reasons()[-1]
    county.clock.now = at("2015-08-05", "10:00")
    assert postpone(county, "2015-08-10", reason="提前")[WATER].due_on == date(2015, 8, 10)


async def test_a_postponement_taken_back_after_the_old_date_accuses_from_then_only(county: Small) -> None:
    county.office.tick()
    postpone(county, "2015-08-31")
    await county.live(date(2015, 8, 10), date(2015, 8, 12))
    row = revoke(county, 1)[WATER]
    assert (row.due_on, row.status) == (date(2015, 7, 31), Status.OVERDUE)
    assert "此前的延期已于2015年8月12日经李主任撤销" in row.reason
    await county.live(date(2015, 8, 13), date(2015, 8, 14))
    assert [one for one in sent_notices(county) if "overdue" in one] == ["08-13 overdue liaison"]


def test_a_postponement_that_a_corrected_event_overtakes_moves_nothing(county: Small) -> None:
    budget = "small/small/budget/keji/event:budget-approved:2015"
    county.event("2015-07-01")  # due on the 21st
    county.office.tick()
    assert postpone(county, "2015-07-24", occurrence=budget)[budget].due_on == date(2015, 7, 24)
    county.event("2015-07-06", correct=True)  # due on the 27th
    county.office.tick()
    row = county.rows()["budget/keji/event:budget-approved:2015"]
    assert row.due_on == date(2015, 7, 27)
    assert "批准延期至2015年7月24日（经核实），不晚于上述时限，不另延期" in row.derivation


@pytest.mark.parametrize(
    ("day", "to", "why"),
    [
        ("2015-07-27", "2015-07-31", "not later than the due day 2015-07-31"),
        ("2015-08-03", "2015-08-14", "was due before 2015-08-01T00:00"),
        ("2015-09-01", "2015-08-14", "has passed"),
    ],
)
def test_a_postponement_that_does_not_fit_is_refused(county: Small, day: str, to: str, why: str) -> None:
    county.clock.now = at(day)
    county.office.tick()
    with pytest.raises(RegisterError, match=why):
        enter(county, do_decide, kind="postpone", occurrence=WATER, to=date.fromisoformat(to), asked_by="王敏")


async def test_an_acceptance_is_judged_at_once_too(county: Small) -> None:
    await county.live(date(2015, 8, 3), date(2015, 8, 3))
    _, rows = enter(county, do_decide, kind="accept", occurrence=WATER, target="https://news.example/1")
    assert rows[WATER].status is Status.MET_LATE

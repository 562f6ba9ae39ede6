"""Events that people correct, withdraw and put back, from the register to the mails; and records that are wanting."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes, policy
from typing import Any

import pytest
import sqlalchemy as sa

from tests.decide.small_county import PACK, Small, at
from tests.entered import new_event
from tracker.core.values.facts import EventKey
from tracker.core.values.verdicts import Status
from tracker.registers.events import correct_event, record_event, withdraw_event
from tracker.store.notices import list_notices
from tracker.store.tables import messages

BUDGET = "budget/keji/event:budget-approved:2015"
AWAITED = "budget/keji/awaiting:budget-approved"
KEY = {"name": "budget-approved", "department": "keji", "reference": "2015"}


def correct(county: Small, **changes: Any) -> str:
    with county.office.store.begin() as tx:
        book, now = county.office.loaded.rulebooks[0], county.clock.now
        done = correct_event(tx, book, EventKey(**KEY), by="李娜", reason="批复文件日期有误", now=now, **changes)
    return done.message


def withdraw(county: Small) -> None:
    with county.office.store.begin() as tx:
        withdraw_event(
            tx, county.office.loaded.rulebooks[0], EventKey(**KEY), by="李娜", reason="误录", now=county.clock.now
        )


def _text(mail: bytes) -> str:
    part = message_from_bytes(mail, policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def told(county: Small, subject: str) -> list[str]:
    with county.office.store.read() as tx:
        found = list_notices(tx, "small", f"small/small/{subject}")
    return [f"{one['step']}.{one['due_revision']} {one['role']} {one['state']}" for one in found]


async def test_a_correction_takes_back_what_is_unsent_and_corrects_what_was_told(county: Small) -> None:
    county.event("2015-07-01")  # due on 21 July
    await county.live(date(2015, 7, 14), date(2015, 7, 19))
    county.clock.now = at("2015-07-20", "06:00")
    county.office.tick()
    county.clock.now = at("2015-07-20", "18:00")  # the office is closed: the last reminder stands, unsent
    county.office.tick()
    before = told(county, BUDGET)
    assert before == ["reminder.0 liaison sent", "last-reminder.0 liaison due"]
    assert "2015-07-01, year=2015 -> 2015-07-06, year=2015" in correct(county, occurred=date(2015, 7, 6))
    await county.turn()
    assert told(county, BUDGET) == [
        "reminder.0 liaison sent", "last-reminder.0 liaison cancelled", "correction.1 liaison due",
        "reminder.1 liaison due",
    ]  # fmt: skip
    await county.live(date(2015, 7, 21), date(2015, 7, 21))
    with county.office.store.read() as tx:
        mails = tx.execute(sa.select(messages.c.body).where(messages.c.role == "liaison")).scalars()
    corrections = [one for one in map(_text, mails) if "更正" in one]
    assert len(corrections) == 1
    assert "公开时限由2015年7月21日更正为2015年7月27日" in corrections[0]
    assert told(county, BUDGET) == [
        "reminder.0 liaison sent", "last-reminder.0 liaison cancelled", "correction.1 liaison sent",
        "reminder.1 liaison sent",
    ]  # fmt: skip


async def test_a_corrected_field_alone_takes_an_accusation_back_that_it_has_caused(county: Small) -> None:
    with county.office.store.begin() as tx:
        record_event(
            tx,
            county.office.loaded.rulebooks[0],
            new_event(**KEY, occurred=date(2015, 7, 1), by="王敏", now=county.clock.now, fields={"year": "2014"}),
        )
    county.site.publish("finance", "2015年部门预算", at("2015-07-10"))
    await county.live(date(2015, 7, 10), date(2015, 7, 22))
    assert "overdue.0 liaison sent" in told(county, BUDGET)
    correct(county, fields={"year": "2015"})
    await county.live(date(2015, 7, 23), date(2015, 7, 23))
    row = county.rows()[BUDGET]
    assert (row.status, row.due_revision) == (Status.MET, 0)
    assert "closed.0 liaison sent" in told(county, BUDGET)
    assert any("此前的逾期通知不再成立" in one for one in county.reasons())


async def test_what_is_withdrawn_and_put_back_is_pressed_anew(county: Small) -> None:
    county.event("2015-07-01")
    await county.live(date(2015, 7, 20), date(2015, 7, 22))
    assert told(county, BUDGET)[-1] == "overdue.0 liaison sent"
    withdraw(county)
    await county.live(date(2015, 7, 23), date(2015, 7, 23))
    assert told(county, BUDGET)[-1] == "correction.0 liaison sent"
    assert county.rows()[BUDGET].closed
    correct(county)  # it was right after all: nothing else is changed
    await county.live(date(2015, 7, 24), date(2015, 7, 24))
    row = county.rows()[BUDGET]
    assert (row.status, row.closed) == (Status.OVERDUE, False)
    pressed = [one for one in told(county, BUDGET) if one.endswith("sent")]
    assert pressed[-1] == "overdue.1 liaison sent"  # the lead hears at its distance from there


@pytest.mark.nightly
async def test_a_wanting_record_is_chased_until_it_comes_and_again_once_it_is_taken_back(county: Small) -> None:
    await county.live(date(2015, 7, 31), date(2015, 8, 4))
    assert told(county, AWAITED) == ["record.0 liaison sent", "record.0 county-office sent"]
    county.event("2015-07-29")
    await county.live(date(2015, 8, 5), date(2015, 8, 6))
    assert county.rows()[AWAITED].closed
    assert told(county, AWAITED) == [
        "record.0 liaison sent", "record.0 county-office sent", "recorded.0 liaison sent",
        "recorded.0 county-office sent",
    ]  # fmt: skip
    withdraw(county)
    await county.live(date(2015, 8, 7), date(2015, 8, 10))
    row = county.rows()[AWAITED]
    assert (row.status, row.closed) == (Status.CLOCK_UNKNOWN, False)
    assert told(county, AWAITED)[4:] == ["record.1 liaison sent", "record.1 county-office sent"]


async def test_a_county_without_the_recording_department_asks_whom_the_record_is_about(county: Small) -> None:
    county.reload(pack=PACK.replace("expected: 2015-07-31}", "expected: 2015-07-31, recorder: caizheng}"))
    await county.live(date(2015, 8, 1), date(2015, 8, 4))
    assert told(county, AWAITED) == ["record.0 liaison sent", "record.0 county-office sent"]


async def test_whoever_has_to_record_it_is_asked_and_told_whose_it_is(county: Small) -> None:
    named = PACK.replace("expected: 2015-07-31}", "expected: 2015-07-31, recorder: shebao}")
    county.reload(pack=named)
    await county.live(date(2015, 8, 1), date(2015, 8, 4))
    asked = ["record.0 liaison@shebao sent", "record.0 county-office sent"]
    assert told(county, AWAITED) == asked
    with county.office.store.read() as tx:
        sent = sa.select(messages.c.body, messages.c.subject).where(messages.c.recipient.contains("shebao@"))
        ((body, subject),) = tx.execute(sent).all()
    assert "科技局：部门预算" in _text(body)
    assert "以下事项请贵单位办理" in _text(body)
    assert "科技局部门预算" in subject
    county.event("2015-07-29")
    await county.live(date(2015, 8, 5), date(2015, 8, 6))
    assert told(county, AWAITED) == [*asked, "recorded.0 liaison@shebao sent", "recorded.0 county-office sent"]
    with county.office.store.read() as tx:
        bodies = tx.execute(sent).all()
    came = ("预算批复（2015年7月29日）已登记，时限自该日起算", "科技局：部门预算")
    assert [all(words in _text(one) for words in came) for one, _ in bodies] == [False, True]


PER_DUTY = (
    PACK.replace(
        "budget-approved: {title: 预算批复, needs: [year], expected: 2015-07-31}",
        "budget-approved: {title: 预算批复, needs: [year], expected: 2015-07-31}\n"
        "  formed: {title: 信息形成, per: duty, expected: 2015-07-31}",
    )
    + """\
  - id: news
    title: 动态信息
    clause: 一5
    departments: [keji, huanbao, shebao]
    channels: county-site
    deadline: {within: 20 workdays, of: formed}
    evidence: {column: finance, title: 动态}
  - id: plans
    title: 规划计划
    clause: 一6
    departments: [keji, huanbao]
    channels: county-site
    deadline: {within: 20 workdays, of: formed}
    evidence: {column: finance, title: 规划}
"""
)


@pytest.mark.parametrize("department", ["keji", "huanbao"])
async def test_each_department_and_each_duty_awaits_its_own_record(county: Small, department: str) -> None:
    county.reload(pack=PER_DUTY)
    await county.live(date(2015, 7, 31), date(2015, 8, 3))

    def wanting() -> set[str]:
        rows = county.rows()
        return {key for key, one in rows.items() if one.status is Status.CLOCK_UNKNOWN and "formed" in key}

    every = {
        f"{duty}/{one}/awaiting:formed"
        for duty, members in (("news", ("keji", "huanbao", "shebao")), ("plans", ("keji", "huanbao")))
        for one in members
    }
    assert wanting() == every
    for key in every:
        assert told(county, key) == ["record.0 liaison sent", "record.0 county-office sent"]
    with county.office.store.begin() as tx:
        record_event(
            tx,
            county.office.loaded.rulebooks[0],
            new_event(
                name="formed",
                department=department,
                duty="news",
                occurred=date(2015, 7, 20),
                by="王敏",
                now=county.clock.now,
            ),
        )
    await county.turn()
    assert wanting() == every - {f"news/{department}/awaiting:formed"}
    with county.office.store.begin() as tx:
        withdraw_event(
            tx,
            county.office.loaded.rulebooks[0],
            EventKey(name="formed", department=department, duty="news", reference="2015-07-20"),
            by="王敏",
            reason="误录",
            now=county.clock.now,
        )
    await county.turn()
    assert wanting() == every

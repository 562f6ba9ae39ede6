"""What becomes of papers that are filed: they wait, are accepted or returned, and whoever filed them is told once."""

from __future__ import annotations

from datetime import date
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
import sqlalchemy as sa

from tests.decide.small_county import PACK, Small, at
from tests.entered import new_filing, new_ruling
from tests.journalled import assert_journal_holds
from tracker.core.values.verdicts import Status
from tracker.decide.questions import open_questions
from tracker.registers.decisions import record_ruling
from tracker.registers.filings import record_filing, withdraw
from tracker.store.journal import list_rows
from tracker.store.notices import list_notices
from tracker.store.tables import messages

WATER, KEY = "water/huanbao/2015-07", "small/small/water/huanbao/2015-07"
ZERO_PACK = PACK.replace(
    "deadline: {within: 20 days, of: budget-approved}",
    "deadline: [{within: 20 days, of: budget-approved}, {every: quarter, zero_report: true}]",
)


def plain(mail: bytes) -> str:
    message = message_from_bytes(mail, policy=default)
    body = message.get_body(("plain",))
    return f"{message['Subject']} {body.get_content() if body else ''}"


def filed(county: Small, proof: str = "公示栏照片.jpg sha256:00", **changes: Any) -> int:
    given = {"form": "file" if "sha256" in proof else "statement", "proof": proof, "by": "甲", **changes}
    with county.office.store.begin() as tx:
        done = record_filing(
            tx,
            county.office.loaded.rulebooks[0],
            new_filing("attestation", occurrence=KEY, now=county.clock.now, **given),
        )
    return done.value.id


def ruled(county: Small, kind: Any, number: int, reason: str) -> None:
    with county.office.store.begin() as tx:
        record_ruling(
            tx,
            county.office.loaded.rulebooks[0],
            new_ruling(
                kind, occurrence=KEY, by="李主任", reason=reason, now=county.clock.now, target=f"attestation:{number}"
            ),
        )


def told(county: Small, *steps: str) -> list[tuple[str, str, str, str]]:
    with county.office.store.read() as tx:
        found = list_notices(tx, "small")
    return [(one["step"], one["role"], one["state"], one["reason"]) for one in found if one["step"] in steps]


def asked(county: Small) -> list[tuple[str, str, str]]:
    """What waits for the county office: kind, target, question."""
    loaded = county.office.loaded
    with county.office.store.read() as tx:
        found = open_questions(tx, loaded, loaded.rulebooks[0], county.clock.now)
    return [(one.kind, one.target, one.question) for one in found if one.occurrence == KEY]


async def test_a_paper_waits_and_its_return_is_told_once_with_the_reason(county: Small) -> None:
    await county.live(date(2015, 8, 1), date(2015, 8, 3))
    assert county.rows()[WATER].status is Status.OVERDUE
    number = filed(county, claimed=date(2015, 7, 30))
    await county.live(date(2015, 8, 4), date(2015, 8, 4))
    row = county.rows()[WATER]
    assert (row.status, "待人工认定" in row.reason) == (Status.UNVERIFIABLE, True)
    assert [one[:2] for one in asked(county)] == [("attestation", f"attestation:{number}")]
    assert [one[1:3] for one in told(county, "decide")] == [("county-office", "sent")]
    ruled(county, "reject", number, "照片看不清公示内容")
    await county.live(date(2015, 8, 5), date(2015, 8, 7))
    assert county.rows()[WATER].status is Status.OVERDUE
    reason = "“公示栏照片.jpg”：经李主任认定不予采信：照片看不清公示内容。可补充材料后重新报送。"
    assert told(county, "returned") == [("returned", "liaison", "sent", reason)]
    with county.office.store.read() as tx:
        bodies = tx.execute(sa.select(messages.c.body).where(messages.c.role == "liaison")).scalars()
        mails = [plain(body) for body in bodies]
    returned = [one for one in mails if "退回" in one]
    assert len(returned) == 1
    assert "照片看不清公示内容" in returned[0]


async def test_what_was_returned_and_is_taken_after_all_is_corrected(county: Small) -> None:
    await county.live(date(2015, 8, 1), date(2015, 8, 3))
    number = filed(county, claimed=date(2015, 7, 30))
    ruled(county, "reject", number, "照片看不清公示内容")
    await county.live(date(2015, 8, 4), date(2015, 8, 4))
    ruled(county, "accept", number, "补看原件，属实")
    await county.live(date(2015, 8, 5), date(2015, 8, 6))
    assert county.rows()[WATER].status is Status.MET
    [(_, role, state, reason)] = told(county, "taken")
    assert (role, state) == ("liaison", "sent")
    assert reason.startswith("此前退回的“公示栏照片.jpg”现予采信：报送的佐证经李主任认定采信：补看原件，属实")


async def test_a_return_is_not_told_again_when_the_date_moves(county: Small) -> None:
    await county.live(date(2015, 7, 13), date(2015, 7, 13))
    county.event("2015-07-13")
    await county.turn()
    budget, rulebook = "small/small/budget/keji/event:budget-approved:2015", county.office.loaded.rulebooks[0]
    with county.office.store.begin() as tx:
        given: dict[str, Any] = {"occurrence": budget, "now": county.clock.now}
        proof = "已在公告栏张贴"
        one = record_filing(tx, rulebook, new_filing("attestation", form="statement", proof=proof, by="戊", **given))
        two = record_filing(
            tx, rulebook, new_filing("attestation", form="link", proof="https://paper.example/1", by="戊", **given)
        )
        for number in (one.value.id, two.value.id):
            target = f"attestation:{number}"
            record_ruling(
                tx, rulebook, new_ruling("reject", by="李主任", reason=f"{number}不清", target=target, **given)
            )
    await county.live(date(2015, 7, 14), date(2015, 7, 14))
    assert [one[2] for one in told(county, "returned")] == ["sent", "sent"]
    county.event("2015-07-10", correct=True)
    await county.live(date(2015, 7, 15), date(2015, 7, 16))
    assert county.rows()["budget/keji/event:budget-approved:2015"].due_revision == 1
    assert [one[2] for one in told(county, "returned")] == ["sent", "sent"]


async def test_a_return_that_was_taken_back_before_the_mail_left_is_not_told(county: Small) -> None:
    await county.live(date(2015, 8, 1), date(2015, 8, 3))
    number = filed(county, claimed=date(2015, 7, 30))
    county.clock.now = at("2015-08-03", "18:00")
    ruled(county, "reject", number, "照片看不清公示内容")
    await county.turn()
    assert [one[2] for one in told(county, "returned")] == ["due"]
    ruled(county, "accept", number, "补看原件，属实")
    await county.live(date(2015, 8, 4), date(2015, 8, 4))
    assert [one[2] for one in told(county, "returned")] == ["cancelled"]
    assert told(county, "taken") == []


async def test_a_withdrawn_paper_leaves_things_as_they_were_without_it(county: Small) -> None:
    await county.live(date(2015, 8, 1), date(2015, 8, 3))
    before = county.rows()[WATER].reason
    number = filed(county)
    await county.turn()
    with county.office.store.begin() as tx:
        withdraw(tx, county.office.loaded.rulebooks[0], number=number, by="甲", reason="传错文件", now=county.clock.now)
    await county.turn()
    row = county.rows()[WATER]
    assert (row.status, row.reason) == (Status.OVERDUE, before)
    assert asked(county) == []
    with county.office.store.read() as tx:
        assert_journal_holds(tx, "small")
        acts = [line.action for line in list_rows(tx, "small") if line.action.startswith("attestation")]
    assert acts == ["attestation.filed", "attestation.withdrawn"]
    assert filed(county) == number  # filed again, it waits again
    await county.turn()
    assert county.rows()[WATER].status is Status.UNVERIFIABLE


async def test_a_person_beats_the_crawl_and_what_the_crawl_sees_later_is_a_question(county: Small) -> None:
    await county.live(date(2015, 7, 28), date(2015, 7, 29))
    county.site.down = True
    await county.live(date(2015, 7, 30), date(2015, 8, 3))
    assert county.rows()[WATER].status is Status.UNVERIFIABLE
    number = filed(county, "网站故障，已在政务大厅公示", claimed=date(2015, 7, 30))
    ruled(county, "accept", number, "现场核对属实")
    await county.live(date(2015, 8, 4), date(2015, 8, 4))
    assert county.rows()[WATER].status is Status.MET
    assert asked(county) == []
    county.site.down = False
    await county.live(date(2015, 8, 5), date(2015, 8, 6))
    assert county.rows()[WATER].status is Status.MET
    [(kind, target, question)] = asked(county)
    assert (kind, target) == ("contradicted", f"attestation:{number}")
    assert question == "报送的佐证已予采信，但2015年8月5日完整检查“环境保护”，均未查到所要求的内容，是否仍予采信"
    ruled(county, "accept", number, "网站恢复后未补登，仍以大厅公示为准")
    await county.live(date(2015, 8, 7), date(2015, 8, 7))
    assert asked(county) == []
    assert county.rows()[WATER].status is Status.MET


@pytest.mark.nightly
async def test_a_site_that_shows_it_later_than_the_paper_says_is_a_question_too(county: Small) -> None:
    county.site.down = True
    await county.live(date(2015, 7, 30), date(2015, 8, 3))
    number = filed(county, "网站故障，已在政务大厅公示", claimed=date(2015, 7, 30))
    ruled(county, "accept", number, "现场核对属实")
    county.site.down = False
    county.site.publish("environment", "6月份水环境质量状况", at("2015-08-04"))
    await county.live(date(2015, 8, 5), date(2015, 8, 6))
    assert county.rows()[WATER].status is Status.MET
    [(kind, target, question)] = asked(county)
    assert (kind, target) == ("contradicted", f"attestation:{number}")
    assert question.startswith("佐证经认定按2015年7月30日计，而网站上《6月份水环境质量状况》公开于2015年8月4日")


async def test_a_zero_report_falls_with_an_event_and_whoever_filed_it_is_told(county: Small) -> None:
    county.reload(pack=ZERO_PACK)
    await county.live(date(2015, 7, 28), date(2015, 7, 29))
    quarter = "small/small/budget/keji/2015-Q3"
    with county.office.store.begin() as tx:
        record_filing(
            tx,
            county.office.loaded.rulebooks[0],
            new_filing("zero-report", occurrence=quarter, by="戊", now=county.clock.now),
        )
    await county.turn()
    assert county.rows()["budget/keji/2015-Q3"].status is Status.MET
    county.event("2015-07-20")
    await county.live(date(2015, 7, 30), date(2015, 7, 31))
    assert county.rows()["budget/keji/2015-Q3"].status is Status.CLOSED
    [(step, role, state, reason)] = told(county, "fallen")
    assert (step, role, state) == ("fallen", "liaison", "sent")
    assert reason.startswith("“零报告”：本期内已登记")
    assert reason.endswith("零报告失效")


async def test_a_zero_report_falls_with_an_entry_and_whoever_filed_it_is_told_which(county: Small) -> None:
    county.reload(pack=ZERO_PACK)
    await county.live(date(2015, 7, 28), date(2015, 7, 29))
    with county.office.store.begin() as tx:
        record_filing(
            tx,
            county.office.loaded.rulebooks[0],
            new_filing("zero-report", occurrence="small/small/budget/keji/2015-Q3", by="戊", now=county.clock.now),
        )
    county.site.publish("finance", "2015年部门预算", at("2015-07-29"))
    await county.live(date(2015, 7, 30), date(2015, 7, 31))
    fallen = told(county, "fallen")
    assert [one[:3] for one in fallen] == [("fallen", "liaison", "sent")]
    assert "（《2015年部门预算》），零报告失效" in fallen[0][3]

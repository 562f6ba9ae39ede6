"""An objection (异议): heard within its window, shown while it waits, decided by somebody else."""

from __future__ import annotations

from datetime import date

import pytest

from tests.decide.deciding import WATER, decide_objection, file_objection, postpone, revoke, sent_notices
from tests.decide.small_county import Small, at
from tracker.core.values.verdicts import Light, Status
from tracker.registers.errors import RegisterError

MONTH = "water/huanbao/2015-07"


async def late(county: Small) -> None:
    """Water is overdue, and its liaison was told on Monday the 3rd."""
    await county.live(date(2015, 7, 30), date(2015, 8, 3))
    county.clock.now = at("2015-08-03", "14:00")


async def test_while_it_waits_it_is_shown_and_nothing_is_escalated(county: Small) -> None:
    await late(county)
    _, rows = file_objection(county, reason="监测数据由省厅统一发布")
    assert (rows[WATER].status, rows[WATER].light) == (Status.OVERDUE, Light.RED)
    assert rows[WATER].reason.endswith("；王敏提出异议，待答复：监测数据由省厅统一发布")
    await county.live(date(2015, 8, 4), date(2015, 8, 7))
    assert not [one for one in sent_notices(county) if "to-" in one]


@pytest.mark.nightly
async def test_dismissed_it_goes_on_as_if_nothing_had_been_said(county: Small) -> None:
    await late(county)
    number, _ = file_objection(county)
    await county.live(date(2015, 8, 4), date(2015, 8, 6))
    row = decide_objection(county, number, upheld=False)[WATER]
    assert row.reason.endswith("；经李主任认定异议不成立：经核实")
    await county.live(date(2015, 8, 7), date(2015, 8, 7))
    assert "08-07 to-county-office lead" in sent_notices(county)


async def test_upheld_it_is_not_held_against_the_department(county: Small) -> None:
    await late(county)
    number, _ = file_objection(county)
    row = decide_objection(county, number, upheld=True)[WATER]
    assert (row.status, row.light) == (Status.OVERDUE, Light.YELLOW)
    assert row.reason.endswith("；经李主任认定异议成立，不作逾期处理：经核实")
    await county.live(date(2015, 8, 4), date(2015, 8, 10))
    assert not [one for one in sent_notices(county) if "to-" in one]
    assert postpone(county, "2015-08-31")[WATER].status is Status.OPEN  # the day given beside it


async def test_an_answer_taken_back_leaves_the_objection_waiting(county: Small) -> None:
    await late(county)
    number, _ = file_objection(county)
    decide_objection(county, number, upheld=True)
    row = revoke(county, 2)[WATER]
    assert row.light is Light.RED
    assert "待答复" in row.reason
    assert "待答复" not in revoke(county, number)[WATER].reason  # withdrawn


async def test_the_window_counts_working_days_from_the_notice(county: Small) -> None:
    await late(county)
    county.clock.now = at("2015-08-10", "23:59")
    file_objection(county)  # the fifth working day after the 3rd
    county.clock.now = at("2015-08-11", "00:00")
    revoke(county, 1)
    with pytest.raises(RegisterError, match="told on 2015-08-03: objections are heard for 5 working days"):
        file_objection(county)


async def test_the_window_runs_from_when_the_notice_was_sent_not_from_when_it_was_decided(county: Small) -> None:
    await county.live(date(2015, 7, 30), date(2015, 8, 2))
    county.clock.now = at("2015-08-03", "17:45")  # the office has closed: decided today, sent tomorrow
    await county.turn(crawl=True)
    await county.live(date(2015, 8, 4), date(2015, 8, 4))
    assert "08-04 overdue liaison" in sent_notices(county)
    county.clock.now = at("2015-08-11", "23:59")
    number, _ = file_objection(county)  # the fifth working day after the 4th
    county.clock.now = at("2015-08-12", "00:00")
    revoke(county, number)
    with pytest.raises(RegisterError, match="told on 2015-08-04"):
        file_objection(county)


async def test_of_two_answers_the_second_is_told_of_the_first(county: Small) -> None:
    await late(county)
    number, _ = file_objection(county)
    decide_objection(county, number, upheld=True)
    with pytest.raises(RegisterError, match=r"李主任 decided uphold on 2015-08-03 \(ruling:2: 经核实\)"):
        decide_objection(county, number, upheld=False)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"occurrence": "small/small/water/huanbao/2015-08"}, "nothing is held against the department"),
        ({"occurrence": f"circular:8月/{WATER}"}, r"by its number \(duban circular object 8月 LINE\)"),
        ({"occurrence": "circular:8月"}, "a circular's line is circular:NAME/county"),
        ({"target": " "}, "proof is missing"),
    ],
)
async def test_an_objection_that_does_not_fit_is_refused(county: Small, given: dict[str, str], why: str) -> None:
    await late(county)
    with pytest.raises(RegisterError, match=why):
        file_objection(county, **given)


async def test_a_circular_s_line_is_objected_to_within_the_window_of_its_draft(county: Small) -> None:
    await late(county)
    line, begun = f"circular:8月/{WATER}", date(2015, 7, 24)
    with pytest.raises(RegisterError, match="until 2015-07-31"):
        file_objection(county, occurrence=line, begun=begun)
    number, rows = file_objection(county, occurrence=line, begun=date(2015, 7, 29))
    assert "待答复" in rows[WATER].reason
    assert decide_objection(county, number, upheld=True)[WATER].light is Light.YELLOW  # in every count alike


async def test_nobody_decides_what_he_filed(county: Small) -> None:
    await late(county)
    number, _ = file_objection(county, by="李主任")
    with pytest.raises(RegisterError, match="李主任 filed it: somebody else must decide"):
        decide_objection(county, number, upheld=True)

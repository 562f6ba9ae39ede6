"""The schedule drafts last month's circular where nobody did; two people are still needed for it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.decide.small_county import Small, at
from tests.reports.criticised import SEPTEMBER, acting, lived, standing
from tracker.registers.errors import RegisterError
from tracker.reports.circulars.shared import DRAFTER


async def test_it_is_drafted_once_and_the_office_is_told(county: Small) -> None:
    await lived(county)
    assert [county.office.draft_circulars() for _ in range(2)] == [1, 0]
    row, lines = standing(county)
    assert (row.edition, row.state, row.drafted_by, len(lines)) == (1, "draft", DRAFTER, 2)
    (told,) = [one for one in county.notices() if "circular-draft:2015-09" in one]
    assert " county-office " in told
    assert county.reasons()[-1] == (
        "列入2项。查看：duban circular show 2015-09；下一步：duban circular consult 2015-09。"
    )


async def test_what_a_person_drafted_is_left_alone(county: Small) -> None:
    await lived(county)
    async with acting(county) as circulars:
        circulars.draft(SEPTEMBER, "王敏")
    assert county.office.draft_circulars() == 0
    assert standing(county)[0].drafted_by == "王敏"


async def test_it_says_what_nobody_looked_for_lately(county: Small) -> None:
    await lived(county)
    county.clock.now = at("2015-10-20", "10:00")
    assert county.office.draft_circulars() == 1
    assert county.reasons()[-1].startswith("列入0项。另有2项逾期事项最近未能完整查看，未列入")


async def test_whoever_put_it_to_the_departments_does_not_sign_it(county: Small) -> None:
    await lived(county)
    county.office.draft_circulars()
    async with acting(county) as circulars:
        circulars.consult(SEPTEMBER, "王敏")
    await county.office.deliver()
    async with acting(county, "2015-10-26") as circulars:
        with pytest.raises(RegisterError, match="王敏 put it to the departments, and no person drafted it"):
            circulars.sign(SEPTEMBER, "王敏")
        assert circulars.sign(SEPTEMBER, "赵督查").state == "signed"


async def test_where_there_is_nothing_to_draft_nothing_is(county: Small) -> None:
    county.clock.now = at("2015-07-10")
    assert county.office.draft_circulars() == 0  # it issues none
    await lived(county, date(2015, 9, 3))
    county.clock.now = at("2015-07-10")
    assert county.office.draft_circulars() == 0  # June was not supervised

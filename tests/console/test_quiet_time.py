"""Through the passes: an answer holds back the repeats of what it answers for a while; escalation comes regardless."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from tests.console.served_pages import REPEATS, WITH_AIR, House
from tests.decide.small_county import COUNTY
from tracker.store.tables import notices
from tracker.store.tables_answers import acknowledgements


def days(sent: list[tuple[str, str, str]], duty: str) -> list[str]:
    return [day for day, of, _ in sent if of == duty]


@pytest.mark.nightly
async def test_repeats_are_left_out_and_then_resume(house: House) -> None:
    await house.post(await house.matter("水环境"), kind="seen")
    await house.small.live(date(2015, 8, 4), date(2015, 8, 12))
    sent = house.sent("overdue")
    # Three working days after the answer's day are quiet; the other matter, unanswered, is repeated daily.
    assert days(sent, "water") == ["08-03", "08-07", "08-10", "08-11", "08-12"]
    assert days(sent, "air") == ["08-03", "08-04", "08-05", "08-06", "08-07", "08-10", "08-11", "08-12"]


@pytest.mark.nightly
async def test_a_later_repeat_can_be_answered_anew(house: House) -> None:
    await house.post(await house.matter("水环境"), kind="seen")
    await house.small.live(date(2015, 8, 4), date(2015, 8, 7))
    status, page = await house.post(await house.matter("水环境"), kind="seen")
    assert (status, page.count("日不再重复催办")) == (200, 1)
    assert "至2015年8月12日不再重复催办" in page
    await house.small.live(date(2015, 8, 8), date(2015, 8, 13))
    assert days(house.sent("overdue"), "water") == ["08-03", "08-07"]
    assert days(house.sent("to-lead"), "water") == ["08-13", "08-13"]  # to liaison and lead, as ever


@pytest.mark.nightly
@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", ["explained", "published"])
async def test_escalation_comes_regardless_however_often_it_is_answered(house: House, kind: str) -> None:
    for day in range(3, 13):
        await house.small.live(date(2015, 8, day), date(2015, 8, day))
        link = house.links()[-1]
        _, page = await house.open(link)
        if "水环境" in page:
            said = {"text": f"仍在办理，第{day}日", "url": f"https://elsewhere.example/{day}"}
            await house.post(await house.matter("水环境"), kind=kind, **said)
    await house.small.live(date(2015, 8, 13), date(2015, 8, 20))
    assert ("08-13", "water", "lead") in house.sent("to-lead")
    assert ("08-18", "water", "county-office") in house.sent("to-county-office")


async def test_the_answer_of_one_role_does_not_quiet_another(house: House) -> None:
    await house.small.live(date(2015, 8, 4), date(2015, 8, 13))
    lead = house.links("huanbao-lead@")[-1]
    _, page = await house.open(lead)
    assert "环保局负责人" in page
    rows = house.rows(notices)
    assert {one["role"] for one in rows if one["step"] == "to-lead"} == {"liaison", "lead"}


async def test_who_reads_for_somebody_else_too_answers_once_for_both(house: House) -> None:
    """The liaison has no address any more, so the lead's mail stands for both."""
    await house.small.live(date(2015, 8, 4), date(2015, 8, 12))
    county = COUNTY.replace("mail: huanbao@small.example", 'mail: ""')
    served = house.small.office.loaded.schedule
    house.small.reload(pack=WITH_AIR, schedule=REPEATS, county=county)
    house.small.office.loaded = replace(house.small.office.loaded, schedule=served)
    await house.small.live(date(2015, 8, 13), date(2015, 8, 13))
    link = house.links("huanbao-lead@")[-1]
    _, page = await house.open(link)
    assert page.count('<div class="item">') == 2
    numbers = re.findall(r'name="matter" value="(\d+)"', page)
    _, page = await house.post(link, matter=numbers)
    rows = [(one["occurrence"].split("/")[2], one["role"]) for one in house.rows(acknowledgements)]
    assert sorted(rows) == [("air", "lead"), ("air", "liaison"), ("water", "lead"), ("water", "liaison")]

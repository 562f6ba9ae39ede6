"""A report that was met and bears another title since: nobody is pressed before a person has decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.decide.small_county import Small, at

JULY = "water/huanbao/2015-07"
TITLE, TEXT = "6月份水环境质量状况", "6月份水环境质量良好，断面水质达标率百分之百。"


async def _renamed(county: Small, title: str) -> list[tuple[str, str]]:
    """Who is told what of June's report, met on 8 July and renamed on the 20th, until 10 August."""
    county.site.publish("environment", TITLE, at("2015-07-08"), TEXT)
    await county.live(date(2015, 7, 7), date(2015, 7, 9))
    county.site.articles[0] = replace(county.site.articles[0], title=title)
    await county.live(date(2015, 7, 20), date(2015, 8, 10))
    told = [line.split() for line in county.notices()]
    return [(words[3], words[4]) for words in told if words[2] == JULY]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("title", [f"{TITLE}（更正）", f"【工作动态】{TITLE}", f"{TITLE}解读"])
async def test_a_renamed_report_is_asked_of_the_county_office_and_pressed_on_nobody(county: Small, title: str) -> None:
    assert await _renamed(county, title) == [("decide", "county-office")]
    assert county.rows()[JULY].status == "unverifiable"

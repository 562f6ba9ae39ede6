"""The site as the readers saw it, column by column."""

from __future__ import annotations

import pytest

from tests.console.people import Come
from tests.console.served_pages import House
from tests.decide.small_county import at
from tracker.core.values.accounts import Role


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_each_column_says_how_it_was_read_and_what_rests_on_it(house: House, come: Come) -> None:
    house.small.site.publish("environment", "6月份水环境质量", at("2015-08-03", "10:30"))
    house.small.clock.now = at("2015-08-03", "11:00")
    await house.small.turn(crawl=True)
    office = await come(Role.OFFICE)
    status, page = await office.open("/site")
    assert (status, "环境保护" in page, "2015-08-03 11:00" in page, "待确认" in page) == (200, True, True, True), page
    status, page = await office.open("/site/county-site/environment")
    assert (status, "6月份水环境质量" in page, "水环境质量月报" in page, "空气质量月报" in page) == (
        200,
        True,
        True,
        True,
    )
    assert "部门预算" not in page


async def test_a_column_that_cannot_be_read_stands_first_with_since_when_and_why(house: House, come: Come) -> None:
    house.small.site.instead["/finance/"] = 503
    house.small.clock.now = at("2015-08-03", "11:00")
    await house.small.turn(crawl=True)
    office = await come(Role.OFFICE)
    _, page = await office.open("/site")
    assert page.index("财政资金") < page.index("环境保护")
    assert "2015-08-03 11:00起未能读取" in page
    _, page = await office.open("/site/county-site/finance")
    assert '<span class="chip red">' in page


async def test_who_may_see_it(house: House, come: Come) -> None:
    liaison, auditor = await come(Role.LIAISON), await come(Role.AUDITOR)
    assert [(await liaison.open(path))[0] for path in ("/site", "/site/county-site/finance")] == [403, 403]
    assert [(await auditor.open(path))[0] for path in ("/site", "/site/county-site/finance")] == [200, 200]
    assert (await auditor.open("/site/county-site/none"))[0] == 404

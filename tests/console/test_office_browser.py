"""The county office's other pages in a real browser, at a desk and on a phone: nothing scrolls sideways."""

from __future__ import annotations

import shutil

import pytest

from tests.console.people import OWN, people
from tests.console.served_pages import House
from tests.console.test_in_a_browser import follow, look, page  # noqa: F401  (a fixture)
from tests.decide.small_county import at
from tracker.core.values.accounts import Role

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium on this machine")


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_the_office_records_an_event_and_looks_at_site_rules_and_reports(
    house: House,
    page: playwright.Page,  # noqa: F811
) -> None:
    house.small.site.publish("environment", "6月份水环境质量", at("2015-08-03", "10:05"), "水质良好。")
    house.small.clock.now = at("2015-08-03", "10:10")
    await house.small.turn(crawl=True)
    async with people(house) as come:
        office = await come(Role.OFFICE)
    await page.goto(f"{house.base}d/events")
    await page.get_by_label("登录名").fill(office.login)
    await page.get_by_label("密码").fill(OWN)
    await follow(page, page.get_by_role("button", name="登录"))
    await look(page, "events")
    await page.locator("summary", has_text="登记").click()
    await page.get_by_label("日期（如2026-03-02、2026年3月2日、3月2日）").first.fill("7月20日")
    await page.get_by_label("年度").first.fill("2015")
    await follow(page, page.get_by_role("button", name="先看时限如何变动").first)
    assert await page.get_by_text("时限将如何变动").is_visible()
    await look(page, "event-shown")
    await follow(page, page.get_by_role("button", name="照此登记"))
    assert await page.get_by_text("没有应登记而未登记的事件").is_visible()
    for name, path in (
        ("site", "/site"),
        ("column", "/site/county-site/environment"),
        ("rules", "/rules"),
        ("reports", "/reports"),
        ("people", "/people"),
        ("matter-told", "/matter/small/small/water/huanbao/2015-07"),
    ):
        await page.goto(f"{house.base}d{path}")
        await look(page, name)
    await follow(page, page.get_by_role("link", name="前后对比").first)
    await look(page, "compare")
    await follow(page, page.get_by_role("button", name="现在读取该网页"))
    assert "该网页现在的内容与当时相同" in await page.inner_text("main")

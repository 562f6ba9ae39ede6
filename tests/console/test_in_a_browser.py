"""The pages in a real browser: at a desk and on a phone, without any script."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator

import pytest

from tests.console.served_pages import House
from tests.decide.small_county import at

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (apt-get install chromium)")

#: Where pictures are left, if they are wanted: they are to be looked at.
PICTURES = os.environ.get("DUBAN_PICTURES")
SIZES = {"desk": (1280, 900), "phone": (375, 812)}


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """What a browser shows depends on no database: one is enough."""
    return sqlite_url


@pytest.fixture(params=SIZES)
async def page(request: pytest.FixtureRequest) -> AsyncIterator[playwright.Page]:
    """A tab of that width, in which no script runs; what its console complains of is an error."""
    width, height = SIZES[request.param]
    async with playwright.async_playwright() as tools:
        browser = await tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(
            viewport={"width": width, "height": height}, java_script_enabled=False, locale="zh-CN"
        )
        tab = await context.new_page()
        complaints: list[str] = []
        tab.on("console", lambda said: complaints.append(said.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.name = request.param
        yield tab
        await browser.close()
        told = ("favicon", "status of 4", "Cleared data types")  # that a log-out clears what is kept is no complaint
        assert not [one for one in complaints if not any(words in one for words in told)]


async def look(page: playwright.Page, name: str) -> None:
    """Nothing is wider than the window; a picture is left where wanted."""
    wide = await page.locator("body").evaluate("body => body.ownerDocument.documentElement.scrollWidth")
    assert wide <= page.viewport_size["width"]
    if PICTURES:
        await page.screenshot(path=f"{PICTURES}/{name}-{page.name}.png", full_page=True)


async def follow(page: playwright.Page, control: playwright.Locator) -> None:
    """Click what leads to another page, and go on only once that page stands."""
    async with page.expect_navigation():
        await control.click()


@pytest.mark.sampled(2)
async def test_a_mail_is_answered_from_list_to_verdict(house: House, page: playwright.Page) -> None:
    house.small.site.publish("environment", "6月份空气质量", at("2015-08-03", "09:30"), "本月优良天数25天。")
    site = os.environ["SMALL_SITE"].rstrip("/")
    await page.goto(house.links()[-1])
    await look(page, "1-list")
    assert await page.locator("input[type=checkbox]:checked").count() == 2
    await page.get_by_label("空气质量月报").uncheck()
    await page.get_by_label("经办人").fill("张三")
    await follow(page, page.get_by_role("button", name="知悉"))
    assert "2015年8月3日10时，张三（huanbao@small.example）" in await page.inner_text("body")
    await look(page, "2-seen")

    await follow(page, page.get_by_role("link", name="已公开、报送佐证").last)
    await look(page, "3-matter")
    await page.get_by_label("文章网址").fill(f"{site}/environment/77.html")
    await follow(page, page.get_by_role("button", name="提交核对"))
    assert "该网址不能作为公开的依据：网页无法打开（404）" in await page.inner_text(".note.bad")
    await look(page, "4-refused")
    await page.get_by_label("文章网址").fill(f"{site}/environment/0.html")
    await follow(page, page.get_by_role("button", name="提交核对"))
    assert "《6月份空气质量》中未见“首要污染物”" in await page.inner_text("body")
    await page.get_by_label("未能按时公开的原因").fill("监测数据待市局审核，\n预计8月6日补充。")
    await follow(page, page.get_by_role("button", name="提交说明"))
    await page.reload()
    await look(page, "5-answered")
    assert [kind for _, kind, _ in house.answers()] == ["seen", "published", "explained"]
    await follow(page, page.get_by_role("link", name="返回全部事项"))
    assert await page.locator("input[type=checkbox]").count() == 0
    await look(page, "6-list-answered")


@pytest.mark.sampled(2)
async def test_what_a_dead_link_shows(house: House, page: playwright.Page) -> None:
    answer = await page.goto(f"{house.base}r/nothing")
    assert answer is not None
    assert answer.status == 404
    assert await page.inner_text("h1") == "链接无效"
    await look(page, "7-dead")

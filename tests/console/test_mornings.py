"""The morning of each role in a real browser without any script, at a desk and on a phone."""

from __future__ import annotations

import os

import pytest

from tests.console.people import WATER, people
from tests.console.served_pages import House
from tests.console.tabs import open_tab
from tests.console.test_acts import picture
from tests.console.test_in_a_browser import CHROMIUM, follow, look, page  # noqa: F401  (a fixture)
from tests.console.test_public_board import october, switch  # noqa: F401  (a fixture)
from tests.decide.small_county import at
from tests.reports.criticised import acting
from tracker.core.values.accounts import Role
from tracker.store.tables import filings, journal, rulings

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (apt-get install chromium)")


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.nightly
async def test_a_liaison_publishes_and_files_and_of_two_clerks_the_second_is_told(
    house: House,
    page: playwright.Page,  # noqa: F811
) -> None:
    site = os.environ["SMALL_SITE"].rstrip("/")
    grounds = f"照片看不清，见https://www.example.gov.cn/{'t20150803' * 9}.html"  # no room for it in a line of a phone
    house.small.site.publish(
        "environment", "6月份空气质量", at("2015-08-03", "09:30"), "优良天数25天，首要污染物PM2.5。"
    )
    browser, size = page.context.browser, page.name
    async with people(house) as come:
        liaison = await open_tab(browser, size, await come(Role.LIAISON))
        first = await open_tab(browser, size, await come(Role.OFFICE, "first"))
        second = await open_tab(browser, size, await come(Role.OFFICE, "second"))

    await liaison.goto(f"{house.base}d/")
    await follow(liaison, liaison.get_by_role("link", name="空气质量月报").first)
    await liaison.get_by_label("文章网址").fill(f"{site}/environment/0.html")
    await follow(liaison, liaison.get_by_role("button", name="提交核对"))
    await look(liaison, "liaison-verified")
    assert "已打开《6月份空气质量》（2015年8月3日发布），内容符合该事项的要求" in await liaison.inner_text("main")

    await liaison.goto(f"{house.base}d{WATER}")
    await liaison.locator("summary", has_text="报送佐证文件").click()
    await liaison.get_by_label("文件（").set_input_files(
        {"name": "公告栏.png", "mimeType": "image/png", "buffer": picture()}
    )
    await follow(liaison, liaison.get_by_role("button", name="报送佐证"))
    assert "已作为佐证报送" in await liaison.inner_text("main")
    refused = await liaison.goto(f"{house.base}d/queue")
    assert refused is not None
    assert refused.status == 403
    await look(liaison, "forbidden")

    for clerk in (first, second):
        await clerk.goto(f"{house.base}d/queue")
    await first.get_by_label("理由").first.fill("公告栏已公示")
    await follow(first, first.get_by_role("button", name="采信", exact=True).first)
    await second.get_by_label("理由").first.fill(grounds)
    await follow(second, second.get_by_role("button", name="不采信").first)
    await look(second, "second-clerk")
    told = await second.inner_text("main")
    assert "first的姓名" in told
    assert grounds in told
    assert [row["kind"] for row in house.rows(rulings)] == ["accept"]
    assert len(house.rows(filings)) == 1
    assert any(row["action"] == "access.refused" for row in house.rows(journal))


@pytest.mark.nightly
async def test_the_office_drafts_a_circular_a_supervisor_signs_it_and_an_auditor_reads(
    october: House,  # noqa: F811
    page: playwright.Page,  # noqa: F811
) -> None:
    browser, size, base = page.context.browser, page.name, october.base
    switch(october, public_scores=True)
    async with acting(october.small, "2015-10-16"):
        pass
    async with people(october) as come:
        clerk, boss = await come(Role.OFFICE), await come(Role.SUPERVISOR)
        office = await open_tab(browser, size, clerk)
        await office.goto(f"{base}d/circulars")
        await office.get_by_label("月份").fill("2015-09")
        await follow(office, office.get_by_role("button", name="起草"))
        await follow(office, office.get_by_role("button", name="征求意见"))
        await look(office, "circular-consulted")
        await october.small.office.deliver()
        async with acting(october.small, "2015-10-26"):
            pass
        for person in (clerk, boss):
            await person.log_in()
        office, supervisor = await open_tab(browser, size, clerk), await open_tab(browser, size, boss)
        auditor = await open_tab(browser, size, await come(Role.AUDITOR))
    await supervisor.goto(f"{base}d/overview")
    await follow(supervisor, supervisor.get_by_role("link", name="2015-09").first)
    await follow(supervisor, supervisor.get_by_role("link", name="行政权力清单").first)
    assert "环保局" in await supervisor.inner_text("main")
    await supervisor.go_back()
    await follow(supervisor, supervisor.get_by_role("button", name="签发"))
    await look(supervisor, "circular-signed")
    await office.goto(f"{base}d/circular/2015-09")
    await follow(office, office.get_by_role("button", name="编号印发"))
    assert "〔2015〕1号" in await office.inner_text("main")

    await auditor.goto(f"{base}d/journal")
    await follow(auditor, auditor.get_by_role("button", name="核对日志"))
    await look(auditor, "verified")
    assert "supervisor的姓名" in await auditor.inner_text("main")
    await auditor.goto(f"{base}d/circular/2015-09")
    assert await auditor.locator("main button").count() == 0
    await page.goto(f"{base}public")
    await look(page, "public")
    assert "小政办公开通〔2015〕1号" in await page.inner_text("main")

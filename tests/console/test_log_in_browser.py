"""Somebody logs in with a real browser, at a desk and on a phone, without any script."""

from __future__ import annotations

import shutil

import pytest

from tests.console.people import FIRST, OWN, add
from tests.console.served_pages import House
from tests.console.test_in_a_browser import follow, look, page  # noqa: F401  (a fixture)
from tracker.core.values.accounts import Role

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium on this machine")


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


async def test_the_office_logs_in_and_finds_why_a_matter_is_overdue(house: House, page: playwright.Page) -> None:  # noqa: F811
    add(house, "wangmin", Role.OFFICE)
    await page.goto(f"{house.base}d/matters")
    await look(page, "log-in")
    await page.get_by_label("登录名").fill("wangmin")
    await page.get_by_label("密码").fill(FIRST)
    await follow(page, page.get_by_role("button", name="登录"))
    await look(page, "first-password")
    await page.get_by_label("现在的密码").fill(FIRST)
    await page.get_by_label("新密码（至少10个字符）").fill(OWN)
    await page.get_by_label("再次输入新密码").fill(OWN)
    await follow(page, page.get_by_role("button", name="修改密码"))
    await look(page, "account")
    await follow(page, page.get_by_role("link", name="总览"))
    await look(page, "overview")
    await follow(page, page.get_by_role("link", name="逾", exact=True).first)
    await look(page, "matters")
    await page.get_by_label("灯号").select_option("red")
    await follow(page, page.get_by_role("button", name="查看"))
    await follow(page, page.get_by_role("link", name="水环境质量月报").first)
    assert await page.get_by_text("逾期未公开").first.is_visible()
    await look(page, "matter")
    await follow(page, page.get_by_role("link", name="待办"))
    await look(page, "queue")
    await follow(page, page.get_by_role("link", name="通报"))
    await look(page, "circulars")
    await follow(page, page.get_by_role("link", name="日志"))
    await page.get_by_text("变动的内容").first.click()
    await look(page, "journal")
    await page.get_by_label("搜索").fill("环保局 水环境")
    await follow(page, page.get_by_role("button", name="搜索"))
    await look(page, "search")
    await page.get_by_role("button", name="退出", exact=True).click()
    await page.wait_for_url("**/login?next=*")
    assert await page.get_by_label("登录名").is_visible()


async def test_a_liaison_objects_on_the_page_of_a_matter(house: House, page: playwright.Page) -> None:  # noqa: F811
    add(house, "lihua", Role.LIAISON)
    await page.goto(f"{house.base}d/matters")
    await page.get_by_label("登录名").fill("lihua")
    await page.get_by_label("密码").fill(FIRST)
    await follow(page, page.get_by_role("button", name="登录"))
    await page.get_by_label("现在的密码").fill(FIRST)
    await page.get_by_label("新密码（至少10个字符）").fill(OWN)
    await page.get_by_label("再次输入新密码").fill(OWN)
    await follow(page, page.get_by_role("button", name="修改密码"))
    await follow(page, page.get_by_role("link", name="公开事项"))
    await follow(page, page.get_by_role("link", name="水环境质量月报").first)
    await page.get_by_text("提出异议").click()
    await look(page, "matter-of-a-liaison")
    await page.get_by_label("理由").fill("监测站停用")
    await page.get_by_label("依据").fill("县环〔2015〕8号")
    await follow(page, page.get_by_role("button", name="提交异议"))
    assert await page.get_by_text("已登记异议").is_visible()
    await look(page, "objected")

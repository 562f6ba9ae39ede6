"""Tabs of a real browser with the sessions of people who have logged in."""

from __future__ import annotations

from typing import Any

from tests.console.people import Person
from tests.console.test_in_a_browser import SIZES


async def open_tab(browser: Any, size: str, person: Person | None = None, *, scripts: bool = False) -> Any:
    """A tab of that size in a window of its own, in which no script runs unless one of a test's has to."""
    width, height = SIZES[size]
    context = await browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts, locale="zh-CN"
    )
    if person is not None:
        cookies = [{"name": each.key, "value": each.value, "url": person.house.base} for each in person.http.cookie_jar]
        await context.add_cookies(cookies)
    tab = await context.new_page()
    tab.name = size
    return tab

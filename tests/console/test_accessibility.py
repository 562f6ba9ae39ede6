"""axe-core finds no fault on any page, whoever opens it, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest

from tests.console.links import follow_links
from tests.console.people import people
from tests.console.served_pages import House
from tests.console.tabs import open_tab
from tests.console.test_in_a_browser import CHROMIUM, SIZES
from tests.console.test_public_board import october  # noqa: F401  (a fixture)
from tests.reports.criticised import consulted
from tracker.core.values.accounts import Role

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
AXE = Path(__file__).resolve().parents[2] / ".venv" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (apt-get install chromium)"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed: `dev.py test` does so where npm is"),
]
_RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
async def browser() -> AsyncIterator[playwright.Browser]:
    async with playwright.async_playwright() as tools:
        yield await tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


async def find_faults(tab: playwright.Page, addresses: Iterable[str]) -> list[str]:
    """What axe finds on these pages: the page, the rule and where it is broken."""
    source, found = AXE.read_text("utf-8"), []
    for address in addresses:
        await tab.goto(address)
        await tab.evaluate(source)
        for each in await tab.evaluate(_RUN):
            places = "; ".join(" ".join(node["target"]) for node in each["nodes"][:4])
            found.append(f"{address}: {each['impact']} {each['id']} ({each['help']}) at {places}")
    return found


async def test_the_office_s_overview_and_a_matter_have_no_fault(house: House, browser: playwright.Browser) -> None:
    async with people(house) as come:
        tab = await open_tab(browser, "desk", await come(Role.OFFICE), scripts=True)
    pages = ("login", "overview", "matter/small/small/water/huanbao/2015-07")
    assert await find_faults(tab, [f"{house.base}d/{page}" for page in pages]) == []


@pytest.mark.nightly
@pytest.mark.parametrize("size", SIZES)
async def test_no_page_of_any_role_has_a_fault(
    october: House,  # noqa: F811
    browser: playwright.Browser,
    size: str,
) -> None:
    await consulted(october.small, "2015-10-16")
    found = await find_faults(
        await open_tab(browser, size, scripts=True),
        [f"{october.base}public/small", f"{october.base}d/login", f"{october.base}r/nothing", *october.links()],
    )
    async with people(october) as come:
        for role in Role:
            person = await come(role)
            visited = await follow_links(person, most_of_a_kind=2)
            pages = [each.address for each in visited if each.is_page]
            tab = await open_tab(browser, size, person, scripts=True)
            found += [f"{role} {each}" for each in await find_faults(tab, pages)]
    assert not found, "\n".join(found)

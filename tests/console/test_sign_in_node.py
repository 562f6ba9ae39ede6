"""The log-in at another maker's provider: npm's oidc-provider, certified by the OpenID Foundation."""

from __future__ import annotations

import asyncio
import re
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urljoin

import aiohttp
import pyotp
import pytest

from tests.console.identity_provider import CLIENT, SECRET
from tests.console.people import Come, Person, add
from tests.console.served_pages import House
from tests.console.tabs import open_tab
from tests.console.test_in_a_browser import CHROMIUM, SIZES, follow, look
from tests.console.test_sign_in import go
from tests.once_for_all import once_for_all
from tracker.core.values.accounts import Role
from tracker.rulebook.schedule import IdentityProvider as Settings
from tracker.rulebook.secrets import Secret

HERE = Path(__file__).parent / "provider"
pytestmark = [
    pytest.mark.nightly,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="node and npm are not installed"),
]


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The provider as the lock has it, by version and hash."""

    def install(folder: Path) -> None:
        shutil.copytree(HERE, folder, dirs_exist_ok=True)
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit"], cwd=folder, capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"npm cannot install the provider: {done.stderr[-300:]}")

    return once_for_all(tmp_path_factory, "oidc-provider", install)


@asynccontextmanager
async def node_provider(folder: Path, callback: str) -> AsyncIterator[str]:
    """Its issuer."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        "node", "serve.mjs", str(port), callback,
        cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        while b"listening" not in (line := await process.stdout.readline()):
            assert line, "it ended"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


def lead_to(house: House, issuer: str) -> None:
    """Let the log-in page lead to that provider."""
    office = house.small.office
    console = office.loaded.schedule.console
    assert console is not None
    console = replace(console, oidc=Settings(issuer, CLIENT, Secret(SECRET)))
    office.loaded = replace(office.loaded, schedule=replace(office.loaded.schedule, console=console))


async def log_in_there(one: Person, address: str, name: str) -> tuple[int, str]:
    """Go through the provider's own pages as a browser does, until it leads back and on to a page of ours."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        form: dict[str, str] | None = None
        for _ in range(20):
            if address.startswith(one.house.base):
                break
            async with browser.request("POST" if form else "GET", address, data=form, allow_redirects=False) as answer:
                page = await answer.text()
                form = None
                if answer.status in (302, 303):
                    address = urljoin(address, answer.headers["Location"])
                    continue
                assert answer.status == 200, page
                prompt, action = re.search(r'name="prompt" value="(\w+)"', page), re.search(r'action="([^"]+)"', page)
                assert prompt, page
                assert action, page
                form = {"prompt": prompt[1], "login": name, "password": "any"}
                address = urljoin(address, action[1])
    async with one.http.get(address) as answer:
        return answer.status, await answer.text()


async def test_a_certified_provider_of_another_maker_names_who_comes(house: House, come: Come, installed: Path) -> None:
    house.small.clock.now = datetime.now(UTC)  # the provider's clock is the machine's
    add(house, "zhang", Role.OFFICE)
    async with node_provider(installed, f"{house.base}d/sign-in/back") as issuer:
        lead_to(house, issuer)
        for name, status, said in (("zhang", 200, "zhang的姓名"), ("nobody", 403, "没有启用")):
            one = await come(Role.OFFICE, name, known=False)
            found, page = await log_in_there(one, await go(one), name)
            assert (found, said in page) == (status, True), page


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
@pytest.mark.parametrize("size", SIZES)
async def test_a_browser_without_scripts_comes_in_by_way_of_the_provider(
    house: House, installed: Path, size: str
) -> None:
    """From the log-in to the page that was asked for; a second factor is taken there, and asked for the next time."""
    playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    clock = house.small.clock
    clock.now = datetime.now(UTC)
    add(house, "zhang", Role.OFFICE)
    async with (
        node_provider(installed, f"{house.base}d/sign-in/back") as issuer,
        playwright.async_playwright() as tools,
    ):
        lead_to(house, issuer)
        tab = await open_tab(await tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]), size)
        await tab.goto(f"{house.base}d/matters")
        await look(tab, "log-in-with-provider")
        await tab.get_by_role("link", name="统一身份认证").click()
        await tab.wait_for_url(f"{issuer}/**")
        await tab.locator('input[name="login"]').fill("zhang")
        await tab.locator('input[name="password"]').fill("any")
        await tab.locator('button[type="submit"]').click()
        await tab.locator('button[type="submit"]').click()  # that Duban may learn the name
        await tab.wait_for_url(f"{house.base}d/matters")
        await follow(tab, tab.get_by_role("link", name="我的账号"))
        await look(tab, "account-of-provider")
        secret = await tab.locator('input[name="secret"]').get_attribute("value")
        await tab.get_by_label("动态验证码").fill(pyotp.TOTP(secret).at(clock.now))
        await follow(tab, tab.get_by_role("button", name="启用动态验证码"))
        await follow(tab, tab.get_by_role("button", name="退出", exact=True).first)
        clock.now += timedelta(seconds=30)
        await tab.get_by_role("link", name="统一身份认证").click()
        await tab.get_by_label("动态验证码").fill(pyotp.TOTP(secret).at(clock.now))
        await follow(tab, tab.get_by_role("button", name="登录"))
        assert await tab.get_by_text("zhang的姓名").first.is_visible()

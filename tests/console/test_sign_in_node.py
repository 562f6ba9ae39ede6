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
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin

import aiohttp
import pytest

from tests.console.identity_provider import CLIENT, SECRET
from tests.console.people import Come, Person, add
from tests.console.served_pages import House
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
        office = house.small.office
        console = office.loaded.schedule.console
        assert console is not None
        console = replace(console, oidc=Settings(issuer, CLIENT, Secret(SECRET)))
        office.loaded = replace(office.loaded, schedule=replace(office.loaded.schedule, console=console))
        for name, status, said in (("zhang", 200, "zhang的姓名"), ("nobody", 403, "没有启用")):
            one = await come(Role.OFFICE, name, known=False)
            found, page = await log_in_there(one, await go(one), name)
            assert (found, said in page) == (status, True), page

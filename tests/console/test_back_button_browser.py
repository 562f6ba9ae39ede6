"""After a log-out the back button of a real browser shows the log-in, and no page of who was there."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.console.people import OWN, people
from tests.console.served_pages import House
from tests.console.test_in_a_browser import CHROMIUM, follow, store_url  # noqa: F401  (a fixture)
from tracker.core.values.accounts import Role

playwright = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (apt-get install chromium)"),
]


@contextlib.asynccontextmanager
async def behind_https(house: House, folder: Path) -> AsyncIterator[str]:
    """The pages' base behind a proxy that does the encryption, as a county's web server does."""
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
    ]
    names = ["-subj", "/CN=127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"]
    await asyncio.to_thread(subprocess.run, [*made, *names], cwd=folder, check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    port = int(house.base.rsplit(":", 1)[1].strip("/"))

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_pages, to_pages = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(copy(reader, to_pages), copy(from_pages, writer))

    async with await asyncio.start_server(connect, "127.0.0.1", 0, ssl=context) as server:
        base, office = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/", house.small.office
        console = office.loaded.schedule.console
        assert console is not None
        schedule = replace(office.loaded.schedule, console=replace(console, base=base))
        office.loaded = replace(office.loaded, schedule=schedule)
        yield base


async def test_the_back_button_shows_nothing_after_the_log_out(house: House, tmp_path: Path) -> None:
    async with people(house) as come:
        office = await come(Role.OFFICE)
    async with behind_https(house, tmp_path) as base, playwright.async_playwright() as tools:
        browser = await tools.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox"],
            ignore_default_args=["--disable-back-forward-cache"],  # as people have it
        )
        tab = await (await browser.new_context(ignore_https_errors=True, locale="zh-CN")).new_page()
        await tab.goto(f"{base}d/matters")
        await tab.get_by_label("登录名").fill(office.login)
        await tab.get_by_label("密码").fill(OWN)
        await follow(tab, tab.get_by_role("button", name="登录"))
        await follow(tab, tab.get_by_role("link", name="总览"))
        await tab.go_back(wait_until="commit")  # a page that was kept is not loaded
        await tab.get_by_role("link", name="水环境质量月报").first.wait_for()
        await tab.get_by_role("button", name="退出", exact=True).click()
        await tab.wait_for_url("**/login?next=*")  # it comes there twice
        for _ in range(2):
            await tab.go_back(wait_until="commit")  # a page that was kept is not loaded
            await tab.get_by_label("登录名").wait_for()
            assert "水环境" not in await tab.inner_text("body")
        await browser.close()

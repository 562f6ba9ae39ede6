"""`duban run` serves the pages: on its own address, with a clear word where that is taken, and ends in time."""

from __future__ import annotations

import asyncio
import signal
import socket
from pathlib import Path

import aiohttp
import pytest

from tests.daemon.daemon_process import Daemon, change, observed, site_of
from tracker.demo.site import serve
from tracker.demo.world import World

SECRET = "q7Zk0sVb3mXr9tLw2nHc5yDg8fJp4aEu"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def with_console(folder: Path, port: int, secret: str = SECRET) -> Path:
    with (folder / "schedule.yaml").open("a") as schedule:
        schedule.write(
            f"console: {{listen: '127.0.0.1:{port}', base: 'http://127.0.0.1:{port}/', secret: '{secret}'}}\n"
        )
    return folder


@pytest.fixture(autouse=True)
def _crawled_just_now(folder: Path) -> None:
    observed(folder, 0)


async def test_it_serves_them_follows_a_reload_and_ends_with_a_reader_on_the_line(folder: Path, world: World) -> None:
    first, second = free_port(), free_port()
    with_console(folder, first)
    async with serve(site_of(world)) as site, aiohttp.ClientSession() as http:
        daemon = await Daemon.start(folder, site=site)
        await daemon.says("running for sample")
        async with http.get(f"http://127.0.0.1:{first}/r/nothing") as answer:
            assert (answer.status, "链接无效" in await answer.text()) == (404, True)
        change(folder / "schedule.yaml", (f"127.0.0.1:{first}", f"127.0.0.1:{second}"))
        daemon.tell(signal.SIGHUP)
        await daemon.says("new rules in force")
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.get(f"http://127.0.0.1:{first}/r/nothing")
        async with http.get(f"http://127.0.0.1:{second}/r/nothing") as answer:
            assert answer.status == 404
        reader, writer = await asyncio.open_connection("127.0.0.1", second)
        writer.write(b"POST /r/nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n")
        await writer.drain()
        async with asyncio.timeout(10):
            assert await daemon.stop() == 0
        writer.close()
        assert not any("Traceback" in line or "nothing" in line for line in daemon.lines)
        del reader


@pytest.mark.nightly
async def test_a_taken_address_is_said_and_nothing_is_left_held(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with_console(folder, taken.getsockname()[1])
        daemon = await Daemon.start(folder)
        said = await daemon.says("cannot listen at")
        assert f"127.0.0.1:{taken.getsockname()[1]}: Address already in use" in said
        assert "end what listens there, or change console.listen" in said
        assert await daemon.ended() == 2
    # The lease was given up: another one starts at once.
    heir = await Daemon.start(folder)
    await heir.says("running for sample")
    assert await heir.stop() == 0


@pytest.mark.nightly
async def test_without_a_secret_pages_are_served_and_it_says_that_mails_carry_no_links(folder: Path) -> None:
    with_console(folder, free_port(), "")
    daemon = await Daemon.start(folder)
    await daemon.says("console.secret is empty: mails carry no links")
    assert await daemon.stop() == 0

"""Connections that ask for nothing keep the pages from nobody; who calls is believed of the web server alone."""

from __future__ import annotations

import asyncio
import socket
import stat
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace

import aiohttp
import pytest

from tests.console.served_pages import House
from tracker.console import forms
from tracker.console.connections import MOST, MOST_OF_PEER, Connection
from tracker.console.context import ConsoleError
from tracker.console.server import ConsoleServer
from tracker.rulebook.schedule import Console


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """Nothing here depends on the database: one is enough."""
    return sqlite_url


@pytest.fixture
def port(house: House) -> int:
    return int(house.base.rstrip("/").rpartition(":")[2])


@asynccontextmanager
async def idle(
    port: int, count: int, source: str = "127.0.0.1", said: bytes = b""
) -> AsyncIterator[list[asyncio.StreamReader]]:
    """So many connections that said this and no more."""
    lines = [await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0)) for _ in range(count)]
    for _, writer in lines:
        writer.write(said)
    yield [reader for reader, _ in lines]
    for _, writer in lines:
        writer.close()


async def asked(port: int, source: str) -> int:
    """The status that somebody at this address gets for a page."""
    connector = aiohttp.TCPConnector(local_addr=(source, 0))
    async with (
        aiohttp.ClientSession(connector=connector) as http,
        http.get(f"http://127.0.0.1:{port}/robots.txt") as got,
    ):
        return got.status


async def test_others_are_served_however_many_connections_idle(house: House, port: int) -> None:
    async with idle(port, MOST_OF_PEER) as of_one, idle(port, MOST + 20, "127.0.0.2"):
        assert await asked(port, "127.0.0.3") == 200
        assert await asked(port, "127.0.0.2") == 200  # its own oldest made room
        assert not of_one[0].at_eof()  # whoever keeps to the bound loses nothing to another peer
        async with AsyncExitStack() as more:
            for n in range(4, 8):
                await more.enter_async_context(idle(port, MOST_OF_PEER, f"127.0.0.{n}"))
            assert await asked(port, "127.0.0.3") == 200
            assert await of_one[0].read() == b""  # the oldest of all made room


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nX: ",
        b"POST /r/a HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab",
        b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\nG",
    ],
    ids=["nothing", "half a head", "half a body", "half a second request"],
)
async def test_one_without_a_whole_request_is_ended(
    house: House, port: int, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slowly it goes on: its bytes win it no time."""
    monkeypatch.setattr(Connection, "request_seconds", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    ended = asyncio.create_task(reader.read())
    async with asyncio.timeout(20):
        while not ended.done():
            writer.write(b"x")
            await asyncio.wait([ended], timeout=0.05)
    writer.close()


async def test_an_upload_that_trickles_is_told_so_at_its_deadline(
    house: House, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has longer than a form, and its connection lasts until it is told that it took too long."""
    monkeypatch.setattr(forms, "UPLOAD_PATIENCE", 0.3)
    place = (await house.matter()).removeprefix(house.base)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heads = "Host: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 500000"
    writer.write(f"POST /{place} HTTP/1.1\r\n{heads}\r\n\r\n--b\r\n".encode())
    answer = asyncio.create_task(reader.readuntil(b"\r\n\r\n"))
    async with asyncio.timeout(20):
        while not answer.done():
            writer.write(b"x")
            await asyncio.wait([answer], timeout=0.05)
    assert answer.result().startswith(b"HTTP/1.1 408 ")
    assert (house.filed(), await asked(port, "127.0.0.3")) == ([], 200)
    writer.close()


async def test_one_that_takes_no_answer_is_ended(house: House, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "request_seconds", 0.3)
    monkeypatch.setattr(Connection, "answer_seconds", 0.3)
    with socket.socket() as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        line.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(line, ("127.0.0.1", port))
        request = b"GET /robots.txt HTTP/1.1\r\nHost: x\r\n\r\n" * 100
        async with asyncio.timeout(20):
            with suppress(ConnectionResetError, BrokenPipeError):
                while True:
                    await loop.sock_sendall(line, request)


@asynccontextmanager
async def served_at(house: House, settings: Console) -> AsyncIterator[ConsoleServer]:
    server = ConsoleServer(house.small.office)
    await server.follow(settings)
    try:
        yield server
    finally:
        await server.stop()


async def test_who_is_being_answered_when_it_ends_is_answered_and_who_asks_nothing_is_let_go(
    house: House, port: int
) -> None:
    place = (await house.matter()).removeprefix(house.base)
    async with served_at(house, settings_of(house, "127.0.0.1")) as server, idle(server.port, 1) as (other,):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        heads = (
            "Host: x\r\nExpect: 100-continue\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9"
        )
        writer.write(f"POST /{place} HTTP/1.1\r\n{heads}\r\n\r\n".encode())
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
        ending = asyncio.create_task(server.stop())
        assert await other.read() == b""
        assert (await asked(port, "127.0.0.1"), ending.done()) == (200, False)  # in the time of a page elsewhere
        writer.write(b"kind=none")
        answer = await reader.read()
        await ending
    assert (answer.startswith(b"HTTP/1.1 4"), b"</html>" in answer) == (True, True), answer
    writer.close()


def settings_of(house: House, listen: str, *proxies: str) -> Console:
    console = house.small.office.loaded.schedule.console
    assert console is not None
    return replace(console, listen=(listen, 0), proxies=proxies)


async def guesses(http: aiohttp.ClientSession, base: str, *callers: str) -> list[int]:
    """The statuses of links that open nothing, asked for as these callers."""
    found = []
    for caller in callers:
        async with http.get(f"{base}/r/guess", headers={"X-Forwarded-For": caller}) as answer:
            found.append(answer.status)
    return found


CALLERS = [f"10.0.0.{n}" for n in range(31)]


@pytest.mark.parametrize(("proxies", "last"), [((), 429), (("127.0.0.1",), 404), (("127.0.0.9",), 429)])
async def test_at_an_address_who_calls_is_believed_of_the_proxies_named(
    house: House, proxies: tuple[str, ...], last: int
) -> None:
    async with served_at(house, settings_of(house, "127.0.0.1", *proxies)) as server:
        assert (await guesses(house.http, f"http://127.0.0.1:{server.port}", *CALLERS))[-1] == last


async def test_at_a_unix_socket_the_last_caller_named_is_believed(house: House) -> None:
    """What stands before it the caller wrote."""
    path = house.small.office.folder / "pages.sock"
    async with served_at(house, settings_of(house, "unix:pages.sock")):
        assert stat.S_IMODE(path.stat().st_mode) == 0o660
        async with aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(path))) as http:
            assert (await guesses(http, "http://pages", *CALLERS))[-1] == 404
            forged = [f"10.1.0.{n}, unix, 10.9.9.9" for n in range(31)]
            assert (await guesses(http, "http://pages", *forged))[-1] == 429
    assert not path.exists()


async def test_a_socket_that_a_killed_process_left_is_replaced_and_one_in_use_is_not(house: House) -> None:
    path = house.small.office.folder / "pages.sock"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    async with served_at(house, settings_of(house, "unix:pages.sock")):
        with pytest.raises(ConsoleError, match=r"cannot listen at unix:pages\.sock: Address already in use; end what"):
            async with served_at(house, settings_of(house, "unix:pages.sock")):
                pass
        assert path.is_socket()


async def test_a_file_is_not_taken_for_a_socket(house: House) -> None:
    path = house.small.office.folder / "pages.sock"
    path.write_text("mine")
    with pytest.raises(ConsoleError, match="Address already in use"):
        async with served_at(house, settings_of(house, "unix:pages.sock")):
            pass
    assert path.read_text() == "mine"

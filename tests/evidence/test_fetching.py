"""Asking a site: manners, limits, and what every kind of misbehaviour is called."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

import pytest
from aiohttp import web

from tests.evidence.evidence_site import Serve
from tests.evidence.rude_servers import EverythingIs, dripper, talker
from tracker.core.values.facts import VisitOutcome
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.fetch.guard import permitted

FAST = Limits(delay=0, timeout=1.0, max_bytes=200_000)


async def ask(
    url: str,
    clock: Callable[[], datetime],
    *,
    limits: Limits = FAST,
    hosts: tuple[str, ...] = ("127.0.0.1",),
    private: bool = True,
    **known: str,
) -> Answer:
    async with Fetcher(hosts, private, limits, clock) as fetcher:
        return await fetcher.get(url, **known)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, VisitOutcome.READ), (404, VisitOutcome.NOT_FOUND), (410, VisitOutcome.NOT_FOUND), (401, VisitOutcome.REFUSED), (403, VisitOutcome.REFUSED),
        (412, VisitOutcome.REFUSED), (429, VisitOutcome.REFUSED), (521, VisitOutcome.REFUSED), (418, VisitOutcome.REFUSED),
        (500, VisitOutcome.UNREACHABLE), (502, VisitOutcome.UNREACHABLE), (503, VisitOutcome.UNREACHABLE), (204, VisitOutcome.NOT_UNDERSTOOD), (206, VisitOutcome.NOT_UNDERSTOOD),
    ],
)  # fmt: skip
async def test_what_a_status_means(
    status: int, outcome: VisitOutcome, serve: Serve, clock: Callable[[], datetime]
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text="" if status == 204 else "<html></html>")

    got = await ask(await serve(answer), clock)
    assert (got.outcome, got.status) == (outcome, status)
    assert bool(got.note) == (outcome is not VisitOutcome.READ)


async def test_a_known_page_is_asked_for_conditionally(serve: Serve, clock: Callable[[], datetime]) -> None:
    async def answer(request: web.Request) -> web.Response:
        known = (
            request.headers.get("If-None-Match") == '"a"' and request.headers.get("If-Modified-Since") == "yesterday"
        )
        return web.Response(
            status=304 if known else 200,
            headers={"ETag": '"a"', "Last-Modified": "yesterday"},
            text="" if known else "x",
        )

    base = await serve(answer)
    first = await ask(base, clock)
    again = await ask(base, clock, etag=first.etag, last_modified=first.last_modified)
    assert (first.unchanged, again.unchanged, again.outcome) == (False, True, VisitOutcome.READ)


async def test_it_says_who_asks(serve: Serve, clock: Callable[[], datetime]) -> None:
    seen: dict[str, str] = {}

    async def answer(request: web.Request) -> web.Response:
        seen.update(request.headers)
        return web.Response(text="x", headers={"Set-Cookie": "a=1"})

    await ask(await serve(answer), clock, limits=Limits(0, user_agent="Duban/0.1; webmaster@example.gov.cn"))
    assert seen["User-Agent"] == "Duban/0.1; webmaster@example.gov.cn"
    assert "Cookie" not in seen


class TestASiteThatMisbehaves:
    async def test_too_slow(self, serve: Serve, clock: Callable[[], datetime]) -> None:
        async def answer(request: web.Request) -> web.StreamResponse:
            response = web.StreamResponse()
            await response.prepare(request)
            for _ in range(100):
                await response.write(b"<p>")
                await asyncio.sleep(0.02)
            return response

        got = await ask(await serve(answer), clock, limits=Limits(0, timeout=0.1))
        assert (got.outcome, got.note) == (VisitOutcome.UNREACHABLE, "0.1 秒内未能完整打开")

    async def test_too_large(self, serve: Serve, clock: Callable[[], datetime]) -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=b"x" * 300_000)

        got = await ask(await serve(answer), clock)
        assert (got.outcome, got.body, got.note) == (VisitOutcome.NOT_UNDERSTOOD, b"", "内容超过 200000 字节")

    async def test_a_bomb(self, serve: Serve, clock: Callable[[], datetime]) -> None:
        bomb = gzip.compress(b"0" * 50_000_000)

        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

        got = await ask(await serve(answer), clock)
        assert (got.outcome, got.body) == (VisitOutcome.NOT_UNDERSTOOD, b"")

    async def test_broken_packing(self, serve: Serve, clock: Callable[[], datetime]) -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=b"no gzip at all", headers={"Content-Encoding": "gzip"})

        assert (await ask(await serve(answer), clock)).outcome is VisitOutcome.UNREACHABLE

    @pytest.mark.parametrize("where", ["head", "body", "refusal"])
    async def test_one_that_never_ends_costs_a_bounded_time(self, where: str, clock: Callable[[], datetime]) -> None:
        said = {
            "head": b"HTTP/1.1 200 OK\r\nX: ",
            "body": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
            "refusal": b"HTTP/1.1 404 Not Found\r\nContent-Length: 100000\r\n\r\n",
        }
        async with dripper(said[where]) as base, Fetcher(["127.0.0.1"], True, Limits(0, timeout=0.3), clock) as fetcher:
            got = await asyncio.wait_for(fetcher.get(base), 10)
        # What a refusal's page goes on to say changes nothing: its head has said that there is nothing.
        assert got.outcome is (VisitOutcome.NOT_FOUND if where == "refusal" else VisitOutcome.UNREACHABLE)

    async def test_redirects_share_one_time_out(self, serve: Serve, clock: Callable[[], datetime]) -> None:
        async def answer(_: web.Request) -> web.Response:
            await asyncio.sleep(0.15)
            return web.Response(status=302, headers={"Location": "/"})

        got = await ask(await serve(answer), clock, limits=Limits(0, timeout=0.4, max_redirects=100))
        assert got.note == "0.4 秒内未能完整打开"

    async def test_a_line_that_was_closed_meanwhile_is_opened_anew(self, clock: Callable[[], datetime]) -> None:
        said = b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx"
        async with talker(said) as base, Fetcher(["127.0.0.1"], True, FAST, clock) as fetcher:
            assert [(await fetcher.get(base)).body for _ in range(3)] == [b"x"] * 3

    @pytest.mark.parametrize(
        "said",
        [
            b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html><ul><li>",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n<html>",
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body><ul><li>one</li>",
            b"",
            b"\x00\x01 nonsense \r\n\r\n",
            b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 10_000 + b"\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            b"HTTP/1.1 200 OK\r\n\x00: 1\r\n\r\n<html></html>",
            b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n<?xml version='1.0'?><rss><channel><item></item>",
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"<html>" * 5000)[:60],
        ],
        ids=[
            "cut",
            "chunk cut",
            "cut without length",
            "hangs up",
            "no HTTP",
            "endless header",
            "endless headers",
            "wrong length",
            "broken header",
            "cut feed",
            "cut gzip",
        ],
    )
    async def test_half_an_answer_is_none(self, said: bytes, clock: Callable[[], datetime]) -> None:
        async with talker(said) as base:
            got = await ask(base, clock)
            assert (got.outcome, got.body) == (VisitOutcome.UNREACHABLE, b"")

    async def test_a_whole_page_without_a_length_is_whole(self, clock: Callable[[], datetime]) -> None:
        async with talker(b"HTTP/1.1 200 OK\r\n\r\n<html><body>one</body></html>") as base:
            assert (await ask(base, clock)).outcome is VisitOutcome.READ

    async def test_http_1_0_ends_when_the_line_does(self, clock: Callable[[], datetime]) -> None:
        async with talker(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>one</html>\n") as base:
            assert (await ask(base, clock)).body == b"<html>one</html>\n"

    async def test_nobody_there(self, clock: Callable[[], datetime]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        got = await ask(f"http://127.0.0.1:{port}/", clock)
        assert (got.outcome, got.status) == (VisitOutcome.UNREACHABLE, 0)

    async def test_after_three_failures_a_host_is_left_alone(self, clock: Callable[[], datetime]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        async with Fetcher(["127.0.0.1"], True, FAST, clock) as fetcher:
            for _ in range(6):
                got = await fetcher.get(f"http://127.0.0.1:{port}/")
            assert fetcher.requests == 3
            assert (got.outcome, got.note) == (VisitOutcome.UNREACHABLE, "本轮中该站点已多次无法连接，不再尝试")


class TestOnlyTheCountysHosts:
    @pytest.mark.parametrize(
        "url",
        [
            "http://elsewhere.example.org/", "ftp://127.0.0.1/", "file:///etc/passwd", "http://user:pass@127.0.0.1/", "javascript:alert(1)",
            "http://127.0.0.1.evil.example/", "http://127.0.0.1@evil.example/", "http://[::1/", "http://127.0.0.1:99999/", "",
        ],
    )  # fmt: skip
    async def test_nothing_else_is_asked(self, url: str, clock: Callable[[], datetime]) -> None:
        async with Fetcher(["127.0.0.1"], True, FAST, clock) as fetcher:
            assert (await fetcher.get(url)).outcome is VisitOutcome.FORBIDDEN
            assert fetcher.requests == 0

    async def test_a_redirect_within_the_county_is_followed(self, serve: Serve, clock: Callable[[], datetime]) -> None:
        async def answer(request: web.Request) -> web.Response:
            if request.path == "/old":
                raise web.HTTPFound("/new")
            return web.Response(text="here")

        got = await ask(f"{await serve(answer)}/old", clock)
        assert (got.body, got.url.rpartition("/")[2], got.asked.rpartition("/")[2]) == (b"here", "new", "old")

    @pytest.mark.parametrize(
        "target",
        ["http://elsewhere.example.org/", "//elsewhere.example.org/a", "file:///etc/passwd", "http://localhost:1/"],
    )
    async def test_a_redirect_out_of_it_is_not(self, target: str, serve: Serve, clock: Callable[[], datetime]) -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": target})

        got = await ask(await serve(answer), clock)
        assert got.outcome is VisitOutcome.FORBIDDEN

    async def test_a_redirect_that_never_ends_does(self, serve: Serve, clock: Callable[[], datetime]) -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": "/"})

        got = await ask(await serve(answer), clock)
        assert (got.outcome, got.note) == (VisitOutcome.UNREACHABLE, "网页跳转次数过多")

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"])
    async def test_a_private_address_is_not_dialled(
        self, host: str, serve: Serve, clock: Callable[[], datetime]
    ) -> None:
        asked = []

        async def answer(request: web.Request) -> web.Response:
            asked.append(request.path)
            return web.Response(text="secret")

        port = (await serve(answer)).rpartition(":")[2]
        got = await ask(f"http://{host}:{port}/", clock, hosts=(host.strip("[]"),), private=False)
        assert (got.outcome, got.body, asked) == (VisitOutcome.FORBIDDEN, b"", [])

    async def test_a_name_that_leads_to_a_private_address_is_not_dialled(
        self, serve: Serve, clock: Callable[[], datetime]
    ) -> None:
        """Whatever the name server answers, first or later: the guard sees what is dialled."""
        asked = []

        async def answer(request: web.Request) -> web.Response:
            asked.append(request.path)
            return web.Response(text="secret")

        port = int((await serve(answer)).rpartition(":")[2])
        hosts = ["www.example.gov.cn"]
        async with Fetcher(hosts, False, FAST, clock, resolver=EverythingIs("127.0.0.1")) as fetcher:
            got = await fetcher.get(f"http://www.example.gov.cn:{port}/")
        assert (got.outcome, got.note, asked) == (VisitOutcome.FORBIDDEN, "站点解析到内部地址，已拒绝访问", [])
        async with Fetcher(hosts, True, FAST, clock, resolver=EverythingIs("127.0.0.1")) as fetcher:
            assert (await fetcher.get(f"http://www.example.gov.cn:{port}/")).body == b"secret"

    async def test_a_redirect_to_a_private_address_is_not_dialled(
        self, serve: Serve, clock: Callable[[], datetime]
    ) -> None:
        """The county file may name both hosts: the address decides, not the name."""

        async def answer(_: web.Request) -> web.Response:
            return web.Response(status=302, headers={"Location": "http://inner.example.gov.cn:1/"})

        port = int((await serve(answer)).rpartition(":")[2])
        resolver = EverythingIs("127.0.0.1", {"inner.example.gov.cn": "0.0.0.0"})
        async with Fetcher(["www.a.cn", "inner.example.gov.cn"], True, FAST, clock, resolver=resolver) as fetcher:
            assert (await fetcher.get(f"http://www.a.cn:{port}/")).outcome is VisitOutcome.FORBIDDEN


def packed(kind: str, body: bytes) -> bytes:
    bare = zlib.compressobj(wbits=-15)
    return {
        "gzip": gzip.compress(body),
        "x-gzip": gzip.compress(body[:5]) + gzip.compress(body[5:]) + b"\0\0",
        "deflate": zlib.compress(body),
        "Deflate": bare.compress(body) + bare.flush(),
        "gzip, gzip": gzip.compress(gzip.compress(body)),
        "identity": body,
        "UTF-8": body,
    }[kind]


@pytest.mark.parametrize("kind", ["gzip", "x-gzip", "deflate", "Deflate", "gzip, gzip", "identity", "UTF-8"])
async def test_what_is_packed_is_unpacked_and_kept_as_it_was_sent(
    kind: str, serve: Serve, clock: Callable[[], datetime]
) -> None:
    body = "<html>样例县环境保护局</html>".encode() * 100

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=packed(kind, body), headers={"Content-Encoding": kind})

    got = await ask(await serve(answer), clock)
    assert (got.outcome, got.body) == (VisitOutcome.READ, body)
    assert got.trail[-1].body == packed(kind, body)
    assert got.trail[-1].header(b"content-encoding") == kind.encode()


@pytest.mark.parametrize("kind", ["zstd", "compress", "gzip, gzip, gzip"])
async def test_what_cannot_be_unpacked_is_not_understood(
    kind: str, serve: Serve, clock: Callable[[], datetime]
) -> None:
    async def answer(request: web.Request) -> web.Response:
        assert kind not in request.headers["Accept-Encoding"]
        return web.Response(body=b"abc", headers={"Content-Encoding": kind})

    got = await ask(await serve(answer), clock)
    assert (got.outcome, got.body) == (VisitOutcome.NOT_UNDERSTOOD, b"")


async def test_what_went_over_the_wire_stays_with_the_answer(serve: Serve, clock: Callable[[], datetime]) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path == "/old":
            return web.Response(status=301, headers={"Location": "/new"}, text="moved")
        return web.Response(status=403, text="you may not", headers={"X-Waf": "yes"})

    got = await ask(f"{await serve(answer)}/old", clock)
    assert [(one.status, one.body, one.url.rpartition("/")[2]) for one in got.trail] == [
        (301, b"moved", "old"), (403, b"you may not", "new"),
    ]  # fmt: skip
    assert got.trail[-1].header(b"x-waf") == b"yes"
    assert dict(got.trail[0].request_headers)[b"User-Agent"] == FAST.user_agent.encode()
    assert (got.outcome, got.body) == (VisitOutcome.REFUSED, b"")  # a refusal is evidence, not something to read


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("202.102.192.68", True), ("2400:3200::1", True), ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False),
        ("172.16.0.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False),
        ("::1", False), ("::ffff:10.0.0.1", False), ("fe80::1%eth0", False), ("fc00::1", False), ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False), ("::", False), ("::127.0.0.1", False), ("64:ff9b:1::a00:1", False), ("::ffff:0:10.0.0.1", False),
        ("192.0.0.9", False), ("192.0.0.170", False), ("fec0::1", False), ("192.88.99.1", False), ("198.18.0.1", False),
        ("255.255.255.255", False), ("2001::1", False), ("2001:20::1", False), ("3fff::1", False), ("5f00::1", False),
        ("100::1", False), ("4000::1", False), ("::ffff:202.102.192.68", True), ("64:ff9b::ca66:c044", True),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert permitted(address, allow_private=False) is public


def test_nobodys_address_is_never_dialled() -> None:
    assert permitted("127.0.0.1", allow_private=True)
    assert not permitted("0.0.0.0", allow_private=True)
    assert not permitted("224.0.0.1", allow_private=True)
    assert not permitted("255.255.255.255", allow_private=True)
    assert not permitted("::ffff:0.0.0.0", allow_private=True)


async def test_one_connection_at_a_time_and_a_pause_between(serve: Serve, clock: Callable[[], datetime]) -> None:
    busy, most, began = 0, 0, []

    async def answer(_: web.Request) -> web.Response:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        began.append(asyncio.get_running_loop().time())
        await asyncio.sleep(0.01)
        busy -= 1
        return web.Response(text="x")

    base = await serve(answer)
    async with Fetcher(["127.0.0.1"], True, Limits(delay=0.03), clock) as fetcher:
        await asyncio.gather(*(fetcher.get(base) for _ in range(4)))
    assert most == 1
    assert all(later - earlier >= 0.03 for earlier, later in pairwise(began))

"""robots.txt: heeded on every site that the county does not call its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from datetime import datetime
from itertools import pairwise

import pytest
from aiohttp import web

from tests.evidence.evidence_site import Serve
from tracker.core.values.facts import VisitOutcome
from tracker.evidence.fetch import robots
from tracker.evidence.fetch.answer import Answer
from tracker.evidence.fetch.fetcher import Fetcher, Limits
from tracker.evidence.fetch.robots import Robots

FAST = Limits(delay=0, timeout=2.0)
NOBODY = "User-agent: *\nDisallow: /\n"


class Site:
    """Says its robots.txt, and `x` to everything else; `asked` says what was asked for."""

    def __init__(self, robots: str | bytes = "", status: int = 200, location: str = "") -> None:
        self.robots = robots.encode() if isinstance(robots, str) else robots
        self.status = status
        self.location = location
        self.asked: list[str] = []

    async def __call__(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        if request.path != "/robots.txt":
            return web.Response(text="x")
        headers = {"Location": self.location} if self.location else {}
        return web.Response(body=self.robots, status=self.status, headers=headers)


async def ask(
    site: Site, serve: Serve, clock: Callable[[], datetime], *paths: str, own: Collection[str] = ()
) -> list[Answer]:
    base = await serve(site)
    async with Fetcher(["127.0.0.1"], True, FAST, clock, own=own) as fetcher:
        return [await fetcher.get(base + path) for path in paths]


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("", "/a", True),
        (NOBODY, "/a", False),
        ("User-agent: *\nDisallow: /admin/\n", "/a", True),
        ("User-agent: *\nDisallow: /admin/\n", "/admin/a", False),
        ("User-agent: Duban\nDisallow: /a\n\nUser-agent: *\nAllow: /\n", "/a", False),
        ("User-agent: Duban\nAllow: /\n\nUser-agent: *\nDisallow: /\n", "/a", True),
        ("User-agent: baiduspider\nDisallow: /\n", "/a", True),
        ("User-agent: *\nDisallow: /\nAllow: /zwgk/\n", "/zwgk/a", True),
        ("User-agent: *\nDisallow: /*.html$\n", "/a.html", False),
        ("﻿User-agent: *\r\nDisallow: /\r\n", "/a", False),
        ("<html><body>您访问的页面不存在</body></html>", "/a", True),
        ("# 注释\n".encode("gb18030") + NOBODY.encode(), "/a", False),
        ("#" * 600_000 + "\n" + NOBODY, "/a", True),  # beyond what must be heeded
        (NOBODY + "#" * 600_000, "/a", False),
    ],
)
async def test_what_it_allows(
    robots: str | bytes, path: str, allowed: bool, serve: Serve, clock: Callable[[], datetime]
) -> None:
    site = Site(robots)
    [got] = await ask(site, serve, clock, path)
    assert site.asked == (["/robots.txt", path] if allowed else ["/robots.txt"])
    assert got.outcome is (VisitOutcome.READ if allowed else VisitOutcome.FORBIDDEN)


async def test_a_refusal_says_what_the_office_can_do_and_keeps_the_robots_txt(
    serve: Serve, clock: Callable[[], datetime]
) -> None:
    [got] = await ask(Site(NOBODY), serve, clock, "/a")
    assert "own: true" in got.note
    assert got.trail[-1].body == NOBODY.encode()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, VisitOutcome.READ) for status in (404, 410, 403, 401, 412)),
        *((status, VisitOutcome.UNREACHABLE) for status in (429, 500, 503, 521)),
    ],
)  # fmt: skip
async def test_where_there_is_none_all_is_allowed_and_where_it_cannot_be_had_nothing(
    status: int, outcome: VisitOutcome, serve: Serve, clock: Callable[[], datetime]
) -> None:
    site = Site(NOBODY, status)
    [got] = await ask(site, serve, clock, "/a")
    assert got.outcome is outcome
    assert ("/a" in site.asked) is (outcome is VisitOutcome.READ)


@pytest.mark.parametrize("location", ["/robots.txt", "http://elsewhere.example.org/robots.txt", "http://[::1/"])
async def test_a_redirect_to_nowhere_is_no_robots_txt(
    location: str, serve: Serve, clock: Callable[[], datetime]
) -> None:
    [got] = await ask(Site(NOBODY, 302, location), serve, clock, "/a")
    assert got.outcome is VisitOutcome.READ


async def test_it_is_asked_once_a_pass(serve: Serve, clock: Callable[[], datetime]) -> None:
    site = Site("User-agent: *\nDisallow: /b\n")
    answers = await ask(site, serve, clock, "/a", "/b", "/c")
    assert site.asked == ["/robots.txt", "/a", "/c"]
    assert [one.outcome for one in answers] == [VisitOutcome.READ, VisitOutcome.FORBIDDEN, VisitOutcome.READ]


async def test_one_that_cannot_be_had_is_asked_for_three_times_at_most(
    serve: Serve, clock: Callable[[], datetime]
) -> None:
    site = Site(NOBODY, 503)
    answers = await ask(site, serve, clock, "/a", "/b", "/c", "/d", "/e")
    assert site.asked == ["/robots.txt"] * 3
    assert {one.outcome for one in answers} == {VisitOutcome.UNREACHABLE}


async def test_the_countys_own_site_is_not_asked(serve: Serve, clock: Callable[[], datetime]) -> None:
    site = Site(NOBODY)
    [got] = await ask(site, serve, clock, "/a", own=["127.0.0.1"])
    assert (got.outcome, site.asked) == (VisitOutcome.READ, ["/a"])


async def test_a_redirect_asks_where_it_leads(serve: Serve, clock: Callable[[], datetime]) -> None:
    there = Site(NOBODY)
    target = await serve(there)

    async def here(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"{target}/a") if request.path == "/a" else web.HTTPNotFound()

    base = await serve(here)
    async with Fetcher(["127.0.0.1"], True, FAST, clock, own=[]) as fetcher:
        got = await fetcher.get(f"{base}/a")
    assert (got.outcome, there.asked) == (VisitOutcome.FORBIDDEN, ["/robots.txt"])


@pytest.mark.parametrize(("said", "heeded"), [("3", 3.0), ("0.5", 0.5), ("-5", 0.0), ("soon", 0.0), ("86400", 10.0)])
async def test_a_crawl_delay_is_heeded_up_to_a_bound(
    said: str, heeded: float, serve: Serve, clock: Callable[[], datetime]
) -> None:
    base = await serve(Site(f"User-agent: *\nCrawl-delay: {said}\n"))
    async with Fetcher(["127.0.0.1"], True, FAST, clock) as fetcher:
        word = await Robots(fetcher.get, clock).word(f"{base}/a")
    assert (word.refusal, max(word.delay, 0.0)) == (None, heeded)


async def test_the_pause_that_is_asked_for_is_made(serve: Serve, clock: Callable[[], datetime]) -> None:
    began: list[float] = []

    async def answer(request: web.Request) -> web.Response:
        began.append(asyncio.get_running_loop().time())
        return web.Response(text="User-agent: *\nCrawl-delay: 0.05\n")

    base = await serve(answer)
    async with Fetcher(["127.0.0.1"], True, FAST, clock, own=[]) as fetcher:
        for path in ("/a", "/b", "/c"):
            await fetcher.get(base + path)
    assert len(began) == 4
    assert all(later - earlier >= 0.05 for earlier, later in pairwise(began[1:]))


@pytest.mark.parametrize("kind", ["names", "again", "rules"])
def test_a_large_robots_txt_is_read_in_time_that_grows_with_its_length(kind: str) -> None:
    """Each rule stood once for each name of its group: 12,000 names with 20,000 rules took hours."""
    names = {
        "names": "".join(f"User-agent: a{number}\n" for number in range(12_000)),
        "again": "".join(f"User-agent: a{number % 4000}*\n" for number in range(12_000)),
        "rules": "",
    }[kind]
    text = f"{names}User-Agent : *\n" + "Disallow: /a\n" * 20_000
    rules = robots._parse(text[: robots.MAX_BYTES])
    assert not rules.can_fetch("http://a.example/a", robots.AGENT)
    assert rules.can_fetch("http://a.example/b", robots.AGENT)

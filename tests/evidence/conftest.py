"""Pages in the manner of county systems, and real servers on loopback that serve them, well or badly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from tracker.evidence.page import Page

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2015, 9, 30)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start a server on loopback whose every path is answered by one handler; gives its address."""
    runners: list[web.AppRunner] = []

    async def start(handler: Handler) -> str:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.fixture
def page_of() -> Callable[..., Page]:
    """A page as it would come from the site, read on 30 September 2015."""

    def make(html: str | bytes, url: str = "http://www.yangli.gov.cn/hjbh/", content_type: str = "text/html") -> Page:
        body = html.encode() if isinstance(html, str) else html
        return Page(url, body, SHANGHAI, TODAY, content_type)

    return make


class Clock:
    """A clock that moves a second with every reading, and as far as a test says."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def advance(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2015, 9, 30, 8, 0, tzinfo=SHANGHAI))

"""Pages in the manner of county systems, and real servers on loopback that serve them, well or badly."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import web

from tests.evidence.crawled import Office, Site
from tests.evidence.evidence_site import SHANGHAI, TODAY, Clock, Handler, Serve
from tracker.evidence.page.parsed import Page
from tracker.store.engine import Store


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Start a server on loopback whose every path is answered by one handler; gives its address."""
    runners: list[web.AppRunner] = []

    async def start(handler: Handler) -> str:
        async def answer(request: web.Request) -> web.StreamResponse:
            return await handler(request)

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", answer)
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


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2015, 9, 30, 8, 0, tzinfo=SHANGHAI))


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
async def office(
    tmp_path: Path, sqlite_template: Path, site: Site, serve: Serve, clock: Clock
) -> AsyncIterator[Office]:
    path = tmp_path / "duban.db"
    shutil.copy(sqlite_template, path)
    with Store(f"sqlite:///{path}") as store:
        yield Office(store, site, await serve(site), clock)


@pytest.fixture
async def either_office(store: Store, site: Site, serve: Serve, clock: Clock) -> Office:
    """The same, once on SQLite and once on PostgreSQL."""
    return Office(store, site, await serve(site), clock)

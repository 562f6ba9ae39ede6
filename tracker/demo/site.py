"""Serves the sample county's sites over HTTP: at each simulated instant what had been published by then."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from aiohttp import web

from tracker.clock import Clock
from tracker.core.law.county import County, SiteColumn
from tracker.demo import pages
from tracker.demo.pages import SKINS, PagePlace
from tracker.demo.world import Publication, World

PAGE_SIZE = 20
NEWS_COUNT = 12


@dataclass(slots=True)
class _Column:
    place: PagePlace
    publications: list[Publication] = field(default_factory=list)

    def find_shown(self, now: datetime) -> list[Publication]:
        """What the column shows at this instant, the newest claimed day first."""
        shown = (publication for publication in self.publications if publication.is_up(now))
        return sorted(shown, key=lambda publication: (publication.claimed, publication.number), reverse=True)


def skin_of(column: SiteColumn) -> str:
    """The name of a column's skin: by its site, and on the county's own site by the column's key."""
    is_catalogue = hashlib.sha256(column.key.encode()).digest()[0] % 3 == 0
    by_site = {"approval-site": "approval", "own-site": "old"}
    return by_site.get(column.channel, "catalogue" if is_catalogue else "news")


class SampleSite:
    """All sites of the county on one server, told apart by path."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self._columns: dict[str, _Column] = {}  # by path
        self._pages: dict[str, Callable[[datetime], web.Response | None]] = {}  # by path
        for column in world.county.columns.values():
            self._columns.setdefault(_path(column), _Column(_place(column, world.county)))
        for publication in world.publications:
            self._columns[self._path_of(publication)].publications.append(publication)
        for column in world.county.columns.values():
            self._mount(self._columns[_path(column)], is_listing=column.kind == "listing")
        self._pages["/"] = self._home

    def app(self) -> web.Application:
        """The sites as one application; its only route takes every path."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        return app

    def _path_of(self, publication: Publication) -> str:
        return _path(self._world.county.columns[publication.column])

    def _mount(self, column: _Column, *, is_listing: bool) -> None:
        path = column.place.path
        if not is_listing:
            self._pages[path] = partial(self._single, column)
            return
        for number in range(1, _count_pages(len(column.publications)) + 1):
            self._pages[pages.list_path(path, number)] = partial(self._listing, column, number)
        for publication in column.publications:
            self._pages[pages.article_path(path, publication)] = partial(self._article, column, publication)
            for number in range(1, len(publication.attachments) + 1):
                self._pages[pages.file_path(path, publication, number)] = partial(self._file, publication)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        now = self._clock()
        if self._world.is_down(now):
            return web.Response(status=503, text="Service Unavailable", headers={"Retry-After": "3600"})
        write = self._pages.get(request.path)
        page = write(now) if write is not None else None
        if page is None:
            return web.Response(status=404, text=pages.write_not_found(), content_type="text/html")
        if _is_known(request, page):
            tags = {name: page.headers[name] for name in ("ETag", "Last-Modified") if name in page.headers}
            return web.Response(status=304, headers=tags)
        return page

    def _listing(self, column: _Column, number: int, now: datetime) -> web.Response | None:
        shown = column.find_shown(now)
        page_count = _count_pages(len(shown))
        if number > page_count:
            return None
        part = shown[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        changed_at = max(
            (at for publication in column.publications for at in publication.instants if at <= now), default=None
        )
        html = pages.write_listing(column.place, part, number, page_count)
        return _respond(html, changed_at, column.place.skin.encoding)

    def _single(self, column: _Column, now: datetime) -> web.Response | None:
        shown = column.find_shown(now)
        return self._article(column, shown[0], now) if shown else None

    def _article(self, column: _Column, publication: Publication, now: datetime) -> web.Response | None:
        if not publication.is_up(now):
            return None
        html = pages.write_article(column.place, publication, now)
        return _respond(html, publication.changed_at(now), column.place.skin.encoding)

    def _file(self, publication: Publication, now: datetime) -> web.Response | None:
        if not publication.is_up(now):
            return None
        html = pages.write_sheet(publication.title, publication.text(now))
        return _respond(html, publication.published_at, content_type="application/vnd.ms-excel")

    def _home(self, now: datetime) -> web.Response:
        shown = [publication for publication in self._world.publications if publication.is_up(now)]
        news = [(self._path_of(publication), publication) for publication in reversed(shown[-NEWS_COUNT:])]
        sites: dict[str, list[PagePlace]] = {}
        for column in self._columns.values():
            sites.setdefault(column.place.site, []).append(column.place)
        return _respond(pages.write_home(f"{self._world.county.name}政府信息网", sites, news))


def _path(column: SiteColumn) -> str:
    return urlsplit(column.url).path or "/"


def _place(column: SiteColumn, county: County) -> PagePlace:
    owner = county.departments[column.owner].name if column.owner else ""
    sites = {"approval-site": f"{county.name}行政审批网", "own-site": f"{county.name}{owner}"}
    title = f"{column.title}（{owner}）" if owner and column.channel == "county-site" else column.title
    site = sites.get(column.channel, f"{county.name}政府信息网")
    return PagePlace(site, title, _path(column), SKINS[skin_of(column)])


def _count_pages(entry_count: int) -> int:
    return max(1, -(-entry_count // PAGE_SIZE))


def _is_known(request: web.Request, page: web.Response) -> bool:
    """Whether the reader has this very page; a tag decides before a date."""
    tag = request.headers.get("If-None-Match")
    if tag is not None:
        return tag == page.headers["ETag"]
    since = request.headers.get("If-Modified-Since")
    return since is not None and since == page.headers.get("Last-Modified")


def _respond(
    html: str, changed_at: datetime | None = None, encoding: str = "utf-8", content_type: str = "text/html"
) -> web.Response:
    body = html.encode(encoding)
    # The GB18030 site names its encoding in the page alone, as such sites do.
    response = web.Response(body=body, content_type=content_type, charset=encoding if encoding == "utf-8" else None)
    response.etag = hashlib.sha256(body).hexdigest()[:16]
    response.last_modified = changed_at
    return response


def listen(port: int = 0) -> tuple[socket.socket, str]:
    """A listening socket on 127.0.0.1 (port 0: any free one) and its base address, ending in a slash.

    The address is known before anything is served, so that rules can be loaded with it.
    """
    sock = socket.create_server(("127.0.0.1", port))
    return sock, f"http://127.0.0.1:{sock.getsockname()[1]}/"


@asynccontextmanager
async def serve(app: web.Application, sock: socket.socket | None = None) -> AsyncIterator[str]:
    """Serve the application on the socket (any free port without one) and give its base address."""
    sock = sock or listen()[0]
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.SockSite(runner, sock).start()
        yield f"http://127.0.0.1:{sock.getsockname()[1]}/"
    finally:
        await runner.cleanup()

"""The sample county's sites over HTTP, showing at each simulated instant what had been published by then."""

from __future__ import annotations

import hashlib
import socket
from bisect import bisect_right
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from aiohttp import web

from tracker.core.law.duties import SiteColumn
from tracker.demo import pages
from tracker.demo.world import Publication, World

PAGE_SIZE = 20

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class ServedPage:
    """A page's bytes and what a conditional request compares."""

    body: bytes
    content_type: str
    headers: dict[str, str]


@dataclass(slots=True)
class _Column:
    """A column's publications, and the pages rendered for its present state."""

    column: SiteColumn
    place: pages.PagePlace
    publications: list[Publication] = field(default_factory=list)
    rows: dict[int, pages.ListRow] = field(default_factory=dict)  # by the publication's number
    changes: list[datetime] = field(default_factory=list)
    version: int = -1
    shown: list[Publication] = field(default_factory=list)
    rendered: dict[int, ServedPage | None] = field(default_factory=dict)


def skin_of(column: SiteColumn) -> pages.Skin:
    """The manner of a column's pages: by its site, and on the county's own site by its name."""
    if column.channel == "approval-site":
        return "approval"
    if column.channel == "own-site":
        return "old"
    return "catalogue" if hashlib.sha256(column.key.encode()).digest()[0] % 3 == 0 else "news"


class SampleSite:
    """All sites of the county on one server, told apart by path. A page is rendered once per state."""

    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self._columns: dict[str, _Column] = {}
        self._articles: dict[str, tuple[_Column, Publication]] = {}
        self._files: dict[str, Publication] = {}
        self._read: dict[tuple[str, datetime], ServedPage] = {}
        self._mount()
        self._missing = _render(pages.not_found(), "utf-8", None)

    def app(self) -> web.Application:
        """The sites as one application; its only route takes every path."""
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        return app

    def _mount(self) -> None:
        county = self._world.county
        for column in county.columns.values():
            path = urlsplit(column.url).path or "/"
            owner = county.departments[column.owner].name if column.owner else ""
            site = {"approval-site": f"{county.name}行政审批网", "own-site": f"{county.name}{owner}"}
            name = site.get(column.channel, f"{county.name}政府信息网")
            own = owner and column.channel == "county-site"
            title = f"{column.title}（{owner}）" if own else column.title
            place = pages.PagePlace(name, title, path, skin_of(column))
            self._columns.setdefault(path, _Column(column, place))
        for publication in self._world.publications:
            self._mount_publication(publication)
        for one in self._columns.values():
            one.changes = sorted({at for publication in one.publications for at in publication.instants})

    def _mount_publication(self, publication: Publication) -> None:
        home = self._columns[urlsplit(self._world.county.columns[publication.column].url).path]
        home.publications.append(publication)
        home.rows[publication.number] = _row(home.place.url, publication)
        if home.column.kind == "listing":
            self._articles[article_path(home.place.url, publication)] = (home, publication)
            for number in range(1, len(publication.attachments) + 1):
                self._files[file_path(home.place.url, publication, number)] = publication

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        now = self._clock()
        if self._world.is_down(now):
            return web.Response(status=503, text="Service Unavailable", headers={"Retry-After": "3600"})
        page = self._find(request.path, now)
        if page is None:
            return web.Response(status=404, body=self._missing.body, content_type="text/html", charset="utf-8")
        if _is_known(request, page):
            return web.Response(status=304, headers=page.headers)
        return web.Response(body=page.body, headers={**page.headers, "Content-Type": page.content_type})

    def _find(self, path: str, now: datetime) -> ServedPage | None:
        if path == "/":
            return self._home(now)
        column = self._columns.get(path)
        if column is not None:
            return self._page(column, 1, now) if column.column.kind == "listing" else self._single(column, now)
        if path in self._articles:
            return self._article(path, now)
        if path in self._files:
            return self._file(path, now)
        return self._later_page(path, now)

    def _later_page(self, path: str, now: datetime) -> ServedPage | None:
        base, _, name = path.rpartition("/")
        column = self._columns.get(f"{base}/")
        number = name.removeprefix("index_").removesuffix(".html")
        if column is None or not name.startswith("index_") or not number.isdecimal():
            return None
        return self._page(column, int(number) + 1, now)

    def _page(self, column: _Column, number: int, now: datetime) -> ServedPage | None:
        _bring_up(column, now)
        if number not in column.rendered:
            column.rendered[number] = self._render_list(column, number)
        return column.rendered[number]

    def _render_list(self, column: _Column, number: int) -> ServedPage | None:
        total = max(1, -(-len(column.shown) // PAGE_SIZE))
        if number > total:
            return None
        part = column.shown[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        rows = [column.rows[publication.number] for publication in part]
        html = pages.listing(column.place, rows, number, total)
        return _render(html, pages.ENCODINGS[column.place.skin][0], column.changes[column.version - 1 : column.version])

    def _single(self, column: _Column, now: datetime) -> ServedPage | None:
        _bring_up(column, now)
        if not column.shown:
            return None
        return self._text(column.place.url, column, column.shown[0], now)

    def _article(self, path: str, now: datetime) -> ServedPage | None:
        column, publication = self._articles[path]
        return self._text(path, column, publication, now) if publication.is_up(now) else None

    def _text(self, path: str, column: _Column, publication: Publication, now: datetime) -> ServedPage:
        since = publication.changed_at(now)
        if (path, since) not in self._read:
            base = column.place.url
            files = [(name, file_path(base, publication, n)) for n, name in enumerate(publication.attachments, 1)]
            html = pages.article(column.place, _row(base, publication), publication.text(now), files)
            self._read[path, since] = _render(html, pages.ENCODINGS[column.place.skin][0], [since])
        return self._read[path, since]

    def _file(self, path: str, now: datetime) -> ServedPage | None:
        publication = self._files[path]
        if not publication.is_up(now):
            return None
        body = pages.sheet(publication.title, publication.text(now))
        return _render(body, "utf-8", [publication.published_at], "application/vnd.ms-excel")

    def _home(self, now: datetime) -> ServedPage:
        county = self._world.county
        news: list[pages.ListRow] = []
        for publication in reversed(self._world.publications):
            if publication.is_up(now) and len(news) < 12:
                news.append(_row(urlsplit(county.columns[publication.column].url).path, publication))
        groups: dict[str, list[tuple[str, str]]] = {}
        for column in self._columns.values():
            groups.setdefault(column.place.site, []).append((column.place.column, column.place.url))
        return _render(pages.home(f"{county.name}政府信息网", list(groups.items()), news), "utf-8", None)


def _bring_up(column: _Column, now: datetime) -> None:
    """Forget what was rendered if the column changed since; time may also run backwards."""
    version = bisect_right(column.changes, now)
    if version == column.version:
        return
    column.version = version
    column.rendered = {}
    publications = [publication for publication in column.publications if publication.is_up(now)]
    column.shown = sorted(publications, key=lambda publication: (publication.claimed, publication.number), reverse=True)


def _is_known(request: web.Request, page: ServedPage) -> bool:
    """Whether the reader has this very page; a tag decides before a date."""
    tag = request.headers.get("If-None-Match")
    if tag is not None:
        return tag == page.headers["ETag"]
    since = request.headers.get("If-Modified-Since")
    return since is not None and since == page.headers.get("Last-Modified")


def _render(html: str, encoding: str, since: list[datetime] | None, content_type: str = "text/html") -> ServedPage:
    """`since`: when the page last changed, at most one instant."""
    body = html.encode(encoding)
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"'}
    if since:
        headers["Last-Modified"] = format_datetime(since[0].astimezone(UTC), usegmt=True)
    # The GB18030 site names its encoding in the page alone, as such sites do.
    return ServedPage(body, content_type if encoding != "utf-8" else f"{content_type}; charset=utf-8", headers)


def _row(base: str, publication: Publication) -> pages.ListRow:
    url = article_path(base, publication)
    return pages.ListRow(url, publication.title, publication.claimed, publication.source, publication.number)


def article_path(base: str, publication: Publication) -> str:
    """The path of an article, in the manner of the content system most counties used; it shows the claimed day."""
    return f"{base}{publication.claimed:%Y%m}/t{publication.claimed:%Y%m%d}_{publication.number}.html"


def file_path(base: str, publication: Publication, number: int) -> str:
    """The path of an article's n-th file."""
    return f"{base}{publication.claimed:%Y%m}/P{publication.claimed:%Y%m%d}{publication.number:06d}_{number}.xls"


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

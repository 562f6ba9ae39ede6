"""Asking the county's site, with manners: one connection a host, a pause between requests, hard limits.

The guard sits where the socket is made: it sees the address that is really dialled, whatever name,
redirect or DNS answer led there. What went over the wire is kept with the answer, for the archive.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Literal, Protocol, Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.connector import AddrInfoType

from tracker.core.values.facts import VisitOutcome
from tracker.evidence.fetch import failures
from tracker.evidence.fetch.answer import Answer, Exchange, closed, exchange_of
from tracker.evidence.fetch.guard import permitted
from tracker.evidence.fetch.host_lines import HostLine, HostLines
from tracker.evidence.fetch.robots import MAX_BYTES as ROBOTS_BYTES
from tracker.evidence.fetch.robots import Robots, Shelf, Word
from tracker.evidence.fetch.unpack import ACCEPTED, BrokenPacking, CannotUnpack, TooLarge, Unpacker

log = logging.getLogger(__name__)

_REDIRECTS = {301, 302, 303, 307, 308}
_REFUSED = {401, 403, 407, 412, 418, 429, 451, 521}
#: What an answer is kept as.
CaptureKind = Literal["listing", "article", "file"]
_PORTS = {"http": 80, "https": 443}
_GUARD = "address refused by guard"
#: Beginnings of addresses whose host is remembered.
_SITES = 1000
#: As much of a refusal's page as is kept, and how many seconds it may take: it only shows that we were refused.
_REFUSAL_BYTES, _REFUSAL_TIME = 65_536, 3.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the crawl goes. `delay` and `timeout` in seconds, `max_bytes` of one answer, packed and unpacked.

    `timeout` is for one answer with all its redirects, however slowly it comes.
    """

    delay: float = 1.0
    timeout: float = 30.0
    max_bytes: int = 5_000_000
    max_pages: int = 50
    max_redirects: int = 5
    user_agent: str = "Duban/0.1 (government information disclosure supervision)"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of one answer: unpacked bytes, and seconds until it has come."""

    max_bytes: int
    timeout: float


@dataclass(frozen=True, slots=True)
class _Request:
    """What is asked for. `prefix`: of a body that is too long the beginning will do."""

    asked: str
    conditions: Mapping[str, str]
    form: Mapping[str, str] | None
    bounds: Bounds
    prefix: bool = False


class Listener(Protocol):
    """Hears what the site answered, once it was read: `outcome` says what came of the reading."""

    async def lacks(self, url: str) -> bool:
        """Whether nothing that was read at this address is held: then it is asked for anew, changed or not."""

    async def hear(self, kind: CaptureKind, url: str, answer: Answer, outcome: VisitOutcome, column: str) -> None:
        """Take an answer; `url`: what it is known by."""


class Fetcher:
    """A client for one pass over one county. `hosts` are names, with a port where only that one is meant.

    `own`: the hosts whose robots.txt is not asked, for the county owns them; None: nobody's is, for a person who
    looks at one page. `resolver`: looks names up in the system's stead. `listener`: is told every answer.
    `shelf`: keeps what each robots.txt said. `lines`: those of a pass that reads several counties.
    """

    def __init__(
        self,
        hosts: Collection[str],
        allow_private: bool,
        limits: Limits,
        clock: Callable[[], datetime],
        *,
        own: Collection[str] | None = None,
        resolver: AbstractResolver | None = None,
        listener: Listener | None = None,
        shelf: Shelf | None = None,
        lines: HostLines | None = None,
    ) -> None:
        self.limits = limits
        self.clock = clock
        self.requests = 0
        self._hosts = frozenset(host.lower() for host in hosts)
        self._allow_private = allow_private
        self._lines = lines or HostLines()
        self._bounds = Bounds(limits.max_bytes, limits.timeout)
        self._resolver = resolver
        self._listener = listener
        self._own = None if own is None else frozenset(host.lower() for host in own)
        self._robots = Robots(self._robots_of, clock, shelf)
        self._sites: dict[str, str | None] = {}  # what an address begins with, and the host it names
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit_per_host=1, limit=16, socket_factory=self._socket, ttl_dns_cache=60, resolver=self._resolver
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=min(10, self.limits.timeout)),
            auto_decompress=False,  # the archive wants the bytes as they were sent
            trust_env=False,  # a proxy would dial for us, behind the guard's back
            headers={
                "User-Agent": self.limits.user_agent,
                "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
                "Accept-Language": "zh-CN,zh;q=0.9",
                "Accept-Encoding": ACCEPTED,
            },
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(
        self,
        url: str,
        *,
        etag: str = "",
        last_modified: str = "",
        form: Mapping[str, str] | None = None,
        bounds: Bounds | None = None,
    ) -> Answer:
        """One answer. Every failure is an `Answer` that says so; nothing is raised for what a site does.

        `form`: sent as a browser sends one (POST); for interfaces that give a list's further pages no other way.
        `bounds`: for what is larger and slower than a page.
        """
        host = self._host(url)
        if host is None:
            return self._failed(url, url, VisitOutcome.FORBIDDEN, "地址不在本县站点范围内")
        conditions = _conditions(etag, last_modified)
        if conditions and self._listener is not None and await self._listener.lacks(url):
            conditions = {}
        request = _Request(url, conditions, form, bounds or self._bounds)
        async with self._lines.turn(host) as line:
            if line.is_given_up:
                return self._failed(url, url, VisitOutcome.UNREACHABLE, "本轮中该站点已多次无法连接，不再尝试")
            word = await self._word(url, host)
            if word.refusal is not None:
                return self._unasked(request, url, word)
            return await self._ask_in_turn(line, request, word.delay)

    async def tell(self, kind: CaptureKind, url: str, answer: Answer, outcome: VisitOutcome, column: str = "") -> None:
        """Say what came of reading an answer, to whom it may concern. `url`: what it is known by."""
        if self._listener is not None:
            await self._listener.hear(kind, url, answer, outcome, column)

    async def _ask_in_turn(self, line: HostLine, request: _Request, delay: float = 0.0) -> Answer:
        """One answer of the host whose line is ours. `delay`: seconds that its robots.txt asks for."""
        await line.pause()
        answer = await self._ask(request)
        line.note(answer.strikes, max(self.limits.delay, delay))
        return answer

    # -- robots.txt --------------------------------------------------------------------------------

    async def _word(self, url: str, host: str) -> Word:
        """What the robots.txt of a site that is not the county's own says about an address."""
        if self._own is None or self._own & {host, urlsplit(url).netloc.lower()}:
            return Word()
        return await self._robots.word(url)

    async def _robots_of(self, url: str) -> Answer:
        """One robots.txt; the line to its host is ours already."""
        host = self._host(url)
        if host is None:
            return self._failed(url, url, VisitOutcome.FORBIDDEN, "地址不在本县站点范围内")
        request = _Request(url, {}, None, Bounds(ROBOTS_BYTES, self.limits.timeout), prefix=True)
        return await self._ask_in_turn(self._lines[host], request)

    def _unasked(self, request: _Request, url: str, word: Word) -> Answer:
        outcome, note = word.refusal or (VisitOutcome.FORBIDDEN, "")
        trail = word.answer.trail if word.answer is not None else ()
        return replace(self._failed(request.asked, url, outcome, note), trail=trail)

    # -- one answer --------------------------------------------------------------------------------

    async def _ask(self, request: _Request) -> Answer:
        """Whatever the site does, it ends within the time-out."""
        trail: list[Exchange] = []
        try:
            async with asyncio.timeout(request.bounds.timeout):
                answer = await self._follow(request, trail)
        except TimeoutError:
            note = f"{request.bounds.timeout:g} {failures.SLOW}"
            answer = self._failed(request.asked, request.asked, VisitOutcome.UNREACHABLE, note, strikes=1)
        return replace(answer, trail=tuple(trail)) if trail else answer

    async def _follow(self, request: _Request, trail: list[Exchange]) -> Answer:
        url, form = request.asked, request.form
        for _ in range(self.limits.max_redirects + 1):
            try:
                answer, target = await self._once(request, url, form, trail)
            except (aiohttp.ClientError, OSError, ValueError) as error:
                return self._broken(request.asked, url, error)
            if target is None:
                return answer
            try:
                url, form = urljoin(url, target), None
            except ValueError:
                return self._failed(request.asked, url, VisitOutcome.UNREACHABLE, "网页跳转的网址无法识别")
            if (host := self._host(url)) is None:
                return self._failed(request.asked, url, VisitOutcome.FORBIDDEN, f"被转到本县站点范围之外：{url[:200]}")
            # A robots.txt lies where it lies: whether it may be fetched is not asked of another one.
            if not request.prefix and (word := await self._word(url, host)).refusal is not None:
                return self._unasked(request, url, word)
        return self._failed(request.asked, url, VisitOutcome.UNREACHABLE, "网页跳转次数过多")

    async def _once(
        self, request: _Request, url: str, form: Mapping[str, str] | None, trail: list[Exchange]
    ) -> tuple[Answer, str | None]:
        """One request. The second value is where a redirect leads, then the answer means nothing."""
        if self._session is None:
            raise RuntimeError("the fetcher is not open")
        self.requests += 1
        method = "GET" if form is None else "POST"
        asking = self._session.request(method, url, data=form, headers=request.conditions, allow_redirects=False)
        async with asking as response:
            exchange = exchange_of(form, response)
            outcome, note = _judged(response.status)
            body, wire, cut = b"", b"", False
            if response.status == 200:
                body, wire, note = await self._body(response, request)
                outcome = VisitOutcome.READ if not note else VisitOutcome.NOT_UNDERSTOOD
                cut = bool(note) or (request.prefix and len(body) >= request.bounds.max_bytes)
            elif response.status != 304:
                wire, cut = await _beginning(response, min(_REFUSAL_TIME, request.bounds.timeout / 3))
            trail.append(replace(exchange, body=wire, cut=cut))
            if response.status in _REDIRECTS:
                target = response.headers.get("Location", "")
                return self._failed(
                    request.asked, url, VisitOutcome.UNREACHABLE, "网页跳转没有给出网址"
                ), target or None
            headers = response.headers
            answer = Answer(
                request.asked, url, self.clock(), outcome, response.status, body, headers.get("Content-Type", ""),
                headers.get("ETag", ""), headers.get("Last-Modified", ""), note,
            )  # fmt: skip
            return self._whole(answer, response, packed=wire is not body), None

    async def _body(self, response: aiohttp.ClientResponse, request: _Request) -> tuple[bytes, bytes, str]:
        """The body unpacked, as it was sent, and why it is not read where it is not."""
        wire: list[bytes] = []
        pieces: list[bytes] = []
        came = 0
        try:
            unpacker = Unpacker(response.headers.get("Content-Encoding", ""), request.bounds.max_bytes)
            async for piece in response.content.iter_any():
                came += len(piece)
                wire.append(piece)
                if came > request.bounds.max_bytes:
                    raise TooLarge
                pieces.extend(unpacker.feed(piece))
            unpacker.end(empty=not came)
        except TooLarge:
            response.close()
            if request.prefix:
                return b"".join(pieces)[: request.bounds.max_bytes], b"".join(wire)[:_REFUSAL_BYTES], ""
            return b"", b"".join(wire)[:_REFUSAL_BYTES], f"{failures.TOO_LONG} {request.bounds.max_bytes} 字节"
        except CannotUnpack as error:
            response.close()
            return b"", b"", f"页面以不支持的方式压缩：{error}"
        sent = b"".join(wire)
        return b"".join(pieces) if unpacker.packed else sent, sent, ""

    def _whole(self, answer: Answer, response: aiohttp.ClientResponse, *, packed: bool) -> Answer:
        """An answer that ends when the line ends may have been cut: half a list is no list. Packing has its own end."""
        delimited = packed or "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
        if answer.status != 200 or answer.note or delimited or closed(answer.body):
            return answer
        return self._failed(answer.asked, answer.url, VisitOutcome.UNREACHABLE, "页面没有传完")

    def _socket(self, address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, where = address
        if not permitted(str(where[0]), self._allow_private):
            raise PermissionError(errno.EACCES, f"{_GUARD}: {where[0]}")
        return socket.socket(family, kind, protocol)

    def _host(self, url: str) -> str | None:
        """The host a URL stands on, where the county's columns may lead there."""
        end = url.find("/", 8)
        if end < 0 or not url.startswith(("http://", "https://")):
            return self._host_of(url)
        site = url[:end]  # all that names the host
        if site not in self._sites:
            if len(self._sites) >= _SITES:
                self._sites.clear()
            self._sites[site] = self._host_of(url)
        return self._sites[site]

    def _host_of(self, url: str) -> str | None:
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme)
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or parts.username is not None:
            return None
        shown = f"[{host}]" if ":" in host else host
        return host if self._hosts & {host, shown, f"{shown}:{port}"} else None

    def _broken(self, asked: str, url: str, error: Exception) -> Answer:
        if _GUARD in str(error):
            return self._failed(asked, url, VisitOutcome.FORBIDDEN, "站点解析到内部地址，已拒绝访问")
        if isinstance(error, BrokenPacking):
            return self._failed(asked, url, VisitOutcome.UNREACHABLE, f"内容无法解压：{error}"[:300])
        if isinstance(error, aiohttp.ClientPayloadError):
            return self._failed(asked, url, VisitOutcome.UNREACHABLE, "页面没有传完，连接就断了", strikes=1)
        nobody = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
        log.info("%s: %s %s", url, type(error).__name__, error, extra={"action": "fetch"})
        return self._failed(asked, url, VisitOutcome.UNREACHABLE, failures.said(error), strikes=2 if nobody else 1)

    def _failed(self, asked: str, url: str, outcome: VisitOutcome, note: str, strikes: int = 0) -> Answer:
        return Answer(asked, url, self.clock(), outcome, note=note, strikes=strikes)


async def _beginning(response: aiohttp.ClientResponse, seconds: float) -> tuple[bytes, bool]:
    """As much of a refusal's page as is kept, as it was sent, and whether that is not all of it."""
    wire: list[bytes] = []
    came = 0
    with suppress(TimeoutError, aiohttp.ClientError, ValueError):
        async with asyncio.timeout(seconds):
            async for piece in response.content.iter_any():
                came += len(piece)
                wire.append(piece)
                if came > _REFUSAL_BYTES:
                    break
            else:
                return b"".join(wire), False
    return b"".join(wire)[:_REFUSAL_BYTES], True


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def _judged(status: int) -> tuple[VisitOutcome, str]:
    if status in (200, 304):
        return VisitOutcome.READ, ""
    if status in (404, 410):
        return VisitOutcome.NOT_FOUND, failures.status_note(status)
    if status in _REFUSED or 400 <= status < 500:
        return VisitOutcome.REFUSED, failures.status_note(status, refused=True)
    return VisitOutcome.UNREACHABLE if status >= 500 else VisitOutcome.NOT_UNDERSTOOD, failures.status_note(status)

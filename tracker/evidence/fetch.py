"""Asking the county's site, with manners: one connection a host, a pause between requests, hard limits.

The guard sits where the socket is made: it sees the address that is really dialled, whatever name,
redirect or DNS answer led there.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.connector import AddrInfoType

from tracker.core.facts import Outcome

_REDIRECTS = {301, 302, 303, 307, 308}
_REFUSED = {401, 403, 407, 412, 418, 429, 451, 521}
_GUARD = "address refused by guard"
#: After so many failures in a row a host is not asked again in this pass: 3 times nobody there, or
#: 6 times no end of an answer (a few slow articles must not blind us to the columns behind them).
_PATIENCE = 6


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the crawl goes. `delay` and `timeout` in seconds, `max_bytes` of one unpacked answer."""

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
class Answer:
    """What came back. `outcome` READ: a body to read, or `status` 304 for what is known already.

    `url` is where the answer came from after redirects; `note` (Chinese) says what went wrong;
    `strikes`: how much it tries the patience with this host.
    """

    asked: str
    url: str
    at: datetime
    outcome: Outcome
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    note: str = ""
    strikes: int = 0

    @property
    def unchanged(self) -> bool:
        return self.status == 304

    @property
    def gone(self) -> bool:
        return self.status in (404, 410)


class Fetcher:
    """A client for one pass over one county. `hosts` are names, with a port where only that one is meant."""

    def __init__(
        self, hosts: Collection[str], allow_private: bool, limits: Limits, clock: Callable[[], datetime]
    ) -> None:
        self.limits = limits
        self.clock = clock
        self.requests = 0
        self._hosts = frozenset(host.lower() for host in hosts)
        self._allow_private = allow_private
        self._lines: dict[str, asyncio.Lock] = {}
        self._free_at: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit_per_host=1, limit=16, socket_factory=self._socket, ttl_dns_cache=60)
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=self.limits.timeout, sock_connect=min(10, self.limits.timeout)),
            trust_env=False,  # a proxy would dial for us, behind the guard's back
            headers={
                "User-Agent": self.limits.user_agent,
                "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
                "Accept-Language": "zh-CN,zh;q=0.9",
                "Accept-Encoding": "gzip, deflate",
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
        bounds = bounds or Bounds(self.limits.max_bytes, self.limits.timeout)
        host = self._host(url)
        if host is None:
            return self._failed(url, url, Outcome.FORBIDDEN, "地址不在本县站点范围内")
        async with self._lines.setdefault(host, asyncio.Lock()):
            if self._failures.get(host, 0) >= _PATIENCE:
                return self._failed(url, url, Outcome.UNREACHABLE, "本轮中该站点已多次无法连接，不再尝试")
            await self._pause(host)
            answer = await self._follow(url, _conditions(etag, last_modified), form, bounds)
            self._free_at[host] = asyncio.get_running_loop().time() + self.limits.delay
            self._failures[host] = self._failures.get(host, 0) + answer.strikes if answer.strikes else 0
            return answer

    async def _pause(self, host: str) -> None:
        wait = self._free_at.get(host, 0.0) - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)

    async def _follow(
        self, asked: str, conditions: dict[str, str], form: Mapping[str, str] | None, bounds: Bounds
    ) -> Answer:
        url = asked
        for _ in range(self.limits.max_redirects + 1):
            try:
                answer, target = await self._once(asked, url, conditions, form, bounds)
            except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
                return self._broken(asked, url, error, bounds)
            if target is None:
                return answer
            url, form = urljoin(url, target), None
            if self._host(url) is None:
                return self._failed(asked, url, Outcome.FORBIDDEN, f"被转到本县站点范围之外：{url[:200]}")
        return self._failed(asked, url, Outcome.UNREACHABLE, "转向次数过多")

    async def _once(
        self, asked: str, url: str, conditions: dict[str, str], form: Mapping[str, str] | None, bounds: Bounds
    ) -> tuple[Answer, str | None]:
        """One request. The second value is where a redirect leads, then the answer means nothing."""
        if self._session is None:
            raise RuntimeError("the fetcher is not open")
        self.requests += 1
        method = "GET" if form is None else "POST"
        timeout = aiohttp.ClientTimeout(total=bounds.timeout, sock_connect=min(10, self.limits.timeout))
        async with self._session.request(
            method, url, data=form, headers=conditions, allow_redirects=False, timeout=timeout
        ) as response:
            if response.status in _REDIRECTS:
                target = response.headers.get("Location", "")
                return self._failed(asked, url, Outcome.UNREACHABLE, "转向没有给出地址"), target or None
            outcome, note = _judged(response.status)
            body = b""
            if response.status == 200:
                body, note = await self._body(response, bounds.max_bytes)
                outcome = Outcome.READ if not note else Outcome.NOT_UNDERSTOOD
            headers = response.headers
            answer = Answer(
                asked, url, self.clock(), outcome, response.status, body, headers.get("Content-Type", ""),
                headers.get("ETag", ""), headers.get("Last-Modified", ""), note,
            )  # fmt: skip
            return self._whole(answer, response), None

    async def _body(self, response: aiohttp.ClientResponse, max_bytes: int) -> tuple[bytes, str]:
        """The unpacked body, or why it is not read: a small bomb unpacks to more than anyone can hold."""
        pieces: list[bytes] = []
        size = 0
        async for piece in response.content.iter_chunked(65_536):
            size += len(piece)
            if size > max_bytes:
                response.close()
                return b"", f"内容超过 {max_bytes} 字节"
            pieces.append(piece)
        return b"".join(pieces), ""

    def _whole(self, answer: Answer, response: aiohttp.ClientResponse) -> Answer:
        """An answer that ends when the line ends may have been cut: half a list is no list."""
        delimited = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
        tail = answer.body[-2048:].lower()
        if answer.status != 200 or delimited or b"<html" not in answer.body[:4096].lower():
            return answer
        if b"</html" in tail or b"</body" in tail:
            return answer
        return self._failed(answer.asked, answer.url, Outcome.UNREACHABLE, "页面没有传完")

    def _socket(self, address: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, where = address
        if not permitted(str(where[0]), self._allow_private):
            raise PermissionError(errno.EACCES, f"{_GUARD}: {where[0]}")
        return socket.socket(family, kind, protocol)

    def _host(self, url: str) -> str | None:
        """The host a URL stands on, where the county's columns may lead there."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            return None
        if parts.scheme not in ("http", "https") or parts.username is not None:
            return None
        shown = f"[{host}]" if ":" in host else host
        return host if self._hosts & {host, shown, f"{shown}:{port}"} else None

    def _broken(self, asked: str, url: str, error: Exception, bounds: Bounds) -> Answer:
        if _GUARD in str(error):
            return self._failed(asked, url, Outcome.FORBIDDEN, "站点解析到内部地址，已拒绝访问")
        nobody = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
        if isinstance(error, TimeoutError) and not nobody:
            return self._failed(asked, url, Outcome.UNREACHABLE, f"{bounds.timeout:g} 秒内没有答复完", strikes=1)
        note = f"无法连接：{type(error).__name__} {error}"[:300]
        return self._failed(asked, url, Outcome.UNREACHABLE, note, strikes=2 if nobody else 1)

    def _failed(self, asked: str, url: str, outcome: Outcome, note: str, strikes: int = 0) -> Answer:
        return Answer(asked, url, self.clock(), outcome, note=note, strikes=strikes)


def permitted(address: str, allow_private: bool) -> bool:
    """Whether an address may be dialled. Addresses that carry another one inside are judged by that."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return permitted(str(inner), allow_private)
    if ip.is_multicast or ip.is_unspecified:
        return False
    return allow_private or ip.is_global


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _conditions(etag: str, last_modified: str) -> dict[str, str]:
    headers = {}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    return headers


def _judged(status: int) -> tuple[Outcome, str]:
    if status in (200, 304):
        return Outcome.READ, ""
    if status in (404, 410):
        return Outcome.MISSING, f"状态码 {status}"
    if status in _REFUSED or 400 <= status < 500:
        return Outcome.REFUSED, f"站点拒绝访问，状态码 {status}"
    if status >= 500:
        return Outcome.UNREACHABLE, f"站点出错，状态码 {status}"
    return Outcome.NOT_UNDERSTOOD, f"状态码 {status} 无法理解"

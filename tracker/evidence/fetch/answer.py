"""What came back from a site: the answer to read, and what went over the wire for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tracker.core.values.facts import VisitOutcome

if TYPE_CHECKING:
    import aiohttp


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer as they went over the wire. `body` is packed as it was sent (chunks apart).

    Headers are (name, value) in bytes; `version`: "1.1"; `peer`: the address that was dialled, "" where unknown;
    `cut`: only the beginning of the body was taken.
    """

    url: str
    method: str
    request_headers: tuple[tuple[bytes, bytes], ...]
    form: Mapping[str, str] | None
    version: str
    status: int
    reason: str
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""
    peer: str = ""
    cut: bool = False

    def header(self, name: bytes) -> bytes:
        """The value of an answer's header; lower-case name."""
        return next((value for key, value in self.headers if key.lower() == name), b"")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `outcome` READ: a body to read, or `status` 304 for what is known already.

    `url` is where the answer came from after redirects; `note` (Chinese) says what went wrong;
    `strikes`: how much it tries the patience with this host; `trail`: what went over the wire, redirects
    first, the answer itself last (none where nobody answered).
    """

    asked: str
    url: str
    at: datetime
    outcome: VisitOutcome
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    note: str = ""
    strikes: int = 0
    trail: tuple[Exchange, ...] = ()

    @property
    def unchanged(self) -> bool:
        return self.status == 304

    @property
    def gone(self) -> bool:
        return self.status in (404, 410)

    @property
    def date(self) -> datetime | None:
        """What the server's clock showed (RFC 9110, 6.6.1), with the age in caches; None where it says nothing."""
        if not self.trail:
            return None
        try:
            date = parsedate_to_datetime(self.trail[-1].header(b"date").decode("ascii"))
            age = timedelta(seconds=int(self.trail[-1].header(b"age") or 0))
            return date.replace(tzinfo=date.tzinfo or UTC) + age
        except (ValueError, OverflowError):
            return None

    @property
    def lean(self) -> Answer:
        """The same without its bytes, for remembering."""
        return replace(self, body=b"", trail=())


def exchange_of(form: Mapping[str, str] | None, response: aiohttp.ClientResponse) -> Exchange:
    """What has come so far of an answer, with what was asked."""
    asked = response.request_info
    sent = tuple((name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in asked.headers.items())
    version = f"{response.version.major}.{response.version.minor}" if response.version else "1.1"
    return Exchange(
        str(asked.url), asked.method, sent, form, version, response.status, response.reason or "",
        response.raw_headers, peer=_peer(response),
    )  # fmt: skip


def _peer(response: aiohttp.ClientResponse) -> str:
    """The address that answered, while the line to it is held; a short answer has let go of it."""
    transport = response.connection.transport if response.connection is not None else None
    where = transport.get_extra_info("peername") if transport is not None else None
    return str(where[0]) if where else ""


_ROOT = re.compile(rb"<(html|rss|feed|rdf:rdf|urlset|sitemapindex)[\s>]", re.IGNORECASE)


def closed(body: bytes) -> bool:
    """Whether a page that names its root also closes it; what is no page of markup is not judged here."""
    root = _ROOT.search(body, 0, 4096)
    if root is None:
        return True
    tail, name = body[-2048:].lower(), root[1].lower()
    return b"</" + name in tail or (name == b"html" and b"</body" in tail)

"""A channel whose messages are HTTP calls with limits; each kind of it says how to call and what an answer means."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from notifications.channels.base import NO_LIMIT, Outgoing, SendResult

#: Bytes of an answer that are read, and characters of it that are shown.
_MAX_ANSWER, _SHOWN = 65_536, 300
#: Statuses below 500 after which the same call may go through later.
_LATER = {408, 425, 429}
#: A gateway has no answer from what stands behind it, which may have taken the call (RFC 9110, 15.6.3 and 15.6.5).
_UNKNOWN = {502, 504}


@dataclass(frozen=True, slots=True)
class HttpCall:
    """What a message is sent with."""

    method: str
    url: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status, its body, and `data`, the body as JSON where it is an object."""

    status: int
    text: str
    data: Mapping[str, Any]

    def __str__(self) -> str:
        return f"HTTP {self.status} {self.text.strip()[:_SHOWN]}".strip()


class HttpChannel(ABC):
    """A client for one pass. Redirects are not followed: a message goes nowhere but to its address."""

    max_bytes = NO_LIMIT

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @abstractmethod
    def call_for(self, message: Outgoing) -> HttpCall:
        """The call that sends the message."""

    @abstractmethod
    def result_of(self, reply: Reply) -> SendResult:
        """What became of the message, from an answer with a status from 200 to 299."""

    async def send(self, message: Outgoing) -> SendResult:
        call = self.call_for(message)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout))
        try:
            async with self._session.request(
                call.method, call.url, data=call.body or None, headers=call.headers, allow_redirects=False
            ) as response:
                text = _text(await _body(response))
                reply = Reply(response.status, text, _object(text))
        except aiohttp.ClientConnectorError as error:
            return SendResult(False, _words(error), retry=True, down=True)
        except (TimeoutError, aiohttp.ServerDisconnectedError) as error:
            return SendResult(False, _words(error), retry=True, down=True, doubtful=True)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return SendResult(False, _words(error), retry=True, doubtful=True)
        if reply.status >= 500 or reply.status in _LATER:
            return SendResult(False, str(reply), retry=True, down=True, doubtful=reply.status in _UNKNOWN)
        if not 200 <= reply.status < 300:
            return SendResult(False, str(reply))
        return self.result_of(reply)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """The body, in however many pieces it comes; where the connection breaks, the pieces that came."""
    raw = bytearray()
    try:
        async for piece in response.content.iter_any():
            raw += piece
            if len(raw) >= _MAX_ANSWER:
                break
    except aiohttp.ClientPayloadError:
        pass  # a code that did not come is missed in `result_of`
    return bytes(raw[:_MAX_ANSWER])


def _text(raw: bytes) -> str:
    """The text in UTF-8, else in GB 18030, as some gateways answer."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def parsed(text: str) -> Any:
    """The text as JSON; None where it is none."""
    try:
        return json.loads(text.strip("\x00 \r\n\t"))
    except (ValueError, RecursionError):
        return None


def _object(text: str) -> Mapping[str, Any]:
    value = parsed(text)
    return value if isinstance(value, dict) else {}


def _words(error: Exception) -> str:
    # The text of a client error may hold the address with its key: only the kind is named.
    return f"{type(error).__name__}: the gateway did not answer"


def as_json(value: object) -> bytes:
    """The JSON in UTF-8, without escapes and spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


JSON = {"Content-Type": "application/json; charset=utf-8"}

"""One HTTP call with limits, for the channels that are one. What it means is said by each channel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from notifications.channels.base import SendResult

#: Of an answer: a gateway's word is a line, whatever else it sends is not read.
_MAX_ANSWER = 65_536
_SHOWN = 300
#: The caller is to wait, or the server is in trouble: the same call may go through later.
_LATER = {408, 425, 429}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status and the body, and the body as JSON where it is an object."""

    status: int
    text: str
    data: Mapping[str, Any]

    def __str__(self) -> str:
        return f"HTTP {self.status} {self.text.strip()[:_SHOWN]}".strip()


class Caller:
    """A client for one pass. Redirects are not followed: a message goes where it was told to go."""

    def __init__(self, timeout: float = 15.0) -> None:
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self, method: str, url: str, *, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply | SendResult:
        """The reply, or the result where none came or its status says enough. Never raises for what a server does."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timeout))
        try:
            async with self._session.request(
                method, url, data=body or None, headers=headers, allow_redirects=False
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
            return SendResult(False, str(reply), retry=True, down=True)
        if not 200 <= reply.status < 300:
            return SendResult(False, str(reply))
        return reply

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """The body, however many pieces it comes in; of one that is cut, what came."""
    raw = bytearray()
    try:
        async for piece in response.content.iter_any():
            raw += piece
            if len(raw) >= _MAX_ANSWER:
                break
    except aiohttp.ClientPayloadError:
        pass  # what it lacks will be missed where it matters
    return bytes(raw[:_MAX_ANSWER])


def _text(raw: bytes) -> str:
    """UTF-8, or as gateways of the country write where it is none: a word that is not understood is sent again."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def parsed(text: str) -> Any:
    """The text as JSON, whatever it is; None where it is none."""
    try:
        return json.loads(text.strip("\x00 \r\n\t"))
    except (ValueError, RecursionError):
        return None


def _object(text: str) -> Mapping[str, Any]:
    found = parsed(text)
    return found if isinstance(found, dict) else {}


def _words(error: Exception) -> str:
    # The text of a client error may hold the address with its key: only the kind is told.
    return f"{type(error).__name__}: the gateway did not answer"


def as_json(value: object) -> bytes:
    """As it goes over the wire: Chinese as it is, no spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


JSON = {"Content-Type": "application/json; charset=utf-8"}

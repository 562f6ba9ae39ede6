"""A signed JSON call to another system of the house: HMAC-SHA256 over the instant and the very bytes of the body."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from notifications.channels.base import NO_LIMIT, MessageForm, Outgoing, SendResult
from notifications.channels.http import JSON, Caller

#: Carries `t=SECONDS,v1=HEX`.
SIGNATURE = "X-Duban-Signature"
#: Carries the message's id: the same at every attempt, so that a repeat is recognisable.
ID = "X-Duban-Message"


def signature(secret: str, seconds: int, body: bytes) -> str:
    """Hexadecimal HMAC over `SECONDS.BODY`."""
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


def verify(secret: str, header: str, body: bytes, now: datetime, tolerance: int = 300) -> bool:
    """What the receiver does: the signature is right and no older or younger than `tolerance` seconds."""
    parts = dict(one.partition("=")[::2] for one in header.split(","))
    if not parts.get("t", "").isascii() or not parts.get("t", "").isdigit():
        return False
    seconds = int(parts["t"])
    fresh = abs(now.timestamp() - seconds) <= tolerance
    return hmac.compare_digest(signature(secret, seconds, body), parts.get("v1", "")) and fresh


class WebhookChannel:
    """2xx is taken; other answers below 500 are final, except 408, 425 and 429."""

    form: MessageForm = "json"
    max_bytes = NO_LIMIT

    def __init__(self, url: str, secret: str, clock: Callable[[], datetime], timeout: float = 15.0) -> None:
        self._url, self._secret, self._clock = url, secret, clock
        self._caller = Caller(timeout)

    async def send(self, message: Outgoing) -> SendResult:
        seconds = int(self._clock().timestamp())
        signed = f"t={seconds},v1={signature(self._secret, seconds, message.body)}"
        headers = {**JSON, SIGNATURE: signed, ID: message.id}
        reply = await self._caller.call("POST", self._url, body=message.body, headers=headers)
        return reply if isinstance(reply, SendResult) else SendResult(True, str(reply))

    async def close(self) -> None:
        await self._caller.close()

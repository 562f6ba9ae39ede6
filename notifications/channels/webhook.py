"""A signed JSON call to another system of the house: HMAC-SHA256 over the instant and the very bytes of the body."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from notifications.channels.base import MessageForm, Outgoing, SendResult
from notifications.channels.http import JSON, HttpCall, HttpChannel, Reply

#: Carries `t=SECONDS,v1=HEX`.
SIGNATURE = "X-Duban-Signature"
#: Carries the message's id: the same at every attempt, so that a repeat is recognisable.
ID = "X-Duban-Message"


def signature(secret: str, seconds: int, body: bytes) -> str:
    """Hexadecimal HMAC over `SECONDS.BODY`."""
    return hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()


class WebhookChannel(HttpChannel):
    """2xx is taken; other answers below 500 are final, except 408, 425 and 429."""

    form: MessageForm = "json"

    def __init__(self, url: str, secret: str, clock: Callable[[], datetime], timeout: float = 15.0) -> None:
        super().__init__(timeout)
        self._url, self._secret, self._clock = url, secret, clock

    def call_for(self, message: Outgoing) -> HttpCall:
        seconds = int(self._clock().timestamp())
        signed = f"t={seconds},v1={signature(self._secret, seconds, message.body)}"
        return HttpCall("POST", self._url, message.body, {**JSON, SIGNATURE: signed, ID: message.id})

    def result_of(self, reply: Reply) -> SendResult:
        return SendResult(True, str(reply))

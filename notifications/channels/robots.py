"""Group robots of 企业微信, 钉钉 and 飞书: the error code in an answer, not its HTTP status, says what was sent."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from notifications.channels.base import MessageForm, Outgoing, SendResult
from notifications.channels.http import JSON, HttpCall, HttpChannel, Reply, as_json


@dataclass(frozen=True, slots=True)
class Platform:
    """How the robots of one platform are called.

    `codes`: names under which the answer carries its code, 0 being sent; `later`: codes after which the same
    message may go through (too many a minute, the platform is busy); `request`: address and body, from address,
    secret, text and instant; `max_bytes`: UTF-8 bytes that a message may have.
    """

    codes: tuple[str, ...]
    later: Collection[int]
    request: Callable[[str, str, str, datetime], tuple[str, Mapping[str, Any]]]
    max_bytes: int


class RobotChannel(HttpChannel):
    """One group's robot. `secret`: for platforms that sign, "" where the robot goes by words or addresses."""

    form: MessageForm = "chat"

    def __init__(
        self, platform: Platform, url: str, secret: str, clock: Callable[[], datetime], timeout: float = 15.0
    ) -> None:
        super().__init__(timeout)
        self._platform, self._url, self._secret, self._clock = platform, url, secret, clock
        self.max_bytes = platform.max_bytes

    def call_for(self, message: Outgoing) -> HttpCall:
        text = message.body.decode("utf-8", "replace")
        url, body = self._platform.request(self._url, self._secret, text, self._clock())
        return HttpCall("POST", url, as_json(body), JSON)

    def result_of(self, reply: Reply) -> SendResult:
        code = next((reply.data[name] for name in self._platform.codes if name in reply.data), None)
        if not isinstance(code, int) or isinstance(code, bool):
            return SendResult(False, f"no error code in the answer: {reply}", retry=True, down=True, doubtful=True)
        if code == 0:
            return SendResult(True, str(reply))
        # A robot that was removed, a wrong signature, a missing keyword: no other message gets through either.
        return SendResult(False, str(reply), retry=code in self._platform.later, down=True)


def _wecom(url: str, _secret: str, text: str, _now: datetime) -> tuple[str, Mapping[str, Any]]:
    """The webhook's key is its secret."""
    return url, {"msgtype": "markdown", "markdown": {"content": text}}


def _dingtalk(url: str, secret: str, text: str, now: datetime) -> tuple[str, Mapping[str, Any]]:
    """Signed over `timestamp\\nsecret`, in milliseconds."""
    if secret:
        milliseconds = int(now.timestamp() * 1000)
        sign = _hmac(secret, f"{milliseconds}\n{secret}")
        url = f"{url}{'&' if '?' in url else '?'}{urlencode({'timestamp': milliseconds, 'sign': sign})}"
    # As text: its markdown joins lines that a single newline separates.
    return url, {"msgtype": "text", "text": {"content": text}}


def _feishu(url: str, secret: str, text: str, now: datetime) -> tuple[str, Mapping[str, Any]]:
    """Signed over an empty text, with `timestamp\\nsecret` as the key, in seconds."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        seconds = int(now.timestamp())
        body |= {"timestamp": str(seconds), "sign": _hmac(f"{seconds}\n{secret}", "")}
    return url, body


def _hmac(key: str, text: str) -> str:
    return b64encode(hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()).decode()


#: By kind, from the platforms' documentation. A call to 钉钉 or 飞书 may have 20,000 bytes, with what JSON adds.
PLATFORMS: Mapping[str, Platform] = {
    # -1: the platform is busy; 45009: more than 20 messages a minute; 45033: too many calls at once.
    "wecom": Platform(("errcode",), {-1, 45009, 45033}, _wecom, 4_096),
    # -1: the platform is busy; 130101 and 410100: more than 20 messages a minute.
    "dingtalk": Platform(("errcode",), {-1, 130101, 410100}, _dingtalk, 18_000),
    # 9499 and 11232: too many calls at once.
    "feishu": Platform(("code", "StatusCode"), {9499, 11232}, _feishu, 18_000),
}

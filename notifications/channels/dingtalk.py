"""钉钉自定义机器人: signed by HMAC-SHA256 over `timestamp\\nsecret`, milliseconds (platform documentation)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from notifications.channels.robot import Manner


def signature(secret: str, milliseconds: int) -> str:
    """Base64 of the HMAC under the secret, over the instant and the secret."""
    said = f"{milliseconds}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), said, hashlib.sha256).digest()).decode()


def _dress(url: str, secret: str, _subject: str, text: str, now: datetime) -> tuple[str, Mapping[str, Any]]:
    if secret:
        milliseconds = int(now.timestamp() * 1000)
        signed = urlencode({"timestamp": milliseconds, "sign": signature(secret, milliseconds)})
        url = f"{url}{'&' if '?' in url else '?'}{signed}"
    # As text: its markdown runs lines together that are only broken.
    return url, {"msgtype": "text", "text": {"content": text}}


#: -1: the platform is busy; 130101 and 410100: more than 20 messages a minute. A call may have 20,000 bytes,
#: with what JSON adds.
DINGTALK = Manner(("errcode",), frozenset({-1, 130101, 410100}), _dress, 18_000)

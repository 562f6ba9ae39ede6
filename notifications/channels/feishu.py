"""飞书自定义机器人: the signature's key is `timestamp\\nsecret`, in seconds, over nothing (platform documentation)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notifications.channels.robot import Manner


def signature(secret: str, seconds: int) -> str:
    """Base64 of the HMAC under the instant and the secret, over an empty text."""
    return base64.b64encode(hmac.new(f"{seconds}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


def _dress(url: str, secret: str, _subject: str, text: str, now: datetime) -> tuple[str, Mapping[str, Any]]:
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        seconds = int(now.timestamp())
        body |= {"timestamp": str(seconds), "sign": signature(secret, seconds)}
    return url, body


#: 9499 and 11232: too many calls at once. A call may have 20,000 bytes, with what JSON adds.
FEISHU = Manner(("code", "StatusCode"), frozenset({9499, 11232}), _dress, 18_000)

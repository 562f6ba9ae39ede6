"""企业微信群机器人: a webhook whose key is its secret. Markdown of at most 4,096 bytes (platform documentation)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notifications.channels.robot import Manner


def _dress(url: str, _secret: str, _subject: str, text: str, _now: datetime) -> tuple[str, Mapping[str, Any]]:
    return url, {"msgtype": "markdown", "markdown": {"content": text}}


#: -1: the platform is busy; 45009: more than 20 messages a minute; 45033: too many calls at once.
WECOM = Manner(("errcode",), frozenset({-1, 45009, 45033}), _dress, 4_096)

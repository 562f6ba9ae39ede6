"""Group robots of WeCom, DingTalk and Feishu: what is sent is what the body's error code says, never HTTP 200."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from notifications.channels.base import MessageForm, Outgoing, SendResult
from notifications.channels.http import JSON, Caller, Reply, as_json


@dataclass(frozen=True, slots=True)
class Manner:
    """What tells one platform's robots from another's.

    `codes`: names under which the answer carries its code, 0 being sent; `later`: codes after which the same
    message may go through (too many a minute, the platform is busy); `dress`: address and body of a text at an
    instant.
    """

    codes: tuple[str, ...]
    later: Collection[int]
    dress: Callable[[str, str, str, str, datetime], tuple[str, Mapping[str, Any]]]
    max_bytes: int


class RobotChannel:
    """One group's robot. `secret`: for platforms that sign, "" where the robot goes by words or addresses."""

    form: MessageForm = "chat"

    def __init__(
        self, manner: Manner, url: str, secret: str, clock: Callable[[], datetime], timeout: float = 15.0
    ) -> None:
        self._manner, self._url, self._secret, self._clock = manner, url, secret, clock
        self._caller = Caller(timeout)

    @property
    def max_bytes(self) -> int:
        """UTF-8 bytes that a message of this platform may have."""
        return self._manner.max_bytes

    async def send(self, message: Outgoing) -> SendResult:
        text = message.body.decode("utf-8", "replace")
        url, body = self._manner.dress(self._url, self._secret, message.subject, text, self._clock())
        reply = await self._caller.call("POST", url, body=as_json(body), headers=JSON)
        return reply if isinstance(reply, SendResult) else self._judged(reply)

    def _judged(self, reply: Reply) -> SendResult:
        code = next((reply.data[name] for name in self._manner.codes if name in reply.data), None)
        if not isinstance(code, int) or isinstance(code, bool):
            return SendResult(False, f"no error code in the answer: {reply}", retry=True, down=True)
        if code == 0:
            return SendResult(True, str(reply))
        # A robot that was removed, a wrong signature, a missing keyword: nothing else gets through either.
        return SendResult(False, str(reply), retry=True, down=True) if code in self._manner.later else SendResult(
            False, str(reply), down=True
        )  # fmt: skip

    async def close(self) -> None:
        await self._caller.close()

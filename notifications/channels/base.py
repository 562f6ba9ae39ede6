"""What every channel is: something that takes frozen bytes and says what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

#: What a channel carries: a mail, a text for a group's chat, a short message, or JSON.
Form = Literal["mail", "chat", "sms", "json"]
#: Bytes of a message whose channel sets no limit of its own.
NO_LIMIT = 50_000_000


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as it was frozen: the same bytes and the same id at every attempt."""

    id: str
    recipient: str
    subject: str
    body: bytes
    frozen_at: datetime


@dataclass(frozen=True, slots=True)
class SendResult:
    """What the channel answered.

    `retry`: the same bytes may go through later. `down`: the channel itself is in trouble, so that
    nothing else should be tried on it now. `doubtful`: nobody knows whether the other side has it.
    """

    ok: bool
    answer: str
    retry: bool = False
    down: bool = False
    doubtful: bool = False


class Channel(Protocol):
    """Never raises for what the other side does: every answer is a result.

    `form`: what it carries; `max_bytes`: how much of it one message may have.
    """

    @property
    def form(self) -> Form: ...

    @property
    def max_bytes(self) -> int: ...

    async def send(self, message: Outgoing) -> SendResult: ...

    async def close(self) -> None: ...

"""What every channel is: something that takes frozen bytes and says what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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
    nothing else should be tried on it now.
    """

    ok: bool
    answer: str
    retry: bool = False
    down: bool = False


class Channel(Protocol):
    """Never raises for what the other side does: every answer is a result."""

    async def send(self, message: Outgoing) -> SendResult: ...

    async def close(self) -> None: ...

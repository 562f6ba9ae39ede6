"""What every channel is: something that takes frozen bytes and says what became of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

#: What a channel carries: a mail, a text for a group's chat, a short message, or JSON.
MessageForm = Literal["mail", "chat", "sms", "json"]
#: Bytes of a message whose channel sets no limit of its own.
NO_LIMIT = 50_000_000
#: Characters of an answer that are kept: more than any server has to say.
_MAX_ANSWER = 1_000


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
    The answer is made fit to be kept and shown: no server's words stop what became of a message from being recorded.
    """

    ok: bool
    answer: str
    retry: bool = False
    down: bool = False
    doubtful: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "answer", _kept(self.answer))


def _kept(answer: str) -> str:
    """Without control characters, which no database takes; bytes that are no UTF-8 are read as GB 18030."""
    answer = answer[:_MAX_ANSWER]
    if answer.isascii() and answer.isprintable():
        return answer
    try:
        answer.encode()
    except UnicodeEncodeError:  # how `surrogateescape` keeps bytes of another encoding
        answer = answer.encode("utf-8", "surrogateescape" if _escaped(answer) else "replace").decode(
            "gb18030", "replace"
        )
    return "".join(" " if unicodedata.category(one) in ("Cc", "Cs") and one != "\n" else one for one in answer)


def _escaped(text: str) -> bool:
    """Whether its surrogates, if any, stand for bytes."""
    return all("\udc80" <= one <= "\udcff" for one in text if unicodedata.category(one) == "Cs")


class Channel(Protocol):
    """Never raises for what the other side does: every answer is a result.

    `form`: what it carries; `max_bytes`: how much of it one message may have.
    """

    @property
    def form(self) -> MessageForm: ...

    @property
    def max_bytes(self) -> int: ...

    async def send(self, message: Outgoing) -> SendResult: ...

    async def close(self) -> None: ...

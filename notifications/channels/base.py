"""The contract of every channel: it takes frozen bytes and returns what became of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

#: The form of a message: a mail, a text for a group's chat, a short message, or JSON.
MessageForm = Literal["mail", "chat", "sms", "json"]
#: Most bytes of a message where the channel has no limit.
NO_LIMIT = 50_000_000
#: Most characters of an answer.
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
    """The result of sending.

    `retry`: the same bytes may go through later. `down`: the channel itself is in trouble, so that
    nothing else should be tried on it now. `unanswered`: the other side neither took nor refused this message; a second
    one in a pass says that the channel is in trouble. `unacceptable`: it was refused for what it is or by a policy, not
    for its recipient's address. `doubtful`: nobody knows whether the other side has it.
    The answer is cleaned, so that a database takes it whatever a server wrote.
    """

    ok: bool
    answer: str
    retry: bool = False
    down: bool = False
    doubtful: bool = False
    unanswered: bool = False
    unacceptable: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "answer", _clean(self.answer))


def _clean(answer: str) -> str:
    """The answer without control characters; bytes that are not UTF-8 are read as GB 18030."""
    answer = answer[:_MAX_ANSWER]
    if answer.isascii() and answer.isprintable():
        return answer
    try:
        answer.encode()
    except UnicodeEncodeError:
        surrogates = [letter for letter in answer if unicodedata.category(letter) == "Cs"]
        are_bytes = all("\udc80" <= letter <= "\udcff" for letter in surrogates)  # as `surrogateescape` decodes them
        answer = answer.encode("utf-8", "surrogateescape" if are_bytes else "replace").decode("gb18030", "replace")
    return "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs") and letter != "\n" else letter for letter in answer
    )


class Channel(Protocol):
    """Sends messages. It never raises for what the other side does: every answer is a result.

    `form`: of its messages; `max_bytes`: the most that one message may have.
    """

    @property
    def form(self) -> MessageForm: ...

    @property
    def max_bytes(self) -> int: ...

    async def send(self, message: Outgoing) -> SendResult: ...

    async def close(self) -> None: ...

"""Messages on standard output: recipient, subject and the text part."""

from __future__ import annotations

import sys
from email import message_from_bytes, policy
from typing import TextIO

from notifications.channels.base import NO_LIMIT, MessageForm, Outgoing, SendResult


class StdoutChannel:
    """`stream`: where to write; standard output as it is when the message goes out, if None."""

    form: MessageForm = "mail"
    max_bytes = NO_LIMIT

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    async def send(self, message: Outgoing) -> SendResult:
        stream = self._stream or sys.stdout
        text = message_from_bytes(message.body, policy=policy.default).get_body(("plain",))
        try:
            print(f"To: {message.recipient}\nSubject: {message.subject}\n", file=stream)
            print(text.get_content().rstrip() if text else "", end="\n\n", file=stream, flush=True)
        except OSError as error:
            return SendResult(False, str(error), retry=True, down=True)
        return SendResult(True, "written to standard output")

    async def close(self) -> None:
        """The stream is not ours."""

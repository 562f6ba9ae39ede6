"""A real SMTP server on loopback that keeps what it takes and answers as a test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from notifications.channels.mail import SmtpSettings

SENDER = "duban@example.gov.cn"


class Catcher:
    """A server's handler that keeps what it takes and answers as told at each step of the dialogue."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.taken: list[Envelope] = []
        self.refused: set[str] = set()  # recipients that are refused for good
        self.busy: set[str] = set()  # and for the time being
        self.cut: set[str] = set()  # recipients at whom the connection is cut
        self.most: int | None = None  # so many mails are taken, then the server goes away

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get("rcpt", "250 OK")
        if address in self.cut:
            assert server.transport
            server.transport.abort()
        if address in self.refused:
            answer = "550 no such user"
        elif self.most is not None and len(self.taken) >= self.most:
            answer = "421 going away"
        elif address in self.busy:
            answer = "452 mailbox full"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self.answers.get("data", "250 taken")
        if answer == "cut before taking":
            assert server.transport
            server.transport.abort()
            return "451 never seen"
        if answer[0] in "45":
            return answer
        self.taken.append(envelope)
        if answer == "cut after taking":
            assert server.transport
            server.transport.abort()
        return "250 taken"


@asynccontextmanager
async def serving(handler: Catcher, tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[SmtpSettings]:
    """A real SMTP server for the time of a test; gives the settings that reach it in clear text."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop, **options), "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    try:
        yield SmtpSettings("127.0.0.1", SENDER, port, "none", timeout=5)
    finally:
        server.close()
        await server.wait_closed()

"""A mail server on 127.0.0.1 that writes every mail into a folder instead of delivering it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(slots=True)
class MailServer:
    """`port` is where it listens, `mail_count` how many mails it has written so far."""

    folder: Path
    port: int = 0
    mail_count: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Write one mail; aiosmtpd calls this by name."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.mail_count += 1
        (self.folder / f"{self.mail_count:05d}-{_file_name(envelope.rcpt_tos)}.eml").write_bytes(content)
        return "250 Message accepted for delivery"


def _file_name(recipients: list[str]) -> str:
    """The first recipient as a part of a file name: an address may have characters that a file name may not."""
    local = recipients[0].partition("@")[0] if recipients else "nobody"
    return re.sub(r"[^A-Za-z0-9_-]+", "-", local)[:40].strip("-") or "mail"


@asynccontextmanager
async def serve_mailbox(folder: Path) -> AsyncIterator[MailServer]:
    """Take mails into `folder`, at any free port, as long as the block runs."""
    mailbox = MailServer(folder)
    loop = asyncio.get_running_loop()
    protocols: list[SMTP] = []

    def protocol() -> SMTP:
        protocols.append(SMTP(mailbox, hostname="localhost", ident="duban demo", enable_SMTPUTF8=True, loop=loop))
        return protocols[-1]

    server = await loop.create_server(protocol, "127.0.0.1", 0)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        for connection in protocols:
            if connection.transport is not None:
                connection.transport.close()
        await server.wait_closed()

"""A mail server of our own on 127.0.0.1 that keeps every mail as a file instead of delivering it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail that arrived: where it is kept, and what it says."""

    path: Path
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"] or "")


@dataclass(slots=True)
class MailServer:
    """What has arrived so far. `port` is where the server listens."""

    folder: Path
    on_mail: Callable[[Caught], None] | None = None
    port: int = 0
    caught: int = 0

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep one mail; aiosmtpd calls this by name."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        self.caught += 1
        recipients = tuple(envelope.rcpt_tos)
        path = self.folder / f"{self.caught:05d}-{_slug(recipients)}.eml"
        path.write_bytes(content)
        if self.on_mail is not None:
            message = message_from_bytes(content, policy=policy.default)
            self.on_mail(Caught(path, recipients, message))
        return "250 Message accepted for delivery"


def _slug(recipients: tuple[str, ...]) -> str:
    """A file name's part from the first recipient; an address may hold anything, a file name may not."""
    local = recipients[0].partition("@")[0] if recipients else "nobody"
    return re.sub(r"[^A-Za-z0-9_-]+", "-", local)[:40].strip("-") or "mail"


@asynccontextmanager
async def catch(
    folder: Path, on_mail: Callable[[Caught], None] | None = None, port: int = 0
) -> AsyncIterator[MailServer]:
    """Catch mails into `folder` for as long as the block runs (port 0: any free one)."""
    mailbox = MailServer(folder, on_mail)
    loop = asyncio.get_running_loop()
    protocols: list[SMTP] = []

    def protocol() -> SMTP:
        protocols.append(SMTP(mailbox, hostname="localhost", ident="duban demo", enable_SMTPUTF8=True, loop=loop))
        return protocols[-1]

    server = await loop.create_server(protocol, "127.0.0.1", port)
    mailbox.port = server.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        server.close()
        for one in protocols:
            if one.transport is not None:
                one.transport.close()
        await server.wait_closed()

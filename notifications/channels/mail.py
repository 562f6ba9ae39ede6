"""E-mail over SMTP with aiosmtplib: TLS required unless the server is this machine.

A 5xx answer to the recipient or the data is final for that address. Everything else that goes wrong
(no connection, 4xx, TLS, login, a refused sender, a line cut after DATA) may heal: the same bytes
are sent again under the same Message-ID.
"""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass, field
from typing import Literal

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPNotSupported, SMTPResponseException, SMTPSenderRefused

from notifications.addresses import on_the_wire
from notifications.channels.base import NO_LIMIT, MessageForm, Outgoing, SendResult

_UNAVAILABLE = 421
#: The server wants to know us first, or a line that nobody reads along (RFC 4954): our trouble, whenever it is said.
_OURS = frozenset({530, 534, 535, 538})
#: What is too large for the server (RFC 1870) is said before the mail begins, and of this mail alone.
_TOO_LARGE = 552


class ChannelError(ValueError):
    """The settings of a channel cannot be used as they are."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The server and how to reach it. `sender`: the bare address of the envelope; `timeout`: seconds that
    one step of the dialogue may take; `connections`: how many at once."""

    host: str
    sender: str
    port: int = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 60.0
    connections: int = 4

    def __post_init__(self) -> None:
        if self.tls == "none" and not is_loopback(self.host):
            raise ChannelError(f"tls: none is allowed for this machine only, not for {self.host!r}")


class MailChannel:
    """Connections that are opened as they are needed and kept for the rest of the pass.

    `cert_bundle`: a file of certificates to trust instead of the system's.
    """

    form: MessageForm = "mail"
    max_bytes = NO_LIMIT

    def __init__(self, settings: SmtpSettings, cert_bundle: str | None = None) -> None:
        self._settings = settings
        self._cert_bundle = cert_bundle
        self._turns = asyncio.Semaphore(settings.connections)
        self._idle: list[SMTP] = []

    @property
    def width(self) -> int:
        """How many messages it carries at once."""
        return self._settings.connections

    async def send(self, message: Outgoing) -> SendResult:
        async with self._turns:
            if self._idle and (client := self._idle.pop()).is_connected:
                result = await self._converse(client, message)
                if result is not None:
                    return result
            client = self._client()
            try:
                await client.connect()
                await _introduced(client)
            except (SMTPException, OSError) as error:
                client.close()
                return SendResult(False, _words(error), retry=True, down=True)
            except asyncio.CancelledError:
                client.close()
                raise
            return await self._converse(client, message, fresh=True) or SendResult(
                False, "the connection was lost before the mail began", retry=True, down=True
            )

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        for client in idle:
            if client.is_connected:
                try:
                    await client.quit(timeout=5)
                except (SMTPException, OSError):
                    client.close()

    def _client(self) -> SMTP:
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.tls == "implicit",
            start_tls=settings.tls == "starttls",
            username=settings.user or None,
            password=settings.password or None,
            timeout=settings.timeout,
            cert_bundle=self._cert_bundle,
        )

    async def _converse(self, client: SMTP, message: Outgoing, *, fresh: bool = False) -> SendResult | None:
        """One mail; None where a connection that had been kept turns out to be over before it began.

        It goes back to the others only when the server knows that the mail is over.
        """
        step = "mail"
        try:
            sender, recipient, options, encoding = self._envelope(client, message)
            await client.mail(sender, options=options, encoding=encoding)
            step = "rcpt"
            await client.rcpt(recipient, encoding=encoding)
            step = "data"
            answer = await client.data(message.body)
        except SMTPNotSupported as error:
            self._idle.append(client)
            return SendResult(False, str(error))
        except SMTPResponseException as error:
            await self._start_over(client)
            # Servers take so many mails on one connection and no more.
            return None if step == "mail" and error.code == _UNAVAILABLE and not fresh else _refused(step, error)
        except (SMTPException, OSError) as error:
            client.close()
            if step == "mail" and not fresh:
                return None
            return SendResult(False, _words(error), retry=True, down=step == "mail", doubtful=step == "data")
        except asyncio.CancelledError:
            client.close()
            raise
        self._idle.append(client)
        return SendResult(True, answer.message)

    def _envelope(self, client: SMTP, message: Outgoing) -> tuple[str, str, list[str], str]:
        """Sender, recipient, options and encoding of the mail's envelope."""
        sender, one = on_the_wire(self._settings.sender)
        recipient, other = on_the_wire(message.recipient)
        options = [f"SIZE={len(message.body)}"] if client.supports_extension("size") else []
        if not one and not other:
            return sender, recipient, options, "ascii"
        if not client.supports_extension("smtputf8"):
            raise SMTPNotSupported("the mail server takes no address like this one: SMTPUTF8 is not supported")
        return sender, recipient, [*options, "SMTPUTF8"], "utf-8"

    async def _start_over(self, client: SMTP) -> None:
        try:
            await client.rset()
        except (SMTPException, OSError):
            client.close()
        else:
            self._idle.append(client)


async def _introduced(client: SMTP) -> None:
    """Without TLS the client says EHLO no sooner than it must, and what the server can do is not known."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except SMTPHeloError:
            if not client.is_connected:
                raise
            await client.helo()


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its very name: names are not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(step: str, error: SMTPResponseException) -> SendResult:
    """Whom it is about: the server or us (421, a refused sender, no login), or this address and this mail."""
    if error.code == _TOO_LARGE:
        return SendResult(False, _words(error))
    down = error.code in (_UNAVAILABLE, *_OURS) or isinstance(error, SMTPSenderRefused)
    final = step != "mail" and error.code >= 500 and error.code not in _OURS
    return SendResult(False, _words(error), retry=not final, down=down and not final)


def _words(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {error.message}"
    return f"{type(error).__name__}: {error}"

"""E-mail over SMTP with aiosmtplib: TLS required unless the server is this machine.

A 5xx answer about the recipient's mailbox (`replies`) is final for that address. Everything else that goes wrong
(no connection, 4xx, TLS, login, a refused sender or mail, a line cut after DATA) may heal: the same bytes
are sent again under the same Message-ID. What is no refusal (RFC 5321, 4.2: 4yz or 5yz) is no answer: a line cut, time
run out, nonsense. After DATA the server may then have taken the mail.
"""

from __future__ import annotations

import asyncio
import ipaddress
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import aiosmtplib
from aiosmtplib import SMTP, SMTPException, SMTPHeloError, SMTPResponseException

from notifications.addresses import to_ascii_domain, usable
from notifications.channels.base import NO_LIMIT, MessageForm, Outgoing, SendResult
from notifications.channels.dialogue import AWAY, Dialogue
from notifications.channels.replies import Step, subject_of_refusal

#: The replies that refuse.
_REFUSALS = range(400, 600)


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
    """A mail server, to which connections are opened when needed and kept open for the rest of the pass.

    `cert_bundle`: a file of certificates to trust instead of the system's.
    """

    form: MessageForm = "mail"
    max_bytes = NO_LIMIT

    def __init__(self, settings: SmtpSettings, cert_bundle: str | None = None) -> None:
        self._settings = settings
        self._cert_bundle = cert_bundle
        self._turns = asyncio.Semaphore(settings.connections)
        self._idle: list[Dialogue] = []

    @property
    def width(self) -> int:
        """How many messages it carries at once."""
        return self._settings.connections

    async def send(self, message: Outgoing) -> SendResult:
        envelope = _envelope(self._settings.sender, message.recipient)
        async with self._turns:
            if self._idle and not (dialogue := self._idle.pop()).is_lost:
                result = await self._converse(dialogue, envelope, message.body)
                if result is not None:
                    return result
            client = self._client()
            try:
                await client.connect()
                await _greet(client)
                dialogue = Dialogue(client, self._settings.timeout)
            except (SMTPException, OSError) as error:
                client.close()
                return SendResult(False, _words(error), retry=True, down=True)
            except asyncio.CancelledError:
                client.close()
                raise
            return await self._converse(dialogue, envelope, message.body, fresh=True) or SendResult(
                False, "the connection was lost before the mail began", retry=True, down=True
            )

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        for dialogue in idle:
            await dialogue.quit()

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

    async def _converse(
        self, dialogue: Dialogue, envelope: _Envelope, body: bytes, *, fresh: bool = False
    ) -> SendResult | None:
        """Send one mail; None where a connection that was kept open had ended before.

        It is kept for the next mail only where the server knows that this mail is over.
        """
        if envelope.utf8 and not dialogue.takes_utf8:
            self._idle.append(dialogue)
            words = "the mail server takes no address like this one: SMTPUTF8 is not supported"
            return SendResult(False, words)
        try:
            answer = await dialogue.send(envelope.sender, envelope.recipient, body, utf8=envelope.utf8)
        except (SMTPException, OSError) as error:
            step = dialogue.step
            if isinstance(error, SMTPResponseException) and error.code in _REFUSALS:
                if error.code != AWAY and await dialogue.start_over():
                    self._idle.append(dialogue)
                else:
                    dialogue.close()
                # Servers limit the number of mails on one connection.
                return None if step == "mail" and error.code == AWAY and not fresh else _refused(step, error)
            dialogue.close()  # what comes later on it would be taken for the answer to the next command
            if step == "mail" and not fresh:
                return None
            in_trouble = step == "mail"
            return SendResult(False, _words(error), True, in_trouble, step == "data", unanswered=not in_trouble)
        except asyncio.CancelledError:
            dialogue.close()
            raise
        self._idle.append(dialogue)
        return SendResult(True, answer)


class _Envelope(NamedTuple):
    """Who a mail is from and for. `utf8`: one of the addresses needs SMTPUTF8."""

    sender: str
    recipient: str
    utf8: bool


def _envelope(sender: str, recipient: str) -> _Envelope:
    """The envelope of a mail. Raises ValueError for what is no address: it could carry another command."""
    for address in (sender, recipient):
        if not usable(address):
            raise ValueError(f"no address of a mailbox: {address!r}")
    (sender, sender_needs), (recipient, recipient_needs) = to_ascii_domain(sender), to_ascii_domain(recipient)
    return _Envelope(sender, recipient, sender_needs or recipient_needs)


async def _greet(client: SMTP) -> None:
    """Say EHLO, which the client does late without TLS, so that the server's extensions are known."""
    if client.is_ehlo_or_helo_needed:
        try:
            await client.ehlo()
        except SMTPHeloError:
            if not client.is_connected:
                raise
            await client.helo()


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its name or address; names are not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(step: Step, error: SMTPResponseException) -> SendResult:
    """The result of an error answer. For the time being (4yz) a mail may be refused for its recipient's sake too."""
    subject, is_for_good = subject_of_refusal(step, error.code, error.message), error.code >= 500
    return SendResult(
        False,
        _words(error),
        retry=not (subject == "mailbox" and is_for_good),
        down=subject == "server",
        unacceptable=subject == "mail" and is_for_good,
    )


def _words(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {error.message}"
    return f"{type(error).__name__}: {error}"

"""E-mail over SMTP with aiosmtplib: TLS required unless the server is this machine.

A 5xx answer to the recipient or the data is final for that message. Everything else that goes wrong
(no connection, 4xx, TLS, login, a refused sender, a line cut after DATA) may heal: the same bytes
are sent again under the same Message-ID.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Literal

import aiosmtplib
from aiosmtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from notifications.channels.base import NO_LIMIT, Form, Outgoing, SendResult

_UNAVAILABLE = 421


class ChannelError(ValueError):
    """The settings of a channel cannot be used as they are."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The server and how to reach it. `sender`: the bare address of the envelope."""

    host: str
    sender: str
    port: int = 587
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 60.0

    def __post_init__(self) -> None:
        if self.tls == "none" and not is_loopback(self.host):
            raise ChannelError(f"tls: none is allowed for this machine only, not for {self.host!r}")


class MailChannel:
    """One connection, opened when the first message needs it and kept for the rest of the pass.

    `cert_bundle`: a file of certificates to trust instead of the system's.
    """

    form: Form = "mail"
    max_bytes = NO_LIMIT

    def __init__(self, settings: SmtpSettings, cert_bundle: str | None = None) -> None:
        self._settings = settings
        self._cert_bundle = cert_bundle
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, message: Outgoing) -> SendResult:
        try:
            client = await self._connected()
        except (SMTPException, OSError) as error:
            await self.close()
            return SendResult(False, _words(error), retry=True, down=True)
        try:
            refused, answer = await client.sendmail(self._settings.sender, [message.recipient], message.body)
        except (SMTPException, OSError) as error:
            await self.close()
            return _judged(error)
        # A server may take the message and refuse a recipient without aiosmtplib raising anything.
        for response in refused.values():
            return _refused(response.code, response.message)
        return SendResult(True, answer)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is None or not client.is_connected:
            return
        try:
            await client.quit(timeout=5)
        except (SMTPException, OSError):
            client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            one = self._settings
            self._client = aiosmtplib.SMTP(
                hostname=one.host,
                port=one.port,
                use_tls=one.tls == "implicit",
                start_tls=one.tls == "starttls",
                username=one.user or None,
                password=one.password or None,
                timeout=one.timeout,
                cert_bundle=self._cert_bundle,
            )
            await self._client.connect()
        return self._client


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its very name: names are not looked up."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _judged(error: Exception) -> SendResult:
    if isinstance(error, SMTPRecipientsRefused):
        one = error.recipients[0]
        return _refused(one.code, one.message)
    if isinstance(error, SMTPDataError):
        return _refused(error.code, error.message)
    down = isinstance(error, SMTPResponseException) and error.code == _UNAVAILABLE
    return SendResult(False, _words(error), retry=True, down=down)


def _refused(code: int, text: str) -> SendResult:
    return SendResult(False, f"{code} {text}", retry=code < 500, down=code == _UNAVAILABLE)


def _words(error: Exception) -> str:
    if isinstance(error, SMTPResponseException):
        return f"{error.code} {error.message}"
    return f"{type(error).__name__}: {error}"

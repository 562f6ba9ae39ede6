"""Reads returned mails from a mailbox over IMAP and leaves other mails as they are.

`imaplib` blocks: call these in a thread.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from email import message_from_bytes
from email.message import Message
from typing import Literal

from notifications.bounces import SERVERS, bounce_of, by_a_server

#: Most mails of a pass, and bytes of a mail.
_MAX_MAILS, _MAX_BYTES = 500, 1_000_000
#: The whole dialogue may take so many times the seconds of one answer.
_DIALOGUE = 5
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class MailboxError(Exception):
    """The mailbox cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """The server, the account and the folder. `timeout`: seconds of silence; the whole dialogue has five times that."""

    host: str
    user: str
    password: str = field(repr=False)
    port: int = 993
    tls: Literal["starttls", "implicit", "none"] = "implicit"
    folder: str = "INBOX"
    timeout: float = 60.0


class ReturnedMails:
    """The mailbox folder of an open connection."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._client = client

    def unread(self, since: date) -> Iterator[tuple[str, bytes]]:
        """Number and bytes of each returned mail since that day that is not marked as read."""
        for number in self._search(since, "UNSEEN")[-_MAX_MAILS:]:  # the newest: mails of people stay unread
            head = self._fetch_head(number)
            if not by_a_server(head):
                continue
            raw = self._fetch_mail(number)
            # Other mails of a postmaster are for people to read.
            if head.get_content_type() == "multipart/report" or bounce_of(raw) is not None:
                yield number, raw

    def opened(self, since: date, known: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
        """Number and bytes of each mail of a server since that day that is marked as read, but for those `known`.

        Whoever looks into the mailbox with another program marks what they open.
        """
        found = (number for server in sorted(SERVERS) for number in self._search(since, "SEEN", "FROM", server))
        for number in [number for number in dict.fromkeys(found) if number not in known][-_MAX_MAILS:]:
            if by_a_server(self._fetch_head(number)):
                yield number, self._fetch_mail(number)

    def mark_read(self, numbers: Collection[str]) -> None:
        """Mark these mails as read, so that they are not read again."""
        if numbers:
            self._command("STORE", ",".join(numbers), "+FLAGS.SILENT", r"(\Seen)")

    def _search(self, since: date, *criteria: str) -> list[str]:
        day = f"{since.day:02}-{_MONTHS[since.month - 1]}-{since.year}"
        answer = self._command("SEARCH", *criteria, "SINCE", day)
        return b" ".join(part for part in answer if isinstance(part, bytes)).decode("ascii").split()

    def _fetch_head(self, number: str) -> Message:
        return message_from_bytes(self._fetch(number, "BODY.PEEK[HEADER]"))

    def _fetch_mail(self, number: str) -> bytes:
        return self._fetch(number, f"BODY.PEEK[]<0.{_MAX_BYTES}>")

    def _fetch(self, number: str, what: str) -> bytes:
        for part in self._command("FETCH", number, f"({what})"):
            if isinstance(part, tuple) and len(part) > 1:
                return bytes(part[1])
        return b""

    def _command(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        state, answer = self._client.uid(command, *arguments)
        if state != "OK":
            raise MailboxError(f"{command}: {answer!r}")
        return list(answer)


@contextmanager
def opened(settings: MailboxSettings, trusted: str | None = None) -> Iterator[ReturnedMails]:
    """Log in and select the folder. Raises MailboxError, also where that takes too long. `trusted`: certificates."""
    began = time.monotonic()
    try:
        client = _connected(settings, ssl.create_default_context(cafile=trusted))
        try:
            client.login(settings.user, settings.password)
            _introduce(client)
            state, answer = client.select(_quoted(settings.folder))
            if state != "OK":
                raise MailboxError(f"cannot open the folder {settings.folder!r}: {answer!r}")
            yield ReturnedMails(client)
        finally:
            try:
                client.logout()
            except (imaplib.IMAP4.error, OSError):
                client.shutdown()
    except (imaplib.IMAP4.error, OSError, ValueError) as error:  # ValueError: a name or an answer that is no ASCII
        is_late = time.monotonic() - began >= _DIALOGUE * settings.timeout
        why = f"not finished within {_DIALOGUE * settings.timeout:g} seconds ({error})" if is_late else error
        raise MailboxError(f"{settings.host}:{settings.port}: {why}") from error


class _Client(imaplib.IMAP4):
    """A client that ends its dialogue after some time, however slowly the server answers.

    `context`: encrypts from the first byte.
    """

    def __init__(self, settings: MailboxSettings, context: ssl.SSLContext | None) -> None:
        self._context = context
        self._timer = threading.Timer(_DIALOGUE * settings.timeout, self._break_off)
        self._timer.daemon = True
        super().__init__(settings.host, settings.port, settings.timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        line: socket.socket = super()._create_socket(timeout)  # type: ignore[misc]  # as IMAP4_SSL does
        self._line = line.dup()  # encryption takes the first one over; both reach the connection
        self._timer.start()
        if self._context is None:
            return line
        try:
            return self._context.wrap_socket(line, server_hostname=self.host)
        except OSError:
            self._end()
            raise

    def _break_off(self) -> None:
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def _end(self) -> None:
        self._timer.cancel()
        self._line.close()

    def shutdown(self) -> None:
        self._end()
        super().shutdown()


def _connected(settings: MailboxSettings, context: ssl.SSLContext) -> imaplib.IMAP4:
    client = _Client(settings, context if settings.tls == "implicit" else None)
    if settings.tls == "starttls":
        try:
            client.starttls(context)
        except (imaplib.IMAP4.error, OSError):
            client.shutdown()
            raise
    return client


def _introduce(client: imaplib.IMAP4) -> None:
    """Name the client (RFC 2971): NetEase (163, 126, its mail for offices) opens no folder without it."""
    if "ID" in client.capabilities:
        with suppress(imaplib.IMAP4.error):  # a server that refuses it does not need it
            client.xatom("ID", '("name" "duban" "vendor" "duban")')


def _quoted(folder: str) -> str:
    """A folder's name in IMAP: modified UTF-7, quoted."""
    return '"' + _utf7(folder).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(text: str) -> str:
    """RFC 3501, 5.1.3: printable ASCII stands for itself, all else in runs of base64."""
    return re.sub("[^ -~]+", lambda run: f"&{_base64(run[0])}-", text.replace("&", "&-"))


def _base64(run: str) -> str:
    return b64encode(run.encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")

"""Mail after mail on an open connection to a mail server, whose commands are written together where it offers that.

aiosmtplib opens the connection (greeting, EHLO, TLS, log-in); from then on the replies are read here, because it would
lose those that come together. With PIPELINING (RFC 2920) a mail takes two round trips in place of four.
"""

from __future__ import annotations

import asyncio

from aiosmtplib import SMTP, SMTPException, SMTPReadTimeoutError, SMTPResponse, SMTPResponseException
from aiosmtplib import SMTPServerDisconnected as Disconnected

from notifications.channels.replies import Step

DONE, GO_ON, AWAY = 250, 354, 421
#: The replies by which a mail goes on at each command.
_WANTED: dict[Step, tuple[int, ...]] = {"mail": (DONE,), "rcpt": (DONE, 251), "data": (GO_ON,)}
#: The code of what is no reply, as aiosmtplib has it, and the most bytes that a reply may have.
_NONE, _LONGEST = -1, 32_768
#: Seconds that a reply to RSET or QUIT may take: no mail depends on it.
_PARTING = 5.0


class Dialogue(asyncio.Protocol):
    """A connection that `client` opened. `timeout`: seconds that a reply may take.

    `step`: at which command of a mail it is; `data` is the mail's text too.
    """

    def __init__(self, client: SMTP, timeout: float) -> None:
        if not isinstance(client.transport, asyncio.Transport):
            raise Disconnected("Connection lost")
        self.step: Step = "mail"
        self.is_lost = False
        self._client = client
        self._timeout = timeout
        self._is_pipelining = client.supports_extension("pipelining")
        self._sizes, self.takes_utf8 = client.supports_extension("size"), client.supports_extension("smtputf8")
        self._loop = asyncio.get_running_loop()
        self._transport = client.transport
        self._received = bytearray()
        self._owed = 0  # replies to what was written
        self._waiter: asyncio.Future[None] | None = None
        self._transport.set_protocol(self)

    async def send(self, sender: str, recipient: str, body: bytes, *, utf8: bool) -> str:
        """Send one mail and return the server's last word. Raises SMTPException or OSError, at `step`."""
        options = (f" SIZE={len(body)}" if self._sizes else "") + (" SMTPUTF8" if utf8 else "")
        commands: dict[Step, bytes] = {
            "mail": f"MAIL FROM:<{sender}>{options}\r\n".encode(),
            "rcpt": f"RCPT TO:<{recipient}>\r\n".encode(),
            "data": b"DATA\r\n",
        }
        self.step = "mail"
        if self._is_pipelining:
            self._write(b"".join(commands.values()), replies=len(commands))
        for self.step, command in commands.items():
            if not self._is_pipelining:
                self._write(command)
            await self._expect(*_WANTED[self.step])
        self._write(_as_data(body))
        return (await self._expect(DONE)).message

    async def start_over(self) -> bool:
        """Whether the server takes another mail after it refused one."""
        try:
            while self._owed:
                if (await self._reply(_PARTING)).code == GO_ON:
                    return False  # it waits for the text of a mail that it refused
            self._write(b"RSET\r\n")
            await self._expect(DONE, within=_PARTING)
        except (SMTPException, OSError):
            return False
        return True

    async def quit(self) -> None:
        """Take leave, and close the connection."""
        try:
            self._write(b"QUIT\r\n")
            await self._reply(_PARTING)
        except (SMTPException, OSError):
            pass
        self.close()

    def close(self) -> None:
        self.is_lost = True
        self._client.close()

    def _write(self, data: bytes, replies: int = 1) -> None:
        if self.is_lost or self._transport.is_closing():
            raise Disconnected("Connection lost")
        if self._received:  # nobody knows any more which reply belongs to which command
            raise SMTPResponseException(_NONE, "The server said more than it was asked")
        self._owed += replies
        self._transport.write(data)

    async def _expect(self, *codes: int, within: float | None = None) -> SMTPResponse:
        reply = await self._reply(within or self._timeout)
        if reply.code not in codes:
            raise SMTPResponseException(reply.code, reply.message)
        return reply

    async def _reply(self, within: float) -> SMTPResponse:
        """The next reply."""
        if (reply := self._parsed()) is None:
            try:
                async with asyncio.timeout(within):
                    while (reply := self._parsed()) is None:
                        if self.is_lost:
                            raise Disconnected("Connection lost")
                        self._waiter = self._loop.create_future()
                        await self._waiter
            except TimeoutError as error:
                raise SMTPReadTimeoutError("Timed out waiting for server response") from error
        self._owed -= 1
        return reply

    def _parsed(self) -> SMTPResponse | None:
        """The first reply of what was received, once it is whole."""
        texts: list[bytes] = []
        at = 0
        while (end := self._received.find(b"\n", at)) >= 0:
            line, at = bytes(self._received[at:end]), end + 1
            if not (len(line) >= 3 and line[:3].isdigit()):
                text = line.decode("utf-8", "surrogateescape")
                raise SMTPResponseException(_NONE, f"Malformed SMTP response line: {text}")
            texts.append(line[4:].strip(b" \t\r"))
            if line[3:4] != b"-":
                del self._received[:at]
                return SMTPResponse(int(line[:3]), b"\n".join(texts).decode("utf-8", "surrogateescape"))
        if len(self._received) > _LONGEST:
            raise SMTPResponseException(_NONE, "Response too long")
        return None

    # -- called by the event loop ------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        self._received += data
        if len(self._received) > _LONGEST:
            self._transport.abort()
        self._wake()

    def connection_lost(self, _error: Exception | None) -> None:
        self.is_lost = True
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


def _as_data(body: bytes) -> bytes:
    """The mail's text as it is sent after DATA: lines that begin with a dot get another (RFC 5321, 4.5.2)."""
    lines = b"\r\n" + b"\r\n".join(body.splitlines()) + b"\r\n"
    return lines.replace(b"\r\n.", b"\r\n..")[2:] + b".\r\n"

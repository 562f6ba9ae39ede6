"""A small IMAP server on loopback: enough of RFC 3501 for a mailbox that is searched, fetched and marked."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from notifications.returned import MailboxSettings


@dataclass
class Kept:
    """A mail in the folder."""

    raw: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class ImapServer:
    """One account with one folder. `commands`: what was asked, by name; `wary`: opens it to who said who asks."""

    mails: dict[int, Kept] = field(default_factory=dict)
    folder: str = "INBOX"
    password: str = "secret"
    commands: list[str] = field(default_factory=list)
    wary: bool = False

    def put(self, raw: bytes) -> Kept:
        self.mails[len(self.mails) + 1] = Kept(raw)
        return self.mails[len(self.mails)]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := await reader.readline():
            tag, _, rest = line.decode().rstrip("\r\n").partition(" ")
            name, _, arguments = rest.partition(" ")
            if name.upper() == "UID":
                name, _, arguments = arguments.partition(" ")
            self.commands.append(name.upper())
            for answer in self._answers(name.upper(), arguments):
                writer.write(answer)
            state = "OK" if self._allowed(name.upper(), arguments) else "NO"
            writer.write(f"{tag} {state} done\r\n".encode())
            await writer.drain()
            if name.upper() == "LOGOUT":
                break
        writer.close()

    def _allowed(self, name: str, arguments: str) -> bool:
        if name == "LOGIN":
            return self.password in arguments
        if name == "SELECT" and self.wary and "ID" not in self.commands:
            return False
        return name != "SELECT" or arguments.strip('"') == self.folder

    def _answers(self, name: str, arguments: str) -> list[bytes]:
        if name == "CAPABILITY":
            return [b"* CAPABILITY IMAP4rev1 ID\r\n" if self.wary else b"* CAPABILITY IMAP4rev1\r\n"]
        if name == "LOGOUT":
            return [b"* BYE\r\n"]
        if name == "SELECT":
            return [f"* {len(self.mails)} EXISTS\r\n".encode()]
        if name == "SEARCH":
            found = [str(number) for number, one in self.mails.items() if _is_asked_for(one, arguments)]
            return [f"* SEARCH {' '.join(found)}\r\n".encode()]
        if name == "STORE":
            for number in arguments.split()[0].split(","):
                self.mails[int(number)].flags |= set(re.findall(r"\\\w+", arguments))
            return []
        if name == "FETCH":
            number, _, what = arguments.partition(" ")
            raw = self.mails[int(number)].raw
            shown = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in what else raw
            head = f"* {number} FETCH (UID {number} {what.strip('()')} {{{len(shown)}}}\r\n".encode()
            return [head, shown, b")\r\n"]
        return []


def _is_asked_for(mail: Kept, criteria: str) -> bool:
    """By `UNSEEN` or `SEEN`, and by a word of the sender's."""
    words = criteria.split()
    sender = re.search(rb"^From:(.*)$", mail.raw, re.IGNORECASE | re.MULTILINE)
    wanted = words[words.index("FROM") + 1].encode() if "FROM" in words else b""
    is_seen = "\\Seen" in mail.flags
    return is_seen == ("SEEN" in words) and wanted.lower() in (sender[1].lower() if sender else b"")


@asynccontextmanager
async def serving_imap(server: ImapServer, tls: ssl.SSLContext | None = None) -> AsyncIterator[MailboxSettings]:
    """The server for the time of a test; gives the settings that reach it."""
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield MailboxSettings(
            "127.0.0.1", "duban", server.password, port, "implicit" if tls else "none", server.folder, timeout=5
        )
    finally:
        listening.close()
        await listening.wait_closed()

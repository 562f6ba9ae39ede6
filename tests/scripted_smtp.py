"""A mail server on loopback that does what a test says at one step of the dialogue, and else what it should."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from notifications.channels.mail import SmtpSettings
from tests.smtp_server import SENDER


@dataclass
class Scripted:
    """A server that answers as it should up to a step, and there as it is told: `drop`, `stall`, `trickle`, `flood`,
    a reply. `offers`: an extension."""

    at: str
    how: str
    taken: int = 0
    encoding: str = "utf-8"
    flood: int = 64  # blocks of 64 kB
    offers: str = "HELP"
    talks: list[asyncio.Task[None]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None
        self.talks.append(talk)
        try:
            await self._talk(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other side has hung up
        finally:
            writer.transport.abort()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self._answer(writer, "greeting", "220 here"):
            return
        while line := (await reader.readline()).decode().strip().upper():
            name = line.split(" ")[0].split(":")[0]
            if name == "DATA":
                if not await self._answer(writer, "data", "354 go on"):
                    return
                if self.at == "data" and self.how[0] in "45":
                    continue
                await reader.readuntil(b"\r\n.\r\n")
                self.taken += 1
                name, line = "body", "250 taken"
            elif name == "QUIT":
                break
            elif name == "EHLO":
                line = f"250-here\r\n250-{self.offers}\r\n250 STARTTLS"
            elif name == "STARTTLS":
                if await self._answer(writer, "starttls", "454 not now"):
                    await reader.read(-1)  # whatever the client says, nothing comes
                return
            else:
                line = "250 fine"
            if not await self._answer(writer, name.lower(), line):
                return

    async def _answer(self, writer: asyncio.StreamWriter, step: str, text: str) -> bool:
        """False where the connection is over."""
        if step == self.at and self.how == "drop":
            writer.transport.abort()
            return False
        if step == self.at and self.how == "stall":
            writer.write(text[:1].encode())  # one byte, and the next one does not come in time
            return True
        if step == self.at and self.how == "flood":
            for _ in range(self.flood):  # a line without an end
                writer.write(b"2" * 65_536)
                await writer.drain()
            return True
        if step == self.at and self.how == "trickle":
            for one in f"{text}\r\n".encode():  # a byte and a byte, for longer than a step may take
                writer.write(bytes([one]))
                await writer.drain()
                await asyncio.sleep(0.1)
            return not writer.is_closing()
        writer.write(f"{self.how if step == self.at else text}\r\n".encode(self.encoding))
        await writer.drain()
        return True


@asynccontextmanager
async def scripted(server: Scripted) -> AsyncIterator[SmtpSettings]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    try:
        yield SmtpSettings("127.0.0.1", SENDER, listening.sockets[0].getsockname()[1], "none", timeout=0.4)
    finally:
        listening.close()
        await asyncio.gather(*server.talks)
        await listening.wait_closed()

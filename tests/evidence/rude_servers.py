"""Servers and a name server that misbehave as a test asks them to."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from aiohttp.abc import AbstractResolver, ResolveResult


class EverythingIs(AbstractResolver):
    """A name server of our own."""

    def __init__(self, address: str, others: dict[str, str] | None = None) -> None:
        self.address, self.others = address, others or {}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self.others.get(host, self.address)
        return [ResolveResult(hostname=host, host=address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is held."""


class dripper:
    """A server that begins as told and then says one byte at a time, for ever."""

    def __init__(self, said: bytes) -> None:
        self.said = said
        self.over = asyncio.Event()
        self.talks: set[asyncio.Task[None] | None] = set()

    async def __aenter__(self) -> str:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.talks.add(asyncio.current_task())
            await reader.read(1000)
            writer.write(self.said)
            while not self.over.is_set():
                writer.write(b"x")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.over.wait(), 0.02)
            writer.close()

        self.server = await asyncio.start_server(talk, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/"

    async def __aexit__(self, *_: object) -> None:
        self.over.set()
        await asyncio.gather(*(one for one in self.talks if one))
        self.server.close()
        await self.server.wait_closed()


class talker:
    """A server that says the same bytes to everyone and hangs up."""

    def __init__(self, said: bytes) -> None:
        self.said = said

    async def __aenter__(self) -> str:
        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1000)
            writer.write(self.said)
            writer.close()

        self.server = await asyncio.start_server(talk, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/"

    async def __aexit__(self, *_: object) -> None:
        self.server.close()
        await self.server.wait_closed()

"""The lines before the hosts that a pass asks: a request at a time, a pause after it, an end after failures in a row.

Several fetchers share them where counties are read side by side: a province's portal that serves many counties is asked
at the pace of one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

#: After so many strikes in a row a host is not asked again in this pass: 3 times nobody there, or
#: 6 times no end of an answer (a few slow articles must not blind us to the columns behind them).
_PATIENCE = 6


@dataclass(slots=True)
class HostLine:
    """One host's. `free_at`: by the loop's clock, from when it may be asked again; `strikes`: failures in a row."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0
    strikes: int = 0

    @property
    def is_given_up(self) -> bool:
        return self.strikes >= _PATIENCE

    async def pause(self) -> None:
        """Wait until the host may be asked again."""
        wait = self.free_at - asyncio.get_running_loop().time()
        if wait > 0:
            await asyncio.sleep(wait)

    def note(self, strikes: int, delay: float) -> None:
        """Note an answer: `delay` seconds until the next request; no strikes end those in a row."""
        self.free_at = asyncio.get_running_loop().time() + delay
        self.strikes = self.strikes + strikes if strikes else 0


class HostPace(Protocol):
    """Keeps one pace at a host for all that ask it, in whatever process or machine."""

    async def take(self, host: str) -> str:
        """Wait for the turn at the host, which nobody else gets meanwhile; the turn's name."""

    async def leave(self, host: str, turn: str, pause: float) -> None:
        """End the turn: the host may be asked again after so many seconds."""


class HostLines:
    """The lines by host. `pace`: that of all workers; None: nobody else asks these hosts."""

    def __init__(self, pace: HostPace | None = None) -> None:
        self._lines: dict[str, HostLine] = {}
        self._pace = pace

    def __getitem__(self, host: str) -> HostLine:
        return self._lines.setdefault(host, HostLine())

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[HostLine]:
        """The host's line, held for one request."""
        line = self[host]
        async with line.lock:
            if self._pace is None:
                yield line
                return
            turn = await self._pace.take(host)
            try:
                yield line
            finally:
                await self._pace.leave(host, turn, line.free_at - asyncio.get_running_loop().time())

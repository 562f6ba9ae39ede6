"""Several messages at once: frozen a little ahead of those that are being sent, and sent side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection, Coroutine, Iterable, Sequence
from typing import Protocol

from tracker.delivery.freezing import Bundle
from tracker.store.messages import MessageRow

#: So many messages are frozen in one transaction, once the channel is known to take them.
_AHEAD = 64
#: Who sends, for each connection: one talks to the server, the others wait for their commit.
_SENDERS = 8


class Post(Protocol):
    """The pass that is sent for."""

    def usable(self, channel: str) -> bool: ...

    def width(self, channel: str) -> int: ...

    async def claim(self, bundles: Sequence[Bundle]) -> list[MessageRow]: ...

    async def send(self, message: MessageRow) -> bool: ...

    async def let_go(self, waiting: Collection[MessageRow]) -> None: ...


class Ahead:
    """Freezes messages a little ahead of those that are being sent, so that no sender waits for the database."""

    def __init__(self, post: Post, bundles: Sequence[Bundle]) -> None:
        self._post = post
        self._rest = deque(bundles)
        self._ready: deque[MessageRow] = deque()
        self._freezing: asyncio.Task[None] | None = None
        width = max((post.width(one.channel) for one in bundles if post.usable(one.channel)), default=0)
        # One connection: each mail is committed before the next one is frozen.
        self._senders, self._ahead = (_SENDERS * width, _AHEAD) if width > 1 else (width, 1)

    async def run(self) -> None:
        """The first one alone, so that it leaves at once and a channel that is down is known; then several
        at a time: while what some have sent is committed, others send."""
        try:
            first = await self._next(1)
            if first is not None:
                await self._post.send(first)
            await together(self._sender() for _ in range(self._senders))
        finally:
            if self._freezing is not None:
                await asyncio.wait([self._freezing])
            await self._post.let_go(self._ready)

    async def _sender(self) -> None:
        while (message := await self._next(self._ahead)) is not None:
            if not await self._post.send(message):
                await self._post.let_go([message])

    async def _next(self, ahead: int) -> MessageRow | None:
        while self._rest or self._ready or self._freezing is not None:
            if len(self._ready) < ahead and self._rest and self._freezing is None:
                self._freezing = asyncio.create_task(self._freeze(ahead))
            if self._ready:
                return self._ready.popleft()
            if self._freezing is not None:
                await asyncio.shield(self._freezing)
        return None

    async def _freeze(self, ahead: int) -> None:
        """The next ones of one county."""
        try:
            some = [self._rest.popleft()]
            while self._rest and len(some) < ahead and self._rest[0].county.id == some[0].county.id:
                some.append(self._rest.popleft())
            self._ready.extend(await self._post.claim(some))
        finally:
            self._freezing = None


async def together(work: Iterable[Coroutine[None, None, None]]) -> None:
    """All of them; where one fails the others are stopped, and it is that failure that is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for one in work:
                group.create_task(one)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None

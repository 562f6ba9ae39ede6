"""Sends several messages at once, freezing a few ahead."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable, Sequence
from typing import Protocol

from tracker.deliver.freezing import Bundle
from tracker.store.messages import MessageRow

#: So many messages are frozen in one transaction, once the channel is known to take them.
_AHEAD = 64
#: Who sends, for each connection: one talks to the server, the others wait for their commit.
_SENDERS = 8


class Post(Protocol):
    """The pass that is sent for."""

    def usable(self, channel: str) -> bool: ...

    def width(self, channel: str) -> int: ...

    def fits(self, channel: str, most: int) -> int: ...

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
        self._open = 0  # messages that are claimed and not done with
        channels = {bundle.channel for bundle in bundles if post.usable(bundle.channel)}
        width = max((post.width(channel) for channel in channels), default=0)
        self._channels = channels
        # One connection: each mail is committed before the next one is frozen.
        self._senders, self._ahead = (_SENDERS * width, _AHEAD) if width > 1 else (width, 1)

    async def run(self) -> None:
        """The first one alone, so that it leaves at once and a channel that is down is known; then several
        at a time: while what some have sent is committed, others send."""
        try:
            first = await self._next(1)
            if first is not None:
                await self._send(first)
            await together(self._sender() for _ in range(self._senders))
        finally:
            if self._freezing is not None:
                await asyncio.wait([self._freezing])
            await self._post.let_go(self._ready)

    async def _sender(self) -> None:
        while (message := await self._next(self._ahead)) is not None:
            await self._send(message)

    async def _send(self, message: MessageRow) -> None:
        try:
            if not await self._post.send(message):
                await self._post.let_go([message])
        except Exception:
            self._rest.clear()  # the database fails: nothing more is claimed
            raise
        finally:
            self._open -= 1

    async def _next(self, ahead: int) -> MessageRow | None:
        """The next message; None where there is none, or where the others suffice for what fits into a lease."""
        while self._rest or self._ready or self._freezing is not None:
            room = self._most() - self._open
            if len(self._ready) < ahead and self._rest and self._freezing is None and room > 0:
                self._freezing = asyncio.create_task(self._freeze(min(ahead, room)))
            if self._ready:
                return self._ready.popleft()
            if self._freezing is None:
                return None
            await asyncio.shield(self._freezing)
        return None

    def _most(self) -> int:
        """How many messages may be claimed and not done with."""
        most = self._senders + self._ahead
        return min((self._post.fits(channel, most) for channel in self._channels), default=most)

    async def _freeze(self, ahead: int) -> None:
        """The next ones of one county."""
        try:
            some = [self._rest.popleft()]
            while self._rest and len(some) < ahead and self._rest[0].county.id == some[0].county.id:
                some.append(self._rest.popleft())
            claimed = await self._post.claim(some)
            self._open += len(claimed)
            self._ready.extend(claimed)
        finally:
            self._freezing = None


async def side_by_side(items: Sequence[MessageRow], work: Callable[[MessageRow], Awaitable[None]], width: int) -> None:
    """The first one alone, to know whether the channel is down; then `width` at a time."""
    for first in items[:1]:
        await work(first)
    rest = iter(items[1:])

    async def worker() -> None:
        for item in rest:
            await work(item)

    await together(worker() for _ in range(width))


async def together(work: Iterable[Coroutine[None, None, None]]) -> None:
    """All of them, and then the first failure is raised: none is stopped in the middle of a dialogue, after which
    nobody would know whether the mail arrived."""
    results = await asyncio.gather(*work, return_exceptions=True)
    for failure in results:
        if isinstance(failure, BaseException):
            raise failure

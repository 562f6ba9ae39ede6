"""HTTP connections that end by themselves: nobody keeps the pages from others by holding connections open."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from tracker.console.limiter import network_of

#: Seconds in which a request must have come, and in which its answer must have left: a check of an address takes 25.
REQUEST_SECONDS, ANSWER_SECONDS = 10.0, 60.0
#: Connections in all, and those of one peer that is no proxy.
MOST, MOST_OF_PEER = 200, 40
#: What the peer at a Unix socket is called, who has no address.
UNIX_PEER = "unix"


#: The key of a request's scope under which it may ask for more time to come: a file takes longer than a form.
EXTEND = "duban.extend"


class Connection(H11Protocol):
    """A connection with a deadline for each request and each answer.

    Where there are too many, the one that has waited longest without a request is ended; a connection that is being
    answered never is. A proxy's connections stand for many people and are counted in all only.
    """

    request_seconds, answer_seconds = REQUEST_SECONDS, ANSWER_SECONDS

    def __init__(self, config: Config, server_state: ServerState, *args: Any, **kwargs: Any) -> None:
        super().__init__(config, server_state, *args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None
        self._since = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether a request has yet to come, or to come whole."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.client = self.client or (UNIX_PEER, 0)
        self._arm()
        others = [one for one in self.connections if isinstance(one, Connection) and one is not self]
        peer = self.client[0]
        if peer not in (self.config.forwarded_allow_ips or ()):
            network = network_of(peer)
            of_peer = [one for one in others if one.client is not None and network_of(one.client[0]) == network]
            if len(of_peer) >= MOST_OF_PEER and not _end_oldest(of_peer):
                self._end()
                return
        if len(others) >= MOST - 1:
            _end_oldest(others)  # where all are being answered, this one is told that there are too many

    def data_received(self, data: bytes) -> None:
        waited = self.is_waiting
        super().data_received(data)
        if self.cycle is not None:
            cast(dict[str, Any], self.cycle.scope)[EXTEND] = self.extend
        if waited and not self.is_waiting:
            self._arm()

    def extend(self, seconds: float) -> None:
        """Let the request that is coming take so long from now on."""
        if self.is_waiting and self._deadline is not None:
            self._deadline.cancel()
            self._deadline = self.loop.call_later(seconds, self._end)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)

    def _arm(self) -> None:
        """Begin to wait anew: for a request, or for the end of its answer."""
        if self._deadline is not None:
            self._deadline.cancel()
        self._since = self.loop.time()
        self._deadline = self.loop.call_later(
            self.request_seconds if self.is_waiting else self.answer_seconds, self._end
        )

    def _end(self) -> None:
        """End at once: what a peer does not take is dropped."""
        self.connections.discard(self)
        self.transport.abort()


def _end_oldest(connections: list[Connection]) -> bool:
    """End the connection that has waited longest for a request; False where each is being answered."""
    waiting = [one for one in connections if one.is_waiting]
    if waiting:
        min(waiting, key=lambda one: one._since)._end()
    return bool(waiting)

"""Serves the pages inside the daemon's event loop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
from collections.abc import Iterator

import uvicorn

from tracker.console.app import make_app
from tracker.console.context import ConsoleContext, ConsoleError
from tracker.rulebook.schedule import Console

log = logging.getLogger(__name__)

#: Seconds for requests that are being answered when it stops.
_GRACE = 3


class _Server(uvicorn.Server):
    """A server that leaves signals to the daemon."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class ConsoleServer:
    """Serves the pages at the address that the schedule names."""

    def __init__(self, office: ConsoleContext) -> None:
        self._office = office
        self._at: tuple[str, int, tuple[str, ...]] | None = None
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None
        self.port = 0  # where it listens; the schedule's 0 leaves the choice to the system

    async def follow(self, settings: Console | None) -> None:
        """Serve as the settings say, or nowhere if there are none; an unchanged server goes on. Raises ConsoleError."""
        at = (settings.host, settings.port, settings.proxies) if settings else None
        if at == self._at:
            return
        await self.stop()
        if settings is not None:
            self._begin(settings)
        self._at = at

    def _begin(self, settings: Console) -> None:
        where = f"[{settings.host}]" if ":" in settings.host else settings.host
        try:
            family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
            listening = socket.create_server((settings.host, settings.port), family=family, backlog=128)
            # Accepted sockets inherit it; the event loop sets it only for sockets that it makes itself.
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            why = error.strerror or str(error)
            raise ConsoleError(f"console: cannot listen at {where}:{settings.port}: {why}") from error
        config = uvicorn.Config(
            make_app(self._office),
            lifespan="off",
            ws="none",
            http="h11",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=list(settings.proxies),
            limit_concurrency=200,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=_GRACE,
            h11_max_incomplete_event_size=16_384,
        )
        logging.getLogger("uvicorn.access").disabled = True  # a link is a key: it must not be logged
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve([listening]), name="console")
        self._task.add_done_callback(_log_end)
        self.port = listening.getsockname()[1]
        log.info("pages at %s:%s, reached as %s", where, self.port, settings.base, extra={"action": "console"})
        if not settings.secret:
            log.warning("console.secret is empty: mails carry no links", extra={"action": "console"})

    async def stop(self) -> None:
        """Stop within seconds; a request that is not finished by then has recorded nothing."""
        server, task, self._server, self._task, self._at = self._server, self._task, None, None, None
        if server is None or task is None:
            return
        server.should_exit = True
        _, running = await asyncio.wait({task}, timeout=_GRACE + 1)
        for unfinished in running:
            unfinished.cancel()
            await asyncio.wait({unfinished}, timeout=1)


def _log_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("the pages ended: %r", error, extra={"action": "console"})

"""Serves the pages inside the daemon's event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from tracker.console.app import make_app
from tracker.console.connections import MOST, REQUEST_SECONDS, UNIX_PEER, Connection
from tracker.console.context import ConsoleContext, ConsoleError
from tracker.console.shared import Shared
from tracker.rulebook.schedule import Console

log = logging.getLogger(__name__)

#: Seconds for requests that are being answered when it stops.
_GRACE = 3
#: Seconds after which a thread that only computes, as a pass does, makes way. Each row that is fetched for a page waits
#: for its turn anew: with Python's own 5 ms a page takes ten times as long while a pass runs.
_SWITCH = 0.0005


class _Server(uvicorn.Server):
    """A server that leaves signals to the daemon, and ends as soon as it is asked and nobody is being answered."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def end(self) -> None:
        self.should_exit = True
        self._ending.set()

    async def main_loop(self) -> None:
        """Renew the date of the answers each second until the end; uvicorn's own wakes ten times a second."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), 1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what nobody uses; where an answer is under way uvicorn waits for it."""
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # in which those without a request are lost
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)


class ConsoleServer:
    """Serves the pages at the address that the schedule names."""

    def __init__(self, office: ConsoleContext) -> None:
        self._office, self.shared = office, Shared()
        self._at: tuple[tuple[str, int], tuple[str, ...]] | None = None
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None
        self._socket_file: Path | None = None
        self.port = 0  # where it listens; the schedule's 0 leaves the choice to the system

    async def follow(self, settings: Console | None) -> None:
        """Serve as the settings say, or nowhere if there are none; an unchanged server goes on. Raises ConsoleError."""
        at = (settings.listen, settings.proxies) if settings else None
        if at == self._at:
            return
        await self.stop()
        if settings is not None:
            self._begin(settings)
        self._at = at

    def _begin(self, settings: Console) -> None:
        sys.setswitchinterval(_SWITCH)
        try:
            listening = self._listen(settings)
        except OSError as error:
            why = error.strerror or str(error)
            text = (
                f"console: cannot listen at {settings.place}: {why}; end what listens there, or change console.listen"
            )
            raise ConsoleError(text) from error
        believed = [*settings.proxies, *([UNIX_PEER] if settings.socket_file else [])]
        config = uvicorn.Config(
            make_app(self._office, self.shared),
            lifespan="off",
            ws="none",
            http=Connection,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(believed),
            forwarded_allow_ips=believed,
            limit_concurrency=MOST,
            timeout_keep_alive=round(REQUEST_SECONDS),
            timeout_graceful_shutdown=_GRACE,
            h11_max_incomplete_event_size=16_384,
        )
        logging.getLogger("uvicorn.access").disabled = True  # a link is a key: it must not be logged
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve([listening]), name="console")
        self._task.add_done_callback(_log_end)
        self.port = 0 if settings.socket_file else listening.getsockname()[1]
        log.info("pages at %s, reached as %s", settings.place, settings.base, extra={"action": "console"})
        if not settings.secret:
            log.warning("console.secret is empty: mails carry no links", extra={"action": "console"})

    def _listen(self, settings: Console) -> socket.socket:
        """The socket at which the pages are served. Raises OSError."""
        if settings.socket_file:
            self._socket_file = self._office.folder / settings.socket_file
            return _listen_at_file(self._socket_file)
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=128)
        # Accepted sockets inherit it; the event loop sets it only for sockets that it makes itself.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening

    async def stop(self) -> None:
        """Stop within seconds; a request that is not finished by then has recorded nothing."""
        server, task, self._server, self._task, self._at = self._server, self._task, None, None, None
        if server is None or task is None:
            return
        server.end()
        _, running = await asyncio.wait({task}, timeout=_GRACE + 1)
        for unfinished in running:
            unfinished.cancel()
            await asyncio.wait({unfinished}, timeout=1)
        if self._socket_file is not None:
            self._socket_file.unlink(missing_ok=True)
            self._socket_file = None


def _listen_at_file(path: Path) -> socket.socket:
    """A Unix socket that its owner and group may open; one that a killed process left is replaced. Raises OSError."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket():
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
                if probe.connect_ex(str(path)) == errno.ECONNREFUSED:
                    path.unlink()
        listening.bind(str(path))
        path.chmod(0o660)  # before anybody can connect
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _log_end(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("the pages ended: %r", error, extra={"action": "console"})

"""Runs functions in a child process with bounds on processor time, memory and wall time: what strangers sent is read
there, off the event loop, and ends that process at worst.

The child starts with the first call, serves one call after the other, and ends when nobody calls for a while. After one
that died, the next has to answer a trivial call before it is given a page: a reader that works nowhere is told from a
page that ends it, and is not started again and again. What a child returns is unpickled with a list of permitted
classes: what a hostile page made of the child runs nothing here.
"""

from __future__ import annotations

import asyncio
import io
import os
import pickle
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

P = ParamSpec("P")
T = TypeVar("T")

#: The longest result, in bytes.
_LONGEST = 100_000_000
_LENGTH = struct.Struct("!Q")
_CHUNK = 1 << 20
#: Seconds in which a child whose line broke ends by itself, before its end is ours.
_GRACE = 1.0
#: Seconds in which no child is started after one that could not answer anything.
_REST = 60.0
#: Seconds after which a loop asks again for a child that serves another one.
_PAUSE = 0.005
_TRIVIAL = pickle.dumps((len, ("",), {}), pickle.HIGHEST_PROTOCOL)
#: Finds the package wherever it lies, with nothing else from the surroundings.
_START = "import sys; sys.path.insert(0, sys.argv.pop()); from tracker.evidence.page.worker_child import serve; serve()"
_ROOT = Path(__file__).resolve().parents[3]
#: The memory of one page is kept for the next: giving it back and asking for it anew takes as long as parsing does.
_ENVIRONMENT = {
    "LANG": "C.UTF-8", "HOME": "/nonexistent", "MALLOC_TRIM_THRESHOLD_": "134217728",
    "MALLOC_MMAP_THRESHOLD_": "33554432",
}  # fmt: skip
_PLAIN = (date, datetime, timedelta, timezone, ZoneInfo)

#: Why a call came to nothing: its processor time or its wall time was used up, its memory was, its process ended, its
#: result was too long, or the function raised.
Cause = Literal["cpu", "wall", "memory", "died", "long", "raised"]


class WorkerError(Exception):
    """A call that came to nothing. `kind`: of a function that raised, the exception's class; `trace`: where."""

    def __init__(self, cause: Cause, kind: str = "", message: str = "", trace: str = "") -> None:
        super().__init__(f"{kind}: {message}" if kind else cause)
        self.cause, self.kind, self.message, self.trace = cause, kind, message, trace


class Worker:
    """One child process and the queue before it.

    `seconds`: of processor time for one call; `patience`: of wall time; `classes`: of which results may consist beside
    built-in values, dates and zones; `idle`: seconds without a call after which the child ends; `calls`: after which
    a fresh one takes over, for what libraries leak; `data`: bytes that the child may allocate (0: 1.5 GB of virtual
    memory are the only bound).
    """

    def __init__(
        self,
        seconds: float,
        patience: float,
        classes: Collection[type] = (),
        *,
        idle: float = 60.0,
        calls: int = 10_000,
        data: int = 0,
    ) -> None:
        self._seconds, self._patience = max(1, round(seconds)), patience
        self._idle, self._most, self._data = idle, calls, data
        self._classes = {(one.__module__, one.__qualname__): one for one in (*_PLAIN, *classes)}
        self._child: subprocess.Popen[bytes] | None = None
        self._line: socket.socket | None = None
        self._calls = 0
        self._doubtful = False
        self._resting_until = 0.0
        self.starts = 0  # how many children were started
        self._timer: asyncio.TimerHandle | None = None
        self._queues = WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock]()
        self._busy = threading.Lock()  # during a call of any loop: an answer goes to the one that asked

    @property
    def pid(self) -> int | None:
        """Of the child, where there is one."""
        return self._child.pid if self._child is not None else None

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a function of a module makes of its arguments. Raises `WorkerError`; waits for the calls before it."""
        request = pickle.dumps((function, args, kwargs), pickle.HIGHEST_PROTOCOL)
        async with self._turn():
            if self._timer is not None:
                self._timer.cancel()
            try:
                await self._prove()
                async with asyncio.timeout(self._patience):
                    answer = await self._ask(request)
                result: T = self._result(answer)
            except TimeoutError:
                await self.close()
                raise WorkerError("wall") from None
            except (OSError, EOFError):
                cause = await self._broken()
                self._doubtful = cause == "died"
                raise WorkerError(cause) from None
            except WorkerError as error:
                if error.cause != "raised":  # what a call that ran out of memory left, the next would run out of
                    await self.close()
                raise
            except BaseException:  # we are being stopped: nothing is left behind
                await self.close()
                raise
            finally:
                await self._rest()
            return result

    def end(self) -> None:
        """End the child, if there is one."""
        if (child := self._let_go()) is not None:
            child.wait()

    def _end_unless_busy(self) -> None:
        if self._busy.acquire(blocking=False):
            self.end()
            self._busy.release()

    # -- the line ------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """The child for one call: in turn within a loop; loops of several threads, which may not wait, ask again."""
        async with self._queues.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            while not self._busy.acquire(blocking=False):  # noqa: ASYNC110  (it is released in another thread)
                await asyncio.sleep(_PAUSE)
            try:
                yield
            finally:
                self._busy.release()

    async def _prove(self) -> None:
        """After a child that died: see that a fresh one answers at all. Raises `WorkerError` where none does."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._resting_until:
            raise WorkerError("died")
        if not self._doubtful:
            return
        try:
            async with asyncio.timeout(self._patience):
                await self._ask(_TRIVIAL)
        except (OSError, EOFError):
            await self.close()
            self._resting_until = loop.time() + _REST
            raise WorkerError("died") from None
        self._doubtful = False

    async def _ask(self, request: bytes) -> bytes:
        line, loop = self._ready(), asyncio.get_running_loop()
        await loop.sock_sendall(line, _LENGTH.pack(len(request)) + request)
        received = bytearray()
        size = _LENGTH.size
        while len(received) < size:
            if not (chunk := await loop.sock_recv(line, _CHUNK)):
                raise EOFError
            received += chunk
            if size == _LENGTH.size <= len(received):
                size += _LENGTH.unpack_from(received)[0]
                if size > _LONGEST:
                    raise WorkerError("long")
        self._calls += 1
        return bytes(received[_LENGTH.size :])

    def _result(self, answer: bytes) -> Any:
        try:
            kind, value = _Unpickler(answer, self._classes).load()
            error = WorkerError("memory" if kind == "MemoryError" else "raised", *map(str, value)) if kind else None
        except Exception as broken:
            raise WorkerError("died") from broken
        if error is not None:
            raise error
        return value

    async def _rest(self) -> None:
        """After a call: the child is replaced when it has served long enough, and ended when nobody calls."""
        if self._calls >= self._most:
            await self.close()
        elif self._child is not None:
            self._timer = asyncio.get_running_loop().call_later(self._idle, self._end_unless_busy)

    def _ready(self) -> socket.socket:
        if self._child is None or self._line is None:
            self._line, theirs = socket.socketpair()
            with theirs:
                self._child = subprocess.Popen(  # noqa: S603  (our own interpreter and code)
                    [sys.executable, "-I", "-c", _START, str(self._seconds), str(self._data), str(_ROOT)],
                    stdin=theirs.fileno(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    # Nothing of our surroundings, where secrets may stand, reaches what reads a stranger's bytes.
                    env={"PATH": os.environ.get("PATH", os.defpath), **_ENVIRONMENT},
                    start_new_session=True,
                )  # fmt: skip
            self._line.setblocking(False)
            self._calls = 0
            self.starts += 1
        return self._line

    async def _broken(self) -> Cause:
        """Why the line broke: a child that is just ending by itself says more than our signal."""
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._child.wait, _GRACE)
        status = await self.close()
        return "cpu" if status == -signal.SIGXCPU else "died"

    async def close(self) -> int | None:
        """End the child; its exit status."""
        child = self._let_go()
        return await asyncio.to_thread(child.wait) if child is not None else None

    def _let_go(self) -> subprocess.Popen[bytes] | None:
        """The child, killed with its group and ours no more."""
        child, line, self._child, self._line = self._child, self._line, None, None
        if self._timer is not None:
            self._timer.cancel()
        if line is not None:
            line.close()
        if child is not None and child.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
        return child


class _Unpickler(pickle.Unpickler):
    """Loads built-in values and instances of these classes, and nothing else."""

    def __init__(self, data: bytes, classes: dict[tuple[str, str], type]) -> None:
        super().__init__(io.BytesIO(data))
        self._permitted = classes

    def find_class(self, module: str, name: str) -> Any:
        try:
            return self._permitted[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is no permitted value") from None

"""Reads files in worker processes: each one file at a time, and what hangs or breaks a process ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tracker.evidence.attachments.readers.child import read_text
from tracker.evidence.attachments.readers.kinds import kind_of
from tracker.evidence.attachments.readers.registry import READERS
from tracker.evidence.attachments.readers.text import MAX_TEXT, FileText, Unfit
from tracker.evidence.page.worker import Worker, WorkerError
from tracker.evidence.page.worker_child import call_named

#: Files that one process reads before a fresh one takes over: what libraries leak goes with it.
_CALLS = 200
_PROOFS = "tracker.evidence.attachments.readers.proofs"


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Of one file: bytes, seconds for reading it, characters of text kept."""

    max_bytes: int = 20_000_000
    timeout: float = 60.0
    max_text: int = MAX_TEXT


#: Why nothing came of a file, by what its reader used up; else it ended its process.
_WHY = {
    "wall": "{0.timeout:g} 秒内没有读完文件，已停止",
    "cpu": "读取文件用时过多，已停止",
    "long": "文件的文字过长，未读取",
}


@dataclass(slots=True)
class FileReader:
    """Reads files in so many `processes`, started when they are needed; whoever finds none free waits for its turn.

    Nothing is raised for what a file does.
    """

    limits: FileLimits = FileLimits()
    processes: int = 1
    workers: list[Worker] = field(init=False)
    _free: asyncio.LifoQueue[Worker] = field(init=False)  # the one used last is used first: others end, being idle

    def __post_init__(self) -> None:
        timeout = self.limits.timeout
        self.workers = [Worker(timeout, timeout, [FileText], calls=_CALLS) for _ in range(self.processes)]
        self._free = asyncio.LifoQueue()
        for worker in self.workers:
            self._free.put_nowait(worker)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """End the processes."""
        for worker in self.workers:
            await worker.close()

    @asynccontextmanager
    async def _worker(self) -> AsyncIterator[Worker]:
        worker = await self._free.get()
        try:
            yield worker
        finally:
            self._free.put_nowait(worker)

    async def read(self, body: bytes, name: str, content_type: str = "") -> FileText:
        """The text of a file; `name`: its name or address."""
        if len(body) > self.limits.max_bytes:
            return FileText(None, f"文件超过 {self.limits.max_bytes} 字节，未读取")
        kind = kind_of(body, name, content_type)
        how = name[-300:], content_type[:200], self.limits.max_text
        if kind not in READERS:  # nothing is opened: the answer says why
            return read_text(body, *how)
        try:
            async with self._worker() as worker:
                return await worker.run(read_text, body, *how)
        except WorkerError as error:
            why = _WHY.get(error.cause, "文件使读取程序异常终止，无法读取")
            return FileText(None, why.format(self.limits), kind)

    async def inspect(self, body: bytes, name: str) -> str:
        """The kind of a file that is to be filed as a proof. Raises `Unfit` with what it really is."""
        if len(body) > self.limits.max_bytes:
            raise Unfit(f"it has more than {self.limits.max_bytes} bytes")
        try:
            async with self._worker() as worker:
                return str(await worker.run(call_named, _PROOFS, "inspect", body, name[-300:]))
        except WorkerError as error:
            if error.kind == Unfit.__name__:
                raise Unfit(error.message) from None
            if error.cause == "raised":
                raise Unfit(f"it is broken: nothing could be made of it ({error.kind})") from None
            if error.cause == "wall":
                raise Unfit(f"it could not be looked through within {self.limits.timeout:g} seconds") from None
            raise Unfit("it ended the process that looked at it: it is broken, or made to do that") from None


async def inspect_file(body: bytes, name: str, limits: FileLimits) -> str:
    """What a single file is that is to be filed. Raises `Unfit`."""
    async with FileReader(limits) as reader:
        return await reader.inspect(body, name)


async def read_file(body: bytes, name: str, limits: FileLimits | None = None) -> FileText:
    """The text of a single file. Whoever reads several keeps a `FileReader`."""
    async with FileReader(limits or FileLimits()) as reader:
        return await reader.read(body, name)

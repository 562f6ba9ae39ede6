"""Reads files in a worker process of their own: one at a time, and what hangs it or breaks it ends with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from tracker.evidence.attachments.readers.child import answer, inspected
from tracker.evidence.attachments.readers.kinds import kind_of
from tracker.evidence.attachments.readers.registry import READERS
from tracker.evidence.attachments.readers.text import MAX_TEXT
from tracker.evidence.attachments.readers.unfit import Unfit
from tracker.evidence.page.worker import Worker, WorkerError

#: Files that one process reads before a fresh one takes over: what libraries leak goes with it.
_CALLS = 200


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Of one file: bytes, seconds for reading it, characters of text kept."""

    max_bytes: int = 20_000_000
    timeout: float = 60.0
    max_text: int = MAX_TEXT


@dataclass(frozen=True, slots=True)
class FileText:
    """What a file says. `text` None: nothing could be read, `note` (Chinese) says why.

    With both, `note` names what could not be read beside the text: what is not in it is then not missing.
    """

    text: str | None
    note: str = ""
    kind: str = ""


@dataclass(slots=True)
class FileReader:
    """Reads files one at a time; whoever waits, waits for its turn. Nothing is raised for what a file does."""

    limits: FileLimits = FileLimits()
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.worker = Worker(self.limits.timeout, self.limits.timeout, calls=_CALLS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.worker.close()

    async def read(self, body: bytes, name: str, content_type: str = "") -> FileText:
        """The text of a file; `name`: its name or address."""
        if len(body) > self.limits.max_bytes:
            return FileText(None, f"文件超过 {self.limits.max_bytes} 字节，未读取")
        kind = kind_of(body, name, content_type)
        if kind not in READERS:  # nothing is opened: the answer says why
            return _file_text(answer(body, name, content_type, self.limits.max_text))
        try:
            return _file_text(
                await self.worker.run(answer, body, name[-300:], content_type[:200], self.limits.max_text)
            )
        except WorkerError as error:
            return FileText(None, self._why(error), kind)

    async def inspect(self, body: bytes, name: str) -> str:
        """The kind of a file that is to be filed as a proof. Raises `Unfit` with what it really is."""
        if len(body) > self.limits.max_bytes:
            raise Unfit(f"it has more than {self.limits.max_bytes} bytes")
        try:
            said = _file_text(await self.worker.run(inspected, body, name[-300:]))
        except WorkerError as error:
            if error.cause == "wall":
                raise Unfit(f"it could not be looked through within {self.limits.timeout:g} seconds") from None
            raise Unfit("it ended the process that looked at it: it is broken, or made to do that") from None
        if said.note:
            raise Unfit(said.note)
        return said.kind

    def _why(self, error: WorkerError) -> str:
        if error.cause == "wall":
            return f"{self.limits.timeout:g} 秒内没有读完文件，已停止"
        if error.cause == "cpu":
            return "读取文件用时过多，已停止"
        return "文件的文字过长，未读取" if error.cause == "long" else "文件使读取程序异常终止，无法读取"


async def inspect_file(body: bytes, name: str, limits: FileLimits) -> str:
    """What a single file is that is to be filed. Raises `Unfit`."""
    async with FileReader(limits) as reader:
        return await reader.inspect(body, name)


async def read_file(body: bytes, name: str, content_type: str = "", limits: FileLimits | None = None) -> FileText:
    """The text of a single file. Whoever reads several keeps a `FileReader`."""
    async with FileReader(limits or FileLimits()) as reader:
        return await reader.read(body, name, content_type)


def _file_text(said: dict[str, str | None]) -> FileText:
    return FileText(said["text"], said["note"] or "", said["kind"] or "")

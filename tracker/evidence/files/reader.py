"""Reading files apart: one child process at a time, kept between files, ended with whatever hangs it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tracker.evidence.files.child import answer
from tracker.evidence.files.kinds import kind_of
from tracker.evidence.files.registry import INLINE, READERS
from tracker.evidence.files.text import MAX_TEXT
from tracker.evidence.files.unfit import Unfit

#: Files that one child reads before a fresh one takes over: what libraries leak goes with it.
_TURNS = 200
#: What is read where the crawl runs is no larger than a page may be, in bytes.
_INLINE_BYTES = 2_000_000
#: Finds the package wherever it lies, with nothing else from the surroundings.
_START = "import sys; sys.path.append(sys.argv.pop()); from tracker.evidence.files.child import main; main()"
_ROOT = Path(__file__).resolve().parents[3]


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
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _child: asyncio.subprocess.Process | None = None
    _turns: int = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._end()

    async def read(self, body: bytes, name: str, content_type: str = "") -> FileText:
        """The text of a file; `name`: its name or address."""
        if len(body) > self.limits.max_bytes:
            return FileText(None, f"文件超过 {self.limits.max_bytes} 字节，未读取")
        kind = kind_of(body, name, content_type)
        if kind not in READERS or (kind in INLINE and len(body) <= _INLINE_BYTES):
            return _file_text(answer(body, name, content_type, self.limits.max_text))
        async with self._turn:
            try:
                async with asyncio.timeout(self.limits.timeout):
                    return await self._ask(body, name, content_type)
            except TimeoutError:
                await self._end()
                return FileText(None, f"{self.limits.timeout:g} 秒内没有读完文件，已停止", kind)
            except (OSError, EOFError, ValueError) as error:
                status = await self._end()
                return FileText(None, _why(status, error), kind)
            except BaseException:  # we are being stopped: nothing is left behind
                await self._end()
                raise

    async def inspect(self, body: bytes, name: str) -> str:
        """The kind of a file that is to be filed as a proof. Raises `Unfit` with what it really is."""
        if len(body) > self.limits.max_bytes:
            raise Unfit(f"it has more than {self.limits.max_bytes} bytes")
        async with self._turn:
            try:
                async with asyncio.timeout(self.limits.timeout):
                    said = await self._ask(body, name, "", "inspect")
            except TimeoutError:
                await self._end()
                raise Unfit(f"it could not be looked through within {self.limits.timeout:g} seconds") from None
            except (OSError, EOFError, ValueError):
                await self._end()
                raise Unfit("it ended the process that looked at it: it is broken, or made to do that") from None
            except BaseException:
                await self._end()
                raise
        if said.note:
            raise Unfit(said.note)
        return said.kind

    async def _ask(self, body: bytes, name: str, content_type: str, task: str = "read") -> FileText:
        child = await self._ready()
        if child.stdin is None or child.stdout is None:
            raise EOFError
        limit = self.limits.max_text
        asked = {"task": task, "size": len(body), "name": name[-300:], "type": content_type[:200], "limit": limit}
        child.stdin.write(json.dumps(asked).encode() + b"\n")
        child.stdin.write(body)
        await child.stdin.drain()
        line = await child.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        self._turns += 1
        return _file_text(json.loads(line))

    async def _ready(self) -> asyncio.subprocess.Process:
        if self._child is not None and self._turns >= _TURNS:
            await self._end()
        if self._child is None:
            self._turns = 0
            self._child = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-c", _START, str(max(1, round(self.limits.timeout))), str(_ROOT),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
                # Nothing of our surroundings, where secrets may stand, reaches what opens a stranger's file.
                env={"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "HOME": "/nonexistent"},
                start_new_session=True, limit=self.limits.max_text * 6 + 100_000,
            )  # fmt: skip
        return self._child

    async def _end(self) -> int | None:
        """End the child with its group; how it ended, where it had."""
        child, self._child = self._child, None
        if child is None:
            return None
        status = child.returncode
        if status is None:
            # It may be just ending by itself: that says more than our own signal.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.05):
                    status = await child.wait()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()
        return status


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


def _why(status: int | None, error: Exception) -> str:
    if status == -signal.SIGXCPU:
        return "读取文件用时过多，已停止"
    if isinstance(error, ValueError):
        return "文件的文字过长，未读取"
    return "文件使读取程序异常终止，无法读取"

"""Three workers that read and decide the counties of a demo; one is killed on the way."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tracker.store.counties import list_decided_rules
from tracker.store.engine import Store, Tx
from tracker.store.passes import has_ended, list_holders
from tracker.store.threads import run_read

#: Seconds between two looks at how far they are; and that a worker gets to end in order.
_LOOK, _PATIENCE = 0.5, 10.0
#: One is killed when this share of the counties is read, or all are begun.
_KILLED_AT = 0.2
#: The first serves the pages too, and is not killed.
_KINDS = (("run", "--engine", "cluster"), ("worker",), ("worker",))


@dataclass(slots=True)
class Progress:
    """How far they are. Workers are 1, 2 and 3; counties are named by their IDs.

    `readers`: who reads a county or has read it; `read`: those that are read; `killed`: who was, 0 before; `lost`: what
    that one was reading, each with who took it over, 0 while nobody has; `ended`: workers that ended by themselves.
    """

    readers: dict[str, int] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)
    decided: int = 0
    killed: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    ended: list[int] = field(default_factory=list)
    is_over: bool = False

    def reading(self, worker: int) -> list[str]:
        """What it reads now."""
        return [county for county, reader in self.readers.items() if reader == worker and county not in self.read]

    def read_by(self, worker: int) -> int:
        """How many it has read."""
        return sum(self.readers.get(county) == worker for county in self.read)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Of each pass of the crawl its county, its worker's process and whether it is done; what has come to its end."""

    passes: list[tuple[str, int, bool]]
    is_read: bool
    is_decided: bool
    decided: int


class Workers:
    """The processes: they run within `async with`. What they say stands in workers.log in their folder."""

    def __init__(self, store: Store, database: str, folder: Path, counties: int) -> None:
        self.processes = list[Process]()
        self.log = folder / "workers.log"
        self._store, self._counties = store, counties
        self._command = [sys.executable, "-m", "tracker", "--root", str(folder)]
        self._environ = {**os.environ, "DUBAN_DATABASE": database}  # it may hold a password, which a command line shows

    async def __aenter__(self) -> Self:
        """Start them. Ctrl-C at the terminal is for the demo alone."""
        with self.log.open("ab") as log:
            for kind in _KINDS:
                process = await asyncio.create_subprocess_exec(
                    *self._command, *kind, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                    env=self._environ, start_new_session=True,
                )  # fmt: skip
                self.processes.append(process)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        left = [process for process in self.processes if process.returncode is None]
        for process in left:
            process.terminate()
        ends = [asyncio.ensure_future(process.wait()) for process in left]
        if ends and (await asyncio.wait(ends, timeout=_PATIENCE))[1]:
            for process in left:
                if process.returncode is None:
                    process.kill()
            await asyncio.wait(ends)

    async def watch(self) -> AsyncIterator[Progress]:
        """How far they are, again and again until all is read and decided. Kills one on the way."""
        progress = Progress()
        while not progress.is_over:
            await asyncio.sleep(_LOOK)
            self._note(progress, await run_read(self._store, _see))
            if not progress.killed and (victim := self._choose_victim(progress)):
                self.processes[victim - 1].send_signal(signal.SIGKILL)
                progress.killed, progress.lost = victim, dict.fromkeys(progress.reading(victim), 0)
            yield progress

    def _note(self, progress: Progress, seen: _Seen) -> None:
        """Put down what was seen. When the last pass is done, all are deleted."""
        numbers = {process.pid: number for number, process in enumerate(self.processes, start=1)}
        for county, process, is_done in seen.passes:
            reader = progress.readers[county] = numbers.get(process, 0)
            if is_done:
                progress.read.add(county)
            if county in progress.lost and reader != progress.killed:
                progress.lost[county] = reader
        if seen.is_read:
            progress.read.update(progress.readers)
        progress.decided, progress.is_over = seen.decided, seen.is_decided
        progress.ended = [
            number for number, process in enumerate(self.processes, start=1)
            if process.returncode is not None and number != progress.killed
        ]  # fmt: skip

    def _choose_victim(self, progress: Progress) -> int:
        """Who reads the most of those that may be killed, when it is time; 0: not yet."""
        victim = max((2, 3), key=lambda worker: len(progress.reading(worker)))
        begun = sum(reader > 0 for reader in progress.readers.values())
        is_time = len(progress.read) >= self._counties * _KILLED_AT or begun == self._counties
        return victim if is_time and progress.reading(victim) else 0


def _see(tx: Tx) -> _Seen:
    passes = [
        (county, int(holder.rpartition(":")[2] or 0), state != "open")
        for county, holder, state in list_holders(tx, job="crawl")
    ]
    decided = sum(bool(rules) for rules in list_decided_rules(tx).values())
    return _Seen(passes, has_ended(tx, "crawl"), has_ended(tx, "tick"), decided)

"""Reads and decides the counties of a trial: with three workers on PostgreSQL, or in this process on SQLite."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from tracker.daemon.jobs import Office
from tracker.store.engine import Tx
from tracker.store.passes import list_holders
from tracker.store.threads import run_read

#: Seconds between two looks at how far the workers are, and after which they are given up.
_LOOK, _PATIENCE = 1.0, 3600.0
#: One of the workers is killed when this share of the counties is read.
_KILLED_AT = 0.3


@dataclass(slots=True)
class Progress:
    """How far it is. `lost`: the counties that the killed worker was reading, each with whose it was then ("": still
    nobody's); `killed`: its process, 0 before."""

    read: int = 0
    killed: int = 0
    killed_at: datetime | None = None
    lost: dict[str, str] = field(default_factory=dict)


async def run_workers(office: Office, database: str, folder: Path) -> AsyncIterator[Progress]:
    """Start three workers, kill the third on the way, and give how far they are until all is read and decided.

    The workers end with the iteration.
    """
    common = [sys.executable, "-m", "tracker", "--root", str(folder), "--database", database]
    kinds = (["run", "--engine", "cluster"], ["worker"], ["worker"])
    progress, count = Progress(), len(office.loaded.rulebooks)
    with (folder / "workers.log").open("wb") as log:
        workers = [
            await asyncio.create_subprocess_exec(*common, *kind, stdout=log, stderr=log, env=dict(os.environ))
            for kind in kinds
        ]
        try:
            for _ in range(int(_PATIENCE / _LOOK)):
                await asyncio.sleep(_LOOK)
                holders = await run_read(office.store, partial(list_holders, job="crawl"))
                progress.read = sum(state != "open" for _, _, state in holders)
                lost = [
                    county for county, holder, state in holders if state == "open" and _is_of(holder, workers[2].pid)
                ]
                if not progress.killed and progress.read >= count * _KILLED_AT and lost:
                    workers[2].send_signal(signal.SIGKILL)
                    progress.killed, progress.killed_at = workers[2].pid, office.clock()
                    progress.lost = dict.fromkeys(lost, "")
                for county, holder, state in holders:
                    if county in progress.lost and state == "ok" and not _is_of(holder, progress.killed):
                        progress.lost[county] = holder
                yield progress
                if progress.read == count and await run_read(office.store, _has_decided):
                    return
        finally:
            for worker in workers:
                if worker.returncode is None:
                    worker.terminate()
            await asyncio.gather(*(worker.wait() for worker in workers))


def count_taken(progress: Progress) -> Counter[str]:
    """How many counties of the killed worker each of the others read."""
    return Counter(holder for holder in progress.lost.values() if holder)


def _is_of(holder: str, pid: int) -> bool:
    """Whether the holder of a pass is that process."""
    return f":{pid}" in f"{holder}:"


def _has_decided(tx: Tx) -> bool:
    holders = list_holders(tx, job="tick")
    return bool(holders) and all(state != "open" for _, _, state in holders)

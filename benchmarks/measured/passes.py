"""CPU seconds of deciding passes: python passes.py idle|cold ROOT DATABASE INSTANT [TIMES]

idle: passes of one office, a second apart, in which nothing has changed. cold: the first pass of an office that has
just begun, over a database in which everything is decided.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from resolving import entered, resolve

from tracker.store.engine import Store

try:
    from tracker.daemon.jobs import Office
    from tracker.rulebook.load import load
except ImportError:  # the commit before
    from tracker.office import Office  # type: ignore[no-redef]

    from tracker.rulebook import load  # type: ignore[no-redef]


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


async def measure(kind: str, root: Path, database: str, clock: Clock, times: int) -> dict[str, Any]:
    loaded = load(root, os.environ)
    seconds = []
    async with entered(Store(f"sqlite:///{database}", durable=False)) as store:
        office = Office(loaded, store, clock, root)
        await resolve(office.prepare())
        for _ in range(2):  # everything is decided, and what that changed is decided too
            await pass_at(office, clock)
        for _ in range(times):
            if kind == "cold":
                office = Office(loaded, store, clock, root)
            seconds.append(await pass_at(office, clock))
    return {"seconds": seconds}


async def pass_at(office: Office, clock: Clock) -> float:
    """CPU seconds of one pass, a second after the one before."""
    clock.now += timedelta(seconds=1)
    gc.collect()
    began = time.process_time()
    await resolve(office.tick())
    return time.process_time() - began


def main() -> None:
    kind, root, database, instant, *times = sys.argv[1:]
    clock = Clock(datetime.fromisoformat(instant))
    print(json.dumps(asyncio.run(measure(kind, Path(root), database, clock, int(times[0]) if times else 3))))


if __name__ == "__main__":
    main()

"""A daemon runs for months: its passes leave no objects, no memory and no file descriptors behind.

python -m tests.daemon.test_soak WARM_UP PASSES      prints what is held before and after so many passes
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest

from tests.decide.small_county import Small, at, small_county
from tracker.daemon.process import free_memory, share_one_heap
from tracker.store.engine import Store

#: A crawl every six hours, the other passes every twenty minutes.
STEP, CRAWLS = timedelta(minutes=20), 18
BEGIN = at("2015-08-03", "06:00")


async def live(small: Small, passes: int) -> None:
    """So many passes, in which the site publishes and nobody looks on."""
    for number in range(passes):
        small.clock.now += STEP
        await small.turn(crawl=number % CRAWLS == 0)


def held(store: Store) -> tuple[int, int, int]:
    """Open file descriptors, objects that the collector knows, and resident memory of the process's own in kB.

    Not counted is what has a bound: SQLite's page cache, which fills up to 2 MB a connection as the database grows, and
    pages of mapped files, which the system takes back.
    """
    store.engine.dispose()
    free_memory()
    status = Path("/proc/self/status").read_text()
    return len(os.listdir("/proc/self/fd")), len(gc.get_objects()), int(status.split("RssAnon:")[1].split()[0])


async def measure(root: Path, warm_up: int, passes: int) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """What is held before and after so many passes."""
    with Store(f"sqlite:///{root / 'duban.db'}") as store:
        store.migrate()
        async with small_county(root, store, BEGIN) as small:
            small.office.lives_on = True
            await live(small, warm_up)
            before = held(store)
            await live(small, passes)
            return before, held(store)


async def test_passes_leave_no_file_and_no_object_behind(tmp_path: Path) -> None:
    before, after = await measure(tmp_path, 2 * CRAWLS, 2 * CRAWLS)
    assert after[0] <= before[0]
    assert after[1] - before[1] <= 2_000


@pytest.mark.nightly
@pytest.mark.timeout(5400)
def test_ten_thousand_passes_take_bounded_memory() -> None:
    """In a process of its own, whose threads share one heap as those of the daemon do.

    The warm-up goes beyond the end of a quarter, when steps and reports are decided for the first time.
    """
    command = (sys.executable, "-m", __spec__.name, "5000", "10000")
    before, after = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    assert after[0] <= before[0]
    assert after[1] - before[1] <= 10_000
    assert (after[2] - before[2]) / 10 <= 100  # kB for each thousand passes; measured: 71


if __name__ == "__main__":
    share_one_heap()
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(asyncio.run(measure(Path(name), *map(int, sys.argv[1:3])))))

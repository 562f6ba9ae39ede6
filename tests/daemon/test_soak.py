"""A daemon runs for months: its passes leave no objects and no file descriptors behind."""

from __future__ import annotations

import gc
import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.decide.small_county import Small, at, small_county
from tracker.daemon.process import free_memory
from tracker.store.engine import Store

#: A crawl every six hours, the other passes every twenty minutes.
STEP, CRAWLS = timedelta(minutes=20), 18


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """The database's own process is none of ours: one database is enough."""
    return sqlite_url


async def live(small: Small, passes: int) -> None:
    """So many passes, in which the site publishes and nobody looks on."""
    for number in range(passes):
        small.clock.now += STEP
        await small.turn(crawl=number % CRAWLS == 0)


def held() -> tuple[int, int, int]:
    """Open file descriptors, objects that the collector knows, and resident memory in kB."""
    free_memory()
    status = Path("/proc/self/status").read_text()
    return len(os.listdir("/proc/self/fd")), len(gc.get_objects()), int(status.split("VmRSS:")[1].split()[0])


async def test_passes_leave_no_file_and_no_object_behind(tmp_path: Path, store: Store) -> None:
    async with small_county(tmp_path, store, at("2015-08-03", "06:00")) as small:
        await live(small, 2 * CRAWLS)
        files, objects, _ = held()
        await live(small, 2 * CRAWLS)
        after = held()
    assert after[0] <= files
    assert after[1] - objects <= 2_000


@pytest.mark.nightly
@pytest.mark.timeout(5400)
async def test_ten_thousand_passes_take_bounded_memory(tmp_path: Path, store: Store) -> None:
    async with small_county(tmp_path, store, at("2015-08-03", "06:00")) as small:
        await live(small, 1_000)
        files, objects, memory = held()
        await live(small, 10_000)
        after = held()
    assert after[0] <= files
    assert after[1] - objects <= 10_000
    # Measured: 0.9 MB for each thousand passes, of which Python's own heap has less than a tenth.
    assert (after[2] - memory) / 10 <= 1_500

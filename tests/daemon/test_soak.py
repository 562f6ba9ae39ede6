"""A daemon runs for months: its passes leave no objects, no memory and no file descriptors behind.

python -m tests.daemon.test_soak WARM_UP PASSES      prints what is held before and after so many passes
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import json
import os
import subprocess
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.decide.small_county import PACK, Small, at, small_county
from tracker.daemon.process import free_memory, share_one_heap
from tracker.store.engine import Store

#: A crawl every six hours, the other passes every twenty minutes.
STEP, CRAWLS = timedelta(minutes=20), 18
BEGIN = at("2015-08-03", "06:00")


async def live(small: Small, passes: int) -> None:
    """So many passes, in which the site publishes what falls due each month and each quarter."""
    for number in range(passes):
        before = small.clock.now
        small.clock.now = now = before + STEP
        if now.month != before.month:
            small.site.publish("environment", f"{before:%Y}年{before.month}月份水环境质量", now)
            quarter = f"{before:%Y}年第{(before.month + 2) // 3}季度社会保险"
            small.site.publish("insurance", quarter, now, "参保情况、基金收支")
        await small.turn(crawl=number % CRAWLS == 0)


class Held(NamedTuple):
    """Open file descriptors, objects that the collector knows, and in kB: memory in use, and resident of its own.

    `in_use` is counted by the C library and holds every object where Python allocates by it (PYTHONMALLOC=malloc);
    0 where it is another. `resident` has what lies free among it too, and no pages of mapped files.
    """

    files: int
    objects: int
    in_use: int
    resident: int


def held(store: Store) -> Held:
    """What the process holds. Not counted is SQLite's page cache, which fills up to 2 MB a connection."""
    store.engine.dispose()
    free_memory()
    status = Path("/proc/self/status").read_text()
    resident = int(status.split("RssAnon:")[1].split()[0])
    return Held(len(os.listdir("/proc/self/fd")), len(gc.get_objects()), _in_use() // 1024, resident)


class _Mallinfo(ctypes.Structure):
    """What mallinfo2(3) says, in bytes; of the ten, `hblkhd` is in use in mapped blocks and `uordblks` elsewhere."""

    _names = ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")
    _fields_ = tuple(zip(_names, (ctypes.c_size_t,) * 10, strict=True))


def _in_use() -> int:
    """Bytes in use, by the C library; 0 where it cannot tell."""
    try:
        mallinfo = ctypes.CDLL(None).mallinfo2
    except (AttributeError, OSError):
        return 0
    mallinfo.restype = _Mallinfo
    counted = mallinfo()
    return int(counted.hblkhd + counted.uordblks)


async def measure(root: Path, warm_up: int, passes: int) -> tuple[Held, Held]:
    """What is held before and after so many passes."""
    with Store(f"sqlite:///{root / 'duban.db'}") as store:
        store.migrate()
        async with small_county(root, store, BEGIN) as small:
            small.office.lives_on = True
            small.reload(pack=PACK.replace("until: 2015-12-31", "until: 2016-12-31"))
            await live(small, warm_up)
            before = held(store)
            await live(small, passes)
            return before, held(store)


async def test_passes_leave_no_file_and_no_object_behind(tmp_path: Path) -> None:
    before, after = await measure(tmp_path, 2 * CRAWLS, 2 * CRAWLS)
    assert after.files <= before.files
    assert after.objects - before.objects <= 2_000


@pytest.mark.nightly
@pytest.mark.timeout(5400)
def test_ten_thousand_passes_take_bounded_memory() -> None:
    """In a process of its own, whose threads share one heap as those of the daemon do.

    The warm-up goes beyond the end of a quarter, when steps and reports are decided for the first time.
    """
    command = (sys.executable, "-m", __spec__.name, "5000", "10000")
    environment = {**os.environ, "PYTHONMALLOC": "malloc"}
    said = subprocess.run(command, capture_output=True, check=True, text=True, env=environment).stdout
    before, after = (Held(*each) for each in json.loads(said))
    assert after.files <= before.files
    assert after.objects - before.objects <= 10_000
    assert (after.in_use - before.in_use) / 10 <= 50  # kB for each thousand passes
    assert (after.resident - before.resident) / 10 <= 200  # free memory lies among it


if __name__ == "__main__":
    share_one_heap()
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(asyncio.run(measure(Path(name), *map(int, sys.argv[1:3])))))

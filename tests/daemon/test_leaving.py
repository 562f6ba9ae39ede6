"""A daemon ends in time whatever its worker threads wait for."""

from __future__ import annotations

import subprocess
import sys

import pytest

_PROGRAM = """
import asyncio, sys, threading
from tracker.daemon.process import exit_process, worker_threads

async def main():
    workers, answers = worker_threads(), threading.Event()
    asyncio.get_running_loop().set_default_executor(workers)
    asyncio.get_running_loop().run_in_executor(None, answers.wait, {wait})
    await asyncio.to_thread(int)  # the one before has begun
    exit_process(workers, {code})
    print("left in order")
    return {code}

sys.exit(asyncio.run(main()))
"""


@pytest.mark.parametrize(("wait", "said"), [(0, "left in order\n"), (600, "")], ids=["has ended", "waits for minutes"])
def test_the_process_ends_with_its_code_though_a_thread(wait: int, said: str) -> None:
    program = _PROGRAM.format(wait=wait, code=3)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert (ended.returncode, ended.stdout) == (3, said), ended.stderr

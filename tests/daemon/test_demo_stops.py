"""Ctrl-C in the middle of the demo's year: it stops at once and says where everything lies."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from tests.daemon.daemon_process import CHECKOUT, PATIENCE


@pytest.mark.nightly
async def test_the_demo_stops_at_once_and_cleanly(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tracker", "demo", "--dir", str(tmp_path / "demo"), "--speed", "0",
        cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        assert "2015-01-01" in (await process.stderr.readline()).decode()
        process.send_signal(signal.SIGINT)
        said, complained = await process.communicate()
    assert process.returncode == 0
    assert complained.decode().endswith("stopped\n")
    assert [line.split()[0] for line in said.decode().splitlines()] == ["database", "mails", "ledger", "archive"]

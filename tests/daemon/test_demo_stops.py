"""The demo at its end: Ctrl-C in the middle of its year, and its pages that stay open in a terminal."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import aiohttp
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


@pytest.mark.nightly
async def test_in_a_terminal_its_pages_stay_open_with_a_log_in_of_each_role(tmp_path: Path) -> None:
    master, terminal = os.openpty()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tracker", "demo", "--dir", str(tmp_path / "demo"), "--speed", "0",
        "--until", "2015-01-03",
        cwd=CHECKOUT, stdin=terminal, stdout=terminal, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    os.close(terminal)
    try:
        async with asyncio.timeout(PATIENCE):
            shown = await asyncio.to_thread(_read_until, master, "Ctrl-C")
            (base,) = re.findall(r"pages +(http://\S+)", shown)
            people = dict(re.findall(r"^  (liaison|office|supervisor|auditor) +(\S+)", shown, re.MULTILINE))
            assert list(people) == ["liaison", "office", "supervisor", "auditor"]
            for login, password in people.items():
                async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
                    given = {"login": login, "password": password, "next": "/matters"}
                    async with browser.post(f"{base}login", data=given) as answer:
                        assert (answer.status, answer.url.path) == (200, "/d/matters"), await answer.text()
            os.write(master, b"no number\n2\n")
            assert "2015-01-06 09:00" in await asyncio.to_thread(_read_until, master, "09:00")
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    finally:
        os.close(master)
        if process.returncode is None:
            process.kill()
            await process.wait()


def _read_until(terminal: int, word: str) -> str:
    shown = ""
    while word not in shown:
        shown += os.read(terminal, 4096).decode(errors="replace").replace("\r", "")
    return shown

"""The demo of many counties: what is drawn is a country, three workers read it, and nothing of it is left."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from datetime import date
from pathlib import Path

import pytest

from tests.daemon.daemon_process import CHECKOUT, PATIENCE
from tracker.commands.context import UsageError, shipped
from tracker.commands.country import open_database, run_country
from tracker.demo.country import POLITE, Pace, draw_counties, write_country
from tracker.reports.sums import list_counties
from tracker.rulebook.load import load


def test_what_is_drawn_are_the_counties_of_a_province_with_rules_that_hold(tmp_path: Path) -> None:
    counties = draw_counties(12, 0)
    sites = [f"http://127.1.0.{number}/" for number in range(12)]
    write_country(tmp_path, shipped(), counties, sites, date(2026, 12, 3), "127.0.0.1:8080", POLITE)
    loaded = load(tmp_path, {})
    assert [county.id for county in list_counties(loaded, "91")] == [county.id for county in counties]
    assert len(list_counties(loaded, "9102")) == 2
    assert {len(book.duties) for book in loaded.rulebooks} == {3, 5, 7}


def test_three_workers_need_a_database_that_several_processes_share() -> None:
    with pytest.raises(UsageError, match="a cluster needs PostgreSQL"), open_database("sqlite:///duban.db"):
        pass


@pytest.mark.nightly
async def test_a_worker_is_killed_and_its_counties_are_read_by_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await run_country(tmp_path / "demo", 12, "", 0, Pace(0.3, 0))
    shown, said = capsys.readouterr()
    assert "is killed (kill -9) while it reads" in said
    assert "takes over from it" in said
    assert "12 of 12 counties are read" in said
    assert "12 counties: " in said
    assert shown.index("永州市") < shown.index("河清县")
    assert left_of(tmp_path) == []


@pytest.mark.nightly
async def test_ctrl_c_leaves_no_process_and_no_database(tmp_path: Path) -> None:
    place = tempfile.mkdtemp(prefix="duban-")  # a socket's path is short, and the server's user must reach it
    os.chmod(place, 0o755)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tracker", "demo", "--dir", str(tmp_path / "demo"), "--counties", "3",
        cwd=CHECKOUT, env={**os.environ, "TMPDIR": place}, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while b"three workers start" not in (line := await process.stderr.readline()):
            assert line
        assert left_of(tmp_path) != []
        process.send_signal(signal.SIGINT)
        rest = (await process.stderr.read()).decode()
        assert await process.wait() == 0
    assert rest == "stopped\n"
    assert left_of(tmp_path) == []
    os.rmdir(place)  # it is empty


def left_of(folder: Path) -> list[str]:
    """The processes whose command line names the folder."""
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            lines.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it has just ended
            continue
    return [line for line in lines if f"{folder}/" in line and str(os.getpid()) not in line.split()]

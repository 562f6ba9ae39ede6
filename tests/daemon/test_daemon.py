"""The daemon as its operator sees it: one at a time, reloads, stops, says what it missed, stays small."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import pytest

from tests.daemon.daemon_process import CHECKOUT, SITE_NOW, Daemon, change, observed, site_of, store_of
from tracker.daemon.scheduler import JobScheduler
from tracker.demo.site import serve
from tracker.demo.world import World
from tracker.store.jobs import read_lease
from tracker.store.tables_reports import runs

HEAVY = ("sqlalchemy", "pydantic", "aiohttp", "jinja2", "rich", "apscheduler", "alembic", "yaml")


@pytest.fixture
async def site(world: World) -> AsyncIterator[str]:
    async with serve(site_of(world)) as base:
        yield base


@pytest.mark.nightly
async def test_a_second_scheduler_on_one_database_says_who_holds_it_and_ends(folder: Path, site: str) -> None:
    observed(folder, 0)
    first = await Daemon.start(folder, site=site)
    await first.says("running for sample")
    second = await Daemon.start(folder, site=site)
    said = await second.says("another scheduler runs on this database")
    assert re.search(rf"database: \S+:{first.process.pid}, since 20\d\d-", said)
    assert await second.ended() == 2
    with store_of(folder) as store, store.read() as tx:
        lease = read_lease(tx, "scheduler")
    assert lease is not None
    assert lease.holder.endswith(f":{first.process.pid}")
    assert await first.stop() == 0


@pytest.mark.nightly
async def test_after_a_kill_a_new_one_takes_over_at_once_and_a_stopped_one_leaves_nothing_held(
    folder: Path, site: str
) -> None:
    observed(folder, 0)
    killed = await Daemon.start(folder, site=site)
    await killed.says("running for sample")
    killed.kill()
    assert await killed.ended() == -signal.SIGKILL
    heir = await Daemon.start(folder, site=site)
    await heir.says("running for sample")
    assert await heir.stop() == 0
    with store_of(folder) as store, store.read() as tx:
        assert read_lease(tx, "scheduler") is None
        outcomes = {row.outcome for row in tx.execute(runs.select())}
    assert "running" not in outcomes


async def test_a_reload_takes_good_rules_and_keeps_the_last_good_ones_where_they_are_wrong(
    folder: Path, site: str
) -> None:
    observed(folder, 0)
    daemon = await Daemon.start(folder, site=site)
    await daemon.says("caught up")
    change(folder / "schedule.yaml", ("tick: ", "tikc: "))
    daemon.tell(signal.SIGHUP)
    await daemon.says("the rules are wrong, the last good ones stay in force")
    assert re.match(r".*schedule\.yaml:\d+:3: .*'tikc'.*\(allowed: .*tick", await daemon.line())

    change(folder / "schedule.yaml", ("tikc: .*", 'tick: "0 3 1 1 *"'))
    change(folder / "rules" / "packs" / "plan-2015.yaml", ("until: 2015-02-28}", "until: 2015-03-31}"))
    daemon.tell(signal.SIGHUP)
    said = await daemon.says("new rules in force")
    assert re.search(r"tick \d{4}-01-01 03:00", said)
    assert await daemon.stop() == 0


async def test_a_reload_logs_which_waiting_notices_the_new_hours_move(folder: Path, site: str) -> None:
    observed(folder, 0)
    hour = "20" if datetime.now(SITE_NOW.tzinfo).hour < 12 else "03"  # the office is closed now and for a while
    schedule = folder / "schedule.yaml"
    hours = f'hours: {{begin: "{hour}:00", end: "{hour}:59"}}'
    change(schedule, ("    urgent: true\n", ""), (r"(?m)^hours: .*", hours))
    daemon = await Daemon.start(folder, site=site)
    await daemon.says("caught up")
    change(schedule, (f'begin: "{hour}:00"', f'begin: "{hour}:30"'))
    daemon.tell(signal.SIGHUP)
    line = await daemon.says("sample: other rules, ")
    assert re.search(rf"[1-9]\d* waiting notices moved, 0 withdrawn: .* from .* {hour}:00 to .* {hour}:30", line)
    daemon.tell(signal.SIGHUP)
    await daemon.says("new rules in force")
    await daemon.says("0 new, 0 changed")
    assert await daemon.stop() == 0
    assert sum("other rules" in line for line in daemon.lines) == 2, "at the start, and by the first reload"


@pytest.mark.nightly
@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.nightly)], ids=lambda one: one.name
)
async def test_it_ends_well_in_the_middle_of_a_crawl_of_a_slow_site(
    folder: Path, world: World, number: signal.Signals
) -> None:
    asked, never = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        asked.set()
        await never.wait()

    async with serve(site_of(world, hang)) as site:
        daemon = await Daemon.start(folder, site=site)
        await daemon.says("running for sample")
        await asked.wait()
        daemon.tell(number)
        async with asyncio.timeout(10):
            assert await daemon.ended() == 0
        assert any("stopped" in line for line in daemon.lines)
        never.set()
    with store_of(folder) as store, store.read() as tx:
        assert [row.outcome for row in tx.execute(runs.select())] == ["stopped"]


@pytest.mark.nightly
async def test_after_downtime_it_says_in_which_hours_nothing_was_observed(folder: Path, site: str) -> None:
    observed(folder, 60, 30, 2)
    daemon = await Daemon.start(folder, site=site)
    said = [line for line in (await daemon.says("running for"), *daemon.lines) if " gap: " in line]
    assert len(said) == 2
    assert all(re.search(r"nothing was observed from 20\S+T\S+ to 20\S+T\S+", line) for line in said)
    assert await daemon.stop() == 0


@pytest.mark.nightly
async def test_log_lines_are_json_where_wanted_and_each_says_what_was_being_done(folder: Path, site: str) -> None:
    observed(folder, 0)
    daemon = await Daemon.start(folder, "--log-format", "json", site=site)
    await daemon.says("caught up")
    assert await daemon.stop() == 0
    lines = [json.loads(line) for line in daemon.lines if line]
    assert [action for action, _ in groupby(line["action"] for line in lines)] == [
        "start", "tick", "deliver", "start", "stop",
    ]  # fmt: skip
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)


def kilobytes(pid: int) -> int:
    """What the process holds in memory now."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.nightly
@pytest.mark.parametrize("until", ["2015-03-31", "2015-12-31"])
async def test_idle_it_needs_less_than_115_megabytes_when_it_has_caught_up(folder: Path, site: str, until: str) -> None:
    change(folder / "rules" / "packs" / "plan-2015.yaml", ("until: 2015-02-28}", f"until: {until}}}"))
    daemon = await Daemon.start(folder, site=site)
    await daemon.says("caught up")
    for _ in range(100):  # what the passes used is given back soon after
        if (held := kilobytes(daemon.process.pid)) < 115_000:
            break
        await asyncio.sleep(0.1)
    assert await daemon.stop() == 0
    assert held < 115_000


def test_help_loads_nothing_heavy() -> None:
    code = f"""
import sys
from tracker.commands.main import main
try:
    main(["--help"])
except SystemExit:
    print("heavy:", sorted(set(sys.modules) & {set(HEAVY)!r}))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert "COMMAND" in done.stdout
    assert done.stdout.endswith("heavy: []\n")


async def test_a_new_timetable_leaves_the_heartbeat_running() -> None:
    beats = asyncio.Event()

    async def beat() -> None:
        beats.set()

    async def work() -> None:
        raise AssertionError("not due")

    scheduler = JobScheduler({"heartbeat": beat, "tick": work}, UTC)
    scheduler.schedule({"tick": "0 3 1 1 *", "a-job-of-a-later-version": "* * * * *"})
    scheduler.every("heartbeat", 1)
    scheduler.start()
    scheduler.schedule({"tick": "0 4 1 1 *"})
    async with asyncio.timeout(30):
        await beats.wait()
    await scheduler.stop(1)

"""The machine's clock after a leap: what systemd and the sites say of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from tests.decide.small_county import COUNTY, small_county
from tracker.clock import system_clock
from tracker.daemon.jobs import Office
from tracker.daemon.scheduler import JobScheduler
from tracker.daemon.system_clock import LEAP, GuardedClock, is_synchronised
from tracker.demo.replay import SimulatedClock
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store
from tracker.store.jobs import begin_run, end_run, find_last_instant, stop_runs

NOW = datetime(2015, 10, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answer", "synchronised"), [("echo yes", True), ("echo no", False), ("echo", None), ("exit 1", None)]
)
def test_timedatectl_is_believed(tmp_path: Path, answer: str, synchronised: bool | None) -> None:
    command = tmp_path / "timedatectl"
    command.write_text(f"#!/bin/sh\n{answer}\n")
    command.chmod(0o755)
    assert is_synchronised(tmp_path / "none", (str(command),)) is synchronised


def test_the_file_of_timesyncd_is_enough_and_without_systemd_nothing_is_known(tmp_path: Path) -> None:
    flag, missing = tmp_path / "synchronized", (str(tmp_path / "timedatectl"),)
    assert is_synchronised(flag, missing) is None
    flag.touch()
    assert is_synchronised(flag, missing) is True


@pytest.fixture
def store_url(sqlite_url: str) -> str:
    """What a database does here is the same in each: one is enough."""
    return sqlite_url


def passed(store: Store, at: datetime, ended: datetime | None = None) -> None:
    """A pass of that instant. `ended`: where it was stopped, and a scheduler wrote its end at its start."""
    with store.begin() as tx:
        run = begin_run(tx, "tick", at, at)
        assert run is not None
        if ended is None:
            end_run(tx, run, at)
        else:
            stop_runs(tx, ended)


@dataclass
class Sites:
    """Sites on loopback that answer with their own date. `rules`: of a county that watches all."""

    rules: Loaded
    dates: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.Response(status=404, headers={"Date": self.dates.get(request.path, "none")})


@pytest.fixture
async def sites(tmp_path: Path, store: Store) -> AsyncIterator[Sites]:
    async with small_county(tmp_path, store, NOW) as small:
        sites = Sites(small.office.loaded)
        app = web.Application()
        app.router.add_get("/{column}/", sites.answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        bases = [await listening(runner) for _ in range(3)]
        county = COUNTY.replace("${SMALL_SITE}", f"{bases[0]}/")
        for base, path in zip(bases[1:], ("/insurance/", "/powers/"), strict=True):
            county = county.replace(f"url: {path}", f"url: {base}{path}")
        small.reload(county=county)
        sites.rules = small.office.loaded
        yield sites
        await runner.cleanup()


async def listening(runner: web.AppRunner) -> str:
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return f"http://127.0.0.1:{runner.addresses[-1][1]}"


@pytest.mark.parametrize("later", [timedelta(days=365), timedelta(days=-365), LEAP + timedelta(minutes=1)])
@pytest.mark.parametrize(
    ("synchronised", "dates", "reason"),
    [
        (True, (-400, -400), ""),  # systemd is believed
        (False, (0, 0.9), ""),  # the machine was off for so long
        (None, (0, 0), ""),
        (None, (0, None), ""),
        (None, (-365.5, -365), "but 127.0.0.1:"),
        (None, (2, None), "but 127.0.0.1:"),
        (None, (0, 300), "confirms it"),  # they contradict each other
        (None, (300, 0, 0.5), ""),  # one is wrong
        (None, (0, 300, 300), "but 127.0.0.1:"),
        (None, (0, 300, 600), "confirms it"),
        (None, (None, None), "confirms it"),
        (False, (None, None), "confirms it"),
    ],
)
async def test_after_a_leap_passes_run_only_if_systemd_or_the_sites_confirm_the_clock(
    store: Store,
    sites: Sites,
    later: timedelta,
    synchronised: bool | None,
    dates: tuple[float | None, ...],
    reason: str,
) -> None:
    passed(store, NOW)
    now = NOW + later
    for path, days in zip(("/environment/", "/insurance/", "/powers/"), dates, strict=False):
        sites.dates[path] = "none" if days is None else format_datetime(now + timedelta(days=days), usegmt=True)
    hold = await GuardedClock(lambda: now, lambda: 0, lambda: synchronised).explain_hold(store, sites.rules)
    assert (reason in str(hold)) if reason else hold is None
    assert bool(sites.asked) is not bool(synchronised)


@pytest.mark.parametrize("later", [LEAP, -LEAP, timedelta()])
async def test_without_a_leap_nobody_is_asked(store: Store, sites: Sites, later: timedelta) -> None:
    clock = GuardedClock(lambda: NOW + later, lambda: 0, lambda: False)
    assert await clock.explain_hold(store, sites.rules) is None  # a new database
    passed(store, NOW)
    assert await GuardedClock(lambda: NOW + later, lambda: 0, lambda: False).explain_hold(store, sites.rules) is None
    assert sites.asked == []


async def test_a_job_that_was_stopped_does_not_confirm_the_clock_of_who_wrote_its_end(
    store: Store, sites: Sites
) -> None:
    passed(store, NOW)
    year = NOW + timedelta(days=365)
    passed(store, NOW + timedelta(hours=1), ended=year)
    assert await GuardedClock(lambda: year, lambda: 0, lambda: None).explain_hold(store, sites.rules) is not None


async def test_a_clock_that_leaps_does_so_between_passes_and_comes_back_by_itself(store: Store, sites: Sites) -> None:
    machine, seconds = SimulatedClock(NOW), SimulatedClock(NOW)
    clock = GuardedClock(machine, lambda: seconds().timestamp(), lambda: None)
    assert await clock.explain_hold(store, sites.rules) is None
    machine.now += timedelta(days=365)
    seconds.now += timedelta(minutes=5)
    assert clock() == NOW + timedelta(minutes=5)  # in a pass that is under way
    assert await clock.explain_hold(store, sites.rules) is not None  # on a new database too
    assert clock() == NOW + timedelta(minutes=5)
    machine.now = NOW + timedelta(hours=1)  # set right, within what is not asked about
    assert await clock.explain_hold(store, sites.rules) is None
    assert clock() == NOW + timedelta(hours=1)


async def test_a_held_pass_does_nothing_and_says_why(
    store: Store, sites: Sites, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    passed(store, NOW)
    later = NOW + timedelta(days=365)
    office = Office(sites.rules, store, GuardedClock(lambda: later, lambda: 0, lambda: None), tmp_path)
    for work in office.tasks().values():
        await work()
    assert len([record for record in caplog.records if "confirms it" in record.message]) == len(office.tasks())
    with store.read() as tx:
        assert find_last_instant(tx) == NOW


async def test_a_job_that_a_clock_put_off_runs_when_its_line_says() -> None:
    async def task() -> None:
        """Nothing is run in this test."""

    scheduler = JobScheduler({"tick": task}, ZoneInfo("Asia/Shanghai"))
    scheduler.start()
    scheduler.schedule({"tick": "*/10 * * * *"})
    (job,) = scheduler._scheduler.get_jobs()
    job.modify(next_run_time=system_clock() + timedelta(days=365))
    scheduler.follow_clock()
    (job,) = scheduler._scheduler.get_jobs()
    assert job.next_run_time <= system_clock() + timedelta(minutes=10)
    await scheduler.stop(0.1)

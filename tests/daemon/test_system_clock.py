"""What the machine's clock is worth: what systemd says of it, and a leap since the last pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tracker.clock import system_clock
from tracker.daemon.scheduler import JobScheduler
from tracker.daemon.system_clock import LEAP, explain_leap, is_synchronised
from tracker.store.engine import Store
from tracker.store.jobs import begin_run, end_run

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


@pytest.mark.parametrize(
    ("later", "synchronised", "is_held"),
    [
        (timedelta(days=365), False, True),
        (timedelta(days=365), True, False),  # it was down for so long
        (timedelta(days=365), None, False),  # nobody can tell
        (LEAP, False, False),
        (LEAP + timedelta(minutes=1), False, True),
        (timedelta(days=-365), False, False),  # that is set right by the next pass
    ],
)
def test_no_pass_runs_after_a_leap_of_a_clock_that_is_not_synchronised(
    store: Store, later: timedelta, synchronised: bool | None, is_held: bool
) -> None:
    assert explain_leap(store, NOW, lambda: False) is None  # a new database
    with store.begin() as tx:
        run = begin_run(tx, "tick", NOW, NOW)
        assert run is not None
        end_run(tx, run, NOW)
    reason = explain_leap(store, NOW + later, lambda: synchronised)
    assert (reason is not None) is is_held
    if is_held:
        assert "timedatectl set-ntp true" in str(reason)


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

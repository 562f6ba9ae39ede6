"""The systemd service: its files hold together, and it may do little beside its work."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from install.build import HERE

UNIT = HERE / "duban.service"


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(UNIT, encoding="utf-8")
    return read


def test_the_user_and_the_folder_are_those_that_are_made_for_it() -> None:
    service = unit()["Service"]
    user, folder = service["User"], f"/var/lib/{service['StateDirectory']}"
    assert re.search(rf"^u {user} - \"\w+\" {folder}$", (HERE / "duban.sysusers").read_text(), re.MULTILINE)
    assert f"d {folder} {service['StateDirectoryMode']} {user} {user} -" in (HERE / "duban.tmpfiles").read_text()
    assert f"DUBAN_ROOT={folder}" in service["Environment"].split()


def test_its_watchdog_is_longer_than_three_of_the_daemon_s_heartbeats() -> None:
    from tracker.daemon.service import LEASE

    assert int(unit()["Service"]["WatchdogSec"]) >= LEASE.total_seconds()


def test_limits_of_the_reading_process_may_be_set() -> None:
    """The filter of system calls lets setrlimit(2) pass: pages are read in a process that bounds itself."""
    assert "@resources" not in UNIT.read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
def test_systemd_takes_the_unit_and_finds_little_exposed(tmp_path: Path) -> None:
    """The figure is systemd's own: 0 is a service that may do nothing, 10 one that may do all."""
    copy = tmp_path / "duban.service"
    copy.write_text(re.sub(r"(?m)^(ExecStart=)\S+", r"\1/bin/true", UNIT.read_text()).replace("man:duban(1)", ""))
    verified = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    command = ["systemd-analyze", "security", "--offline=yes", "--threshold=15", copy]
    rated = subprocess.run(command, capture_output=True, text=True, check=False)
    assert rated.returncode == 0, rated.stdout[-300:]

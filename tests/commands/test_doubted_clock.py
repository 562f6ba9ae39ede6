"""A command that makes a pass does none while the machine's clock is doubted, unless a person gives the time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import Duban
from tracker.daemon.system_clock import is_synchronised


@pytest.mark.skipif(is_synchronised() is True, reason="systemd confirms this machine's clock")
@pytest.mark.parametrize("command", ["crawl", "tick", "deliver", "once"])
def test_years_after_the_last_pass_with_a_site_that_is_down(county: Path, duban: Duban, command: str) -> None:
    answer = duban(command)
    assert answer.status == 2
    assert "the last pass was at 2015-05-04 01:00Z, and neither systemd nor a watched site confirms it" in answer.err
    assert "the last pass was at 2015-05-04 01:00Z" in duban("doctor", "--offline").out
    assert duban("tick", "--now", "2015-05-05T09:00").status == 0

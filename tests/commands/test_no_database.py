"""A mistyped database is said to be missing; a command that only reads makes none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import Duban


@pytest.mark.parametrize(
    "command",
    ["status", "explain air-quality/huanbao/2015-01-10", "journal show", "journal verify", "event list"],
)
def test_reading_makes_no_database(duban: Duban, tmp_path: Path, command: str) -> None:
    there = tmp_path / "nowhere" / "duban.db"
    said = duban(*command.split(), "--database", f"sqlite:///{there}")
    assert said.status == 2
    assert said.err == f"duban: sqlite:///{there}: no database there yet; `duban once` or `duban run` makes one\n"
    assert not there.parent.exists()

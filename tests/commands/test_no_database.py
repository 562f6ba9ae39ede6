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


@pytest.mark.parametrize(
    ("content", "remedy"), [("junk" * 400, "restore this one from a copy"), (None, "let this user write in")]
)
def test_a_database_that_cannot_be_used_is_a_sentence_with_what_to_do(
    duban: Duban, tmp_path: Path, content: str | None, remedy: str
) -> None:
    path = tmp_path / "odd.db"
    if content is None:
        path.mkdir()
    else:
        path.write_text(content)
    said = duban("--database", f"sqlite:///{path}", "status")
    assert (said.status, remedy in said.err, said.err.count("\n")) == (2, True, 1), said.err

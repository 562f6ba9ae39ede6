"""Where a cluster cannot run it is said in one sentence."""

from __future__ import annotations

import sys

import pytest

from tests.commands.command_line import Duban

AS_CLUSTER = ["run --engine cluster", "worker", "worker --only crawl --only deliver"]


@pytest.mark.parametrize("command", AS_CLUSTER)
def test_a_file_is_refused(duban: Duban, command: str) -> None:
    said = duban(*command.split())
    assert (said.status, said.err.count("\n")) == (2, 1)
    assert "a cluster needs PostgreSQL: several machines cannot share a file" in said.err


def test_without_the_library_it_says_what_to_install(duban: Duban, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "procrastinate", None)  # as if it were not there
    said = duban("--database", "postgresql://nowhere/duban", "worker")
    assert said.status == 2
    assert "not installed here: pip install 'duban[cluster]'" in said.err

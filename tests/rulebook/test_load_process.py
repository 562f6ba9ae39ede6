"""A daemon's rules come from a child process: the same, without its libraries, and never from another program."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from tracker.rulebook import load_process
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.load import load
from tracker.rulebook.load_process import load_in_process

ROOT = Path(__file__).parents[2]
HEAVY = ("pydantic", "yaml", "chinese_calendar")


@pytest.mark.nightly
def test_they_are_the_rules_that_loading_here_gives(caplog: pytest.LogCaptureFixture) -> None:
    there, here = load_in_process(ROOT, os.environ), load(ROOT, os.environ)
    assert (there.rulebooks, there.schedule, there.bodies) == (here.rulebooks, here.schedule, here.bodies)
    again = load_in_process(ROOT, os.environ, there)
    assert again.rulebooks[0] is there.rulebooks[0]  # nothing has changed
    assert not caplog.records


def test_errors_come_as_they_are(tmp_path: Path) -> None:
    with pytest.raises(RuleErrors) as here:
        load(tmp_path, {})
    with pytest.raises(RuleErrors) as there:
        load_in_process(tmp_path, {})
    assert there.value.errors == here.value.errors


def test_another_program_in_the_current_folder_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "tracker").mkdir()
    (tmp_path / "tracker" / "__init__.py").write_text("raise SystemExit('the wrong program')")
    code = f"""
import os, sys
from pathlib import Path
from tracker.rulebook.load_process import load_in_process
os.chdir({str(tmp_path)!r})
load_in_process(Path({str(ROOT)!r}), os.environ)
print(sorted(set(sys.modules) & {set(HEAVY)!r}))
"""
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-P", "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_an_answer_of_another_version_is_not_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As after an upgrade under a running daemon: the hash that it took at its start is that of the old files."""
    monkeypatch.setattr(load_process, "PROGRAM", b"that of the old files")
    with caplog.at_level(logging.WARNING):
        loaded = load_in_process(ROOT, os.environ)
    assert loaded.rulebooks == load(ROOT, os.environ).rulebooks
    assert [record.message for record in caplog.records] == [
        "rules are loaded in this process: another version of the program answered"
    ]


@pytest.mark.parametrize("answer", [b"", b"nothing", b"K\x01."])
def test_half_an_answer_is_none(answer: bytes) -> None:
    assert load_process._read_answer(BytesIO(answer)) is None

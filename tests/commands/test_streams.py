"""Where a command writes to: a pipe that closes, a full disk, a terminal that knows no Chinese, nothing at all."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

import tracker
from tests.commands.command_line import Duban

CHECKOUT = Path(tracker.__file__).parents[1]
FULL = Path("/dev/full")
OTHERS = ("duban status", "duban check")


def shell(county: Path, line: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    """A line of the shell, in which `duban` stands for the command."""
    command = f'duban() {{ "{sys.executable}" -m tracker --root "{county}" "$@"; }}; {line}'
    environment = {**os.environ, **environ}
    return subprocess.run(["sh", "-c", command], capture_output=True, cwd=CHECKOUT, env=environment, check=False)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("environ", "encoding"),
    [
        ({"PYTHONIOENCODING": "ascii"}, "utf-8"),
        pytest.param({"PYTHONIOENCODING": "latin-1"}, "utf-8", marks=pytest.mark.nightly),
        ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "utf-8"),
        ({"PYTHONIOENCODING": "gbk"}, "gbk"),
    ],
    ids=str,
)
def test_chinese_comes_through_whatever_the_locale(county: Path, environ: dict[str, str], encoding: str) -> None:
    said = shell(county, "duban status --format csv", **environ)
    assert (said.returncode, said.stderr) == (0, b"")
    assert "应不晚于2015年" in said.stdout.decode(encoding)


@pytest.mark.parametrize(
    "line", ["duban deadlines --format csv", *(pytest.param(one, marks=pytest.mark.nightly) for one in OTHERS)]
)
def test_a_closed_stdout_takes_nothing_and_breaks_nothing(county: Path, line: str) -> None:
    said = shell(county, f"{line} >&-")
    assert said.returncode == 0
    assert b"Traceback" not in said.stderr


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")
@pytest.mark.parametrize(
    "line",
    ["duban workdays 2015-01-05 1", "duban status"]
    + [pytest.param(one, marks=pytest.mark.nightly) for one in ("duban deadlines --format csv", "duban schema")],
)
def test_a_full_disk_is_said_in_one_line(county: Path, line: str) -> None:
    said = shell(county, f"{line} >{FULL}")
    assert (said.returncode, said.stderr) == (
        2,
        b"duban: No space left on device; make room on this disk, nothing is lost\n",
    )


@pytest.mark.nightly
def test_a_reader_that_has_seen_enough_is_no_fault(county: Path) -> None:
    said = shell(county, "duban deadlines --format csv | head -1")
    assert said.stdout.startswith(b"county,pack,duty")
    assert b"Traceback" not in said.stderr
    assert b"Broken" not in said.stderr


def test_what_the_database_refuses_is_said_in_its_words(duban: Duban, county: Path) -> None:
    with closing(sqlite3.connect(county / "duban.db", isolation_level=None)) as connection:
        connection.execute("ALTER TABLE occurrences RENAME TO elsewhere")
    answer = duban("status")
    assert (answer.status, answer.out) == (2, "")
    assert answer.err == "duban: the database: no such table: occurrences\n"

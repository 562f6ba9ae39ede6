"""What `--format table` shows in a real terminal of so many columns: no digit of a date, a number or a key is lost."""

from __future__ import annotations

import csv
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tracker.commands.output import fits

ASKED = ("deadlines", "--from", "2015-03-01", "--to", "2015-03-31")
_STYLES = re.compile(r"\x1b\[[0-9;]*m")


def duban(*words: str) -> list[str]:
    return [sys.executable, "-m", "tracker", *words]


def shown(words: tuple[str, ...], columns: int, folder: Path) -> str:
    """What the command writes to a terminal of so many columns, without colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    env = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
    env |= {"TERM": "xterm", "PYTHONPATH": str(Path(__file__).parents[2])}
    process = subprocess.Popen(
        duban(*words), stdin=theirs, stdout=theirs, stderr=subprocess.DEVNULL, cwd=folder, env=env
    )
    os.close(theirs)
    written = b""
    try:
        while piece := os.read(ours, 65536):
            written += piece
    except OSError:  # how Linux says that the other end was closed
        pass
    os.close(ours)
    assert process.wait() == 0
    return _STYLES.sub("", written.decode()).replace("\r\n", "\n")


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    folder, env = tmp_path_factory.mktemp("empty"), {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(duban(*ASKED, "--format", "csv"), cwd=folder, env=env, capture_output=True, text=True)
    return list(csv.DictReader(done.stdout.splitlines()))


@pytest.mark.nightly
@pytest.mark.parametrize(
    "columns", [pytest.param(40, marks=pytest.mark.nightly), 80, pytest.param(99, marks=pytest.mark.nightly)]
)
def test_a_narrow_terminal_shows_records_with_every_field_whole(
    tmp_path: Path, rows: list[dict[str, str]], columns: int
) -> None:
    records = shown(ASKED, columns, tmp_path).strip("\n").split("\n\n")
    assert len(records) == len(rows) > 20
    for record, row in zip(records, rows, strict=True):
        fields = dict(line.replace(" (in Chinese)", "").split(": ", 1) for line in record.split("\n"))
        assert fields == {name: row[name] for name in fields}
        assert fields.keys() >= {"duty", "department", "why"}


@pytest.mark.nightly
@pytest.mark.parametrize(
    "columns", [100, pytest.param(120, marks=pytest.mark.nightly), pytest.param(200, marks=pytest.mark.nightly)]
)
def test_a_wide_terminal_shows_a_table_that_loses_nothing(
    tmp_path: Path, rows: list[dict[str, str]], columns: int
) -> None:
    """A long cell goes on in the next line; a day never does."""
    text = shown(ASKED, columns, tmp_path)
    names = [name for name in text.strip().partition("\n")[0].split() if name in rows[0]]
    assert {"duty", "department", "period", "due_on"} <= set(names)
    for row in rows:
        assert row["due_on"] in text
    for digit in "0123456789":
        assert text.count(digit) >= sum(row[name].count(digit) for row in rows for name in names)


@pytest.mark.parametrize(
    ("widths", "columns", "table"),
    [
        ({"light": 6, "due_on": 10}, 80, True),
        ({"light": 6, "reason": 90}, 80, False),
        ({"light": 6, "reason": 90}, 100, True),
        ({"what": 60}, 80, True),
        ({str(n): 11 for n in range(8)}, 100, False),
        ({str(n): 11 for n in range(8)}, 112, True),
    ],
)
def test_a_table_is_shown_where_its_cells_have_room(widths: dict[str, int], columns: int, table: bool) -> None:
    assert fits(widths, columns) is table

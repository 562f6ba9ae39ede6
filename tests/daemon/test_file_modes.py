"""Other users of the machine: what a command writes they cannot read, and what they can read the doctor names."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.daemon.daemon_process import CHECKOUT
from tests.deliver.outbox_office import rules
from tracker.daemon.file_modes import check_modes


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder to which other users can come, unlike those of pytest."""
    with TemporaryDirectory(prefix="duban-modes-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def modes(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): f"{path.stat().st_mode & 0o777:03o}" for path in sorted(folder.rglob("*"))}


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("mask", "file", "inner"), [("022", "640", "750"), ("077", "600", "700")])
def test_a_command_writes_nothing_that_others_can_read(open_folder: Path, mask: str, file: str, inner: str) -> None:
    new = open_folder / "county"
    command = f'umask {mask}; "{sys.executable}" -m tracker init "{new}" --sample && "{sys.executable}" -m tracker '
    command += f'--root "{new}" tick --now 2015-05-04T09:00'
    subprocess.run(["sh", "-c", command], cwd=CHECKOUT, check=True, capture_output=True)
    written = modes(new)
    written.pop("duban.db-reserve", "")
    assert written["duban.db"] == file
    assert written["schedule.yaml"] == file
    assert written["rules"] == inner
    assert set(written.values()) == {file, inner}


def test_what_others_can_read_is_named(open_folder: Path) -> None:
    (open_folder / "rules").mkdir(mode=0o750)
    database = open_folder / "duban.db"
    for path, mode in ((database, 0o644), (open_folder / "schedule.yaml", 0o640)):
        path.touch()
        path.chmod(mode)
    (line,) = check_modes(rules(), open_folder, f"sqlite:///{database}")
    assert line[:2] == ("modes", "wrong")
    assert f"{database}: other users of this machine can read it (mode 644): chmod o= {database}" in str(line[2])
    open_folder.chmod(0o750)  # nobody else comes there
    ((_, state, _),) = check_modes(rules(), open_folder, f"sqlite:///{database}")
    assert state == "ok"

"""Values of `${NAME}` beside the environment: systemd's credentials, and a file that only its owner reads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracker.rulebook.secret_files import CREDENTIALS, SECRETS_FILE, Variables


def write(folder: Path, content: bytes, mode: int = 0o600) -> None:
    (folder / SECRETS_FILE).write_bytes(content)
    (folder / SECRETS_FILE).chmod(mode)


def test_the_environment_comes_first_and_the_file_last(tmp_path: Path) -> None:
    write(tmp_path, b"# mail\n\nA=file\nB=file\nC = 'file, with = in it'\n")
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    for name in ("A", "B"):
        (credentials / name).write_text("credential\n")
    variables = Variables(tmp_path, {CREDENTIALS: str(credentials), "A": "environment", "C": ""})
    assert [variables.get(name) for name in "ABCD"] == ["environment", "credential", "file, with = in it", None]
    assert (variables.fault, variables.get("../secrets.env")) == (None, None)


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (b"A=hidden7Q", 0o640, "other users can read it (mode 640) and it is not used: chmod 600"),
        (b"A=hidden7Q", 0o602, "(mode 602)"),
        (b"A=1\nhidden7Q", 0o600, "secrets.env:2: write NAME=VALUE"),
        (b"A=hidden7Q\nB C=1", 0o600, "secrets.env:2: write NAME=VALUE"),
        (b"A=\xff", 0o600, "not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_trusted_gives_nothing(tmp_path: Path, content: bytes, mode: int, said: str) -> None:
    write(tmp_path, content, mode)
    variables = Variables(tmp_path, {})
    assert variables.get("A") is None
    assert said in str(variables.fault)
    assert "hidden7Q" not in str(variables.fault)


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / SECRETS_FILE).mkdir(mode=0o700)
    fault = Variables(tmp_path, dict(os.environ)).fault
    assert "Is a directory" in str(fault)

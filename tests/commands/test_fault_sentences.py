"""What goes wrong on a machine: a sentence with what to do, exit status 2, and the database as it was."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

import pytest

from tracker.commands.main import main

#: Root may read and write everything.
NOBODY = 65534
NOW = ("--now", "2015-05-05T09:00")
SECRET = (
    "console: {{listen: '127.0.0.1:{port}', base: 'http://127.0.0.1/', secret: 'k0sVb3mXr9tLw2nHc5yDg8fJp4aEuZqP'}}\n"
)


def run_apart(
    folder: Path, words: tuple[str, ...], *, stdout: str = os.devnull, nobody: bool = False
) -> tuple[int, str]:
    """The exit status of a command in a process of its own, and what it says on stderr."""
    with TemporaryFile() as said, open(stdout, "w") as out:
        child = os.fork()
        if not child:
            os.dup2(out.fileno(), 1)
            os.dup2(said.fileno(), 2)
            sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
            status = 99
            try:
                if nobody and os.geteuid() == 0:
                    os.setgroups([])
                    os.setgid(NOBODY)
                    os.setuid(NOBODY)
                status = main(["--root", str(folder), *words])
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        return status, said.read().decode()


@pytest.fixture
def nobodys(ticked_once: Path) -> Iterator[Path]:
    """The county in a folder to which every user can come, unlike those of pytest."""
    with TemporaryDirectory(prefix="duban-fault-") as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "county"
        shutil.copytree(ticked_once, folder)
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, NOBODY, NOBODY)
        yield folder


def take_away(folder: Path, name: str) -> None:
    """Give a file or folder to another user, who lets nobody read it."""
    if os.geteuid() == 0:
        os.chown(folder / name, 0, 0)
    (folder / name).chmod(0o700 if os.geteuid() == 0 else 0o000)


def change_database(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "duban.db", isolation_level=None)) as database:
        database.execute(statement)


def write_secrets(folder: Path, mode: int) -> None:
    schedule, secrets = folder / "schedule.yaml", folder / "secrets.env"
    text = 'channels:\n  group: {kind: wecom, url: "${DUBAN_WECOM}"}\n'
    schedule.write_text(schedule.read_text("utf-8") + text, "utf-8")
    secrets.write_text("DUBAN_WECOM=http://127.0.0.1:1/\n")
    secrets.chmod(mode)
    if os.geteuid() == 0:
        os.chown(secrets, NOBODY, NOBODY)


CASES: dict[str, tuple[Callable[[Path], object], tuple[str, ...], str]] = {
    "disk full": (lambda folder: None, ("status",), "No space left on device; make room on this disk"),
    "read-only folder": (lambda folder: folder.chmod(0o555), ("silence", "list"), "readonly database; let this"),
    "database of another user": (lambda folder: take_away(folder, "duban.db"), ("silence", "list"), "own it (chown)"),
    "schedule of another user": (
        lambda folder: take_away(folder, "schedule.yaml"), ("check",), "Permission denied; let this user"
    ),
    "rules of another user": (lambda folder: take_away(folder, "rules"), ("check",), "Permission denied; let this"),
    "secrets that others can read": (lambda folder: write_secrets(folder, 0o640), ("deliver", *NOW), "chmod 600"),
    "secrets of another user": (
        lambda folder: (write_secrets(folder, 0o600), take_away(folder, "secrets.env")), ("deliver", *NOW), "chown"
    ),
    "a later version": (
        lambda folder: change_database(folder, "UPDATE alembic_version SET version_num = '9999'"),
        ("status",),
        "is of a later version of duban; this one ends at",
    ),
    "half an upgrade": (
        lambda folder: change_database(folder, "DELETE FROM alembic_version"), ("status",), "half an upgrade by hand"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_a_sentence_and_nothing_is_lost(nobodys: Path, name: str) -> None:
    prepare, words, remedy = CASES[name]
    prepare(nobodys)
    before = (nobodys / "duban.db").read_bytes() if os.access(nobodys / "duban.db", os.R_OK) else b""
    stdout = "/dev/full" if name == "disk full" else os.devnull
    status, said = run_apart(nobodys, words, stdout=stdout, nobody="user" in name or "read-only" in name)
    assert (status, remedy in said, "Traceback" in said) == (2, True, False), said
    assert not before or (nobodys / "duban.db").read_bytes() == before


def test_a_port_that_is_taken_is_named(nobodys: Path) -> None:
    schedule = nobodys / "schedule.yaml"
    with socket.create_server(("127.0.0.1", 0)) as other:
        text = SECRET.format(port=other.getsockname()[1])
        schedule.write_text(schedule.read_text("utf-8") + text, "utf-8")
        status, said = run_apart(nobodys, ("run",))
    assert status == 2
    assert "Address already in use" in said
    assert "end what listens there, or change console.listen" in said

"""The command line in this process, on a folder that `duban init` made."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.commands.beside import beside
from tests.commands.command_line import Duban, Said
from tracker.commands.main import main
from tracker.demo.scenario import build_world
from tracker.demo.site import SampleSite, listen, serve
from tracker.rulebook.load import load

SITE_NOW = datetime(2016, 1, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Every command sets up the log anew, on the stderr of its own test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """However slow the machine is, nothing is said of how far it is, unless a test shortens the patience."""

    def shorten(seconds: float) -> None:
        monkeypatch.setattr("tracker.commands.progress._PATIENCE", seconds)

    shorten(3600)
    return shorten


@pytest.fixture
def duban(capsys: pytest.CaptureFixture[str]) -> Duban:
    """Run a command; what went wrong unexpectedly is raised as it is."""

    def run(*argv: str | Path) -> Said:
        capsys.readouterr()
        try:
            status = main([str(one) for one in argv])
        except SystemExit as ended:  # argparse
            status = int(ended.code or 0)
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped rules in a folder of their own, without a database; nobody writes here."""
    folder = tmp_path_factory.mktemp("made") / "county"
    assert main(["init", "--sample", str(folder)]) == 0
    return folder


@pytest.fixture(scope="session")
def ticked_once(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a database: two events are recorded, and May 2015 was ticked."""
    folder = tmp_path_factory.mktemp("ticked") / "county"
    shutil.copytree(made, folder)
    root = ["--root", str(folder)]
    foi = ["foi-request-received", "--department", "keji", "--on", "2015-04-20", "--reference", "7号"]
    assert main([*root, "event", "add", "budget-approved", "--department", "keji", "--on", "2015-03-02",
                 "--field", "year=2015", "--by", "财政局"]) == 0  # fmt: skip
    assert main([*root, "event", "add", *foi, "--by", "张三"]) == 0
    assert main([*root, "tick", "--now", "2015-05-04T09:00"]) == 0
    return folder


@pytest.fixture
def county(ticked_once: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, and the place where the command is given."""
    folder = tmp_path / "county"
    shutil.copytree(ticked_once, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture(scope="session")
def site(made: Path) -> Iterator[str]:
    """The sample site after the end of 2015, served beside the test."""
    rules = load(made, os.environ)
    app = SampleSite(build_world(rules.rulebooks[0], rules.calendar), lambda: SITE_NOW).app()
    sock, base = listen()
    with beside(serve(app, sock)):
        yield base

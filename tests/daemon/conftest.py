"""The sample county in a folder, and its site."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.daemon.daemon_process import make_county, sample_world
from tests.once_for_all import once_for_all
from tracker.commands.main import main
from tracker.demo.world import World


@pytest.fixture(scope="session")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the county before its daemon first starts; nobody writes here.

    One pass has decided what is late since 2015, so that a daemon that starts has no more to do than any other day.
    """
    return once_for_all(tmp_path_factory, "daemon-county", _decided)


def _decided(folder: Path) -> None:
    make_county(folder)
    assert main(["--root", str(folder), "tick"]) == 0


@pytest.fixture(scope="session")
def world(ready: Path) -> World:
    return sample_world(ready)


@pytest.fixture
def folder(ready: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(ready, tmp_path / "county"))

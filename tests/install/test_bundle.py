"""A server without any network is installed from one file, and what was changed on the way is refused."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from install import build

SCRIPT = build.HERE / "install.sh"
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
#: A network namespace of its own: not even loopback is up in it.
CUT_OFF = ("unshare", "--net", "--map-root-user")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    words = [str(one) for one in command]
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PIP_INDEX_URL")}
    return subprocess.run(words, cwd=cwd, env={**kept, **environment}, capture_output=True, text=True, check=False)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle whose wheels are empty files: enough for what is said before anything is installed."""
    folder = tmp_path / "duban-9.9.9-linux-any"
    wheels = folder / "wheels" / f"cp{HERE.replace('.', '')}"
    wheels.mkdir(parents=True)
    (wheels / "one.whl").touch()
    (folder / "VERSION").write_text("9.9.9")
    shutil.copy(SCRIPT, folder)
    (folder / "SHA256SUMS").write_text(build.hashes_of(folder))
    return folder


def test_a_file_that_was_changed_on_the_way_is_refused(bundle: Path, tmp_path: Path) -> None:
    (bundle / "wheels" / f"cp{HERE.replace('.', '')}" / "one.whl").write_text("another")
    ended = run("sh", bundle / "install.sh", "--to", tmp_path / "there", cwd=tmp_path)
    assert ended.returncode == 2
    assert "this folder is not as it was made" in ended.stderr
    assert not (tmp_path / "there").exists()


def test_without_a_usable_python_the_ones_that_would_do_are_named(bundle: Path, tmp_path: Path) -> None:
    (bundle / "wheels" / f"cp{HERE.replace('.', '')}").rename(bundle / "wheels" / "cp305")
    (bundle / "SHA256SUMS").write_text(build.hashes_of(bundle))
    ended = run("sh", bundle / "install.sh", "--to", tmp_path / "there", cwd=tmp_path)
    assert ended.returncode == 2
    assert "one of cp305 is needed" in ended.stderr


@pytest.mark.parametrize("words", [["--to"], ["--here"], ["--service", "--to", "there"]])
def test_what_it_does_not_know_is_answered_with_what_it_does(bundle: Path, tmp_path: Path, words: list[str]) -> None:
    ended = run("sh", bundle / "install.sh", *words, cwd=tmp_path)
    assert ended.returncode == 2
    assert "--to" in ended.stderr


def test_packing_gives_the_same_bytes_whoever_packs_and_when(bundle: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.tar", tmp_path / "second.tar"
    build.pack(bundle, first)
    for path in (bundle, *bundle.rglob("*")):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    build.pack(bundle, second)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.nightly
def test_it_installs_where_there_is_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundle for the Python at hand is made from the registry, then unpacked where nothing can be reached."""
    if run(*CUT_OFF, "true", cwd=tmp_path).returncode:
        pytest.skip("no network namespace can be made here")
    monkeypatch.setattr(build, "DIST", tmp_path)
    build.build_wheel(tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    version = wheel.name.split("-")[1]
    bill = tmp_path / "bill.json"
    bill.write_text(build.bill_of_materials((build.CHECKOUT / "requirements" / "run.txt").read_text("utf-8"), version))
    with tarfile.open(build.build_bundle(version, wheel, bill, [HERE])) as tar:
        tar.extractall(tmp_path, filter="data")
    (script,) = tmp_path.glob("duban-*/install.sh")
    installed = run(*CUT_OFF, "sh", script, "--to", tmp_path / "program", cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    county = tmp_path / "county"
    county.mkdir()
    duban = tmp_path / "program" / "bin" / "duban"
    for command in ("init", "check", "tick", "status"):
        ended = run(*CUT_OFF, duban, command, cwd=county, LC_ALL="C.UTF-8")
        assert ended.returncode in (0, 1), ended.stderr
    assert (county / "rules").is_dir()

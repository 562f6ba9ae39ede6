"""The two sides of a comparison: the working tree, and an earlier commit installed beside it.

Only the standard library is used here, and nothing of the tracker: the two sides differ in everything inside.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Where the earlier commit is installed and what was computed with it is kept; ignored by git.
CACHE = ROOT / ".compare"
#: What the working tree is compared with: the last commit before the rule language had pauses.
BEFORE = "86512657bcb46a68a820facc6a1281016b631948"


class CheckoutError(Exception):
    """The earlier commit cannot be installed; the message says what to do."""


@dataclass(frozen=True)
class Checkout:
    """A version of the project that can be run. `python` has its dependencies installed."""

    name: str
    folder: Path
    python: str

    def environment(self, **variables: str) -> dict[str, str]:
        """The environment in which its modules are found, and no other version's."""
        return {**os.environ, "PYTHONPATH": str(self.folder), **variables}

    def duban(self, *words: str) -> list[str]:
        """A command line of this version."""
        return [self.python, "-m", "tracker", *words]


def working_tree() -> Checkout:
    """This checkout, run by the Python that runs this."""
    return Checkout("after", ROOT, sys.executable)


def earlier(commit: str = BEFORE) -> Checkout:
    """The earlier commit, installed by its own lock file; made once. Raises CheckoutError."""
    folder = CACHE / commit[:7]
    source, done = folder / "source", folder / "installed"
    if not done.exists():
        _check_history(commit)
        CACHE.mkdir(exist_ok=True)
        with (CACHE / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # a comparison and a benchmark may begin at the same time
            if not done.exists():
                _install(commit, folder, source)
                done.touch()
    binaries = source / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    return Checkout("before", source, str(binaries / "python"))


def _install(commit: str, folder: Path, source: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    source.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
    subprocess.run(["tar", "-x"], cwd=source, input=archive, check=True)
    print(f"installing {commit[:7]} in {folder.relative_to(ROOT)}", file=sys.stderr, flush=True)
    _run([sys.executable, "-c", "import dev; dev.environment('.venv', 'run.txt')"], source, PYTHONPATH="")


def _check_history(commit: str) -> None:
    probe = subprocess.run(["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True, text=True)
    if probe.returncode:
        raise CheckoutError(
            f"{ROOT} has no commit {commit[:7]}, with which the working tree is compared: this needs a clone with "
            "the whole history (git fetch --unshallow)"
        )


def _run(command: list[str], folder: Path, **variables: str) -> None:
    done = subprocess.run(command, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True)
    if done.returncode:
        raise CheckoutError(f"{' '.join(command)} in {folder}: {(done.stdout + done.stderr).strip()}")

"""Loads rules in a child process, so that a daemon does not keep the memory of what reads them (pydantic, PyYAML).

`python -m tracker.rulebook.load_process ROOT` writes the pickled rules, or what is wrong with them, to stdout.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import tracker
from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.loaded import Loaded


def load_in_process(root: Path, environ: Mapping[str, str], *, secrets: bool = False) -> Loaded:
    """What `load` gives or raises. Where the child process gives no answer, the rules are loaded in this one."""
    command = [sys.executable, "-m", __name__, str(root), *(["secrets"] if secrets else [])]
    paths = os.pathsep.join(filter(None, (str(Path(tracker.__file__).parents[1]), environ.get("PYTHONPATH"))))
    done = subprocess.run(  # noqa: S603
        command,
        env={**environ, "PYTHONPATH": paths},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    value = pickle.loads(done.stdout) if done.returncode == 0 else _load(root, environ, secrets)  # noqa: S301
    if isinstance(value, RuleErrors):
        raise value
    assert isinstance(value, Loaded)
    return value


def _load(root: Path, environ: Mapping[str, str], secrets: bool) -> Loaded | RuleErrors:
    from tracker.rulebook.load import load  # in the child process alone, if all goes well

    try:
        return load(root, environ, secrets=secrets)
    except RuleErrors as error:
        return error


if __name__ == "__main__":
    pickle.dump(_load(Path(sys.argv[1]), os.environ, "secrets" in sys.argv[2:]), sys.stdout.buffer)

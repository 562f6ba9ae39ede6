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

from tracker.rulebook.errors import RuleErrors
from tracker.rulebook.loaded import Loaded


def load_in_process(root: Path, environ: Mapping[str, str], *, secrets: bool = False) -> Loaded:
    """What `load` gives or raises. Raises CalledProcessError where the child process was killed."""
    command = [sys.executable, "-m", __name__, str(root), *(["secrets"] if secrets else [])]
    done = subprocess.run(command, env=dict(environ), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)  # noqa: S603
    value = pickle.loads(done.stdout)  # noqa: S301  (of our own child)
    if isinstance(value, RuleErrors):
        raise value
    assert isinstance(value, Loaded)
    return value


def _main(root: str, *options: str) -> None:
    from tracker.rulebook.load import load

    try:
        value: Loaded | RuleErrors = load(Path(root), os.environ, secrets=bool(options))
    except RuleErrors as error:
        value = error
    pickle.dump(value, sys.stdout.buffer)


if __name__ == "__main__":
    _main(*sys.argv[1:])

"""This program's own files: which version they are, and how a part of them is started as a process of its own."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import tracker

_PACKAGE = Path(tracker.__file__).parent


def _hash_program() -> bytes:
    """Known as Python knows its compiled files, by size and time: reading them all takes longer than a pass."""
    hashed = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        found = path.stat()
        hashed.update(f"{path.relative_to(_PACKAGE).as_posix()}:{found.st_size}:{found.st_mtime_ns}\n".encode())
    return hashed.hexdigest().encode()


#: Of the files from which this process was started. A child process says its own first: a pickle restores fields by
#: their position and is only read by the same program, and after an upgrade the files are others than the daemon's.
PROGRAM = _hash_program()


def own_process(module: str, environ: Mapping[str, str]) -> tuple[list[str], dict[str, str]]:
    """The command and the environment that run the module in a process of its own, wherever the package lies."""
    paths = os.pathsep.join(filter(None, (str(_PACKAGE.parent), environ.get("PYTHONPATH"))))
    return [sys.executable, "-P", "-m", module], {**environ, "PYTHONPATH": paths}

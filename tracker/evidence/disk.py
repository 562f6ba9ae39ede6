"""What makes a written file outlive a power cut."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def sync_folder(folder: Path) -> None:
    """Write a folder out: a new file's name is lost in a power cut otherwise. Raises OSError."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def replaced(target: Path, mode: int = 0o640) -> Iterator[IO[bytes]]:
    """A file that takes the target's place once it is written whole: a crash leaves the old one or the new one."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    beside = Path(name)
    try:
        with open(handle, "w+b") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        beside.chmod(mode)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)

"""Checks that no other user of the machine can read the files of a county."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

from tracker.core.values.message import Message
from tracker.daemon.check_lines import CheckLine
from tracker.rulebook.loaded import Loaded
from tracker.store.engine import Store


def check_modes(loaded: Loaded, root: Path, database: str) -> Iterator[CheckLine]:
    """The files and folders of the county that other users of this machine can read."""
    schedule, store = loaded.schedule, Store(database)
    paths = [root / "schedule.yaml", root / "rules", root / schedule.filings.folder]
    if store.sqlite:
        paths += [Path(f"{store.url.database}{suffix}").absolute() for suffix in ("", "-wal", "-shm", "-reserve")]
    if schedule.crawl.archive:
        paths.append(root / schedule.crawl.archive)
    if schedule.delivery.via == "folder":
        paths.append(root / schedule.delivery.folder)
    exposed = [path for path in paths if _can_others_read(path)]
    for path in exposed:
        mode = f"{stat.S_IMODE(path.stat().st_mode):03o}"
        text = Message(
            "{path}: other users of this machine can read it (mode {mode}): chmod o= {path}", path=path, mode=mode
        )
        yield "modes", "wrong", text
    if not exposed:
        yield "modes", "ok", Message("no other user of this machine can read the files of this county")


def _can_others_read(path: Path) -> bool:
    """Whether the mode of the path lets other users read it, and those of the folders above let them come there."""
    try:
        mode = path.stat().st_mode
        can_pass = all(folder.stat().st_mode & stat.S_IXOTH for folder in path.absolute().parents)
    except OSError:
        return False
    return can_pass and bool(mode & (stat.S_IROTH | stat.S_IXOTH))

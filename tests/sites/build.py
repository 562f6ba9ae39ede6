"""Writes a corpus into a folder: `python -m tests.sites.build FOLDER [--heldout]`. The same seed, the same bytes."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from random import Random

from tests.sites import barriers, contents, ends, feeds, plain, reach, systems, traps
from tests.sites.case import Case

#: Pages written by hand, one folder a case.
ODD = Path(__file__).parent / "odd"
_SEED, _HELD_OUT_SEED = 20150401, 77_003


def made(seed: int = _SEED) -> list[Case]:
    """The corpus that the readers are mended against."""
    rooms = (plain, systems, feeds, traps, contents, barriers, ends, reach)
    return [case for n, room in enumerate(rooms) for case in room.cases(Random(seed + n))]


def held_out(seed: int = _HELD_OUT_SEED) -> list[Case]:
    """Pages of other templates, for measuring only."""
    from tests.sites import heldout

    return heldout.cases(Random(seed))


def build(folder: Path, *, heldout: bool = False, draw: int = 0) -> None:
    """`draw`: 0 is the one that is measured; another number draws other words, days and frames."""
    seed = (_HELD_OUT_SEED if heldout else _SEED) + 1000 * draw
    for case in held_out(seed) if heldout else made(seed):
        case.save(folder)
    if not heldout and ODD.exists():
        shutil.copytree(ODD, folder / "odd", dirs_exist_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--heldout", action="store_true")
    told = parser.parse_args()
    build(told.folder, heldout=told.heldout)


if __name__ == "__main__":
    main()

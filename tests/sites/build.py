"""Writes a corpus into a folder: `python -m tests.sites.build FOLDER [--corpus NAME]`. Same seed, same bytes."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Callable
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


def held_out_later(seed: int = _HELD_OUT_SEED) -> list[Case]:
    """Pages of others again, written when the readers could read those."""
    from tests.sites import heldout

    return heldout.later_cases(Random(seed))


def held_out_third(seed: int = _HELD_OUT_SEED) -> list[Case]:
    """Pages of others once more, written when the readers could read those too."""
    from tests.sites import heldout

    return heldout.third_cases(Random(seed))


def held_out_fourth(seed: int = _HELD_OUT_SEED) -> list[Case]:
    """Columns and articles as county sites of 2010 to 2026 print them, written before the readers were looked at."""
    from tests.sites import heldout

    return heldout.fourth_cases(Random(seed))


def held_out_fifth(seed: int = _HELD_OUT_SEED) -> list[Case]:
    """How systems of 2008 to 2024 print days, lead through pages, and fail; again written before any look."""
    from tests.sites import heldout

    return heldout.fifth_cases(Random(seed))


def held_out_sixth(seed: int = _HELD_OUT_SEED) -> list[Case]:
    """Articles, their days, files and contents as sites of 2009 to 2023 have them; written before any look."""
    from tests.sites import heldout

    return heldout.sixth_cases(Random(seed))


#: What is measured, by name.
CORPORA: dict[str, tuple[Callable[[int], list[Case]], int]] = {
    "corpus": (made, _SEED),
    "held out": (held_out, _HELD_OUT_SEED),
    "held out later": (held_out_later, _HELD_OUT_SEED),
    "held out third": (held_out_third, _HELD_OUT_SEED),
    "held out fourth": (held_out_fourth, _HELD_OUT_SEED),
    "held out fifth": (held_out_fifth, _HELD_OUT_SEED),
    "held out sixth (articles)": (held_out_sixth, _HELD_OUT_SEED),
}


def build(folder: Path, corpus: str = "corpus", *, draw: int = 0) -> None:
    """`draw`: 0 is the one that is measured; another number draws other words, days and frames."""
    make, seed = CORPORA[corpus]
    for case in make(seed + 1000 * draw):
        case.save(folder)
    if corpus == "corpus" and ODD.exists():
        shutil.copytree(ODD, folder / "odd", dirs_exist_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpus", choices=list(CORPORA), default="corpus")
    told = parser.parse_args()
    build(told.folder, told.corpus)


if __name__ == "__main__":
    main()

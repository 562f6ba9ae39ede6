"""Writes a corpus into a folder: `python -m tests.sites.build FOLDER [--corpus NAME]`. Same seed, same bytes."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from types import ModuleType

from tests.sites import barriers, contents, ends, feeds, plain, reach, systems, traps
from tests.sites.case import Case
from tests.sites.heldout import (
    blocks,
    columns,
    fifth,
    fifth_ends,
    fifth_pages,
    fifth_papers,
    fourth,
    fourth_ends,
    fourth_papers,
    later,
    later_papers,
    papers,
    sixth,
    sixth_apart,
    sixth_attached,
    sixth_days,
    third,
)

#: Pages written by hand, one folder a case.
ODD = Path(__file__).parent / "odd"
_SEED, _HELD_OUT_SEED = 20150401, 77_003

#: What is measured: name → the modules that write its cases. The readers are mended against "corpus"; the others
#: are for measuring only, each written when the readers could read the ones before and before any look at them.
CORPORA: dict[str, tuple[ModuleType, ...]] = {
    "corpus": (plain, systems, feeds, traps, contents, barriers, ends, reach),
    "held out": (columns, papers, blocks),
    "held out later": (later, later_papers),
    "held out third": (third,),
    # columns and articles as county sites of 2010 to 2026 print them
    "held out fourth": (fourth, fourth_ends, fourth_papers),
    # how systems of 2008 to 2024 print days, lead through pages, and fail
    "held out fifth": (fifth, fifth_pages, fifth_ends, fifth_papers),
    # articles, their days, files and contents as sites of 2009 to 2023 have them
    "held out sixth (articles)": (sixth, sixth_attached, sixth_days, sixth_apart),
}


def _write_cases(corpus: str, draw: int) -> Iterator[Case]:
    if corpus == "corpus":  # each module has a seed of its own: a new case changes no other module's
        for number, module in enumerate(CORPORA[corpus]):
            yield from module.cases(Random(_SEED + number + 1000 * draw))
    else:
        rng = Random(_HELD_OUT_SEED + 1000 * draw)
        for module in CORPORA[corpus]:
            yield from module.cases(rng)


def build(folder: Path, corpus: str = "corpus", *, draw: int = 0) -> None:
    """`draw`: 0 is the one that is measured; another number draws other words, days and frames."""
    for case in _write_cases(corpus, draw):
        case.save(folder)
    if corpus == "corpus" and ODD.exists():
        shutil.copytree(ODD, folder / "odd", dirs_exist_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--corpus", choices=list(CORPORA), default="corpus")
    arguments = parser.parse_args()
    build(arguments.folder, arguments.corpus)


if __name__ == "__main__":
    main()

"""Pages of other makers than those of the corpus, in other words and frames: they measure, nothing is mended by them.

What is missed here is reported and left; a reader is never changed to read one of these pages.
"""

from __future__ import annotations

from random import Random

from tests.sites.case import Case
from tests.sites.heldout import blocks, columns, papers


def cases(rng: Random) -> list[Case]:
    return [*columns.cases(rng), *papers.cases(rng), *blocks.cases(rng)]

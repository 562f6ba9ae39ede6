"""Pages of other makers than those of the corpus, in other words and frames: they measure, nothing is mended by them.

What is missed here is reported and left; a reader is never changed to read one of these pages.
"""

from __future__ import annotations

from random import Random

from tests.sites.case import Case
from tests.sites.heldout import (
    blocks,
    columns,
    fourth,
    fourth_ends,
    fourth_papers,
    later,
    later_papers,
    papers,
    third,
)


def later_cases(rng: Random) -> list[Case]:
    """Those written when the readers could read the first ones."""
    return [*later.cases(rng), *later_papers.cases(rng)]


def third_cases(rng: Random) -> list[Case]:
    """Those written when the readers could read the first two sets."""
    return third.cases(rng)


def fourth_cases(rng: Random) -> list[Case]:
    """Those written when the readers could read the first three."""
    return [*fourth.cases(rng), *fourth_ends.cases(rng), *fourth_papers.cases(rng)]


def cases(rng: Random) -> list[Case]:
    return [*columns.cases(rng), *papers.cases(rng), *blocks.cases(rng)]


def fifth_cases(rng: Random) -> list[Case]:
    from tests.sites.heldout import fifth, fifth_ends, fifth_pages, fifth_papers

    return [case for room in (fifth, fifth_pages, fifth_ends, fifth_papers) for case in room.cases(rng)]


def sixth_cases(rng: Random) -> list[Case]:
    """Articles, their files and contents, written when the readers could read the first five."""
    from tests.sites.heldout import sixth, sixth_apart, sixth_attached, sixth_days

    return [case for room in (sixth, sixth_attached, sixth_days, sixth_apart) for case in room.cases(rng)]

"""A stored wrapper before changed pages: what is the column's is learned anew, what is not passes nowhere."""

from collections.abc import Sequence

import pytest

from tests.sites.build import CORPORA
from tests.sites.redesigned import measure, table

#: Pages that are not the column's list.
_WRONG = ("another column", "missing, with a side list", "the list gone", "login", "front page", "barrier")


@pytest.mark.parametrize(
    ("every", "names"),
    [
        pytest.param(4, ("held out third",), id="a few"),
        pytest.param(1, tuple(CORPORA), id="all", marks=pytest.mark.nightly),
    ],
)
def test_redesigns_are_adopted_and_wrong_pages_refused(every: int, names: Sequence[str]) -> None:
    tried, taken, faults = measure(every, names)
    assert tried["redesign"] >= 12
    assert {kind: taken[kind] for kind in _WRONG} == dict.fromkeys(_WRONG, 0), "\n".join([table(tried, taken), *faults])
    missed = sum(tried[kind] - taken[kind] for kind in ("redesign", "redesign, new addresses"))
    assert missed * 100 <= tried["redesign"] + tried["redesign, new addresses"], "\n".join(faults)

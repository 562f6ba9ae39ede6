"""Finds the names that a misspelt one may mean."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

#: How alike two names are (0 to 1), and so many are named.
_ALIKE, _MOST = 0.7, 3


def find_near(name: str, known: Iterable[str]) -> list[str]:
    """The known names that come close, the likest first: spelt nearly so, or longer ones that begin so or hold it."""
    names = list(known)
    near = get_close_matches(name, names, n=_MOST, cutoff=_ALIKE)
    longer = [other for other in names if len(name) > 1 and name in other]
    begun = [other for other in longer if other.startswith(name)]
    return list(dict.fromkeys((*near, *(begun or longer))))[:_MOST]

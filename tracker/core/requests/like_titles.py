"""Finds reviews with titles that are nearly those of entries, among thousands and without comparing each with each."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from tracker.core.requests.values import Review

#: Titles are alike if so many of their pairs of letters are the same, and their figures are.
_ALIKE = 0.75
#: Shorter titles (公告, 公示公告) are not compared.
_SHORTEST = 6
_DIGITS = re.compile(r"\d+")


class LikeTitles:
    """Reviews by their plain titles. A review is filed under its rarest pairs of letters: so many that every title
    which is alike has one of them."""

    def __init__(self, reviews: Iterable[tuple[str, Review]]) -> None:
        self._titles = sorted(
            ((title, review) for title, review in reviews if len(title) >= _SHORTEST),
            key=lambda pair: (pair[0], pair[1].id),
        )
        frequency = Counter(pair for title, _ in self._titles for pair in _pairs(title))
        self._by_pair: dict[tuple[str, tuple[str, ...]], list[int]] = defaultdict(list)
        for index, (title, _) in enumerate(self._titles):
            rarest = sorted(_pairs(title), key=lambda pair: (frequency[pair], pair))
            # Alike titles share at least three fifths of either's pairs, by the measure above.
            for pair in rarest[: len(rarest) * 2 // 5 + 1]:
                self._by_pair[pair, _figures(title)].append(index)

    def find(self, title: str, *, is_cut: bool) -> list[Review]:
        """Return the reviews whose titles are alike, or lie within it. `is_cut`: its end was cut off."""
        if len(title) < _SHORTEST:
            return []
        if is_cut:
            first = bisect_left(self._titles, title, key=lambda pair: pair[0])
            last = bisect_left(self._titles, title + "\uffff", key=lambda pair: pair[0])
            return [review for _, review in self._titles[first:last]]
        pairs, figures = _pairs(title), _figures(title)
        indexes = {index for pair in pairs for index in self._by_pair.get((pair, figures), ())}
        found = []
        for index in sorted(indexes):
            other, review = self._titles[index]
            others = _pairs(other)
            if other in title or 2 * len(pairs & others) >= _ALIKE * (len(pairs) + len(others)):
                found.append(review)
        return found


@lru_cache(maxsize=16384)
def _pairs(title: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(title)))


@lru_cache(maxsize=16384)
def _figures(title: str) -> tuple[str, ...]:
    return tuple(sorted(_DIGITS.findall(title)))

"""Which of a page's lists is the column's own, and which may be as well."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import day_of
from tracker.evidence.page.nodes import up_from
from tracker.evidence.wrappers.cells import Record
from tracker.evidence.wrappers.list_signs import FAR, PageMarks, Signs
from tracker.evidence.wrappers.run import WrappedPage
from tracker.evidence.wrappers.wrapper import SourceKind, Wrapper

#: A list of this share of the best one's score may be the column's as well.
_RIVAL = 0.3
#: Where so little of the best one's score speaks for a list it is another one, were it the nearest to the pager.
_NEXT_TO_NOTHING = 0.05
#: Lists that share so many of their rows are one.
_SAME = 0.8
#: Without days only what has so many rows and so long titles is a list, and most of it leads to articles.
_LEAST_ROWS, _LEAST_TITLE, _MOSTLY = 3, 8, 0.7
_ARTICLE = re.compile(
    r"\.s?html?$|\.aspx?|\.jsp|\.php|/\d{3,}|[?&](id|aid|articleid|infoid)=|content|article|detail|info|/t\d{8}|art_",
    re.IGNORECASE,
)
#: A list of so many rows, twice as long as another; so often the other's days rise.
_LONG, _TO_AND_FRO = 8, 2


@dataclass(frozen=True, slots=True)
class InducedList:
    """A list that may be the column's own, with how it is read, how much there is to read in it, and what the page says
    of it."""

    wrapper: Wrapper
    read: WrappedPage
    score: float
    signs: Signs
    records: Sequence[Record] = ()

    @property
    def rows(self) -> tuple[Sighting, ...]:
        return self.read.sightings

    @property
    def is_dated(self) -> bool:
        return self.read.dated * 2 > len(self.rows)

    @property
    def is_list(self) -> bool:
        """Whether it has days, or looks like entries nevertheless; what is made for programs is one."""
        rows = self.rows
        if self.wrapper.kind in (SourceKind.JSON, SourceKind.XML) or self.signs.is_marked:
            return True
        if sum(one.url.rstrip("/").endswith(f"/{one.title}") for one in rows) * 2 > len(rows):
            return False  # the files of a folder
        if self.is_dated or self._is_half_dated:
            return True
        if len(rows) < _LEAST_ROWS or sum(len(one.title) for one in rows) < _LEAST_TITLE * len(rows):
            return False
        return sum(_ARTICLE.search(one.url) is not None for one in rows) >= _MOSTLY * len(rows)

    @property
    def _is_half_dated(self) -> bool:
        """Whether it is a table in which half of the rows have a day, and all have titles as long as entries' are."""
        is_table = self.wrapper.link.startswith("tr/")
        return is_table and self.read.dated * 2 == len(self.rows) and all(map(_is_entrys, self.rows))


def _is_entrys(row: Sighting) -> bool:
    return len(row.title) >= _LEAST_TITLE


@dataclass(frozen=True, slots=True)
class Choice:
    """The list taken for the column's own and those that may be as well. `sure`: something told it from the others."""

    best: InducedList
    rivals: tuple[InducedList, ...] = ()
    sure: bool = False


_TELLS: tuple[Callable[[InducedList], bool], ...] = (
    lambda one: one.signs.is_near and one.is_dated,
    lambda one: one.signs.is_own,
    lambda one: not one.signs.is_weak,
    lambda one: not one.signs.has_more,
)


def choose(found: Sequence[InducedList], marks: PageMarks) -> Choice | None:
    """Return the column's own list; where nothing tells it from another one, both. None where there is none.

    What tells: its addresses lie below the column's, the column's name stands above it, it is not called 热点 or 相关,
    no 更多 stands by it, the reader's place or the pager does.
    """
    lists = _one_a_place([one for one in found if one.is_list and one.score > 0])
    if not lists:
        return None
    without_days = [one for one in lists if not one.is_dated and not one.signs.is_weak]
    if any(one.is_dated and not one.signs.is_weak for one in lists):
        nearest = min(one.signs.to_pager for one in lists if one.is_dated)
        lists = [one for one in lists if one.is_dated or one.signs.is_near or one.signs.to_pager < nearest]
    most = max(one.score for one in lists)
    for tells in _TELLS:
        if len(lists) > 1:
            lists = [one for one in lists if tells(one)] or lists
    by_place = False
    if len(lists) > 1 and marks.crumbs:
        steps = [one.signs.to_crumbs for one in lists]
        by_place = min(steps) < max(steps)
        lists = [one for one in lists if one.signs.to_crumbs == min(steps)]
    if marks.pager:
        heavy = [one for one in lists if one.score > _NEXT_TO_NOTHING * most or len(lists) == 1] or lists
        nearest = min(one.signs.to_pager for one in heavy)
        lists = [one for one in lists if one.signs.to_pager == nearest]
        by_place = by_place or nearest < FAR
    lists.sort(key=lambda one: one.score, reverse=True)
    best, signs = lists[0], lists[0].signs
    sure = signs.is_near or signs.is_own or (by_place and not signs.is_weak)
    others = lists[1:] if sure else [*lists[1:], *(one for one in without_days if one not in lists)]
    return Choice(best, tuple(_rivals(best, others, sure=sure)), sure)


def _one_a_place(found: Sequence[InducedList]) -> list[InducedList]:
    """Return of all readings of one place the one that says most; a heading above one of them is above all."""
    kept: list[InducedList] = []
    for one in sorted(found, key=lambda one: one.score, reverse=True):
        for number, known in enumerate(kept):
            if _is_inside(one, known) or _is_inside(known, one):
                if one.signs.is_own:
                    kept[number] = replace(known, signs=replace(known.signs, is_own=True))
                break
        else:
            kept.append(one)
    return kept


def _is_inside(one: InducedList, other: InducedList) -> bool:
    """Return whether the links of most rows of a list stand in records of another."""
    around = {node.mem_id for record in other.records for node in record.nodes}
    inside = sum(any(node.mem_id in around for node in up_from(record.link)) for record in one.records)
    return bool(around) and inside >= _SAME * len(one.records)


def _rivals(best: InducedList, others: Sequence[InducedList], *, sure: bool) -> Iterator[InducedList]:
    """Yield the others that may be the column's own as well; the same list twice is none."""
    seen = [best]
    for one in others:
        share = one.score / best.score
        is_heavy = share >= _RIVAL or (not sure and len(one.rows) > 1 and share >= _NEXT_TO_NOTHING)
        if is_heavy and not any(_is_same(one, known) for known in seen) and not _is_by_the_way(best, one):
            seen.append(one)
            yield one


def _is_same(one: InducedList, other: InducedList) -> bool:
    for name in ("url", "title"):
        mine, known = ({getattr(row, name) for row in part.rows} for part in (one, other))
        if len(mine & known) >= _SAME * min(len(mine), len(known)):
            return True
    return False


def _is_by_the_way(best: InducedList, other: InducedList) -> bool:
    """Return whether the days of a short list run to and fro beside a long one that is newest first: what people read
    most, or what the site would have them read. A column's own list, or the head of another one, is in order."""
    signs, rows = other.signs, len(best.rows)
    is_long = rows >= _LONG and rows >= 2 * len(other.rows) and not best.signs.is_weak
    is_told = signs.is_near or signs.is_own
    return is_long and other.is_dated and not is_told and _rises(best) <= 1 and _rises(other) >= _TO_AND_FRO


def _rises(one: InducedList) -> int:
    days = [day_of(row.claimed) for row in one.rows if row.claimed is not None]
    return sum(below > above for above, below in pairwise(days))

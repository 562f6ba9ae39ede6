"""Whether a wrapper still reads what it was learned for: fill, days, order, and most of the last visit's rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from tracker.core.values.facts import Sighting
from tracker.evidence.page.dates import day_of
from tracker.evidence.wrappers.run import WrappedPage
from tracker.evidence.wrappers.wrapper import Wrapper

#: More than this share of the last visit's rows has to be found again.
_HALF = 0.5
#: Fewer records than this are too few to learn from, or to compare.
_FEW = 3
_TITLE_HEAD = 12


class WrapperState(StrEnum):
    """What verification says."""

    OK = "ok"
    UNPROVEN = "unproven"  # the shape holds, and no row of the last visit should still be here to compare
    CHANGED = "layout-changed"


@dataclass(frozen=True, slots=True)
class Verification:
    """`reason` (Chinese) of what is not OK."""

    state: WrapperState
    reason: str = ""


def verify(wrapper: Wrapper, read: WrappedPage, last: Sequence[Sighting], today: date) -> Verification:
    """Return whether what a wrapper read of a first page is the column's list. `last`: what the last visit saw.

    A list most of whose rows the last visit saw is the same one, however many others it lacks now; so is one that shows
    most of the last visit's titles whole, whatever days and addresses a site that was built anew gives them.
    """
    if not read.sightings:
        return Verification(WrapperState.CHANGED, "按原来的版式没有读到任何条目")
    share = overlap(last, (*read.sightings, *read.rivals))
    if (share is None or share <= _HALF) and _titles_shared(last, read.sightings) > _HALF:
        return Verification(WrapperState.OK)
    if share is not None and share <= _HALF and _shared(read.sightings, last) <= _HALF:
        return Verification(WrapperState.CHANGED, f"上次的条目应当仍在的，只见到 {share:.0%}")
    strangers = [one for one in _within(read.sightings, last, newer=False) if one.claimed is not None]
    if len(strangers) >= _FEW and _shared(strangers, last) <= _HALF:
        return Verification(WrapperState.CHANGED, "多数条目的日期较早，而上次并没有见到")
    if not _stands_as_before(last, read.sightings) and (reason := _misshapen(wrapper, read, today)):
        return Verification(WrapperState.CHANGED, reason)
    if share is None:
        return Verification(WrapperState.UNPROVEN, "没有上次的条目可以比对")
    return Verification(WrapperState.OK)


def overlap(last: Sequence[Sighting], now: Sequence[Sighting]) -> float | None:
    """Return the share of the last visit's rows that should still stand on a page and do; None where none should.

    A row is the same by its address, or by the beginning of its title and its day. What is older than all that the
    page shows has gone on to the next page.
    """
    expected = _within(last, now)
    if not expected or len(expected) < min(_FEW, len(last)):
        return None
    return _shared(expected, now)


def _titles_shared(last: Sequence[Sighting], now: Sequence[Sighting]) -> float:
    """Return the share of the last visit's titles that stand there whole, each as often as it stood; 0 of a few."""
    if len(last) < _FEW:
        return 0.0
    before, shown = (Counter("".join(one.title.split()) for one in rows) for rows in (last, now))
    return (before & shown).total() / len(last)


def _stands_as_before(last: Sequence[Sighting], now: Sequence[Sighting]) -> bool:
    """Return whether most of the last visit's rows stand there with the same address, title and day."""
    shown = {(one.url, one.title, one.claimed) for one in now}
    return sum((one.url, one.title, one.claimed) in shown for one in last) > _HALF * len(last)


def _within(rows: Sequence[Sighting], other: Sequence[Sighting], *, newer: bool = True) -> list[Sighting]:
    """Return the rows that are not older than all others, nor newer unless `newer`; what has no day is among them."""
    days = [day_of(one.claimed) for one in other if one.claimed is not None]
    if not days:
        return list(rows)
    oldest, newest = _oldest(days), max(days)
    return [
        one for one in rows
        if one.claimed is None or (day_of(one.claimed) >= oldest and (newer or day_of(one.claimed) < newest))
    ]  # fmt: skip


def _oldest(days: Sequence[date]) -> date:
    """Return the day down to which a page shows all: of a list from new to old its last row's, whatever is pinned."""
    downward = [below <= above for above, below in pairwise(days)]
    return days[-1] if sum(downward) * 2 > len(downward) else min(days)


def _shared(rows: Sequence[Sighting], other: Sequence[Sighting]) -> float:
    urls = {one.url for one in other}
    moved = [one for one in rows if one.url not in urls]
    names = {_name(one) for one in other} if moved else set()
    return 1.0 - sum(_name(one) not in names for one in moved) / len(rows)


def _name(one: Sighting) -> tuple[str, date | None]:
    return "".join(one.title.split())[:_TITLE_HEAD], None if one.claimed is None else day_of(one.claimed)


def _misshapen(wrapper: Wrapper, read: WrappedPage, today: date) -> str:
    """Return why rows are not what the wrapper's column usually prints (Chinese); "" where they are."""
    rows = read.sightings
    fill = read.dated / max(1, read.records)
    if len(rows) >= _FEW and fill < wrapper.fill - 0.4:
        return f"通常 {wrapper.fill:.0%} 的条目有日期，这次只有 {fill:.0%}"
    days = [day_of(one.claimed) for one in rows if one.claimed is not None]
    if sum(day > today + timedelta(days=1) for day in days) * 2 > len(days) > 0:
        return "多数条目的日期在将来"
    steps = [below <= above for above, below in pairwise(days)]
    if len(steps) >= 2 * _FEW and wrapper.newest_first and sum(steps) * 2 < len(steps):
        return "条目不再由新到旧"
    lengths = sorted(len(one.title) for one in rows)
    usual = lengths[len(lengths) // 2]
    if len(rows) >= _FEW and wrapper.row_length and not wrapper.row_length / 3 <= usual <= wrapper.row_length * 3:
        return f"标题通常约 {wrapper.row_length} 字，这次约 {usual} 字"
    return ""

"""Splits one address that held report after report into an entry for each report.

Some offices write the new month's report over the old one, under the same address. What was published there in
time was published, though the next one stands in its place now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.matching.candidates import may_match
from tracker.core.matching.republished import is_another
from tracker.core.values.facts import Entry, EntryVersion


@lru_cache(maxsize=4096)
def editions_of(entry: Entry, pattern: str | None, zone: ZoneInfo) -> tuple[Entry, ...]:
    """The entry as those that stood at its address one after another, all of which fit the pattern; most are one.

    The next one says something else under a later day. Only the last one can be gone.
    """
    begins = [0]
    for place in range(1, len(entry.versions)):
        if _is_next(entry.versions[begins[-1] : place], entry.versions[place], pattern, zone):
            begins.append(_began(entry.versions, place, begins[-1]))
    if len(begins) == 1:
        return (entry,)
    parts = [entry.versions[first:last] for first, last in zip(begins, [*begins[1:], None], strict=True)]
    earlier = [
        replace(entry, versions=part, first_seen_at=_since(entry, part), gone_at=None, gone_status=None, hollow_at=None)
        for part in parts[:-1]
    ]
    return (*earlier, replace(entry, versions=parts[-1], first_seen_at=_since(entry, parts[-1])))


def _is_next(issue: Sequence[EntryVersion], now: EntryVersion, pattern: str | None, zone: ZoneInfo) -> bool:
    first = issue[0]
    if now.claimed is None or first.claimed is None or not may_match(pattern, now.title):
        return False
    if moment_day(now.claimed, zone) <= moment_day(first.claimed, zone):
        return False
    read = next((version for version in reversed(issue) if (version.text or "").strip()), None)
    return read is not None and may_match(pattern, first.title) and is_another(read, now)


def _began(versions: Sequence[EntryVersion], place: int, after: int) -> int:
    """Where the issue begins whose text is first seen at `place`: its list may have told of its day before."""
    while place - 1 > after and versions[place - 1].claimed == versions[place].claimed:
        place -= 1
    return place


def _since(entry: Entry, part: Sequence[EntryVersion]) -> datetime:
    return entry.first_seen_at if part[0] is entry.versions[0] else part[0].seen_at

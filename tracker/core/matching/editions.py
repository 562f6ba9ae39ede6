"""Splits the entry of an address that held one report after another into one entry for each report.

Some offices write the new month's report over the old one, under the same address. A report that was published on time
still counts after the next one has replaced it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.matching.republished import is_other_text
from tracker.core.matching.title_pattern import may_match
from tracker.core.values.facts import Entry, EntryVersion, are_of_one_day


@lru_cache(maxsize=4096)
def split_editions(entry: Entry, pattern: str | None, zone: ZoneInfo) -> tuple[Entry, ...]:
    """Return the successive reports at the entry's address that fit the pattern, oldest first; mostly the entry alone.

    A new report begins where a version has another text and a later claimed day. Only the last one can be gone.
    """
    starts = [0]
    for index in range(1, len(entry.versions)):
        if _is_next_edition(entry.versions[starts[-1] : index], entry.versions[index], pattern, zone):
            starts.append(_edition_start(entry.versions, index, starts[-1]))
    if len(starts) == 1:
        return (entry,)
    editions = [entry.versions[first:last] for first, last in zip(starts, [*starts[1:], None], strict=True)]
    earlier = [
        replace(
            entry,
            versions=edition,
            first_seen_at=_first_seen_at(entry, edition),
            gone_at=None,
            gone_status=None,
            hollow_at=None,
        )
        for edition in editions[:-1]
    ]
    return (*earlier, replace(entry, versions=editions[-1], first_seen_at=_first_seen_at(entry, editions[-1])))


def _is_next_edition(
    edition: Sequence[EntryVersion], current: EntryVersion, pattern: str | None, zone: ZoneInfo
) -> bool:
    first = edition[0]
    if current.claimed is None or first.claimed is None or not may_match(pattern, current.title):
        return False
    if moment_day(current.claimed, zone) <= moment_day(first.claimed, zone):
        return False
    read = next((version for version in reversed(edition) if (version.text or "").strip()), None)
    return read is not None and may_match(pattern, first.title) and is_other_text(read, current)


def _edition_start(versions: Sequence[EntryVersion], index: int, after: int) -> int:
    """Return the index of the first version of the edition whose text is first seen at `index`.

    The list may have shown its date before its text was read.
    """
    while index - 1 > after and are_of_one_day(versions[index - 1].claimed, versions[index].claimed):
        index -= 1
    return index


def _first_seen_at(entry: Entry, edition: Sequence[EntryVersion]) -> datetime:
    return entry.first_seen_at if edition[0] is entry.versions[0] else edition[0].seen_at

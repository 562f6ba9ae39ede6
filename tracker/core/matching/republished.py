"""Recognises a text that was renamed or moved to another address as the one it was.

The pages of a site are moved and their titles touched up without anybody taking anything back. Whether that is
still what was asked for is a question to people (`flags.py`); no status turns on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tracker.core.matching.entry_index import EntryIndex
from tracker.core.matching.fingerprint import alike
from tracker.core.matching.naming import flatten
from tracker.core.matching.texts import print_of
from tracker.core.values.facts import Entry, EntryVersion, Moment
from tracker.core.values.verdicts import EMPTIED


def titled_before(entry: Entry, fits: Callable[[str], bool]) -> Entry | None:
    """The entry under the last of its earlier titles that fits, where its text has not become another one."""
    if len(entry.versions) == 1:
        return None
    before = next((version for version in reversed(entry.versions[:-1]) if fits(version.title)), None)
    if before is None or is_another(_text_of(entry, before), entry.now):
        return None
    return replace(entry, versions=(*entry.versions[:-1], replace(entry.now, title=before.title)))


def written_over(entry: Entry, fits: Callable[[str], bool]) -> Entry | None:
    """The entry as it was under the last of its titles that fits, gone since another text under another title stands at
    its address; None where none does."""
    place = next((n for n in range(len(entry.versions) - 2, -1, -1) if fits(entry.versions[n].title)), None)
    if place is None:
        return None
    before = _text_of(entry, entry.versions[place])
    over = next((version for version in entry.versions[place + 1 :] if is_another(before, version)), None)
    if over is None:
        return None
    return replace(entry, versions=entry.versions[: place + 1], gone_at=over.seen_at, gone_status=EMPTIED)


def still_up(entry: Entry, entries: EntryIndex) -> Entry | None:
    """An entry that is gone, as if it were up: the same title over the same text was put up since at another address
    of its column. None where it was not: a copy that stood beside it, or elsewhere, is another matter."""
    return next(
        (
            replace(entry, gone_at=None, gone_status=None, moved_to=one.url)
            for one in entries.titled(entry.title)
            if _follows(one, entry) and _is_same(_text_of(entry, entry.now), one.now)
        ),
        None,
    )


def _follows(one: Entry, entry: Entry) -> bool:
    sources = {one.now.source, entry.now.source} - {""}
    return one.column == entry.column and one.first_seen_at > entry.first_seen_at and len(sources) < 2


def _text_of(entry: Entry, version: EntryVersion) -> EntryVersion:
    """The last version up to this one that was read: what an emptied page held before."""
    place = entry.versions.index(version)
    return next((one for one in reversed(entry.versions[: place + 1]) if (one.text or "").strip()), version)


def _is_same(before: EntryVersion, now: EntryVersion) -> bool:
    one, other = flatten(before.text or ""), flatten(now.text or "")
    if one and one == other:
        return True
    mark, its = print_of(before), print_of(now)
    return bool(mark and its) and alike(mark, its)


def is_another(before: EntryVersion, now: EntryVersion) -> bool:
    """Whether both were read and do not say the same; what was not read is not known to be another."""
    return bool((before.text or "").strip() and (now.text or "").strip()) and not _is_same(before, now)


def is_written_over(entry: Entry, version: EntryVersion) -> bool:
    """Whether another text certainly stands where this version stood: both long enough to be compared, and unlike."""
    before = _text_of(entry, version)
    return is_another(before, entry.now) and bool(print_of(before) and print_of(entry.now))


#: Where a day stands that we conclude, and the site does not give as that of publication.
_CONCLUDED = ("inferred", "url", "signature")


def claimed_before(entry: Entry) -> tuple[Moment, ...]:
    """The dates that the site gave for what an entry says before it gave the one it gives now, oldest version first."""
    return tuple(
        dict.fromkeys(
            version.claimed
            for version in entry.versions[:-1]
            if version.claimed not in (None, entry.claimed)
            and version.claimed_from not in _CONCLUDED
            and not is_another(version, entry.now)
        )
    )

"""Recognises entries that were renamed or moved to another address with the same text.

Sites move pages and edit titles without retracting anything. Such an entry keeps its proof; whether it still meets the
duty is a question to people (`flags.py`) and changes no status.
"""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.core.matching.entry_index import EntryIndex
from tracker.core.matching.fingerprint import are_alike, fingerprint
from tracker.core.matching.naming import flatten
from tracker.core.matching.text_frame import separate_frame
from tracker.core.matching.texts import fingerprint_of
from tracker.core.matching.title_pattern import may_match
from tracker.core.values.facts import Entry, EntryVersion, Moment
from tracker.core.values.verdicts import EMPTIED_PAGE_STATUS

_SENTENCE_END = re.compile(r"[。；;！？\n]")
#: Characters of a sentence at least, and sentences of a text, to be known again.
_SHORTEST_SENTENCE, _FEWEST_SENTENCES = 6, 3


def restore_earlier_title(entry: Entry, pattern: str | None) -> Entry | None:
    """Return the entry under the last of its earlier titles that fits, or None if none fits or its text changed."""
    version = next((version for version in reversed(entry.versions[:-1]) if may_match(pattern, version.title)), None)
    if version is None or is_other_text(_last_read_version(entry, version), entry.current):
        return None
    return replace(entry, versions=(*entry.versions[:-1], replace(entry.current, title=version.title)))


def restore_overwritten(entry: Entry, pattern: str | None) -> Entry | None:
    """Return the entry under the last of its earlier titles that fits, gone since another text replaced it; or None."""
    versions = entry.versions
    for index in reversed(range(len(versions) - 1)):
        if may_match(pattern, versions[index].title):
            earlier = _last_read_version(entry, versions[index])
            replaced_at = (later.seen_at for later in versions[index + 1 :] if is_other_text(earlier, later))
            if (gone_at := next(replaced_at, None)) is None:
                return None
            return replace(entry, versions=versions[: index + 1], gone_at=gone_at, gone_status=EMPTIED_PAGE_STATUS)
    return None


def find_republished(entry: Entry, entries: EntryIndex) -> Entry | None:
    """Return a gone entry as not gone, if it was republished since: same title, text and column, another address.

    An amended text becomes its last version, as if it had been amended where it stood. None otherwise. A copy that was
    seen before it, or stands in another column, is not a republication.
    """
    last = _last_read_version(entry, entry.current)
    up = replace(entry, gone_at=None, gone_status=None)
    successors = [candidate for candidate in entries.with_title(entry.title) if _is_successor(candidate, entry)]
    for candidate in successors:
        if _is_same_text(last, candidate.current):
            return replace(up, moved_to=candidate.url)
    for candidate in successors:
        if _is_amended_text(last.text or "", candidate.current.text or ""):
            return replace(up, versions=(*entry.versions, candidate.current), moved_to=candidate.url)
    return None


def _is_successor(candidate: Entry, entry: Entry) -> bool:
    sources = {candidate.current.source, entry.current.source} - {""}
    return candidate.column == entry.column and candidate.first_seen_at > entry.first_seen_at and len(sources) < 2


def _last_read_version(entry: Entry, version: EntryVersion) -> EntryVersion:
    """Return the last version up to this one that has a text: an emptied page is compared by the text it had."""
    index = entry.versions.index(version)
    return next((earlier for earlier in reversed(entry.versions[: index + 1]) if (earlier.text or "").strip()), version)


def _is_same_text(before: EntryVersion, after: EntryVersion) -> bool:
    before_text, after_text = flatten(before.text or ""), flatten(after.text or "")
    if before_text and before_text == after_text:
        return True
    before_print, after_print = fingerprint_of(before), fingerprint_of(after)
    if before_print and after_print and are_alike(before_print, after_print):
        return True
    return bool(before_text and after_text) and _is_same_core(before, after)


def _is_same_core(before: EntryVersion, after: EntryVersion) -> bool:
    """Return whether the texts differ only in the frame that a site prints around them: another template, one text.

    Where both frames print days, they must share one, unless the text is distinctive: reports of set phrases differ in
    nothing else.
    """
    old, new = separate_frame(before.text or "", before.title), separate_frame(after.text or "", after.title)
    if not old.core or not new.core:
        return False
    if old.core == new.core and not (old.days and new.days and old.days.isdisjoint(new.days)):
        return True
    return are_alike(fingerprint(old.core), fingerprint(new.core))


def _is_amended_text(before: str, after: str) -> bool:
    """Return whether most of a text stands word for word in another one, which adds to it or corrects it. A text of
    few sentences says too little: reports of set phrases are alike."""
    old, new = _split_sentences(before), _split_sentences(after)
    kept = old & new
    return len(old) >= _FEWEST_SENTENCES and 3 * sum(map(len, kept)) >= 2 * sum(map(len, old))


def _split_sentences(text: str) -> frozenset[str]:
    """Return the sentences of a text that are long enough to be told from others."""
    sentences = (flatten(sentence) for sentence in _SENTENCE_END.split(text))
    return frozenset(sentence for sentence in sentences if len(sentence) >= _SHORTEST_SENTENCE)


def is_other_text(before: EntryVersion, after: EntryVersion) -> bool:
    """Return whether both versions have a text and the texts differ."""
    return bool((before.text or "").strip() and (after.text or "").strip()) and not _is_same_text(before, after)


def is_copy(first: EntryVersion, second: EntryVersion) -> bool:
    """Return whether both versions have a text, the same one, and the same files."""
    has_texts = bool((first.text or "").strip() and (second.text or "").strip())
    return has_texts and _is_same_text(first, second) and have_same_files(first, second)


def have_same_files(first: EntryVersion, second: EntryVersion) -> bool:
    """Return whether two versions have the same files; their texts alone do not show it."""
    names, others = (sorted(file.digest or file.url for file in version.attachments) for version in (first, second))
    return names == others


def is_written_over(entry: Entry, version: EntryVersion) -> bool:
    """Return whether the entry now has a certainly different text: both are long enough for comparison, and differ."""
    before = _last_read_version(entry, version)
    return is_other_text(before, entry.current) and bool(fingerprint_of(before) and fingerprint_of(entry.current))


#: Sources of a date that is concluded, not given by the site as the date of publication.
CONCLUDED_SOURCES = ("inferred", "url", "signature")


def earlier_claimed_dates(entry: Entry) -> tuple[Moment, ...]:
    """Return the dates that the site gave for the entry's current text before the current one, oldest version first."""
    return tuple(
        dict.fromkeys(
            version.claimed
            for version in entry.versions[:-1]
            if version.claimed not in (None, entry.claimed)
            and version.claimed_from not in CONCLUDED_SOURCES
            and not is_other_text(version, entry.current)
        )
    )

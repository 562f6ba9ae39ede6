"""Deletes archived answers that no open or disputed verdict needs.

Older answers are kept if a verdict may still be disputed with them: of lists those from when the oldest unsettled
occurrence on them was due, or from the limit itself, and since; of articles and files those that an unsettled
occurrence considered. They are copied into a newer file, so that one page does not keep a whole month.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tracker.core.law.county import Rulebook
from tracker.crawl.archiver import Archiver
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.judge import judge_group
from tracker.decide.load import load_county
from tracker.evidence.archive import county_files
from tracker.registers.adoptions import load_rules_in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.captures import (
    READ,
    Capture,
    delete_captures,
    group_stale_captures,
    list_archive_files,
    load_captures,
    move_captures,
)
from tracker.store.engine import Store, Tx
from tracker.store.journal import JournalEntry, append_entries
from tracker.store.threads import run_write

log = logging.getLogger(__name__)

#: Another process may write to a file as long as its month lasts.
_IN_USE = timedelta(days=32)
#: Statuses of past due occurrences of which somebody may still ask what was seen.
_UNSETTLED = {"overdue", "incomplete", "unverifiable", "met-disputed"}


@dataclass(slots=True)
class _Needs:
    """What unsettled occurrences rest on. `since`: by column, when the oldest was due; `urls`: of considered entries
    with their files."""

    since: dict[str, datetime] = field(default_factory=dict)
    urls: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class StaleFiles:
    """The files in which every capture is older than `before`, and which of their captures are still needed."""

    before: datetime
    files: Mapping[str, Sequence[Capture]] = field(default_factory=dict)
    needed: Mapping[str, Sequence[Capture]] = field(default_factory=dict)

    @property
    def to_delete(self) -> list[str]:
        """The files with a capture that is no longer needed."""
        return [name for name, captures in self.files.items() if len(self.needed[name]) < len(captures)]


def find_stale_files(store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime) -> StaleFiles:
    """Return the files of a county's archive that are older than the schedule's retention."""
    county = rulebook.county.id
    before = now - max(loaded.schedule.retention.archive, _IN_USE)
    with store.read() as tx:
        files = group_stale_captures(tx, county, before)
        lists = {capture.url for captures in files.values() for capture in captures if capture.kind == "listing"}
        list_captures = load_captures(tx, county, lists)
        facts = load_county(tx, load_rules_in_force(tx, loaded, rulebook), loaded.calendar, now) if files else None
    needs = _find_needs(loaded, facts, now) if facts is not None else _Needs()
    needed = {name: list(_find_needed(captures, list_captures, needs, before)) for name, captures in files.items()}
    return StaleFiles(before, files, needed)


async def delete_stale_files(store: Store, archiver: Archiver, stale: StaleFiles, now: datetime) -> int:
    """Delete the files after copying the needed captures. Return how many were deleted.

    The copy is on the disk before the table names it, and the original is deleted last: a crash in between leaves a
    file that no row names, which the next run deletes.
    """
    county, archive = archiver.county, archiver.archive
    if archive is None:
        return 0
    to_delete = stale.to_delete
    moved = await archiver.copy([capture for name in to_delete for capture in stale.needed[name]])

    def record(tx: Tx) -> set[str]:
        move_captures(tx, county, moved)
        delete_captures(tx, county, to_delete)
        if to_delete:
            after = {"files": sorted(to_delete), "carried_over": len(moved), "older_than": stale.before.isoformat()}
            line = JournalEntry("duban", "archive.deleted", "retention:archive", None, after)
            append_entries(tx, county, [line], now)
        return list_archive_files(tx, county)

    known = await run_write(store, record)
    archiver.forget()
    return await asyncio.to_thread(_delete_unknown, archive.folder, county, stale.before, known)


def _delete_unknown(folder: Path, county: str, before: datetime, known: Collection[str]) -> int:
    """Delete the county's older files that no row names. Return how many."""
    oldest = before.strftime("%Y-%m-%d")
    unknown = [name for name in county_files(folder, county) if name.rpartition("/")[2] < oldest and name not in known]
    for name in unknown:
        with suppress(FileNotFoundError):
            (folder / name).unlink()
    return len(unknown)


def _find_needs(loaded: Loaded, facts: CountyFacts, now: datetime) -> _Needs:
    needs = _Needs()
    for group in facts.groups.by_prefix.values():
        rows = [row for row in facts.rows_of(group).values() if row.status in _UNSETTLED and not row.closed]
        due_instants = [row.due_at for row in rows if row.due_at is not None]
        if not due_instants:
            continue
        for column in group.columns:
            needs.since[column] = min(*due_instants, needs.since.get(column, due_instants[0]))
        needs.urls.update(_considered_urls(loaded, facts, group, {row.key for row in rows}, now))
    return needs


def _considered_urls(
    loaded: Loaded, facts: CountyFacts, group: DutyGroup, keys: Collection[str], now: datetime
) -> Iterator[str]:
    """Yield the addresses of the entries that these occurrences considered, with their files."""
    verdicts = judge_group(loaded, facts, group, now)
    considered = {finding.about for key in keys if key in verdicts for finding in verdicts[key].findings}
    for entry in facts.facts_of(group).entries:
        if entry.url in considered:
            yield entry.url
            yield from (file.url for version in entry.versions for file in version.attachments)


def _find_needed(
    captures: Collection[Capture], list_captures: Collection[Capture], needs: _Needs, before: datetime
) -> Iterator[Capture]:
    """Yield the needed captures of a file. `list_captures`: every capture of the lists among them."""
    readable_at: Mapping[str, list[datetime]] = defaultdict(list)
    for capture in list_captures:
        if capture.outcome == READ:
            readable_at[capture.url].append(capture.at)
    for capture in captures:
        if capture.url in needs.urls:
            yield capture
        elif capture.kind == "listing":
            since = min(before, needs.since.get(capture.column, before))
            is_last_before = not any(capture.at < at < since for at in readable_at[capture.url])
            if capture.at >= since or (capture.outcome == READ and is_last_before):
                yield capture

"""Deletes archived answers that no open or disputed judgement needs.

Kept beyond its time is what a judgement may still be disputed with: of the lists what stood when the oldest
unsettled matter on them fell due, or at the limit itself, and since then; of articles and files those that an
unsettled matter considered. It is carried over into a younger file, so that one page does not keep a whole month.
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

from tracker.core.law.duties import Rulebook
from tracker.crawl.archiver import Keeper
from tracker.decide.facts import CountyFacts
from tracker.decide.groups import DutyGroup
from tracker.decide.judge import judge_group
from tracker.decide.load import load_county
from tracker.evidence.archive import county_files
from tracker.registers.adoptions import in_force
from tracker.rulebook.loaded import Loaded
from tracker.store.captures import READ, Capture, captures_of, forget_files, known_files, move_captures, stale_files
from tracker.store.engine import Store, Tx
from tracker.store.journal import JournalEntry, append
from tracker.store.threads import run_write

log = logging.getLogger(__name__)

#: Another process may write to a file for as long as its month lasts.
_IN_USE = timedelta(days=32)
#: Past due and not settled: somebody may still ask what was seen.
_UNSETTLED = {"overdue", "incomplete", "unverifiable", "met-disputed"}


@dataclass(slots=True)
class Needs:
    """What unsettled matters rest on. `since`: by column, when the oldest of them fell due; `urls`: of entries
    that they considered, with their files."""

    since: dict[str, datetime] = field(default_factory=dict)
    urls: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Stale:
    """The files of which everything is older than the schedule keeps (`before`), and of each what is needed yet."""

    before: datetime
    files: Mapping[str, Sequence[Capture]] = field(default_factory=dict)
    needed: Mapping[str, Sequence[Capture]] = field(default_factory=dict)

    @property
    def leaving(self) -> list[str]:
        """The files of which something is needed no longer."""
        return [name for name, captures in self.files.items() if len(self.needed[name]) < len(captures)]


def stale_of(store: Store, loaded: Loaded, rulebook: Rulebook, now: datetime) -> Stale:
    """What of a county's archive is older than the schedule keeps."""
    county = rulebook.county.id
    before = now - max(loaded.schedule.retention.archive, _IN_USE)
    with store.read() as tx:
        stale = stale_files(tx, county, before)
        lists = {capture.url for captures in stale.values() for capture in captures if capture.kind == "listing"}
        beside = captures_of(tx, county, lists)
        facts = load_county(tx, in_force(tx, loaded, rulebook), loaded.calendar, now) if stale else None
    needs = needs_of(loaded, facts, now) if facts is not None else Needs()
    return Stale(
        before, stale, {name: list(_needed(captures, beside, needs, before)) for name, captures in stale.items()}
    )


async def tidy_archive(store: Store, keeper: Keeper, stale: Stale, now: datetime) -> int:
    """Delete the stale files, but for what is needed; how many went.

    The new place is on the disk before the table names it, and the old one goes last: a kill in between leaves
    a file that nothing points to, which the next run removes.
    """
    county, archive = keeper.county, keeper.archive
    if archive is None:
        return 0
    leaving = stale.leaving
    moved = await keeper.carry([capture for name in leaving for capture in stale.needed[name]])

    def record(tx: Tx) -> set[str]:
        move_captures(tx, county, moved)
        forget_files(tx, county, leaving)
        if leaving:
            after = {"files": sorted(leaving), "carried_over": len(moved), "older_than": stale.before.isoformat()}
            line = JournalEntry("duban", "archive.deleted", "retention:archive", None, after)
            append(tx, county, [line], now)
        return known_files(tx, county)

    known = await run_write(store, record)
    keeper.forget()
    return await asyncio.to_thread(_delete_unknown, archive.folder, county, stale.before, known)


def _delete_unknown(folder: Path, county: str, before: datetime, known: Collection[str]) -> int:
    """Delete the county's older files to which nothing points; how many."""
    oldest = before.strftime("%Y-%m-%d")
    gone = [name for name in county_files(folder, county) if name.rpartition("/")[2] < oldest and name not in known]
    for name in gone:
        with suppress(FileNotFoundError):
            (folder / name).unlink()
    return len(gone)


def needs_of(loaded: Loaded, facts: CountyFacts, now: datetime) -> Needs:
    """What the county's unsettled matters rest on."""
    needs = Needs()
    for group in facts.groups.by_prefix.values():
        open_rows = [row for row in facts.rows_of(group).values() if row.status in _UNSETTLED and not row.closed]
        dues = [row.due_at for row in open_rows if row.due_at is not None]
        if not dues:
            continue
        for column in group.columns:
            needs.since[column] = min(*dues, needs.since.get(column, dues[0]))
        needs.urls |= set(_considered(loaded, facts, group, {row.key for row in open_rows}, now))
    return needs


def _considered(
    loaded: Loaded, facts: CountyFacts, group: DutyGroup, keys: Collection[str], now: datetime
) -> Iterator[str]:
    verdicts = judge_group(loaded, facts, group, now)
    about = {finding.about for key in keys if key in verdicts for finding in verdicts[key].findings}
    for entry in facts.facts_of(group).entries:
        if entry.url in about:
            yield entry.url
            yield from (file.url for version in entry.versions for file in version.attachments)


def _needed(
    captures: Collection[Capture], beside: Collection[Capture], needs: Needs, before: datetime
) -> Iterator[Capture]:
    """Of a file's captures those that stay. `beside`: every capture of the lists among them."""
    by_url: Mapping[str, list[Capture]] = defaultdict(list)
    for one in beside:
        if one.outcome == READ:
            by_url[one.url].append(one)
    for one in captures:
        if one.url in needs.urls:
            yield one
        elif one.kind == "listing":
            since = min(before, needs.since.get(one.column, before))
            later = [capture for capture in by_url[one.url] if one.at < capture.at < since]
            if one.at >= since or (one.outcome == READ and not later):
                yield one

"""Says whether a standing thing is kept current: changed in the period, confirmed, or its page answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from tracker.core.law.notice_fields import day_zh
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.candidates import CellCriteria, begins
from tracker.core.matching.cell_evidence import CaseContext, CellEvidence, Declaration, better, ruled
from tracker.core.matching.contents import readable
from tracker.core.matching.naming import flat
from tracker.core.matching.proof import LATE, ON_TIME, Candidate, CellProof
from tracker.core.matching.proved_by import accepted, attested
from tracker.core.values.facts import EntryVersion
from tracker.core.values.verdicts import Finding


def kept_current(
    context: CaseContext,
    criteria: CellCriteria,
    occurrence: Occurrence,
    candidates: Sequence[Candidate],
    first: Occurrence | None,
) -> CellEvidence:
    """One upkeep period of one cell. `first`: the occurrence of the thing itself."""
    assert occurrence.window is not None
    things = [
        candidate
        for candidate in candidates
        if candidate.counts
        and candidate.assessment.relevant
        and candidate.entry.gone_at is None
        and ruled(context, criteria, occurrence, candidate) != "reject"
        and (first is None or ruled(context, criteria, first, candidate) != "reject")
    ]
    weight = CellEvidence(
        criteria.cell, criteria, since=min([occurrence.window.first, *(thing.day for thing in things)])
    )
    for declaration in (
        *_changes(context, criteria, occurrence, things),
        *_pages(context, criteria, occurrence, things),
    ):
        weight = better(weight, declaration)
    for declaration in (
        *_filed(context, criteria, occurrence),
        *(said(context, criteria, occurrence) for said in (accepted, attested)),
    ):
        weight = better(weight, declaration)
    return weight


def _changes(
    context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, things: Sequence[Candidate]
) -> Iterator[Declaration]:
    """Every change from the period's first day on; one after its end closes it late."""
    assert occurrence.window is not None
    for thing in things:
        for at, what in _instants(context, criteria, thing):
            if context.day(at) >= occurrence.window.first:
                reason = f"{day_zh(context.day(at))}{what}"
                yield _told(context, criteria, occurrence, thing.entry.url, thing.entry.title, reason, at)


def _instants(context: CaseContext, criteria: CellCriteria, candidate: Candidate) -> Iterator[tuple[datetime, str]]:
    yield candidate.at, "公开"
    versions = candidate.entry.versions
    for before, after in pairwise(versions):
        if not _changed(before, after):
            continue
        if after.claimed is not None and after.claimed != before.claimed:
            yield min(begins(after.claimed, context.county.zone), after.seen_at), "更新"
            continue
        column = criteria.columns.get(candidate.entry.column)
        lacked = context.dating.sight.lacking(column, candidate.day, after.seen_at) if column else None
        yield (max(lacked.began_at, before.seen_at) if lacked else after.seen_at), "更新"


def _changed(before: EntryVersion, after: EntryVersion) -> bool:
    """Whether the thing itself changed, not our reading of it."""
    if flat(before.title) != flat(after.title) or before.claimed != after.claimed:
        return True
    if not (readable(before) and readable(after)):
        return False
    files = [[(attachment.url, attachment.text) for attachment in version.attachments] for version in (before, after)]
    return before.text != after.text or files[0] != files[1]


def _pages(
    context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, things: Sequence[Candidate]
) -> Iterator[Declaration]:
    """A page proves itself by answering: its last reading since the period began."""
    assert occurrence.window is not None
    start = begins(occurrence.window.first, context.county.zone)
    for thing in things:
        column = criteria.columns.get(thing.entry.column)
        if column is None or column.kind != "page":
            continue
        visit = context.dating.sight.first_since(column, start)
        if visit is not None:
            # A page up before and after the period was up in it, though nobody looked meanwhile.
            at = visit.began_at if thing.at >= start else start
            yield _told(context, criteria, occurrence, thing.entry.url, thing.entry.title, "网页可以打开", at)


def _filed(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Iterator[Declaration]:
    for filing in context.papers.filings(occurrence.key, "upkeep", criteria.cell.part):
        reason = f"{filing.by}确认内容仍然有效"
        yield _told(context, criteria, occurrence, f"upkeep:{filing.id}", "内容有效确认", reason, filing.recorded_at)


def _told(
    context: CaseContext,
    criteria: CellCriteria,
    occurrence: Occurrence,
    about: str,
    title: str,
    reason: str,
    at: datetime,
) -> Declaration:
    late = occurrence.due_at is not None and at >= occurrence.due_at
    finding = Finding(occurrence.key, criteria.cell.name, about, title, True, reason, at=at)
    return Declaration(CellProof(LATE if late else ON_TIME, at), (finding,), by=reason)

"""Weighs the upkeep of a standing publication: changed in the period, confirmed, or its page answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh
from tracker.core.matching.candidates import CellCriteria, earliest_instant
from tracker.core.matching.cell_evidence import CaseContext, CellEvidence, Declaration, add_declaration, ruling_kind_on
from tracker.core.matching.contents import is_readable
from tracker.core.matching.naming import flat
from tracker.core.matching.proof import LATE, ON_TIME, Candidate, CellProof
from tracker.core.matching.proved_by import find_accepted, find_attested
from tracker.core.values.facts import EntryVersion
from tracker.core.values.verdicts import Finding


def weigh_upkeep(
    context: CaseContext,
    criteria: CellCriteria,
    occurrence: Occurrence,
    candidates: Sequence[Candidate],
    first: Occurrence | None,
) -> CellEvidence:
    """Return the evidence of one cell for one upkeep period. `first`: the occurrence of the publication itself."""
    assert occurrence.window is not None
    publications = [
        candidate
        for candidate in candidates
        if candidate.counts
        and candidate.assessment.is_relevant
        and candidate.entry.gone_at is None
        and ruling_kind_on(context, criteria, occurrence, candidate) != "reject"
        and (first is None or ruling_kind_on(context, criteria, first, candidate) != "reject")
    ]
    evidence = CellEvidence(
        criteria.cell,
        criteria,
        since=min([occurrence.window.first, *(publication.day for publication in publications)]),
    )
    for declaration in (
        *_find_changes(context, criteria, occurrence, publications),
        *_find_page_readings(context, criteria, occurrence, publications),
    ):
        evidence = add_declaration(evidence, declaration)
    for declaration in (
        *_find_confirmations(context, criteria, occurrence),
        *(find_proof(context, criteria, occurrence) for find_proof in (find_accepted, find_attested)),
    ):
        evidence = add_declaration(evidence, declaration)
    return evidence


def _find_changes(
    context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, publications: Sequence[Candidate]
) -> Iterator[Declaration]:
    """Yield every change from the period's first day on; one after its end proves it late."""
    assert occurrence.window is not None
    for publication in publications:
        for at, change in _change_instants(context, criteria, publication):
            if context.day(at) >= occurrence.window.first:
                reason = f"{day_zh(context.day(at))}{change}"
                yield _declare(
                    context, criteria, occurrence, publication.entry.url, publication.entry.title, reason, at
                )


def _change_instants(
    context: CaseContext, criteria: CellCriteria, candidate: Candidate
) -> Iterator[tuple[datetime, str]]:
    yield candidate.at, "公开"
    versions = candidate.entry.versions
    for before, after in pairwise(versions):
        if not _is_changed(before, after):
            continue
        if after.claimed is not None and after.claimed != before.claimed:
            yield min(earliest_instant(after.claimed, context.county.zone), after.seen_at), "更新"
            continue
        column = criteria.columns.get(candidate.entry.column)
        lacking_visit = context.dating.visits.last_lacking(column, candidate.day, after.seen_at) if column else None
        yield (max(lacking_visit.began_at, before.seen_at) if lacking_visit else after.seen_at), "更新"


def _is_changed(before: EntryVersion, after: EntryVersion) -> bool:
    """Return whether the publication changed, and not only how it was read."""
    if flat(before.title) != flat(after.title) or before.claimed != after.claimed:
        return True
    if not (is_readable(before) and is_readable(after)):
        return False
    files = [[(attachment.url, attachment.text) for attachment in version.attachments] for version in (before, after)]
    return before.text != after.text or files[0] != files[1]


def _find_page_readings(
    context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, publications: Sequence[Candidate]
) -> Iterator[Declaration]:
    """Yield the first reading of each page since the period began: a page is kept current if it answers."""
    assert occurrence.window is not None
    start = earliest_instant(occurrence.window.first, context.county.zone)
    for publication in publications:
        column = criteria.columns.get(publication.entry.column)
        if column is None or column.kind != "page":
            continue
        visit = context.dating.visits.first_read_since(column, start)
        if visit is not None:
            # A page read before and after the period counts as up in it, though no visit was made meanwhile.
            at = visit.began_at if publication.at >= start else start
            yield _declare(
                context, criteria, occurrence, publication.entry.url, publication.entry.title, "网页可以打开", at
            )


def _find_confirmations(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Iterator[Declaration]:
    for filing in context.filings.of_kind(occurrence.key, "upkeep", criteria.cell.part):
        reason = f"{filing.by}确认内容仍然有效"
        yield _declare(context, criteria, occurrence, f"upkeep:{filing.id}", "内容有效确认", reason, filing.recorded_at)


def _declare(
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
    return Declaration(CellProof(LATE if late else ON_TIME, at), (finding,), proof_text=reason)

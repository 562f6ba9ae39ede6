"""Weighs the upkeep of a standing publication: changed in the period, confirmed, or its page answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, pairwise

from tracker.core.law.counting import earliest_instant
from tracker.core.law.occurrences import Window
from tracker.core.law.wording import day_zh
from tracker.core.matching.candidates import Candidate
from tracker.core.matching.cell_evidence import CellEvidence, Declaration, add_declaration, build_finding
from tracker.core.matching.contents import is_readable
from tracker.core.matching.declarations import find_declarations
from tracker.core.matching.naming import flat
from tracker.core.matching.proof import CellProof, Requirement
from tracker.core.matching.text_frame import separate_frame
from tracker.core.values.facts import EntryVersion, are_of_one_day


def weigh_upkeep(requirement: Requirement, candidates: Sequence[Candidate], first: Requirement | None) -> CellEvidence:
    """Return the evidence of one cell for one upkeep period. `first`: the publication itself."""
    window = requirement.occurrence.window
    assert window is not None
    known = [
        candidate
        for candidate in candidates
        if candidate.may_prove
        and requirement.ruling_kind_on(candidate) != "reject"
        and (first is None or first.ruling_kind_on(candidate) != "reject")
    ]
    publications = [candidate for candidate in known if candidate.entry.gone_at is None]
    evidence = CellEvidence(
        requirement, counts_from=min([window.first, *(publication.day for publication in publications)])
    )
    for declaration in chain(
        _find_changes(requirement, window, known),  # what another edition replaced since was kept current in its time
        _find_page_readings(requirement, window, publications),
        _find_confirmations(requirement),
        find_declarations(requirement),
    ):
        evidence = add_declaration(evidence, declaration)
    return evidence


def _find_changes(requirement: Requirement, window: Window, publications: Sequence[Candidate]) -> Iterator[Declaration]:
    """Yield every change from the period's first day on; one after its end proves it late."""
    for publication in publications:
        for at, change in _change_instants(requirement, publication):
            if (day := requirement.context.day(at)) >= window.first:
                yield _declare(
                    requirement, publication.entry.url, publication.entry.title, f"{day_zh(day)}{change}", at
                )


def _change_instants(requirement: Requirement, candidate: Candidate) -> Iterator[tuple[datetime, str]]:
    context, column = requirement.context, requirement.criteria.columns.get(candidate.entry.column)
    yield candidate.at, "公开"
    for before, after in pairwise(candidate.entry.versions):
        if not _is_changed(before, after):
            continue
        if after.claimed is not None and not are_of_one_day(after.claimed, before.claimed):
            yield min(earliest_instant(after.claimed, context.zone), after.seen_at), "更新"
            continue
        lacking_visit = context.visits.last_lacking(column, candidate.day, after.seen_at)
        yield (max(lacking_visit.began_at, before.seen_at) if lacking_visit else after.seen_at), "更新"


def _is_changed(before: EntryVersion, after: EntryVersion) -> bool:
    """Return whether the publication changed, and not only how it was read."""
    if flat(before.title) != flat(after.title) or not are_of_one_day(before.claimed, after.claimed):
        return True
    if not (is_readable(before) and is_readable(after)):
        return False
    files = [[(attachment.url, attachment.text) for attachment in version.attachments] for version in (before, after)]
    return files[0] != files[1] or (before.text != after.text and _is_rewritten(before, after))


def _is_rewritten(before: EntryVersion, after: EntryVersion) -> bool:
    """Return whether a text changed, or the days that its frame prints; another frame or a view count is no change."""
    old, new = separate_frame(before.text or "", before.title), separate_frame(after.text or "", after.title)
    return old.core != new.core or bool(old.days and new.days and old.days != new.days)


def _find_page_readings(
    requirement: Requirement, window: Window, publications: Sequence[Candidate]
) -> Iterator[Declaration]:
    """Yield the first reading of each page since the period began: a page is kept current if it answers."""
    start = earliest_instant(window.first, requirement.context.zone)
    for publication in publications:
        column = requirement.criteria.columns.get(publication.entry.column)
        if column is None or column.kind != "page":
            continue
        visit = requirement.context.visits.first_read_since(column, start)
        if visit is not None:
            # A page read before and after the period counts as up in it, though no visit was made meanwhile.
            at = visit.began_at if publication.at >= start else start
            yield _declare(requirement, publication.entry.url, publication.entry.title, "网页可以打开", at)


def _find_confirmations(requirement: Requirement) -> Iterator[Declaration]:
    for filing in requirement.context.filings.of_kind(requirement.key, "upkeep", requirement.cell.part):
        reason = f"{filing.by}确认内容仍然有效"
        yield _declare(requirement, f"upkeep:{filing.id}", "内容有效确认", reason, filing.recorded_at)


def _declare(requirement: Requirement, about: str, title: str, reason: str, at: datetime) -> Declaration:
    finding = build_finding(requirement, about, title, True, reason, at)
    return Declaration(finding, CellProof(requirement.rank_at(at), at), proof_text=reason)

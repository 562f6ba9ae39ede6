"""Weighs the entries, filings and records of a duty: evidence and findings for each cell.

One call weighs all occurrences of a duty for one department, because an entry proves one period, each event needs an
entry of its own, and upkeep depends on the publication that it keeps current.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from tracker.core.law.duties import By, Cell, Deadline, Every, Within
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching import finding_text as text
from tracker.core.matching.allocation import EventAllocation, PeriodEntries, allocate_to_periods
from tracker.core.matching.candidates import (
    CellCriteria,
    uses_event,
)
from tracker.core.matching.cell_candidates import criteria_for_cell, find_candidates, split_by_edition
from tracker.core.matching.cell_evidence import CaseContext, CellEvidence, add_declaration, ruling_kind_on
from tracker.core.matching.proof import Candidate, CellProof, Requirement
from tracker.core.matching.proved_by import (
    apply_zero_reports,
    find_accepted,
    find_accepted_urls,
    find_attested,
    find_recorded,
)
from tracker.core.matching.upkeep import weigh_upkeep
from tracker.core.values.verdicts import Finding


def weigh_evidence(
    context: CaseContext, occurrences: Sequence[Occurrence], only: Collection[str] | None = None
) -> dict[str, tuple[CellEvidence, ...]]:
    """Return the evidence for every cell of every occurrence, or of those in `only`, by key. Independent of the
    clock."""
    judged = [occurrence for occurrence in occurrences if only is None or occurrence.key in only]
    evidence_by_key: dict[str, list[CellEvidence]] = {occurrence.key: [] for occurrence in judged}
    for cell in context.assignment.cells:
        owed = [occurrence for occurrence in occurrences if cell.part in occurrence.parts and not occurrence.awaiting]
        if any(occurrence.key in evidence_by_key for occurrence in owed):
            for key, evidence in _weigh_cell(context, cell, owed, only).items():
                evidence_by_key[key].append(evidence)
    for occurrence in judged:
        evidence_by_key[occurrence.key] = apply_zero_reports(context, occurrence, evidence_by_key[occurrence.key])
    return {
        key: tuple(_drop_open_questions(evidence) for evidence in cell_evidence)
        for key, cell_evidence in evidence_by_key.items()
    }


def _drop_open_questions(evidence: CellEvidence) -> CellEvidence:
    """Return the evidence without open questions if the cell is proved: nothing need be decided then."""
    if not evidence.proof.holds or not any(finding.unattributed for finding in evidence.findings):
        return evidence
    return replace(evidence, findings=tuple(replace(finding, unattributed=False) for finding in evidence.findings))


def _weigh_cell(
    context: CaseContext, cell: Cell, owed: Sequence[Occurrence], only: Collection[str] | None
) -> dict[str, CellEvidence]:
    criteria = criteria_for_cell(context, cell)
    candidates = find_candidates(context, criteria)
    by_deadline: dict[Deadline, list[Occurrence]] = defaultdict(list)
    for occurrence in owed:
        by_deadline[occurrence.deadline].append(occurrence)
    evidence_by_key: dict[str, CellEvidence] = {}
    for deadline, group in by_deadline.items():
        judged = [occurrence for occurrence in group if only is None or occurrence.key in only]
        if isinstance(deadline, Every) and deadline.upkeep:
            first = next((occurrence for occurrence in owed if isinstance(occurrence.deadline, By)), None)
            evidence_by_key |= {
                occurrence.key: weigh_upkeep(context, criteria, occurrence, candidates, first) for occurrence in judged
            }
        elif judged:
            # The entries of one occurrence depend on those of the others, so all are allocated together.
            entries_by_key = _allocate_entries(context, criteria, deadline, group, candidates)
            evidence_by_key |= {
                occurrence.key: _weigh_occurrence(context, criteria, occurrence, entries_by_key[occurrence.key])
                for occurrence in judged
            }
    return evidence_by_key


def _allocate_entries(
    context: CaseContext,
    criteria: CellCriteria,
    deadline: Deadline,
    group: Sequence[Occurrence],
    candidates: Sequence[Candidate],
) -> dict[str, PeriodEntries]:
    if isinstance(deadline, By):
        return {occurrence.key: PeriodEntries(candidates=list(candidates)) for occurrence in group}
    if isinstance(deadline, Every):
        return allocate_to_periods(
            deadline, group, split_by_edition(context, criteria, candidates), context.calendar, context.county.zone
        )

    def is_usable(occurrence: Occurrence, candidate: Candidate) -> bool:
        return (
            candidate.counts
            and candidate.assessment.is_relevant
            and ruling_kind_on(context, criteria, occurrence, candidate) != "reject"
        )

    decided = {
        entry.id: occurrence.key
        for occurrence in sorted(group, key=lambda occurrence: occurrence.key)
        for address in find_accepted_urls(context, criteria, occurrence)
        for entry in context.entries_at(address)
    }
    settled = frozenset(occurrence.key for occurrence in group if _is_settled_by_people(context, criteria, occurrence))
    allocation = EventAllocation(
        candidates,
        lambda occurrence, taken_candidates: build_requirement(context, criteria, occurrence).prove(taken_candidates),
        is_usable,
        decided,
        settled,
        context.county.zone,
    )
    return allocation.allocate(deadline, group)


def _is_settled_by_people(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> bool:
    """Return whether people proved the cell or released it, so that no entry has to be found by pattern."""
    filings, part = context.filings, criteria.cell.part
    if filings.find_release(occurrence.key) or filings.find_release(occurrence.key, part):
        return True
    return any(
        find_proof(context, criteria, occurrence).proof.holds
        for find_proof in (find_accepted, find_attested, find_recorded)
    )


def build_requirement(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Requirement:
    """Return the criteria of a cell with the occurrence's deadline and the first day from which an entry may count."""
    return Requirement(context.dating, criteria, occurrence.due_at, first_countable_day(context, criteria, occurrence))


def first_countable_day(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> date | None:
    """Return the first day from which entries may count; None: any age.

    A complete visit reaches back beyond that day; with None only a visit to the list's end is complete.
    """
    if occurrence.window is not None:
        return occurrence.window.first
    if occurrence.event is None or not isinstance(occurrence.deadline, Within):
        return None
    day = context.day(occurrence.event.occurred)
    is_named = any(uses_event(source) for source in criteria.cell.sources)
    return day - timedelta(days=occurrence.deadline.slack) if is_named else day


def _weigh_occurrence(
    context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, entries: PeriodEntries
) -> CellEvidence:
    """Return the evidence for one cell of one occurrence: its own entries, later entries, then declarations."""
    requirement = build_requirement(context, criteria, occurrence)
    counting = [
        candidate
        for candidate in entries.candidates
        if candidate.counts
        and candidate.assessment.is_relevant
        and not ruling_kind_on(context, criteria, occurrence, candidate)
    ]
    present = [candidate for candidate in counting if candidate.entry.gone_at is None]
    proof, taken_down = requirement.prove(present), _find_taken_down(requirement, present, counting)
    later_candidates: list[Candidate] = []
    if not proof.holds:
        later_candidates = [
            candidate
            for candidate in islice(entries.later_candidates, entries.later_start, None)
            if _may_close(candidate, taken_down) and not ruling_kind_on(context, criteria, occurrence, candidate)
        ]
        proof, taken_down = _close_late(requirement, present, later_candidates, proof, taken_down)
    if not proof.holds and (itemless := requirement.find_itemless(present)):
        entries = _mark_awaiting(entries, itemless, text.no_items_reason(criteria))
    counting = [candidate for candidate in counting if requirement.may_hold(candidate)]
    open_candidates = () if proof.holds else (*entries.candidates, *later_candidates)
    waiting = [
        candidate
        for candidate in open_candidates
        if _may_prove(candidate) and not ruling_kind_on(context, criteria, occurrence, candidate)
    ]
    evidence = CellEvidence(
        cell=criteria.cell,
        criteria=criteria,
        proof=proof,
        since=requirement.since,
        has_entries=bool(counting) or any(context.filings.accepted_rulings(occurrence.key, criteria.cell.part)),
        published=bool(counting)
        or any(
            candidate.assessment.open_question and candidate.assessment.is_relevant and requirement.may_hold(candidate)
            for candidate in waiting
        ),
        taken_down=() if proof.holds else taken_down,
        unread=tuple(candidate for candidate in waiting if candidate.counts and candidate.assessment.is_unread),
        open_questions=tuple(
            f"《{candidate.entry.title}》{candidate.assessment.open_question}"
            for candidate in waiting
            if candidate.assessment.open_question
        ),
    )
    for find_proof in (find_accepted, find_attested, find_recorded):
        evidence = add_declaration(evidence, find_proof(context, criteria, occurrence))
    # One question at a time: once it is decided, the next later entry is asked about, if it still matters.
    asked_candidate = next((candidate for candidate in waiting if candidate.assessment.open_question), None)
    findings = tuple(_build_findings(context, occurrence, entries, requirement, evidence, asked_candidate))
    return replace(evidence, findings=(*findings, *evidence.findings)) if findings else evidence


def _mark_awaiting(entries: PeriodEntries, itemless: Sequence[Candidate], question: str) -> PeriodEntries:
    """Return the entries of an occurrence with an open question added to the itemless ones."""
    awaiting = {
        candidate.order: replace(candidate, assessment=replace(candidate.assessment, open_question=question))
        for candidate in itemless
    }
    return replace(entries, candidates=[awaiting.get(candidate.order, candidate) for candidate in entries.candidates])


def _find_taken_down(
    requirement: Requirement, present: Sequence[Candidate], counting: Sequence[Candidate]
) -> tuple[Candidate, ...]:
    """Return the entries that were taken down, if the cell is proved with them and not without them."""
    if len(present) == len(counting) or requirement.prove(present).holds:
        return ()
    earlier_proof = requirement.prove(counting)
    return (
        tuple(candidate for candidate in earlier_proof.candidates if candidate.entry.gone_at is not None)
        if earlier_proof.holds
        else ()
    )


def _may_close(candidate: Candidate, taken_down: Sequence[Candidate]) -> bool:
    """Return whether a later entry may close the cell. If its proof was taken down, only entries seen since may."""
    last_gone_at = max((candidate.entry.gone_at for candidate in taken_down if candidate.entry.gone_at), default=None)
    is_new = last_gone_at is None or candidate.entry.first_seen_at >= last_gone_at
    return (
        is_new
        and not candidate.assessment.refusal
        and (candidate.assessment.is_relevant or candidate.assessment.is_unread)
    )


def _close_late(
    requirement: Requirement,
    present: Sequence[Candidate],
    later_candidates: Sequence[Candidate],
    proof: CellProof,
    taken_down: tuple[Candidate, ...],
) -> tuple[CellProof, tuple[Candidate, ...]]:
    """Return the late proof completed by the first later entries; else the given proof with the entries that had
    completed it and are gone."""
    closing = _complete_with(
        requirement, present, (candidate for candidate in later_candidates if candidate.entry.gone_at is None)
    )
    if closing is not None:
        return closing, ()
    earlier_proof = (
        _complete_with(requirement, present, later_candidates)
        if any(candidate.entry.gone_at for candidate in later_candidates)
        else None
    )
    closed_and_gone = (
        tuple(candidate for candidate in earlier_proof.candidates if candidate.entry.gone_at is not None)
        if earlier_proof
        else ()
    )
    return proof, taken_down or closed_and_gone


def _complete_with(
    requirement: Requirement, present: Sequence[Candidate], later_candidates: Iterable[Candidate]
) -> CellProof | None:
    is_each = requirement.criteria.contents.mode == "each"
    candidates = [] if is_each else list(present)
    for candidate in later_candidates:
        if candidate.counts and candidate.assessment.is_relevant:
            candidates = [candidate] if is_each else [*candidates, candidate]
            proof = requirement.prove(candidates)
            if proof.holds:
                return proof
    return None


def _may_prove(candidate: Candidate) -> bool:
    """Return whether the entry is neither refused nor gone, and is unread or awaits a person."""
    assessment = candidate.assessment
    if assessment.refusal or candidate.entry.gone_at is not None:
        return False
    return assessment.is_unread or bool(assessment.open_question and assessment.is_relevant)


def _build_findings(
    context: CaseContext,
    occurrence: Occurrence,
    entries: PeriodEntries,
    requirement: Requirement,
    evidence: CellEvidence,
    asked_candidate: Candidate | None,
) -> Iterator[Finding]:
    """Yield findings for the entries of the occurrence, for later entries that close it or may, and for entries that
    are about another period."""
    own_orders = {candidate.order for candidate in entries.candidates}
    extra = (*evidence.proof.candidates, asked_candidate) if asked_candidate is not None else evidence.proof.candidates
    for candidate in (*entries.candidates, *(candidate for candidate in extra if candidate.order not in own_orders)):
        if ruling_kind_on(context, requirement.criteria, occurrence, candidate) != "accept":
            reason = (
                entries.reasons.get(candidate.entry.id, "")
                if candidate.order in own_orders
                else "属于以后时期，视为补公开"
            )
            rejection = context.filings.find_ruling(occurrence.key, candidate.entry.url, evidence.cell.part)
            yield text.entry_finding(
                occurrence, requirement, candidate, reason, rejection, is_open=not evidence.proof.holds
            )
    for candidate, reason in entries.about_other_periods:
        yield text.uncounted_finding(occurrence, requirement, candidate, candidate.assessment.refusal or reason)

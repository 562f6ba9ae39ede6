"""Weighs the entries, filings and records of a duty: evidence and findings for each cell.

One call weighs all occurrences of a duty for one department, because an entry proves one period, each event needs an
entry of its own, and upkeep depends on the publication that it keeps current.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from tracker.core.law.duties import By, Cell, Deadline, Every
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.allocation import allocate_entries
from tracker.core.matching.candidates import Candidate, PeriodEntries, find_candidates
from tracker.core.matching.case_context import CaseContext
from tracker.core.matching.cell_evidence import CellEvidence, add_declaration
from tracker.core.matching.criteria import build_criteria
from tracker.core.matching.declarations import apply_zero_reports, find_declarations, find_records
from tracker.core.matching.finding_text import ask_about_itemless, build_entry_finding, explain_allocated_entry
from tracker.core.matching.proof import LATE, UNPROVED, CellProof, Requirement
from tracker.core.matching.upkeep import weigh_upkeep
from tracker.core.values.verdicts import Finding


def weigh_evidence(
    context: CaseContext, occurrences: Sequence[Occurrence], only: Collection[str] | None = None
) -> dict[str, tuple[CellEvidence, ...]]:
    """Return the evidence for every cell of every occurrence, or of those in `only`, by key. Independent of the
    clock."""
    evidence_by_key: dict[str, list[CellEvidence]] = {
        occurrence.key: [] for occurrence in occurrences if only is None or occurrence.key in only
    }
    for cell in context.assignment.cells:
        owed = [occurrence for occurrence in occurrences if cell.part in occurrence.parts and not occurrence.awaiting]
        if any(occurrence.key in evidence_by_key for occurrence in owed):
            for key, evidence in _weigh_cell(context, cell, owed, evidence_by_key.keys()):
                evidence_by_key[key].append(evidence)
    return {
        key: tuple(map(_drop_open_questions, apply_zero_reports(cell_evidence)))
        for key, cell_evidence in evidence_by_key.items()
    }


def _drop_open_questions(evidence: CellEvidence) -> CellEvidence:
    """Return the evidence without open questions if the cell is proved: nothing need be decided then."""
    if not evidence.proof.holds or not any(finding.awaits_person for finding in evidence.findings):
        return evidence
    return replace(evidence, findings=tuple(replace(finding, awaits_person=False) for finding in evidence.findings))


def _weigh_cell(
    context: CaseContext, cell: Cell, owed: Sequence[Occurrence], judged_keys: Collection[str]
) -> Iterator[tuple[str, CellEvidence]]:
    criteria = build_criteria(context.duty, cell, context.county, context.assignment.members)
    candidates = find_candidates(context, criteria)
    requirements = [Requirement(context, criteria, occurrence) for occurrence in owed]
    publication = next((case for case in requirements if isinstance(case.occurrence.deadline, By)), None)
    by_deadline: dict[Deadline, list[Requirement]] = defaultdict(list)
    for requirement in requirements:
        by_deadline[requirement.occurrence.deadline].append(requirement)
    for deadline, group in by_deadline.items():
        judged = [requirement for requirement in group if requirement.key in judged_keys]
        if isinstance(deadline, Every) and deadline.upkeep:
            for requirement in judged:
                yield requirement.key, weigh_upkeep(requirement, candidates, publication)
        elif judged:
            # The entries of one occurrence depend on those of the others, so all are allocated together.
            entries_by_key = allocate_entries(deadline, group, candidates)
            for requirement in judged:
                yield requirement.key, _weigh_occurrence(requirement, entries_by_key[requirement.key])


def _weigh_occurrence(requirement: Requirement, entries: PeriodEntries) -> CellEvidence:
    """Return the evidence for one cell of one occurrence: its own entries, later entries, then declarations."""
    counting = [
        candidate
        for candidate in entries.candidates
        if candidate.may_prove and not requirement.ruling_kind_on(candidate)
    ]
    present = [candidate for candidate in counting if candidate.entry.gone_at is None]
    proof = _count_from_first(requirement, counting, requirement.prove(present))
    taken_down: tuple[Candidate, ...] = ()
    later_candidates: tuple[Candidate, ...] = ()
    if not proof.holds:
        if len(present) < len(counting):
            taken_down = requirement.prove(counting).gone_candidates
        later_candidates = _find_later(requirement, entries, taken_down)
        proof, taken_down = _close_late(requirement, present, later_candidates, proof, taken_down)
    # Where other kinds of what is asked for are known by their words, so is this one.
    is_kind = bool(requirement.criteria.contents.other_kinds)
    if not proof.holds and not is_kind and (itemless := requirement.find_itemless(present)):
        question = ask_about_itemless(requirement)
        awaiting = {candidate.order: candidate.with_question(question) for candidate in itemless}
        marked = [awaiting.get(candidate.order, candidate) for candidate in entries.candidates]
        entries = replace(entries, candidates=marked)
    waiting = [
        candidate
        for candidate in (() if proof.holds else (*entries.candidates, *later_candidates))
        if _may_prove(candidate) and not requirement.ruling_kind_on(candidate)
    ]
    asking = [candidate for candidate in waiting if candidate.assessment.open_question]
    has_entries = any(map(requirement.may_hold, counting))
    evidence = CellEvidence(
        requirement,
        proof,
        requirement.counts_from,
        has_entries=has_entries or requirement.has_acceptance,
        published=has_entries
        or any(candidate.assessment.is_relevant and requirement.may_hold(candidate) for candidate in asking),
        unread=tuple(candidate for candidate in waiting if candidate.counts and candidate.assessment.is_unread),
        open_questions=tuple(
            f"《{candidate.entry.title}》{candidate.assessment.open_question}" for candidate in asking
        ),
        taken_down=taken_down,
        other_kinds_seen=any(
            candidate.assessment.is_of_other_kind and candidate.entry.gone_at is None
            for candidate in entries.candidates
        ),
    )
    for declaration in chain(find_declarations(requirement), find_records(requirement)):
        evidence = add_declaration(evidence, declaration)
    # One question at a time: once it is decided, the next later entry is asked about, if it still matters.
    findings = tuple(_build_findings(requirement, entries, evidence, asking[:1]))
    return replace(evidence, findings=(*findings, *evidence.findings)) if findings else evidence


def _count_from_first(requirement: Requirement, counting: Sequence[Candidate], proof: CellProof) -> CellProof:
    """Return a late proof of what is owed once as of an earlier one that was on time and is gone: a list that another
    edition replaces is not late. Of periods the later paper may be that of another one."""
    is_once = not isinstance(requirement.occurrence.deadline, Every)
    if not is_once or proof.rank != LATE or all(candidate.entry.gone_at is None for candidate in counting):
        return proof
    earlier = requirement.prove(counting)
    return replace(proof, rank=earlier.rank, at=earlier.at) if earlier.rank < LATE else proof


def _find_later(
    requirement: Requirement, entries: PeriodEntries, taken_down: Sequence[Candidate]
) -> tuple[Candidate, ...]:
    """Return the later entries that may close the cell. If its proof was taken down, only entries seen since may."""
    last_gone_at = max((candidate.entry.gone_at for candidate in taken_down if candidate.entry.gone_at), default=None)
    return tuple(
        candidate
        for candidate in islice(entries.later_candidates, entries.later_start, None)
        if (last_gone_at is None or candidate.entry.first_seen_at >= last_gone_at)
        and not candidate.assessment.refusal
        and (candidate.assessment.is_relevant or candidate.assessment.is_unread)
        and not requirement.ruling_kind_on(candidate)
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
    later_present = [candidate for candidate in later_candidates if candidate.entry.gone_at is None]
    late_proof = _complete_with(requirement, present, later_present)
    if late_proof.holds:
        return late_proof, ()
    if not taken_down and len(later_present) < len(later_candidates):
        taken_down = _complete_with(requirement, present, later_candidates).gone_candidates
    return proof, taken_down


def _complete_with(
    requirement: Requirement, present: Sequence[Candidate], later_candidates: Iterable[Candidate]
) -> CellProof:
    """Return the proof by these entries and the first later ones that complete it."""
    is_each = requirement.criteria.contents.mode == "each"
    candidates = [] if is_each else list(present)
    for candidate in later_candidates:
        if candidate.may_prove:
            candidates = [candidate] if is_each else [*candidates, candidate]
            proof = requirement.prove(candidates)
            if proof.holds:
                return proof
    return UNPROVED


def _may_prove(candidate: Candidate) -> bool:
    """Return whether the entry is neither refused nor gone, and is unread or awaits a person."""
    assessment = candidate.assessment
    if assessment.refusal or candidate.entry.gone_at is not None:
        return False
    return assessment.is_unread or bool(assessment.open_question and assessment.is_relevant)


def _build_findings(
    requirement: Requirement, entries: PeriodEntries, evidence: CellEvidence, asked: Sequence[Candidate]
) -> Iterator[Finding]:
    """Yield findings for the entries of the occurrence, for later entries that close it or are `asked` about, and for
    entries that are about another period."""
    orders = {candidate.order for candidate in entries.candidates}
    placed = [
        (candidate, entries.reasons.get(candidate.entry.id, ""))
        for candidate in entries.candidates
        if not candidate.assessment.is_of_other_kind
    ]
    placed += [
        (candidate, "属于以后时期的内容，视为本期补充公开")
        for candidate in (*evidence.proof.candidates, *asked)
        if candidate.order not in orders
    ]
    for candidate, placement in placed:
        ruling = requirement.find_ruling(candidate.entry.url)
        if ruling is None or ruling.kind != "accept":
            # Of one kind among several, one entry at a time is asked about: many mention it.
            is_asked = candidate in asked or not requirement.criteria.contents.other_kinds
            is_open = is_asked and not evidence.proof.holds
            yield explain_allocated_entry(requirement, candidate, placement, ruling, is_open=is_open)
    for candidate, reason in entries.about_other_periods:
        yield build_entry_finding(requirement, candidate, candidate.assessment.refusal or reason)

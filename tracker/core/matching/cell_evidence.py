"""Evidence for one cell of an occurrence, independent of `now`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.core.law.duties import Cell
from tracker.core.matching.candidates import Candidate
from tracker.core.matching.proof import LATE, UNPROVED, CellProof, Requirement
from tracker.core.values.verdicts import Finding


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """One cell of one occurrence.

    `counts_from`: the first day from which entries count; None: any age. `has_entries`: an entry lies in the
    period, so a zero report does not count. `published`: something was published or seen, perhaps not all.
    `unread`: entries that may prove the cell and could not be read. `open_questions`: why entries or filings await
    a person. `taken_down`: entries that proved the cell and whose address no longer answers. `proof_text`: what
    proves it, in words, where that is not an entry. `zero_report_void`: a zero report no longer counts.
    `other_kinds_seen`: other kinds of what the duty asks for were published in the period.
    """

    requirement: Requirement
    proof: CellProof = UNPROVED
    counts_from: date | None = None
    findings: tuple[Finding, ...] = ()
    has_entries: bool = False
    published: bool = False
    unread: tuple[Candidate, ...] = ()
    open_questions: tuple[str, ...] = ()
    taken_down: tuple[Candidate, ...] = ()
    proof_text: str = ""
    zero_report_void: bool = False
    other_kinds_seen: bool = False

    @property
    def is_of_silent_period(self) -> bool:
        """Whether it asks for one kind of several, and no kind came in time: the duty's own periods say that."""
        is_kind = bool(self.requirement.criteria.contents.other_kinds)
        is_late_entry = self.proof.rank == LATE and self.proof.candidates
        came_in_time = self.other_kinds_seen or (self.proof.holds and not is_late_entry)
        return is_kind and not came_in_time and not self.open_questions

    @property
    def cell(self) -> Cell:
        return self.requirement.cell


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a ruling, filing or record says about a cell; the fields mean the same as in `CellEvidence`."""

    finding: Finding
    proof: CellProof = UNPROVED
    taken_down: tuple[Candidate, ...] = ()
    proof_text: str = ""
    zero_report_void: bool = False


def build_finding(requirement: Requirement, about: str, title: str, counts: bool, reason: str, at: datetime) -> Finding:
    """Return the finding of a ruling, filing or record."""
    return Finding(requirement.key, requirement.cell.name, about, title, counts, reason, at=at)


def add_declaration(evidence: CellEvidence, declaration: Declaration) -> CellEvidence:
    """Return the evidence together with the declaration. The better of the two proofs is kept."""
    finding, old, new = declaration.finding, evidence.proof, declaration.proof
    evidence = replace(
        evidence,
        findings=(*evidence.findings, finding),
        open_questions=(*evidence.open_questions, *((finding.reason,) if finding.awaits_person else ())),
        zero_report_void=evidence.zero_report_void or declaration.zero_report_void,
    )
    if new.at is not None and (old.at is None or (new.rank, new.at) < (old.rank, old.at)):
        return replace(evidence, proof=new, proof_text=declaration.proof_text, taken_down=(), unread=())
    if not old.holds:
        return replace(evidence, taken_down=(*evidence.taken_down, *declaration.taken_down))
    return evidence

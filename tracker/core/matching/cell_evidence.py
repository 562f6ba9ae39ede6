"""The evidence for one cell of an occurrence, before `now` is looked at, and the context it is weighed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Assignment, Cell, County, Duty
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.matching.attribution import Directory
from tracker.core.matching.candidates import CellCriteria
from tracker.core.matching.entry_index import EntryIndex
from tracker.core.matching.filings import FilingIndex
from tracker.core.matching.proof import UNPROVED, Candidate, CellProof, PublicationDating
from tracker.core.values.facts import Entry, Event, Moment
from tracker.core.values.verdicts import Finding


@dataclass(frozen=True, slots=True, eq=False)
class CaseContext:
    """One duty of one department with all that bears on it."""

    duty: Duty
    assignment: Assignment
    county: County
    calendar: Calendar
    known: Directory
    dating: PublicationDating
    papers: FilingIndex
    events: Sequence[Event]
    shown: EntryIndex
    taken: Mapping[str, frozenset[str]]

    def day(self, moment: Moment) -> date:
        return moment_day(moment, self.county.zone)

    def at(self, url: str) -> list[Entry]:
        """The entries at an address, in a settled order."""
        return self.shown.at(url)


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """One cell of one occurrence.

    `lively`: an entry lies in the period, so that a zero report falls. `published`: something came
    out or was seen, perhaps not all. `unread`: what may prove it and could not be read. `waits`: why
    a match or a paper awaits a person. `gone`: what proved it and no longer answers. `by`: in words
    what proves it, where that is not an entry. `fallen`: a zero report no longer counts.
    """

    cell: Cell
    criteria: CellCriteria
    proof: CellProof = UNPROVED
    since: date | None = None
    findings: tuple[Finding, ...] = ()
    lively: bool = False
    published: bool = False
    unread: tuple[Candidate, ...] = ()
    waits: tuple[str, ...] = ()
    gone: tuple[Candidate, ...] = ()
    by: str = ""
    fallen: bool = False


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a paper or record adds to a cell: a proof or not, its findings, and whether a person is awaited."""

    proof: CellProof = UNPROVED
    findings: tuple[Finding, ...] = ()
    waits: tuple[str, ...] = ()
    gone: tuple[Candidate, ...] = ()
    by: str = ""
    fallen: bool = False


#: Nobody said anything.
NOTHING = Declaration()


def better(weight: CellEvidence, declaration: Declaration) -> CellEvidence:
    """The weight with what was told beside it; the better proof is kept."""
    if declaration is NOTHING:
        return weight
    findings, waits = (*weight.findings, *declaration.findings), (*weight.waits, *declaration.waits)
    weight = replace(weight, fallen=weight.fallen or declaration.fallen)
    if declaration.proof.at is not None and (
        weight.proof.at is None or (declaration.proof.rank, declaration.proof.at) < (weight.proof.rank, weight.proof.at)
    ):
        return replace(
            weight, proof=declaration.proof, findings=findings, waits=waits, gone=(), unread=(), by=declaration.by
        )
    gone = weight.gone if weight.proof.holds else (*weight.gone, *declaration.gone)
    return replace(weight, findings=findings, waits=waits, gone=gone)


def ruled(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, candidate: Candidate) -> str:
    """`accept` or `reject` where a person has decided about the entry, else ""."""
    ruling = context.papers.ruled(occurrence.key, candidate.entry.url, criteria.cell.part)
    return ruling.kind if ruling is not None else ""

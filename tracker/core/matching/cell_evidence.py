"""Evidence for one cell of an occurrence, independent of `now`, and the context in which it is weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tracker.core.law.counting import moment_day
from tracker.core.law.county import County
from tracker.core.law.duties import Assignment, Cell, Duty
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.workdays import Calendar
from tracker.core.matching.attribution import Directory, directory_of
from tracker.core.matching.candidates import CellCriteria
from tracker.core.matching.entry_index import EntryIndex
from tracker.core.matching.filings import FilingIndex
from tracker.core.matching.proof import UNPROVED, Candidate, CellProof, PublicationDating
from tracker.core.matching.visit_index import VisitIndex
from tracker.core.values.facts import Entry, Event, Facts, Moment
from tracker.core.values.verdicts import Finding


@dataclass(frozen=True, slots=True, eq=False)
class CaseContext:
    """One duty of one department with the facts that its verdicts depend on.

    `accepted_urls`: by URL, the departments for which people accepted it under this duty.
    """

    duty: Duty
    assignment: Assignment
    county: County
    calendar: Calendar
    directory: Directory
    dating: PublicationDating
    filings: FilingIndex
    events: Sequence[Event]
    entries: EntryIndex
    accepted_urls: Mapping[str, frozenset[str]]

    def day(self, moment: Moment) -> date:
        return moment_day(moment, self.county.zone)

    def entries_at(self, url: str) -> list[Entry]:
        """Return the entries at an address, in a fixed order."""
        return self.entries.at(url)


def build_context(
    duty: Duty,
    assignment: Assignment,
    facts: Facts,
    county: County,
    calendar: Calendar,
    now: datetime | None = None,
) -> CaseContext:
    """Return the context of one duty of one department. `now`: exemptions that have ended by then are not in force."""
    entries = facts.entries if isinstance(facts.entries, EntryIndex) else EntryIndex(facts.entries)
    visits = facts.visits if isinstance(facts.visits, VisitIndex) else VisitIndex(facts.visits)
    return CaseContext(
        duty=duty,
        assignment=assignment,
        county=county,
        calendar=calendar,
        directory=directory_of(county),
        dating=PublicationDating(visits, county.zone, entries),
        filings=FilingIndex(facts.filings, facts.rulings, now, county.zone),
        events=facts.events,
        entries=entries,
        accepted_urls=facts.taken,
    )


@dataclass(frozen=True, slots=True)
class CellEvidence:
    """One cell of one occurrence.

    `since`: first day from which entries count; None: any age. `has_entries`: an entry lies in the period, so a zero
    report does not count. `published`: something was published or seen, perhaps not all. `unread`: entries that may
    prove the cell and could not be read. `open_questions`: why entries or filings await a person. `taken_down`: entries
    that proved the cell and whose address no longer answers. `proof_text`: what proves it, in words, where that is not
    an entry. `zero_report_void`: a zero report no longer counts.
    """

    cell: Cell
    criteria: CellCriteria
    proof: CellProof = UNPROVED
    since: date | None = None
    findings: tuple[Finding, ...] = ()
    has_entries: bool = False
    published: bool = False
    unread: tuple[Candidate, ...] = ()
    open_questions: tuple[str, ...] = ()
    taken_down: tuple[Candidate, ...] = ()
    proof_text: str = ""
    zero_report_void: bool = False


@dataclass(frozen=True, slots=True)
class Declaration:
    """The contribution of a ruling, filing or record to a cell. The fields mean the same as in `CellEvidence`."""

    proof: CellProof = UNPROVED
    findings: tuple[Finding, ...] = ()
    open_questions: tuple[str, ...] = ()
    taken_down: tuple[Candidate, ...] = ()
    proof_text: str = ""
    zero_report_void: bool = False


#: There is no ruling, filing or record.
NO_DECLARATION = Declaration()


def add_declaration(evidence: CellEvidence, declaration: Declaration) -> CellEvidence:
    """Return the evidence together with the declaration. The better of the two proofs is kept."""
    if declaration is NO_DECLARATION:
        return evidence
    findings, open_questions = (
        (*evidence.findings, *declaration.findings),
        (*evidence.open_questions, *declaration.open_questions),
    )
    evidence = replace(evidence, zero_report_void=evidence.zero_report_void or declaration.zero_report_void)
    if declaration.proof.at is not None and (
        evidence.proof.at is None
        or (declaration.proof.rank, declaration.proof.at) < (evidence.proof.rank, evidence.proof.at)
    ):
        return replace(
            evidence,
            proof=declaration.proof,
            findings=findings,
            open_questions=open_questions,
            taken_down=(),
            unread=(),
            proof_text=declaration.proof_text,
        )
    taken_down = evidence.taken_down if evidence.proof.holds else (*evidence.taken_down, *declaration.taken_down)
    return replace(evidence, findings=findings, open_questions=open_questions, taken_down=taken_down)


def ruling_kind_on(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, candidate: Candidate) -> str:
    """Return `accept` or `reject` where a person has decided about the entry, else ""."""
    ruling = context.filings.find_ruling(occurrence.key, candidate.entry.url, criteria.cell.part)
    return ruling.kind if ruling is not None else ""

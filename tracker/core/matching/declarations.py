"""Finds proof given by people: rulings that accept an entry, attestations, records, zero reports.

A cell is one part of a duty at one place of publication; a requirement is one cell of one occurrence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.core.law.counting import earliest_instant
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh, due_zh
from tracker.core.matching.candidates import Candidate, build_candidate
from tracker.core.matching.case_context import CaseContext
from tracker.core.matching.cell_evidence import CellEvidence, Declaration, add_declaration, build_finding
from tracker.core.matching.proof import LATE, CellProof, Requirement
from tracker.core.values.facts import Entry, Event, Filing, Ruling, read_event_proof
from tracker.core.values.verdicts import ZERO_REPORT, Finding, gone_zh

_ATTESTATION = "attestation:"
_CRAWLED = ("listing", "page")


def find_declarations(requirement: Requirement) -> Iterator[Declaration]:
    """Yield what acceptances of entries say about the cell, then the attestations."""
    if requirement.context.filings.has_any(requirement.key):
        yield from _find_accepted(requirement)
        yield from _find_attested(requirement)


def find_accepted_urls(requirement: Requirement) -> Iterator[str]:
    """Yield the addresses that acceptances are about: named by the ruling, or by the attestation that it accepts."""
    links = {f"{_ATTESTATION}{filing.id}": filing.proof for filing in _find_filings(requirement, "attestation")}
    for ruling in _find_acceptances(requirement):
        yield links.get(ruling.target, ruling.target)


def _find_filings(requirement: Requirement, kind: str) -> list[Filing]:
    return requirement.context.filings.of_kind(requirement.key, kind, requirement.cell.part)


def _find_acceptances(requirement: Requirement) -> Iterator[Ruling]:
    return requirement.context.filings.accepted_rulings(requirement.key, requirement.cell.part)


def _declare(
    requirement: Requirement,
    about: str,
    title: str,
    reason: str,
    at: datetime,
    *,
    proof_text: str,
    candidates: tuple[Candidate, ...] = (),
) -> Declaration:
    """Return the proof of the cell from that instant; a late one says so."""
    rank = requirement.rank_at(at)
    if rank == LATE:
        reason += f"；晚于时限{due_zh(requirement.occurrence, requirement.context.zone)}"
    finding = build_finding(requirement, about, title, True, reason, at)
    return Declaration(finding, CellProof(rank, at, candidates), proof_text=proof_text)


# -- accepted entries ----------------------------------------------------------------------------


def _find_accepted(requirement: Requirement) -> Iterator[Declaration]:
    """Yield the acceptances of a person, which beat the patterns."""
    for ruling in _find_acceptances(requirement):
        if ruling.target.startswith(_ATTESTATION):
            continue
        entries = requirement.context.entries.at(ruling.target)
        entry = next((entry for entry in entries if _speaks_for_cell(requirement, entry)), None)
        if entry is not None:
            yield _declare_entry(requirement, ruling, entry)
        elif not entries and (_takes_addresses(requirement) if "://" in ruling.target else _takes_filings(requirement)):
            yield _declare_unseen(requirement, ruling)


def _speaks_for_cell(requirement: Requirement, entry: Entry) -> bool:
    """Return whether an entry may prove the cell: its column is one of the cell's, or of no cell of the part."""
    if entry.column in requirement.criteria.by_column:
        return True
    cells = [cell for cell in requirement.context.assignment.cells if cell.part == requirement.cell.part]
    return not any(entry.column in source.columns for cell in cells for source in cell.sources)


def _takes_addresses(requirement: Requirement) -> bool:
    """Return whether an accepted address may prove the cell: it has a crawled source, or no cell of its part has."""
    return _has_source_or_no_cell_has(requirement, is_crawled=True)


def _takes_filings(requirement: Requirement) -> bool:
    """Return whether a filing may prove the cell: it has a filed source, or no cell of its part has."""
    return _has_source_or_no_cell_has(requirement, is_crawled=False)


def _has_source_or_no_cell_has(requirement: Requirement, *, is_crawled: bool) -> bool:
    fitting_cells = [
        cell
        for cell in requirement.context.assignment.cells
        if cell.part == requirement.cell.part
        and any((source.kind in _CRAWLED) == is_crawled for source in cell.sources)
    ]
    return not fitting_cells or requirement.cell in fitting_cells


def _declare_entry(requirement: Requirement, ruling: Ruling, entry: Entry) -> Declaration:
    candidate = build_candidate(requirement.context, requirement.criteria, requirement.cell.sources[0], entry)
    # `as_seen`: the person who accepted it chose its first sighting, not the date that it claims.
    at = entry.first_seen_at if ruling.as_seen else _claimed_at(requirement, candidate)
    if entry.gone_at is not None and entry.gone_at > ruling.recorded_at:
        reason = f"认定采信后，其网页{gone_zh(entry.gone_status)}"
        finding = build_finding(requirement, entry.url, entry.title, False, reason, at)
        declaration = Declaration(finding, taken_down=(candidate,))
    else:
        counted_by = "按首次看到的时间计" if ruling.as_seen else "按标注时间计"
        reason = f"经{ruling.by}认定采信（{counted_by}）：{ruling.reason}"
        proof_text = f"《{entry.title}》经认定采信"
        declaration = _declare(
            requirement, entry.url, entry.title, reason, at, proof_text=proof_text, candidates=(candidate,)
        )
    return replace(declaration, finding=replace(declaration.finding, first_seen_at=entry.first_seen_at))


def _claimed_at(requirement: Requirement, candidate: Candidate) -> datetime:
    """Return the instant of the entry's claimed date, or of an earlier claimed date if only that one is on time."""
    context, due_at, window = requirement.context, requirement.due_at, requirement.occurrence.window
    before = [
        earliest_instant(day, context.zone)
        for day in candidate.earlier_dates
        if window is None or context.day(day) >= window.first
    ]
    earliest = min(before, default=candidate.at)
    return earliest if due_at is not None and earliest < due_at <= candidate.at else candidate.at


def _declare_unseen(requirement: Requirement, ruling: Ruling) -> Declaration:
    """Return the proof by an address that was never crawled, or by a filed document.

    It counts from its filing, else from the ruling.
    """
    # The proof of a filing is an address, or a file: its name, a blank, its hash.
    filings = [
        filing
        for filing in _find_filings(requirement, "attestation")
        if filing.proof and (filing.proof == ruling.target or filing.proof.startswith(f"{ruling.target} "))
    ]
    at = _filed_at(requirement, filings[0], as_seen=ruling.as_seen) if filings else ruling.recorded_at
    reason, proof_text = f"经{ruling.by}认定采信：{ruling.reason}", f"{ruling.target}经认定采信"
    return _declare(requirement, ruling.target, ruling.target, reason, at, proof_text=proof_text)


# -- attestations and records --------------------------------------------------------------------


def _find_attested(requirement: Requirement) -> Iterator[Declaration]:
    """Yield the attestations: each counts once accepted and awaits a person until then."""
    if not _takes_filings(requirement):
        return
    for filing in _find_filings(requirement, "attestation"):
        target = f"{_ATTESTATION}{filing.id}"
        ruling = requirement.find_ruling(target)
        at = _filed_at(requirement, filing, as_seen=ruling is not None and ruling.as_seen)
        if ruling is not None and ruling.kind == "accept":
            reason = f"报送的佐证经{ruling.by}认定采信：{ruling.reason}"
            yield _declare(requirement, target, filing.title, reason, at, proof_text="报送的佐证经认定采信")
            continue
        reason = f"{filing.by}于{day_zh(requirement.context.day(filing.recorded_at))}报送的佐证，待人工认定"
        if ruling is not None:
            reason = f"经{ruling.by}认定不予采信：{ruling.reason}"
        finding = build_finding(requirement, target, filing.title, False, reason, at)
        yield Declaration(replace(finding, awaits_person=ruling is None, returned=ruling is not None))


def find_filed_events(context: CaseContext, occurrence: Occurrence, title: str) -> Iterator[Finding]:
    """Yield what was filed as the record of an awaited event: it awaits a person, or it was returned.

    `title`: the event's. Once accepted it is the event itself, and nothing awaits it any longer.
    """
    for filing in context.filings.of_kind(occurrence.key, "attestation", occurrence.parts[0]):
        target = f"{_ATTESTATION}{filing.id}"
        ruling = context.filings.find_ruling(occurrence.key, target, occurrence.parts[0])
        if filing.form != "event" or (ruling is not None and ruling.kind == "accept"):
            continue
        occurred, reference, fields = read_event_proof(filing.proof)
        name = "，".join((f"{title}：{day_zh(context.day(occurred))}", reference, *fields.values()))
        reason = f"{filing.by}于{day_zh(context.day(filing.recorded_at))}报送{name}，待人工认定，认定后登记并起算时限"
        if ruling is not None:
            reason = f"经{ruling.by}认定不予采信：{ruling.reason}"
        yield Finding(
            occurrence.key, "", target, name, counts=False, reason=reason, first_seen_at=filing.recorded_at,
            awaits_person=ruling is None, returned=ruling is not None,
        )  # fmt: skip


def _filed_at(requirement: Requirement, filing: Filing, *, as_seen: bool) -> datetime:
    """Return the instant from which an attestation counts: the earlier of its claimed date and its filing."""
    if filing.claimed is None or as_seen:
        return filing.recorded_at
    return min(earliest_instant(filing.claimed, requirement.context.zone), filing.recorded_at)


def find_records(requirement: Requirement) -> Iterator[Declaration]:
    """Yield the records: events of the source's name with the same reference or in the same period."""
    context = requirement.context
    for source in requirement.cell.sources:
        for event in _find_events(requirement, source.record) if source.kind == "record" else ():
            at = earliest_instant(event.occurred, context.zone)
            reference = _reference_of(requirement, event)
            number = f"，编号{event.reference}" if event.reference else ""
            done = f"已{source.deed or '登记'}"
            reason = f"{day_zh(context.day(event.occurred))}{done}{number}"
            yield _declare(requirement, f"event:{event.name}:{reference}", reference, reason, at, proof_text=done)


def _find_events(requirement: Requirement, name: str) -> list[Event]:
    context = requirement.context
    events = [
        event
        for event in context.events
        if event.name == name
        and event.department in context.assignment.members
        and event.duty in (None, context.duty.id)
        and _concerns_occurrence(requirement, event)
    ]
    return sorted(events, key=lambda event: (earliest_instant(event.occurred, context.zone), event.reference, event.id))


def _concerns_occurrence(requirement: Requirement, record: Event) -> bool:
    occurrence = requirement.occurrence
    if occurrence.event is not None:
        return _reference_of(requirement, record) == _reference_of(requirement, occurrence.event)
    return occurrence.window is None or requirement.context.day(record.occurred) in occurrence.window


def _reference_of(requirement: Requirement, event: Event) -> str:
    return event.reference or requirement.context.day(event.occurred).isoformat()


# -- zero reports --------------------------------------------------------------------------------


def apply_zero_reports(all_evidence: Sequence[CellEvidence]) -> list[CellEvidence]:
    """Return the evidence of all cells of an occurrence with their zero reports (零报告). An entry in the period voids
    a zero report."""
    return [_apply_zero_reports(evidence, all_evidence) for evidence in all_evidence]


def _apply_zero_reports(evidence: CellEvidence, all_evidence: Iterable[CellEvidence]) -> CellEvidence:
    requirement = evidence.requirement
    for filing in _find_filings(requirement, "zero-report"):
        about, at, is_void = f"zero-report:{filing.id}", filing.recorded_at, False
        if not requirement.occurrence.deadline.zero_report:
            reason = "该事项不接受零报告"
        elif any(other.has_entries for other in all_evidence if filing.part in (None, other.cell.part)):
            reason, is_void = f"本期已有公开内容{_name_first_entry(all_evidence)}，零报告失效", True
        else:
            reason = f"{filing.by}报告本期无应公开事项"
            declaration = _declare(requirement, about, "零报告", reason, at, proof_text=ZERO_REPORT)
            evidence = add_declaration(evidence, declaration)
            continue
        finding = replace(build_finding(requirement, about, "零报告", False, reason, at), returned=is_void)
        evidence = add_declaration(evidence, Declaration(finding, zero_report_void=is_void))
    return evidence


def _name_first_entry(all_evidence: Iterable[CellEvidence]) -> str:
    """Return the title of the first entry that voids a zero report, in brackets, or ""."""
    findings = (
        finding
        for evidence in all_evidence
        for finding in evidence.findings
        if finding.counts and "://" in finding.about
    )
    first = min(findings, key=lambda finding: (finding.at is None, finding.at, finding.about), default=None)
    return f"（《{first.title}》）" if first is not None else ""

"""Finds proof given by people: rulings that accept an entry, attestations, records, zero reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.core.law.counting import moment_day
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh, due_zh
from tracker.core.matching.candidates import CellCriteria, assess_entry, earliest_instant
from tracker.core.matching.cell_evidence import NO_DECLARATION, CaseContext, CellEvidence, Declaration, add_declaration
from tracker.core.matching.proof import LATE, ON_TIME, Candidate, CellProof
from tracker.core.values.facts import Entry, Event, Filing, Ruling
from tracker.core.values.verdicts import ZERO_REPORT, Finding, gone_zh

_ATTESTATION = "attestation:"


def find_accepted(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Declaration:
    """Return the proof by acceptances of a person, which beat the patterns. The earliest one proves the cell."""
    declaration = NO_DECLARATION
    if not context.filings.has_any(occurrence.key):
        return declaration
    for ruling in context.filings.accepted_rulings(occurrence.key, criteria.cell.part):
        if ruling.target.startswith(_ATTESTATION):
            continue
        entries = [entry for entry in context.entries_at(ruling.target) if _speaks_for_cell(context, criteria, entry)]
        if entries:
            declaration = _merge_declarations(
                declaration, _declare_entry(context, criteria, occurrence, ruling, entries[0])
            )
        elif not context.entries_at(ruling.target) and _takes_filings(context, criteria, "://" in ruling.target):
            declaration = _merge_declarations(declaration, _declare_unseen(context, criteria, occurrence, ruling))
    return declaration


def _speaks_for_cell(context: CaseContext, criteria: CellCriteria, entry: Entry) -> bool:
    """Return whether an entry may prove the cell: its column is one of the cell's, or of no cell of the part."""
    if entry.column in criteria.by_column:
        return True
    cells = [cell for cell in context.assignment.cells if cell.part == criteria.cell.part]
    return not any(entry.column in source.columns for cell in cells for source in cell.sources)


def _takes_filings(context: CaseContext, criteria: CellCriteria, is_crawled: bool) -> bool:
    """Return whether filings, or addresses if `is_crawled`, may prove the cell.

    Filings prove cells with a filed source, addresses cells with a crawled one; each proves all cells of a part that
    has no cell of its kind.
    """

    def has_source(part_kinds: Sequence[str]) -> bool:
        return any((source_kind in ("listing", "page")) == is_crawled for source_kind in part_kinds)

    part_kinds = [
        [source.kind for source in cell.sources] for cell in context.assignment.cells if cell.part == criteria.cell.part
    ]
    return has_source([source.kind for source in criteria.cell.sources]) or not any(
        has_source(source_kind) for source_kind in part_kinds
    )


def _declare_entry(
    context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, ruling: Ruling, entry: Entry
) -> Declaration:
    source = criteria.cell.sources[0]
    candidate = context.dating.build_candidate(criteria, entry, assess_entry(criteria, source, entry))
    at = entry.first_seen_at if ruling.as_seen else _claimed_at(context, occurrence, candidate)
    counted_by = "按首次看到的时间计" if ruling.as_seen else "按标注时间计"
    reason = f"经{ruling.by}认定采信（{counted_by}）：{ruling.reason}"
    if entry.gone_at is not None and entry.gone_at > ruling.recorded_at:
        finding = _make_finding(
            context,
            criteria,
            occurrence,
            entry.url,
            entry.title,
            f"认定采信后，该地址已{gone_zh(entry.gone_status)}",
            at,
            False,
        )
        return Declaration(findings=(replace(finding, first_seen_at=entry.first_seen_at),), taken_down=(candidate,))
    finding = _make_finding(context, criteria, occurrence, entry.url, entry.title, reason, at, True)
    proof = CellProof(_rank_at(occurrence, at), at, (candidate,))
    return Declaration(
        proof, (replace(finding, first_seen_at=entry.first_seen_at),), proof_text=f"《{entry.title}》经认定采信"
    )


def _claimed_at(context: CaseContext, occurrence: Occurrence, candidate: Candidate) -> datetime:
    """Return the instant of the entry's claimed date, or of an earlier claimed date if only that one is on time."""
    due_at, first = occurrence.due_at, occurrence.window.first if occurrence.window else None
    zone = context.county.zone
    before = [
        earliest_instant(date, zone)
        for date in candidate.earlier_dates
        if first is None or moment_day(date, zone) >= first
    ]
    earliest = min(before, default=candidate.at)
    return earliest if due_at is not None and earliest < due_at <= candidate.at else candidate.at


def _declare_unseen(
    context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, ruling: Ruling
) -> Declaration:
    """Return the proof by an address that was never crawled, or by a filed document.

    It counts from its filing, else from the ruling.
    """
    filings = [
        filing
        for filing in context.filings.of_kind(occurrence.key, "attestation", criteria.cell.part)
        if filing.proof and (filing.proof == ruling.target or filing.proof.startswith(f"{ruling.target} "))
    ]
    at = _filed_at(context, filings[0], as_seen=ruling.as_seen) if filings else ruling.recorded_at
    reason = f"经{ruling.by}认定采信：{ruling.reason}"
    finding = _make_finding(context, criteria, occurrence, ruling.target, ruling.target, reason, at, True)
    return Declaration(CellProof(_rank_at(occurrence, at), at), (finding,), proof_text=f"{ruling.target}经认定采信")


def find_attested(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Declaration:
    """Return the proof by attestations: each counts once accepted and awaits a person until then."""
    declaration = NO_DECLARATION
    if not context.filings.has_any(occurrence.key) or not _takes_filings(context, criteria, is_crawled=False):
        return declaration
    for filing in context.filings.of_kind(occurrence.key, "attestation", criteria.cell.part):
        target = f"{_ATTESTATION}{filing.id}"
        ruling = context.filings.find_ruling(occurrence.key, target, criteria.cell.part)
        declaration = _merge_declarations(
            declaration, _declare_attestation(context, criteria, occurrence, filing, target, ruling)
        )
    return declaration


def find_accepted_urls(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Iterator[str]:
    """Yield the addresses that acceptances are about: named by the ruling, or by the attestation that it accepts."""
    links = {
        f"{_ATTESTATION}{filing.id}": filing.proof
        for filing in context.filings.of_kind(occurrence.key, "attestation", criteria.cell.part)
    }
    for ruling in context.filings.accepted_rulings(occurrence.key, criteria.cell.part):
        yield links.get(ruling.target, ruling.target)


def _declare_attestation(
    context: CaseContext,
    criteria: CellCriteria,
    occurrence: Occurrence,
    filing: Filing,
    target: str,
    ruling: Ruling | None,
) -> Declaration:
    at = _filed_at(context, filing, as_seen=ruling is not None and ruling.as_seen)
    title = filing.title
    if ruling is None:
        filed_day = day_zh(filing.recorded_at.astimezone(context.county.zone).date())
        reason = f"{filing.by}于{filed_day}报送的佐证，待县政府办公室认定"
        finding = _make_finding(context, criteria, occurrence, target, title, reason, at, False)
        return Declaration(findings=(replace(finding, unattributed=True),), open_questions=(reason,))
    if ruling.kind == "reject":
        reason = f"经{ruling.by}认定不予采信：{ruling.reason}"
        finding = _make_finding(context, criteria, occurrence, target, title, reason, at, False)
        return Declaration(findings=(replace(finding, returned=True),))
    reason = f"报送的佐证经{ruling.by}认定采信：{ruling.reason}"
    finding = _make_finding(context, criteria, occurrence, target, title, reason, at, True)
    return Declaration(CellProof(_rank_at(occurrence, at), at), (finding,), proof_text="报送的佐证经认定采信")


def _filed_at(context: CaseContext, filing: Filing, *, as_seen: bool) -> datetime:
    """Return the instant from which an attestation counts: its claimed date, at latest its filing."""
    if filing.claimed is None or as_seen:
        return filing.recorded_at
    return min(earliest_instant(filing.claimed, context.county.zone), filing.recorded_at)


def find_recorded(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Declaration:
    """Return the proof by records: events of the source's name with the same reference or in the same period."""
    declaration = NO_DECLARATION
    for source in criteria.cell.sources:
        for event in _find_records(context, source.record, occurrence) if source.kind == "record" else ():
            at = earliest_instant(event.occurred, context.county.zone)
            reference = _reference_of(context, event)
            reason = f"已登记（{reference}，{day_zh(context.day(event.occurred))}）"
            about = f"event:{event.name}:{reference}"
            finding = _make_finding(context, criteria, occurrence, about, reference, reason, at, True)
            declaration = _merge_declarations(
                declaration, Declaration(CellProof(_rank_at(occurrence, at), at), (finding,), proof_text=reason)
            )
    return declaration


def _find_records(context: CaseContext, name: str, occurrence: Occurrence) -> Iterator[Event]:
    events = [
        event
        for event in context.events
        if event.name == name
        and event.department in context.assignment.members
        and event.duty in (None, context.duty.id)
        and _concerns_occurrence(context, event, occurrence)
    ]
    yield from sorted(
        events, key=lambda event: (earliest_instant(event.occurred, context.county.zone), event.reference, event.id)
    )


def _concerns_occurrence(context: CaseContext, record: Event, occurrence: Occurrence) -> bool:
    if occurrence.event is not None:
        return _reference_of(context, record) == _reference_of(context, occurrence.event)
    return occurrence.window is None or context.day(record.occurred) in occurrence.window


def _reference_of(context: CaseContext, event: Event) -> str:
    return event.reference or moment_day(event.occurred, context.county.zone).isoformat()


def apply_zero_reports(
    context: CaseContext, occurrence: Occurrence, all_evidence: list[CellEvidence]
) -> list[CellEvidence]:
    """Return the evidence of all cells with their zero reports (零报告). An entry in the period voids a zero report."""
    if not context.filings.has_any(occurrence.key):
        return all_evidence
    return [
        add_declaration(evidence, _declare_zero_reports(context, occurrence, evidence, all_evidence))
        for evidence in all_evidence
    ]


def _declare_zero_reports(
    context: CaseContext, occurrence: Occurrence, evidence: CellEvidence, all_evidence: Sequence[CellEvidence]
) -> Declaration:
    declaration = NO_DECLARATION
    for filing in context.filings.of_kind(occurrence.key, "zero-report", evidence.cell.part):
        at, about = filing.recorded_at, f"zero-report:{filing.id}"
        has_entries = any(each.has_entries for each in all_evidence if filing.part in (None, each.cell.part))
        if not occurrence.deadline.zero_report:
            reason, counts = "该事项不接受零报告", False
        elif has_entries:
            reason, counts = f"本期已有公开内容{_name_first_entry(all_evidence)}，零报告失效", False
        else:
            reason, counts = f"{filing.by}报告本期无应公开事项", True
        zero_report_void = bool(occurrence.deadline.zero_report) and has_entries
        finding = _make_finding(context, evidence.criteria, occurrence, about, "零报告", reason, at, counts)
        finding = replace(finding, returned=zero_report_void)
        proof = CellProof(_rank_at(occurrence, at), at) if counts else CellProof()
        declaration = _merge_declarations(
            declaration,
            Declaration(proof, (finding,), proof_text=ZERO_REPORT if counts else "", zero_report_void=zero_report_void),
        )
    return declaration


def _name_first_entry(all_evidence: Sequence[CellEvidence]) -> str:
    """Return the title of the first entry that voids a zero report, in brackets, or ""."""
    findings = (
        finding
        for evidence in all_evidence
        for finding in evidence.findings
        if finding.counts and "://" in finding.about
    )
    first = min(findings, key=lambda finding: (finding.at is None, finding.at, finding.about), default=None)
    return f"（《{first.title}》）" if first is not None else ""


def _merge_declarations(first: Declaration, second: Declaration) -> Declaration:
    """Return both declarations in one, with the earlier of their proofs."""
    if first is NO_DECLARATION:
        return second
    findings, open_questions, taken_down = (
        (*first.findings, *second.findings),
        (*first.open_questions, *second.open_questions),
        (*first.taken_down, *second.taken_down),
    )
    best = first
    if second.proof.at is not None and (first.proof.at is None or second.proof.at < first.proof.at):
        best = second
    return Declaration(
        best.proof,
        findings,
        open_questions,
        taken_down,
        best.proof_text,
        first.zero_report_void or second.zero_report_void,
    )


def _rank_at(occurrence: Occurrence, at: datetime) -> int:
    return LATE if occurrence.due_at is not None and at >= occurrence.due_at else ON_TIME


def _make_finding(
    context: CaseContext,
    criteria: CellCriteria,
    occurrence: Occurrence,
    about: str,
    title: str,
    reason: str,
    at: datetime,
    counts: bool,
) -> Finding:
    if counts and occurrence.due_at is not None and at >= occurrence.due_at:
        reason += f"；晚于截止时间{due_zh(occurrence, context.county.zone)}"
    return Finding(occurrence.key, criteria.cell.name, about, title, counts, reason, at=at)

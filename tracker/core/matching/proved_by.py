"""Proof by people: rulings that accept an entry, attestations, records, zero reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.core.law.counting import moment_day
from tracker.core.law.notice_fields import day_zh, due_zh
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.candidates import CellCriteria, assess, begins
from tracker.core.matching.cell_evidence import NOTHING, CaseContext, CellEvidence, Declaration, better
from tracker.core.matching.proof import LATE, ON_TIME, Candidate, CellProof
from tracker.core.values.facts import Entry, Event, Filing, Ruling
from tracker.core.values.verdicts import ZERO_REPORT, Finding, gone_zh

_ATTESTATION = "attestation:"


def accepted(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Declaration:
    """What a person accepted, whatever the patterns say. The earliest of it proves the cell."""
    declaration = NOTHING
    if not context.papers.about(occurrence.key):
        return declaration
    for ruling in context.papers.accepted(occurrence.key, criteria.cell.part):
        if ruling.target.startswith(_ATTESTATION):
            continue
        entries = [entry for entry in context.at(ruling.target) if _reaches(context, criteria, entry)]
        if entries:
            declaration = _first(declaration, _entry(context, criteria, occurrence, ruling, entries[0]))
        elif not context.at(ruling.target) and _takes(context, criteria, "://" in ruling.target):
            declaration = _first(declaration, _unseen(context, criteria, occurrence, ruling))
    return declaration


def _reaches(context: CaseContext, criteria: CellCriteria, entry: Entry) -> bool:
    """An entry speaks for the cells that look into its column; one from elsewhere for all of the part."""
    if entry.column in criteria.by_column:
        return True
    cells = [cell for cell in context.assignment.cells if cell.part == criteria.cell.part]
    return not any(entry.column in source.columns for cell in cells for source in cell.sources)


def _takes(context: CaseContext, criteria: CellCriteria, crawled: bool) -> bool:
    """A paper speaks for the cells that are proved by filing, an address for those that are looked at,
    either for all of the part where it has no such cell."""

    def fits(kinds: Sequence[str]) -> bool:
        return any((kind in ("listing", "page")) == crawled for kind in kinds)

    kinds = [
        [source.kind for source in cell.sources] for cell in context.assignment.cells if cell.part == criteria.cell.part
    ]
    return fits([source.kind for source in criteria.cell.sources]) or not any(fits(kind) for kind in kinds)


def _entry(
    context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, ruling: Ruling, entry: Entry
) -> Declaration:
    source = criteria.cell.sources[0]
    candidate = context.dating.candidate(criteria, entry, assess(criteria, source, entry))
    at = entry.first_seen_at if ruling.as_seen else _claimed_at(context, occurrence, candidate)
    how = "按首次看到的时间计" if ruling.as_seen else "按标注时间计"
    reason = f"经{ruling.by}认定采信（{how}）：{ruling.reason}"
    if entry.gone_at is not None and entry.gone_at > ruling.recorded_at:
        finding = _finding(
            context,
            criteria,
            occurrence,
            entry.url,
            entry.title,
            f"认定采信后，该地址已{gone_zh(entry.gone_status)}",
            at,
            False,
        )
        return Declaration(findings=(replace(finding, first_seen_at=entry.first_seen_at),), gone=(candidate,))
    finding = _finding(context, criteria, occurrence, entry.url, entry.title, reason, at, True)
    proof = CellProof(_rank(occurrence, at), at, (candidate,))
    return Declaration(proof, (replace(finding, first_seen_at=entry.first_seen_at),), by=f"《{entry.title}》经认定采信")


def _claimed_at(context: CaseContext, occurrence: Occurrence, candidate: Candidate) -> datetime:
    """The instant of an entry's date; where that is late and an earlier date that it bore was on time, of that one."""
    due_at, first = occurrence.due_at, occurrence.window.first if occurrence.window else None
    zone = context.county.zone
    before = [begins(date, zone) for date in candidate.before if first is None or moment_day(date, zone) >= first]
    earliest = min(before, default=candidate.at)
    return earliest if due_at is not None and earliest < due_at <= candidate.at else candidate.at


def _unseen(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence, ruling: Ruling) -> Declaration:
    """An address the crawl never saw, or a paper: it counts from when it was filed, else from the decision."""
    filed = [
        filing
        for filing in context.papers.filings(occurrence.key, "attestation", criteria.cell.part)
        if filing.proof and (filing.proof == ruling.target or filing.proof.startswith(f"{ruling.target} "))
    ]
    at = _filed_at(context, filed[0], as_seen=ruling.as_seen) if filed else ruling.recorded_at
    reason = f"经{ruling.by}认定采信：{ruling.reason}"
    finding = _finding(context, criteria, occurrence, ruling.target, ruling.target, reason, at, True)
    return Declaration(CellProof(_rank(occurrence, at), at), (finding,), by=f"{ruling.target}经认定采信")


def attested(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Declaration:
    """What was filed with the county: it counts once accepted, and until then awaits a person."""
    declaration = NOTHING
    if not context.papers.about(occurrence.key) or not _takes(context, criteria, crawled=False):
        return declaration
    for filing in context.papers.filings(occurrence.key, "attestation", criteria.cell.part):
        target = f"{_ATTESTATION}{filing.id}"
        ruling = context.papers.ruled(occurrence.key, target, criteria.cell.part)
        declaration = _first(declaration, _attestation(context, criteria, occurrence, filing, target, ruling))
    return declaration


def accepted_addresses(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Iterator[str]:
    """The addresses that accepted decisions rest on: named by the decision, or by the paper it accepts."""
    links = {
        f"{_ATTESTATION}{filing.id}": filing.proof
        for filing in context.papers.filings(occurrence.key, "attestation", criteria.cell.part)
    }
    for ruling in context.papers.accepted(occurrence.key, criteria.cell.part):
        yield links.get(ruling.target, ruling.target)


def _attestation(
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
        filed = day_zh(filing.recorded_at.astimezone(context.county.zone).date())
        reason = f"{filing.by}于{filed}报送的佐证，待县政府办公室认定"
        finding = _finding(context, criteria, occurrence, target, title, reason, at, False)
        return Declaration(findings=(replace(finding, unattributed=True),), waits=(reason,))
    if ruling.kind == "reject":
        reason = f"经{ruling.by}认定不予采信：{ruling.reason}"
        finding = _finding(context, criteria, occurrence, target, title, reason, at, False)
        return Declaration(findings=(replace(finding, returned=True),))
    reason = f"报送的佐证经{ruling.by}认定采信：{ruling.reason}"
    finding = _finding(context, criteria, occurrence, target, title, reason, at, True)
    return Declaration(CellProof(_rank(occurrence, at), at), (finding,), by="报送的佐证经认定采信")


def _filed_at(context: CaseContext, filing: Filing, *, as_seen: bool) -> datetime:
    """From the day the paper says, at latest from its filing."""
    if filing.claimed is None or as_seen:
        return filing.recorded_at
    return min(begins(filing.claimed, context.county.zone), filing.recorded_at)


def recorded(context: CaseContext, criteria: CellCriteria, occurrence: Occurrence) -> Declaration:
    """A record: an event of the source's name, with the same reference or in the same period."""
    declaration = NOTHING
    for source in criteria.cell.sources:
        for event in _records(context, source.record, occurrence) if source.kind == "record" else ():
            at = begins(event.occurred, context.county.zone)
            reference = _reference(context, event)
            reason = f"已登记（{reference}，{day_zh(context.day(event.occurred))}）"
            about = f"event:{event.name}:{reference}"
            finding = _finding(context, criteria, occurrence, about, reference, reason, at, True)
            declaration = _first(declaration, Declaration(CellProof(_rank(occurrence, at), at), (finding,), by=reason))
    return declaration


def _records(context: CaseContext, name: str, occurrence: Occurrence) -> Iterator[Event]:
    events = [
        event
        for event in context.events
        if event.name == name
        and event.department in context.assignment.members
        and event.duty in (None, context.duty.id)
        and _same(context, event, occurrence)
    ]
    yield from sorted(
        events, key=lambda event: (begins(event.occurred, context.county.zone), event.reference, event.id)
    )


def _same(context: CaseContext, record: Event, occurrence: Occurrence) -> bool:
    if occurrence.event is not None:
        return _reference(context, record) == _reference(context, occurrence.event)
    return occurrence.window is None or context.day(record.occurred) in occurrence.window


def _reference(context: CaseContext, event: Event) -> str:
    return event.reference or moment_day(event.occurred, context.county.zone).isoformat()


def zero_reported(context: CaseContext, occurrence: Occurrence, weights: list[CellEvidence]) -> list[CellEvidence]:
    """零报告 for every cell, unless something did arise: it falls when an entry appears in the period."""
    if not context.papers.about(occurrence.key):
        return weights
    return [better(weight, _zero(context, occurrence, weight, weights)) for weight in weights]


def _zero(
    context: CaseContext, occurrence: Occurrence, weight: CellEvidence, weights: Sequence[CellEvidence]
) -> Declaration:
    declaration = NOTHING
    for filing in context.papers.filings(occurrence.key, "zero-report", weight.cell.part):
        at, about = filing.recorded_at, f"zero-report:{filing.id}"
        lively = any(evidence.lively for evidence in weights if filing.part in (None, evidence.cell.part))
        if not occurrence.deadline.zero_report:
            reason, counts = "该事项不接受零报告", False
        elif lively:
            reason, counts = f"本期已有公开内容{_named(weights)}，零报告失效", False
        else:
            reason, counts = f"{filing.by}报告本期无应公开事项", True
        fallen = bool(occurrence.deadline.zero_report) and lively
        finding = _finding(context, weight.criteria, occurrence, about, "零报告", reason, at, counts)
        finding = replace(finding, returned=fallen)
        proof = CellProof(_rank(occurrence, at), at) if counts else CellProof()
        declaration = _first(
            declaration, Declaration(proof, (finding,), by=ZERO_REPORT if counts else "", fallen=fallen)
        )
    return declaration


def _named(weights: Sequence[CellEvidence]) -> str:
    """The first of what makes a zero report fall, in brackets."""
    findings = (
        finding for weight in weights for finding in weight.findings if finding.counts and "://" in finding.about
    )
    first = min(findings, key=lambda finding: (finding.at is None, finding.at, finding.about), default=None)
    return f"（《{first.title}》）" if first is not None else ""


def _first(declaration: Declaration, more: Declaration) -> Declaration:
    """Both, the better proof kept."""
    if declaration is NOTHING:
        return more
    findings, waits, gone = (
        (*declaration.findings, *more.findings),
        (*declaration.waits, *more.waits),
        (*declaration.gone, *more.gone),
    )
    best = declaration
    if more.proof.at is not None and (declaration.proof.at is None or more.proof.at < declaration.proof.at):
        best = more
    return Declaration(best.proof, findings, waits, gone, best.by, declaration.fallen or more.fallen)


def _rank(occurrence: Occurrence, at: datetime) -> int:
    return LATE if occurrence.due_at is not None and at >= occurrence.due_at else ON_TIME


def _finding(
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

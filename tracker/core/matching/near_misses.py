"""Lists the entries that were not allocated to an occurrence, nearest first, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.law.county import County
from tracker.core.law.duties import Assignment, Cell, Duty, Source
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh, period_zh
from tracker.core.law.workdays import Calendar
from tracker.core.matching import finding_text as text
from tracker.core.matching.candidates import assess_entry, title_matches
from tracker.core.matching.cell_candidates import criteria_for_cell
from tracker.core.matching.cell_evidence import CaseContext, build_context
from tracker.core.matching.proof import Candidate
from tracker.core.matching.weighing import build_requirement, weigh_evidence
from tracker.core.values.facts import Facts
from tracker.core.values.verdicts import Finding

#: At most so many are listed; the rest is counted.
MAX_SHOWN = 30


@dataclass(frozen=True, slots=True)
class NearMisses:
    """The entries not among the findings of the verdict: the `nearest` ones, and how many `more` there are."""

    nearest: tuple[Finding, ...]
    more: int


def find_near_misses(
    duty: Duty,
    assignment: Assignment,
    occurrences: Sequence[Occurrence],
    facts: Facts,
    county: County,
    calendar: Calendar,
    occurrence: Occurrence,
) -> NearMisses:
    """Return the entries of the columns of `occurrence`, one of `occurrences`, that are not among its findings."""
    context = build_context(duty, assignment, facts, county, calendar)
    evidence_by_key = weigh_evidence(context, occurrences)
    in_verdict = {
        (finding.cell, finding.about) for evidence in evidence_by_key[occurrence.key] for finding in evidence.findings
    }
    titles = {occurrence.key: period_zh(occurrence) for occurrence in occurrences}
    counted_in = {
        (finding.cell, finding.about): titles[key]
        for key in sorted(evidence_by_key)  # of several periods the latest one: the earlier ones it only closes late
        for evidence in evidence_by_key[key]
        for finding in evidence.findings
        if finding.counts
    }
    misses = [
        (_days_away(occurrence, candidate.day), candidate.order, finding)
        for cell in assignment.cells
        if cell.part in occurrence.parts
        for candidate, finding in _cell_misses(context, cell, occurrence, counted_in)
        if (cell.name, candidate.entry.url) not in in_verdict
    ]
    misses.sort(key=lambda miss: (*miss[:2], miss[2].cell))
    return NearMisses(tuple(finding for *_, finding in misses[:MAX_SHOWN]), max(0, len(misses) - MAX_SHOWN))


def _cell_misses(
    context: CaseContext, cell: Cell, asked: Occurrence, counted_in: Mapping[tuple[str, str], str]
) -> Iterator[tuple[Candidate, Finding]]:
    criteria = criteria_for_cell(context, cell)
    requirement = build_requirement(context, criteria, asked)
    for column, sources in criteria.by_column.items():
        for entry in context.entries.by_column.get(column, ()):
            fits = [source for source in sources if title_matches(source, entry.title, asked.event)]
            candidate = context.dating.build_candidate(
                criteria, entry, assess_entry(criteria, (fits or sources)[0], entry)
            )
            reason = _miss_reason(
                context, asked, candidate, sources if not fits else (), counted_in.get((cell.name, entry.url), "")
            )
            yield candidate, text.uncounted_finding(asked, requirement, candidate, reason)


def _miss_reason(
    context: CaseContext, asked: Occurrence, candidate: Candidate, unfit: Sequence[Source], taken: str
) -> str:
    if unfit:
        return text.unfit_title_reason(unfit)
    if candidate.assessment.refusal:
        return candidate.assessment.refusal
    if taken:
        return f"已计入{taken}"
    if asked.awaiting:
        return "起算事项尚未登记，不能判断"
    if asked.upkeep:
        return f"{day_zh(candidate.day)}公开，本期内没有更新"
    if asked.window is not None:
        return f"{day_zh(candidate.day)}公开，公开日期和标题均不属于{period_zh(asked)}"
    if asked.event is not None and candidate.day < (first := context.day(asked.event.occurred)):
        return f"{day_zh(candidate.day)}公开，早于起算日（{day_zh(first)}）"
    return f"{day_zh(candidate.day)}公开，此前已有认定或更早的公开内容"


def _days_away(asked: Occurrence, day: date) -> int:
    """Return the days between an entry and the time in which it could have counted."""
    first = asked.window.first if asked.window else asked.opens_on
    if first is not None and day < first:
        return (first - day).days
    return (day - asked.due_on).days if asked.due_on is not None and day > asked.due_on else 0

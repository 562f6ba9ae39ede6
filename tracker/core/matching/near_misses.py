"""Lists the entries that were not allocated to an occurrence, nearest first, each with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from tracker.core.law.county import County
from tracker.core.law.duties import Assignment, Duty, Every
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.periods import title_of
from tracker.core.law.wording import day_zh, period_zh
from tracker.core.law.workdays import Calendar
from tracker.core.matching.candidates import Candidate, build_candidate
from tracker.core.matching.case_context import build_context
from tracker.core.matching.criteria import build_criteria
from tracker.core.matching.finding_text import UNFIT_TITLE, build_entry_finding, explain_unfit_title
from tracker.core.matching.proof import Requirement
from tracker.core.matching.title_pattern import title_matches
from tracker.core.matching.weighing import weigh_evidence
from tracker.core.values.facts import Facts
from tracker.core.values.verdicts import Finding

#: At most so many are listed; the rest is counted.
MAX_SHOWN = 30
#: Titles that a question names, how far in days they may lie from the time in which they could have counted, and the
#: share of the pairs of letters of the duty's title that they hold.
_NEAR_TITLES, _NEAR_DAYS, _LIKE = 3, 62, 1 / 3


#: Days away, order and finding of an entry that is not among the findings of the verdict.
Miss = tuple[int, tuple[Any, ...], Finding]


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
    misses = list_misses(duty, assignment, occurrences, facts, county, calendar, occurrence)
    return NearMisses(tuple(finding for *_, finding in misses[:MAX_SHOWN]), max(0, len(misses) - MAX_SHOWN))


def find_near_titles(duty: Duty, misses: Sequence[Miss]) -> list[Finding]:
    """Return the few entries that came nearest by their titles: of those near in time the ones whose titles fit, then
    the ones that share words with the duty's or the part's title."""
    wanted = [_pairs(title) for title in (duty.title, *(part.title for part in duty.parts)) if len(title) > 1]
    ranked: dict[str, tuple[float, int, Finding]] = {}
    for away, _, finding in misses:
        likeness = max(len(_pairs(finding.title) & pairs) / len(pairs) for pairs in wanted) if wanted else 0.0
        rank = 1.0 if not finding.reason.startswith(UNFIT_TITLE) else likeness
        if away <= _NEAR_DAYS and rank >= _LIKE:
            ranked.setdefault(finding.about, (-rank, away, finding))
    nearest = sorted(ranked.values(), key=lambda rank: (rank[0], rank[1], rank[2].about))
    return [finding for *_, finding in nearest[:_NEAR_TITLES]]


def _pairs(title: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(title)))


def list_misses(
    duty: Duty,
    assignment: Assignment,
    occurrences: Sequence[Occurrence],
    facts: Facts,
    county: County,
    calendar: Calendar,
    occurrence: Occurrence,
) -> list[Miss]:
    """Return days away, order and finding of every entry not among the findings of the verdict, nearest first."""
    context = build_context(duty, assignment, facts, county, calendar)
    evidence_by_key = weigh_evidence(context, occurrences)
    in_verdict = {
        (finding.cell, finding.about) for evidence in evidence_by_key[occurrence.key] for finding in evidence.findings
    }
    counted_in: dict[str, dict[str, str]] = defaultdict(dict)  # by cell and URL
    # Of several periods the latest one is named: the earlier ones the entry only closes late.
    for other in sorted(occurrences, key=lambda occurrence: occurrence.key):
        for evidence in evidence_by_key[other.key]:
            counting = {finding.about: _counted_in(other) for finding in evidence.findings if finding.counts}
            counted_in[evidence.cell.name] |= counting
    misses: list[Miss] = []
    for cell in assignment.cells:
        if cell.part in occurrence.parts:
            criteria = build_criteria(duty, cell, county, assignment.members)
            requirement = Requirement(context, criteria, occurrence)
            misses += [
                (_days_away(occurrence, candidate.day), candidate.order, finding)
                for candidate, finding in _cell_misses(requirement, counted_in[cell.name])
                if (cell.name, candidate.entry.url) not in in_verdict
            ]
    misses.sort(key=lambda miss: (*miss[:2], miss[2].cell))
    return misses


def _cell_misses(requirement: Requirement, counted_in: Mapping[str, str]) -> Iterator[tuple[Candidate, Finding]]:
    """Yield every entry of the cell's columns with its finding. `counted_in`: the period it counts for, by URL."""
    context, criteria, event = requirement.context, requirement.criteria, requirement.occurrence.event
    for column, sources in criteria.by_column.items():
        for entry in context.entries.by_column.get(column, ()):
            fitting = [source for source in sources if title_matches(source, entry.title, event)]
            candidate = build_candidate(context, criteria, (fitting or sources)[0], entry)
            reason = explain_unfit_title(sources)
            if fitting:
                reason = _miss_reason(requirement, candidate, counted_in.get(entry.url, ""))
            yield candidate, build_entry_finding(requirement, candidate, reason)


def _miss_reason(requirement: Requirement, candidate: Candidate, period: str) -> str:
    """Return why an entry whose title fits is not among the findings. `period`: the one it counts for, if any."""
    occurrence, event = requirement.occurrence, requirement.occurrence.event
    published = f"{day_zh(candidate.day)}公开"
    if candidate.assessment.refusal:
        return candidate.assessment.refusal
    if period:
        return f"已计入{period}"
    if occurrence.awaiting:
        return "时限起算依据尚未登记，不能判断"
    if occurrence.upkeep:
        return f"{published}，本期内没有更新"
    if occurrence.window is not None:
        return f"{published}，{_miss_of_period(occurrence)}"
    if event is not None and candidate.day < (first := requirement.context.day(event.occurred)):
        return f"{published}，早于起算日（{day_zh(first)}）"
    return f"{published}，此前已有公开或经认定的内容"


def _counted_in(occurrence: Occurrence) -> str:
    named = f"限{day_zh(occurrence.due_on)}的事项" if occurrence.due_on else ""
    return period_zh(occurrence) or named


def _miss_of_period(occurrence: Occurrence) -> str:
    deadline, window = occurrence.deadline, occurrence.window
    covered = period_zh(occurrence)
    if not isinstance(deadline, Every) or window is None or deadline.about != "previous":
        return f"公开日期和标题所写时期均不属于{covered}"
    return f"标题未写明{covered}，也不是{title_of(deadline.unit, window)}公开"


def _days_away(occurrence: Occurrence, day: date) -> int:
    """Return the days between an entry and the time in which it could have counted."""
    first = occurrence.window.first if occurrence.window else occurrence.opens_on
    if first is not None and day < first:
        return (first - day).days
    return (day - occurrence.due_on).days if occurrence.due_on is not None and day > occurrence.due_on else 0

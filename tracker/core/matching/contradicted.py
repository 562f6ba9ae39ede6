"""Finds accepted filings that the site contradicts since.

A person's decision stands; what the crawl sees later is a question to the county office, never a change of status.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Cell, County
from tracker.core.law.notice_fields import day_zh, due_zh
from tracker.core.law.occurrences import Occurrence
from tracker.core.matching.visit_index import VisitIndex, complete
from tracker.core.values.facts import Ruling, Visit
from tracker.core.values.verdicts import Finding, Verdict

_ATTESTATION, _CRAWLED = "attestation:", ("listing", "page")


def contradictions(
    occurrence: Occurrence,
    verdict: Verdict,
    cells: Sequence[Cell],
    rulings: Sequence[Ruling],
    visits: tuple[Visit, ...],
    county: County,
) -> Iterator[tuple[Finding, datetime, str]]:
    """The finding of each accepted paper that the site contradicts, since when, and the question."""
    due_at = occurrence.due_at
    if due_at is None:
        return
    for cell in cells:
        # Where filing is one of the ways to prove it, a site that lacks it says nothing.
        if not all(source.kind in _CRAWLED for source in cell.sources):
            continue
        findings = [finding for finding in verdict.findings if finding.cell == cell.name and finding.counts]
        seen = [finding for finding in findings if "://" in finding.about]
        for paper in (finding for finding in findings if finding.about.startswith(_ATTESTATION)):
            if seen:
                yield from _dated(occurrence, paper, seen, due_at, county)
            else:
                since = max(due_at, _accepted_at(occurrence, cell, paper, rulings) or due_at)
                yield from _lacking(occurrence, cell, paper, since, visits, county)


def _dated(
    occurrence: Occurrence, paper: Finding, seen: Sequence[Finding], due_at: datetime, county: County
) -> Iterator[tuple[Finding, datetime, str]]:
    """The site shows it, late, and the paper says that it was in time."""
    first = min(seen, key=lambda finding: (finding.at or due_at, finding.about))
    if paper.at is not None and first.at is not None and paper.at < due_at <= first.at:
        said, shown = (day_zh(moment_day(at, county.zone)) for at in (paper.at, first.at))
        question = (
            f"佐证经认定按{said}计，而网站上《{first.title}》公开于{shown}，晚于截止时间"
            f"{due_zh(occurrence, county.zone)}，是否仍予采信"
        )
        yield paper, first.first_seen_at or first.at, question


def _lacking(
    occurrence: Occurrence, cell: Cell, paper: Finding, since: datetime, visits: tuple[Visit, ...], county: County
) -> Iterator[tuple[Finding, datetime, str]]:
    """Every column was looked through since, and none shows it."""
    sight, first = VisitIndex(visits), _first_day(occurrence, county)
    columns = [county.columns[key] for source in cell.sources for key in source.columns if key in county.columns]
    looks = [
        next((visit for visit in sight.since(column, since) if complete(visit, first, column)), None)
        for column in columns
    ]
    known = [assessment for assessment in looks if assessment is not None]
    if not known or len(known) < len(looks):
        return
    at = max(visit.began_at for visit in known)
    named = "、".join(dict.fromkeys(f"“{column.title or column.name}”" for column in columns))
    on = day_zh(moment_day(at, county.zone))
    yield paper, at, f"报送的佐证已予采信，但{on}起完整检查{named}均未见所要求的内容，是否仍予采信"


def _first_day(occurrence: Occurrence, county: County) -> date | None:
    if occurrence.window is not None:
        return occurrence.window.first
    return moment_day(occurrence.event.occurred, county.zone) if occurrence.event is not None else None


def _accepted_at(occurrence: Occurrence, cell: Cell, paper: Finding, rulings: Sequence[Ruling]) -> datetime | None:
    """When it was first let count: what stood then was known to whoever decided."""
    about = (
        ruling.recorded_at
        for ruling in rulings
        if (ruling.kind, ruling.occurrence, ruling.target) == ("accept", occurrence.key, paper.about)
        and ruling.part in (None, cell.part)
    )
    return min(about, default=None)

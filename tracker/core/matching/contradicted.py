"""Finds accepted filings that a later crawl of the site contradicts.

The acceptance stays in force. A contradiction is a question to the county office and changes no status.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from tracker.core.law.counting import moment_day
from tracker.core.law.county import County
from tracker.core.law.duties import Cell
from tracker.core.law.occurrences import Occurrence
from tracker.core.law.wording import day_zh, due_zh, quoted_zh
from tracker.core.matching.visit_index import VisitIndex
from tracker.core.values.facts import Ruling, Visit
from tracker.core.values.verdicts import Finding, Verdict

_ATTESTATION, _CRAWLED = "attestation:", ("listing", "page")


def find_contradictions(
    occurrence: Occurrence,
    verdict: Verdict,
    cells: Sequence[Cell],
    rulings: Sequence[Ruling],
    visits: tuple[Visit, ...],
    county: County,
) -> Iterator[tuple[Finding, datetime, str]]:
    """Yield the finding of each accepted filing that the site contradicts, since when, and the question (Chinese)."""
    due_at = occurrence.due_at
    if due_at is None:
        return
    for cell in cells:
        # If a filing is one of the ways to prove the cell, its absence on the site contradicts nothing.
        if not all(source.kind in _CRAWLED for source in cell.sources):
            continue
        findings = [finding for finding in verdict.findings if finding.cell == cell.name and finding.counts]
        on_site = [finding for finding in findings if "://" in finding.about]
        for filing in (finding for finding in findings if finding.about.startswith(_ATTESTATION)):
            if on_site:
                yield from _compare_dates(occurrence, filing, on_site, due_at, county)
            else:
                since = max(due_at, _first_accepted_at(occurrence, cell, filing, rulings) or due_at)
                yield from _find_missing_on_site(occurrence, cell, filing, since, visits, county)


def _compare_dates(
    occurrence: Occurrence, filing: Finding, on_site: Sequence[Finding], due_at: datetime, county: County
) -> Iterator[tuple[Finding, datetime, str]]:
    """Yield a question if the site shows the publication as late and the filing says that it was on time."""
    first = min(on_site, key=lambda finding: (finding.at or due_at, finding.about))
    if filing.at is not None and first.at is not None and filing.at < due_at <= first.at:
        filed_day, site_day = (day_zh(moment_day(at, county.zone)) for at in (filing.at, first.at))
        question = (
            f"佐证经认定按{filed_day}计，而网站上《{first.title}》公开于{site_day}，晚于时限"
            f"{due_zh(occurrence, county.zone)}，是否仍予采信"
        )
        yield filing, first.first_seen_at or first.at, question


def _find_missing_on_site(
    occurrence: Occurrence, cell: Cell, filing: Finding, since: datetime, visits: tuple[Visit, ...], county: County
) -> Iterator[tuple[Finding, datetime, str]]:
    """Yield a question if every column of the cell was read completely since then and none shows the publication."""
    visit_index, first = VisitIndex(visits), _first_day(occurrence, county)
    columns = [county.columns[key] for source in cell.sources for key in source.columns if key in county.columns]
    complete_visits = [visit_index.first_complete(column, first, since) for column in columns]
    found_visits = [visit for visit in complete_visits if visit is not None]
    if not found_visits or len(found_visits) < len(complete_visits):
        return
    at = max(visit.began_at for visit in found_visits)
    columns_text = quoted_zh(column.title or column.name for column in columns)
    day = day_zh(moment_day(at, county.zone))
    yield filing, at, f"报送的佐证已予采信，但{day}完整检查{columns_text}，均未查到所要求的内容，是否仍予采信"


def _first_day(occurrence: Occurrence, county: County) -> date | None:
    if occurrence.window is not None:
        return occurrence.window.first
    return moment_day(occurrence.event.occurred, county.zone) if occurrence.event is not None else None


def _first_accepted_at(
    occurrence: Occurrence, cell: Cell, filing: Finding, rulings: Sequence[Ruling]
) -> datetime | None:
    """Return when the filing was first accepted. Whoever decided knew what the site showed before."""
    acceptances = (
        ruling.recorded_at
        for ruling in rulings
        if (ruling.kind, ruling.occurrence, ruling.target) == ("accept", occurrence.key, filing.about)
        and ruling.part in (None, cell.part)
    )
    return min(acceptances, default=None)

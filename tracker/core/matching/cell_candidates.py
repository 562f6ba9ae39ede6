"""Finds the candidates of a cell: the entries of its columns whose title may fit, each assessed against the cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter

from tracker.core.law.duties import Cell, Source
from tracker.core.matching.attribution import find_named_departments
from tracker.core.matching.candidates import (
    Assessment,
    CellCriteria,
    assess_entry,
    build_criteria,
    may_match,
)
from tracker.core.matching.cell_evidence import CaseContext
from tracker.core.matching.editions import split_editions
from tracker.core.matching.proof import Candidate
from tracker.core.matching.republished import find_republished, restore_earlier_title, restore_overwritten
from tracker.core.matching.title_words import words_of
from tracker.core.values.facts import Entry


def criteria_for_cell(context: CaseContext, cell: Cell) -> CellCriteria:
    """Return the criteria that the department's entries must meet for the cell."""
    all_columns = context.county.columns
    columns = tuple(all_columns[key] for source in cell.sources for key in source.columns if key in all_columns)
    contents, lexicon = context.duty.part(cell.part).contents, context.county.lexicon
    words = tuple(words_of(context.duty, cell.part, source, lexicon) for source in cell.sources) if lexicon else ()
    return build_criteria(cell, contents, context.assignment.members, context.directory, columns, lexicon, words)


def find_candidates(context: CaseContext, criteria: CellCriteria) -> list[Candidate]:
    """Return the entries of the cell's columns whose title may fit, earliest first."""
    candidates = (
        _build_candidate(context, criteria, sources, entry)
        for column, sources in criteria.by_column.items()
        for entry in context.entries.by_column.get(column, ())
    )
    ordered = sorted((candidate for candidate in candidates if candidate is not None), key=attrgetter("order"))
    return [_replace_republished(context, candidate) for candidate in ordered]


def _replace_republished(context: CaseContext, candidate: Candidate) -> Candidate:
    entry = find_republished(candidate.entry, context.entries) if candidate.entry.gone_at is not None else None
    return candidate if entry is None else replace(candidate, entry=entry)


def _build_candidate(
    context: CaseContext, criteria: CellCriteria, sources: Sequence[Source], entry: Entry
) -> Candidate | None:
    tests = [(source, partial(may_match, source.title)) for source in sources]
    named = ((source, entry) for source, fits in tests if fits(entry.title))
    earlier_titled = (
        (source, earlier) for source, fits in tests if (earlier := restore_earlier_title(entry, fits)) is not None
    )
    overwritten = (
        (source, earlier) for source, fits in tests if (earlier := restore_overwritten(entry, fits)) is not None
    )
    match = next(named, None) or next(earlier_titled, None) or next(overwritten, None)
    if match is None:
        return None
    source, entry = match
    return context.dating.build_candidate(
        criteria, entry, _refuse_if_owned(context, criteria, entry, assess_entry(criteria, source, entry))
    )


def _refuse_if_owned(context: CaseContext, criteria: CellCriteria, entry: Entry, assessment: Assessment) -> Assessment:
    """Refuse an entry that names no department and was accepted for another one, so that nobody is asked again."""
    owners = context.accepted_urls.get(entry.url, frozenset())
    if (
        not assessment.open_question
        or not owners
        or owners & set(criteria.members)
        or find_named_departments(entry.title, criteria.directory)
    ):
        return assessment
    titles = "、".join(sorted(criteria.directory.title(owner) for owner in owners))
    return replace(assessment, open_question="", refusal=f"标题和发布机构均未指明部门，经认定属于{titles}")


def find_likely_entries(context: CaseContext, cell: Cell) -> list[Entry]:
    """Return entries that would fit an event that is not recorded: any text may stand for the event's fields."""
    return [
        candidate.entry
        for candidate in find_candidates(context, criteria_for_cell(context, cell))
        if candidate.assessment.source.title is not None
        and candidate.counts
        and candidate.entry.gone_at is None
        and may_match(candidate.assessment.source.title, candidate.entry.title)
    ]


def split_by_edition(
    context: CaseContext, criteria: CellCriteria, candidates: Sequence[Candidate]
) -> Sequence[Candidate]:
    """Return the candidates, with each of several reports at one address as a candidate of its own."""
    reports: list[Candidate] = []
    for candidate in candidates:
        editions = (
            split_editions(candidate.entry, candidate.assessment.source.title, context.county.zone)
            if len(candidate.entry.versions) > 1
            else ()
        )
        if len(editions) < 2:
            reports.append(candidate)
        for edition in editions if len(editions) > 1 else ():
            report = context.dating.build_candidate(
                criteria,
                edition,
                _refuse_if_owned(
                    context, criteria, edition, assess_entry(criteria, candidate.assessment.source, edition)
                ),
            )
            reports.append(replace(report, is_edition=True))
    if len(reports) > len(candidates):
        reports.sort(key=attrgetter("order"))
    return reports

"""Finds the candidates of a cell: the entries of its columns whose title may fit, each assessed and dated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from operator import attrgetter

from tracker.core.law.counting import earliest_instant
from tracker.core.law.county import SiteColumn
from tracker.core.law.duties import Cell, Source
from tracker.core.law.wording import day_zh
from tracker.core.matching.attribution import find_named_departments
from tracker.core.matching.case_context import CaseContext
from tracker.core.matching.criteria import Assessment, CellCriteria, assess_entry, build_criteria
from tracker.core.matching.editions import split_editions
from tracker.core.matching.republished import (
    earlier_claimed_dates,
    find_republished,
    restore_earlier_title,
    restore_overwritten,
)
from tracker.core.matching.title_pattern import may_match
from tracker.core.values.facts import Entry, Moment

_DAY, _MOST_OF_A_YEAR = timedelta(days=1), timedelta(days=300)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """An entry that may prove a cell.

    `at`: the instant of proof, on `day`. `earlier_dates`: dates that the site gave for it before its current claimed
    date. `date_doubt`: the day of its first sighting, and why its much earlier claimed date may hold a typo (Chinese).
    `is_edition`: its address held several reports in turn, and it is one of them (`editions.py`).
    """

    entry: Entry
    assessment: Assessment
    at: datetime
    day: date
    date_doubt: tuple[date, str] | None = None
    is_edition: bool = False
    earlier_dates: tuple[Moment, ...] = ()
    order: tuple[datetime, str, str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "order", (self.at, self.entry.url, self.entry.column, self.entry.id))

    @property
    def counts(self) -> bool:
        """Whether the entry is neither refused nor awaits a person."""
        return not self.assessment.refusal and not self.assessment.open_question

    @property
    def may_prove(self) -> bool:
        """Whether the entry counts and is at least part of the owed publication, so that it may prove the cell."""
        return self.counts and self.assessment.is_relevant

    def with_question(self, question: str) -> Candidate:
        """Return the candidate awaiting the answer of a person."""
        return replace(self, assessment=replace(self.assessment, open_question=question))


@dataclass(slots=True)
class PeriodEntries:
    """The entries allocated to one occurrence.

    `reasons`: by entry ID, why the entry is allocated here (Chinese). `about_other_periods`: entries that were
    published in this period and are about another one, with the reason. `later_candidates[later_start:]`: entries
    published after the period; they close it late.
    """

    candidates: list[Candidate] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)
    about_other_periods: list[tuple[Candidate, str]] = field(default_factory=list)
    later_candidates: Sequence[Candidate] = ()
    later_start: int = 0

    def add(self, candidate: Candidate, reason: str) -> None:
        self.candidates.append(candidate)
        if reason:
            self.reasons[candidate.entry.id] = reason

    def add_open_question(self, candidate: Candidate, question: str) -> None:
        """Put the entry in with a question that a person has to decide, beside the questions it had before."""
        questions = dict.fromkeys(filter(None, (candidate.assessment.open_question, question)))
        self.candidates = [present for present in self.candidates if present.entry is not candidate.entry]
        self.candidates.append(candidate.with_question("；".join(questions)))
        self.about_other_periods = [pair for pair in self.about_other_periods if pair[0] is not candidate]


# -- dates ---------------------------------------------------------------------------------------


def build_candidate(context: CaseContext, criteria: CellCriteria, source: Source, entry: Entry) -> Candidate:
    """Return the entry with its instant of proof: the earlier of its claimed date and its first sighting.

    A date that lay ahead when it was first seen is none.
    """
    column, claimed = criteria.columns.get(entry.column), entry.claimed
    if claimed is None or _is_ahead(context, entry):
        at = date_without_claim(context, column, entry.first_seen_at)
    else:
        at = min(earliest_instant(claimed, context.zone), entry.first_seen_at)
    return Candidate(
        entry,
        assess_entry(criteria, source, entry),
        at,
        context.day(at),
        _find_date_doubt(context, column, entry),
        earlier_dates=_earlier_dates(context, entry) if len(entry.versions) > 1 else (),
    )


def _is_ahead(context: CaseContext, entry: Entry) -> bool:
    """Return whether each date that the site gave for the entry lies more than a day after its first sighting: a slip
    of the pen."""
    latest = context.day(entry.first_seen_at) + _DAY
    return all(context.day(version.claimed) > latest for version in entry.versions if version.claimed is not None)


def date_without_claim(context: CaseContext, column: SiteColumn | None, first_seen_at: datetime) -> datetime:
    """Return the instant of proof without a claimed date: the last complete visit that did not find it, else the
    first sighting."""
    lacking_visit = context.visits.last_lacking(column, context.day(first_seen_at), first_seen_at)
    return lacking_visit.began_at if lacking_visit else first_seen_at


def _earlier_dates(context: CaseContext, entry: Entry) -> tuple[Moment, ...]:
    """Return the dates earlier than the current one that the site gave for the entry's text."""
    zone = context.zone
    claimed_at = None if entry.claimed is None else earliest_instant(entry.claimed, zone)
    return tuple(
        day for day in earlier_claimed_dates(entry) if claimed_at is None or earliest_instant(day, zone) < claimed_at
    )


def _find_date_doubt(context: CaseContext, column: SiteColumn | None, entry: Entry) -> tuple[date, str] | None:
    """Return the day of the first sighting and a question, if the claimed date may have a wrong year; else None.

    That is so where the claimed date is most of a year before the first sighting, and a visit that read the list back
    beyond that date, or its single page just before, did not find the entry. It may as well be an old document
    published late.
    """
    if entry.claimed is None or column is None or column.kind == "page":
        return None
    first_seen_at = context.entries.first_seen(entry)
    first_seen_on, claimed = context.day(first_seen_at), context.day(entry.claimed)
    if first_seen_on - claimed < _MOST_OF_A_YEAR:
        return None
    complete_visit = context.visits.last_lacking(column, claimed, first_seen_at)
    lacking_visit = complete_visit or context.visits.last_alike(column, first_seen_at)
    if lacking_visit is None:
        return None
    return first_seen_on, (
        f"标注{day_zh(claimed)}，但{day_zh(context.day(lacking_visit.began_at))}"
        f"{'完整' if complete_visit else ''}检查时未查到，"
        f"{day_zh(first_seen_on)}首次查到，年份可能有误，公开日期待人工认定"
    )


# -- entries of the columns ----------------------------------------------------------------------


def find_candidates(context: CaseContext, criteria: CellCriteria) -> list[Candidate]:
    """Return the entries of the cell's columns whose title may fit, earliest first."""
    candidates = (
        _find_candidate(context, criteria, sources, entry)
        for column, sources in criteria.by_column.items()
        for entry in context.entries.by_column.get(column, ())
    )
    ordered = sorted((candidate for candidate in candidates if candidate is not None), key=attrgetter("order"))
    return [_replace_republished(context, criteria, candidate) for candidate in ordered]


def find_likely_entries(context: CaseContext, cell: Cell) -> list[Entry]:
    """Return entries that would fit an event that is not recorded: any text may stand for the event's fields."""
    criteria = build_criteria(context.duty, cell, context.county, context.assignment.members)
    return [
        candidate.entry
        for candidate in find_candidates(context, criteria)
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
        entry, source = candidate.entry, candidate.assessment.source
        editions = split_editions(entry, source.title, context.zone) if len(entry.versions) > 1 else (entry,)
        if len(editions) < 2:
            reports.append(candidate)
        else:
            reports += [
                replace(_build_attributed(context, criteria, source, edition), is_edition=True) for edition in editions
            ]
    if len(reports) > len(candidates):
        reports.sort(key=attrgetter("order"))
    return reports


def _find_candidate(
    context: CaseContext, criteria: CellCriteria, sources: Sequence[Source], entry: Entry
) -> Candidate | None:
    """Return the entry as it fits one of the sources: by its title, by an earlier title of the same text, or as it
    was before another text replaced it; None if it fits none."""
    for source in sources:
        if may_match(source.title, entry.title):
            return _build_attributed(context, criteria, source, entry)
    if len(entry.versions) > 1:
        for restore in (restore_earlier_title, restore_overwritten):
            for source in sources:
                if (earlier := restore(entry, source.title)) is not None:
                    return _build_attributed(context, criteria, source, earlier)
    return None


def _build_attributed(context: CaseContext, criteria: CellCriteria, source: Source, entry: Entry) -> Candidate:
    """Return the candidate; refused if it names no department and was accepted for another one, so that nobody is
    asked again."""
    candidate = build_candidate(context, criteria, source, entry)
    owners = context.accepted_urls.get(entry.url, frozenset())
    if (
        not candidate.assessment.open_question
        or not owners
        or owners & set(criteria.members)
        or find_named_departments(entry.title, criteria.directory)
    ):
        return candidate
    titles = "、".join(sorted(criteria.directory.display_name(owner) for owner in owners))
    refusal = f"标题和发布机构均未指明部门，经认定属于{titles}"
    return replace(candidate, assessment=replace(candidate.assessment, open_question="", refusal=refusal))


def _replace_republished(context: CaseContext, criteria: CellCriteria, candidate: Candidate) -> Candidate:
    """Return a candidate that is gone as it was republished since; itself where it was not."""
    entry = find_republished(candidate.entry, context.entries) if candidate.entry.gone_at is not None else None
    if entry is None:
        return candidate
    if len(entry.versions) == len(candidate.entry.versions):
        return replace(candidate, entry=entry)
    return _build_attributed(context, criteria, candidate.assessment.source, entry)  # its text was amended

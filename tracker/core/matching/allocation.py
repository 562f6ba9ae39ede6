"""Allocates entries to periods (by publication, or by the period that the title names) and to events.

An entry belongs to one period of a duty, unless it names several; an event takes its own entry,
the oldest event first. A requirement is one cell (a part of the duty at one place of publication) of one occurrence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, islice

from tracker.core.law.duties import By, Deadline, Every, Within
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import next_period, period_of, previous_period, title_of
from tracker.core.law.wording import covered_zh, day_zh, period_zh
from tracker.core.law.workdays import Calendar
from tracker.core.matching.candidates import Candidate, PeriodEntries, split_by_edition
from tracker.core.matching.case_context import CaseContext
from tracker.core.matching.declarations import find_accepted_urls, find_declarations, find_records
from tracker.core.matching.naming import flat, named_windows
from tracker.core.matching.proof import LATE, ON_TIME, UNPROVED, CellProof, Requirement
from tracker.core.matching.title_pattern import names_event, title_matches, uses_event
from tracker.core.matching.title_typos import ask_about_typos
from tracker.core.values.facts import Event


def allocate_entries(
    deadline: Deadline, requirements: Sequence[Requirement], candidates: Sequence[Candidate]
) -> dict[str, PeriodEntries]:
    """Return the entries of each occurrence of one deadline, by key. `candidates`: the earliest first."""
    if isinstance(deadline, By):
        return {requirement.key: PeriodEntries(candidates=list(candidates)) for requirement in requirements}
    if isinstance(deadline, Every):
        return _allocate_to_periods(deadline, requirements, candidates)
    return _allocate_to_events(deadline, requirements, candidates)


# -- periods -------------------------------------------------------------------------------------


def _allocate_to_periods(
    deadline: Every, requirements: Sequence[Requirement], candidates: Sequence[Candidate]
) -> dict[str, PeriodEntries]:
    context = requirements[0].context
    # An address that held the report of one month after another gives a candidate for each report.
    candidates = split_by_edition(context, requirements[0].criteria, candidates)
    entries_of = {requirement.key: PeriodEntries() for requirement in requirements}
    periods = {requirement.occurrence.window: requirement.occurrence for requirement in requirements}
    windows = sorted((window for window in periods if window is not None), key=lambda window: window.first)
    entries_in = {window: entries_of[periods[window].key] for window in windows}
    firsts = [window.first for window in windows]

    def find_home(day: date) -> Window | None:
        index = bisect_right(firsts, day) - 1
        return windows[index] if index >= 0 and day in windows[index] else None

    for candidate in candidates:
        home = find_home(candidate.day)
        targets = _find_targets(deadline, candidate, candidate.day, home, context.calendar)
        for window, reason in targets:
            if window in entries_in:
                entries_in[window].add(candidate, reason)
        if home is not None and targets and all(window != home for window, _ in targets):
            reason = f"{targets[0][1]}，不计入{period_zh(periods[home])}"
            entries_in[home].about_other_periods.append((candidate, reason))
        for dated_candidate, day in _read_other_days(context, candidate):
            for window, reason in _find_targets(deadline, candidate, day, find_home(day), context.calendar):
                if (entries := entries_in.get(window)) is not None and candidate not in entries.candidates:
                    # A candidate with a question has the question as its reason.
                    entries.add(dated_candidate, reason if dated_candidate is candidate else "")
        if home is not None and not candidate.assessment.refusal and deadline.about != "publication":
            ask_about_typos(deadline, candidate, home, [window for window, _ in targets], entries_in, context.calendar)
    if deadline.about == "publication":
        publication_days = [candidate.day for candidate in candidates]
        for window, entries in entries_in.items():
            # All windows share one list, which would be long to slice for each.
            entries.later_candidates = candidates
            entries.later_start = bisect_right(publication_days, window.last)
    return entries_of


def _read_other_days(context: CaseContext, candidate: Candidate) -> Iterator[tuple[Candidate, date]]:
    """Yield other days on which the entry may have come out, each with the candidate for that day: the first sighting,
    as a copy with a question, if its claimed date is in doubt; and the dates that the site gave earlier."""
    if candidate.date_doubt is not None and candidate.counts:
        day, question = candidate.date_doubt
        yield replace(candidate.with_question(question), day=day), day
    for claimed in candidate.earlier_dates:
        yield candidate, context.day(claimed)


def _find_targets(
    deadline: Every, candidate: Candidate, published: date, home: Window | None, calendar: Calendar
) -> list[tuple[Window, str]]:
    """Return the periods an entry belongs to, each with the reason (Chinese). `home`: the one that holds the day on
    which it was published.

    By `Every.about`: "publication" is the period of the day of publication, "this" the period that the title names,
    "previous" the period after the named one, in which it had to be published.
    """
    unit, about = deadline.unit, deadline.about
    if about == "publication":
        return [(home, "")] if home else []
    targets: list[tuple[Window, str]] = []
    for named in named_windows(candidate.entry.title, unit, published, calendar):
        if about == "this":
            targets.append((named.window, f"标题提到“{named.text}”，为{title_of(unit, named.window)}的内容"))
        elif named.window.first <= published:  # "previous"
            # An entry published inside the period it names belongs to that period.
            inside = published in named.window
            window = named.window if inside else next_period(unit, named.window, calendar)
            covered = covered_zh(deadline, window, calendar)
            placement = f"公开于所写时期之内，计入{covered}" if inside else f"为{covered}的内容"
            targets.append((window, f"标题提到“{named.text}”，{placement}"))
    if targets:
        return targets
    if about == "this" and deadline.due_after_end is not None:
        window = previous_period(unit, period_of(unit, published, calendar), calendar)
        return [(window, f"标题未提到时期，按公开日期计入{title_of(unit, window)}")]
    return [(home, "标题未提到时期，按公开日期计")] if home else []


# -- events --------------------------------------------------------------------------------------

#: An entry that does not count still gets a finding if it was published at most this long after the due day.
_NEAR_DUE_DAY = timedelta(days=31)


def _allocate_to_events(
    deadline: Within, requirements: Sequence[Requirement], candidates: Sequence[Candidate]
) -> dict[str, PeriodEntries]:
    """The oldest event is served first; the entries that prove it are not available to the next."""
    days = [candidate.day for candidate in candidates]
    owner_of = {  # by entry ID, the key of the occurrence that it proves or for which a person accepted it
        entry.id: requirement.key
        for requirement in sorted(requirements, key=lambda requirement: requirement.key)
        for url in find_accepted_urls(requirement)
        for entry in requirement.context.entries.at(url)
    }
    entries_of: dict[str, PeriodEntries] = {}
    for requirement in sorted(requirements, key=lambda case: (_event_day(case), case.occurrence.label)):
        start = bisect_left(days, _event_day(requirement) - timedelta(days=deadline.slack))
        entries = entries_of[requirement.key] = PeriodEntries()
        proof = _allocate_to_event(deadline, requirement, entries, islice(candidates, start, None), owner_of)
        for candidate in proof.candidates if proof.holds and not deadline.allows_shared_entries else ():
            if not uses_event(candidate.assessment.source):
                owner_of.setdefault(candidate.entry.id, requirement.key)
    return entries_of


def _allocate_to_event(
    deadline: Within,
    requirement: Requirement,
    entries: PeriodEntries,
    candidates: Iterable[Candidate],
    owner_of: dict[int, str],
) -> CellProof:
    """Add the entries of the event up to the one that proves it, and return the proof."""
    first, proof = _event_day(requirement), UNPROVED
    is_closed = not deadline.allows_shared_entries and _is_settled_by_people(
        requirement
    )  # it leaves the entries to other events
    proving_candidates: list[Candidate] = []
    for candidate in candidates:
        if not _may_belong(requirement, candidate):
            continue
        title_names_event = uses_event(candidate.assessment.source)
        if not candidate.may_prove or requirement.ruling_kind_on(candidate) == "reject":
            assessment = candidate.assessment
            if (
                assessment.open_question
                or assessment.is_unread
                or title_names_event
                or _is_near_due_day(requirement, candidate)
            ):
                entries.add(candidate, "")
            continue
        if not title_names_event and (
            is_closed or owner_of.get(candidate.entry.id, requirement.key) != requirement.key
        ):
            continue
        if not title_names_event and _is_best(proof):
            if not proof.gone_candidates:
                if proof.rank == ON_TIME:
                    break
                if not candidate.earlier_dates:
                    continue
            elif not any(_is_republication(candidate, gone) for gone in proof.gone_candidates):
                continue
            else:
                owner_of[candidate.entry.id] = requirement.key
        entries.add(candidate, _placement_reason(candidate, first, title_names_event))
        if deadline.allows_shared_entries and candidate.entry.gone_at is not None:
            continue  # any later entry may prove it as well
        proving_candidates.append(candidate)
        if not _is_best(proof) or (proof.rank == LATE and candidate.earlier_dates):
            proof = requirement.prove(proving_candidates)
    return proof


def _event_of(requirement: Requirement) -> Event:
    assert requirement.occurrence.event is not None
    return requirement.occurrence.event


def _event_day(requirement: Requirement) -> date:
    return requirement.context.day(_event_of(requirement).occurred)


def _is_settled_by_people(requirement: Requirement) -> bool:
    """Return whether people proved the cell or released it, so that no entry has to be found by pattern."""
    filings, part = requirement.context.filings, requirement.cell.part
    if filings.find_release(requirement.key) or filings.find_release(requirement.key, part):
        return True
    declarations = chain(find_declarations(requirement), find_records(requirement))
    return any(declaration.proof.holds for declaration in declarations)


def _may_belong(requirement: Requirement, candidate: Candidate) -> bool:
    """Return whether the entry came out on or after the event's day, or shortly before it with a title that names the
    event."""
    event, source = _event_of(requirement), candidate.assessment.source
    is_after = candidate.day >= requirement.context.day(event.occurred)
    if not uses_event(source):
        return is_after  # the title fits, or it would be no candidate
    return (is_after or names_event(source, event)) and title_matches(source, candidate.entry.title, event)


def _is_near_due_day(requirement: Requirement, candidate: Candidate) -> bool:
    due_on = requirement.occurrence.due_on
    return due_on is None or candidate.day <= due_on + _NEAR_DUE_DAY


def _is_best(proof: CellProof) -> bool:
    """Return whether no later entry could give a better proof, unless its date was earlier once: only a disputed proof
    can be improved on, as the entries come in the order of their days, and after a late one all are later still."""
    return proof.holds and proof.rank in (ON_TIME, LATE)


def _is_republication(candidate: Candidate, gone: Candidate) -> bool:
    """Return whether an entry republishes a gone one under the same title."""
    return (
        gone.entry.gone_at is not None
        and candidate.entry.first_seen_at >= gone.entry.gone_at
        and flat(candidate.entry.title) == flat(gone.entry.title)
    )


def _placement_reason(candidate: Candidate, first: date, title_names_event: bool) -> str:
    if title_names_event:
        return "标题写明了该事项" if candidate.day >= first else "标题写明了该事项，略早于起算日公开"
    return f"起算日（{day_zh(first)}）以后公开"

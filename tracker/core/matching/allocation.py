"""Allocates entries to periods (by publication, or by the period that the title names) and to events.

An entry belongs to one period of a duty, unless it names several; an event takes its own entry,
the oldest event first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tracker.core.law.counting import moment_day
from tracker.core.law.duties import Every, Within
from tracker.core.law.occurrences import Occurrence, Window
from tracker.core.law.periods import next_period, period_of, previous_period, title_of
from tracker.core.law.wording import day_zh, period_zh
from tracker.core.law.workdays import Calendar
from tracker.core.matching.candidates import names_event, title_matches, uses_event
from tracker.core.matching.naming import flat, named_windows
from tracker.core.matching.proof import LATE, ON_TIME, Candidate, CellProof
from tracker.core.matching.title_typos import find_period_typo, find_year_typos
from tracker.core.values.facts import Event

_Targets = list[tuple[Window, str]]


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
        self.candidates.append(
            replace(candidate, assessment=replace(candidate.assessment, open_question="；".join(questions)))
        )
        self.about_other_periods = [pair for pair in self.about_other_periods if pair[0] is not candidate]


def allocate_to_periods(
    deadline: Every,
    occurrences: Sequence[Occurrence],
    candidates: Sequence[Candidate],
    calendar: Calendar,
    zone: ZoneInfo,
) -> dict[str, PeriodEntries]:
    """Return the entries of each period of one deadline, by occurrence key. `candidates`: the earliest first."""
    entries_of = {occurrence.key: PeriodEntries() for occurrence in occurrences}
    periods = sorted(
        (occurrence for occurrence in occurrences if occurrence.window),
        key=lambda occurrence: _window_of(occurrence).first,
    )
    firsts = [_window_of(period).first for period in periods]
    period_from = {_window_of(period).first: period for period in periods}

    def find_home(day: date) -> Occurrence | None:
        index = bisect_right(firsts, day) - 1
        return periods[index] if index >= 0 and day in _window_of(periods[index]) else None

    entries_in = {_window_of(period): entries_of[period.key] for period in periods}

    for candidate in candidates:
        home = find_home(candidate.day)
        targets = _find_targets(deadline, candidate, home, calendar)
        for window, reason in targets:
            target = period_from.get(window.first)
            if target is not None and target.window == window:
                entries_of[target.key].add(candidate, reason)
        if home is not None and targets and all(window != home.window for window, _ in targets):
            entries_of[home.key].about_other_periods.append((candidate, f"{targets[0][1]}，不计入{period_zh(home)}"))
        if candidate.date_doubt is not None and candidate.counts:
            day, reason = candidate.date_doubt
            as_seen = replace(candidate, day=day, assessment=replace(candidate.assessment, open_question=reason))
            for window, _ in _find_targets(deadline, as_seen, find_home(day), calendar):
                target = period_from.get(window.first)
                if (
                    target is not None
                    and target.window == window
                    and candidate not in entries_of[target.key].candidates
                ):
                    entries_of[target.key].add(as_seen, "")
        for claimed in candidate.earlier_dates:  # the site renewed its date: it came out in the earlier period too
            dated = replace(candidate, day=moment_day(claimed, zone))
            for window, reason in _find_targets(deadline, dated, find_home(dated.day), calendar):
                if (entries := entries_in.get(window)) is not None and candidate not in entries.candidates:
                    entries.add(candidate, reason)
        if home is not None and not candidate.assessment.refusal and deadline.about != "publication":
            _ask_about_typos(deadline, candidate, home, [window for window, _ in targets], entries_in, calendar)
    if deadline.about == "publication":
        publication_days = [candidate.day for candidate in candidates]
        for occurrence in periods:
            entries = entries_of[occurrence.key]
            entries.later_candidates, entries.later_start = (
                candidates,
                bisect_right(publication_days, _window_of(occurrence).last),
            )
    return entries_of


def _ask_about_typos(
    deadline: Every,
    candidate: Candidate,
    home: Occurrence,
    targets: Sequence[Window],
    entries_in: Mapping[Window, PeriodEntries],
    calendar: Calendar,
) -> None:
    """Add an entry whose title may hold a typo to the periods that it may be for, with a question for a person.

    These are the periods it would belong to if the title is wrong, and the named period if the earlier report with
    the same title is in doubt as well.
    """
    intended = list(find_year_typos(deadline, candidate, _window_of(home), entries_in, calendar))
    named = [*targets, *(window for window, _ in intended)]
    reason, doubted_windows = find_period_typo(candidate, named, entries_in)
    if _window_of(home) not in named and reason:
        intended += [(window, reason) for window in (_window_of(home), *doubted_windows)]
    for window, question in intended:
        if (entries := entries_in.get(window)) is not None and (window not in targets or window in doubted_windows):
            entries.add_open_question(candidate, question)


def _window_of(occurrence: Occurrence) -> Window:
    assert occurrence.window is not None
    return occurrence.window


def _find_targets(deadline: Every, candidate: Candidate, home: Occurrence | None, calendar: Calendar) -> _Targets:
    """Return the periods an entry belongs to, each with the reason (Chinese)."""
    unit, about = deadline.unit, deadline.about
    if about == "publication":
        return [(_window_of(home), "")] if home else []
    targets: _Targets = []
    for named in named_windows(candidate.entry.title, unit, candidate.day, calendar):
        if about == "this":
            targets.append((named.window, f"标题提到“{named.text}”，为{title_of(unit, named.window)}的内容"))
        elif named.window.first <= candidate.day:
            # An entry published inside the period it names belongs to that period.
            inside = candidate.day in named.window
            window = named.window if inside else next_period(unit, named.window, calendar)
            targets.append((window, f"标题提到“{named.text}”，为{title_of(unit, window)}应公开的内容"))
    if targets:
        return targets
    if about == "this" and deadline.due_past is not None:
        window = previous_period(unit, period_of(unit, candidate.day, calendar), calendar)
        return [(window, f"标题未提到时期，按公开日期计入{title_of(unit, window)}")]
    return [(_window_of(home), "标题未提到时期，按公开日期计")] if home else []


# -- events --------------------------------------------------------------------------------------

#: An entry of another department still gets a finding up to so long after the due day.
_NEAR_DUE_DAY = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class EventAllocation:
    """Allocates entries to the events of one deadline.

    `is_usable`: the entry counts for that occurrence and holds some of its contents. `decided`: by entry ID, the key of
    the occurrence for which a person accepted the entry. `settled`: keys of the occurrences that people proved or
    released; they leave the entries to the others.
    """

    candidates: Sequence[Candidate]
    prove: Callable[[Occurrence, Sequence[Candidate]], CellProof]
    is_usable: Callable[[Occurrence, Candidate], bool]
    decided: dict[int, str]
    settled: frozenset[str]
    zone: ZoneInfo

    def first_day(self, occurrence: Occurrence) -> date:
        """Return the day of the event in the county's zone."""
        return moment_day(_event_of(occurrence).occurred, self.zone)

    def allocate(self, deadline: Within, occurrences: Iterable[Occurrence]) -> dict[str, PeriodEntries]:
        """Return the entries of each event, by occurrence key. The oldest event is served first; the entries that
        prove it are not available to the next."""
        days = [candidate.day for candidate in self.candidates]
        owner_of = dict(self.decided)
        entries_of: dict[str, PeriodEntries] = {}
        for occurrence in sorted(occurrences, key=lambda occurrence: (self.first_day(occurrence), occurrence.label)):
            start = bisect_left(days, self.first_day(occurrence) - timedelta(days=deadline.slack))
            entries = entries_of[occurrence.key] = PeriodEntries()
            proof = self._allocate_to_event(entries, deadline, occurrence, start, owner_of)
            for candidate in proof.candidates if proof.holds and not deadline.shared else ():
                if not uses_event(candidate.assessment.source):
                    owner_of.setdefault(candidate.entry.id, occurrence.key)
        return entries_of

    def _allocate_to_event(
        self, entries: PeriodEntries, deadline: Within, occurrence: Occurrence, start: int, owner_of: dict[int, str]
    ) -> CellProof:
        """Add the entries of the event up to the one that proves it, and return the proof."""
        first, proof = self.first_day(occurrence), CellProof()
        is_closed = occurrence.key in self.settled and not deadline.shared
        candidates: list[Candidate] = []
        for candidate in self.candidates[start:]:
            if not _may_belong(occurrence, candidate, first):
                continue
            is_named = uses_event(candidate.assessment.source)
            if not self.is_usable(occurrence, candidate):
                if (
                    candidate.assessment.open_question
                    or candidate.assessment.is_unread
                    or is_named
                    or _is_near_due_day(occurrence, candidate)
                ):
                    entries.add(candidate, "")
                continue
            if not is_named and (is_closed or owner_of.get(candidate.entry.id, occurrence.key) != occurrence.key):
                continue
            if not is_named and _is_settled(proof):
                if not any(carrier.entry.gone_at for carrier in proof.candidates):
                    break
                if not _is_republished(candidate, proof):
                    continue
                owner_of[candidate.entry.id] = occurrence.key
            entries.add(candidate, _placement_reason(candidate, first, is_named))
            if deadline.shared and candidate.entry.gone_at is not None:
                continue  # any later entry may prove it as well
            candidates.append(candidate)
            if not _is_settled(proof):
                proof = self.prove(occurrence, candidates)
        return proof


def _event_of(occurrence: Occurrence) -> Event:
    assert occurrence.event is not None
    return occurrence.event


def _may_belong(occurrence: Occurrence, candidate: Candidate, first: date) -> bool:
    """Return whether the entry came out on or after the event's day, or shortly before it with a title that names the
    event."""
    event = _event_of(occurrence)
    source = candidate.assessment.source
    if not uses_event(source):
        return candidate.day >= first  # the title fits, or it would be no candidate
    return (candidate.day >= first or names_event(source, event)) and title_matches(
        source, candidate.entry.title, event
    )


def _is_near_due_day(occurrence: Occurrence, candidate: Candidate) -> bool:
    return occurrence.due_on is None or candidate.day <= occurrence.due_on + _NEAR_DUE_DAY


def _is_settled(proof: CellProof) -> bool:
    """Return whether no later entry could give a better proof."""
    return proof.holds and proof.rank in (ON_TIME, LATE)


def _is_republished(candidate: Candidate, proof: CellProof) -> bool:
    """Return whether an entry that proved the event was taken down and this one republishes it under the same title."""
    return any(
        gone.entry.gone_at is not None
        and candidate.entry.first_seen_at >= gone.entry.gone_at
        and flat(candidate.entry.title) == flat(gone.entry.title)
        for gone in proof.candidates
    )


def _placement_reason(candidate: Candidate, first: date, is_named: bool) -> str:
    if is_named:
        return "标题写明了该事项" if candidate.day >= first else "标题写明了该事项，略早于起算日公开"
    return f"起算日（{day_zh(first)}）以后公开"

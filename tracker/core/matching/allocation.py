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
from tracker.core.law.notice_fields import day_zh, period_zh
from tracker.core.law.occurrences import Occurrence, Window
from tracker.core.law.periods import next_period, period_of, previous_period, title_of
from tracker.core.law.workdays import Calendar
from tracker.core.matching.candidates import names_event, title_matches, uses_event
from tracker.core.matching.naming import flat, windows
from tracker.core.matching.proof import LATE, ON_TIME, Candidate, CellProof
from tracker.core.matching.title_typos import of_the_period, of_the_year
from tracker.core.values.facts import Event

_Targets = list[tuple[Window, str]]


@dataclass(slots=True)
class PeriodEntries:
    """The entries of one occurrence. `why`: the words that place an entry here; `elsewhere`: published
    in this period, but about another one; `later`: what came out after it and closes it late."""

    own: list[Candidate] = field(default_factory=list)
    why: dict[int, str] = field(default_factory=dict)
    elsewhere: list[tuple[Candidate, str]] = field(default_factory=list)
    later: Sequence[Candidate] = ()
    later_from: int = 0

    def put(self, candidate: Candidate, why: str) -> None:
        self.own.append(candidate)
        if why:
            self.why[candidate.entry.id] = why

    def ask(self, candidate: Candidate, why: str) -> None:
        """Hold the entry as one that awaits a person, for what it awaited one before too."""
        reasons = dict.fromkeys(filter(None, (candidate.assessment.unattributed, why)))
        self.own = [held for held in self.own if held.entry is not candidate.entry]
        self.own.append(replace(candidate, assessment=replace(candidate.assessment, unattributed="；".join(reasons))))
        self.elsewhere = [held for held in self.elsewhere if held[0] is not candidate]


def by_period(
    deadline: Every,
    occurrences: Sequence[Occurrence],
    candidates: Sequence[Candidate],
    calendar: Calendar,
    zone: ZoneInfo,
) -> dict[str, PeriodEntries]:
    """Entries to the periods of one deadline. `candidates` from the earliest on."""
    pools = {one.key: PeriodEntries() for one in occurrences}
    ordered = sorted((one for one in occurrences if one.window), key=lambda one: _window(one).first)
    firsts = [_window(one).first for one in ordered]
    named_by = {_window(one).first: one for one in ordered}

    def home_of(day: date) -> Occurrence | None:
        place = bisect_right(firsts, day) - 1
        return ordered[place] if place >= 0 and day in _window(ordered[place]) else None

    by_window = {_window(one): pools[one.key] for one in ordered}

    for one in candidates:
        home = home_of(one.day)
        targets = _targets(deadline, one, home, calendar)
        for window, why in targets:
            target = named_by.get(window.first)
            if target is not None and target.window == window:
                pools[target.key].put(one, why)
        if home is not None and targets and all(window != home.window for window, _ in targets):
            pools[home.key].elsewhere.append((one, f"{targets[0][1]}，不计入{period_zh(home)}"))
        if one.doubt is not None and one.counts:
            day, why = one.doubt
            seen = replace(one, day=day, assessment=replace(one.assessment, unattributed=why))
            for window, _ in _targets(deadline, seen, home_of(day), calendar):
                target = named_by.get(window.first)
                if target is not None and target.window == window and one not in pools[target.key].own:
                    pools[target.key].put(seen, "")
        for claimed in one.before:  # its date was renewed: it came out in the period of the earlier one too
            dated = replace(one, day=moment_day(claimed, zone))
            for window, why in _targets(deadline, dated, home_of(dated.day), calendar):
                if (pool := by_window.get(window)) is not None and one not in pool.own:
                    pool.put(one, why)
        if home is not None and not one.assessment.refusal and deadline.about != "publication":
            _ask_of_slips(deadline, one, home, [window for window, _ in targets], by_window, calendar)
    if deadline.about == "publication":
        days = [candidate.day for candidate in candidates]
        for occurrence in ordered:
            pool = pools[occurrence.key]
            pool.later, pool.later_from = candidates, bisect_right(days, _window(occurrence).last)
    return pools


def _ask_of_slips(
    deadline: Every,
    candidate: Candidate,
    home: Occurrence,
    targets: Sequence[Window],
    pools: Mapping[Window, PeriodEntries],
    calendar: Calendar,
) -> None:
    """Put an entry whose title may be wrong, as one that awaits a person, where it would be if it were; and where it is
    if its title is right, while the report whose title it bears is in doubt as well."""
    meant = list(of_the_year(deadline, candidate, _window(home), pools, calendar))
    named = [*targets, *(window for window, _ in meant)]
    why, doubted = of_the_period(candidate, named, pools)
    if _window(home) not in named and why:
        meant += [(window, why) for window in (_window(home), *doubted)]
    for window, reason in meant:
        if (pool := pools.get(window)) is not None and (window not in targets or window in doubted):
            pool.ask(candidate, reason)


def _window(occurrence: Occurrence) -> Window:
    assert occurrence.window is not None
    return occurrence.window


def _targets(deadline: Every, candidate: Candidate, home: Occurrence | None, calendar: Calendar) -> _Targets:
    """The periods an entry belongs to, and the words that say so."""
    unit, about = deadline.unit, deadline.about
    if about == "publication":
        return [(_window(home), "")] if home else []
    found: _Targets = []
    for named in windows(candidate.entry.title, unit, candidate.day, calendar):
        if about == "this":
            found.append((named.window, f"标题提到“{named.text}”，为{title_of(unit, named.window)}的内容"))
        elif named.window.first <= candidate.day:
            # What is published inside the period it names is that period's own.
            inside = candidate.day in named.window
            window = named.window if inside else next_period(unit, named.window, calendar)
            found.append((window, f"标题提到“{named.text}”，为{title_of(unit, window)}应公开的内容"))
    if found:
        return found
    if about == "this" and deadline.due_past is not None:
        window = previous_period(unit, period_of(unit, candidate.day, calendar), calendar)
        return [(window, f"标题未提到时期，按公开日期计入{title_of(unit, window)}")]
    return [(_window(home), "标题未提到时期，按公开日期计")] if home else []


# -- events --------------------------------------------------------------------------------------

#: How long after the due day an entry of another department is still worth a finding.
_NEAR = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class EventEntries:
    """What taking entries for events needs to know. `usable`: it counts for that occurrence and holds
    something; `given`: entry → the occurrence that a person gave it to; `settled`: the
    occurrences that people proved or released, which leave the entries to the others."""

    candidates: Sequence[Candidate]
    prove: Callable[[Occurrence, Sequence[Candidate]], CellProof]
    usable: Callable[[Occurrence, Candidate], bool]
    given: dict[int, str]
    settled: frozenset[str]
    zone: ZoneInfo

    def first_day(self, occurrence: Occurrence) -> date:
        return moment_day(_event(occurrence).occurred, self.zone)

    def pools(self, deadline: Within, occurrences: Iterable[Occurrence]) -> dict[str, PeriodEntries]:
        """The oldest event takes first; what it takes is no longer there for the next."""
        days = [candidate.day for candidate in self.candidates]
        owner = dict(self.given)
        pools: dict[str, PeriodEntries] = {}
        for occurrence in sorted(occurrences, key=lambda one: (self.first_day(one), one.label)):
            start = bisect_left(days, self.first_day(occurrence) - timedelta(days=deadline.slack))
            pool = pools[occurrence.key] = PeriodEntries()
            proof = self._fill(pool, deadline, occurrence, start, owner)
            for one in proof.carriers if proof.holds and not deadline.shared else ():
                if not uses_event(one.assessment.source):
                    owner.setdefault(one.entry.id, occurrence.key)
        return pools

    def _fill(
        self, pool: PeriodEntries, deadline: Within, occurrence: Occurrence, start: int, owner: dict[int, str]
    ) -> CellProof:
        """Put in what belongs to the event, up to the entry that proves it."""
        first, proof = self.first_day(occurrence), CellProof()
        closed = occurrence.key in self.settled and not deadline.shared
        candidates: list[Candidate] = []
        for candidate in self.candidates[start:]:
            if not _belongs(occurrence, candidate, first):
                continue
            named = uses_event(candidate.assessment.source)
            if not self.usable(occurrence, candidate):
                if (
                    candidate.assessment.unattributed
                    or candidate.assessment.unread
                    or named
                    or _near(occurrence, candidate)
                ):
                    pool.put(candidate, "")
                continue
            if not named and (closed or owner.get(candidate.entry.id, occurrence.key) != occurrence.key):
                continue
            if not named and _settled(proof):
                if not any(c.entry.gone_at for c in proof.carriers):
                    break
                if not _again(candidate, proof):
                    continue
                owner[candidate.entry.id] = occurrence.key
            pool.put(candidate, _why(candidate, first, named))
            if deadline.shared and candidate.entry.gone_at is not None:
                continue  # any later entry serves as well
            candidates.append(candidate)
            if not _settled(proof):
                proof = self.prove(occurrence, candidates)
        return proof


def _event(occurrence: Occurrence) -> Event:
    assert occurrence.event is not None
    return occurrence.event


def _belongs(occurrence: Occurrence, candidate: Candidate, first: date) -> bool:
    """On or after the event's day, or shortly before it where the title names the event."""
    event = _event(occurrence)
    source = candidate.assessment.source
    if not uses_event(source):
        return candidate.day >= first  # that its title fits has made it a candidate
    return (candidate.day >= first or names_event(source, event)) and title_matches(
        source, candidate.entry.title, event
    )


def _near(occurrence: Occurrence, candidate: Candidate) -> bool:
    return occurrence.due_on is None or candidate.day <= occurrence.due_on + _NEAR


def _settled(proof: CellProof) -> bool:
    """No later entry could prove it better."""
    return proof.holds and proof.rank in (ON_TIME, LATE)


def _again(candidate: Candidate, proof: CellProof) -> bool:
    """What proved the event is gone, and this is the same thing put up again since."""
    return any(
        c.entry.gone_at is not None
        and candidate.entry.first_seen_at >= c.entry.gone_at
        and flat(candidate.entry.title) == flat(c.entry.title)
        for c in proof.carriers
    )


def _why(candidate: Candidate, first: date, named: bool) -> str:
    if named:
        return "标题写明了该事项" if candidate.day >= first else "标题写明了该事项，略早于起算日公开"
    return f"起算日（{day_zh(first)}）以后公开"

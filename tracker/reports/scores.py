"""Scores and ranks of a month, quarter or year (考核评议), counted from a snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from tracker.core.assessment.scoring import Award, Score, score_departments
from tracker.core.law.counting import moment_day
from tracker.core.law.county import Rulebook
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import title_of, unit_of, window_of
from tracker.core.values.facts import Event
from tracker.core.values.formulas import Scoring
from tracker.core.values.verdicts import Status
from tracker.reports.snapshot import CountyReader, CountySnapshot
from tracker.store.engine import Tx
from tracker.store.events import load_events_at
from tracker.store.standings import Progress, Wanted

#: The units of periods that are scored.
UNITS = ("month", "quarter", "half-year", "year")
_LATE = [status for status in Status if status.late or status is Status.MET_LATE]


class NoScoring(ValueError):
    """Neither the county nor a pack of it has a formula, or the label names no period that is scored."""


@dataclass(frozen=True, slots=True)
class CountyScores:
    """The scores of one period, best first, and the snapshot that they are counted from: what bears on them alone."""

    label: str
    title: str
    window: Window
    scoring: Scoring
    snapshot: CountySnapshot
    scores: tuple[Score, ...]


def assess(tx: Tx, reader: CountyReader, label: str, at: datetime, progress: Progress | None = None) -> CountyScores:
    """The scores of that period as they stood at that instant. Raises NoScoring."""
    window, title = period_of(label)
    snapshot = reader.read(tx, at, progress, lambda rulebook: list_wanted(rulebook.scoring, window))
    scoring = snapshot.rulebook.scoring
    if scoring is None:
        raise NoScoring(f"{snapshot.rulebook.county.id} has no formula: write `scoring:` into its file or a pack's")
    names = {*(bonus.event for bonus in scoring.bonuses), *scoring.vetoes}
    events = load_events_at(tx, snapshot.rulebook.county.id, names, at)
    awards = [
        award for award in awards_of(scoring, events, snapshot.rulebook) if window.first <= award.on <= window.last
    ]
    departments = tuple(sorted(snapshot.rulebook.county.departments))  # a stored rulebook has not the file's order
    scores = score_departments(scoring, departments, snapshot.lines, awards, window.first, window.last)
    return CountyScores(label, title, window, scoring, snapshot, scores)


def list_wanted(scoring: Scoring | None, window: Window) -> list[Wanted]:
    """What bears on the scores of a period: what falls due in it, and what was late before and makes 再次逾期."""
    months = max((deduction.months for deduction in scoring.deductions), default=0) if scoring else 0
    late_from = window.first.toordinal() - 31 * (months + 1)
    before = Wanted(first=date.fromordinal(max(1, late_from)), last=window.last, statuses=_LATE)
    return [Wanted(first=window.first, last=window.last), before]


def period_of(label: str) -> tuple[Window, str]:
    """The days of a month, quarter, half-year or year by its label, and its name. Raises NoScoring."""
    try:
        unit = unit_of(label)
        window = window_of(label)
    except ValueError:
        unit = None
    if unit is None or unit not in UNITS:
        raise NoScoring(f"{label!r} is no period: write 2015-09, 2015-Q3, 2015-H2 or 2015")
    return window, title_of(unit, window)


def awards_of(scoring: Scoring, events: Iterable[Event], rulebook: Rulebook) -> list[Award]:
    """The bonuses and vetoes of recorded events."""
    zone, bonuses = rulebook.county.zone, {bonus.event: bonus for bonus in scoring.bonuses}
    awards = []
    for event in events:
        on = moment_day(event.occurred, zone)
        if (bonus := bonuses.get(event.name)) is not None:
            awards.append(Award(event.department, bonus.title, event.reference, on, bonus.points))
        elif event.name in scoring.vetoes:
            awards.append(Award(event.department, scoring.vetoes[event.name], event.reference, on, veto=True))
    return awards

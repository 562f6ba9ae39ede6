"""Detects typos in titles: last year's year, or the previous month's name over a new text.

Whoever puts up the next report takes the last one's title and forgets to change it. What such a title says is not
believed and not corrected either: while the period that it came out for lacks its proof, a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Protocol

from tracker.core.law.duties import Every
from tracker.core.law.notice_fields import day_zh
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import next_period, period_of, previous_period, title_of
from tracker.core.law.workdays import Calendar
from tracker.core.matching.naming import flat, windows
from tracker.core.matching.proof import Candidate
from tracker.core.matching.republished import is_another


class _Pool(Protocol):
    own: list[Candidate]


def of_the_year(
    deadline: Every, candidate: Candidate, home: Window, pools: Mapping[Window, _Pool], calendar: Calendar
) -> Iterator[tuple[Window, str]]:
    """The periods an entry would be for if its title named the year after the one it names, and why that is likely:
    it came out when they were owed. `pools`: what lies in each period; where nothing else proves the period it names,
    it may mean that."""
    unit = deadline.unit
    if unit == "year":
        return
    for named in windows(candidate.entry.title, unit, candidate.day, calendar):
        meant = _a_year_on(named.window, deadline, calendar)
        if meant is None or meant.first > candidate.day:
            continue
        for_it = _owed(deadline, meant, candidate.day, calendar)
        pool = pools.get(_owed(deadline, named.window, candidate.day, calendar))
        if for_it in (home, previous_period(unit, home, calendar)) and (pool is None or _before(pool.own, candidate)):
            title = title_of(unit, named.window)
            yield for_it, f"标题所写为{title}，而公开于{day_zh(candidate.day)}，年份可能有误，待县政府办公室认定"


def of_the_period(
    candidate: Candidate, named: Sequence[Window], pools: Mapping[Window, _Pool]
) -> tuple[str, list[Window]]:
    """Why an entry may be for the period it came out in and not for one it names: the same title stands over another
    text already. "" where nothing says so. Beside it, the named periods whose own report is itself in doubt: for those
    the entry is in doubt as well."""
    why, doubted = "", []
    for window in named:
        for twin in _before(pools[window].own, candidate, in_doubt=True) if window in pools else ():
            another, unread = (
                is_another(twin.entry.now, candidate.entry.now),
                twin.assessment.unread and None in twin.assessment.held,
            )
            bare = bool(twin.assessment.held) and not any(twin.assessment.held)
            if flat(twin.entry.title) == flat(candidate.entry.title) and (another or unread):
                text = "同题而内容不同" if another else "同题，其文章或附件未能读取"
                why = why or f"与{day_zh(twin.day)}公开的另一篇{text}，标题所写时期可能有误，待县政府办公室认定"
                if window not in doubted and (unread or bare or not twin.counts):
                    doubted.append(window)
    return why, doubted


def _before(own: Sequence[Candidate], candidate: Candidate, *, in_doubt: bool = False) -> list[Candidate]:
    """The entries of a period that came out before one; `in_doubt`: those too of which a person has yet to decide."""
    return [
        held
        for held in own
        if (held.counts or (in_doubt and not held.assessment.refusal))
        and held.order < candidate.order
        and held.entry.gone_at is None
    ]


def _a_year_on(window: Window, deadline: Every, calendar: Calendar) -> Window | None:
    first = window.first
    if deadline.unit == "week":
        year, week, _ = first.isocalendar()
        try:
            return period_of("week", date.fromisocalendar(year + 1, week, 1), calendar)
        except ValueError:
            return None
    try:
        return period_of(deadline.unit, first.replace(year=first.year + 1), calendar)
    except ValueError:  # the 29th of February
        return None


def _owed(deadline: Every, named: Window, day: date, calendar: Calendar) -> Window:
    """The period that is proved by what names this one and came out on that day."""
    if deadline.about == "this" or day in named:
        return named
    return next_period(deadline.unit, named, calendar)

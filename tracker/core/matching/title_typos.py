"""Detects typos in titles: last year's year, or the previous month's name over a new text.

They arise when the title of the last report is copied and not changed. A suspected typo is not corrected: as long as
the period in which the entry was published lacks its proof, a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from tracker.core.law.duties import Every
from tracker.core.law.occurrences import Window
from tracker.core.law.periods import next_period, period_of, previous_period, title_of
from tracker.core.law.wording import day_zh
from tracker.core.law.workdays import Calendar
from tracker.core.matching.candidates import Candidate, PeriodEntries
from tracker.core.matching.naming import flat, named_windows
from tracker.core.matching.republished import is_copy, is_other_text


def ask_about_typos(
    deadline: Every,
    candidate: Candidate,
    home: Window,
    targets: Sequence[Window],
    entries_in: Mapping[Window, PeriodEntries],
    calendar: Calendar,
) -> None:
    """Add an entry whose title may hold a typo to the periods that it may be for, with a question for a person.

    These are the periods it would belong to if the title is wrong, and the named period if the earlier report with
    the same title is in doubt as well. `home`: the period it was published in. `targets`: the periods it belongs to.
    """
    intended = list(_find_year_typos(deadline, candidate, home, entries_in, calendar))
    named = [*targets, *(window for window, _ in intended)]
    question, doubted_windows = _find_period_typo(candidate, named, entries_in)
    if home not in named and question:
        intended += [(window, question) for window in (home, *doubted_windows)]
    for window, question in intended:
        if (entries := entries_in.get(window)) is not None and (window not in targets or window in doubted_windows):
            entries.add_open_question(candidate, question)


def _find_year_typos(
    deadline: Every, candidate: Candidate, home: Window, entries_in: Mapping[Window, PeriodEntries], calendar: Calendar
) -> Iterator[tuple[Window, str]]:
    """Yield the periods an entry would belong to if its title named one year later, each with a question (Chinese).

    Yielded are periods that were owed when the entry was published. If no earlier entry was allocated to the period it
    names (`entries_in`: entries by period), the title may be right, and nothing is yielded.
    """
    unit = deadline.unit
    if unit == "year":
        return
    for named in named_windows(candidate.entry.title, unit, candidate.day, calendar):
        later_window = _one_year_later(named.window, deadline, calendar)
        if later_window is None or later_window.first > candidate.day:
            continue
        target = _owed_period(deadline, later_window, candidate.day, calendar)
        entries = entries_in.get(_owed_period(deadline, named.window, candidate.day, calendar))
        has_earlier = entries is None or any(earlier.counts for earlier in _earlier_entries(entries, candidate))
        if has_earlier and target in (home, previous_period(unit, home, calendar)):
            title = title_of(unit, named.window)
            yield target, f"标题所写为{title}，而公开于{day_zh(candidate.day)}，年份可能有误，待人工认定"


def _find_period_typo(
    candidate: Candidate, named: Sequence[Window], entries_in: Mapping[Window, PeriodEntries]
) -> tuple[str, list[Window]]:
    """Return why an entry may belong to the period it was published in instead of one it names, or "" (Chinese): an
    earlier entry has the same title, and nothing shows that it is the same report.

    Beside it, return the named periods whose earlier report is itself in doubt: for these the entry is in doubt as
    well.
    """
    question, doubted_windows = "", []
    for window in named:
        for earlier in _earlier_entries(entries_in[window], candidate) if window in entries_in else ():
            if flat(earlier.entry.title) != flat(candidate.entry.title):
                continue
            held_items = earlier.assessment.held_items
            is_unread = earlier.assessment.is_unread and None in held_items
            if is_unread or not is_copy(earlier.entry.current, candidate.entry.current):
                is_other = is_other_text(earlier.entry.current, candidate.entry.current)
                difference = "标题相同而内容不同" if is_other else "标题相同，但文章或附件未能比对"
                published = f"与{day_zh(earlier.day)}公开的另一篇文章{difference}"
                question = question or f"{published}，标题所写时期可能有误，待人工认定"
                is_itemless = bool(held_items) and not any(held_items)
                if window not in doubted_windows and (is_unread or is_itemless or not earlier.counts):
                    doubted_windows.append(window)
    return question, doubted_windows


def _earlier_entries(entries: PeriodEntries, candidate: Candidate) -> list[Candidate]:
    """Return the entries of a period that were published before this one and are not refused."""
    return [
        earlier
        for earlier in entries.candidates
        if not earlier.assessment.refusal and earlier.order < candidate.order and earlier.entry.gone_at is None
    ]


def _one_year_later(window: Window, deadline: Every, calendar: Calendar) -> Window | None:
    """Return the same period of the next year; None where that year has no such week or day."""
    year, week, _ = window.first.isocalendar()
    try:
        if deadline.unit == "week":
            return period_of("week", date.fromisocalendar(year + 1, week, 1), calendar)
        return period_of(deadline.unit, window.first.replace(year=window.first.year + 1), calendar)
    except ValueError:
        return None


def _owed_period(deadline: Every, named: Window, day: date, calendar: Calendar) -> Window:
    """Return the period that is proved by an entry that names this one and was published on that day."""
    if deadline.about == "this" or day in named:
        return named
    return next_period(deadline.unit, named, calendar)

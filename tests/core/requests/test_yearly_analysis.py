"""The yearly analysis: by subject, department and month, on time or late, refused on which ground."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.core.requests.test_national_table import counted
from tests.invented_requests import invent
from tracker.core.requests.counted import CountedRequest
from tracker.core.requests.national_table import table_of
from tracker.core.requests.yearly_analysis import analyse
from tracker.rulebook.calendars import load_calendar

CALENDAR = load_calendar(Path(__file__).parents[3] / "rules" / "calendar")
#: Received on Thursday 25 September 2025, answered on 10 October, six working days later: 26, 28 (a Sunday, worked), 29
#: and 30 September, 9 and 10 October.
ASKED = CountedRequest(
    "2025-guotu-1", "guotu", "guotu", "natural", "online", "土地征收", "征地补偿安置方案", date(2025, 9, 25),
    date(2025, 10, 10), date(2025, 10, 10), "disclosed", "", "1",
)  # fmt: skip
LATE = replace(ASKED, reference="2025-guotu-2", owner="huanbao", answer="withheld", ground="privacy", line="3.4")
OPEN = replace(ASKED, reference="2025-guotu-3", topic="", closed=None, replied=None, answer="", line="", corrected=True)
GONE = replace(ASKED, reference="2025-guotu-4", answer="withdrawn", line="6.3", extended=True)
AGAIN = replace(ASKED, reference="2025-guotu-5", closed=date(2025, 12, 30))  # answered anew after an appeal
OLD = replace(ASKED, reference="2024-guotu-1", received=date(2024, 12, 31), closed=date(2025, 1, 2),
              replied=date(2025, 1, 2))  # fmt: skip
COUNTED = ("received", "done", "answered", "timed", "on_time", "overdue", "workdays", "extended", "corrected")
YEAR_END = date(2026, 1, 1)
DUE = {"2025-guotu-1": date(2025, 10, 10), "2025-guotu-2": date(2025, 10, 9), "2025-guotu-5": date(2025, 10, 24)}


def test_what_is_counted_of_a_year() -> None:
    analysis = analyse(table_of(2025, [ASKED, LATE, OPEN, GONE, AGAIN, OLD]), DUE, CALENDAR, YEAR_END)
    whole = analysis.whole
    assert (whole.received, whole.done, whole.answered, whole.timed, whole.on_time) == (5, 5, 4, 3, 2)
    assert (analysis.late, analysis.untimed) == (("2025-guotu-2",), ("2024-guotu-1",))
    assert (whole.extended, whole.corrected) == (1, 1)
    assert whole.workdays == 6 + 6 + 6 + 1  # the first answer counts; 2 January 2025 is the only working day of OLD
    assert analysis.refusals == {"privacy": 1}
    assert [(group.key, group.received, group.share_on_time) for group in analysis.departments] == [
        ("guotu", 4, 1.0), ("huanbao", 1, 0.0),
    ]  # fmt: skip
    assert [(group.key, group.received) for group in analysis.topics] == [("土地征收", 4), ("", 1)]
    assert [group.received for group in analysis.months] == [0] * 8 + [5, 0, 0, 0]


@pytest.mark.parametrize(
    ("today", "answered", "expected"),
    [
        (date(2025, 10, 24), None, 0),  # the last day on time
        (date(2025, 10, 25), None, 1),
        (date(2026, 3, 1), None, 1),
        (date(2026, 3, 1), date(2026, 2, 1), 1),  # as it stood at the year's end
        (date(2025, 10, 27), date(2025, 10, 27), 0),
    ],
)
def test_what_is_not_answered_in_time_lowers_the_rate(today: date, answered: date | None, expected: int) -> None:
    late = replace(OPEN, closed=answered, replied=answered, answer="disclosed" if answered else "")
    due = {ASKED.reference: date(2025, 10, 10), late.reference: date(2025, 10, 24)}
    analysis = analyse(table_of(2025, [ASKED, late]), due, CALENDAR, today)
    assert len(analysis.overdue) == analysis.whole.overdue == expected
    if answered is None:
        assert analysis.whole.share_on_time == (0.5 if expected else 1)


def test_what_was_carried_over_and_is_still_owed_is_overdue() -> None:
    old = replace(OPEN, reference="2024-guotu-7", received=date(2024, 11, 1))  # and was corrected in that year
    analysis = analyse(table_of(2025, [old]), {old.reference: date(2024, 12, 1)}, CALENDAR, YEAR_END)
    assert (analysis.overdue, analysis.whole.received, analysis.whole.corrected) == (("2024-guotu-7",), 0, 0)


def test_every_classification_holds_every_request_once() -> None:
    """Whatever they are grouped by, the groups together are the year."""
    requests = counted(invent(11, 200, ("guotu", "huanbao", "caizheng")))
    due = {request.reference: date(2025, 6, 30) for request in requests[::2]}
    table = table_of(2025, requests)
    analysis = analyse(table, due, CALENDAR, YEAR_END)
    assert analysis.whole.received == table.count("1")
    assert analysis.whole.done == table.count("3.7") == sum(analysis.answers.values())
    assert sum(analysis.refusals.values()) == sum(table.count(f"3.3.{number}") for number in range(1, 9))
    assert analysis.whole.on_time + len(analysis.late) == analysis.whole.timed
    assert analysis.whole.timed + len(analysis.untimed) == analysis.whole.answered
    for groups in (analysis.topics, analysis.departments, analysis.ways):
        for name in COUNTED:
            assert sum(getattr(group, name) for group in groups) == getattr(analysis.whole, name)
    assert sum(group.received for group in analysis.months) == analysis.whole.received

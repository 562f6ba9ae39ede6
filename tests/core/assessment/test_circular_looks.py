"""A circular names what a site does not show only after a second look of the last working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.core.assessment.reported import line
from tests.core.assessment.test_circular import judged
from tests.core.escalation.asking import CALENDAR, ZONE, at
from tracker.core.assessment.circular_looks import explain_unlooked, find_look_since
from tracker.core.values.second_looks import Hit, Search, SecondLook
from tracker.core.values.verdicts import Status

SINCE = at("10-16", "00:00")
MOMENT = timedelta(microseconds=1)
FOUND = Hit("环保局权力清单", "https://www.example.gov.cn/xw/1.html")


def look(when: datetime, *hits: Hit, number: int = 1) -> SecondLook:
    return SecondLook(number, "key", when, when, (Search("search", hits=hits),))


LOOKS: dict[str, tuple[tuple[SecondLook, ...], tuple[str, ...], str]] = {
    "none": ((), (), "尚未再次查看网站，须先再次查看，暂不通报"),
    "as it began to serve": ((look(SINCE),), (), ""),
    "a moment before": ((look(SINCE - MOMENT),), (), "最近一次再次查看是2015年10月15日，须先再次查看，暂不通报"),
    "something that nobody decided": (
        (look(SINCE, FOUND),),
        (),
        "再次查看时查到标题相符的《环保局权力清单》（https://www.example.gov.cn/xw/1.html），尚待判定，暂不通报",
    ),
    "something that was refused": ((look(SINCE, FOUND),), (FOUND.url,), ""),
    "something that is not there any longer": ((look(SINCE, FOUND), look(SINCE + MOMENT, number=2)), (), ""),
}


@pytest.mark.parametrize(("looks", "refused", "reason"), LOOKS.values(), ids=LOOKS)
def test_what_keeps_it_from_a_circular(looks: tuple[SecondLook, ...], refused: tuple[str, ...], reason: str) -> None:
    assert explain_unlooked(looks, SINCE, refused, ZONE) == reason


@pytest.mark.parametrize(
    ("today", "days", "due_at", "since"),
    [
        (date(2015, 10, 19), 1, None, at("10-16", "00:00")),  # a Monday: from Friday on
        (date(2015, 10, 19), 2, None, at("10-15", "00:00")),
        (date(2015, 10, 8), 1, at("10-1", "00:00"), at("10-1", "00:00")),  # the working day before is 30 September
    ],
)
def test_from_when_on_a_look_serves(today: date, days: int, due_at: datetime | None, since: datetime) -> None:
    assert find_look_since(today, days, due_at, CALENDAR, ZONE) == since


@pytest.mark.parametrize("status", [Status.OVERDUE, Status.INCOMPLETE])
def test_it_is_spared_where_it_would_be_named(status: Status) -> None:
    assert judged(line(status, unlooked="须先再次查看")) == "spared: 须先再次查看"
    assert judged(line(status, late=0, unlooked="须先再次查看")).endswith("个工作日，暂不通报")
    assert judged(line(Status.MET, unlooked="")) == "nothing"

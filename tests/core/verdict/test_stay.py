"""How long a proof must stay up, and how often it is looked at meanwhile."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.core.verdict.judging import FORMED
from tracker.core.law.duties import By, Every, Span, Within
from tracker.core.verdict.stay import MAX_LOOKS, LastLook, due_looks, look_interval, stays_until

ZONE = ZoneInfo("Asia/Shanghai")
PROVED = datetime(2015, 3, 2, 9, tzinfo=ZONE)
DAY, WEEK, YEAR = timedelta(days=1), timedelta(days=7), timedelta(days=366)
STANDING, UPKEEP = By(day=date(2015, 7, 31)), Every(unit="quarter", upkeep=True)
MONTHLY, EVENT = Every(unit="month"), Within(span=Span(20, "workdays"), event=FORMED)


@pytest.mark.parametrize(
    ("deadline", "until"),
    [(STANDING, None), (UPKEEP, None), (MONTHLY, PROVED + YEAR), (EVENT, PROVED + YEAR), (None, PROVED + YEAR)],
)
def test_until_when_it_must_stay_up(deadline, until):
    assert stays_until(deadline, PROVED) == until


@pytest.mark.parametrize(
    ("deadline", "age", "unlisted", "interval"),
    [
        (MONTHLY, 1, 0, DAY),
        (MONTHLY, 30, 0, DAY),  # a publicity period may run
        (MONTHLY, 31, 0, WEEK),
        (MONTHLY, 31, 2, WEEK),
        (MONTHLY, 31, 3, DAY),  # its list is not read so far back, has moved, or cannot be read
        (MONTHLY, 365, 300, DAY),
        (MONTHLY, 366, 0, None),
        (STANDING, 900, 0, WEEK),
        (STANDING, 900, 300, DAY),
        (UPKEEP, 900, 300, DAY),
    ],
)
def test_how_often_it_is_looked_at(deadline, age, unlisted, interval):
    now = PROVED + age * DAY
    assert look_interval(PROVED, stays_until(deadline, PROVED), now - unlisted * DAY, now) == interval


def test_what_is_due_is_what_was_not_opened_for_its_interval():
    now = PROVED + 40 * DAY
    looks = {
        "never-opened": [LastLook(None, PROVED)],
        "an-hour-ago": [LastLook(now - DAY / 24, now)],
        "yesterday": [LastLook(now - DAY, now)],
        "in-two-columns": [LastLook(now, now), LastLook(now - 3 * DAY, now)],
        "six-days-ago": [LastLook(now - 6 * DAY, now)],
    }
    intervals = dict.fromkeys(looks, DAY) | {"six-days-ago": WEEK, "unknown": DAY}
    assert due_looks(intervals, looks, now) == ["never-opened", "in-two-columns", "yesterday"]


def test_many_proofs_are_spread_over_the_crawls_and_none_is_forgotten():
    """Crawled three times a day: a hundred must be seen daily, 700 weekly; all were opened in one night."""
    opened = {f"{number:04}": PROVED for number in range(800)}
    intervals = {url: DAY if number < 100 else WEEK for number, url in enumerate(opened)}
    asked, waited = [], dict.fromkeys((DAY, WEEK), timedelta())
    for number in range(1, 90):
        now = PROVED + number * DAY / 3
        due = due_looks(intervals, {url: [LastLook(at, at)] for url, at in opened.items()}, now)
        asked.append(len(due))
        for url in due:
            waited[intervals[url]] = max(waited[intervals[url]], now - opened[url])
            opened[url] = now
    assert max(asked) == MAX_LOOKS
    assert 180 <= sum(asked[-21:]) / 7 <= 205  # a day
    assert waited[DAY] < 2 * DAY
    assert waited[WEEK] < 10 * DAY

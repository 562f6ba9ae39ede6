"""What a notice shows, as an office writes it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.core.escalation.notice_fields import aged
from tracker.core.law.duties import EventRule, Span, Within
from tracker.core.law.occurrences import Derivation, Occurrence
from tracker.core.law.wording import label_zh, lateness_zh, percent_zh, period_zh
from tracker.core.values.facts import Event
from tracker.rulebook.calendars import load_calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar(None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2015-{text}").replace(tzinfo=ZONE)


#: due_at, due_on, now: 1-7 October are off, Saturday the 10th is worked.
LATENESS = {
    "five working days ahead": ("10-01T00:00", "09-30", "09-23T08:30", "还有5个工作日"),
    "the due day itself": ("10-01T00:00", "09-30", "09-30T17:00", "今日到期"),
    "past midnight, a day off": ("10-01T00:00", "09-30", "10-01T00:00", "逾期不足1个工作日"),
    "first working day after": ("10-01T00:00", "09-30", "10-08T08:30", "逾期1个工作日"),
    "over the make-up Saturday": ("10-01T00:00", "09-30", "10-10T08:30", "逾期3个工作日"),
    "only days off ahead": ("10-05T00:00", "10-04", "10-02T08:30", "2日后到期"),
    "hours ahead": ("10-04T22:15", "10-04", "10-04T02:00", "还有20小时"),
    "hours late": ("10-04T22:15", "10-04", "10-05T09:00", "逾期10小时"),
    "minutes late": ("10-04T22:15", "10-04", "10-04T22:20", "逾期不足1小时"),
    "hours became days": ("10-04T22:15", "10-04", "10-10T09:00", "逾期3个工作日"),
}


@pytest.mark.parametrize(
    ("part", "whole", "places", "words"),
    [
        (113, 127, 1, "89.0%"), (7, 9, 1, "77.8%"), (1, 1, 1, "100%"), (0, 9, 1, "0%"),
        (3599, 3600, 1, "99.9%"), (1, 3600, 1, "0.1%"), (199, 200, 0, "99%"), (1, 300, 0, "1%"), (1, 2, 0, "50%"),
    ],
)  # fmt: skip
def test_what_is_not_all_is_never_called_a_hundred_per_cent(part: int, whole: int, places: int, words: str) -> None:
    assert percent_zh(part / whole, places) == words


@pytest.mark.parametrize(("due_at", "due_on", "now", "words"), LATENESS.values(), ids=LATENESS)
def test_how_late(due_at: str, due_on: str, now: str, words: str) -> None:
    assert lateness_zh(at(due_at), date.fromisoformat(f"2015-{due_on}"), at(now), CALENDAR, ZONE) == words


SINCE = {
    "as it begins": ("10-12T08:00", "自10月12日起逾期不足1个工作日"),
    "on the next working day": ("10-13T09:00", "自10月12日起逾期1个工作日"),
    "before it is held against anybody": ("10-10T09:00", "逾期3个工作日"),
}


@pytest.mark.parametrize(("now", "words"), SINCE.values(), ids=SINCE)
def test_how_late_from_a_day_after_it_was_due(now: str, words: str) -> None:
    """Due on 30 September, held against the department from 12 October, eight o'clock: never counted in hours."""
    due_at, due_on, since = at("10-01T00:00"), date(2015, 9, 30), at("10-12T08:00")
    assert lateness_zh(due_at, due_on, at(now), CALENDAR, ZONE, since) == words


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("once", ""),
        ("once.plan", ""),
        ("2015-09.water", "2015年9月"),
        ("2015-Q3", "2015年第三季度"),
        ("2015-10-14", "2015年10月14日"),
        ("event:budget-approved:2015-03-09", "预算批复（2015年3月9日）"),
        ("event:budget-approved:2015-06-31", "预算批复（2015-06-31）"),
        ("event:budget-approved:2015", "预算批复（2015年）"),
        ("event:budget-approved:2015.plan", "预算批复（2015年）"),
        ("awaiting:budget-approved", "预算批复（待登记）"),
        ("awaiting:unknown", "unknown（待登记）"),
    ],
)
def test_labels_in_words(label: str, words: str) -> None:
    assert label_zh(label, {"budget-approved": "预算批复"}, None, CALENDAR) == words


def test_what_has_no_due_date_does_not_age() -> None:
    assert aged({"due_at": "", "days_late": 0}, at("10-08T08:30"), CALENDAR, ZONE) == {"due_at": "", "days_late": 0}


def test_what_was_taken_down_shows_no_days_late() -> None:
    why = "尚缺：“环境保护”：《水质》曾公开，其地址http://x/1自2015年11月6日起无法打开（404）"
    shown = {"due_at": "2015-07-31T16:00:00+00:00", "due_on": "2015-07-31", "judged": why}
    assert aged(shown, at("11-06T08:30"), CALENDAR, ZONE) == {**shown, "days_late": 0, "lateness": "公开后撤下"}


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("2015-09-20", "预算批复（2015年9月20日）"),
        ("2015", "预算批复（2015年9月20日）"),
        ("20150920", "预算批复（2015年9月20日）"),
        ("2015-09-12", "预算批复（2015年9月20日）"),  # the day that was corrected is no number
        ("2014", "预算批复（2014年度，2015年9月20日）"),
        ("diesel", "预算批复（2015年9月20日，编号diesel）"),
    ],
)
def test_what_an_event_is_called_is_told_where_it_says_more_than_the_day(reference: str, words: str) -> None:
    rule = EventRule("budget-approved", "预算批复")
    event = Event(1, rule.name, "keji", reference, date(2015, 9, 20), at("09-20T10:00"))
    owed = Occurrence(
        "sample", "p", "budget", "keji", f"event:budget-approved:{reference}", (),
        Within(span=Span(20, "days"), event=rule), None, None, None, Derivation("", ""), event=event,
    )  # fmt: skip
    assert period_zh(owed) == words
    titles = {rule.name: rule.title}
    assert label_zh(owed.label, titles, owed.deadline, CALENDAR, date(2015, 9, 20)) == words  # of a stored row


@pytest.mark.parametrize(
    ("move", "about", "words"),
    [
        ("", "《方案》（试行）", "发现未审查（“《方案》〔试行〕”，2015年9月20日，编号7）"),
        ("", "通" * 40, f"发现未审查（“{'通' * 40}”，2015年9月20日，编号7）"),
        ("", "通" * 41, f"发现未审查（“{'通' * 40}……”，2015年9月20日，编号7）"),
        ("review.missing", "《方案》（试行）", "发现未审查（《方案》〔试行〕，2015年9月20日）"),  # no number
    ],
)
def test_what_an_event_is_about_is_told(move: str, about: str, words: str) -> None:
    rule = EventRule("published-unreviewed", "发现未审查", move=move)
    event = Event(1, rule.name, "keji", "7", date(2015, 9, 20), at("09-20T10:00"), fields={"about": about})
    owed = Occurrence(
        "sample", "p", "put-right", "keji", "event:published-unreviewed:7", (),
        Within(span=Span(20, "days"), event=rule), None, None, None, Derivation("", ""), event=event,
    )  # fmt: skip
    assert period_zh(owed) == words

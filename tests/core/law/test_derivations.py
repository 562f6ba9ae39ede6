"""The sentences: what they name, word for word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.core.law.deadlines import due_by, due_every, due_within
from tracker.core.law.derivations import explain_awaiting, group_days_off
from tracker.core.law.duties import By, EventRule, Every, Span, Within
from tracker.core.law.occurrences import Derivation
from tracker.core.law.periods import window_of
from tracker.core.law.statutes import Act, Provision
from tracker.core.law.workdays import Calendar
from tracker.core.values.facts import Event, Moment
from tracker.rulebook.calendars import load_calendar

ZONE = ZoneInfo("Asia/Shanghai")
_KNOWN = load_calendar(None)
# The version is fixed, so that the sentences stand as they are when the library moves on.
CALENDAR = Calendar.from_body(_KNOWN.body.replace(_KNOWN.version, "V1", 1))
APPROVED = EventRule("budget-approved", "预算批复")
RECEIVED = EventRule("foi-request-received", "收到公开申请")
LAW = "期间计算适用当时施行的《民法通则》第一百五十四条，工作日历：V1"


def within(
    span: Span,
    occurred: Moment,
    rule: EventRule = APPROVED,
    *,
    reference: str = "",
    extended: bool = False,
    **terms: object,
) -> Derivation:
    deadline = Within(span=span, event=rule, extension=Span(15, "workdays"), **terms)  # type: ignore[arg-type]
    happened = Event(1, rule.name, "keji", reference, occurred, datetime(2015, 1, 1, tzinfo=UTC))
    return due_within(deadline, happened, CALENDAR, ZONE, extended=extended).derivation


@pytest.mark.parametrize(
    ("span", "occurred", "text", "short"),
    [
        pytest.param(
            Span(20, "days"),
            date(2015, 3, 2),
            f"2015年3月2日“预算批复”，当日不计，自次日起算20日，至3月22日届满，该日系休息日（3月22日周日），顺延至3月23日；{LAW}。",
            "3月2日预算批复+20日，22日为周日，顺延至23日",
            id="rolled over a Sunday",
        ),
        pytest.param(
            Span(20, "days"),
            date(2015, 1, 30),
            "2015年1月30日“预算批复”，当日不计，自次日起算20日，至2月19日届满，该日系休息日（2月19日至24日春节），"
            f"顺延至2月25日；{LAW}。",
            "1月30日预算批复+20日，2月19日为春节，顺延至25日",
            id="rolled over Spring Festival",
        ),
        pytest.param(
            Span(20, "days"),
            date(2015, 12, 12),
            "2015年12月12日“预算批复”，当日不计，自次日起算20日，至2016年1月1日届满，"
            f"该日系休息日（2016年1月1日元旦、1月2日至3日周末），顺延至2016年1月4日；{LAW}。",
            "2015年12月12日预算批复+20日，2016年1月1日为元旦，顺延至4日",
            id="over the year's end",
        ),
        pytest.param(
            Span(20, "days"),
            date(2015, 3, 3),
            f"2015年3月3日“预算批复”，当日不计，自次日起算20日，至3月23日届满；{LAW}。",
            "3月3日预算批复+20日",
            id="nothing to move",
        ),
        pytest.param(
            Span(20, "workdays"),
            date(2015, 9, 21),
            "2015年9月21日“预算批复”，当日不计，自次日起算20个工作日，扣除9月26日周六、9月27日中秋节、10月1日至7日国庆节、"
            f"10月11日周日、10月17日至18日周末，10月10日（周六）调休上班计入，至10月23日届满；{LAW}。",
            "9月21日预算批复+20个工作日",
            id="working days over the National Day",
        ),
        pytest.param(
            Span(24, "hours"),
            datetime(2015, 3, 6, 17, 30, tzinfo=ZONE),
            f"自2015年3月6日17时30分“预算批复”起算24小时，夜间和休息日连续计算，至3月7日17时30分届满；{LAW}。",
            "3月6日17时30分预算批复+24小时",
            id="hours from the moment",
        ),
        pytest.param(
            Span(24, "hours"),
            date(2015, 3, 6),
            "2015年3月6日“预算批复”，未载明时刻，自当日24时起算24小时，夜间和休息日连续计算，"
            f"至3月7日24时届满；{LAW}。",
            "3月6日预算批复+24小时",
            id="hours from the day's end",
        ),
        pytest.param(
            Span(0, "same-workday"),
            date(2015, 10, 2),
            f"2015年10月2日“预算批复”，应于当日完成，该日系休息日（10月2日至7日国庆节），顺延至10月8日；{LAW}。",
            "10月2日预算批复，当日，2日为国庆节，顺延至8日",
            id="same workday, off",
        ),
        pytest.param(
            Span(0, "same-workday"),
            date(2015, 10, 8),
            f"2015年10月8日“预算批复”，应于当日完成，该日系工作日，当日24时届满；{LAW}。",
            "10月8日预算批复，当日",
            id="same workday",
        ),
    ],
)
def test_a_span_names_trigger_days_off_roll_calendar_and_law(
    span: Span, occurred: Moment, text: str, short: str
) -> None:
    assert within(span, occurred) == Derivation(text, short)


def test_an_extension_is_told_with_the_days_it_skipped() -> None:
    derivation = within(Span(15, "workdays"), date(2015, 9, 6), RECEIVED, reference="2015年第12号", extended=True)
    assert derivation.text == (
        "2015年9月6日“收到公开申请”（2015年第12号），当日不计，自次日起算15个工作日，扣除9月12日至13日周末、9月19日至20日周末，"
        "至9月25日届满；经批准延长15个工作日，自届满次日起连续计算，扣除9月26日周六、9月27日中秋节、10月1日至7日国庆节、"
        f"10月11日周日、10月17日至18日周末，10月10日（周六）调休上班计入，至10月22日届满；{LAW}。"
    )
    assert derivation.short == "9月6日收到公开申请+15个工作日+延长15个工作日"


def test_an_event_on_a_day_off_is_told_where_working_days_are_counted() -> None:
    assert within(Span(1, "workdays"), date(2015, 3, 1)).text.startswith("2015年3月1日（周日）“预算批复”，当日不计")


BUDGET_LAW = (Provision(Act("budget-law", "中华人民共和国预算法", "主席令第十二号", date(2015, 1, 1)), "14"),)
REPEALED = (Provision(replace(BUDGET_LAW[0].act, until=date(2015, 3, 2)), "14"),)


@pytest.mark.parametrize(
    ("terms", "told", "mark"),
    [
        ({}, "", ""),
        ({"basis": "《预算法》第十四条"}, "；期限依据：《预算法》第十四条", ""),
        ({"law": BUDGET_LAW}, "；期限依据：《预算法》第十四条", ""),
        ({"law": BUDGET_LAW, "basis": "一（二）1"}, "；期限依据：《预算法》第十四条", ""),
        ({"law": REPEALED, "basis": "一（二）1"}, "；期限依据：一（二）1", ""),  # not in force on the event's day
        ({"assumed": True}, "；该期限系参照时限，本县尚未采用", "（参照时限）"),
        ({"assumed": True, "adopted": True}, "；该期限系参照时限，本县已采用", ""),
    ],
    ids=["nothing", "basis", "law", "law-before-basis", "law-of-another-day", "assumed", "adopted"],
)
def test_it_says_on_what_the_number_rests(terms: dict[str, object], told: str, mark: str) -> None:
    derivation = within(Span(20, "days"), date(2015, 3, 3), **terms)
    assert derivation.text == f"2015年3月3日“预算批复”，当日不计，自次日起算20日，至3月23日届满{told}；{LAW}。"
    assert derivation.short == f"3月3日预算批复+20日{mark}"


def test_a_provisional_date_names_the_year_that_is_not_announced() -> None:
    derivation = within(Span(20, "workdays"), date(2026, 12, 14), assumed=True)
    assert derivation.text == (
        "2026年12月14日“预算批复”，当日不计，自次日起算20个工作日，扣除12月19日至20日周末、12月26日至27日周末、"
        "2027年1月1日元旦、1月2日至3日周末、1月9日至10日周末，至2027年1月12日届满；该期限系参照时限，本县尚未采用；"
        "期间计算适用当时施行的《民法典》第二百零一条、第二百零三条，工作日历：V1；2027年放假安排尚未公布，本日期为暂定。"
    )
    assert derivation.short == "2026年12月14日预算批复+20个工作日（参照时限、暂定）"


FIXED = f"属日历期限，遇休息日不顺延；{LAW}。"


@pytest.mark.parametrize(
    ("deadline", "label", "text", "short"),
    [
        (
            Every(unit="month", about="previous"),
            "2015-07",
            f"每月一期，本期为2015年7月，公开上一期（2015年6月）情况，至期末7月31日届满，{FIXED}",
            "2015年7月，期末7月31日",
        ),
        (
            Every(unit="month", about="this", due_after_end=Span(10, "days")),
            "2015-12",
            f"每月一期，本期为2015年12月，公开本期情况，自12月31日期满起算10日，至2016年1月10日届满，{FIXED}",
            "2015年12月期满+10日",
        ),
        (
            Every(unit="quarter", due_day=15),
            "2015-Q3",
            f"每季度一期，本期为2015年第三季度，限期内第15日，即7月15日，{FIXED}",
            "2015年第三季度，限7月15日",
        ),
        (
            Every(unit="week"),
            "2015-W53",
            f"每周一期，本期为2015年第53周（12月28日至1月3日），至期末2016年1月3日届满，{FIXED}",
            "2015年第53周，期末1月3日",
        ),
        (
            Every(unit="quarter", upkeep=True, assumed=True),
            "2015-Q4",
            "每季度一期，本期为2015年第四季度，核对所公开内容是否仍然准确，至期末12月31日届满，属日历期限，遇休息日不顺延；"
            f"该期限系参照时限，本县尚未采用；{LAW}。",
            "2015年第四季度，期末12月31日（参照时限）",
        ),
        (
            Every(unit="workday"),
            "2015-10-10",
            f"每个工作日一期，本期为2015年10月10日，当日24时届满；{LAW}。",
            "2015年10月10日当日",
        ),
    ],
    ids=["previous", "due past", "due day", "week", "upkeep", "workday"],
)
def test_a_period_names_itself_and_where_it_ends(deadline: Every, label: str, text: str, short: str) -> None:
    assert due_every(deadline, window_of(label), CALENDAR, ZONE).derivation == Derivation(text, short)


def test_a_named_day_says_that_it_does_not_move() -> None:
    due = due_by(By(day=date(2015, 7, 31), basis="一（十）2"), date(2015, 1, 1), CALENDAR, ZONE)
    assert due.derivation == Derivation(
        f"规定期限为2015年7月31日，当日24时届满，属日历期限，遇休息日不顺延；期限依据：一（十）2；{LAW}。",
        "限2015年7月31日",
    )


@pytest.mark.parametrize(
    ("span", "expected", "text"),
    [
        (
            Span(20, "days"),
            date(2015, 3, 31),
            "应自“预算批复”起20日内完成，该事项尚未登记，期限待定；"
            "预计2015年3月31日前应有登记（该日期仅用于催报登记）。",
        ),
        (Span(0, "same-workday"), None, "应于“预算批复”当日完成，该事项尚未登记，期限待定。"),
    ],
)
def test_a_clock_that_waits_says_for_what(span: Span, expected: date | None, text: str) -> None:
    assert explain_awaiting(Within(span=span, event=APPROVED), expected) == Derivation(text, "待登记“预算批复”")


def test_days_off_in_a_row_are_told_as_one_stretch_and_the_year_once() -> None:
    days = CALENDAR.days_off(date(2015, 12, 26), date(2016, 1, 10))
    assert group_days_off(days, 2015) == "12月26日至27日周末、2016年1月1日元旦、1月2日至3日周末、1月9日至10日周末"

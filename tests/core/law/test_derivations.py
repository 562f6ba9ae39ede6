"""The sentences: what they name, word for word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tracker.core.law.assumed_rules import Adoption, AssumedRule
from tracker.core.law.deadlines import due_by, due_within
from tracker.core.law.derivations import explain_awaiting, group_days_off
from tracker.core.law.duties import By, EventRule, Span, Within
from tracker.core.law.occurrences import Derivation
from tracker.core.law.statutes import Act, Provision
from tracker.core.values.facts import Event, Moment
from tracker.rulebook.calendars import load_calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar(Path(__file__).parents[3] / "rules" / "calendar")
APPROVED = EventRule("budget-approved", "预算批复")
RECEIVED = EventRule("foi-request-received", "收到公开申请")
LAW = "期间参照《民法通则》第一百五十四条计算"
DAYS = "放假安排：国办发明电〔2014〕28号"
LAW_AND_DAYS = f"{LAW}；{DAYS}"


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
            "自3月2日预算批复次日起20日，22日为周日，顺延至23日",
            id="rolled over a Sunday",
        ),
        pytest.param(
            Span(20, "days"),
            date(2015, 1, 30),
            "2015年1月30日“预算批复”，当日不计，自次日起算20日，至2月19日届满，该日系休息日（2月19日至24日春节），"
            f"顺延至2月25日；{LAW_AND_DAYS}。",
            "自1月30日预算批复次日起20日，2月19日为春节，顺延至25日",
            id="rolled over Spring Festival",
        ),
        pytest.param(
            Span(20, "days"),
            date(2015, 12, 12),
            "2015年12月12日“预算批复”，当日不计，自次日起算20日，至2016年1月1日届满，"
            f"该日系休息日（2016年1月1日元旦、1月2日至3日周末），顺延至2016年1月4日；{LAW}；放假安排：国办发明电〔2015〕18号。",
            "自2015年12月12日预算批复次日起20日，2016年1月1日为元旦，顺延至4日",
            id="over the year's end",
        ),
        pytest.param(
            Span(20, "days"),
            date(2015, 3, 3),
            f"2015年3月3日“预算批复”，当日不计，自次日起算20日，至3月23日届满；{LAW}。",
            "自3月3日预算批复次日起20日",
            id="nothing to move",
        ),
        pytest.param(
            Span(20, "workdays"),
            date(2015, 9, 21),
            "2015年9月21日“预算批复”，当日不计，自次日起算20个工作日，扣除9月26日至27日中秋节、10月1日至7日国庆节、"
            f"10月11日周日、10月17日至18日周末，10月10日（周六）调休上班计入，至10月23日届满；{LAW_AND_DAYS}。",
            "自9月21日预算批复次日起20个工作日",
            id="working days over the National Day",
        ),
        pytest.param(
            Span(24, "hours"),
            datetime(2015, 3, 6, 17, 30, tzinfo=ZONE),
            f"自2015年3月6日17时30分“预算批复”起算24小时，夜间和休息日连续计算，至3月7日17时30分届满；{LAW}。",
            "自3月6日17时30分预算批复起24小时",
            id="hours from the moment",
        ),
        pytest.param(
            Span(24, "hours"),
            date(2015, 3, 6),
            "2015年3月6日“预算批复”，未载明时刻，自当日24时起算24小时，夜间和休息日连续计算，"
            f"至3月7日24时届满；{LAW}。",
            "自3月6日预算批复次日起24小时",
            id="hours from the day's end",
        ),
        pytest.param(
            Span(0, "same-workday"),
            date(2015, 10, 2),
            f"2015年10月2日“预算批复”，应于当日完成，该日系休息日（10月2日至7日国庆节），顺延至10月8日；{LAW_AND_DAYS}。",
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
        "至9月25日届满；经批准延长15个工作日，自届满次日起连续计算，扣除9月26日至27日中秋节、10月1日至7日国庆节、"
        f"10月11日周日、10月17日至18日周末，10月10日（周六）调休上班计入，至10月22日届满；{LAW_AND_DAYS}。"
    )
    assert derivation.short == "自9月6日收到公开申请次日起15个工作日，延长15个工作日"


def test_an_event_on_a_day_off_is_told_where_working_days_are_counted() -> None:
    assert within(Span(1, "workdays"), date(2015, 3, 1)).text.startswith("2015年3月1日（周日）“预算批复”，当日不计")


BUDGET_LAW = (Provision(Act("budget-law", "中华人民共和国预算法", "主席令第十二号", date(2015, 1, 1)), "14"),)
REPEALED = (Provision(replace(BUDGET_LAW[0].act, until=date(2015, 3, 2)), "14"),)


@pytest.mark.parametrize(
    ("terms", "told", "mark"),
    [
        ({}, "", ""),
        ({"basis": "《预算法》第十四条"}, "；时限依据：《预算法》第十四条", ""),
        ({"law": BUDGET_LAW}, "；时限依据：《预算法》第十四条", ""),
        ({"law": BUDGET_LAW, "basis": "一（二）1"}, "；时限依据：《预算法》第十四条", ""),
        ({"law": REPEALED, "basis": "预算法第十四条"}, "", ""),  # not in force on the event's day
        ({"assumed": True}, "；该时限系参照时限，本县尚未采用", "（参照时限）"),
        ({"assumed": True, "adopted": True}, "；该时限系参照时限，本县已采用", "（本县掌握时限）"),
    ],
    ids=["nothing", "basis", "law", "law-before-basis", "law-of-another-day", "assumed", "adopted"],
)
def test_it_says_on_what_the_number_rests(terms: dict[str, object], told: str, mark: str) -> None:
    derivation = within(Span(20, "days"), date(2015, 3, 3), **terms)
    assert derivation.text == f"2015年3月3日“预算批复”，当日不计，自次日起算20日，至3月23日届满{told}；{LAW}。"
    assert derivation.short == f"自3月3日预算批复次日起20日{mark}"


def test_a_provisional_date_names_the_year_that_is_not_announced() -> None:
    derivation = within(Span(20, "workdays"), date(2026, 12, 14), assumed=True)
    assert derivation.text == (
        "2026年12月14日“预算批复”，当日不计，自次日起算20个工作日，扣除12月19日至20日周末、12月26日至27日周末、"
        "2027年1月1日元旦、1月2日至3日周末、1月9日至10日周末，至2027年1月12日届满；该时限系参照时限，本县尚未采用；"
        "期间参照《民法典》第二百零一条、第二百零三条计算；"
        "2027年放假安排尚未公布，本日期为暂定。"
    )
    assert derivation.short == "自2026年12月14日预算批复次日起20个工作日（参照时限、暂定）"


DECIDED = Adoption(datetime(2015, 7, 27, 9, tzinfo=ZONE), "陈县长", "第7次常务会议纪要")
OFF = "规定时限为2015年10月3日（含当日），该日系休息日（10月3日国庆节），"
NAMED_DAYS = {
    "a working day": (
        By(day=date(2015, 7, 31), basis="一（十）2"),
        "规定时限为2015年7月31日（含当日）；时限依据：一（十）2。",
    ),
    "a working day, whatever holds of rest days": (
        By(day=date(2015, 7, 31), rest_days=AssumedRule()),
        "规定时限为2015年7月31日（含当日）。",
    ),
    "a make-up Saturday": (
        By(day=date(2015, 10, 10), rest_days=AssumedRule()),
        f"规定时限为2015年10月10日（含当日），该日（周六）调休上班；{DAYS}。",
    ),
    "ours, not adopted": (
        By(day=date(2015, 10, 3), rest_days=AssumedRule()),
        f"{OFF}遇休息日不顺延，系参照时限掌握，本县尚未采用，次一工作日（10月8日）届满仍未完成的才计逾期；{DAYS}。",
    ),
    "ours, adopted by the file": (
        By(day=date(2015, 10, 3), rest_days=AssumedRule(adopted=True)),
        f"{OFF}遇休息日不顺延，系参照时限掌握，本县已采用；{DAYS}。",
    ),
    "ours, adopted by a decision": (
        By(day=date(2015, 10, 3), rest_days=AssumedRule(True, DECIDED)),
        f"{OFF}遇休息日不顺延，系参照时限掌握，本县已采用（2015年7月27日经陈县长决定：第7次常务会议纪要）；{DAYS}。",
    ),
    "roll: none": (By(day=date(2015, 10, 3)), f"{OFF}按规定不顺延；{DAYS}。"),
    "roll: next": (
        By(day=date(2015, 10, 3), roll=True),
        "规定时限为2015年10月3日（含当日），该日系休息日（10月3日至7日国庆节），顺延至10月8日；"
        f"期间参照《民法通则》第一百五十四条计算；{DAYS}。",
    ),
    "roll: next, under the Civil Code": (
        By(day=date(2026, 10, 3), roll=True),
        "规定时限为2026年10月3日（含当日），该日系休息日（10月3日至7日国庆节），顺延至10月8日；"
        "期间参照《民法典》第二百零三条计算；放假安排：国办发明电〔2025〕7号。",
    ),
}


@pytest.mark.parametrize(("deadline", "text"), NAMED_DAYS.values(), ids=NAMED_DAYS)
def test_a_named_day_says_of_a_day_off_by_what_it_stays_or_moves(deadline: By, text: str) -> None:
    assert due_by(deadline, date(2015, 1, 1), CALENDAR, ZONE).derivation.text == text


def test_no_article_is_cited_for_a_day_that_stays_although_it_is_off() -> None:
    """Civil law says that it moves, so it is no ground for what does not."""
    for deadline in (By(day=date(2015, 10, 3)), By(day=date(2015, 10, 3), rest_days=AssumedRule(adopted=True))):
        assert "民法" not in due_by(deadline, date(2015, 1, 1), CALENDAR, ZONE).derivation.text


@pytest.mark.parametrize(
    ("span", "expected", "text"),
    [
        (
            Span(20, "days"),
            date(2015, 3, 31),
            "应自“预算批复”次日起20日内完成；“预算批复”尚未登记，时限待定；"
            "预计2015年3月31日前可登记，届时未登记的催报登记，不作为公开时限。",
        ),
        (Span(0, "same-workday"), None, "应于“预算批复”当日完成；“预算批复”尚未登记，时限待定。"),
        (Span(24, "hours"), None, "应自“预算批复”之时起24小时内完成；“预算批复”尚未登记，时限待定。"),
    ],
)
def test_a_clock_that_waits_says_for_what(span: Span, expected: date | None, text: str) -> None:
    deadline = Within(span=span, event=replace(APPROVED, expected=expected))
    assert explain_awaiting(deadline, date(2015, 12, 31)) == Derivation(text, "待登记“预算批复”")


@pytest.mark.parametrize(
    ("expected", "until", "cited"),
    [
        (None, date(2015, 12, 31), False),  # on the pack's last day it is repealed
        (None, date(2015, 3, 2), True),
        (date(2015, 3, 2), date(2015, 12, 31), True),
        (date(2015, 3, 3), date(2015, 12, 31), False),
    ],
)
def test_a_clock_that_waits_cites_the_acts_in_force_alone(expected: date | None, until: date, cited: bool) -> None:
    deadline = Within(span=Span(20, "days"), event=replace(APPROVED, expected=expected), law=REPEALED)
    assert ("《预算法》" in explain_awaiting(deadline, until).text) is cited


@pytest.mark.parametrize(
    ("span", "occurred", "law"),
    [
        (Span(20, "days"), date(2020, 12, 10), "期间参照《民法总则》第二百零一条、第二百零三条计算"),
        (
            Span(20, "days"),
            date(2020, 12, 20),
            "起算参照《民法总则》第二百零一条，届满参照《民法典》第二百零三条",
        ),
        (
            Span(1, "months"),
            date(2017, 9, 20),
            "起算参照《民法通则》第一百五十四条，届满参照《民法总则》第二百零二条、第二百零三条",
        ),
        (Span(24, "hours"), date(2020, 12, 31), "期间参照《民法总则》第二百零一条计算"),
        (Span(20, "days"), date(2021, 1, 1), "期间参照《民法典》第二百零一条、第二百零三条计算"),
    ],
)
def test_the_end_follows_the_civil_act_in_force_on_the_last_day(span: Span, occurred: date, law: str) -> None:
    assert f"；{law}" in within(span, occurred).text


@pytest.mark.parametrize(
    ("occurred", "words"),
    [
        (date(2015, 1, 31), "（当月无对应日，参照时限掌握，以月末日为准）"),  # 154 says nothing of it
        (date(2018, 1, 31), "（当月无对应日，以月末日为准）"),
        (date(2018, 1, 15), "至2月15日届满"),
    ],
)
def test_a_month_without_the_day_ends_on_its_last(occurred: date, words: str) -> None:
    assert words in within(Span(1, "months"), occurred).text


@pytest.mark.parametrize(
    ("day", "notices"),
    [
        (date(2015, 9, 3), "国发明电〔2015〕1号"),
        (date(2015, 9, 6), "国发明电〔2015〕1号"),  # worked for it
        (date(2015, 10, 3), "国办发明电〔2014〕28号"),
        (date(2015, 10, 10), "国办发明电〔2014〕28号"),
        (date(2015, 9, 12), ""),  # a Saturday as any other
    ],
)
def test_a_notice_is_cited_where_it_set_the_day(day: date, notices: str) -> None:
    text = due_by(By(day=day), date(2015, 1, 1), CALENDAR, ZONE).derivation.text
    assert text.partition("；放假安排：")[2].rstrip("。") == notices


def test_a_day_that_we_assume_is_no_day_that_is_prescribed() -> None:
    deadline = By(day=date(2015, 12, 31), assumed=True, basis="方案未定时限，按方案年度终了把握")
    text = due_by(deadline, date(2015, 1, 1), CALENDAR, ZONE).derivation.text
    assert text.startswith("掌握时限为2015年12月31日（含当日）；时限依据：方案未定时限")


def test_days_off_in_a_row_are_told_as_one_stretch_and_the_year_once() -> None:
    days = CALENDAR.days_off(date(2015, 12, 26), date(2016, 1, 10))
    assert group_days_off(days, 2015) == "12月26日至27日周末、2016年1月1日元旦、1月2日至3日周末、1月9日至10日周末"

"""The sentences of duties by the period: what each names, word for word."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tracker.core.law.deadlines import due_every
from tracker.core.law.duties import Every, Span
from tracker.core.law.occurrences import Derivation
from tracker.core.law.periods import window_of
from tracker.rulebook.calendars import load_calendar

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = load_calendar(Path(__file__).parents[3] / "rules" / "calendar")

PERIODS = {
    "previous": (
        Every(unit="month", about="previous"),
        "2015-07",
        "每月一期，公开2015年6月情况，限2015年7月31日。",
        "公开2015年6月情况，限2015年7月31日",
    ),
    "previous, over the year's end": (
        Every(unit="month", about="previous", roll=True),
        "2015-01",
        "每月一期，公开2014年12月情况，限2015年1月31日，该日系休息日（1月31日至2月1日周末），顺延至2月2日；"
        "期间参照《民法通则》第一百五十四条计算。",
        "公开2014年12月情况，限2015年1月31日，31日为周六，顺延至2月2日",
    ),
    "due past": (
        Every(unit="month", about="this", due_after_end=Span(10, "days"), roll=True),
        "2015-12",
        "每月一期，公开2015年12月情况，自期满（12月31日）次日起算10日，至2016年1月10日届满，该日系休息日（2016年1月10日周日），"
        "顺延至2016年1月11日；期间参照《民法通则》第一百五十四条计算。",
        "自2015年12月期满次日起10日，2016年1月10日为周日，顺延至11日",
    ),
    "due past, roll none": (
        Every(unit="month", about="this", due_after_end=Span(10, "days")),
        "2015-12",
        "每月一期，公开2015年12月情况，自期满（12月31日）次日起算10日，至2016年1月10日届满，该日系休息日（2016年1月10日周日），"
        "按规定不顺延；起算参照《民法通则》第一百五十四条。",
        "自2015年12月期满次日起10日",
    ),
    "working days past": (
        Every(unit="month", about="this", due_after_end=Span(10, "workdays"), roll=True),
        "2015-09",
        "每月一期，公开2015年9月情况，自期满（9月30日）次日起算10个工作日，扣除10月1日至7日国庆节、10月11日周日、"
        "10月17日至18日周末，10月10日（周六）调休上班计入，至10月20日届满；期间参照《民法通则》第一百五十四条计算；"
        "放假安排：国办发明电〔2014〕28号。",
        "自2015年9月期满次日起10个工作日",
    ),
    "day of a quarter": (
        Every(unit="quarter", due_day=15),
        "2015-Q3",
        "每季度首月15日前，本期为2015年第三季度，限2015年7月15日。",
        "2015年第三季度，限7月15日",
    ),
    "day of a year": (
        Every(unit="year", due_day=31),
        "2018",
        "每年1月31日前，本期为2018年，限2018年1月31日。",
        "2018年，限1月31日",
    ),
    "month and day": (
        Every(unit="year", about="previous", month_day=(3, 31)),
        "2028",
        "每年3月31日前，公开2027年情况，限2028年3月31日。",
        "公开2027年情况，限2028年3月31日",
    ),
    "29 February": (
        Every(unit="year", about="previous", month_day=(2, 29)),
        "2027",
        "每年2月29日前，公开2026年情况，限2027年2月28日（当月无此日，以月末日为准），该日系休息日（2月28日周日），按规定不顺延。",
        "公开2026年情况，限2027年2月28日",
    ),
    "week": (
        Every(unit="week", roll=True),
        "2015-W53",
        "每周一期，本期为2015年第53周（12月28日至1月3日），限2016年1月3日，该日系休息日（2016年1月3日周日），"
        "顺延至2016年1月4日；期间参照《民法通则》第一百五十四条计算。",
        "2015年第53周，限2016年1月3日，3日为周日，顺延至4日",
    ),
    "upkeep": (
        Every(unit="quarter", upkeep=True, assumed=True),
        "2015-Q4",
        "每季度核对一次所公开内容是否准确，本期为2015年第四季度，限2015年12月31日；该时限系参照时限，本县尚未采用。",
        "2015年第四季度，限12月31日（参照时限）",
    ),
    "workday": (
        Every(unit="workday"),
        "2015-10-10",
        "每个工作日一期，本期为2015年10月10日，限当日，该日（周六）调休上班；放假安排：国办发明电〔2014〕28号。",
        "2015年10月10日当日",
    ),
    "daily, a Sunday": (
        Every(unit="day"),
        "2015-03-01",
        "每日一期，本期为2015年3月1日，限当日，每日包括休息日。",
        "2015年3月1日当日",
    ),
    "daily": (
        Every(unit="day", about="previous"),
        "2015-03-02",
        "每日一期，公开2015年3月1日情况，限2015年3月2日。",
        "公开2015年3月1日情况，限2015年3月2日",
    ),
}


@pytest.mark.parametrize(("deadline", "label", "text", "short"), PERIODS.values(), ids=PERIODS)
def test_a_period_names_the_data_it_is_about_and_where_it_ends(
    deadline: Every, label: str, text: str, short: str
) -> None:
    assert due_every(deadline, window_of(label), CALENDAR, ZONE).derivation == Derivation(text, short)

"""Which period a title names, in titles as county sites write them."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.core.law.periods import label_of
from tracker.core.matching.naming import named_windows, names_unit
from tracker.rulebook.calendars import load_calendar

CALENDAR = load_calendar(None)
JULY = "2015-07-08"

# title, unit of the duty, published, labels named
TITLES = [
    # months
    ("6月份水环境质量状况", "month", JULY, "2015-06"),
    ("环保局6月水质监测结果", "month", JULY, "2015-06"),
    ("样例县2015年6月份地表水水质状况", "month", JULY, "2015-06"),
    ("２０１５年６月份水环境质量月报", "month", JULY, "2015-06"),
    ("2015 年 6 月份水环境质量月报", "month", JULY, "2015-06"),
    ("二〇一五年六月水环境质量状况", "month", JULY, "2015-06"),
    ("二○一五年六月份水环境质量状况", "month", JULY, "2015-06"),
    ("二零一五年十二月份水质", "month", "2016-01-06", "2015-12"),
    ("12月份水环境质量状况", "month", "2016-01-05", "2015-12"),
    ("十二月份水环境质量状况", "month", "2016-01-05", "2015-12"),
    ("十月份污染源监测情况", "month", "2015-11-03", "2015-10"),
    ("7月份水质", "month", "2015-07-31", "2015-07"),
    ("8月份水质", "month", JULY, "2014-08"),
    ("元月份建设项目环评审批情况", "month", "2015-02-06", "2015-01"),
    ("2014年12月份污染源监测情况", "month", "2015-01-09", "2014-12"),
    ("15年6月份水质", "month", JULY, "2015-06"),
    ("2015年全县6月份水环境质量", "month", JULY, "2015-06"),
    ("2015年度环保局6月份水环境质量", "month", JULY, "2015-06"),
    ("2014年度减排核查及6月份水质情况", "month", JULY, "2015-06"),
    ("截至6月底在建项目环评情况", "month", JULY, "2015-06"),
    ("区域环境质量（2015.06）", "month", JULY, "2015-06"),
    ("区域环境质量2015-6", "month", JULY, "2015-06"),
    ("水质月报（2015年06月）", "month", JULY, "2015-06"),
    ("6月、7月份水质", "month", "2015-08-04", "2015-06 2015-07"),
    ("6、7月份水质", "month", "2015-08-04", "2015-06 2015-07"),
    ("2014年11月和12月水质", "month", "2015-01-08", "2014-11 2014-12"),
    ("2015年6月5日水质应急监测", "month", JULY, "2015-06"),
    # ranges of months from January on stand for their last, others for each
    ("1-9月社会保险基金收支情况", "month", "2015-10-09", "2015-09"),
    ("5-6月份水环境质量", "month", JULY, "2015-05 2015-06"),
    ("2015年1-2月份水环境质量", "month", "2015-03-09", "2015-01 2015-02"),
    ("4至6月份水环境质量", "quarter", JULY, "2015-Q2"),
    ("6-7月份水环境质量", "quarter", "2015-08-05", "2015-Q3"),
    ("1—9月社会保险基金收支情况", "month", "2015-10-09", "2015-09"),
    ("1～6月份环境质量", "month", JULY, "2015-06"),
    ("1至6月份环境质量", "month", JULY, "2015-06"),
    ("2015年1月-6月环境质量", "month", JULY, "2015-06"),
    ("2014年12月至2015年1月水质", "month", "2015-02-03", "2015-01"),
    ("1-9月社会保险基金收支情况", "quarter", "2015-10-09", "2015-Q3"),
    ("1-6月城乡低保资金发放情况", "half-year", JULY, "2015-H1"),
    ("1-12月财政收支情况", "year", "2016-01-20", "2015"),
    # quarters
    ("三季度社会保险情况", "quarter", "2015-10-08", "2015-Q3"),
    ("2015年第三季度社会保险情况", "quarter", "2015-10-08", "2015-Q3"),
    ("二〇一五年第二季度社保基金", "quarter", JULY, "2015-Q2"),
    ("第2季度参保情况", "quarter", JULY, "2015-Q2"),
    ("四季度参保情况", "quarter", "2016-01-10", "2015-Q4"),
    ("2015年Q2参保情况", "quarter", JULY, "2015-Q2"),
    ("一、二季度参保情况", "quarter", JULY, "2015-Q1 2015-Q2"),
    ("前三季度社保基金收支", "quarter", "2015-10-09", "2015-Q3"),
    ("一至三季度社保基金收支", "quarter", "2015-10-09", "2015-Q3"),
    ("9月份参保情况", "quarter", "2015-10-09", "2015-Q3"),
    # half-years
    ("上半年社会救助情况", "half-year", JULY, "2015-H1"),
    ("2014年下半年城乡低保情况", "half-year", "2015-01-12", "2014-H2"),
    ("下半年医疗救助情况", "half-year", "2016-01-12", "2015-H2"),
    ("二季度救助情况", "half-year", JULY, "2015-H1"),
    # years
    ("2014年度住房公积金管理运行情况", "year", "2015-03-20", "2014"),
    ("二〇一四年国有企业主要财务指标", "year", "2015-05-20", "2014"),
    ("2014年年度报告", "year", "2015-03-20", "2014"),
    ("2014年度报告（2015年3月31日）", "year", "2015-03-31", "2014"),
    ("2014-2015年度考核结果", "year", "2015-12-20", "2015"),
    ("2013年、2014年主要污染物排放总量", "year", "2015-03-20", "2013 2014"),
    # days
    ("6月5日空气质量日报", "day", "2015-06-06", "2015-06-05"),
    ("2015年6月5日空气质量", "day", "2015-06-06", "2015-06-05"),
    ("空气质量日报2015-06-05", "day", "2015-06-06", "2015-06-05"),
    ("空气质量日报（2015.6.5）", "day", "2015-06-06", "2015-06-05"),
    ("空气质量日报20150605", "day", "2015-06-06", "2015-06-05"),
    ("空气质量日报2015/6/5", "day", "2015-06-06", "2015-06-05"),
    ("二〇一五年六月五日空气质量", "day", "2015-06-06", "2015-06-05"),
    ("十二月二十五日空气质量", "day", "2015-12-26", "2015-12-25"),
    ("12月31日空气质量", "day", "2016-01-01", "2015-12-31"),
    ("2月29日空气质量", "day", "2016-03-01", "2016-02-29"),
    ("6月5日至7日空气质量", "day", "2015-06-08", "2015-06-05 2015-06-06 2015-06-07"),
    ("12月31日-1月2日空气质量", "day", "2015-01-03", "2014-12-31 2015-01-01 2015-01-02"),
    # weeks
    ("第14周食品抽检结果", "week", "2015-04-08", "2015-W14"),
    ("2015年第14周食品抽检结果", "week", "2015-04-08", "2015-W14"),
    # at the very day, number or distance
    ("7月份水质", "month", "2015-07-01", "2015-07"),
    ("7月份水质", "month", "2015-06-30", "2014-07"),
    ("第1周食品抽检结果", "week", "2014-12-29", "2015-W01"),  # the first week of 2015 begins in December
    ("第53周食品抽检结果", "week", "2015-12-28", "2015-W53"),
    ("第54周食品抽检结果", "week", "2015-12-28", ""),
    ("第0周食品抽检结果", "week", "2015-12-28", ""),
    ("0月份水质", "month", JULY, ""),
    ("2月29日空气质量", "day", "2015-03-01", "2012-02-29"),
    (f"2014年{'县' * 24}6月份水质", "month", JULY, "2014-06"),  # so far after its year a month may stand
    (f"2014年{'县' * 25}6月份水质", "month", JULY, "2015-06"),
    ("6月5日至5日空气质量", "day", "2015-06-08", "2015-06-05"),
    ("6月6日至5日空气质量", "day", "2016-06-08", ""),
    ("1-3月水质", "month", JULY, "2015-03"),
    ("2-3月水质", "month", JULY, "2015-02 2015-03"),
    # what looks like a name and is none
    ("水环境质量状况", "month", JULY, ""),
    ("关于9月底前完成整改的通知", "month", JULY, ""),
    ("关于7月1日起调整水价的通知", "month", JULY, ""),
    ("今年1月以来水质情况", "month", JULY, ""),
    ("近3个月水质情况", "month", JULY, ""),
    ("样环发〔2015〕6号", "month", JULY, ""),
    ("三月三旅游节环境保障", "month", JULY, ""),
    ("上一季度参保情况", "quarter", JULY, ""),
    ("每季度公开一次的事项", "quarter", JULY, ""),
    ("6月31日空气质量", "day", JULY, ""),
    ("13月份水质", "month", JULY, ""),
    ("2015年环境质量", "month", JULY, ""),
    ("上半年环境质量", "month", JULY, ""),
    ("2014级新生名单", "year", JULY, ""),
    ("PM2.5监测情况", "month", JULY, ""),
]


@pytest.mark.parametrize(
    ("title", "unit", "published", "labels"), TITLES, ids=[row[0] + "-" + row[1] for row in TITLES]
)
def test_title_names(title, unit, published, labels):
    found = named_windows(title, unit, date.fromisoformat(published), CALENDAR)
    assert " ".join(label_of(unit, one.window) for one in found) == labels


def test_the_words_that_name_the_period_are_kept():
    (named,) = named_windows("环保局6月份水质", "month", date(2015, 7, 8), CALENDAR)
    assert named.text == "6月份"


@pytest.mark.parametrize(
    ("text", "unit", "named"),
    [
        ("6月5日，AQI为65", "day", True),
        ("统计日期：2015-06-05", "day", True),
        ("今日AQI为65", "day", False),
        ("六月份水质", "month", True),
        ("水质良好" * 300 + "2015年6月5日", "day", True),
    ],
)
def test_text_names_a_period_of_a_unit(text, unit, named):
    assert names_unit(text, unit) is named


@pytest.mark.parametrize(("last", "days"), [("7月5日", 31), ("7月6日", 32), ("7月7日", 0)])
def test_a_stretch_of_days_names_each_of_them_up_to_thirty_two(last, days):
    assert len(named_windows(f"6月5日至{last}空气质量", "day", date(2015, 7, 8), CALENDAR)) == days

"""Dates as sites print them, Chinese numerals included; what is not a date is none."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.core.values.facts import Moment
from tracker.evidence.page.dates import MonthDay, find_moment, moment_in_url, strict_moment, strict_month_day

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2015, 9, 25)


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2015, 9, 25, hour, minute, second, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2015-09-25", DAY),
        ("2015-9-25", DAY),
        ("2015/09/25", DAY),
        ("2015.9.25", DAY),
        ("2015年9月25日", DAY),
        ("2015 年 09 月 25 日", DAY),
        ("２０１５－０９－２５", DAY),
        ("二〇一五年九月二十五日", DAY),
        ("二○一五年九月廿五日", DAY),
        ("二零一五年十月十日", date(2015, 10, 10)),
        ("2015-09-25 09:30", at(9, 30)),
        ("2015-09-25 09:30:15", at(9, 30, 15)),
        ("2015年09月25日 9时30分", at(9, 30)),
        ("2015-09-25T09:30:00+08:00", at(9, 30)),
        ("2015-09-25T01:30:00Z", at(9, 30)),
        ("2015-09-25 00:00:00", DAY),
        ("2015-09-25 24:00", DAY),
        ("2015-02-30", None),
        ("0000-00-00", None),
        ("1015-09-25", None),
        ("电话 2015-0925", None),
        ("第九章", None),
        ("", None),
    ],
)
def test_a_date_in_a_text(text: str, moment: Moment | None) -> None:
    found = find_moment(text, ZONE)
    assert found == moment
    assert type(found) is type(moment)


@pytest.mark.parametrize(
    "text",
    [
        "[2015-09-25]",
        "（2015/9/25）",
        "发布时间：2015-09-25",
        "日期: 2015年9月25日",
        "20150925",
        "15-09-25",
        "25 2015-09",
        "2015年 9月25日",
        "25/09/2015",
        "09/25/2015",
        "[25-9-2015]",
        "2015 Sep 25",
        "25 September 2015",
        "Sept. 25th, 2015",
        "25-Sep-2015",
    ],
)
def test_a_date_that_stands_by_itself(text: str) -> None:
    assert strict_moment(text, ZONE) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "今天是2015年9月25日",
        "关于2015年9月25日停水的公告",
        "2015年9月25日 星期五",
        "截至2015-09-25",
        "12345678",
        "31/31/2015",
        "25 Seven 2015",
        "2015 Sep 31",
        "2015",
    ],
)
def test_a_date_in_running_words_does_not(text: str) -> None:
    assert strict_moment(text, ZONE) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[09-25]", (9, 25)),
        ("09-25", (9, 25)),
        ("9月25日", (9, 25)),
        ("(9/25)", (9, 25)),
        ("1/12", None),
        ("3-5", None),
        ("13-45", None),
        ("02-30", None),
    ],
)
def test_a_day_without_its_year(text: str, found: tuple[int, int] | None) -> None:
    assert strict_month_day(text) == (MonthDay(*found) if found else None)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://x/hjbh/201509/t20150925_12345.html", DAY),
        ("http://x/art/2015/9/25/art_12_345.html", DAY),
        ("http://x/2015-09/25/content_12.htm", DAY),
        ("http://x/a/20150925/12.html", DAY),
        ("http://x/a/20150925103015.html", DAY),
        ("http://x/201509/12.html", None),
        ("http://x/info/1023/20154.htm", None),
        ("http://x/t20151325_1.html", None),
    ],
)
def test_the_day_in_an_address(url: str, day: date | None) -> None:
    assert moment_in_url(url) == day

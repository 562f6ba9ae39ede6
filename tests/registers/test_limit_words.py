"""Limits in a clerk's words and as a pack writes them, both ways."""

from __future__ import annotations

from typing import Any

import pytest

from tracker.registers.errors import RegisterError
from tracker.registers.limit_words import read_limit, write_limit
from tracker.registers.names import NameTable

EVENTS = NameTable([("approved", "预算批复"), ("asked", "收到申请（补正后）"), ("one", "同名"), ("two", "同名")])


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("timely", "timely"),
        ("每个工作日（可零报告）", {"every": "workday", "zero_report": "true"}),
        ("每季度核对", {"every": "quarter", "upkeep": "true"}),
        ("每月第15日前（上期情况）", {"every": "month", "due": "day 15", "about": "previous"}),
        ("每半年后1个月内", {"every": "half-year", "about": "this", "due": "+1 month"}),
        ("每年3月31日前（遇休息日顺延）", {"every": "year", "due": "03-31", "roll": "next"}),
        ("2015年9月30日前（遇休息日不顺延）", {"by": "2015-09-30", "roll": "none"}),
        ("预算批复后20日内（budget-law 14、foi-2019 26.2）",
         {"within": "20 days", "of": "approved", "law": ["budget-law 14", "foi-2019 26.2"]}),
        ("收到申请（补正后）后15个工作日内（可延长15个工作日）",
         {"within": "15 workdays", "of": "asked", "extension": "15 workdays"}),
        ("one后24小时内", {"within": "24 hours", "of": "one"}),
        ("预算批复当日", {"within": "same workday", "of": "approved"}),
        ("预算批复所定日期前", {"within": "stated day", "of": "approved"}),
        ("预算批复后按timely", {"use": "timely", "of": "approved"}),
    ],
)  # fmt: skip
def test_words_and_rule_say_the_same(words: str, rule: Any) -> None:
    assert write_limit(rule, EVENTS) == (words, set())
    assert read_limit(words, EVENTS, None) == rule


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("9月底前", {"by": "2015-09-30"}),
        ("每季度末前", {"every": "quarter"}),
        ("每季度首月15日前", {"every": "quarter", "due": "day 15"}),
        ("每季度结束后 15天内", {"every": "quarter", "about": "this", "due": "+15 days"}),
        ("每月(上期情况)", {"every": "month", "about": "previous"}),
    ],
)
def test_words_are_read_as_people_write_them(words: str, rule: Any) -> None:
    assert read_limit(words, EVENTS, 2015) == rule


def test_what_no_words_say_is_told() -> None:
    assert write_limit({"every": "month", "basis": "x", "after": "y"}, EVENTS) == ("每月", {"basis", "after"})


@pytest.mark.parametrize("words", ["9月底前", "同名后3日内"])
def test_what_may_mean_several_things_is_refused(words: str) -> None:
    with pytest.raises(RegisterError):
        read_limit(words, EVENTS, None)

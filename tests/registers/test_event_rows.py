"""Rows as clerks write them become events, or every error in them is listed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.registers.import_office import OFFICE, rows, table
from tracker.evidence.attachments.readers.sheet_rows import BadTable
from tracker.registers.eventdates import parse_moment
from tracker.registers.eventrows import EventRow, find_duplicates, read_event_rows
from tracker.registers.eventrules import EventRules

SHANGHAI = ZoneInfo("Asia/Shanghai")
HEADS = ("事项", "部门", "日期", "文号", "年度", "任务")
DAY = date(2015, 3, 2)


@pytest.mark.parametrize(
    "cell",
    [
        DAY,
        "2015-03-02",
        "2015-3-2",
        "2015/3/2",
        "2015/03/02",
        "2015.3.2",
        "2015年3月2日",
        "2015年03月02日",
        " 2015年3月2日 ",
        "２０１５年３月２日",
        "2015－03－02",
        "2015 年 3 月 2 日",
        "20150302",
        20150302,
        20150302.0,
        42065,
        42065.0,
        "42065",
    ],
    ids=str,
)
def test_a_day_in_every_manner_of_writing(cell: Any) -> None:
    assert parse_moment(cell, SHANGHAI) == DAY


@pytest.mark.parametrize(
    "cell",
    [
        datetime(2015, 3, 2, 9, 30),
        "2015-03-02 09:30",
        "2015-03-02T09:30",
        "2015/3/2 9:30:00",
        "2015年3月2日9时30分",
        "2015年3月2日 9点30分",
        "2015-03-02T01:30Z",
        "2015-03-02T09:30+08:00",
        42065 + 9.5 / 24,
        "42065.39583333333",
    ],
    ids=str,
)
def test_an_hour_in_every_manner_of_writing_is_the_countys_own(cell: Any) -> None:
    found = parse_moment(cell, SHANGHAI)
    assert isinstance(found, datetime)
    assert found.astimezone(UTC) == datetime(2015, 3, 2, 1, 30, tzinfo=UTC)


NO_DAY = {
    "2015-02-30": "there is no such day",
    "2015年13月1日": "there is no such day",
    "20150230": "there is no such day",
    "2015-03-02 25:00": "there is no such day or hour",
    "3月2日": "write a day as 2015-03-02, 2015/3/2 or 2015年3月2日",
    "03/02/2015": "write a day as",
    "15-3-2": "write a day as",
    "2015/3-2": "write a day as",
    "昨天": "write a day as",
    "2015-03-02 上午": "write a day as",
    "1995-03-02": r"the year lies outside the calendar \(2004-01-01 to",
    "9999-12-31": "the year lies outside the calendar",
    2015: "the year lies outside the calendar",
    0: "names no day",
    -3: "names no day",
    1e300: "names no day",
    float("inf"): "names no day",
    float("nan"): "names no day",
}


@pytest.mark.parametrize("cell", NO_DAY, ids=str)
def test_what_is_no_day_says_what_would_be(cell: Any) -> None:
    with pytest.raises(ValueError, match=NO_DAY[cell]):
        parse_moment(cell, SHANGHAI)


def test_a_bare_number_of_a_workbook_that_counts_from_1904_is_not_taken_for_a_day() -> None:
    with pytest.raises(ValueError, match="counts days from 1904"):
        parse_moment(40603, SHANGHAI, since_1904=True)
    assert parse_moment(20150302, SHANGHAI, since_1904=True) == DAY


@given(st.datetimes(datetime(2004, 1, 1), datetime(2026, 12, 31)), st.booleans())
def test_a_spreadsheets_number_is_the_moment_it_was_made_of(at: datetime, whole: bool) -> None:
    at = at.replace(microsecond=0, **({"hour": 0, "minute": 0, "second": 0} if whole else {}))
    number = (at - datetime(1899, 12, 30)) / timedelta(days=1)
    found = parse_moment(number, SHANGHAI)
    day = (
        datetime(found.year, found.month, found.day) if not isinstance(found, datetime) else found.replace(tzinfo=None)
    )
    assert day == at
    assert parse_moment(at.isoformat(" "), SHANGHAI) == parse_moment(at.replace(tzinfo=SHANGHAI), SHANGHAI)


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers()))
def test_no_cell_breaks_the_reading_of_days(cell: str | float) -> None:
    try:
        found = parse_moment(cell, SHANGHAI)
    except ValueError:
        return
    assert found.year >= 2004


def only(line: Any) -> EventRow:
    (found,) = line
    assert isinstance(found, EventRow)
    return found


@pytest.mark.parametrize("department", ["huanbao", "环保局", "环境保护局", " 环 保 局 ", "ＨＵＡＮＢＡＯ"])
@pytest.mark.parametrize("name", ["budget-approved", "预算批复", "预算 批复"])
def test_events_and_departments_go_by_id_name_or_alias(name: str, department: str) -> None:
    event = only(rows(HEADS, (name, department, DAY, "　１２号　", 2015.0))).event
    assert event is not None
    assert (event.name, event.department, event.reference) == ("budget-approved", "huanbao", "12号")
    assert event.fields == {"year": "2015"}


def test_the_heads_may_stand_below_a_title_with_blanks_breaks_and_brackets_in_them() -> None:
    found = rows(
        ("样例县2015年预算批复登记表",), ("制表：财政局", "", "单位：件"),
        ("序号", "事 项（必填）", "部\n门", "日期*", "Year", "备注"),
        (1, "预算批复", "环保局", "2015/3/2", "2015", "无"),
        first=2,
    )  # fmt: skip
    line = only(found)
    assert line.number == 5
    assert line.event is not None
    assert line.event.fields == {"year": "2015"}


def test_columns_that_are_not_kept_are_named() -> None:
    found = read_event_rows(
        table(("序号", *HEADS, "备注"), (1, "预算批复", "环保局", DAY, "", "2015", "", "无")), OFFICE
    )
    assert found.unused == ("序号", "备注")


def test_a_file_about_one_event_needs_no_column_for_it() -> None:
    found = read_event_rows(table(("部门", "日期", "年度"), ("环保局", DAY, "2015")), OFFICE, "budget-approved")
    assert found.rows[0].event is not None


NO_HEADS = {
    "nothing": ((), "holds no row"),
    "no heads": ((("环保局", "2015-03-02"),), r"no row of the first 1 names the columns 事项 \(name\), 部门"),
    "one lacks": ((("事项", "部门", "时候"),), r"line 1: no column 日期 \(on\); it has 时候"),
    "one twice": ((("事项", "部门", "日期", "发生日期"),), r"line 1: two columns for 日期 \(on\)"),
    "one misspelt": ((("name", "department", "on", "refrence"),), "column 'refrence': did you mean reference"),
}


@pytest.mark.parametrize(("said", "why"), NO_HEADS.values(), ids=NO_HEADS.keys())
def test_a_table_without_its_heads_says_which(said: tuple[tuple[Any, ...], ...], why: str) -> None:
    with pytest.raises(BadTable, match=why):
        rows(*said)


BAD = {
    "everything at once": (
        ("预算批付", "环宝局", "2015-13-02"),
        (
            "事项 (name) '预算批付' is not known: did you mean 预算批复?",
            "部门 (department) '环宝局' is not known: did you mean 环保局",
            "there is no such day",
        ),
    ),
    "nothing but a number": (("", "", "", "12号"), ("no 事项 (name)", "no 部门 (department)", "no 日期 (on)")),
    "a needed field": (("预算批复", "环保局", DAY), ("no 年度 (year), which budget-approved needs",)),
    "a year with its word": (("预算批复", "环保局", DAY, "", "2015年"), ("write the year in four digits",)),
    "a number with a slash": (
        ("预算批复", "环保局", DAY, "2015/12", "2015"),
        ("without / . : or spaces, like 2015-18号",),
    ),
    "a number that was rounded": (
        ("预算批复", "环保局", DAY, 370000201503020001.0, "2015"),
        ("文号 (reference)", "format the column as text"),
    ),
    "a department of that alias twice": (
        ("预算批复", "管理局", DAY, "", "2015"),
        ("may be bianban or caizheng: write its id",),
    ),
    "a formula that found no number": (
        ("预算批复", "环保局", DAY, "#N/A", "2015"),
        ("文号 (reference) #N/A: the cell's formula gives no value; write the value itself",),
    ),
    "a formula that found no year": (("预算批复", "环保局", DAY, "1号", "#REF!"), ("年度 (year) #REF!: the cell's",)),
    "no duty": (("信息形成或变更", "bianban", DAY), ("is recorded per duty: name it (approval-reform)",)),
    "a duty that does not use it": (
        ("信息形成或变更", "bianban", DAY, "", "", "预算"),
        ("does not use information-formed: known: approval-reform",),
    ),
    "a duty too many": (("预算批复", "环保局", DAY, "", "2015", "预算"), ("is not recorded per duty",)),
    "a department without it": (("预算批复", "bianban", DAY, "", "2015"), ("no duty of bianban uses budget-approved",)),
}


@pytest.mark.parametrize(("said", "words"), BAD.values(), ids=BAD.keys())
def test_a_bad_row_says_all_that_is_wrong_and_what_would_be_right(
    said: tuple[Any, ...], words: tuple[str, ...]
) -> None:
    line = only(rows(HEADS, said))
    assert line.event is None
    for word in words:
        assert word in "; ".join(line.errors)


def test_a_row_in_which_nothing_of_ours_stands_is_none() -> None:
    assert rows((*HEADS, "备注"), ("", "", "", "", "", "", "以上合计 0 件")) == ()


ROW = ("预算批复", "环保局", DAY, "12号", "2015")
TWICE = {
    "the same": ((ROW, ROW), {3: "lines 2, 3 say the same; keep one of them"}),
    "the same written otherwise": (
        (ROW, ("budget-approved", "huanbao", "2015年3月2日", "１２号", "2015")),
        {3: "say the same"},
    ),
    "another day": (
        (ROW, ("预算批复", "环保局", "2015-03-05", "12号", "2015")),
        {2: "contradict each other", 3: "contradict"},
    ),
    "no number": (
        (("预算批复", "环保局", DAY, "", "2015"),) * 2,
        {3: "say the same; keep one of them, or give each its own 文号"},
    ),
    "another department": ((ROW, ("预算批复", "caizheng", DAY, "12号", "2015")), {}),
    "another number": ((ROW, ("预算批复", "环保局", DAY, "13号", "2015")), {}),
}


@pytest.mark.parametrize(("said", "wrong"), TWICE.values(), ids=TWICE.keys())
def test_one_event_twice_in_a_file_is_named(said: tuple[tuple[Any, ...], ...], wrong: dict[int, str]) -> None:
    found = find_duplicates(rows(HEADS, *said))
    assert found.keys() == wrong.keys()
    for number, words in wrong.items():
        assert words in found[number]


@given(st.lists(st.lists(st.one_of(st.text(max_size=8), st.floats(), st.just(DAY)), max_size=7), max_size=6))
def test_whatever_stands_in_a_row_it_is_an_event_or_says_why_not(said: list[list[Any]]) -> None:
    for line in rows(HEADS, *map(tuple, said)):
        assert (line.event is None) == bool(line.errors)


def test_rules_are_asked_once_for_each_event_and_department() -> None:
    rules = EventRules(OFFICE.rulebook)
    assert rules.duties_of("budget-approved", "huanbao") is rules.duties_of("budget-approved", "huanbao")

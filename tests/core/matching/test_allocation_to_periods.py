"""Whose an entry is, and which period it proves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.core.verdict.judging import (
    COLUMN,
    COUNTY,
    END,
    LOOKED,
    OWN,
    WATER,
    at,
    cell,
    daily_visits,
    duty,
    entry,
    key,
    listing,
    proved,
    reasons,
    ruling,
    verdicts,
    visit,
)
from tracker.core.law.duties import Every, Span

# -- which period --------------------------------------------------------------------------------

# about, unit, due, title, published, on time, late
PERIODS = [
    ("publication", "month", {}, "水质公告", "2015-06-30", "2015-06", ""),
    ("publication", "month", {}, "5月份水质公告", "2015-06-10", "2015-06", ""),
    ("previous", "month", {}, "6月份水环境质量状况", "2015-07-05", "2015-07", ""),
    ("previous", "month", {}, "6月份水环境质量状况", "2015-08-05", "", "2015-07"),
    ("previous", "month", {}, "6\u200b月\ufeff份水环境质量状况", "2015-08-05", "", "2015-07"),
    ("previous", "month", {}, "6月份水环境质量状况", "2015-06-29", "2015-06", ""),
    ("previous", "month", {}, "6月、7月份水环境质量状况", "2015-08-05", "2015-08", "2015-07"),
    ("previous", "month", {}, "12月份水环境质量状况", "2015-01-08", "2015-01", ""),
    ("previous", "month", {}, "1-6月水环境质量状况", "2015-07-05", "2015-07", ""),
    ("previous", "month", {}, "水环境质量状况", "2015-07-05", "2015-07", ""),
    ("previous", "month", {}, "水环境质量状况", "2015-08-05", "2015-08", ""),
    ("previous", "month", {}, "2015年12月水环境质量状况", "2015-07-05", "2015-07", ""),
    ("previous", "month", {"due_day": 15}, "6月份水环境质量状况", "2015-07-15", "2015-07", ""),
    ("previous", "month", {"due_day": 15}, "6月份水环境质量状况", "2015-07-16", "", "2015-07"),
    ("previous", "quarter", {}, "二季度水质", "2015-07-20", "2015-Q3", ""),
    ("previous", "quarter", {}, "二季度水质", "2015-10-20", "", "2015-Q3"),
    ("previous", "quarter", {}, "1-9月水质", "2015-10-20", "2015-Q4", ""),
    ("previous", "half-year", {}, "2014年下半年水质", "2015-02-20", "2015-H1", ""),
    ("previous", "year", {}, "2014年度水质", "2015-05-20", "2015", ""),
    ("previous", "year", {}, "2014年度水质", "2016-01-20", "", "2015"),
    ("previous", "day", {}, "6月5日水质", "2015-06-06", "2015-06-06", ""),
    ("previous", "day", {}, "6月5日水质", "2015-06-05", "2015-06-05", ""),
    ("previous", "day", {}, "6月5日水质", "2015-06-07", "", "2015-06-06"),
    ("previous", "day", {}, "6月5日至7日水质", "2015-06-08", "2015-06-08", "2015-06-06 2015-06-07"),
    ("this", "month", {"due_after_end": Span(10, "days")}, "6月份水质", "2015-07-10", "2015-06", ""),
    ("this", "month", {"due_after_end": Span(10, "days")}, "6月份水质", "2015-07-11", "", "2015-06"),
    ("this", "month", {"due_after_end": Span(10, "days")}, "水质月报", "2015-07-08", "2015-06", ""),
    ("this", "month", {"due_after_end": Span(10, "days")}, "水质月报", "2015-07-25", "", "2015-06"),
    ("this", "month", {}, "6月份水质", "2015-06-29", "2015-06", ""),
    ("this", "month", {}, "6月份水质", "2015-07-05", "", "2015-06"),
]


@pytest.mark.parametrize(
    ("about", "unit", "due", "title", "published", "on_time", "late"),
    PERIODS,
    ids=[f"{r[0]}-{r[1]}-{r[3]}-{r[4]}" for r in PERIODS],
)
def test_period_an_entry_proves(about, unit, due, title, published, on_time, late):
    asked = duty(Every(unit=unit, about=about, **due), cells=[WATER])
    found = verdicts(asked, END, entries=[entry(title, published)], visits=LOOKED)
    if about == "publication":
        found = {label: verdict for label, verdict in found.items() if label >= published[:7]}
    assert (proved(found, late=False), proved(found, late=True)) == (on_time, late)


def test_earlier_period_is_closed_late_by_the_first_later_entry_and_both_stand():
    asked = duty(Every(unit="quarter"), cells=[WATER])
    found = verdicts(
        asked, END, entries=[entry("水质公告", "2015-08-20"), entry("水质公告", "2015-09-01")], visits=LOOKED
    )
    assert {label: verdict.status.value for label, verdict in found.items()} == {
        "2015-Q1": "met-late",
        "2015-Q2": "met-late",
        "2015-Q3": "met",
        "2015-Q4": "overdue",
    }
    assert found["2015-Q1"].proved_at == at("2015-08-20T00:00")
    assert "补充公开" in reasons(found, "2015-Q1")


def test_what_closed_an_earlier_period_and_is_gone_reopens_it():
    asked = duty(Every(unit="quarter"), cells=[WATER])
    one = entry("水质公告", "2015-04-20", gone="2015-05-02", url="http://127.0.0.1/taken-down")
    found = verdicts(asked, "2015-05-05", entries=[one], visits=LOOKED)["2015-Q1"]
    assert found.status == "incomplete"
    assert "http://127.0.0.1/taken-down" in found.reason
    again = entry("水质通报", "2015-05-04")
    assert verdicts(asked, "2015-05-05", entries=[one, again], visits=LOOKED)["2015-Q1"].status == "met-late"


def test_named_figures_close_no_other_period():
    found = verdicts(duty(cells=[WATER]), END, entries=[entry("8月份水质", "2015-09-05")], visits=LOOKED)
    assert proved(found) == "2015-09"


def test_name_in_the_text_is_not_read():
    one = entry("水质月报", "2015-08-05", text="与6月份相比有所好转")
    assert proved(verdicts(duty(cells=[WATER]), END, entries=[one], visits=LOOKED)) == "2015-08"


def test_entry_about_another_period_is_named_where_it_came_out():
    found = verdicts(duty(cells=[WATER]), END, entries=[entry("6月份水质", "2015-08-05")], visits=LOOKED)
    assert "标题提到“6月份”，为2015年6月的内容，不计入2015年7月" in reasons(found, "2015-08")


def test_claimed_date_after_the_first_sighting_does_not_count():
    one = entry("水质公告", "2015-09-30", seen="2015-06-10")
    found = verdicts(duty(Every(unit="month"), cells=[WATER]), END, entries=[one], visits=LOOKED)
    assert found["2015-06"].status == "met"
    assert found["2015-09"].status == "overdue"


@pytest.mark.parametrize("claimed", [None, "2016-06-30", "2051-06-30"])  # a year that is to come is a slip of the pen
def test_undated_entry_has_the_last_complete_visit_that_lacked_it(claimed):
    one = entry("水质公告", claimed, seen="2015-07-02")
    asked = duty(Every(unit="month"), cells=[WATER])
    seen = [visit("2015-06-30T18:00"), visit("2015-07-02"), visit("2015-08-02")]
    assert verdicts(asked, END, entries=[one], visits=seen)["2015-06"].status == "met"
    assert verdicts(asked, END, entries=[one], visits=seen[1:])["2015-06"].status == "met-late"


def test_day_off_belongs_to_no_working_day():
    one = entry("水质公告", "2015-06-06")  # a Saturday
    found = verdicts(duty(Every(unit="workday"), cells=[WATER]), "2015-06-20", entries=[one], visits=LOOKED)
    assert found["2015-06-05"].status == "met-late"
    assert found["2015-06-08"].status == "overdue"


# -- which department ----------------------------------------------------------------------------

# publisher, column, title, listed, source, counts, awaits a person, words of the reason
DEPARTMENTS = [
    ("any", COLUMN, "水质公告", "", "", True, False, "未超过时限"),
    ("any", COLUMN, "环保局水质公告", "", "", True, False, "未超过时限"),
    ("any", COLUMN, "民政局水质公告", "", "", False, False, "标题写明单位为“民政局”，不属于环保局"),
    ("any", COLUMN, "民政局、环保局水质公告", "", "", True, False, "未超过时限"),
    ("any", COLUMN, "水质公告", "民政局", "", True, False, "未超过时限"),
    ("department", OWN, "民政局水质公告", "", "", True, False, "未超过时限"),
    (
        "department",
        "county-site/focus@minzheng",
        "环保局水质公告",
        "",
        "",
        False,
        False,
        "栏目属于民政局，不属于环保局",
    ),
    ("department", COLUMN, "县环境保护局水质公告", "民政局", "民政局", True, False, "未超过时限"),
    # what no reader sees, as it comes along when a title is pasted
    ("department", COLUMN, "县环境\u200b保护局水\ufeff质公\u00ad告", "", "", True, False, "未超过时限"),
    ("department", COLUMN, "\u202a民\u200e政局水质公告", "", "", False, False, "标题写明单位为“民政局”"),
    ("department", COLUMN, "水质公告", "", "样例县环保局", True, False, "未超过时限"),
    ("department", COLUMN, "水质公告", "环保局", "", True, False, "未超过时限"),
    ("department", COLUMN, "水质公告", "", "民政局", False, False, "发布机构为“民政局”，不属于环保局"),
    ("department", COLUMN, "水质公告", "", "", False, True, "标题和发布机构均未指明部门，待人工认定"),
    ("department", COLUMN, "水质公告", "", "信息中心", False, True, "均未指明部门"),
    ("department", COLUMN, "卫生局、民政局水质公告", "", "", False, False, "均不属于环保局"),
    ("department", COLUMN, "环保局、民政局水质公告", "", "", False, True, "标题同时提到环保局、民政局，发布机构不明"),
    ("department", COLUMN, "环保局、民政局水质公告", "", "环保局", True, False, "未超过时限"),
]


@pytest.mark.parametrize(
    ("publisher", "column", "title", "listed", "source", "counts", "awaits", "words"),
    DEPARTMENTS,
    ids=["-".join(r[:5]) for r in DEPARTMENTS],
)
def test_publisher_of_an_entry(publisher, column, title, listed, source, counts, awaits, words):
    asked = duty(Every(unit="month"), cells=[cell(listing(column, title="水质", publisher=publisher))])
    one = entry(title, "2015-06-10", column=column, publisher=listed, source=source)
    looked = daily_visits("2015-06-01", "2015-07-03", column=column)
    found = verdicts(asked, "2015-07-03", entries=[one], visits=looked)["2015-06"]
    (finding,) = found.findings
    assert (finding.counts, finding.awaits_person) == (counts, awaits)
    assert words in finding.reason
    assert found.status == ("met" if counts else "unverifiable" if awaits else "overdue")


def test_longer_name_hides_the_shorter_one_inside_it():
    """计生卫生局 is the 人计局; the 卫生局 must not be read into its name."""
    merged = replace(COUNTY.departments["renji"], aliases=("计生卫生局",))
    county = replace(COUNTY, departments={**COUNTY.departments, "renji": merged})
    one = entry("计生卫生局关于医疗机构目录的公告", "2015-06-10")
    for department, status in (("renji", "met"), ("weisheng", "overdue")):
        asked = duty(Every(unit="month"), cells=[cell(listing(publisher="department"))], department=department)
        assert verdicts(asked, "2015-07-03", entries=[one], visits=LOOKED, county=county)["2015-06"].status == status


def test_joint_duty_is_proved_by_either_of_them():
    asked = duty(Every(unit="month"), cells=[cell(listing(publisher="department"))], department="huanbao+minzheng")
    found = verdicts(asked, "2015-06-20", entries=[entry("民政局通报", "2015-06-10")])
    assert found["2015-06"].status == "met"


def test_joint_duty_may_be_named_by_all_of_them():
    asked = duty(Every(unit="month"), cells=[cell(listing(publisher="department"))], department="huanbao+minzheng")
    found = verdicts(asked, "2015-06-20", entries=[entry("民政局、环保局联合通报", "2015-06-10")])
    assert found["2015-06"].status == "met"


NOBODYS = duty(Every(unit="quarter"), cells=[cell(listing(title="水质", publisher="department"))])


def test_later_entry_of_nobody_asks_a_person_once_for_the_period_it_may_close():
    held = [entry("水质公告", "2015-04-20"), entry("水质公告", "2015-05-20")]
    found = verdicts(NOBODYS, "2015-06-01", entries=held, visits=LOOKED)["2015-Q1"]
    assert found.status == "unverifiable"
    assert "有待认定：“环境保护”栏目：《水质公告》标题和发布机构均未指明部门" in found.reason
    assert [(one.about, one.awaits_person) for one in found.findings] == [(held[0].url, True)]
    assert all(one.awaits for one in found.cells)


def test_next_later_entry_comes_up_when_the_first_is_rejected():
    held = [entry("水质公告", "2015-04-20"), entry("水质公告", "2015-05-20")]
    said = [ruling("reject", key("2015-Q1"), held[0].url)]
    found = verdicts(NOBODYS, "2015-06-01", entries=held, rulings=said, visits=LOOKED)["2015-Q1"]
    assert [one.about for one in found.findings if one.awaits_person] == [held[1].url]


def test_nobody_is_asked_about_what_is_gone():
    one = entry("水质公告", "2015-02-20", gone="2015-03-01")
    found = verdicts(NOBODYS, "2015-04-10", entries=[one], visits=LOOKED)["2015-Q1"]
    assert (found.status, [one.awaits_person for one in found.findings]) == ("overdue", [False])

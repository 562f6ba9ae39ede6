"""Months of reports that may be what was asked for or not: a person is asked of them, and nobody is accused."""
# ruff: noqa: E501  (a row of a table is easier to read whole)

from __future__ import annotations

from pathlib import Path

import pytest

from tests.decide.over_time import Case, Pages, Row, column, old_frame, other_news, run
from tests.decide.over_time_rules import COUNTY, RULES

W7, W8 = "water/huanbao/2015-07", "water/huanbao/2015-08"
Q3, Q4 = "relief/minzheng/2015-Q3", "relief/minzheng/2015-Q4"
TITLE = "二季度社会救助情况"
FIGURES = "全县城乡低保对象8,214户；医疗救助312人次；临时救助57户。"
LATER = "全县城乡低保对象8,190户；医疗救助405人次，支出资金71万元；临时救助63户。"
COMING = "为方便群众了解有关政策，我局设立咨询窗口，工作日上午八时半至下午五时半有人值守，欢迎前来咨询。"
SCAN = "<p style='text-align:center'><img src='/shjz/files/scan1.jpg' width='780'></p>"


def env(*rows: Row) -> Pages:
    return column("/hjbh/", "环境保护", [*other_news("环保", "2015-10-10"), *rows])


def relief(*rows: Row, until: str = "2016-01-10") -> Pages:
    return column("/shjz/", "社会救助", [*other_news("救助", until), *rows])


def scanned(day: str) -> Row:
    body = f"<h1>{TITLE}</h1><p>发布时间：{day} 09:00</p><div id='zoom'>{SCAN}</div>"
    return Row(f"{day} 09:00", TITLE, path="/shjz/7.html", body=old_frame(TITLE, body))


def aid(day: str, text: str, path: str = "/shjz/7.html") -> Row:
    return Row(f"{day} 09:00", TITLE, text, path=path)


QUARTERS = "07-11 09-20 10-02 10-08 10-12 10-20 12-30 2016-01-04 2016-01-11"

CASES = {
    "a title copied over other figures, and the first report is a scan": Case(
        ["relief"], [("07-01", relief(scanned("2015-07-10"), aid("2015-10-09", LATER, "/shjz/10.html")))], QUARTERS, {Q3: "unverifiable", Q4: "unverifiable"}, questions={Q4: "unattributed"},
    ),
    "a title copied over other figures, and the first report was read": Case(
        ["relief"], [("07-01", relief(aid("2015-07-10", FIGURES), aid("2015-10-09", LATER, "/shjz/10.html")))], QUARTERS, {Q3: "met", Q4: "unverifiable"}, questions={Q4: "unattributed"},
    ),
    "a title of the year before copied over other figures": Case(
        ["water"],
        [("07-01", env(Row("2015-07-20 09:00", "2014年6月份水环境质量状况", path="/hjbh/7.html"), Row("2015-08-18 09:00", "2014年6月份水环境质量状况", path="/hjbh/8.html")))],
        "07-17 07-21 08-03 08-19 09-02 09-08", {W7: "unverifiable", W8: "unverifiable"}, questions={W7: "unattributed", W8: "unattributed"},
    ),
    "it holds none of what is asked for": Case(
        ["relief"], [("07-01", relief(aid("2015-07-10", COMING)))], "07-11 09-20 10-02 10-08 10-20", {Q3: "unverifiable"}, reasons={Q3: "未见所要求的任何一项内容"}, questions={Q3: "unattributed"},
    ),
    "it held none, and holds all before the due day": Case(
        ["relief"], [("07-01", relief(aid("2015-07-10", COMING))), ("08-15", relief(aid("2015-07-10", FIGURES)))], "07-11 08-16 10-02 10-08 10-20", {Q3: "met"},
    ),
    "it held all, and holds none after the due day": Case(
        ["relief"], [("07-01", relief(aid("2015-07-10", FIGURES))), ("10-10", relief(aid("2015-07-10", COMING)))], "07-11 10-02 10-08 10-12 10-20 11-20 11-24", {Q3: "incomplete"},
    ),
    "nothing of it is there": Case(["relief"], [("07-01", relief())], "07-11 10-02 10-08 10-20", {Q3: "overdue"}),
}  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", CASES)
async def test_what_is_in_doubt(name: str, tmp_path: Path, sqlite_url: str) -> None:
    assert await run(CASES[name], tmp_path, sqlite_url, RULES, COUNTY) == []

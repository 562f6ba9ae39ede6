"""Months in which titles name months, quarters, weeks and departments as people do: what is proved, what is not."""
# ruff: noqa: E501  (a row of a table is easier to read whole)

from __future__ import annotations

from pathlib import Path

import pytest

from tests.decide.over_time import (
    Case,
    Pages,
    Row,
    article,
    column,
    listing,
    old_frame,
    other_news,
    path_of,
    run,
    text_of,
)
from tests.decide.over_time_rules import COUNTY, RULES

H, T = "/hjbh/", "环境保护"
W = "water/huanbao/2015-"
RELIEF = "全县城乡低保对象8,214户；医疗救助312人次；临时救助57户。"
MONEY = "按支出功能分类列至项级科目；“三公”经费预算12.6万元，比上年下降百分之五。"
WINTER = "2014-11-01"


def env(until: str, *more: Row, since: str = "2015-05-01") -> Pages:
    return column(H, T, [*other_news("环保", until, since), *more])


def relief(until: str, *more: Row, since: str = "2015-05-01") -> Pages:
    return column("/shjz/", "社会救助", [*other_news("救助", until, since), *more])


def air(*more: tuple[str, str]) -> Pages:
    return column(
        "/kqzl/",
        "空气质量",
        [
            Row(f"{day} 10:00", f"{named}空气质量日报", "空气质量指数62，首要污染物可吸入颗粒物。")
            for day, named in more
        ],
    )


def each(where: str, title: str, about: str, until: str, *more: Row, since: str = "2015-05-01") -> Pages:
    return column(where, title, [*other_news(about, until, since), *more])


def budgets(*rows: tuple[str, str, str], printed: bool = True) -> Pages:
    """A catalogue of budgets: (day, title, publisher)."""
    put = [
        Row(day, title, MONEY, path=f"/czyjs/{n}.html", source=by if printed else "")
        for n, (day, title, by) in enumerate(rows)
    ]
    head = "<tr><th>序号</th><th>信息名称</th>" + "<th>发布机构</th>" * printed + "<th>发布日期</th></tr>"
    body = "".join(
        f"<tr><td>{n + 1}</td><td><a href='{one.path}'>{one.title}</a></td>"
        + f"<td>{rows[n][2]}</td>" * printed
        + f"<td>{one.day}</td></tr>"
        for n, one in enumerate(put)
    )
    return {one.path: article(one) for one in put} | {
        "/czyjs/": old_frame(
            "财政预决算", f"<h2>财政预决算</h2><table class='gkml'>{head}{body}</table><p>共{len(put)}条</p>"
        )
    }


def yearless(*rows: tuple[str, Row]) -> Pages:
    pages: Pages = {
        path_of(H, row): old_frame(row.title, f"<h1>{row.title}</h1><div id='zoom'><p>{row.text}</p></div>")
        for _, row in rows
    }
    items = "".join(f"<li><a href='{path_of(H, row)}'>{row.title}</a><span>[{day}]</span></li>" for day, row in rows)
    return pages | {H: old_frame(T, f"<h2>{T}</h2><ul class='list'>{items}</ul>")}


APPROVED = tuple(("budget-approved", one, "03-02", "2015") for one in ("minzheng", "jiaoyu", "anjian"))
B = "budget/{}/event:budget-approved:2015"
SPRING = "2015-01-05"
SHORT = Row("2015-07-20 09:00", "清河县环境保护局关于2015年上半年环境状况及6月份水环境质量的公告")
LISTS = "职权名称、法律依据、监督电话见下表。"
DECEMBER = [("01-04", Row("2016-01-04", "县环保局部署新年工作", "会议强调。" * 9)), ("12-28", Row("2015-12-28", "11月份水环境质量状况", "各断面达标，总体良好。" * 5)), ("12-20", Row("2015-12-20", "我县开展冬季大气污染防治", "会议强调。" * 9)), ("11-30", Row("2015-11-30", "环保简报", "会议强调。" * 9)), ("10-12", Row("2015-10-12", "环保宣传进校园", "会议强调。" * 9)), ("08-30", Row("2015-08-30", "县领导调研环保", "会议强调。" * 9))]  # fmt: skip
JANUARY = [("01-03", DECEMBER[1][1]), *DECEMBER[2:]]
WEEKDAYS = (("2015-07-09", "7月8日"), ("2015-07-10", "7月9日"))

CASES = {
    "the year is that of the year before": Case(
        ["water"], [("07-01", env("2015-07-14", Row("2015-06-18", "2015年5月份水环境质量状况"))), ("07-20", env("2015-08-08", Row("2015-06-18", "2015年5月份水环境质量状况"), Row("2015-07-20 09:00", "2014年6月份水环境质量状况")))], "07-10 07-21 08-03 08-10", {W + "07": "unverifiable|met"}
    ),
    "owners of their own columns leave their names out": Case(
        ["powers"],
        [("07-01", each("/qlqd/hb/", "权力清单", "放管服", "2015-10-05", Row("2015-09-18", "权力清单（2015年版）", LISTS)) | each("/qlqd/mz/", "权力清单", "审批", "2015-10-05", Row("2015-09-30", "行政权力清单", LISTS)) | each("/qlqd/jy/", "权力清单", "招生", "2015-10-05"))],
        "07-10 10-01 10-08 10-12",
        {"powers/huanbao/once": "met", "powers/minzheng/once": "met", "powers/jiaoyu/once": "overdue"},
        swap={"url: /qlqd/": "url: {huanbao: /qlqd/hb/, minzheng: /qlqd/mz/, jiaoyu: /qlqd/jy/}"},
    ),
    "two months in one": Case(
        ["water"], [("06-20", env("2015-06-20")), ("07-05", env("2015-07-30", Row("2015-07-05 10:00", "5-6月份水环境质量状况")))], "06-25 07-02 07-06 08-03", {W + "06": "met-late", W + "07": "met"}, first="2015-06-01"
    ),
    "a quarter where a month was asked": Case(
        ["water"], [("07-01", env("2015-07-30", Row("2015-07-12 10:00", "二季度水环境质量状况")))], "07-02 07-13 08-03 08-10", {W + "07": "met"}
    ),
    "a year where a quarter was asked": Case(
        ["relief"], [("01-05", relief("2015-01-05", since=WINTER)), ("01-20", relief("2015-03-30", Row("2015-01-20 10:00", "2014年度社会救助情况", RELIEF), since=WINTER))], "01-10 01-22 04-01 04-08", {"relief/minzheng/2015-Q1": "met"}, first="2015-01-01"
    ),
    "a half-year where a quarter was asked": Case(
        ["relief"], [("07-15", relief("2015-09-28", Row("2015-07-15 10:00", "2015年上半年城乡低保和社会救助工作情况", RELIEF)))], "07-10 07-16 10-02 10-09", {"relief/minzheng/2015-Q3": "met"}
    ),
    "nine months in time, and the half-year forgotten until then": Case(
        ["relief"],
        [("07-01", relief("2015-09-28")), ("10-15", relief("2015-12-28", Row("2015-10-15 10:00", "第二季度社会救助工作情况", RELIEF), Row("2015-10-20 10:00", "1—9月社会救助情况", RELIEF)))],
        "07-10 10-02 10-09 10-16 10-21 2016-01-04",
        {"relief/minzheng/2015-Q3": "met-late", "relief/minzheng/2015-Q4": "met"},
    ),
    "the year before where a half-year was asked": Case(
        ["schools"],
        [("01-05", each("/jyxx/", "教育信息", "教育", "2015-03-30", Row("2015-03-10 10:00", "2014年度教育经费收支情况"), since=SPRING)), ("07-05", each("/jyxx/", "教育信息", "教育", "2015-12-28", Row("2015-03-10 10:00", "2014年度教育经费收支情况"), since=SPRING))],
        "03-01 03-11 07-02 07-06 2016-01-04 2016-01-08",
        {"schools/jiaoyu/2015-H1": "met", "schools/jiaoyu/2015-H2": "overdue"},
        first="2015-01-01",
    ),
    "Monday tells of the week-end too": Case(
        ["air"],
        [("07-09", air(*WEEKDAYS)), ("07-13T11:00", air(*WEEKDAYS, ("2015-07-13", "7月10日至12日")))],
        "07-09T14:00 07-10T14:00 07-12T14:00 07-13T14:00 07-14",
        {"air/huanbao/2015-07-10": "met", "air/huanbao/2015-07-11": "met-late", "air/huanbao/2015-07-12": "met-late", "air/huanbao/2015-07-13": "met"},
        first="2015-07-09",
    ),
    "nobody tells of the week-end": Case(
        ["air"],
        [("07-09", air(*WEEKDAYS)), ("07-13T11:00", air(*WEEKDAYS, ("2015-07-13", "7月12日")))],
        "07-09T14:00 07-10T14:00 07-12T14:00 07-13T14:00 07-15 07-21",
        {"air/huanbao/2015-07-10": "met", "air/huanbao/2015-07-11": "overdue", "air/huanbao/2015-07-12": "overdue", "air/huanbao/2015-07-13": "met"},
        first="2015-07-09",
    ),
    "an issue's number is no month": Case(
        ["water"], [("07-01", env("2015-07-30", Row("2015-07-28 10:00", "水环境质量月报（2015年第7期）")))], "07-02 07-29 08-03 08-10", {W + "07": "met"}
    ),
    "titles alike, and the catalogue says whose": Case(
        ["budget"],
        [("03-01", budgets(("2014-03-20", "2014年部门预算", "民政局"))), ("03-20", budgets(("2015-03-20", "2015年部门预算", "民政局"), ("2015-03-19", "2015年部门预算", "县教育局"), ("2014-03-20", "2014年部门预算", "民政局")))],
        "03-03 03-21 03-24 03-27 04-01",
        {B.format("minzheng"): "met", B.format("jiaoyu"): "met", B.format("anjian"): "overdue"},
        events=APPROVED,
        first="2015-01-01",
    ),
    "titles alike, and nobody says whose": Case(
        ["budget"],
        [("03-01", budgets(("2014-03-20", "2014年部门预算", ""), printed=False)), ("03-20", budgets(("2015-03-20", "2015年部门预算", ""), ("2015-03-19", "2015年部门预算", ""), printed=False))],
        "03-03 03-21 03-24 03-27 04-01",
        {B.format("minzheng"): "unverifiable", B.format("jiaoyu"): "unverifiable", B.format("anjian"): "unverifiable"},
        events=APPROVED,
        first="2015-01-01",
    ),
    "the budget's approval is not the budget": Case(
        ["budget"],
        [("03-01", budgets(("2014-03-20", "2014年部门预算", "民政局"))), ("03-20", budgets(("2015-03-20", "财政局关于批复民政局2015年部门预算的通知", "财政局"), ("2014-03-20", "2014年部门预算", "民政局")))],
        "03-03 03-21 03-24 03-27 04-01",
        {B.format("minzheng"): "overdue|incomplete|unverifiable"},
        events=APPROVED[:1],
        first="2015-01-01",
    ),
    "the year before's budget is not this year's": Case(
        ["budget"],
        [("03-01", budgets(("2014-03-20", "民政局2014年部门预算", "民政局"))), ("03-20", budgets(("2015-03-20", "民政局2014年部门预算公开说明", "民政局"), ("2015-03-20", "教育局2015年部门预算", "教育局")))],
        "03-03 03-21 03-24 03-27 04-01",
        {B.format("minzheng"): "overdue", B.format("jiaoyu"): "met"},
        events=APPROVED[:2],
        first="2015-01-01",
    ),
    "made up for later": Case(
        ["water"], [("07-01", env("2015-07-30")), ("08-05", env("2015-09-12", Row("2015-08-05 10:00", "补发：6月份水环境质量状况")))], "07-10 08-03 08-06 09-01 09-07", {W + "07": "met-late", W + "08": "overdue"}
    ),
    "a call for the report is not the report": Case(
        ["water"], [("07-01", env("2015-07-30", Row("2015-07-10 10:00", "关于报送6月份水环境质量状况的通知", "请各单位于本月二十五日前将有关材料报送县局办公室。" * 2)))], "07-11 08-03 08-10", {W + "07": "overdue|unverifiable"}
    ),
    "all that is asked for under the name of a draft": Case(
        ["relief"],
        [("07-01", relief("2015-09-28", Row("2015-07-15 10:00", "2015年上半年社会救助情况（征求意见稿）", RELIEF)))],
        "07-10 07-16 10-02 10-09 10-20",
        {"relief/minzheng/2015-Q3": "unverifiable"},
        reasons={"relief/minzheng/2015-Q3": "标题为征求意见稿，但正文或附件中有规则所要求的内容"},
        questions={"relief/minzheng/2015-Q3": "unattributed"},
    ),
    "the report, renamed an explanation of itself": Case(
        ["water"],
        [("07-01", env("2015-07-14", Row("2015-07-08 10:00", "6月份水环境质量状况", path="/hjbh/6.html"))), ("07-20", env("2015-08-28", Row("2015-07-08 10:00", "6月份水环境质量状况解读", text=text_of(Row("2015-07-08 10:00", "6月份水环境质量状况")), path="/hjbh/6.html")))],
        "07-02 07-09 07-21 08-03 08-10 08-20",
        {W + "07": "unverifiable"},
        reasons={W + "07": "但同一网址此前以《6月份水环境质量状况》为题公开"},
        questions={W + "07": "unattributed"},
    ),
    "the month in numerals": Case(
        ["water"], [("07-01", env("2015-08-28", Row("2015-07-10 10:00", "二〇一五年六月份水环境质量状况")))], "07-11 08-03 09-01 09-07", {W + "07": "met", W + "08": "overdue"}
    ),
    "a minute before midnight, and midnight": Case(
        ["drinking"],
        [("07-01", env("2015-07-09")), ("07-10T23:59", env("2015-07-14", Row("2015-07-10 23:59", "6月份饮用水监测情况"))), ("08-11", env("2015-08-08", Row("2015-07-10 23:59", "6月份饮用水监测情况"), Row("2015-08-11 00:00", "7月份饮用水监测情况")))],
        "07-02 07-11 07-20 08-10 08-11 08-20",
        {"drinking/shuiwu/2015-06": "met", "drinking/shuiwu/2015-07": "met-late"},
    ),
    "a bare day after the last one": Case(
        ["drinking"], [("07-01", env("2015-07-09")), ("07-11", env("2015-07-14", Row("2015-07-11", "6月份饮用水监测情况")))], "07-02 07-11 07-20", {"drinking/shuiwu/2015-06": "met-late"}
    ),
    "days without a year, at the turn of the year": Case(["water"], [("12-30", yearless(*DECEMBER[1:])), ("2016-01-04", yearless(*DECEMBER))], "12-27 2016-01-05 2016-01-11", {W + "12": "met"}, first="2015-12-01"),
    "days without a year, after the turn of the year": Case(["water"], [("12-20", yearless(*DECEMBER[2:])), ("2016-01-03", yearless(*JANUARY))], "12-27 2016-01-01 2016-01-05 2016-01-11", {W + "12": "met-late"}, first="2015-12-01"),
    "a week left out": Case(
        ["food"],
        [("06-29", each("/spaq/", "食品安全", "食品", "2015-07-30", Row("2015-07-02", "食品抽检结果公示（第26期）"), Row("2015-07-16", "食品抽检结果公示（第27期）"))), ("07-30", each("/spaq/", "食品安全", "食品", "2015-08-20", Row("2015-07-02", "食品抽检结果公示（第26期）"), Row("2015-07-16", "食品抽检结果公示（第27期）")))],
        "07-03 07-13 07-17 07-27 08-03 08-10",
        {"food/shijian/2015-W27": "met", "food/shijian/2015-W28": "met-late", "food/shijian/2015-W29": "met", "food/shijian/2015-W30": "overdue"},
        first="2015-06-29",
    ),
    "the list shortens the title": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-20", env("2015-08-08", SHORT) | {H: listing(H, T, [*other_news("环保", "2015-08-08", "2015-07-21"), SHORT, *other_news("环保", "2015-07-19")], swap=(f" title='{SHORT.title}'>{SHORT.title}", f">{SHORT.title[:17]}..."))})],
        "07-10 07-21 08-03 08-10",
        {W + "07": "met"},
    ),
    "nothing in the second quarter, something in the third": Case(
        ["land"],
        [("05-01", each("/tdgy/", "土地供应", "国土", "2015-06-28")), ("07-10", each("/tdgy/", "土地供应", "国土", "2015-12-28", Row("2015-07-10 09:00", "清国土告字〔2015〕3号地块成交公示")))],
        "06-20 07-02 07-08 07-11 10-02 2016-01-04 2016-01-09",
        {"land/guotu/2015-Q2": "met-late", "land/guotu/2015-Q3": "met", "land/guotu/2015-Q4": "overdue"},
        first="2015-04-01",
    ),
    "accidents of the half-year in July": Case(
        ["accidents"],
        [("06-01", each("/aqsc/", "安全生产", "安全", "2015-06-28")), ("07-15", each("/aqsc/", "安全生产", "安全", "2015-09-12", Row("2015-07-15 09:00", "上半年全县生产安全事故情况")))],
        "06-20 07-02 07-16 08-02 09-01 09-08",
        {"accidents/anjian/2015-06": "met-late", "accidents/anjian/2015-07": "met", "accidents/anjian/2015-08": "overdue"},
        first="2015-06-01",
    ),
    "yearly reports: one names itself, one is the year before's": Case(
        ["yearly"],
        [("02-01", each("/ndbg/", "信息公开年报", "公开", "2015-03-28", Row("2015-03-20", "民政局2014年政府信息公开年度报告"), Row("2015-03-27", "财政局2013年政府信息公开年度报告"), since=WINTER))],
        "03-02 03-28 04-01 04-08",
        {"yearly/minzheng/once": "met", "yearly/caizheng/once": "overdue"},
        first="2015-01-01",
    ),
    "yearly reports named by their source alone": Case(
        ["yearly"],
        [("02-01", each("/ndbg/", "信息公开年报", "公开", "2015-03-28", Row("2015-03-20", "2014年政府信息公开年度报告", source="县财政局"), since=WINTER))],
        "03-02 03-28 04-01 04-08",
        {"yearly/minzheng/once": "overdue", "yearly/caizheng/once": "met"},
        first="2015-01-01",
    ),
    "within a day, after a day, never": Case(
        ["emergency"],
        [("07-01", each("/yjxx/", "应急信息", "应急", "2015-07-09")), ("07-11T13:30", each("/yjxx/", "应急信息", "应急", "2015-07-30", Row("2015-07-11 13:30", "关于东河水体污染处置情况的通报"))), ("08-11T15:10", each("/yjxx/", "应急信息", "应急", "2015-09-27", Row("2015-07-11 13:30", "关于东河水体污染处置情况的通报"), Row("2015-08-11 15:10", "化工园区泄漏事故环境监测情况")))],
        "07-10T18:00 07-11T18:00 07-13 08-10T18:00 08-11T16:00 08-12 09-10T18:00 09-11T18:00 09-14",
        {"emergency/huanbao/event:emergency:a": "met", "emergency/huanbao/event:emergency:b": "met-late", "emergency/huanbao/event:emergency:c": "overdue"},
        events=(("emergency", "huanbao", "07-10T14:00", "a"), ("emergency", "huanbao", "08-10T14:00", "b"), ("emergency", "huanbao", "09-10T14:00", "c")),
    ),
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", CASES)
async def test_what_titles_name(name: str, tmp_path: Path, sqlite_url: str) -> None:
    assert await run(CASES[name], tmp_path, sqlite_url, RULES, COUNTY) == []

"""Months in which pages are written over, renamed and built anew, and the county's own files follow: what is said."""
# ruff: noqa: E501  (a row of a table is easier to read whole)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.decide.over_time import Case, Pages, Row, article, column, listing, new_frame, old_frame, other_news, run
from tests.decide.over_time_rules import COUNTY, RULES

H, T = "/hjbh/", "环境保护"
W = "water/huanbao/2015-"
JULY = Row("2015-07-20 09:12", "6月份水环境质量状况")
AUGUST = Row("2015-08-18 10:05", "7月份水环境质量状况")
SEPTEMBER = Row("2015-09-16 15:30", "8月份水环境质量状况")
NEW_SITE = """\
  new-site:
    base: OTHER
    own: true
    columns:
      hjbh: {title: 环境保护, url: /new/hjbh/}
"""
PAGE = '  county-site:\n    base: "${SMALL_SITE}"\n    pages: {hotline: {title: 举报电话, url: /jubao.html}}\n'
SITES = {
    "{name: 国土局, aliases: [国土资源局],": '{name: 国土局, aliases: [国土资源局], site: {base: "${SMALL_SITE}", columns: {gongshi: {title: 公示, url: /gt/}}},',
    "{name: 水务局, aliases: [水利局],": '{name: 水务局, aliases: [水利局], site: {base: "${SMALL_SITE}", columns: {gongshi: {title: 公示, url: /sw/}}},',
}
OWN = "  own-site: {per: department}\n"
Q3 = "relief/minzheng/2015-Q3"
RELIEF = "全县城乡低保对象8,214户；医疗救助312人次；临时救助57户。"
LISTS = "职权名称、法律依据、监督电话如下：行政许可3项，行政处罚12项。"


def env(until: str, *more: Row, since: str = "2015-05-01", where: str = H, title: str = T, **how: object) -> Pages:
    return column(where, title, [*other_news("环保", until, since), *more], **how)  # type: ignore[arg-type]


def each(where: str, title: str, about: str, until: str, *more: Row, since: str = "2015-05-01") -> Pages:
    return column(where, title, [*other_news(about, until, since), *more])


def over(*rows: Row) -> list[Row]:
    """The rows at one address, each in the place of the one before."""
    return [replace(one, path="/hjbh/szyb.html") for one in rows]


def put(where: str, *rows: Row) -> Pages:
    """A bare column of these rows alone."""
    return column(where, "公示", rows)


def gbk(page: str) -> bytes:
    body = page.replace("charset='utf-8'", "charset='gb2312'").encode("gb18030")
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n" + body


R7, R8, R9 = over(JULY, AUGUST, SEPTEMBER)
SAME7, SAME8 = over(replace(JULY, title="全县水环境质量状况"), replace(AUGUST, title="全县水环境质量状况"))
HOT = old_frame("举报电话", "<h1>安全生产举报电话</h1><p>安全生产举报电话：12350，工作日8:30至17:30有人值守。</p>")
MOVED = {"url: /hjbh/": "url: /sthj/"}
ANEW = env(
    "2015-09-30",
    replace(JULY, path="/art/7.html"),
    replace(AUGUST, path="/art/8.html"),
    where="/sthj/",
    frame=new_frame,
)
GONE = dict.fromkeys(env("2015-09-30", JULY, AUGUST))
SCHOOLS = Row("2015-09-22", "县教育局、食药监局联合开展校园食品安全检查")
BOARD = [Row("2015-07-09", "清国土挂〔2015〕3号公示"), Row("2015-08-12", "清国土挂〔2015〕5号公示")]

CASES = {
    "each report stands at the address of the one before": Case(
        ["water"],
        [("07-01", env("2015-10-10")), ("07-20", env("2015-10-10", R7)), ("08-18", env("2015-10-10", R8)), ("09-16", env("2015-10-10", R9))],
        "07-17 07-21 08-03 08-19 09-01 09-17 10-02 10-08",
        {W + "07": "met|incomplete", W + "08": "met|incomplete", W + "09": "met"},
    ),
    "one page is written anew each month, its title always the same": Case(
        ["water"],
        [("07-01", env("2015-10-10")), ("07-20", env("2015-10-10", SAME7)), ("08-18", env("2015-10-10", SAME8))],
        "07-17 07-21 08-03 08-19 09-01 09-08 10-08",
        {W + "07": "met", W + "08": "met", W + "09": "overdue"},
    ),
    "the county corrects the address after the move": Case(
        ["water"],
        [("07-01", env("2015-08-10", JULY)), ("08-10", GONE | {H: None} | ANEW)],
        "07-17 07-21 08-03 08-12 08-14 08-20 09-02 10-02 10-08",
        {W + "07": "met", W + "08": "met", W + "09": "overdue"},
        later=("08-13", MOVED),
    ),
    "the county corrects it when the due day is over": Case(
        ["water"],
        [("07-01", env("2015-08-10", JULY)), ("08-10", GONE | {H: None} | ANEW)],
        "07-17 07-21 08-03 08-12 09-02 09-10 09-15 09-16",
        {W + "07": "met", W + "08": "met"},
        later=("09-14", MOVED),
        faults=True,
    ),
    "its letters are broken for a week": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-30", env("2015-07-31", JULY) | {H: gbk(str(listing(H, T, [JULY, *other_news("环保", "2015-07-20")])("2015-07-31")))}), ("08-07", env("2015-08-20", JULY))],
        "07-17 07-31 08-03 08-05 08-10",
        {W + "07": "met"},
    ),
    "both sites were asked for, one has it": Case(
        ["water-everywhere"],
        [("07-01", env("2015-08-20", JULY) | env("2015-08-20", where="/new/hjbh/", frame=new_frame))],
        "07-10 07-21 08-03 08-10",
        {W + "07": "incomplete"},
        channels=NEW_SITE,
    ),
    "both sites were asked for, one is down": Case(
        ["water-everywhere"], [("07-01", env("2015-08-20", JULY) | {"/new/hjbh/": 503})], "07-10 07-21 08-03 08-10", {W + "07": "unverifiable"}, channels=NEW_SITE, faults=True
    ),
    "both sites were asked for, neither has it": Case(
        ["water-everywhere"],
        [("07-01", env("2015-08-20") | env("2015-08-20", where="/new/hjbh/", frame=new_frame))],
        "07-10 07-21 08-03 08-10",
        {W + "07": "overdue"},
        channels=NEW_SITE,
    ),
    "both parts are there": Case(["nature"], [("07-01", env("2015-08-20", JULY, Row("2015-07-24", "6月份重点污染源监管情况")))], "07-10 07-25 08-03 08-10", {"nature/huanbao/2015-07": "met"}),
    "one part is never there": Case(["nature"], [("07-01", env("2015-08-20", JULY))], "07-10 07-25 08-03 08-10", {"nature/huanbao/2015-07": "incomplete"}, reasons={"nature/huanbao/2015-07": "污染源"}),
    "one part is late": Case(["nature"], [("07-01", env("2015-08-20", JULY, Row("2015-08-06", "6月份重点污染源监管情况")))], "07-10 07-25 08-03 08-07", {"nature/huanbao/2015-07": "met-late"}),
    "a page stands": Case(["hotline"], [("07-01", {"/jubao.html": HOT})], "07-10 08-03", {"hotline/anjian/once": "met"}, swap={'  county-site:\n    base: "${SMALL_SITE}"\n': PAGE}),
    "a page was never put up": Case(
        ["hotline"], [("07-01", {"/jubao.html": None})], "07-10 08-03 08-10", {"hotline/anjian/once": "overdue|unverifiable"}, swap={'  county-site:\n    base: "${SMALL_SITE}"\n': PAGE}
    ),
    "a page rests on the due day": Case(
        ["hotline"], [("07-01", {"/jubao.html": 503}), ("08-05", {"/jubao.html": HOT})], "07-10 08-03 08-10", {"hotline/anjian/once": "met|met-late"}, swap={'  county-site:\n    base: "${SMALL_SITE}"\n': PAGE}
    ),
    "departments' own sites: one publishes, one is down": Case(
        ["own-land"], [("07-01", put("/gt/", *BOARD) | {"/sw/": 502})], "07-10 08-03 08-10", {"own-land/guotu/2015-07": "met", "own-land/shuiwu/2015-07": "unverifiable"}, swap=SITES, channels=OWN
    ),
    "departments' own sites: one publishes, one stands still": Case(
        ["own-land"],
        [("07-01", put("/gt/", *BOARD) | put("/sw/", Row("2015-06-20", "防汛抗旱物资采购公告"), Row("2015-05-20", "水利工程招标公告")))],
        "07-10 08-03 08-10 09-02",
        {"own-land/guotu/2015-07": "met", "own-land/guotu/2015-08": "met", "own-land/shuiwu/2015-07": "overdue", "own-land/shuiwu/2015-08": "overdue"},
        swap=SITES,
        channels=OWN,
    ),
    "two departments owe one thing, and it names both": Case(["joint"], [("07-01", each("/spaq/", "食品安全", "食品", "2015-10-10", SCHOOLS))], "09-23 10-02", {"joint/jiaoyu+shijian/once": "met"}),
    "two departments owe one thing, and one publishes it": Case(
        ["joint"], [("07-01", each("/spaq/", "食品安全", "食品", "2015-10-10", replace(SCHOOLS, title="食药监局开展校园食品安全检查")))], "09-23 10-02", {"joint/jiaoyu+shijian/once": "met"}
    ),
    "two departments owe one thing, and nobody publishes it": Case(["joint"], [("07-01", each("/spaq/", "食品安全", "食品", "2015-10-10"))], "09-23 10-02 10-09", {"joint/jiaoyu+shijian/once": "overdue"}),
    "a department under a name that nobody entered": Case(
        ["powers"],
        [("09-01", each("/qlqd/", "权力清单", "放管服", "2015-10-05", Row("2015-09-18", "生态环境局权力清单", LISTS), Row("2015-09-20", "民政局权力清单", LISTS), Row("2015-09-21", "教体局权力清单", LISTS)))],
        "09-22 10-02 10-08",
        {"powers/huanbao/once": "unverifiable", "powers/minzheng/once": "met", "powers/jiaoyu/once": "met"},
    ),
    "one list of two departments": Case(
        ["powers"],
        [("09-01", each("/qlqd/", "权力清单", "放管服", "2015-10-05", Row("2015-09-18", "环保局、民政局权力清单", LISTS)))],
        "09-22 10-02 10-08",
        {"powers/huanbao/once": "unverifiable", "powers/minzheng/once": "unverifiable", "powers/jiaoyu/once": "overdue"},
    ),
    "a paper of all departments": Case(
        ["powers"],
        [("09-01", each("/qlqd/", "权力清单", "放管服", "2015-10-05", Row("2015-09-18", "清河县县直部门权力清单（汇总）", LISTS, source="县编办")))],
        "09-22 10-02 10-08",
        {"powers/huanbao/once": "unverifiable|overdue", "powers/minzheng/once": "unverifiable|overdue"},
    ),
    "nobody looked for two weeks, and it is there": Case(["water"], [("07-01", env("2015-08-20", replace(JULY, day="2015-07-31 17:00")))], "07-24 08-12", {W + "07": "met"}),
    "nobody looked for two weeks, and it is not there": Case(["water"], [("07-01", env("2015-08-20"))], "07-24 08-12 08-13", {W + "07": "overdue"}),
    "its figures were corrected after the due day": Case(
        ["relief"],
        [("07-10", each("/shjz/", "社会救助", "救助", "2015-10-20", Row("2015-07-10 09:00", "2015年上半年社会救助情况", RELIEF))), ("10-10", each("/shjz/", "社会救助", "救助", "2015-10-20", Row("2015-07-10 09:00", "2015年上半年社会救助情况", RELIEF.replace("57", "75").replace("312", "321"))))],
        "07-11 10-02 10-11 10-12 10-20",
        {Q3: "met"},
    ),
    "one thing was struck out after the due day": Case(
        ["relief"],
        [("07-10", each("/shjz/", "社会救助", "救助", "2015-10-20", Row("2015-07-10 09:00", "2015年上半年社会救助情况", RELIEF))), ("10-10", each("/shjz/", "社会救助", "救助", "2015-10-20", Row("2015-07-10 09:00", "2015年上半年社会救助情况", RELIEF[:-8])))],
        "07-11 10-02 10-11 11-20 11-23",
        {Q3: "incomplete|met"},
        questions={Q3: "changed"},
    ),
    "its title was changed after the due day": Case(
        ["water"], [("07-01", env("2015-07-29", JULY)), ("08-10", env("2015-08-28", replace(JULY, title="2015年6月全县地表水监测公报", path="/hjbh/76.html"))), ("08-09", {})], "07-21 08-03 08-11 08-12", {W + "07": "met|incomplete|overdue"}
    ),
    "the list lacks its days, the articles bear them": Case(
        ["water"], [("07-01", env("2015-08-20", replace(JULY, listed=""), replace(AUGUST, listed="")))], "07-10 07-21 08-03 08-19 09-02", {W + "07": "met", W + "08": "met"}
    ),
    "the ten days of a month": Case(
        ["water"], [("07-01", env("2015-08-20", Row("2015-07-13", "7月上旬水质自动监测周报"), Row("2015-07-03", "6月下旬水质自动监测周报")))], "07-10 07-21 08-03", {W + "07": "met"}
    ),
    "the month in brackets behind": Case(["water"], [("07-01", env("2015-08-20", Row("2015-07-20", "水环境质量月报（6月）")))], "07-10 07-21 08-03 09-02 09-08", {W + "07": "met", W + "08": "overdue"}),
    "weeks named by their days": Case(
        ["food"],
        [("06-29", each("/spaq/", "食品安全", "食品", "2015-08-10", Row("2015-07-03", "6月29日至7月3日食品抽检结果"), Row("2015-07-10", "7月6日至10日食品抽检结果")))],
        "07-04 07-13 07-20 07-27",
        {"food/shijian/2015-W27": "met", "food/shijian/2015-W28": "met", "food/shijian/2015-W29": "overdue"},
        first="2015-06-29",
    ),
    "it was due before the county began": Case(["water"], [("07-01", env("2015-09-20", AUGUST))], "08-10 08-20 09-02", {W + "08": "met"}, first="2015-08-01"),
    "the row is a headline above the list": Case(
        ["water"], [("07-01", env("2015-07-14")), ("07-20", env("2015-08-20", JULY) | {H: old_frame(T, f"<h2>{T}</h2><div class='headline'><h3><a href='/hjbh/57.html'>{JULY.title}</a></h3><p>全县各断面达标，详见全文。</p></div>" + "<ul class='list'>" + "".join(f"<li><a href='/hjbh/{one.path[1:]}'>{one.title}</a><span>{one.day[:10]}</span></li>" for one in other_news("环保", "2015-07-20")) + "</ul>"), "/hjbh/57.html": article(JULY)})], "07-17 07-21 08-03 08-10", {W + "07": "met|unverifiable"}
    ),
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", CASES)
async def test_what_changes(name: str, tmp_path: Path, sqlite_url: str) -> None:
    assert await run(CASES[name], tmp_path, sqlite_url, RULES, COUNTY) == []

"""A report that was out in time, and a site that goes wrong around it: whatever happens, nobody is accused of it."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.crawl.test_misbehaving_site import Talk, page, rude_server
from tests.decide.small_county import COUNTY, Small, at, small_county
from tracker.store.engine import Store

WATER = "water/huanbao/2015-07"
INSURANCE = "insurance/shebao/2015-Q3"
TITLE, JUNE = "7月份水环境质量状况", "6月份水环境质量状况"
TWELVE = "全县监测水质断面12个。其中优良断面10个，占83.3%。主要污染指标为氨氮、总磷。与上年同期相比，水质有所改善。"
Shown = dict[str, bytes]


def article(title: str = TITLE, day: str = "2015-07-20", text: str = "全县水环境质量良好，各断面达标。") -> bytes:
    return page(f"<h1>{title}</h1><p>发布时间：{day} 09:00</p><div id='zoom'><p>{text}</p></div>")


def row(title: str = TITLE, day: str = "2015-07-20", url: str = "/environment/a.html") -> str:
    return f"<li><a href='{url}'>{title}</a><span>{day}</span></li>"


def others(last: int, first: int, month: int = 8) -> str:
    return "".join(
        row(f"其他环境保护工作动态第{month}{n:02}期", f"2015-{month:02}-{n:02}", f"/environment/{month}{n:02}.html")
        for n in range(last, first - 1, -1)
    )


def listed(rows: str, under: str = "") -> bytes:
    return page(f"<h2>环境保护</h2><ul class='list'>{rows}</ul>{under}")


OLD = others(12, 7, 6)
EMPTY = page("<p>本栏目暂无信息</p>")


@asynccontextmanager
async def county_showing(tmp_path: Path, url: str, shown: Shown) -> AsyncIterator[Small]:
    """The small county, whose site shows these answers; what is not among them is an empty column."""

    async def talk(path: str, writer: asyncio.StreamWriter, over: asyncio.Event) -> None:
        answer = shown.get(path) or (shown.get("*") if not path.endswith(".html") else None)
        writer.write(answer or (page("", "404 Not Found") if path.endswith(".html") else EMPTY))

    way: Talk = talk
    with Store(url, durable=False) as store:
        async with (
            rude_server(way) as (base, _),
            small_county(tmp_path, store, at("2015-07-01", "06:00")) as county,
        ):
            os.environ["SMALL_SITE"] = base
            county.reload(county=COUNTY.replace("    columns:", "    own: true\n    columns:"))
            yield county


async def look(county: Small, *days: str) -> None:
    for day in days:
        county.clock.now = at(day, "08:30")
        await county.turn(crawl=True)


def status(county: Small, key: str = WATER) -> str:
    return str(county.rows()[key].status)


LATER = ("2015-08-03", "2015-08-10", "2015-08-20", "2015-09-10")

PAGER = "<div class='page'><b>1</b> <a href='/environment/?p=2'>2</a> <a href='/environment/?p=2'>下一页</a></div>"
FIRST, SECOND = (
    listed(others(9, 1) + others(30, 28, 7), PAGER),
    listed(row() + OLD, "<a href='/environment/'>1</a> <b>2</b>"),
)

#: name → what the site shows from the first look after the due day on; the report stands behind it.
NEVER_SEEN: dict[str, Shown] = {
    "its second page answers 500": {"/environment/": FIRST, "/environment/?p=2": page("", "500 Internal Server Error")},
    "its second page is the first": {"/environment/": FIRST, "/environment/?p=2": FIRST},
    "its second page is sent to the front page": {"/environment/": FIRST, "/environment/?p=2": page("", "302 Found", "Location: /")},
    "its second page is sent to another column": {"/environment/": FIRST, "/environment/?p=2": page("", "302 Found", "Location: /news/"), "/news/": page(f"<h2>要闻</h2><ul>{others(6, 1, 5)}</ul>")},
    "its second page shows the front page": {"/environment/": FIRST, "/environment/?p=2": page("<h2>要闻</h2><ul>" + others(6, 1, 5).replace("/environment/", "/yw/") + "</ul>")},
    "its second page is empty": {"/environment/": FIRST, "/environment/?p=2": listed("")},
    "its second page says that there is nothing": {"/environment/": FIRST, "/environment/?p=2": EMPTY},
    "its second page asks for a code": {"/environment/": FIRST, "/environment/?p=2": page("<p>访问过于频繁，请输入验证码</p><input name=code>")},
    "its program dies amid the rows": {"/environment/": listed(others(9, 5) + "<b>Fatal error</b>: Out of memory in l.php on line 8")},
    "its program says so politely": {"/environment/": listed(others(9, 5), "<p>部分数据加载失败，请刷新</p>")},
    "its list breaks off": {"/environment/": listed(others(9, 5)).partition(b"</ul>")[0].replace(b"Content-Length", b"X-Length")},
    "it is sent to another column": {"/environment/": page("", "302 Found", "Location: /news/"), "/news/": page(f"<h2>要闻</h2><ul>{others(6, 1, 5)}</ul>")},
    "it shows the front page": {"/environment/": page("".join(f"<div><h3>{n}</h3><ul>{others(6, 1, 5).replace('/environment/', f'/{n}/')}</ul><a href='/{n}/'>更多</a></div>" for n in ("要闻", "公告", "部门")))},
    "it says that it has moved": {"/environment/": listed(OLD, "<p>本栏目自2015年7月15日起停止更新，新信息请到<a href='http://www.example.gov.cn/'>新版网站</a>查看</p>")},
    "it says so above its list": {"/environment/": page(f"<p>温馨提示：本栏目已迁移至新版网站</p><ul>{OLD}</ul>")},
    "it shows a copy of three days ago": {"/environment/": page(f"<ul>{OLD}</ul>", "200 OK", "Age: 259200", "X-Cache: HIT")},
    "it shows a copy that says that it is stale": {"/environment/": page(f"<ul>{OLD}</ul>", "200 OK", 'Warning: 110 cache "Response is Stale"')},
    "it is under maintenance at 200": {"/environment/": page("<h2>系统维护中</h2><p>网站正在升级维护，预计明日恢复访问</p>")},
    "its titles are unreadable": {"/environment/": listed(row("????????", "2015-07-20") + OLD), "/environment/a.html": article("????????", text="？？？？")},
    "its titles are broken letters": {"/environment/": listed(row("\ufffd\ufffd\ufffdˮ\ufffd\ufffd\ufffd", "2015-07-20") + OLD), "/environment/a.html": article("\ufffd\ufffd\ufffdˮ\ufffd\ufffd\ufffd")},
    "its rows are opened by a script": {"/environment/": listed("<li><a href='javascript:v(7)'>7月份水环境质量状况</a><span>2015-07-20</span></li>" + OLD)},
    "its list is in an application": {"/environment/": page("<div id='app'></div><script src='/js/app.js'></script>")},
    "it answers 200 with a fault of its database": {"/environment/": page("<p>Warning: mysql_connect(): Too many connections in /www/db.php on line 3</p>")},
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("way", NEVER_SEEN)
async def test_what_hides_a_report_accuses_nobody(way: str, tmp_path: Path, sqlite_url: str) -> None:
    async with county_showing(tmp_path, sqlite_url, NEVER_SEEN[way]) as county:
        await look(county, *LATER)
        assert status(county) == "unverifiable"
        told = [one for one in county.notices() if WATER in one]
        assert {one.split()[3] for one in told} <= {"reminder", "last-reminder", "unverifiable"}, told


#: name → what the site shows on 20 July, and what from the first look after the due day on.
SEEN_IN_TIME: dict[str, tuple[Shown, Shown]] = {
    "the list is down": ({}, {"/environment/": page("", "503 Service Unavailable")}),
    "the title is another": ({}, {"/environment/": listed(row("水质情况通报（七月）") + OLD), "/environment/a.html": article("水质情况通报（七月）")}),
    "the day is that of a migration": ({}, {"/environment/": listed(row(day="2015-08-15") + OLD.replace("2015-06", "2015-08")), "/environment/a.html": article(day="2015-08-15")}),
    "the list was moved, and with it the addresses": ({}, {"/environment/": listed(row(day="2015-08-15", url="/environment/n/1.html") + "".join(row(f"其他环境保护工作动态第6{n:02}期", "2015-08-15", f"/environment/n/{n}.html") for n in range(12, 6, -1))), "/environment/a.html": page("", "404 Not Found"), "/environment/n/1.html": article(day="2015-08-15")}),
    "the entry has fallen off the list": ({}, {"/environment/": listed(others(9, 5))}),
    "the article is under a guard": ({}, {"/environment/a.html": page("<script>document.cookie='a=1';location.reload();</script>")}),
    "the day has become a later one": ({}, {"/environment/": listed(row(day="2015-08-06") + OLD), "/environment/a.html": article(day="2015-08-06")}),
    "the day has become one to come": ({}, {"/environment/": listed(row(day="2051-07-20") + OLD), "/environment/a.html": article(day="2051-07-20")}),
    "it was put up anew with a sentence more": ({"/environment/": listed(row(JUNE) + OLD), "/environment/a.html": article(JUNE, text=TWELVE)}, {"/environment/": listed(row(JUNE, "2015-08-03", "/environment/b.html") + OLD), "/environment/a.html": page("", "404 Not Found"), "/environment/b.html": article(JUNE, "2015-08-03", f"{TWELVE}城关断面由四类改善为三类，特此补充。")}),
    "it was never dated": ({"/environment/": listed(row(day="") + OLD), "/environment/a.html": page(f"<h1>{TITLE}</h1><div id='zoom'><p>全县水环境质量良好，各断面达标。</p></div>")}, {}),
    "it bears a day to come": ({"/environment/": listed(row(day="2051-07-20") + OLD), "/environment/a.html": article(day="2051-07-20")}, {}),
    "it bears the year before": ({"/environment/": listed(row(day="2014-07-20") + OLD), "/environment/a.html": article(day="2014-07-20")}, {}),
    "it is printed with blanks and wide digits": ({"/environment/": listed(row("７月份 水 环 境 质量状况") + OLD), "/environment/a.html": article("７月份 水 环 境 质量状况")}, {}),
}  # fmt: skip


#: Of these a person decides.
ASKED = {"it bears the year before"}


@pytest.mark.sampled(4)
@pytest.mark.parametrize("way", SEEN_IN_TIME)
async def test_what_was_seen_in_time_stays_in_time(way: str, tmp_path: Path, sqlite_url: str) -> None:
    first, then = SEEN_IN_TIME[way]
    shown: Shown = {"/environment/": listed(OLD)}
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-07-17", "2015-07-18")
        shown |= {"/environment/": listed(row() + OLD), "/environment/a.html": article()} | first
        await look(county, "2015-07-20", "2015-07-21")
        shown |= then
        await look(county, *LATER)
        assert status(county) == ("unverifiable" if way in ASKED else "met")
        blamed = [
            one
            for one in county.notices()
            if WATER in one and one.split()[3] in ("overdue", "to-lead", "to-county-office")
        ]
        assert blamed == []


OTHER = "本页内容已调整，现公布全县森林防火有关要求，请各乡镇遵照执行。"
#: name → what the site shows from the first look after the due day on: what was published is there no more.
TAKEN_BACK: dict[str, tuple[Shown, str]] = {
    "the article is deleted": ({"/environment/": listed(OLD), "/environment/a.html": page("", "404 Not Found")}, "incomplete"),
    "another text bears its title elsewhere": ({"/environment/": listed(row(url="/environment/b.html", day="2015-08-03") + OLD), "/environment/a.html": page("", "404 Not Found"), "/environment/b.html": article(day="2015-08-03", text=OTHER)}, "incomplete"),
    "its address holds another article": ({"/environment/": listed(row("森林防火有关要求") + OLD), "/environment/a.html": article("森林防火有关要求", text=OTHER)}, "incomplete"),
}  # fmt: skip


@pytest.mark.parametrize("way", TAKEN_BACK)
async def test_what_is_taken_back_is_not_proved_by_what_it_was(way: str, tmp_path: Path, sqlite_url: str) -> None:
    then, expected = TAKEN_BACK[way]
    shown: Shown = {"/environment/": listed(row() + OLD), "/environment/a.html": article()}
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-07-20", "2015-07-21")
        shown |= then
        await look(county, *LATER)
        assert status(county) == expected


QUARTER = "二季度社会保险情况"
#: name → what the new address of a report answers, whose old one is gone.
UNREAD = {
    "it cannot be asked": page("", "503 Service Unavailable"),
    "it refuses": page("禁止访问", "403 Forbidden"),
    "a guard stands before it": page("<script>document.cookie='a=1';location.reload();</script>"),
}


@pytest.mark.parametrize("way", UNREAD)
async def test_what_stands_unread_at_a_new_address_is_not_called_taken_down(
    way: str, tmp_path: Path, sqlite_url: str
) -> None:
    old, new = "/insurance/a.html", "/insurance/b.html"
    text = "一、参保情况。全县参保人数12345人。二、基金收支。基金收入2345万元，支出2100万元。"
    shown: Shown = {"/insurance/": listed(row(QUARTER, url=old) + OLD), old: article(QUARTER, text=text)}
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-07-20", "2015-07-21")
        assert status(county, INSURANCE) == "met"
        shown |= {"/insurance/": listed(row(QUARTER, url=new) + OLD), old: page("", "404 Not Found"), new: UNREAD[way]}
        await look(county, "2015-10-08", "2015-10-12", "2015-10-20")
        assert status(county, INSURANCE) == "unverifiable"
        told = {one.split()[3] for one in county.notices() if INSURANCE in one}
        assert told <= {"reminder", "last-reminder", "unverifiable"}, told
        shown |= {new: article(QUARTER, "2015-10-08", text)}
        await look(county, "2015-10-21")
        assert status(county, INSURANCE) == "met"


async def test_the_office_hears_of_what_is_gone_where_its_list_cannot_show_more(
    tmp_path: Path, sqlite_url: str
) -> None:
    """The one page of a list, of which nobody has said that it is all, shows of a thing owed once what it has."""
    title, url = "科技局权力清单", "/powers/a.html"
    shown: Shown = {"/powers/": listed(row(title, "2015-09-10", url) + OLD), url: article(title, "2015-09-10")}
    async with county_showing(tmp_path, sqlite_url, shown) as county:
        await look(county, "2015-09-10", "2015-09-11")
        shown |= {"/powers/": listed(OLD), url: page("", "404 Not Found")}
        await look(county, "2015-10-08", "2015-10-12", "2015-10-20")
        assert status(county, "powers/keji/once") == "incomplete"
        told = [one.split()[3:] for one in county.notices() if "powers/keji" in one and "reminder" not in one]
        assert told == [["reopened.waits", "county-office", "sent"]]


async def test_what_nobody_published_is_overdue_on_a_site_that_is_well(tmp_path: Path, sqlite_url: str) -> None:
    async with county_showing(tmp_path, sqlite_url, {"/environment/": listed(others(9, 5) + OLD)}) as county:
        await look(county, *LATER)
        assert status(county) == "overdue"

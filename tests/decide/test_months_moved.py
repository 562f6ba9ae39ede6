"""Months of a county site that moves, is built anew, joined or led elsewhere: who is told what in the end."""
# ruff: noqa: E501  (a row of a table is easier to read whole)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.decide.over_time import Case, Pages, Row, article, column, listing, new_frame, old_frame, other_news, run
from tests.decide.over_time_rules import COUNTY, RULES

H, T = "/hjbh/", "环境保护"
JULY = Row("2015-07-20 09:12", "6月份水环境质量状况")
AUGUST = Row("2015-08-18 10:05", "7月份水环境质量状况")
W7, W8, W9 = "water/huanbao/2015-07", "water/huanbao/2015-08", "water/huanbao/2015-09"
NEW_SITE = """\
  new-site:
    base: OTHER
    own: true
    columns:
      hjbh: {title: 环境保护, url: /new/hjbh/}
"""
HOSTS = "hosts: [localhost]\n"


def env(until: str, *more: Row, where: str = H, title: str = T, **how: object) -> Pages:
    return column(where, title, [*other_news("环保", until), *more], **how)  # type: ignore[arg-type]


def anew(until: str, *more: Row, day: str = "") -> Pages:
    """The column after it was built anew: the same articles at other addresses, the old addresses empty."""
    kept = [*other_news("环保", "2015-08-04"), JULY]
    moved = [
        replace(one, path=f"/art/2015/{n}.html", day=f"{day} 00:00" if day else one.day) for n, one in enumerate(kept)
    ]
    gone: Pages = dict.fromkeys(set(env("2015-08-04", JULY)) - {H})
    return gone | column(H, T, [*other_news("环保", until, "2015-08-05"), *moved, *more], new_frame)


BANNER = "<div class='top'><a href='http://www.qinghe.example/'>清河县人民政府网站全新改版，本站停止更新，点击进入新版网站</a></div><div class='position'>"
JOINT = [
    *other_news("环保", "2015-10-20"),
    *other_news("低保", "2015-10-18", every=7),
    *other_news("教育", "2015-10-19", every=6),
]
PARTS = "<h2>环境保护</h2><ul class='lanmu'><li><a href='/hjbh/shj/'>水环境</a></li><li><a href='/hjbh/dq/'>大气环境</a></li><li><a href='/hjbh/zr/'>自然生态</a></li></ul>"
MORE = "<div class='more'><a href='/hjbh/list/'>更多&gt;&gt;</a></div>"
ROBOTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nUser-agent: *\nDisallow: /\n"

CASES = {
    "the old address leads to the new one": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-18", {H: ("301 Moved Permanently", "/sthj/")} | env("2015-07-14", where="/sthj/", frame=new_frame)), ("07-20", env("2015-08-08", JULY, where="/sthj/", frame=new_frame))],
        "07-10 07-17 07-21 08-03 08-10",
        {W7: "met"},
    ),
    "the old address leads to the new one, where nothing is": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-18", {H: ("301 Moved Permanently", "/sthj/")} | env("2015-08-08", where="/sthj/", frame=new_frame))],
        "07-10 07-17 07-21 08-03 08-10",
        {W7: "overdue"},
    ),
    "nobody is led from the old address": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-18", {H: None} | env("2015-08-08", JULY, where="/sthj/", frame=new_frame))],
        "07-10 07-17 07-21 08-03 08-10 09-02",
        {W7: "unverifiable", W8: "unverifiable"},
        faults=True,
    ),
    "all is built anew": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-20", env("2015-08-04", JULY)), ("08-05", anew("2015-08-05")), ("08-18", anew("2015-08-28", AUGUST)), ("09-20", anew("2015-10-10", AUGUST))],
        "07-10 07-21 08-03 08-06 08-07 08-19 09-01 09-21 10-08 10-12",
        {W7: "met", W8: "met", W9: "overdue"},
    ),
    "all is built anew and bears the day of that": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-20", env("2015-08-04", JULY)), ("08-05", anew("2015-08-05", day="2015-08-05")), ("08-18", anew("2015-08-28", AUGUST, day="2015-08-05")), ("10-08", anew("2015-10-10", AUGUST, Row("2015-10-08 16:00", "8月份水环境质量状况"), day="2015-08-05"))],
        "07-10 07-21 08-03 08-06 08-19 09-01 10-02 10-09",
        {W7: "met", W8: "met", W9: "met-late"},
    ),
    "the head of every old page says that there is a new site": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-18", {H: listing(H, T, other_news("环保", "2015-07-14"), swap=("<div class='position'>", BANNER))} | env("2015-08-08", JULY, where="/sthj/"))],
        "07-10 07-19 08-03 08-10",
        {W7: "unverifiable"},
        faults=True,
    ),
    "two columns were joined in one of many departments": Case(
        ["water", "relief"],
        [("07-01", env("2015-07-14") | column("/shjz/", "社会救助", other_news("低保", "2015-07-14", every=7))), ("07-18", {H: ("302 Found", "/zwgk/"), "/shjz/": ("302 Found", "/zwgk/")} | column("/zwgk/", "政务公开", [*JOINT, replace(JULY, source="环保局")]))],
        "07-10 07-21 08-03 08-10 10-08 10-12",
        {W7: "met|unverifiable", "relief/minzheng/2015-Q3": "unverifiable|overdue"},
    ),
    "many departments publish in one column": Case(
        ["water", "relief"],
        [("07-01", column("/zwgk/", "政务公开", [*JOINT[6:], replace(JULY, source="环保局")]))],
        "07-10 07-21 08-03 08-10 10-08 10-12",
        {W7: "met", W8: "overdue", "relief/minzheng/2015-Q3": "overdue"},
        swap={"url: /hjbh/": "url: /zwgk/", "url: /shjz/": "url: /zwgk/"},
    ),
    "its pages are counted in another way": Case(
        ["water"],
        [("07-01", env("2015-07-14", per=10)), ("08-05", env("2015-08-28", JULY, per=6, further="index_{n}.html"))],
        "07-10 08-06 08-10 09-01 09-08",
        {W7: "met", W8: "overdue"},
    ),
    "its pages are counted from nought": Case(
        ["water"],
        [("07-01", env("2015-07-14", per=6, first=H + "index.html", further="list_{n}.htm") | {H: listing(H, T, other_news("环保", "2015-07-14")[:6], under="<a href='list_2.htm'>2</a> <a href='list_2.htm'>下页</a>")}), ("08-05", env("2015-09-12", JULY, AUGUST, per=5, further="default.aspx?p={n}"))],
        "07-10 08-06 08-10 09-15",
        {W7: "met", W8: "met"},
    ),
    "the new site has it, the old one stands still": Case(
        ["water-anywhere"],
        [("07-01", env("2015-07-14") | env("2015-07-29", JULY, where="/new/hjbh/", frame=new_frame))],
        "07-10 07-21 08-03 08-10",
        {W7: "met"},
        channels=NEW_SITE,
    ),
    "neither site has it": Case(
        ["water-anywhere"],
        [("07-01", env("2015-07-14") | env("2015-08-08", where="/new/hjbh/", frame=new_frame))],
        "07-10 07-21 08-03 08-10",
        {W7: "overdue"},
        channels=NEW_SITE,
    ),
    "the old site has it not, the new one is down": Case(
        ["water-anywhere"],
        [("07-01", env("2015-07-14")), ("07-01", {"/new/hjbh/": 503})],
        "07-10 07-21 08-03 08-10",
        {W7: "unverifiable"},
        channels=NEW_SITE,
        faults=True,
    ),
    "it leads to another host that the county lists": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-18", {H: ("301 Moved Permanently", "OTHER/sthj/")} | env("2015-08-08", JULY, where="/sthj/", frame=new_frame))],
        "07-10 07-21 08-03 08-10 09-02",
        {W7: "met", W8: "overdue"},
        county=HOSTS,
    ),
    "it leads to a host that nobody listed": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-18", {H: ("301 Moved Permanently", "OTHER/sthj/")} | env("2015-08-08", JULY, where="/sthj/"))],
        "07-10 07-21 08-03 08-10",
        {W7: "unverifiable"},
        faults=True,
    ),
    "it leads to https, where nobody is understood": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-18", {H: ("301 Moved Permanently", "TLS/hjbh/")})],
        "07-10 07-21 08-03 08-10",
        {W7: "unverifiable"},
        faults=True,
    ),
    "it forbids robots from one day to the next": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-25", env("2015-08-08", JULY) | {"/robots.txt": ROBOTS})],
        "07-10 07-21 08-03 08-10",
        {W7: "unverifiable"},
        own=False,
        faults=True,
    ),
    "its links go to the other name of the host": Case(
        ["water"],
        [
            ("07-01", env("2015-07-14")),
            ("07-20", env("2015-07-30", replace(JULY, href="BASE/hjbh/9.html")) | {"/hjbh/9.html": article(JULY)}),
            ("08-05", env("2015-08-20", replace(JULY, href="OTHER/hjbh/9.html"), replace(AUGUST, href="OTHER/hjbh/12.html")) | {"/hjbh/12.html": article(AUGUST)}),
        ],
        "07-10 07-21 08-03 08-06 08-19 09-02",
        {W7: "met", W8: "met"},
        county=HOSTS,
    ),
    "the column has another name": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-18", env("2015-08-28", JULY, title="生态环境信息", frame=new_frame))],
        "07-10 07-21 08-03 09-01 09-07",
        {W7: "met", W8: "overdue"},
    ),
    "the column has become a list of columns": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-18", {H: old_frame(T, PARTS)} | env("2015-08-08", JULY, where="/hjbh/shj/", title="水环境"))],
        "07-10 07-19 08-03 08-10",
        {W7: "unverifiable"},
        faults=True,
    ),
    "only the newest stand there, with a link to all": Case(
        ["water"],
        [("07-01", env("2015-10-10", JULY, where="/hjbh/list/") | {H: listing(H, T, other_news("环保", "2015-10-10")[:8], under=MORE)})],
        "09-20 10-12",
        {W7: "met|unverifiable"},
    ),
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", CASES)
async def test_a_site_that_moves(name: str, tmp_path: Path, sqlite_url: str) -> None:
    assert await run(CASES[name], tmp_path, sqlite_url, RULES, COUNTY) == []

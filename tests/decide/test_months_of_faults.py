"""Months of a county site that fails for hours, days or weeks around due days: who is told what in the end."""
# ruff: noqa: E501  (a row of a table is easier to read whole)

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.decide.over_time import (
    SAID,
    Case,
    Pages,
    Row,
    article,
    column,
    listing,
    old_frame,
    other_news,
    row_html,
    run,
)
from tests.decide.over_time_rules import COUNTY, RULES

H, T = "/hjbh/", "环境保护"
JULY = Row("2015-07-20 09:12", "6月份水环境质量状况")
LAST = Row("2015-07-31 16:20", "6月份水环境质量状况")
W7 = "water/huanbao/2015-07"


def env(until: str, *more: Row, **how: object) -> Pages:
    return column(H, T, [*other_news("环保", until), *more], **how)  # type: ignore[arg-type]


def env_of(day: str) -> Pages:
    return column(H, T, other_news("环保", f"2015-{day}", "2015-06-28", 1))


def shows(body: str) -> Pages:
    return {H: old_frame(T, f"<h2>{T}</h2>{body}")}


def raw(content: str, kind: str = "text/html; charset=utf-8") -> bytes:
    """A whole answer that ends where the server hangs up, whatever was to come."""
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n{content}".encode()


def cut(rows: list[Row], after: int) -> Pages:
    """The column's page as far as its row number `after`."""
    whole = str(listing(H, T, rows)("2015-12-31"))  # type: ignore[operator]
    return {H: raw(whole[: whole.index(row_html(H, rows[after])) + 60])}


def feed(*rows: tuple[str, str]) -> Pages:
    items = "".join(
        f"<item><title>{title}</title><link>BASE/hjbh/{len(title)}.html</link><pubDate>{day}</pubDate></item>"
        for title, day in rows
    )
    return {
        H: f"<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>环境保护</title><link>BASE/hjbh/</link>{items}</channel></rss>"
    }


OLD = env("2015-07-29")
WHOLE = env("2015-08-28")
PUZZLE = b"HTTP/1.1 521 \r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<script>document.cookie='__jsl_clearance=1|0|a';location.href=location.pathname</script>"
AUGUST = [*other_news("环保", "2015-08-08", "2015-08-01", 1), JULY, *other_news("环保", "2015-07-14")]
BUSY = other_news("环保", "2015-08-16", "2015-08-02", 1)
PINNED = [
    Row("2013-05-20", "环境违法行为有奖举报办法", path="~p1.html"),
    Row("2014-02-11", "排污许可证办理须知", path="~p2.html"),
    Row("2014-09-03", "环保局机关电话一览", path="~p3.html"),
]
BLANK = "<ul class='list'>" + "<li><a href='' title=''></a><span></span></li>" * 10 + "</ul>"
RELIEF = Row("2015-07-10 09:00", "2015年上半年社会救助情况", "全县城乡低保对象8,214户；医疗救助312人次；临时救助57户。")
RESCUE = column("/shjz/", "社会救助", [*other_news("救助", "2015-07-29"), RELIEF])
MAINTAINED = (
    "<div class='tip'><h3>系统维护公告</h3><p>为保障系统稳定运行，每日0:00至2:00进行例行维护，期间暂停访问。</p></div>"
)

CASES = {
    "down over the due day, and then it stands there": Case(
        ["water"],
        [("07-01", OLD), ("08-01", {H: 503}), ("08-05", env("2015-08-03", LAST))],
        "07-21 07-31T08:00 08-01 08-03 08-04 08-05 08-10",
        {W7: "met"},
        faults=True,
    ),
    "guarded every other time, and nothing there": Case(
        ["water"],
        [("07-01", OLD), ("08-03", {H: PUZZLE}), ("08-04", WHOLE), ("08-05", {H: PUZZLE}), ("08-06", WHOLE), ("08-10", {H: PUZZLE})],
        "07-31 08-03 08-04 08-05 08-06 08-10",
        {W7: "overdue"},
    ),
    "down before the due day and for good": Case(
        ["water"], [("07-01", OLD), ("07-25", {H: 503})], "07-21 07-27 08-03 08-10 09-02", {W7: "unverifiable", "water/huanbao/2015-08": "unverifiable"}, faults=True
    ),
    "its answer breaks off above the row": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("08-08", column(H, T, AUGUST) | cut(AUGUST, 5)), ("08-20", column(H, T, AUGUST))],
        "07-17 08-10 08-11 08-12 08-20",
        {W7: "met"},
    ),
    "its answer breaks off, and whole it has no such row": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("08-03", cut(other_news("环保", "2015-08-03"), 4)), ("08-06", WHOLE)],
        "07-17 08-03 08-05 08-06 08-10",
        {W7: "overdue"},
    ),
    "for an hour it says that there is nothing": Case(
        ["water"],
        [("07-01", OLD), ("08-02", shows("<p>暂无信息</p>")), ("08-03T10:00", env("2015-08-03", LAST))],
        "07-17 07-31T08:00 08-03T08:40 08-03T10:10 08-10",
        {W7: "met"},
    ),
    "for a day it has its first row alone": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-20", env("2015-07-29", JULY)), ("08-03", {H: listing(H, T, other_news("环保", "2015-08-03")[:1])}), ("08-04", env("2015-08-03", JULY))],
        "07-17 08-03 08-04 08-10",
        {W7: "met"},
    ),
    "for a day its rows are blank": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-20", env("2015-07-29", JULY)), ("08-03", shows(BLANK)), ("08-04", env("2015-08-03", JULY))],
        "07-17 08-03 08-04 08-10",
        {W7: "met"},
    ),
    "for a day its frame is there and no list": Case(
        ["water"],
        [("07-01", env("2015-07-14")), ("07-20", env("2015-07-29", JULY)), ("08-03", shows("<ul class='list'></ul><div class='page'>共0条</div>")), ("08-04", env("2015-08-03", JULY))],
        "07-17 08-03 08-04 08-10",
        {W7: "met"},
    ),
    "slower than anybody waits": Case(["water"], [("07-01", OLD), ("07-31", {H: 9.9})], "07-17 08-03 08-10", {W7: "unverifiable"}, faults=True),
    "it rests at night": Case(
        ["water"],
        [("07-01", OLD), ("08-01T00:00", {H: old_frame("系统维护", MAINTAINED)}), ("08-01T02:00", env("2015-08-03", LAST))],
        "07-31T00:30 08-01T00:30 08-03T00:30 08-03 08-04",
        {W7: "met"},
    ),
    "its feed tells universal time, a quarter past one at home": Case(
        ["water"],
        [("07-01", feed(("环保工作简报（第7期）", "Mon, 06 Jul 2015 01:00:00 GMT"))), ("08-01T01:30", feed(("6月份水环境质量状况", "Fri, 31 Jul 2015 17:15:00 GMT"), ("环保工作简报（第7期）", "Mon, 06 Jul 2015 01:00:00 GMT")) | {"/hjbh/10.html": article(Row("2015-08-01 01:15", "6月份水环境质量状况"))})],
        "07-17 07-31 08-01 08-03",
        {W7: "met-late"},
    ),
    "its feed tells universal time, shortly before midnight at home": Case(
        ["water"],
        [("07-01", feed(("环保工作简报（第7期）", "Mon, 06 Jul 2015 01:00:00 GMT"))), ("07-31T23:30", feed(("6月份水环境质量状况", "Fri, 31 Jul 2015 15:20:00 GMT"), ("环保工作简报（第7期）", "Mon, 06 Jul 2015 01:00:00 GMT")) | {"/hjbh/10.html": article(Row("2015-07-31 23:20", "6月份水环境质量状况"))})],
        "07-17 07-31 08-01 08-03",
        {W7: "met"},
    ),
    "its clock is eight hours ahead": Case(
        ["water"], [("07-01", OLD), ("07-31T20:30", env("2015-07-29", replace(LAST, day="2015-08-01 04:30", ahead=True)))], "07-17 07-31T21:00 08-01 08-03", {W7: "met"}
    ),
    "its clock is eight hours behind": Case(
        ["water"],
        [("07-01", OLD), ("08-01T06:00", env("2015-07-29", replace(LAST, day="2015-07-31 22:00")))],
        "07-17 07-31T23:30 08-01 08-03",
        {W7: "met-disputed"},
    ),
    "back after a month, with a day that was late": Case(
        ["water"], [("07-01", OLD), ("07-31", {H: 502}), ("09-01", env("2015-08-28", replace(LAST, day="2015-08-10 10:00")))], "07-17 08-03 08-20 09-01", {W7: "met-late"}
    ),
    "back after weeks, with a day that it had not then": Case(
        ["water"],
        [("07-01", OLD), ("07-31", {H: 502}), ("08-21", env("2015-08-18", replace(LAST, day="2015-07-28 10:00")))],
        "07-17 07-30 07-31 08-03 08-21 08-24",
        {W7: "met-disputed"},
    ),
    "back after weeks, with the day of the last look": Case(
        ["water"], [("07-01", OLD), ("07-31", {H: 502}), ("08-21", env("2015-08-18", replace(LAST, day="2015-07-30")))], "07-17 07-30 07-31 08-03 08-21", {W7: "met"}
    ),
    "old notices are pinned above, and the row is on a later page": Case(
        ["water"], [("07-01", column(H, T, [*PINNED, *other_news("环保", "2015-08-13")[:9], JULY, *other_news("环保", "2015-06-24")], per=8, sort=False))], "07-17 08-03 08-14", {W7: "met"}
    ),
    "old notices are pinned above, and there is no such row": Case(
        ["water"],
        [("07-01", column(H, T, [*PINNED, *other_news("环保", "2015-07-14")], per=8, sort=False)), ("08-01", column(H, T, [*PINNED, *other_news("环保", "2015-08-13")], per=8, sort=False))],
        "07-17 08-03 08-14",
        {W7: "overdue"},
    ),
    "it shows the newest fifteen of a busy column": Case(
        ["water"], [("07-01", column(H, T, [*BUSY, JULY]) | {H: listing(H, T, BUSY)})], "08-17 08-18", {W7: "unverifiable"}
    ),
    "it shows the newest fifteen, and saw all days": Case(
        ["water"],
        [("07-01", column(H, T, other_news("环保", "2015-07-12", "2015-06-28", 1))), *((day, env_of(day) | {H: listing(H, T, other_news("环保", f"2015-{day}", "2015-06-28", 1)[:15])}) for day in ("07-20", "07-30", "08-03"))],
        "07-12 07-20 07-30 08-03 08-04",
        {W7: "unverifiable"},
    ),
    "it has only a form to search": Case(
        ["water"],
        [("07-01", OLD), ("07-25", shows("<form action='/search.do' method='post'>关键字：<input name='kw'> 起止日期：<input name='b'>-<input name='e'> <input type='submit' value='查询'></form>"))],
        "07-21 08-03 08-10",
        {W7: "unverifiable"},
        faults=True,
    ),
    "one of its two servers shows a copy of two weeks ago": Case(
        ["water"],
        [("07-01", env("2015-08-28", replace(LAST, day="2015-07-30 16:20"))), ("08-03", {H: listing(H, T, other_news("环保", "2015-07-14"))}), ("08-04", env("2015-08-28", replace(LAST, day="2015-07-30 16:20"))), ("08-05", {H: listing(H, T, other_news("环保", "2015-07-14"))})],
        "07-17 07-28 08-03 08-04 08-05 08-06 08-10",
        {W7: "met"},
    ),
    "every row stands there twice": Case(
        ["water"],
        [("07-01", OLD), ("08-01", WHOLE | {H: listing(H, T, [one for row in other_news("环保", "2015-08-28") for one in (row, row)])})],
        "07-21 08-03 08-10",
        {W7: "overdue"},
    ),
    "it bars us from the due day on": Case(
        ["water"], [("07-01", OLD), ("07-31T10:00", env("2015-07-29", LAST) | {H: 403})], "07-21 07-31 08-03 08-10 09-01", {W7: "unverifiable"}, faults=True
    ),
    "not found for three days, then there without the row": Case(
        ["water"], [("07-01", OLD), ("08-01", {H: None}), ("08-06", WHOLE)], "07-21 08-03 08-04 08-06 08-10", {W7: "overdue"}
    ),
    "its article cannot be opened": Case(
        ["relief"],
        [("07-01", RESCUE | {"/shjz/" + name.rpartition("/")[2]: 403 for name in column("/shjz/", "", [RELIEF]) if name.endswith("html")})],
        "07-11 08-03 10-02 10-08",
        {"relief/minzheng/2015-Q3": "unverifiable"},
    ),
    "too many requests, then there without the row": Case(
        ["water"],
        [("07-01", OLD), ("08-01", shows(f"<p>您的访问过于频繁，请稍后再试</p><!--{SAID}-->")), ("08-07", WHOLE)],
        "07-21 08-03 08-05 08-07 08-10",
        {W7: "overdue"},
    ),
    "one page of it cannot be had for days, and the row is there": Case(
        ["water"],
        [("07-01", env("2015-09-02", JULY, per=3)), ("08-01", {f"{H}?page=2": 500}), ("08-12", env("2015-09-02", JULY, per=3))],
        "08-03 08-05 08-07 08-12",
        {W7: "met"},
    ),
    "one page of it cannot be had for days, and the row is nowhere": Case(
        ["water"],
        [("08-01", env("2015-09-02", per=3) | {f"{H}?page=2": 500}), ("08-12", env("2015-09-02", per=3))],
        "08-03 08-05 08-07 08-12",
        {W7: "overdue"},
    ),
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", CASES)
async def test_a_site_that_fails_for_a_while(name: str, tmp_path: Path, sqlite_url: str) -> None:
    assert await run(CASES[name], tmp_path, sqlite_url, RULES, COUNTY) == []

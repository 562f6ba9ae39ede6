"""The page's own clock is no date of an entry, and what stands beside it is no list."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing

PageOf = Callable[..., Page]

CLOCKS = {
    "named": '<time class="clock" datetime="2015-09-30T08:30">2015-09-30</time>',
    "named otherwise": '<span id="nowTime">2015-03-02</span>',
    "weather": '<p class="tianqi">2015年9月29日</p>',
    "day of the week": "<span>2015年9月30日</span><span>星期三</span>",
    "greeting": "<b>您好，欢迎访问</b><i>2015-09-30</i>",
    "nothing but today": "<span>2015-09-30</span>",
    "yesterday's copy": "<em>2015.09.29</em> 周二",
    "no year": "<em>09月30日</em>",
}
LINKS = [
    '<a href="/wap/">手机版</a>',
    '<a href="#">设为首页</a> | <a href="/wza/">无障碍阅读</a> | <a href="/login">登录</a>',
]


@pytest.mark.parametrize("links", LINKS, ids=["one", "several"])
@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)
def test_a_clock_dates_no_entry(clock: str, links: str, page_of: PageOf) -> None:
    html = f"<html><head><title>人事任免</title></head><body><div class='t'>{clock} <span>{links}</span></div><div class='m'><h2>人事任免</h2><ul></ul>{{}}</div></body></html>"
    silent = parse_listing(page_of(html.format("")))
    assert (silent.understood, silent.sightings) == (False, ())
    empty = parse_listing(page_of(html.format("<p>暂无信息</p>")))
    assert (empty.dialect, empty.sightings) == ("empty", ())


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ('<a href="/hjbh/1.html">权力清单</a><span>2015-09-30</span>', "权力清单"),
        ('<a href="/hjbh/zxqd/">关于公布权责清单的公告</a><span>2015-09-30</span>', "关于公布权责清单的公告"),
        ('<a href="/hjbh/qd/">权力清单</a><span>2015-09-18</span><i>星期五</i>', "权力清单"),
        ('<a href="/hjbh/9.html">星期三起恢复供水</a><span>2015-09-30</span>', "星期三起恢复供水"),
    ],
)
def test_a_lone_entry_of_today_is_one(row: str, title: str, page_of: PageOf) -> None:
    html = f"<html><body><div class='m'><h2>公告</h2><ul><li>{row}</li></ul></div></body></html>"
    listing = parse_listing(page_of(html))
    assert [one.title for one in listing.sightings] == [title]
    assert isinstance(listing.sightings[0].claimed, date)

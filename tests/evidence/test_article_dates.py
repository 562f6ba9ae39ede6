"""The day of publication on bare and hostile pages: where it may stand, and what is never it. Read on 30 September 2015."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from tracker.core.values.facts import Moment
from tracker.evidence.article.read import parse_article
from tracker.evidence.page.parsed import Page

PageOf = Callable[..., Page]
ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2015, 9, 25)
AT = datetime(2015, 9, 25, 9, 30, tzinfo=ZONE)
TEXT = (
    "<p>各乡镇人民政府：经研究，定于2015年9月28日召开会议，请于2015年9月27日前报名。会议时间：2015年9月28日9时。</p>"
    "<p>请准时参加会议并做好准备工作，具体要求另行通知。</p>"
)


def bare(above: str = "", after: str = "", *, head: str = "", before: str = "") -> str:
    """A page without any names of places: a title, something under it, two paragraphs, something after them."""
    return f"<html><head><title>会议通知</title>{head}</head><body>{before}<h1>会议通知</h1>{above}{TEXT}{after}</body></html>"


def boxed(above: str = "", after: str = "", *, head: str = "", text: str = "") -> str:
    """The same with a place for the text."""
    return f"<html><head><title>会议通知</title>{head}</head><body><h1>会议通知</h1>{above}<div id=zoom>{TEXT}{text}</div>{after}</body></html>"


FOUND: dict[str, tuple[str, Moment, str]] = {
    "label": (bare("<p>发布时间：2015-09-25</p>"), DAY, "line"),
    "label in brackets": (bare("<p>【发布日期：2015-09-25】 【字体：大 中 小】</p>"), DAY, "line"),
    "label with air": (bare("<p>日　　期：[2015-09-25]　来　源：县府办</p>"), DAY, "line"),
    "compact": (bare("<p>发布时间：20150925 来源：县府办</p>"), DAY, "line"),
    "with its weekday": (bare("<p>发布时间：2015年9月25日 星期五</p>"), DAY, "line"),
    "office and day": (bare("<p>县政府办 2015-09-25</p>"), DAY, "line"),
    "day and office": (bare("<p>2015年9月25日　县政府办公室</p>"), DAY, "line"),
    "day, hour and author": (bare("<p>[ 2015-9-25 9:30:00 | By: 县府办 ]</p>"), AT, "line"),
    "alone in brackets": (bare("<font size=2>(2015-09-25)</font><br>"), DAY, "line"),
    "day over month": (bare("<div><b>25</b><span>2015-09</span></div>"), DAY, "line"),
    "published on": (bare("<p>2015-09-25 发布　阅读 31</p>"), DAY, "line"),
    "uploaded": (bare("<p>作者：admin 上传于 2015/9/25</p>"), DAY, "line"),
    "at the foot of the text": (bare(after="<p>上传时间：2015-09-25 上传人：admin</p>"), DAY, "line"),
    "title in the window only": (
        f"<html><title>会议通知</title><body><div>2015-09-25 09:30 来源：县府办</div><div class=nr>{TEXT}</div></body></html>", AT, "line",
    ),
    "written by a script": (bare('<p>发布时间：<script>document.write("2015-09-25")</script></p>'), DAY, "line"),
    "in a cell": (bare("<table><tr><td>发布时间</td><td>2015-09-25</td><td>来源</td><td>县府办</td></tr></table>"), DAY, "catalogue"),
    "dl": (bare("<dl><dt>成文日期</dt><dd>2015-09-20</dd><dt>发布日期</dt><dd>2015-09-25</dd></dl>"), DAY, "catalogue"),
    "grid of boxes": (bare("<div><div>成文日期</div><div>2015-09-20</div></div><div><div>发布日期</div><div>2015-09-25</div></div>"), DAY, "catalogue"),
    "heads above values": (
        bare("<table><tr><th>索引号</th><th>发布机构</th><th>成文日期</th><th>发布日期</th></tr><tr><td>X-1</td><td>县府办</td><td>2015-09-20</td><td>2015-09-25</td></tr></table>"), DAY, "catalogue",
    ),
    "time element": (bare("<div><time datetime='2015-09-25'>上周五</time></div>"), DAY, "data"),
    "microdata": (boxed("<span itemprop=datePublished content='2015-09-25T01:30:00Z'></span>"), AT, "data"),
    "json-ld": (
        boxed(head="""<script type="application/ld+json">{"comment": [{"@type": "Comment", "datePublished": "2015-09-29"}],
        "@graph": [{"@type": "NewsArticle", "datePublished": "2015-09-25T01:30:00Z"}]}</script>"""), AT, "data",
    ),
    "a script's variable": (boxed(head='<script>var pubDate = "2015-09-25 09:30";</script>'), AT, "data"),
    "signed": (boxed(text="<p align=right>样例县环保局</p><p align=right>二〇一五年九月二十五日</p><p>附件：1.表</p>"), DAY, "signature"),
    "signed in one line": (boxed(text="<p>样例县环保局　2015年9月25日</p><p>（此件公开发布）</p>"), DAY, "signature"),
    "signed, then printed": (
        boxed(text="<p>样例县环保局</p><p>2015年9月25日</p><p>抄送：县委办</p><p>样例县环保局办公室　　2015年9月26日印发</p>"), DAY, "signature",
    ),
    "label in brackets of its own": (bare("<p>【生成日期】2015-09-20 【发布日期】2015-09-25</p>"), DAY, "line"),
    "renewed, then first published": (bare("<p>最近修改：2015-09-28</p><p>首次发布：2015-09-25</p>"), DAY, "line"),
    "nothing but renewed": (bare("<p>最后修改 2015-09-25　来源：县府办</p>"), DAY, "line"),
    "written by a script with its label": (bare("<div><script>document.writeln('<b>录入时间：2015/9/25 9:30');</script></div>"), AT, "line"),
    "how long ago, and when": (bare("<p><em title='2015-09-25 09:30'>5天前</em> 县府办</p>"), AT, "data"),
    "for a script to print": (bare("<p><i data-timestamp='2015-09-25T01:30:00Z'></i></p>"), AT, "data"),
    "signed with a nought": (boxed(text="<p>样例县环保局</p><p>二0一五年九月二十五日</p>"), DAY, "signature"),
    "seconds since 1970": (boxed(head="<script>var publish_time = 1443144600;</script>"), AT, "data"),
    "milliseconds of a record": (boxed(head="<script>var doc = {createTime: 1443144600000}</script>"), AT, "hint"),
    "tag in one run": (boxed(head='<meta name=PubDate content="20150925093000">'), AT, "tag"),
    "tag as mails have it": (boxed(head='<meta name=PubDate content="Fri, 25 Sep 2015 01:30:00 GMT">'), AT, "tag"),
    "tag left unfilled": (boxed("<p>发布时间：2015-09-25</p>", head='<meta name=PubDate content="${PubDate}">'), DAY, "line"),
    "first of two tags unfilled": (boxed(head='<meta name=PubDate content=""><meta name=PubDate content="2015-09-25">'), DAY, "tag"),
    "tag in the future": (boxed("<p>发布时间：2015-09-25</p>", head='<meta name=PubDate content="2025-09-25">'), DAY, "line"),
    "tag of the day of reading": (boxed("<p>发布时间：2015-09-25</p>", head='<meta name=PubDate content="2015-09-30 10:00">'), DAY, "line"),
    "outside in an attribute of no name": (boxed(head='<meta name="DC.date" content="2015-09-25">'), DAY, "hint"),
}  # fmt: skip


@pytest.mark.parametrize(("html", "moment", "where"), FOUND.values(), ids=FOUND)
def test_the_day_is_found_where_it_stands(html: str, moment: Moment, where: str, page_of: PageOf) -> None:
    read = parse_article(page_of(html, url="http://www.yangli.gov.cn/hjbh/1.html"))
    assert (read.claimed, read.claimed_from) == (moment, where)


NEVER = {
    "the text alone": bare(),
    "a clock": bare(before="<div class=date>2015-09-30</div>"),
    "a clock with its weekday": bare(before="<div class=time>2015年9月30日 星期三</div>"),
    "a clock in an element for times": bare(before="<div><time>2015-09-30 09:41</time></div>"),
    "a clock beside links": bare(before="<div><span>2015-09-30</span> <a href=/>首页</a></div>"),
    "a clock that says so": bare("<p>今天是2015年9月30日 来源</p>"),
    "a script's clock": bare("<p>发布时间：<script>document.write(new Date().toLocaleDateString())</script></p>"),
    "the day of the paper": bare("<p>成文日期：2015-09-20</p>"),
    "the day of the paper in cells": bare("<table><tr><td>成文日期</td><td>2015-09-20</td></tr></table>"),
    "the day it was printed": bare(after="<p>样例县环保局办公室 2015年9月26日印发</p>"),
    "the day it was passed": bare("<p>（2015年8月28日县人大常委会通过）</p>"),
    "the week it is about": bare("<p>2015年8月31日至9月6日</p>"),
    "the time of a meeting": bare("<p>时间：2015年9月28日 地点：县政府会议室</p>"),
    "deadlines at the end": boxed(text="<p>公示期：2015年9月20日</p><p>截止日期：2015年9月29日</p>"),
    "a comment": boxed(after="<div class=comment><p>网友 发表于 2015-09-29</p></div>"),
    "a comment without a name": boxed(after="<h3>网友评论</h3><div><p>张三 发表于 2015-09-29 10:00</p></div>"),
    "a neighbour": boxed(after="<ul><li><a href=/1>关于某某事项的公告公示</a> 发布时间：2015-09-29</li></ul>"),
    "a neighbour before": boxed("<ul><li><a href=/1>某公告</a> <span>2015-09-29</span></li></ul>"),
    "the foot": boxed(after="<div>版权所有 2010-2015 最后更新：2015-09-29</div><div>本站更新时间：2015/09/29 06:00</div>"),
    "a law in a table": boxed(text="<table><tr><td>名称</td><td>公布日期</td></tr><tr><td>水法</td><td>2002-08-29</td></tr></table>"),
    "the visits": boxed("<p>您是第20150925位访客</p>"),
    "a shortened title with the day of its row": boxed(text="<p>样例县公租房轮候情况（2015年09/25</p>"),
    "a number that is no moment": boxed(head='<meta name=PubDate content="20159925093000">'),
    "when opinions are asked for": bare("<p>征集时间：2015-09-20 到 2015-10-20</p>"),
    "when it was taken in": bare("<p>受理日期：2015-09-20　办结日期：2015-09-24</p>"),
    "a calendar": bare("<div class=calendar data-date='2015-09-24'></div>"),
    "how long ago others are": boxed(after="<ul><li><a href=/2>某公告</a><span title='2015-09-29'>1天前</span></li></ul>"),
    "how long ago a comment was": boxed(after="<div class=comments><em title='2015-09-29'>昨天</em></div>"),
    "a day that is shown, with another": bare("<p><span title='2015-09-20'>第12期</span></p>"),
    "a record born today": boxed(head="<script>var createTime = '2015-09-30 08:00'</script>"),
    "a tag with a year": boxed(head='<meta name="PubDate" content="2015">'),
}  # fmt: skip


@pytest.mark.parametrize("html", NEVER.values(), ids=NEVER)
def test_no_other_day_is_taken_for_it(html: str, page_of: PageOf) -> None:
    read = parse_article(page_of(html, url="http://www.yangli.gov.cn/hjbh/1.html"))
    assert (read.state, read.claimed, read.dates) == ("read", None, ())


def test_every_place_is_kept_with_what_it_says(page_of: PageOf) -> None:
    html = boxed(
        "<p>发布时间：2015-09-24</p>",
        head='<meta name=PubDate content="2015-09-25 09:30">',
        text="<p>样例县环保局</p><p>2015年9月20日</p>",
    )
    read = parse_article(page_of(html, url="http://www.yangli.gov.cn/hjbh/201509/t20150923_1.html"))
    assert read.dates == (
        ("tag", AT),
        ("line", date(2015, 9, 24)),
        ("url", date(2015, 9, 23)),
        ("signature", date(2015, 9, 20)),
    )


@pytest.mark.parametrize("line", ["二〇一五年七月五日　来源：环保局", "二○一五年七月五日 来源：环保局 浏览：12"])
def test_a_line_in_chinese_numerals_stands_before_the_signature(line: str, page_of: PageOf) -> None:
    html = boxed(f"<p>{line}</p>", text="<p>样例县环保局</p><p>2015年7月1日</p>")
    read = parse_article(page_of(html, url="http://www.yangli.gov.cn/hjbh/1.html"))
    assert read.dates == (("line", date(2015, 7, 5)), ("signature", date(2015, 7, 1)))


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("发布时间：15-09-05", date(2015, 9, 5)),
        ("日期：15.9.5　点击：33", date(2015, 9, 5)),
        ("发布时间：25/09/2015", date(2015, 9, 25)),
        ("发布时间：09/25/2015 来源：环保局", date(2015, 9, 25)),
        ("发布时间：12/08/2015", date(2015, 8, 12)),
        ("发布时间：05/06/2015", None),
        ("发布时间：16-10-05", None),
        ("发布时间：15/09/05", None),
    ],
    ids=["two digits", "two digits and points", "the day first", "the month first", "the other is yet to come",
         "either", "yet to come", "two digits and slashes"],
)  # fmt: skip
def test_behind_a_label_looser_forms_are_days(line: str, day: date | None, page_of: PageOf) -> None:
    read = parse_article(page_of(boxed(f"<p>{line}</p>"), url="http://www.yangli.gov.cn/hjbh/1.html"))
    assert read.claimed == day

"""Whatever a site sends, the readers end with a verdict: hypothesis, and the pages that were made to hurt."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.evidence.evidence_site import SHANGHAI, TODAY
from tests.examples import examples
from tracker.core.law.county import DIALECTS, Interface
from tracker.evidence.article.read import parse_article
from tracker.evidence.page.dates import MonthDay, find_moment, strict_moment
from tracker.evidence.page.encoding import decode
from tracker.evidence.page.parsed import Page, resolve
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Listing
from tracker.evidence.wrappers.years import with_years

PIECES = [
    "<ul>", "</ul>", "<li>", "<a href='/a/1.html'>", "<a href='javascript:x()'>", "</a>", "<table><tr><td>", "</td><td>", "</table>",
    "<th>信息名称</th>", "<th>发布日期</th>", "2015-09-25", "[09-25]", "发布时间：", "二〇一五年九月", "下一页", "共9页", "暂无信息",
    "404", "<div id=zoom>", "<meta name=PubDate content='2015-9-9'>", "<base href='//[::1'>", "<script>", "</script>", "<br>", "<dl><dt>", "<dd>",
    "关于公布名录的公告", "\x00", "<![CDATA[", "<!--", "createPageHTML(", "9999-99-99", "﷐", "\ud7ff", "<a href='http://[bad'>", "<p title='",
    "<datastore>", "</datastore>", "<totalrecord>99</totalrecord>", "<nextgroup><![CDATA[<a href='./dataproxy.jsp?page=2'>]]></nextgroup>", "<record><![CDATA[",
    "]]></record>", "proxyUrl:'/x/dataproxy.jsp',ajaxParam:{a:1,b:'c'},perPage:15", "<div url='/front/page/build/unit' queryData=\"{'tagId':'列表'}\">",
    "<?xml version='1.0'?>", "<rss><channel>", "<item><title>公告</title><link>/1.html</link>", "<pubDate>Mon, 28 Sep 2015 09:30:00 +0800</pubDate></item>",
    "<feed>", "<entry>", "<urlset><url><loc>/1.html</loc>", "<lastmod>2015-09-09</lastmod></url>", "<sitemapindex>", "&nbsp;", "<!DOCTYPE x [<!ENTITY a 'b'>]>",
    '{"data":{"results":[', '{"title":"公告","url":"/1.html","publishedTime":1443403800000}', ',', ']}}', "x({", "});", "<li id='line_u9_0'>", "<li id='line_u9_1'>",
    "createPageHTML(9, 0, 'index', 'html')", "createPageHTML('p', 9, 1, 'a', 'shtml', 90)", "Pager({size:9,current:0,prefix:'a',suffix:'b'})",
    "var countPage=9,currentPage=0;", "'index_'+n+'.html'", "<iframe src=/f/>", "'/search/0123456789abcdef0123456789abcdef?_isJson=true'", "昨天", "10:32",
    "<div><span>标题</span><span>发布日期</span></div>", "<div><span><a href=/2.html>公告</a></span><span>2015-09-25</span></div>", "<h3>热点</h3>", "<h<b>", "</h<b>",
]  # fmt: skip

soup = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=60).map("".join)
bodies = st.binary(max_size=2000) | soup.map(str.encode) | soup.map(lambda text: text.encode("gb18030"))
types = st.sampled_from(
    ["text/html", "text/html; charset=gbk", "text/html; charset=utf-8", "", "application/pdf", "charset=none"]
)


def page(body: bytes, kind: str = "text/html") -> Page:
    return Page("http://www.yangli.gov.cn/hjbh/", body, SHANGHAI, TODAY, kind)


@examples(100)
@given(bodies, types)
def test_no_bytes_break_a_reader(body: bytes, kind: str) -> None:
    listing = parse_listing(page(body, kind))
    assert listing.understood or listing.reason
    assert all(one.url.startswith("http") and one.title for one in listing.sightings)
    assert len({one.url for one in listing.sightings}) == len(listing.sightings)
    assert Listing.from_json(listing.to_json()) == listing
    article = parse_article(page(body, kind))
    assert (article.text is None) == (article.state == "unreadable")
    assert article.state == "read" or article.reason


DESCRIBED = Interface(items="data.results", title="title", url="url", date="publishedTime", pages="n", page="p")


@examples(70)
@given(bodies, types, st.sampled_from(DIALECTS))
def test_nor_the_one_that_a_rule_forces(body: bytes, kind: str, dialect: str) -> None:
    listing = parse_listing(page(body, kind), dialect, DESCRIBED if dialect == "interface" else None)
    assert listing.understood or listing.reason
    assert Listing.from_json(listing.to_json()) == listing


@examples(70)
@given(st.binary(max_size=300), types)
def test_any_bytes_have_some_text(body: bytes, kind: str) -> None:
    decode(body, kind)


@examples(70)
@given(st.text(max_size=60))
def test_any_text_has_a_moment_or_none(text: str) -> None:
    for moment in (find_moment(text, SHANGHAI), strict_moment(text, SHANGHAI)):
        assert moment is None or not isinstance(moment, datetime) or moment.tzinfo is not None


@examples(70)
@given(st.text(max_size=60))
@example("0\x0c#")
@example("0\x0c;jsessionid=1")
def test_any_link_leads_somewhere_or_nowhere(href: str) -> None:
    url = resolve("http://www.yangli.gov.cn/hjbh/", href)
    assert url is None or url.startswith(("http://", "https://"))
    assert url is None or resolve(url, url) == url


@examples(70)
@given(st.lists(st.integers(0, 200), min_size=1, max_size=30))
def test_years_left_out_are_found_again(gaps: list[int]) -> None:
    """Any gap short of a year is bridged, once the head of the list, where pinned rows stand, is passed."""
    days = [TODAY - timedelta(days=n) for n in range(6)]
    for gap in gaps:
        days.append(days[-1] - timedelta(days=gap))
    days = [day.replace(day=28) if (day.month, day.day) == (2, 29) else day for day in days]
    assert with_years([MonthDay(day.month, day.day) for day in days], TODAY) == days


HURTFUL = {
    "attributes": b"<ul><li " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b"><a href=1.html>x</a> 2015-09-25",
    "bodies": b"".join(b"<body a%d=1>" % n for n in range(90_000)) + b"<a href=1.html>x</a> 2015-09-25",
    "deep nesting": b"<div>" * 50_000 + b"<a href=1.html>x</a> 2015-09-25",
    "a title of a megabyte": b"<ul><li><a href=1.html>" + "公告".encode() * 300_000 + b"</a><span>2015-09-25</span></li></ul>",
    "an attribute of a megabyte": b"<ul><li><a href=1.html title='" + b"x" * 1_000_000 + b"'>y</a><span>2015-09-25</span></ul>",
    "two hundred thousand links": b"<a href=1.html>x</a>" * 200_000,
    "twenty thousand dates": "".join(f"<b>2015-09-{1 + n % 28:02}</b> " for n in range(5_000)).encode(),
    "rows without end": "".join(
        f"<li><a href=/a/{n}.html>第{n}号公告公告</a><span>2015-09-{1 + n % 28:02}</span></li>" for n in range(2_000)
    ).encode(),
    "one cell with everything": b"<table><tr><td>" + "".join(f"<a href={n}>{n}x公告公告</a> 2015-09-25<br>" for n in range(2_000)).encode(),
    "tables in tables": b"<table><tr><td>" * 1_000 + b"2015-09-25",
    "a million numbers": b"1 " * 500_000,
    "labels": "发布时间：来源：点击：".encode() * 50_000,
    "records without end": b"<datastore>" + b"<record>" * 200_000,
    "comments before nothing": b"<?xml version='1.0'?>" + b"<!-- x -->" * 100_000,
    "elements in elements": b"<rss>" + b"<item>" * 300_000,
    "brackets": b"[" * 500_000,
    "fifty thousand addresses": b"<urlset>" + b"".join(b"<url><loc>/a/%d.html</loc></url>" % n for n in range(50_000)),
    "heads without end": "<div><span>标题</span><span>发布日期</span></div>".encode() * 5_000,
    "calls without end": b"<script>" + b"createPageHTML(a,b,c,d);Pager({" * 40_000 + b"</script>",
    "rows that a script writes": b"<script>x.html(" + b"\"<li a href='" * 50_000 + b"</script><ul><li><a href=1.html>x</a>2015-09-25",
    "blocks of labels": "<p>发布时间：来源：点击：2015</p>".encode() * 2_000,
}  # fmt: skip


@pytest.mark.parametrize("body", HURTFUL.values(), ids=HURTFUL)
def test_what_was_made_to_hurt_does_not(body: bytes) -> None:
    listing = parse_listing(page(body))
    assert listing.understood or listing.reason
    assert all(len(one.title) <= 500 for one in listing.sightings)
    parse_article(page(body))

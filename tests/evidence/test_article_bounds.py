"""Pages that were made to hurt the reader of articles: it ends with a verdict, and what it keeps is bounded."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence.evidence_site import SHANGHAI, TODAY
from tests.examples import examples
from tracker.evidence.article.read import Article, parse_article
from tracker.evidence.page.parsed import Page


def read(body: bytes, url: str = "http://www.yangli.gov.cn/hjbh/1.html") -> Article:
    return parse_article(Page(url, body, SHANGHAI, TODAY, "text/html"))


HURTFUL = {
    "tables of two columns in tables": b"<table><tr><td>a</td><td>b" * 1300 + b"2015-09-25",
    "spans over everything": b"<table>" + b"<tr><td colspan=100 rowspan=1000>x</td><td rowspan=0>y</td></tr>" * 5000,
    "long cells over everything": b"<table>" + (b"<tr><td colspan=100 rowspan=999>" + b"x" * 900 + b"</td></tr>") * 2000,
    "a title of separators": b"<title>" + b"a-" * 100_000 + b"</title>" + b"<p>a-a</p>" * 1000,
    "a title of a megabyte": b"<title>" + "公告-".encode() * 200_000 + b"</title><body><p>x</p>",
    "places in places": b"<div class=TRS_Editor>" * 3000 + "正文".encode() * 1000,
    "places side by side": ("<div class=TRS_Editor>" + "正文" * 50 + "</div>").encode() * 8000,
    "labels without values": "<p>发布时间：2015</p>".encode() * 20_000,
    "values without labels": b"<td>2015-09-25</td>" * 20_000,
    "links to files": b"<a href=1.doc>x</a>" * 20_000,
    "pages of itself": b"".join(b"<a href='1_%d.html'>%d</a>" % (n % 99, n % 99) for n in range(10_000)),
    "json in brackets": b"<script type='application/ld+json'>" + b"[" * 40_000 + b"</script><p>x</p>",
    "white space": b"<p>" + b" " * 1_000_000 + b"2015-09-25</p>",
    "one line": "各乡镇人民政府，2015年9月25日。".encode() * 40_000,
    "a form to be filled in": b"<p>" + b"_" * 500_000 + b"</p>",
    "Chinese noughts": "〇".encode() * 300_000,
    "frames": b"<frameset>" + b"<frame src=a.htm>" * 20_000,
    "nothing but cells": b"<td>" * 60_000,
    "half a character": "<div id=zoom>公".encode()[:-1] * 5000,
}  # fmt: skip


@pytest.mark.sampled(4)
@pytest.mark.parametrize("body", HURTFUL.values(), ids=HURTFUL)
def test_it_ends_with_a_verdict(body: bytes) -> None:
    article = read(body)
    assert (article.text is None) == (article.state == "unreadable")
    assert article.state == "read" or article.reason
    assert len(article.title) <= 500
    assert len(article.text or "") <= 500_000
    assert len(article.attachments) <= 150


PIECES = [
    "<table>", "<tr>", "<td>", "<td rowspan=3>", "<td colspan=4>", "</td>", "</tr>", "</table>", "<th>发布日期</th>", "<dl><dt>", "<dd>",
    "2015-09-25", "发布时间：", "成文日期：", "二〇一五年九月二十五日", "来源：县环保局", "<h1>", "</h1>", "<div id=zoom>", "</div>", "<p>",
    "<form>", "<script>", "</script>", "document.write('2015-09-25')", "<time datetime=2015-09-25>", "<meta name=PubDate content=20150925>",
    "<a href=1_2.html>2</a>", "<a href=a.doc>附件</a>", "<img src=/upload/1.jpg>", "<iframe src='?file=%zz'>", "<title>公告-", "</title>",
    "相关文章", "登录", "404", "。", "水质良好", "\t", "\x00", "<!--", "-->", "<a href='//[x'>", "<div class=nav>", "<div class='hot comment'>",
]  # fmt: skip


@examples(130)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=80).map("".join))
def test_any_soup_is_an_article_or_says_why_not(soup: str) -> None:
    article = read(soup.encode("utf-8", "surrogatepass"))
    assert (article.text is None) == (article.state == "unreadable")
    assert article.state == "read" or article.reason
    assert (article.claimed, article.claimed_from) == (
        (article.dates[0][1], article.dates[0][0]) if article.dates else (None, "")
    ) or article.state == "unreadable"
    assert all(str(moment)[:4] <= "2015" for _, moment in article.dates)

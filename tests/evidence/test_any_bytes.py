"""Links and years whatever they are, and the pages that were made to hurt; `fuzz/` throws any bytes at the readers."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tests.evidence.evidence_site import SHANGHAI, TODAY
from tests.examples import examples
from tracker.evidence.article.read import parse_article
from tracker.evidence.page.dates import MonthDay
from tracker.evidence.page.parsed import Page, resolve
from tracker.evidence.wrappers.link_groups import selector_of
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.years import with_years


def page(body: bytes, kind: str = "text/html") -> Page:
    return Page("http://www.yangli.gov.cn/hjbh/", body, SHANGHAI, TODAY, kind)


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
@example([200] * 30)
def test_years_left_out_are_found_again(gaps: list[int]) -> None:
    """Any gap short of a year is bridged, once the head of the list, where pinned rows stand, is passed."""
    days = [TODAY - timedelta(days=n) for n in range(6)]
    for gap in gaps:
        days.append(days[-1] - timedelta(days=gap))
    days = [day.replace(day=28) if (day.month, day.day) == (2, 29) else day for day in days]
    assert with_years([MonthDay(day.month, day.day) for day in days], TODAY) == days


#: What quadratic parsers take minutes for ends the process that reads it: `test_worker.py`, `test_crawling_heavy.py`.
HURTFUL = {
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


@pytest.mark.sampled(4)
@pytest.mark.parametrize("body", HURTFUL.values(), ids=HURTFUL)
def test_what_was_made_to_hurt_does_not(body: bytes) -> None:
    listing = parse_listing(page(body))
    assert listing.understood or listing.reason
    assert all(len(one.title) <= 500 for one in listing.sightings)
    parse_article(page(body))


@pytest.mark.parametrize("name", ["h<b", "p\u3000娣", "p⑶", "p\ue018", "p:x", "p.1", "p#"])
def test_an_element_of_any_name_is_found_by_its_selector(name: str) -> None:
    """The parser of selectors takes 娣 in the name of an element, and not ⑶."""
    tree = LexborHTMLParser(f"<div><{name}>公告</{name}></div>")
    assert [node.text() for node in tree.css(selector_of(f"div/{name}"))] == ["公告"]


def test_an_address_that_stands_for_a_title_is_no_longer_than_titles_are() -> None:
    url = "<url><loc>http://www.yangli.gov.cn/" + "暂无信息" * 200 + "{0}</loc><lastmod>2015-09-{0:02}</lastmod></url>"
    body = f"<?xml version='1.0'?><urlset>{''.join(map(url.format, range(1, 9)))}</urlset>".encode()
    assert {len(entry.title) for entry in parse_listing(page(body, "text/xml")).sightings} == {500}

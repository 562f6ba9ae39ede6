"""How a list leads on to its further pages, and when it says that it has ended."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.pagers import Onward, read_pager
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Ask

PageOf = Callable[..., Page]
HERE = "http://www.yangli.gov.cn/hjbh/index_2.html"
NEXT = "http://www.yangli.gov.cn/hjbh/index_3.html"


BOUND = "<script src='/js/pager.js'></script>"


def next_url(pager: Onward) -> str | None:
    return pager.ask.url if pager.ask is not None else None


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="index_3.html">下一页</a>',
        '<a href="./index_3.html">下页&gt;</a>',
        '<a href="index_3.html">后一页</a>',
        '<a href="index_3.html" class="next">&gt;</a>',
        '<a href="index_3.html" rel="next">More</a>',
        '<a href="index_3.html"><img src="n.gif" alt="下一页"></a>',
        '<a href="index_3.html">下　页</a>',
        '<a href="index_3.html">下 一 页</a>',
        "<a onclick=\"location.href='index_3.html'\">下一页</a>",
        "<input type='button' value='下一页' onclick=\"location='index_3.html'\">",
        '<div class="pager">2/3 <a href="index_1.html"><i></i></a> <a href="index_3.html"><i></i></a></div>',
        '<a href="/hjbh/index_3.html"><span>下一页</span></a>',
        '<a href="index_3.html" title="下一页"><img src="n.gif"></a>',
        '<script>createPageHTML(5, 2, "index", "html");</script>',
    ],
)
def test_the_next_page_is_found_by_its_words(pager: str, page_of: PageOf) -> None:
    pager = read_pager(page_of(f"<div class='page'>{pager}</div>", url=HERE))
    assert next_url(pager) == NEXT


@pytest.mark.parametrize(
    ("head", "following", "more"),
    [
        ('<link rel="next" href="/hjbh/index_3.html">', NEXT, False),
        ('<link href="index_3.html" rel="nofollow NEXT">', NEXT, False),
        ('<link rel="prev" href="index_1.html">', None, False),
        ('<link rel="next" href="index_2.html#top">', None, False),  # the page itself
        ('<link rel="next" href="/cwgk/">', None, True),  # another column's, as old browsers were told
        ('<link rel="next" href="http://www.qingfeng.gov.cn/hjbh/index_3.html">', None, True),
    ],
)
def test_the_next_page_may_be_named_in_the_head_alone(
    head: str, following: str | None, more: bool, page_of: PageOf
) -> None:
    html = f"<html><head>{head}</head><body><ul><li><a href='/hjbh/9.html'>公告</a></li></ul></body></html>"
    pager = read_pager(page_of(html, url=HERE))
    assert (next_url(pager), pager.more) == (following, more)


def test_what_the_head_names_gives_way_to_the_pager(page_of: PageOf) -> None:
    html = f'<link rel="next" href="/hjbh/index_9.html"><div class="page"><a href="{NEXT}">下一页</a></div>'
    assert next_url(read_pager(page_of(html, url=HERE))) == NEXT


def test_numbered_pages_are_found_where_no_word_says_next(page_of: PageOf) -> None:
    html = '<div class="pages"><a href="index.html">1</a> <b>2</b> <a href="index_3.html">3</a> <a href="index_4.html">4</a></div>'
    pager = read_pager(page_of(html, url=HERE), 2)
    assert next_url(pager) == NEXT
    assert pager.numbered == {1: "http://www.yangli.gov.cn/hjbh/index.html", 3: NEXT, 4: NEXT.replace("3", "4")}


@pytest.mark.parametrize(
    ("dots", "following", "more"),
    [("<a href='index_11.html'>...</a>", "index_11.html", False), ("<a href='index_15.html'>&hellip;</a>", None, True), ("<span>…</span>", None, False)],
    ids=["the next number", "some number", "no link"],
)  # fmt: skip
def test_dots_behind_the_last_number_lead_to_the_next_ones(
    dots: str, following: str | None, more: bool, page_of: PageOf
) -> None:
    numbers = "".join(f"<a href='index_{n}.html'>{n}</a>" for n in range(1, 10))
    base = "http://www.yangli.gov.cn/hjbh/"
    page = page_of(f"<div class='page'>{numbers}<b>10</b>{dots}</div>", url=f"{base}index_10.html")
    pager = read_pager(page, 10)
    assert (next_url(pager), pager.more) == (following and base + following, more)


def test_a_calendar_is_no_pager(page_of: PageOf) -> None:
    days = "".join(f'<td><a href="/rili/{day}.html">{day}</a></td>' for day in range(1, 31))
    pager = read_pager(page_of(f"<table><tr>{days}</tr></table>", url=HERE))
    assert (pager.numbered, next_url(pager), pager.more) == ({}, None, False)


@pytest.mark.parametrize(
    ("pager", "total"),
    [
        ("共12页", 12),
        ("共 230 条 第2页/共12页", 12),
        ("页次：2/12", 12),
        ("第 2/12 页", 12),
        ("总页数：12", 12),
        ("<script>var pageCount = 12; show();</script>", 12),
        ('<script>createPageHTML(12,1,"index","html")</script>', 12),
        ("<select><option>1</option><option>2</option><option>12</option></select>", 12),
        ("<select><option>第1页</option><option>第12页</option></select>", 12),
        ("<select><option>2014</option><option>2015</option></select>", None),
        ("共12条", None),
    ],
)
def test_how_many_pages_there_are(pager: str, total: int | None, page_of: PageOf) -> None:
    assert read_pager(page_of(f"<div class='page'>{pager}</div>", url=HERE)).pages == total


@pytest.mark.parametrize(
    ("pager", "more"),
    [
        ('<a href="javascript:goPage(3)">下一页</a>', True),
        ('<a href="#" onclick="go(3)">下一页</a>', True),
        ("<a href=\"javascript:__doPostBack('p','3')\">下一页</a>", True),
        ('<script>laypage({cont: "page", pages: 9})</script>', True),
        ('<button onclick="loadMore()">加载更多</button>', True),
        ('<a class="disabled" href="javascript:;">下一页</a>', False),
        ('<span onclick="next()">下一页</span>', True),
        ('<a href="index_9.html">&gt;&gt;</a>', True),
        ('<el-pagination :total="300"></el-pagination>', True),
        ("<script>$(window).scroll(function () { if (low()) getList(++page) })</script>", True),
        ("<script>$(window).scroll(function () { $('#top').toggle() })</script>", False),
        ("<button>下一页</button>", True),
        ('<input type="button" value="下一页">', True),
        ('<span onclick="go(1)">1</span><span onclick="go(2)">2</span>', True),
        ('<a href="javascript:go(1)">1</a> <a href="javascript:go(2)">2</a>', True),
        ("<span>下一页</span>", False),
        ("<a>下一页</a>", False),
        ('<a href="index_2.html">下一页</a>', False),
        ('<script>createPageHTML(1, 0, "index", "html")</script>', False),
        ("", False),
        (f"<a class=prev>上一页</a><a class=next>下一页</a>{BOUND}", True),
        (f"<a href='/tzgg/'>上一页</a><a class=next>下一页</a>{BOUND}", False),
        (
            f"<a class=gray href='javascript:;'>上一页</a><a class=gray href='javascript:;' id=next>下一页</a>{BOUND}",
            True,
        ),
        (f"<a class=disabled>下一页</a>{BOUND}", False),
        (f"<a href='{HERE}' onclick='turn(1)'>下一页</a>{BOUND}", True),
    ],
    ids=[
        "script",
        "click",
        "post back",
        "laypage",
        "load more",
        "span",
        "some pages further",
        "an element",
        "scrolling",
        "back to the top",
        "button",
        "input",
        "numbers to click",
        "numbers by script",
        "disabled",
        "no link",
        "no address",
        "itself",
        "one page",
        "none",
        "bound by a script",
        "silent beside one that leads on",
        "all grey",
        "said to be off",
        "itself until a script runs",
    ],
)
def test_pages_that_cannot_be_followed_are_no_end(pager: str, more: bool, page_of: PageOf) -> None:
    pager = read_pager(page_of(f"<div class='page'>{pager}</div>", url=HERE))
    assert (next_url(pager), pager.more) == (None, more)


class TestPagersDrawnByScripts:
    @pytest.mark.parametrize(
        ("script", "url", "following", "total"),
        [
            ('createPageHTML(12, 0, "index", "html");', "", "index_1.html", 12),
            ("createPageHTML(12,0,'index','shtml')", "", "index_1.shtml", 12),
            ('createPageHTML("12", "3", "list", "htm", "black")', "list_3.htm", "list_4.htm", 12),
            ("createPageHTML('page_div', 12, 0, 'hjbh', 'shtml', 230)", "hjbh.shtml", "hjbh_1.shtml", 12),
            ("createPageHTML('page_div', 12, 3, 'hjbh', 'shtml', 230)", "hjbh_2.shtml", "hjbh_3.shtml", 12),
            ("createPageHTML('page_div', 12, 2, 'hjbh', 'shtml', 230)", "hjbh_2.shtml", "hjbh_3.shtml", 12),
            ("createPageHTML('page_div', 12, 12, 'hjbh', 'shtml', 230)", "hjbh_12.shtml", None, 12),
            ("createPageHTML(12, 11, 'index', 'html')", "index_11.html", None, 12),
            ("var countPage = 12; var currentPage = 0; createPageHTML(countPage, currentPage, 'index', 'html')", "", "index_1.html", 12),
            ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){} createPageHTML(12, 0, 'index', 'html')", "", "index_1.html", 12),
            ("new Pager({size:12, current:0, prefix:'list', suffix:'html'})", "list.html", "list_1.html", 12),
            ("Pager({ size : 12, current : 4, prefix : 'list', suffix : 'html' });", "list_4.html", "list_5.html", 12),
            ('var currentPage = 0; var countPage = 12; document.write("<a href=\\"index" + "_" + nextPage + "." + "html\\">x</a>")', "", "index_1.html", 12),
            ('var currentPage = 3, countPage = 12; document.write("<a href=index_" + nextPage + ".html>")', "index_3.html", "index_4.html", 12),
        ],
    )  # fmt: skip
    def test_are_followed_where_the_addresses_are_certain(
        self, script: str, url: str, following: str | None, total: int, page_of: PageOf
    ) -> None:
        base = "http://www.yangli.gov.cn/hjbh/"
        pager = read_pager(page_of(f"<script>{script}</script>", url=base + url))
        assert (next_url(pager), pager.pages, pager.more) == (following and base + following, total, False)

    @pytest.mark.parametrize(
        "script",
        [
            "createPageHTML(12, 0)",
            "createPageHTML(12, 5, 'index', 'html')",
            "laypage.render({elem: 'p', count: 230, limit: 20, jump: go})",
            "$('#p').jqPaginator({totalPages: 12, currentPage: 1, onPageChange: function (n) { load(n) }})",
            "$('.p').pagination({pageCount: 12, callback: load})",
            "createPagination({total: 12, go: turn})",
        ],
    )
    def test_are_no_end_where_they_are_not(self, script: str, page_of: PageOf) -> None:
        pager = read_pager(page_of(f"<div id='p'></div><script>{script}</script>", url=HERE))
        assert (next_url(pager), pager.more) == (None, True)

    def test_a_count_alone_says_how_many(self, page_of: PageOf) -> None:
        pager = read_pager(page_of("<script>var pageCount = 12;</script>", url=HERE))
        assert (next_url(pager), pager.pages) == (None, 12)

    def test_where_counting_from_one_may_mean_two_addresses_both_are_given(self, page_of: PageOf) -> None:
        html = "<script>createPageHTML('page_div', 12, 1, 'hjbh', 'shtml', 230)</script>"
        pager = read_pager(page_of(html, url="http://www.yangli.gov.cn/hjbh/"))
        assert (pager.ask, pager.otherwise) == (
            Ask(HERE.replace("index_2.html", "hjbh_1.shtml")),
            Ask(HERE.replace("index_2.html", "hjbh_2.shtml")),
        )


def test_a_choice_of_addresses_leads_on(page_of: PageOf) -> None:
    options = "".join(f"<option value='/hjbh/list.asp?id=3&amp;page={n}'>{n}</option>" for n in (2, 3))
    pager = read_pager(
        page_of(
            f"<select onchange='go()'><option value='/hjbh/'>1</option>{options}</select>",
            url="http://www.yangli.gov.cn/hjbh/",
        )
    )
    assert (pager.numbered, pager.pages) == (
        {n: f"http://www.yangli.gov.cn/hjbh/list.asp?id=3&page={n}" for n in (2, 3)},
        3,
    )


@pytest.mark.parametrize(
    ("behind", "more"),
    [
        ("<button>展开剩余条目</button>", True),
        ("<p><a href='javascript:;'>再看十条</a></p>", True),
        ("<div onclick='f()'>点此继续</div>", True),
        ("<button>打印</button>", False),
        ("<p><a href='#top'>返回顶部</a></p>", False),
        ("", False),
    ],
)
def test_what_unfolds_behind_the_rows_is_left_over(behind: str, more: bool, page_of: PageOf) -> None:
    rows = "".join(f"<li><a href='/hjbh/{n}.html'>环评受理公示{n}</a><i>2015-09-{n}</i></li>" for n in (28, 20, 12))
    listing = parse_listing(page_of(f"<body><div><ul>{rows}</ul>{behind}</div></body>", url=HERE))
    assert (bool(listing.residue), listing.residue_day) == (more, date(2015, 9, 12) if more else None)

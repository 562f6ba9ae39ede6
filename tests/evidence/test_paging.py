"""How a list leads on to its further pages, and when it says that it has ended."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable

import pytest

from tracker.evidence.dialects.paging import find_paging
from tracker.evidence.page import Page

PageOf = Callable[..., Page]
HERE = "http://www.yangli.gov.cn/hjbh/index_2.html"
NEXT = "http://www.yangli.gov.cn/hjbh/index_3.html"


@pytest.mark.parametrize(
    "pager",
    [
        '<a href="index_3.html">下一页</a>',
        '<a href="./index_3.html">下页&gt;</a>',
        '<a href="index_3.html">后一页</a>',
        '<a href="index_3.html" class="next">&gt;</a>',
        '<a href="index_3.html" rel="next">More</a>',
        '<a href="/hjbh/index_3.html"><span>下一页</span></a>',
        '<a href="index_3.html" title="下一页"><img src="n.gif"></a>',
        '<script>createPageHTML(5, 2, "index", "html");</script>',
    ],
)
def test_the_next_page_is_found_by_its_words(pager: str, page_of: PageOf) -> None:
    paging = find_paging(page_of(f"<div class='page'>{pager}</div>", url=HERE))
    assert paging.next_url == NEXT


def test_numbered_pages_are_found_where_no_word_says_next(page_of: PageOf) -> None:
    html = '<div class="pages"><a href="index.html">1</a> <b>2</b> <a href="index_3.html">3</a> <a href="index_4.html">4</a></div>'
    paging = find_paging(page_of(html, url=HERE))
    assert paging.next_url is None
    assert paging.numbered == {1: "http://www.yangli.gov.cn/hjbh/index.html", 3: NEXT, 4: NEXT.replace("3", "4")}


def test_a_calendar_is_no_pager(page_of: PageOf) -> None:
    days = "".join(f'<td><a href="/rili/{day}.html">{day}</a></td>' for day in range(1, 31))
    paging = find_paging(page_of(f"<table><tr>{days}</tr></table>", url=HERE))
    assert (paging.numbered, paging.next_url, paging.more) == ({}, None, False)


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
    assert find_paging(page_of(f"<div class='page'>{pager}</div>", url=HERE)).total == total


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
        ("<button>下一页</button>", True),
        ('<input type="button" value="下一页">', True),
        ('<span onclick="go(1)">1</span><span onclick="go(2)">2</span>', True),
        ('<a href="javascript:go(1)">1</a> <a href="javascript:go(2)">2</a>', True),
        ("<span>下一页</span>", False),
        ("<a>下一页</a>", False),
        ('<a href="index_2.html">下一页</a>', False),
        ('<script>createPageHTML(1, 0, "index", "html")</script>', False),
        ("", False),
    ],
    ids=[
        "script",
        "click",
        "post back",
        "laypage",
        "load more",
        "span",
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
    ],
)
def test_pages_that_cannot_be_followed_are_no_end(pager: str, more: bool, page_of: PageOf) -> None:
    paging = find_paging(page_of(f"<div class='page'>{pager}</div>", url=HERE))
    assert (paging.next_url, paging.more) == (None, more)

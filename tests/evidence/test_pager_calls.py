"""Further pages that a script opens: by a form's field, by a postback, at an address made of a number."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tracker.core.values.facts import Sighting
from tracker.evidence.listing.walk import Walk, advance
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.pagers import read_pager
from tracker.evidence.wrappers.values import Ask, Listing

PageOf = Callable[..., Page]
HERE = "http://www.yangli.gov.cn/xxgk/list.jsp?catalog=A02"
LIST = "http://www.yangli.gov.cn/xxgk/list.jsp"

NEXT = '<a href="javascript:goPage(2)">下一页</a>'
FORM = '<form name="f" method="post" action="list.jsp"><input type="hidden" name="catalog" value="A02"><input type="hidden" name="pageNo" id="no" value="1"><input type="text" name="key"><input type="submit" name="s" value="查"></form>'
SENT = (("catalog", "A02"), ("pageNo", "2"), ("key", ""))


def script(body: str, name: str = "function goPage(n)") -> str:
    return f"<script>{name}{{{body}}}</script>"


@pytest.mark.parametrize(
    "markup",
    [
        FORM + NEXT + script("document.f.pageNo.value=n;document.f.submit();"),
        FORM + NEXT + script("document.forms[0].pageNo.value = n; document.forms[0].submit()"),
        FORM + NEXT + script('document.getElementById("no").value=n;document.getElementById("f").submit();'),
        FORM + NEXT + script('$("#no").val(n);$("form").submit();', "var goPage = function(n)"),
        FORM
        + "<button onclick=\"goPage('2');return false;\">下一页</button>"
        + script('document.f["pageNo"].value=n;document.f.submit();'),
    ],
    ids=["by name", "by place", "by mark", "jquery", "button"],
)
def test_a_form_is_sent_with_the_next_number(markup: str, page_of: PageOf) -> None:
    pager = read_pager(page_of(markup, url=HERE))
    assert (pager.ask, pager.more) == (Ask(LIST, SENT), False)


def test_a_postback_sends_the_page_its_own_fields(page_of: PageOf) -> None:
    markup = """<form method="post" action="List.aspx?id=7" id="form1"><input type="hidden" name="__EVENTTARGET" value="">
    <input type="hidden" name="__EVENTARGUMENT" value=""><input type="hidden" name="__VIEWSTATE" value="/wEP=="><input type="submit" name="b" value="搜索">
    <a disabled="disabled">上一页</a><a href="javascript:__doPostBack('AspNetPager1','2')">下一页</a></form>"""
    ask = read_pager(page_of(markup, url="http://www.yangli.gov.cn/List.aspx?id=7")).ask
    assert ask is not None
    assert ask.url == "http://www.yangli.gov.cn/List.aspx?id=7"
    assert ask.form == (("__EVENTTARGET", "AspNetPager1"), ("__EVENTARGUMENT", "2"), ("__VIEWSTATE", "/wEP=="))


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ('location.href="list.jsp?catalog=A02&p="+n;', f"{LIST}?catalog=A02&p=2"),
        ('if(n==1)location.href="index.html";else window.location="index_"+(n-1)+".html";', LIST.replace("list.jsp", "index_1.html")),
    ],
)  # fmt: skip
def test_an_address_is_made_of_the_number(body: str, url: str, page_of: PageOf) -> None:
    assert read_pager(page_of(NEXT + script(body), url=HERE)).ask == Ask(url)


def test_a_form_with_get_goes_into_the_address(page_of: PageOf) -> None:
    markup = FORM.replace('"post"', '"get"') + NEXT + script("f.pageNo.value=n;f.submit();")
    assert read_pager(page_of(markup, url=HERE)).ask == Ask(f"{LIST}?catalog=A02&pageNo=2&key=")


@pytest.mark.parametrize(
    "markup",
    [
        NEXT,
        FORM + NEXT,
        FORM + NEXT + script("document.f.pageNo.value=n;document.f.action=where();document.f.submit();"),
        FORM + NEXT + script("document.f.pageNo.value=n*2;document.f.submit();"),
        FORM + NEXT + script("document.f.other.value=n;document.f.submit();"),
        FORM + NEXT + script('load("list.jsp",n);'),
        FORM + NEXT + script("document.f.pageNo.value=n;document.f.submit();") + script("load(n);"),
        FORM + NEXT + script('if(a)location="a"+n;else location="b"+n;'),
        FORM + NEXT.replace("2", "now+1") + script("document.f.pageNo.value=n;document.f.submit();"),
        FORM.replace("list.jsp", "http://other.gov.cn/") + NEXT + script("f.pageNo.value=n;f.submit();"),
    ],
    ids=["no script", "no function", "action", "reckoned", "no field", "loads", "two", "either", "variable", "abroad"],
)
def test_what_is_uncertain_is_no_end(markup: str, page_of: PageOf) -> None:
    pager = read_pager(page_of(markup, url=HERE))
    assert (pager.ask, pager.more) == (None, True)


NUMBERS = '<a onclick="goPage(1)">1</a><a onclick="goPage(2)">2</a><a onclick="goPage(3)">3</a>'


@pytest.mark.parametrize(("shown", "more"), [(3, False), (2, True)])
def test_a_call_that_leads_to_the_page_itself_is_the_last(shown: int, more: bool, page_of: PageOf) -> None:
    markup = FORM.replace('value="1"', f'value="{shown}"') + NUMBERS + NEXT.replace("2", str(shown))
    pager = read_pager(page_of(markup + script("f.pageNo.value=n;f.submit();"), url=HERE), shown)
    assert (pager.ask, pager.last, pager.more) == (None, not more, more)


KAIPU = """<div id="page_7"></div><script>Ls.pagination("#page_7", function (pageIndex, $this, init) {
  Ls.ajax({ url: "/site/label/8888?labelName=articlePageList&columnId=7&pageIndex=" + (pageIndex + 1), success: put });
}, { currentPage: 0, pageCount: 3, total: 55 });</script>"""


@pytest.mark.parametrize(
    ("markup", "last"),
    [
        (KAIPU, "http://www.yangli.gov.cn/site/label/8888?labelName=articlePageList&columnId=7&pageIndex=3"),
        (KAIPU.replace("(pageIndex + 1)", "pageIndex"), None),
        (KAIPU.replace("currentPage: 0", "currentPage: 1"), None),
        (KAIPU + '<script>load("/hot?page=" + n);</script>', None),
    ],
    ids=["parts", "counted from 0", "counted apart", "two addresses"],
)
def test_parts_of_a_page_are_asked_for_where_their_number_is_certain(
    markup: str, last: str | None, page_of: PageOf
) -> None:
    pager = read_pager(page_of(markup, url=HERE))
    assert (pager.numbered.get(3), pager.pages, pager.more) == (last, 3, last is None)


def test_a_part_without_a_pager_goes_on_as_its_first_page_said() -> None:
    def listing(number: int, **more: Any) -> Listing:
        rows = tuple(Sighting(f"http://a.gov.cn/c/{number}{n}.html", f"公告{number}{n}", None) for n in range(5))
        return Listing(rows, dialect="list", **more)

    walk = Walk()
    asked = [advance(walk, listing(1, total=3, paged=True, numbered={2: "u2", 3: "u3"}), None, 9)]
    asked += [advance(walk, listing(n), None, 9) for n in (2, 3)]
    assert asked == [Ask("u2"), Ask("u3"), None]
    assert [one.known for one in walk.endings] == [True]


def test_an_arrow_by_the_number_of_the_page_leads_on(page_of: PageOf) -> None:
    markup = '<div class="pg"><a href="list_1.jsp">&lt;&lt;</a> 2 / 5 <a href="list_3.jsp">&gt;&gt;</a></div>'
    here = LIST.replace(".jsp", "_2.jsp")
    assert read_pager(page_of(markup, url=here), 2).ask == Ask(LIST.replace(".jsp", "_3.jsp"))
    assert read_pager(page_of(markup.replace("_3", "_5"), url=here), 2).ask is None


@pytest.mark.parametrize(("path", "leads"), [("/xxgk/list.jsp", True), ("/xxgk/count.jsp", False)])
def test_an_address_of_the_page_itself_may_be_given_to_a_script_as_it_is(
    path: str, leads: bool, page_of: PageOf
) -> None:
    click = f'RefreshPageTo(event, "{path}?Paged=TRUE\\u0026p_ID=71");javascript:return false;'
    markup = f"<a onclick='javascript:{click}' href='javascript:'><img src='next.gif' alt='下一页'></a>"
    pager = read_pager(page_of(markup, url=HERE))
    assert pager.ask == (Ask(f"{LIST}?Paged=TRUE&p_ID=71") if leads else None)
    assert pager.more is not leads

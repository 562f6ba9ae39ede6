"""How a page leads on, by kind; and what denies the claim of a wrapper's page."""
# ruff: noqa: E501  (a line a case)

from datetime import date

import pytest

from tests.wrappers.test_induction import page_of, rows
from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.induce import induce
from tracker.evidence.wrappers.pagers import read_pager, with_pager
from tracker.evidence.wrappers.read_list import read_list
from tracker.evidence.wrappers.run import run_wrapper
from tracker.evidence.wrappers.values import ReadSoFar
from tracker.evidence.wrappers.wrapped_listing import wrapped_listing
from tracker.evidence.wrappers.wrapper import PagerKind

_SITE = "http://www.county.gov.cn"
_TURN = '<form name="f" method="post" action="list.jsp"><input type="hidden" name="no" value="1"></form><script>function turn(n){f.no.value=n;f.submit()}</script>'
_ROW = '<li><a href="/t/{n}.html">{t}</a><span>{d}</span></li>'


@pytest.mark.parametrize(
    ("markup", "url", "number", "kind", "following", "last"),
    [
        ('<a href="index_1.html">下一页</a>', "/tzgg/", 1, PagerKind.NEXT_LINK, "/tzgg/index_1.html", False),
        ('<a href="/tzgg/">上一页</a><a class="disabled">下一页</a>', "/tzgg/index_1.html", 2, PagerKind.NEXT_LINK, None, True),
        ('<a href="#" onclick="turn(2)">下一页</a>', "/tzgg/", 2, PagerKind.UNKNOWN, None, False),
        ('<b>1</b><a href="p2.html">2</a><a href="p3.html">3</a>', "/tzgg/", 1, PagerKind.NUMBERED, "/tzgg/p2.html", False),
        ('<a href="p1.html">1</a><a href="p2.html">2</a><b>3</b>', "/tzgg/p3.html", 3, PagerKind.NUMBERED, None, True),
        ('<a href="/zt/2.html">2</a><a href="/zt/3.html">3</a>', "/tzgg/", 1, PagerKind.NONE, None, False),
        ("<p>共3页</p>", "/list.jsp?c=1&page=1", 1, PagerKind.COUNTED, "/list.jsp?c=1&page=2", False),
        ("<p>共3页</p>", "/list.jsp?c=1&page=3", 3, PagerKind.NONE, None, False),
        ('<script>createPageHTML(3, 0, "index", "html");</script>', "/tzgg/", 1, PagerKind.SCRIPT, "/tzgg/index_1.html", False),
        ('<script>createPageHTML(3, 3, "index", "html");</script>', "/tzgg/index_2.html", 3, PagerKind.SCRIPT, None, True),
        (_TURN + '<a href="javascript:turn(2)">下一页</a>', "/tzgg/", 1, PagerKind.FORM, "/tzgg/list.jsp", False),
        (_TURN + '<a href="javascript:turn(1)">下一页</a>', "/tzgg/", 1, PagerKind.FORM, None, True),
        ("<script>function go(n){location='p_'+n+'.html'}</script><a onclick=\"go(2)\">下一页</a>", "/tzgg/", 1, PagerKind.SCRIPT, "/tzgg/p_2.html", False),
        ("", "/tzgg/", 1, PagerKind.NONE, None, False),
    ],
)  # fmt: skip
def test_the_next_page_by_kind(
    markup: str, url: str, number: int, kind: PagerKind, following: str | None, last: bool
) -> None:
    page = page_of(f'<div class="page">{markup}</div>', f"{_SITE}{url}")
    onward = read_pager(page, number)
    assert (onward.place.kind, onward.ask.url if onward.ask else None, onward.last) == (
        kind, f"{_SITE}{following}" if following else None, last
    )  # fmt: skip


def test_a_wrapper_knows_where_its_pager_stands_and_what_ends_its_list() -> None:
    page = rows(_ROW, "<ul>", '</ul><div class="page"><a href="i_2.html">下一页</a> 共3页</div>')
    wrapper = induce(page)
    assert wrapper is not None
    known = with_pager(wrapper, page)
    assert known.pager.place == "body/div.main/div.page"
    assert known.pager.promise
    assert with_pager(wrapper, rows(_ROW, "<ul>", "</ul>")).pager.kind is PagerKind.NONE


@pytest.mark.parametrize(
    ("between", "left"),
    [
        pytest.param("<li>县财政局关于补助资金的公示 <span>2015-09-10</span></li>", True, id="a row without a link"),
        pytest.param("<li>县财政局关于补助资金发放情况的公示</li>", True, id="the same without a day"),
        pytest.param('<li class="line"></li>', False, id="a rule"),
        pytest.param("<li>共6条 第1/1页</li>", False, id="a count"),
    ],
)
def test_what_may_be_a_row_is_left_over(between: str, left: bool) -> None:
    page = rows(_ROW, f"<ul>{between}", "</ul>")
    wrapper = induce(page)
    assert wrapper is not None
    listing = wrapped_listing(page, wrapper, run_wrapper(wrapper, page))
    assert len(listing.sightings) == 6
    assert bool(listing.residue) is left


def test_tabs_are_the_heads_of_several_lists() -> None:
    one = rows(_ROW, '<ul class="l">', "</ul>").text
    inner = one[one.index('<ul class="l">') : one.index("</div></body>")]
    page = page_of(inner + inner.replace("/t/", "/s/"))
    wrapper = induce(page)
    assert wrapper is not None
    assert wrapped_listing(page, wrapper, run_wrapper(wrapper, page)).digest


def test_a_further_page_may_be_a_piece_of_markup() -> None:
    row = "<li><a href='/t/{0}.html'>第{0}号环境监测公告</a><span>2015-08-{0}</span></li>"
    shown = "".join(row.format(day) for day in range(28, 20, -1))
    first = page_of(f"<div class='main'><ul class='list'>{shown}</ul></div>", f"{_SITE}/tzgg/")
    piece = f"<ul class='list'>{row.format(19)}{row.format(18)}</ul>".encode()
    further = Page(f"{_SITE}/more?page=2", piece, first.zone, first.today, "text/html; charset=utf-8")
    known = read_list(first, ReadSoFar())
    assert known is not None
    found = read_list(further, ReadSoFar(known.wrapper, 2, 8, date(2015, 8, 21)))
    assert found is not None
    assert [one.title for one in found.sightings] == ["第19号环境监测公告", "第18号环境监测公告"]

"""What stands in a list's room and is neither record, pager, other list nor frame is named, with its day if known."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing

PageOf = Callable[..., Page]
HERE = "http://www.yangli.gov.cn/cz/"
TITLE = "财政局2015年部门预算"
DAYS = [date(2015, 9, 28 - 3 * n) for n in range(9)]

#: How lists print their records: what holds them, and one of them.
MANNERS = {
    "items": ("<ul>{}</ul>", "<li>{title}<span>{day}</span></li>"),
    "boxes": ("<div>{}</div>", "<div class='r'><p>{title}</p><p>{day}</p></div>"),
    "a table": ("<table>{}</table>", "<tr><td>{title}</td><td>{day}</td></tr>"),
    "a catalogue": (
        "<table><tr><th>名称</th><th>发布日期</th></tr>{}</table>",
        "<tr><td>{title}</td><td>{day}</td></tr>",
    ),
    "pairs": ("<dl>{}</dl>", "<dt>{title}</dt><dd>{day}</dd>"),
    "lines": ("<div>{}</div>", "{title} {day}<br>"),
    "days first": ("<div>{}</div>", "<p>{day} {title}</p>"),
}


def link(number: int) -> str:
    return f'<a href="/cz/x{number}.html">财政工作动态第{number}期简报</a>'


def page(manner: str, *, first: str = "", third: str = "", last: str = "", above: str = "", below: str = "") -> str:
    """A page with nine records; before the first and the third, behind the last and around them what is given."""
    holder, row = MANNERS[manner]
    rows = [row.format(title=link(n), day=day) for n, day in enumerate(DAYS)]
    body = holder.format("".join([first, *rows[:2], third, *rows[2:], last]))
    return (
        "<html><head><title>财政-样例县</title></head><body><div class='top'>今天是2015年9月30日 星期三</div>"
        "<ul><li><a href='/'>首页</a></li><li><a href='/zw/'>政务公开</a></li><li><a href='/bs/'>办事服务</a></li></ul>"
        f"<div class='main'><div>您的位置：<a href='/'>首页</a> &gt; 财政</div>{above}{body}</div>{below}</div>"
        "<div>主办：样例县人民政府 ICP备15000000号</div></body></html>"
    )


def row(manner: str, title: str, day: object = "") -> str:
    return MANNERS[manner][1].format(title=title, day=day)


# what is there, in which manners, where, what of it is named, its day
NEW, MIDDLE = date(2015, 9, 29), date(2015, 9, 24)
BOXED = [name for name in MANNERS if name not in ("lines", "pairs")]  # a pair without a link leaves no row its day
LEFT = [
    ("a headline whose section is its own", "*", {"above": f'<h2><a href="/special/2015sunshine/">{TITLE}</a></h2>'}, TITLE, None),
    ("a headline on another site", "*", {"above": f'<p><a href="http://cz.shi.gov.cn/b/7.html">{TITLE}</a></p>'}, TITLE, None),
    ("a headline that a script opens", "*", {"above": f'<h3><a onclick="view(7)">{TITLE}</a></h3>'}, TITLE, None),
    ("a picture over the list", "*", {"above": '<div><a href="/tp/7"><img src="/t.jpg"></a></div>'}, "7", None),
    ("a text with a day over it", "*", {"above": f"<div>{TITLE}（2015-09-29）</div>"}, TITLE, NEW),
    ("a title alone over it", "*", {"above": "<p>关于公布财政局2015年部门预算的公告</p>"}, TITLE, None),
    ("a document that the page shows", "*", {"above": "<div><embed src='/f/2015gb.pdf'></div>"}, "2015gb.pdf", None),
    ("a row without a link", BOXED, {"third": f"#{TITLE}#{MIDDLE}"}, TITLE, MIDDLE),
    ("a first row without a link", BOXED, {"first": f"#{TITLE}#{NEW}"}, TITLE, NEW),
    ("a last row without a link", BOXED, {"last": f"#{TITLE}#2015-09-02"}, TITLE, date(2015, 9, 2)),
    ("a row without link and day", ["items", "a table"], {"third": f"#{TITLE}#"}, TITLE, DAYS[1]),
    ("a row with a picture for a title", BOXED, {"third": f'#<a href="/cz/b7.html"><img src="/t.png"></a>#{MIDDLE}'}, "b7.html", MIDDLE),
    ("a row without a day", ["items", "boxes", "a table"], {"third": f'#<a onclick="view(7)">{TITLE}</a>#'}, TITLE, DAYS[1]),
    ("a line without a link", ["lines"], {"third": f"{TITLE} {MIDDLE}<br>"}, TITLE, MIDDLE),
    ("a button for more", "*", {"below": "<button onclick='more()'>加载更多</button>"}, "加载更多", DAYS[-1]),
    ("a link to more", "*", {"below": "<p><a href='javascript:more()'>查看更多&gt;&gt;</a></p>"}, "查看更多>>", DAYS[-1]),
    ("more in the head", "*", {"above": "<div><b>财政</b> <a href='/cz/all.html'>更多</a></div>"}, "更多", None),
]  # fmt: skip


def filled(manner: str, places: dict[str, str]) -> dict[str, str]:
    """#title#day as a row of the manner."""
    return {
        place: row(manner, *text.split("#")[1:]) if text.startswith("#") else text for place, text in places.items()
    }


CASES = [
    pytest.param(manner, places, words, day, id=f"{name}, {manner}")
    for name, manners, places, words, day in LEFT
    for manner in (MANNERS if manners == "*" else manners)
]


@pytest.mark.parametrize(("manner", "places", "words", "day"), CASES)
def test_what_is_left_over_is_named_with_its_day(
    manner: str, places: dict[str, str], words: str, day: date | None, page_of: PageOf
) -> None:
    listing = parse_listing(page_of(page(manner, **filled(manner, places)), url=HERE))
    taken = {one.title for one in listing.sightings}
    assert len(taken) == len(DAYS) + (TITLE in taken), listing
    assert TITLE in taken or (words in listing.residue and listing.residue_day == day), listing


# what is there and no part of the list
FRAME = [
    ("nothing", {}),
    ("a pager", {"below": "<div>共1页 <a href='/cz/index_2.html'>下一页</a> <a href='/cz/index_3.html'>尾页</a></div>"}),
    ("a pager of numbers", {"below": "<div><a href='/cz/?page=2'>2</a> <a href='/cz/?page=3'>3</a></div>"}),
    ("a pager of pictures", {"below": "<p><a href='/cz/?page=2'><img src='/r.gif'></a></p>"}),
    ("a pager of pictures in the box", {"last": "<p><a href='/cz/?page=2'><img src='/r.gif'></a></p>"}),
    ("the way that leads there", {"above": "<p>您的位置：<a href='/zt/a.html'>财政信息公开专栏目录</a></p>"}),
    ("a menu over the list", {"above": "<div><a href='/cz/a/'>财政预算决算公开</a><a href='/cz/b/'>政府采购信息公开</a><a href='/cz/c/'>国有资产信息公开</a></div>"}),
    ("another list below", {"below": "<div><h3>热点 <a href='/rd/'>更多</a></h3></div><ul>" + "".join(f"<li><a href='/rd/{n}.html'>热点新闻标题第{n}条</a></li>" for n in range(4)) + "</ul>"}),
    ("a menu in the box", {"first": "<p><a href='/cz/a/'>预算</a> <a href='/cz/b/'>决算</a></p>"}),
    ("services", {"below": "<p><a href='javascript:print()'>打印</a> <a href='javascript:close()'>关闭</a> <a href='#'>返回顶部</a></p>"}),
    ("the column's own name", {"above": "<h2><a href='/cz/'>财政信息公开专栏目录</a></h2>"}),
    ("the heading of a month", {"third": "<li><b>2015年9月</b></li>"}),
    ("a clock", {"above": "<p>今天是2015年9月30日 星期三 欢迎您</p>"}),
    ("when it was updated", {"below": "<p>更新时间：2015-09-28 10:00</p>"}),
    ("an abstract of each row", {}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "places"), FRAME, ids=[name for name, _ in FRAME])
def test_what_is_no_part_of_the_list_is_not_left_over(name: str, places: dict[str, str], page_of: PageOf) -> None:
    html = page("items", **places)
    if name == "an abstract of each row":
        html = html.replace("</span></li>", "</span><p>自2015年9月2日起施行的各项财政补贴办法</p></li>")
    listing = parse_listing(page_of(html, url=HERE))
    assert len(listing.sightings) == len(DAYS), listing
    assert (listing.residue, listing.residue_day) == ("", None)


def test_a_row_that_holds_two(page_of: PageOf) -> None:
    html = page("items").replace(f"<span>{DAYS[2]}</span>", f"<span>{DAYS[2]}</span><br>{TITLE} <span>{DAYS[2]}</span>")
    listing = parse_listing(page_of(html, url=HERE))
    assert listing.residue
    assert listing.residue_day == DAYS[2]


def test_a_day_where_others_print_hours(page_of: PageOf) -> None:
    html = page("items")
    for n, printed in enumerate(["今天 07:45", "昨天 17:20", "3天前", "4天前", "5天前", "6天前"]):
        html = html.replace(str(DAYS[n]), printed)
    listing = parse_listing(page_of(html, url=HERE))
    assert (len(listing.sightings), listing.residue) == (len(DAYS), "")


def test_without_an_order_a_row_without_a_day_is_of_any_day(page_of: PageOf) -> None:
    html = (
        page("items", third=row("items", TITLE)).replace(str(DAYS[0]), "2015-03-01").replace(str(DAYS[3]), "2015-09-30")
    )
    listing = parse_listing(page_of(html, url=HERE))
    assert (TITLE in listing.residue, listing.residue_day) == (True, None)

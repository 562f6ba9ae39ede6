"""What stands in a list and cannot be followed or read keeps it from being whole; what stands apart is an entry."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tracker.evidence.page.parsed import Page
from tracker.evidence.wrappers.parsing import parse_listing
from tracker.evidence.wrappers.values import Listing

PageOf = Callable[..., Page]
SITE = "http://www.yangli.gov.cn"
HERE = f"{SITE}/cz/"
TITLE = "财政局2015年部门预算"
DAY = date(2015, 9, 29)
ROWS = [(k, f"财政工作动态第{k}期", date(2015, k, 11)) for k in range(8, 0, -1)]

#: A row in the markup of many systems: with its link, and where that stands; `{link}` is filled below.
MANNERS = {
    "items": ("<ul>{rows}</ul>", "<li>{link}<span>{day}</span></li>"),
    "lines of a table": ("<table>{rows}</table>", "<tr><td>{link}</td><td>{day}</td></tr>"),
    "a catalogue": (
        "<table><tr><th>名称</th><th>发布日期</th></tr>{rows}</table>",
        "<tr><td>{link}</td><td>{day}</td></tr>",
    ),
    "a catalogue without a table": (
        "<div><div class='h'><span>名称</span><span>发布日期</span></div>{rows}</div>",
        "<div class='r'><span>{link}</span><span>{day}</span></div>",
    ),
    "boxes": ("<div>{rows}</div>", "<div class='r'><p>{link}</p><p>{day}</p></div>"),
    "pairs": ("<dl>{rows}</dl>", "<dt>{link}</dt><dd>{day}</dd>"),
    "lines with breaks": ("<div>{rows}</div>", "{link} {day}<br>"),
    "lists of one": ("<div>{rows}</div>", "<ul class='one'><li>{link}<span>{day}</span></li></ul>"),
    "marked rows": ("<div>{rows}</div>", "<li id='line_u9_{k}'>{link}<span>{day}</span></li>"),
    "rows around a link": ("<ul>{rows}</ul>", "<li><em>{day}</em><h3>{link}</h3><p>摘要</p></li>"),
}
LOST = {
    "a script": f'<a href="javascript:view(77)">{TITLE}</a>',
    "an event": f'<a onclick="view(77)">{TITLE}</a>',
    "a mark": f'<a href="#" onclick="view(77)">{TITLE}</a>',
    "a picture": '<a href="/cz/b.html"><img src="/t.png"></a>',
    "nothing": TITLE,
}


def page(body: str) -> str:
    return (
        "<html><head><title>财政-样例县</title></head><body><ul class='nav'><li><a href='/'>首页</a></li></ul>"
        f"{body}<div class='foot'>主办：样例县人民政府</div></body></html>"
    )


def listed(manner: str, lost: str = "", above: str = "") -> str:
    whole, row = MANNERS[manner]
    linked = [
        row.format(k=k, link=f'<a href="/cz/x{k}.html">{title}</a>', day=f"2015-{day:%m-%d}") for k, title, day in ROWS
    ]
    first = [row.format(k=9, link=lost, day=DAY)] if lost else []
    return page(above + whole.format(rows="".join([*first, *linked])))


def whole(listing: Listing) -> bool:
    """Whether its rows are claimed to be all that the page lists."""
    return listing.understood and not (listing.residue or listing.more or listing.digest or listing.cut)


class TestRowsThatCannotBeTakenUp:
    @pytest.mark.parametrize(
        ("manner", "lost"),
        # A line without an element and without a link is text like any other.
        [(manner, lost) for manner in MANNERS for lost in LOST if (manner, lost) != ("lines with breaks", "nothing")],
    )
    def test_keep_the_list_from_being_whole(self, manner: str, lost: str, page_of: PageOf) -> None:
        listing = parse_listing(page_of(listed(manner, LOST[lost]), url=HERE))
        taken = {one.title for one in listing.sightings}
        assert not whole(listing) or TITLE in taken, listing
        if listing.understood:
            assert {title for _, title, _ in ROWS} <= taken

    @pytest.mark.parametrize("manner", MANNERS)
    def test_and_without_them_it_is(self, manner: str, page_of: PageOf) -> None:
        listing = parse_listing(page_of(listed(manner), url=HERE))
        assert whole(listing), listing
        assert len(listing.sightings) == len(ROWS)

    def test_bear_their_day(self, page_of: PageOf) -> None:
        listing = parse_listing(page_of(listed("items", LOST["a script"]), url=HERE))
        assert (TITLE in listing.residue, listing.residue_day) == (True, DAY)

    @pytest.mark.parametrize("beside", ["更新时间：{}", "今天是{} 星期三", "{}"])
    def test_are_no_clocks(self, beside: str, page_of: PageOf) -> None:
        html = listed("items").replace("</ul><div class='foot'", f"<li>{beside.format(DAY)}</li></ul><div class='foot'")
        assert whole(parse_listing(page_of(html, url=HERE)))

    def test_in_a_store_of_records(self, page_of: PageOf) -> None:
        linked = [f'<li><a href="/cz/x{k}.html">{title}</a><span>{day}</span></li>' for k, title, day in ROWS]
        kept = [*linked, f"<li>{TITLE}<span>{DAY}</span></li>"]
        for records, lost in ((linked, 0), (kept, 1)):
            store = "".join(f"<record><![CDATA[{one}]]></record>" for one in records)
            html = page(
                f'<script type="text/xml"><datastore><totalrecord>{len(records)}</totalrecord><recordset>{store}</recordset></datastore></script>'
            )
            listing = parse_listing(page_of(html, url=HERE))
            assert (listing.dialect, bool(listing.residue), len(listing.sightings)) == ("jcms", bool(lost), 8)

    def test_in_an_answer(self, page_of: PageOf) -> None:
        items = "".join(
            f'{{"title":"{title}","url":"/cz/x{k}.html","publishedTimeStr":"{day}"}},' for k, title, day in ROWS
        )
        answer = f'{{"success":true,"data":{{"total":9,"results":[{items}{{"title":"{TITLE}","url":null,"publishedTimeStr":"{DAY}"}}]}}}}'
        listing = parse_listing(page_of(answer, url=HERE, content_type="application/json"))
        assert (bool(listing.residue), len(listing.sightings)) == (True, 8)


ABOVE = {
    "a headline": '<div class="headline"><h2><a href="/cz/b.html">{t}</a></h2><p>今年预算……[<a href="/cz/b.html">详细</a>]</p></div>',
    "a heading": '<h3><a href="/cz/b.html">{t}</a></h3>',
    "a box with a name": '<div class="toutiao"><a href="/cz/b.html">{t}</a></div>',
    "a bold line": '<p><strong><a href="/cz/b.html">{t}</a></strong></p>',
    "twice": '<h2><a href="/cz/b.html">{t}</a></h2><h3><a href="/cz/b.html">{t}</a></h3>',
    "with a day": '<div class="top"><h2><a href="/cz/b.html">{t}</a></h2><span>2015-09-29</span></div>',
}


class TestWhatStandsAboveTheList:
    @pytest.mark.parametrize("above", ABOVE)
    @pytest.mark.parametrize("manner", ["items", "lines of a table", "boxes", "marked rows"])
    def test_is_an_entry(self, manner: str, above: str, page_of: PageOf) -> None:
        listing = parse_listing(page_of(listed(manner, above=ABOVE[above].format(t=TITLE)), url=HERE))
        assert TITLE in {one.title for one in listing.sightings} or not whole(listing)
        assert len(listing.sightings) == len(ROWS) + 1

    @pytest.mark.parametrize(
        ("above", "left"),
        [
            ('<h2><a href="/cz/">财政信息公开专栏目录</a></h2>', ""),
            ('<h2><a href="http://www.gov.cn/x/b.html">中国政府网重要政策文件</a></h2>', "中国政府网重要政策文件"),
            ('<div class="nav"><h2><a href="/cz/b.html">本县财政信息公开专栏</a></h2></div>', ""),
            ('<h2><a href="/cz/b.html">更多</a></h2>', "更多"),
            ('<p><a href="/zcfg/b.html">政策法规和规范性文件</a></p>', "政策法规和规范性文件"),
        ],
    )
    def test_is_none_where_it_leads_elsewhere(self, above: str, left: str, page_of: PageOf) -> None:
        """But what bears a title, or promises more, is left over: it may be an entry after all."""
        listing = parse_listing(page_of(listed("items", above=above), url=HERE))
        assert (whole(listing), len(listing.sightings)) == (not left, len(ROWS))
        assert left in listing.residue

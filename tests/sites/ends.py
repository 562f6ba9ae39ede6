"""Columns whose end is not what it seems: what lies beyond it may not be called absent."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from random import Random

from tests.sites import rows, words
from tests.sites.case import Case, Row
from tests.sites.plain import linked_pager, make_rows, pages_of
from tests.sites.skins import SKINS, Place, frame


def broken_paging(rng: Random) -> Iterator[Case]:
    """A second page that fails, that answers as the first, or that is cut: no end may be claimed."""
    county = words.COUNTIES[8]
    for n, trap in enumerate(
        ["second-page-500", "second-page-is-the-first", "second-page-soft-404", "second-page-cut"]
    ):
        case = Case(f"plain/paging-{n}")
        all_rows = make_rows(rng, county, date(2015, 9, 25), 40, lambda day, n: f"/b/{n}.html")
        first, second = pages_of(all_rows, 20)
        place = Place(county, "公告")

        def address(n: int) -> str:
            return "/b/" if n == 0 else f"/b/index_{n}.html"

        def page(at: int, part: list[Row], place: Place = place, address: Callable[[int], str] = address) -> str:
            return SKINS["boxes"](rng, place, "公告", rows.write("items", part) + linked_pager(at, 2, address), "")

        case.put("/b/", page(0, first))
        if n == 0:
            case.put("/b/index_1.html", "<html><body><h1>Internal Server Error</h1></body></html>", status=500)
        elif n == 1:
            case.put("/b/index_1.html", page(0, first))
        elif n == 2:
            case.put(
                "/b/index_1.html",
                SKINS["boxes"](
                    rng,
                    place,
                    "提示信息",
                    '<div class="tip"><h3>对不起，您访问的页面不存在！</h3><p>页面将在5秒后自动跳转到首页</p></div>',
                    "",
                ),
            )
        else:
            whole = page(1, second).encode()
            case.put("/b/index_1.html", whole[: whole.index(second[9].url.encode())])
        case.column("/b/", "list", first, traps=[trap], complete=False, hidden=[r.true() for r in second])
        yield case


#: What stands beneath the first ten rows, where only a script or another page has the rest.
_BENEATH = {
    "load-more": '<div class="more" id="loadMore" onclick="loadMore()">加载更多</div>',
    "more-elsewhere": '<div class="gd"><a href="/zwgk/all.jsp?cid=9">更多&gt;&gt;</a></div>',
    "more-counted-than-shown": '<div class="total">共 <b>156</b> 条记录</div>',
    "pages-counted-without-links": '<div id="pager"></div><script>new Pager({el:"#pager",pageCount:12,current:1,onChange:load});</script>',
    "unfolds": '<p class="zk"><button type="button">显示全部 25 条</button></p>',
    "years-beside": '<div class="years"><a class="on" href="/e/">2015年</a><a href="/e/2014/">2014年</a><a href="/e/2013/">2013年</a></div>',
}


def unknowable(rng: Random) -> Iterator[Case]:
    """A page that shows the newest rows of a longer list."""
    for n, (trap, beneath) in enumerate(_BENEATH.items()):
        case = Case(f"ends/{trap}")
        county = words.COUNTIES[n]
        all_rows = make_rows(rng, county, date(2015, 9, 28), 25, lambda day, n: f"/e/{n}.html", step=20)
        shown, hidden = all_rows[:10], all_rows[10:]
        if trap == "years-beside":
            hidden = make_rows(rng, county, date(2014, 12, 20), 9, lambda day, n: f"/e/2014/{n}.html")
        main = f"<h2>公告公示</h2>{rows.write('items', shown)}{beneath}"
        case.put("/e/", frame(rng, county, "公告公示", main, skin=["boxes", "wide", "tables"][n % 3]))
        case.column("/e/", "list", shown, traps=[trap], complete=False, hidden=[r.true() for r in hidden])
        yield case


#: What tells that older rows stand elsewhere, around nine rows (@): no page is full with so many.
_ELSEWHERE = {
    "year-chosen": '<p>年份 <select name="nf" id="nf"><option selected>2015年</option><option>2014年</option><option>2013年</option></select></p>@',
    "months-beside": '@<dl class="gd"><dt>归档</dt><dd><a href="/h/2015-06/">2015年6月</a></dd><dd><a href="/h/2015-05/">2015年5月</a></dd></dl>',
    "history-linked": '@<p class="ls"><a href="/h/old.html">历史公告</a></p>',
    "newest-alone": "@<p>本页只列出最近9条公告。</p>",
    "numbers-to-press": '@<div class="turn"><button type="button">1</button><button type="button">2</button></div>',
    "pager-of-items": '@<ul class="ant-pagination"><li>1</li><li>2</li><li>3</li></ul>',
    "fills-on-scrolling": '@<script>var pageNo=1;$(window).scroll(function(){var t=$(this).scrollTop();if(t>max){pageNo+=1;$.getJSON("/h/more",{p:pageNo},add);}});</script>',
    "picture-of-more": '<div class="hd"><span>公告</span><a href="/h/all.html"><img src="/style/btn_more.png"></a></div>@',
}


def elsewhere(rng: Random) -> Iterator[Case]:
    """The newest rows of a list, with a word or a button for the older ones; a list as long as a page."""
    for n, (trap, around) in enumerate(_ELSEWHERE.items()):
        county = words.COUNTIES[n]
        all_rows = make_rows(rng, county, date(2015, 9, 28), 22, lambda day, n: f"/h/{n}.html", step=9)
        yield _shown(rng, trap, county, all_rows, around.replace("@", rows.write("items", all_rows[:9])), 9)
    all_rows = make_rows(rng, words.COUNTIES[8], date(2015, 9, 28), 40, lambda day, n: f"/h/{n}.html")
    yield _shown(rng, "full-page", words.COUNTIES[8], all_rows, rows.write("date-first", all_rows[:15], rows.DOTS), 15)


def _shown(rng: Random, trap: str, county: str, all_rows: list[Row], main: str, count: int) -> Case:
    case = Case(f"ends/{trap}")
    case.put("/h/", frame(rng, county, "公告", main))
    hidden = [row.true() for row in all_rows[count:]]
    case.column("/h/", "list", all_rows[:count], traps=[trap], complete=False, hidden=hidden)
    return case


def tabs(rng: Random) -> list[Case]:
    """The newest rows of three columns behind tabs, all in one manner."""
    case = Case("ends/tabs-of-columns")
    county, boxes, hidden = words.COUNTIES[2], "", []
    for kind in ("gg", "rs", "zf"):
        part = make_rows(rng, county, date(2015, 9, 28), 9, lambda day, n, kind=kind: f"/{kind}/{n}.html")
        boxes += f"<div>{rows.write('items', part[:5])}</div>"
        hidden += [row.true() for row in part]
    main = f'<div class="tt"><b>公告</b><b>人事</b><b>执法</b></div><div class="con">{boxes}</div>'
    case.put("/xx/", frame(rng, county, "信息", main, skin="wide"))
    case.column("/xx/", "list", [], traps=["tabs-of-columns"], outcome="any", complete=False, hidden=hidden)
    return [case]


def unlinked(rng: Random) -> Iterator[Case]:
    """A row of plain text between rows that are links."""
    for n, trap in enumerate(("line-unlinked", "block-unlinked")):
        county = words.COUNTIES[n + 3]
        all_rows = make_rows(rng, county, date(2015, 9, 28), 9, lambda day, n: f"/w/{n}.html")
        bare, lines = all_rows[3], []
        for row in all_rows:
            text = row.title if row is bare else f'<a href="{row.url}">{row.title}</a>'
            lines.append(f"{text} [{row.day}]<br>" if n == 0 else f"<div>{row.day:%Y年%m月%d日}　{text}</div>")
        case = Case(f"ends/{trap}")
        main = f"<div>{''.join(lines)}</div>"
        case.put("/w/", frame(rng, county, "公告", main))
        rest = [row for row in all_rows if row is not bare]
        hidden = [Row(bare.title, "(leads nowhere)", bare.day).true()]
        case.column("/w/", "list", rest, traps=[trap], complete=False, hidden=hidden)
        yield case


def headlines(rng: Random) -> Iterator[Case]:
    """A headline above the rows whose address is of another kind, in the systems that keep their rows apart."""
    for n, trap in enumerate(("over-catalogue", "over-store", "over-rows", "picture-over-rows")):
        county = words.COUNTIES[n]
        part = make_rows(rng, county, date(2015, 9, 21), 9, lambda day, n: f"/y/{n}.html")
        top = Row(words.title(rng, county, date(2015, 9, 29)), "/subject/2015sunshine/", date(2015, 9, 29))
        above = f'<div><h3><a href="{top.url}">{top.title}</a></h3><div>今年以来，全县上下认真落实各项要求，现将有关情况向社会公布。</div></div>'
        if trap == "picture-over-rows":
            above = f'<div class="tpxw"><a href="{top.url}"><img src="/img/t.jpg" alt="{top.title}"></a></div>'
        main = rows.write("items", part)
        if trap == "over-catalogue":
            main = (
                "<table><tr><th>名称</th><th>公开日期</th></tr>"
                + "".join(f'<tr><td><a href="{r.url}">{r.title}</a></td><td>{r.day}</td></tr>' for r in part)
                + "</table>"
            )
        if trap == "over-store":
            records = "".join(
                f'<record><![CDATA[<li><a href="{r.url}">{r.title}</a> {r.day}</li>]]></record>' for r in part
            )
            main = f'<div id="s"><script type="text/xml"><datastore><totalrecord>9</totalrecord><recordset>{records}</recordset></datastore></script></div>'
        case = Case(f"ends/{trap}")
        case.put("/y/", frame(rng, county, "要闻", above + main, skin="wide"))
        dialect = {"over-catalogue": "table", "over-store": "jcms"}.get(trap, "list")
        case.column("/y/", dialect, [Row(top.title, top.url, None), *part], traps=[f"headline-{trap}"], complete="any")
        yield case


def broken_off(rng: Random) -> Iterator[Case]:
    """Pages that break off where no tag is open: in a title, between two rows, before the pager."""
    for n, (trap, skin, style) in enumerate(
        [
            ("in-a-title", "boxes", "items"),
            ("between-rows", "tables", "layout-rows"),
            ("before-the-pager", "wide", "inside"),
            ("in-a-day", "boxes", "trailing-text"),
        ]
    ):
        case = Case(f"ends/breaks-off-{trap}")
        county = words.COUNTIES[n + 1]
        all_rows = make_rows(rng, county, date(2015, 9, 28), 40, lambda day, n: f"/k/{n}.html")
        first = all_rows[:20]

        def address(n: int) -> str:
            return "/k/" if n == 0 else f"/k/index_{n}.html"

        main = rows.write(style, first) + linked_pager(0, 2, address)
        whole = frame(rng, county, "公告", main, skin=skin)
        row = whole.index(first[12].url)
        mark = {
            "in-a-title": ">",
            "between-rows": "</tr>",
            "before-the-pager": '<div class="page">',
            "in-a-day": "2015-",
        }[trap]
        at = whole.index(mark, row) + {"in-a-title": 5, "between-rows": 5, "before-the-pager": 0, "in-a-day": 7}[trap]
        case.put("/k/", whole[:at])
        case.column(
            "/k/",
            "list",
            [],
            traps=[f"breaks-off-{trap}"],
            outcome="any",
            complete=False,
            hidden=[r.true() for r in all_rows],
        )
        yield case


def some_undated(rng: Random) -> list[Case]:
    """A list of which some rows print no day: those may not be taken for older than the others."""
    case = Case("ends/some-undated")
    county = words.COUNTIES[6]
    all_rows = [
        Row(r.title, r.url, None if n % 4 == 1 else r.day)
        for n, r in enumerate(make_rows(rng, county, date(2015, 9, 28), 24, lambda day, n: f"/u/{n}.html"))
    ]

    def address(n: int) -> str:
        return "/u/" if n == 0 else f"/u/{n + 1}.html"

    for at, part in enumerate(pages_of(all_rows, 12)):
        main = rows.write("items", part) + linked_pager(at, 2, address)
        case.put(address(at), frame(rng, county, "公告", main))
    case.column("/u/", "list", all_rows, traps=["some-undated"])
    return [case]


def others(rng: Random) -> list[Case]:
    return [*elsewhere(rng), *tabs(rng), *unlinked(rng), *headlines(rng)]


def cases(rng: Random) -> list[Case]:
    return [*broken_paging(rng), *unknowable(rng), *broken_off(rng), *some_undated(rng), *others(rng)]

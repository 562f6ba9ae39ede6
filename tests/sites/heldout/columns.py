"""Columns held out."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.sites.case import OWN, Case, Row
from tests.sites.heldout.frames import FRAMES, READ_ON, bystanders, heading, place

_ZONE = ZoneInfo("Asia/Shanghai")
_TODAY = READ_ON.isoformat()


def some(
    rng: Random, count: int, address: Callable[[date, int], str], newest: date = READ_ON, stride: int = 6
) -> list[Row]:
    found, day, used = [], newest - timedelta(days=1), set()
    for n in range(count):
        name = heading(rng, day)
        while name in used:
            name = heading(rng, day) + f"（{rng.randrange(2, 99)}）"
        used.add(name)
        found.append(Row(name, address(day, 70_000 + n * 11), day))
        day -= timedelta(days=rng.randrange(stride))
    return found


def _put(rng: Random, case: Case, address: str, frame: str, main: str, encoding: str = "utf-8", side: int = 5) -> None:
    charset = "gb2312" if encoding == "gbk" else encoding
    case.put(
        address,
        FRAMES[frame](rng, place(rng), "信息公开目录", "", charset, main, bystanders(rng, side, days=True)),
        encoding=encoding,
    )


# --- ways of writing rows, none of them the corpus's


def _group(part: list[Row]) -> str:
    return "".join(
        f'<a class="list-group-item" href="{r.url}"><h5 class="mb-1">{r.title}</h5><small>{r.day.year}/{r.day.month}/{r.day.day}</small></a>'
        for r in part
        if r.day
    )


def _before(part: list[Row]) -> str:
    return "".join(
        f'<div class="hang"><tt>{r.day:%Y.%m.%d}</tt> ┊ <a href="{r.url}" class=lj>{r.title}</a></div>'
        for r in part
        if r.day
    )


def _two_a_line(part: list[Row]) -> str:
    cells = [f"<td>·<a href={r.url} target=_blank>{r.title}</a><td nowrap>({r.day:%y-%m-%d})" for r in part if r.day]
    return (
        "<table width=100%>"
        + "".join(f"<tr>{''.join(cells[at : at + 2])}" for at in range(0, len(cells), 2))
        + "</table>"
    )


def _meta_line(part: list[Row]) -> str:
    return "".join(
        f'<li class="media"><div class="media-body"><h4><a href="{r.url}" title="{r.title}">{r.title[:18]}...</a></h4><p class="desc">各有关单位：{r.title}，请结合实际认真贯彻落实，2023年12月31日前报送。</p><div class="meta"><span>来源：县政府办</span><span>时间：{r.day}</span><span>浏览：{len(r.url)} 次</span></div></div></li>'
        for r in part
    )


def _han_short(part: list[Row]) -> str:
    return (
        "<ol>"
        + "".join(
            f"<li><a href='{r.url}'>{r.title}</a><font color=gray>{r.day.month}月{r.day.day}日</font>"
            for r in part
            if r.day
        )
        + "</ol>"
    )


def _split(part: list[Row]) -> str:
    return "".join(
        f'<div class="row-item"><a href="{r.url}"><div class="date-box"><strong>{r.day.day:02d}</strong><em>{r.day.year}.{r.day.month:02d}</em></div><div class="txt">{r.title}</div></a></div>'
        for r in part
        if r.day
    )


def _time_element(part: list[Row]) -> str:
    return "".join(
        f'<article class="post"><header><h2><a href="{r.url}" rel="bookmark">{r.title}</a></h2><time datetime="{r.day}T09:12:00+08:00">{r.day:%b %d, %Y}</time></header></article>'
        for r in part
        if r.day
    )


def _numbered(part: list[Row]) -> str:
    return (
        '<table class="table table-striped"><thead><tr><th>#</th><th>标题</th><th>来源</th><th>日期</th></tr></thead><tbody>'
        + "".join(
            f'<tr><td>{n}</td><td><a href="{r.url}">{r.title}</a></td><td>县政府办公室</td><td>{r.day}</td></tr>'
            for n, r in enumerate(part, 1)
        )
        + "</tbody></table>"
    )


# --- ways of paging


def _arrows(at: int, count: int, address: Callable[[int], str]) -> str:
    return (
        '<ul class="pagination">'
        + "".join(
            f'<li class="page-item{" active" if k == at else ""}"><a class="page-link" href="{address(k)}">{k + 1}</a></li>'
            for k in range(count)
        )
        + (
            f'<li class="page-item"><a class="page-link" href="{address(at + 1)}" aria-label="Next">&raquo;</a></li>'
            if at + 1 < count
            else ""
        )
        + "</ul>"
    )


def _select(at: int, count: int, address: Callable[[int], str]) -> str:
    return (
        f"<p>共{count}页 转到<select onchange='location=this.value'>"
        + "".join(
            f"<option value='{address(k)}'{' selected' if k == at else ''}>第{k + 1}页</option>" for k in range(count)
        )
        + "</select></p>"
    )


def _words(at: int, count: int, address: Callable[[int], str]) -> str:
    return (
        f'<div class="fy">第 {at + 1} / {count} 页 '
        + (f'<a href="{address(at - 1)}">[上页]</a>' if at else "")
        + (f'<a href="{address(at + 1)}">[下页]</a><a href="{address(count - 1)}">[末页]</a>' if at + 1 < count else "")
        + "</div>"
    )


_SITES = [
    ("group", _group, "cards", "utf-8", _arrows, 3, 40, "/xxgk/list-{}.html"), ("before", _before, "township", "utf-8", _words, 2, 30, "/xxgk/p{}.html"),
    ("two-a-line", _two_a_line, "jsp", "gbk", _select, 2, 36, "/list.jsp?c=3&currentPage={}"), ("meta-line", _meta_line, "cards", "utf-8", _arrows, 2, 20, "/xxgk/?p={}"),
    ("split", _split, "cards", "utf-8", _arrows, 1, 12, "/xxgk/list-{}.html"), ("time-element", _time_element, "cards", "utf-8", _words, 2, 20, "/category/gg/page/{}/"),
    ("numbered", _numbered, "township", "gb18030", _words, 3, 45, "/gk/ml_{}.html"),
]  # fmt: skip


def _plain(rng: Random) -> list[Case]:
    made = []
    for name, style, frame, encoding, pager, count, total, form in _SITES:
        case = Case(f"plain-{name}", _TODAY)
        all_rows = some(rng, total, lambda day, n: f"/detail/{day:%Y}/{n}.html")
        size = -(-total // count)

        def address(k: int, form: str = form) -> str:
            return form.format(k + 1)

        for at in range(count):
            main = style(all_rows[at * size : (at + 1) * size]) + pager(at, count, address)
            _put(rng, case, address(at), frame, main, encoding)
        case.column(address(0), "list", all_rows, traps=[name])
        made.append(case)
    case = Case("plain-without-year", "2024-02-20")
    all_rows = [
        replace(r, inferred=True)
        for r in some(rng, 26, lambda day, n: f"/d/{n}.html", newest=date(2024, 2, 19), stride=8)
    ]
    _put(rng, case, "/gs/", "jsp", _han_short(all_rows))
    case.column("/gs/", "list", all_rows, traps=["no-year", "new-year"])
    made.append(case)
    case = Case("plain-two-rows", _TODAY)
    few = some(rng, 2, lambda day, n: f"/rs/{n}.html", stride=40)
    _put(rng, case, "/rsxx/", "township", _before(few), side=10)
    case.column("/rsxx/", "list", few, traps=["short-column-long-side-list"])
    made.append(case)
    case = Case("plain-scripted-pager", _TODAY)
    part = some(rng, 15, lambda day, n: f"/s/{n}.html")
    _put(
        rng,
        case,
        "/sp/",
        "cards",
        _group(part)
        + '<div class="page"><a href="javascript:toPage(1)">1</a><a href="javascript:toPage(2)">2</a><a href="javascript:toPage(9)">9</a><a href="javascript:toPage(2)">下一页</a></div>',
    )
    case.column("/sp/", "list", part, traps=["pages-that-cannot-be-followed"], complete=False)
    made.append(case)
    return made


def _catalogue(rng: Random) -> list[Case]:
    case = Case("catalogue", _TODAY)
    all_rows = some(rng, 22, lambda day, n: f"/gkml/content/{n}")
    body = "".join(
        f"<tr><td>{r.day - timedelta(days=6)}</td><td>11330{n}</td><td><a href='{r.url}'>{r.title}</a></td><td>松政办〔2024〕{n}号</td><td>{r.day}</td></tr>"
        for n, r in enumerate(all_rows)
        if r.day
    )
    _put(
        rng,
        case,
        "/gkml/",
        "township",
        f"<table><tr><td>成文日期</td><td>索引号</td><td>标题</td><td>文号</td><td>公开日期</td></tr>{body}</table><div>共 22 条记录</div>",
    )
    case.column("/gkml/", "table", all_rows, traps=["written-day-beside-published-day"])
    cards = Case("catalogue-cards", _TODAY)
    rows = some(rng, 10, lambda day, n: f"/gkml/{n}.html")
    body = "".join(
        f'<div class="ml-item"><div class="t"><a href="{r.url}">{r.title}</a></div><dl><dt>索引号</dt><dd>00{n}/2024-1</dd><dt>成文日期</dt><dd>{r.day - timedelta(days=11)}</dd><dt>发布日期</dt><dd>{r.day}</dd><dt>发布机构</dt><dd>县政府办</dd></dl></div>'
        for n, r in enumerate(rows)
        if r.day
    )
    _put(rng, cards, "/gkml2/", "cards", body)
    cards.column("/gkml2/", "list", rows, traps=["written-day-beside-published-day"])
    return [case, cards]


def _systems(rng: Random) -> list[Case]:
    made = []
    case = Case("trs-named-box", _TODAY)
    shown = some(rng, 44, lambda day, n: f"./{day:%Y%m}/t{day:%Y%m%d}_{n}.shtml")
    for at in range(3):
        main = (
            '<ul class="infolist">'
            + "".join(
                f'<li><em>{r.day:%m-%d}</em><a href="{r.url}">{r.title}</a></li>'
                for r in shown[at * 15 : at * 15 + 15]
                if r.day
            )
            + f'</ul><div id="page_div"></div><script>createPageHTML("page_div",3, {at + 1},"index","shtml",44);</script>'
        )
        _put(rng, case, "/xxgk/gsgg/" if at == 0 else f"/xxgk/gsgg/index_{at}.shtml", "cards", main)
    case.column(
        "/xxgk/gsgg/",
        "trs",
        [replace(r, url="/xxgk/gsgg/" + r.url[2:], inferred=True) for r in shown],
        traps=["other-order-of-arguments"],
        marks=False,
    )
    made.append(case)
    case = Case("trs-plain", _TODAY)
    shown = some(rng, 50, lambda day, n: f"../../bmdt/{day:%Y%m}/t{day:%Y%m%d}_{n}.html")
    for at in range(2):
        main = (
            "".join(
                f'<p><a href="{r.url}" title="{r.title}">{r.title[:14]}..</a><span>({r.day})</span></p>'
                for r in shown[at * 25 : at * 25 + 25]
            )
            + f"<SCRIPT>createPageHTML(2,{at},'index','html');</SCRIPT>"
        )
        _put(rng, case, "/zw/a/tz/" if at == 0 else f"/zw/a/tz/index_{at}.html", "township", main)
    case.column(
        "/zw/a/tz/", "trs", [replace(r, url="/zw/bmdt/" + r.url[11:]) for r in shown], traps=["links-above-the-column"]
    )
    made.append(case)
    case = Case("jcms-older", _TODAY)
    all_rows = some(rng, 33, lambda day, n: f"/art/{day.year}/{day.month}/{day.day}/art_1229_{n}.html")
    records = [
        f"<table width='100%'><tr><td class='tt'><a href='{r.url}' target='_blank' title='{r.title}'>{r.title}</a></td><td align='right'>{r.day}</td></tr></table>"
        for r in all_rows
    ]
    query = "appid=1&webid=2&path=/&columnid=1229&unitid=887&webname=%E6%BE%9C%E6%B2%B3&permissiontype=0"
    inner = "".join(f"<record><![CDATA[{one}]]></record>" for one in records[:12])
    main = f'<div id=887></div><script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&{query}"></a>]]></nextgroup><recordset>{inner}</recordset></datastore></script>'
    _put(rng, case, "/col/col1229/index.html", "jsp", main)
    case.answer("/module/web/jpage/dataproxy.jsp", jpage={"records": records, "by": "page", "size": 12, "query": query})
    case.column("/col/col1229/index.html", "jcms", all_rows, traps=["proxy:page"])
    made.append(case)
    case = Case("ucap-json", _TODAY)
    all_rows = some(rng, 25, lambda day, n: f"/c100186/{day:%Y%m}/content/post_{n}.shtml")
    base = "/search/db9694580ad74929979e1981b8c534f9?page={}&_pageSize=10&_isAgg=true&_isJson=true"
    for at in range(3):
        found = [
            {
                "title": f"<em>{r.title}</em>" if n == 0 else r.title,
                "url": OWN + r.url,
                "publishedTime": int(
                    datetime(r.day.year, r.day.month, r.day.day, 17, 18, tzinfo=_ZONE).timestamp() * 1000
                ),
                "memo": "",
                "channelId": "x",
            }
            for n, r in enumerate(all_rows[at * 10 : at * 10 + 10])
            if r.day
        ]
        case.put(
            base.format(at + 1),
            json.dumps({"data": {"results": found, "total": 25, "page": at + 1, "rows": 10}}, ensure_ascii=True),
            type="text/plain; charset=utf-8",
        )
    case.column(base.format(1), "ucap", all_rows, traps=["epoch-milliseconds"])
    made.append(case)
    case = Case("boda-rows", _TODAY)
    all_rows = some(rng, 24, lambda day, n: f"/info/1222/{n}.htm")
    for at, name in enumerate(["/tztg.htm", "/tztg/1.htm"]):
        up = "../" if at else ""
        body = "".join(
            f'<tr id="lineu5_{n}" height=25><td class="leaderfont3"></td><td><a class="c3" href="{up}{r.url[1:]}" title="{r.title}">{r.title[:12]}…</a></td><td><span class="timestyle3">{r.day:%Y/%m/%d}&nbsp;</span></td></tr>'
            for n, r in enumerate(all_rows[at * 12 : at * 12 + 12])
            if r.day
        )
        pager = (
            '<div class="pb_sys_common"><span class="p_t">共24条</span><span class="p_pages"><span class="p_no_d">1</span><span class="p_no"><a href="tztg/1.htm">2</a></span><span class="p_next p_fun"><a href="tztg/1.htm">下页</a></span></span></div>'
            if at == 0
            else '<div class="pb_sys_common"><span class="p_pages"><span class="p_no"><a href="../tztg.htm">1</a></span><span class="p_no_d">2</span></span></div>'
        )
        _put(rng, case, name, "township", f"<table>{body}</table>{pager}")
    case.column("/tztg.htm", "boda", all_rows, traps=["pages-count-down"])
    made.append(case)
    return made


def _feeds(rng: Random) -> list[Case]:
    made = []
    case = Case("rss-dublin-core", _TODAY)
    all_rows = some(rng, 14, lambda day, n: f"/p/{n}/")
    body = "".join(
        f"<item><title>{r.title}</title><link>{OWN}{r.url}</link><dc:date>{r.day}T08:00:00+08:00</dc:date><content:encoded><![CDATA[<p>2020-01-01</p>]]></content:encoded></item>"
        for r in all_rows
    )
    case.put(
        "/feed/",
        f'<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title>{body}</channel></rss>',
        type="text/xml",
    )
    case.column("/feed/", "feed", all_rows, traps=["dublin-core"], complete=False)
    made.append(case)
    case = Case("atom-updated", _TODAY)
    all_rows = some(rng, 9, lambda day, n: f"/t/{n}.html")
    body = "".join(
        f"<a:entry><a:title>{r.title}</a:title><a:link href='{r.url}'/><a:updated>{r.day}T01:00:00Z</a:updated></a:entry>"
        for r in all_rows
    )
    case.put(
        "/atom",
        f'<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>x</a:title>{body}</a:feed>',
        type="application/xml",
    )
    case.column("/atom", "feed", all_rows, traps=["prefixed"], complete=False)
    made.append(case)
    case = Case("sitemap-index", _TODAY)
    all_rows = some(rng, 12, lambda day, n: f"/z/{n}.html")
    case.put(
        "/sitemap_index.xml",
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>{OWN}/map1.xml</loc></sitemap></sitemapindex>',
        type="text/xml",
    )
    case.put(
        "/map1.xml",
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        + "".join(f"<url><loc>{OWN}{r.url}</loc><lastmod>{r.day}T10:00:00+08:00</lastmod></url>" for r in all_rows)
        + "</urlset>",
        type="text/xml",
    )
    case.column(
        "/sitemap_index.xml", "sitemap", [replace(r, title="") for r in all_rows], traps=["index-of-maps"], marks=False
    )
    made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_plain(rng), *_catalogue(rng), *_systems(rng), *_feeds(rng)]

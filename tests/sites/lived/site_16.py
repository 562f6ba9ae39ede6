"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County government, static generated pages, years' archives (2024 | 2023 | 2022 tabs) and year sections with M.D dates (2024)"
FIRST, LAST = date(2024, 1, 1), date(2024, 6, 30)
c = "青石崖县"
COLUMNS = {
    "doc": {"title": "县政府办公室文件", "path": "/zwgk/zfwj/zfbwj/"},
    "stat": {"title": "经济运行", "path": "/sj/jjyx.html"},
    "meet": {"title": "政府常务会议", "path": "/zwgk/cwhy/"},
    "eia": {"title": "环评公示", "path": "/zwgk/hpgs/"},
}


def U(f):
    return lambda d, i: f % (d.year, i)


TRUTH = (
    C.gen("doc", "doc", FIRST, LAST, 92, "weekly", c, U("/zwgk/zfwj/zfbwj/%d/a%d.html"), 100)
    + C.gen("stat", "stat", FIRST, LAST, 26, "monthly", c, U("/sj/jjyx/%d_%d.html"), 900)
    + C.gen("meet", "meet", FIRST, LAST, 34, "weekly", c, U("/zwgk/cwhy/%d/hy%d.html"), 1200)
    + C.gen("eia", "eia3", FIRST, LAST, 21, "rare", c, U("/zwgk/hpgs/%d/%d.html"), 1700)
)
C.add(
    TRUTH,
    "doc",
    "青石崖县人民政府办公室关于印发2023年政务公开工作要点的通知",
    "/zwgk/zfwj/zfbwj/2023/a991.html",
    date(2023, 5, 30),
    datetime(2024, 2, 19, 10),
    991,
    "doc",
)
C.add(
    TRUTH,
    "meet",
    "青石崖县第18届人民政府第31次常务会议（扩大）",
    "/zwgk/cwhy/2023/hy1680.html",
    date(2023, 12, 27),
    datetime(2024, 1, 9, 10),
    1680,
    "meet",
)
x = C.pick(TRUTH, "doc", date(2024, 3, 4))
x["down"] = datetime(2024, 4, 22, 9, 30)
x = C.pick(TRUTH, "eia", date(2024, 2, 26))
x["down"] = datetime(2024, 3, 18, 9, 30)
C.back(TRUTH, x, datetime(2024, 3, 21, 10))
x = C.pick(TRUTH, "stat", date(2024, 4, 1))
C.later(x, datetime(2024, 5, 6, 10), title=x["title"] + "（修订）")
C.renum(TRUTH)
FAILURES = [
    ("*", date(2024, 5, 18), date(2024, 5, 19), "500"),
    ("meet", date(2024, 4, 4), date(2024, 4, 6), "othercol"),
    ("eia", date(2024, 6, 12), date(2024, 6, 12), "empty"),
]


def wrap(t, b, up=""):
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"/><title>{t}-青石崖县人民政府</title><meta name="ColumnType" content="信息公开"/><link href="/css/xxgk.css" rel="stylesheet"/></head>
<body><div id="skipnav"><a href="#main">跳到主要内容</a></div><div class="topbar">2024年 青石崖县政府信息公开 <form action="https://search.own-site.gov.cn/s"><input name="q" placeholder="请输入关键字"></form></div>
<div class="leftmenu"><dl><dt>法定主动公开内容</dt><dd><a href="/zwgk/zfwj/zfbwj/">县政府办公室文件</a></dd><dd><a href="/zwgk/cwhy/">政府常务会议</a></dd><dd><a href="/zwgk/hpgs/">环评公示</a></dd><dd><a href="/sj/jjyx.html">经济运行</a></dd></dl><dl><dt>政府信息公开年报</dt><dd><a href="/zwgk/nb/2023.html">2023年度</a></dd><dd><a href="/zwgk/nb/2022.html">2022年度</a></dd></dl></div>
<div id="main">{b}</div><div class="bq"><p>青石崖县人民政府主办 <a href="https://bszs.conac.cn/">党政机关</a></p></div></body></html>"""


def yearpage(col, now, y):
    v = C.rows(TRUTH, col, now)
    ys = sorted({x["_d"].year for x in v}, reverse=True)
    b = COLUMNS[col]["path"]
    y = y or ys[0]
    if y not in ys:
        return None
    tabs = "".join(f'<li class="{"cur" if k == y else ""}"><a href="{b}{k}/">{k}年</a></li>' for k in ys)
    w = [x for x in v if x["_d"].year == y]
    if col == "doc" and y == ys[0]:
        tabs += (
            '</ul><div class="zywj"><b>重要文件</b>'
            + "".join(f'<a href="{x["url"]}">{C.esc(x["title"])}</a>' for x in w[2:4])
            + "</div><ul>"
        )  # rows that stand twice on the page
    if col == "doc":
        l = (
            '<table class="wjtab"><thead><tr><th>标题</th><th>成文日期</th></tr></thead><tbody>'
            + "".join(f'<tr><td><a href="{x["url"]}">{C.esc(x["title"])}</a></td><td>{x["day"]}</td></tr>\n' for x in w)
            + "</tbody></table>"
        )
    else:
        l = "".join(
            f'<p class="hy"><a href="{x["url"]}">{C.esc(x["title"])}</a><small>{x["day"].month}月{x["day"].day}日</small></p>\n'
            for x in w
        )
    return wrap(
        COLUMNS[col]["title"],
        f'<div class="dqwz">首页 &gt; {COLUMNS[col]["title"]} &gt; {y}年</div><ul class="yeartab">{tabs}</ul><h2>{y}年</h2>{l}',
    )


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.nginx(500)
    for col in ("doc", "meet"):
        m = C.re.fullmatch(C.re.escape(COLUMNS[col]["path"]) + r"(?:(\d{4})/)?(?:index\.html)?", path)
        if m:
            w = C.fail(FAILURES, col, now)
            s = yearpage("doc" if w == "othercol" else col, now, C.num(m.group(1), 0) if m.group(1) else 0)
            return C.out(s) if s else C.nginx(404)
    if path == COLUMNS["stat"]["path"]:
        v = C.rows(TRUTH, "stat", now)
        b = ""
        for y in sorted({x["_d"].year for x in v}, reverse=True):
            b += (
                f'<h3 class="nian">{y}年发布</h3>\n<ol>'
                + "".join(
                    f'<li><span>{x["day"].month}.{x["day"].day}</span> <a href="{x["url"]}">{C.esc(x["title"])}</a></li>\n'
                    for x in v
                    if x["_d"].year == y
                )
                + "</ol>"
            )
        return C.out(wrap("经济运行", b))
    m = C.re.fullmatch(r"/zwgk/hpgs/(?:index(\d*)\.html)?", path)
    if m:
        v = [] if C.fail(FAILURES, "eia", now) else C.rows(TRUTH, "eia", now)
        per = 24
        n = C.npages(v, per)
        p = int(m.group(1) or 0) + 1
        if p > n:
            return C.nginx(404)
        l = "".join(
            f'<div class="li_{i % 2}"><a href="{x["url"]}">{C.esc(x["title"])}</a> <span class="time">{x["day"]:%Y.%m.%d}</span></div>\n'
            for i, x in enumerate(C.page(v, p, per))
        )
        pg = (
            ""
            if n == 1
            else '<div class="fy">'
            + " ".join(f'<a href="index{i or ""}.html">{i + 1}</a>' for i in range(n))
            + "</div>"
        )  # no pager until the list grows past a page
        return C.out(wrap("环评公示", l + pg))
    x = C.find(TRUTH, path, now)
    if x:
        return C.out(
            wrap(
                C.esc(x["title"]),
                f'<table class="syh"><tr><td>索引号：QSY{x["_id"]:06d}</td><td>成文日期：{x["day"]}</td><td>发布日期：{x["up"]:%Y-%m-%d}</td></tr></table><h1>{C.esc(x["title"])}</h1><div class="view">{C.P(x)}</div><p>【相关解读】</p>',
            )
        )
    if path in ("/", "/index.html"):
        return C.out(wrap("首页", ""))
    return C.nginx(404)


def BROWSE(fetch, col, start):
    if col in ("doc", "meet"):
        return C.b_links(fetch, start, C.re.escape(start) + r"\d{4}/$")
    return C.b_links(fetch, start, r"^/zwgk/hpgs/index\d*\.html$") if col == "eia" else [(start, fetch(start))]

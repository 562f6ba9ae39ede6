"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = (
    "County portal, home-grown JSP, dl lists, months' archives; one column left standing while a new one goes on (2012)"
)
FIRST, LAST = date(2012, 7, 1), date(2012, 12, 31)
c = "桃溪县"
COLUMNS = {
    "news": {"title": "今日桃溪", "path": "/jrtx/list.jsp"},
    "notice": {"title": "公告栏", "path": "/ggl/list.jsp"},
    "person": {"title": "干部任免", "path": "/zzrs/gbrm.jsp"},
    "eia": {"title": "环保审批", "path": "/hbsp/list.jsp"},
}
MOVED = {
    "notice": [(datetime(2012, 9, 17, 8), "/zwgk/tzgg/list.jsp")],  # the old list stands still, without a word
    "person": [(datetime(2012, 11, 5, 8), "/zwgk/rsxx/list.jsp")],
}  # the old list is emptied


def U(k):
    return lambda d, i: f"/view.jsp?cat={k}&id={i}"


TRUTH = (
    C.gen("news", "lead", FIRST, LAST, 95, "often", c, U("jrtx"), 100)
    + C.gen("notice", "note", FIRST, LAST, 38, "weekly", c, U("ggl"), 3000)
    + C.gen("person", "person", FIRST, LAST, 17, "rare", c, U("gbrm"), 4000)
    + C.gen("eia", "eia", FIRST, LAST, 8, "often", c, U("hbsp"), 5000)
)
x = C.pick(TRUTH, "news", date(2012, 8, 6))
x["down"] = datetime(2012, 8, 27, 10)
x = C.pick(TRUTH, "eia", date(2012, 10, 8))
x["down"] = datetime(2012, 10, 29, 10)
C.back(TRUTH, x, datetime(2012, 11, 1, 9, 30))
C.add(
    TRUTH,
    "news",
    "桃溪县召开上半年经济形势分析会",
    "/view.jsp?cat=jrtx&id=2971",
    date(2012, 7, 20),
    datetime(2012, 8, 15, 10),
    2971,
    "news",
)
C.add(
    TRUTH,
    "person",
    "桃溪县人民政府关于2011年度试用期满干部正式任职的通知",
    "/view.jsp?cat=gbrm&id=4990",
    date(2012, 2, 30 - 1),
    datetime(2012, 8, 1, 10),
    4990,
    "person",
)
x = C.pick(TRUTH, "notice", date(2012, 10, 15))
C.later(x, datetime(2012, 10, 23, 9, 30), day=date(2012, 10, 23))
C.renum(TRUTH)
FAILURES = [
    ("*", date(2012, 10, 4), date(2012, 10, 5), "500"),
    ("eia", date(2012, 12, 3), date(2012, 12, 4), "empty"),
    ("news", date(2012, 11, 24), date(2012, 11, 24), "half"),
]
SK = """<%s><head><meta http-equiv="Content-Type" content="text/html; charset=GBK"><title>桃溪县人民政府网</title></head><body>
<div id="wrap"><div id="banner"></div><ul id="menu"><li><a href="/index.jsp">首页</a></li><li><a href="/jrtx/list.jsp">今日桃溪</a></li><li><a href="%s">公告</a></li><li><a href="%s">干部任免</a></li><li><a href="/hbsp/list.jsp">环保审批</a></li></ul>
<div id="weather"><iframe src="http://m.weather.com.cn/m/pn4/weather.htm" width="160" height="20"></iframe></div>%s
<div id="foot"><marquee>欢迎访问桃溪县人民政府网站</marquee>浙ICP备05099888号</div></div></body></html>"""


def wrap(now, b):
    return C.out(
        SK
        % (
            "html",
            "/zwgk/tzgg/list.jsp" if now >= MOVED["notice"][0][0] else "/ggl/list.jsp",
            "/zwgk/rsxx/list.jsp" if now >= MOVED["person"][0][0] else "/zzrs/gbrm.jsp",
            b,
        ),
        "gb18030",
        "text/html;charset=GBK",
    )


def dl(v, title, n=None):
    return (
        f'<div class="lst"><h4>{title}</h4><dl>\n'
        + "".join(
            f'<dt><a href="{x["url"].replace("&", "&amp;")}">{x["title"]}</a></dt>\n<dd>[ {x["day"]:%Y-%m-%d} ]</dd>\n'
            for x in v
        )
        + "</dl></div>"
    )


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.tomcat500()
    q = C.Q(query)
    if path == "/jrtx/list.jsp":  # the current month, then one page a month
        v = C.rows(TRUTH, "news", now)
        ms = sorted({(x["_d"].year, x["_d"].month) for x in v}, reverse=True)
        try:
            y, m = map(int, q["m"].split("-"))
        except Exception:
            y, m = ms[0]
        arch = "".join(
            f'<li><a href="list.jsp?m={a}-{b:02d}">{a}年{b}月</a>（{sum(1 for x in v if (x["_d"].year, x["_d"].month) == (a, b))}）</li>'
            for a, b in ms
        )
        s = dl([x for x in v if (x["_d"].year, x["_d"].month) == (y, m)], f"今日桃溪 · {y}年{m}月")
        r = wrap(now, s + f'<div class="arch"><h4>按月归档</h4><ul>{arch}</ul></div>')
        return r if not C.fail(FAILURES, "news", now) else (r[0], r[1], r[2][: len(r[2]) // 2])
    paths = {
        "/ggl/list.jsp": "notice",
        "/zwgk/tzgg/list.jsp": "notice",
        "/zzrs/gbrm.jsp": "person",
        "/zwgk/rsxx/list.jsp": "person",
        "/hbsp/list.jsp": "eia",
    }
    if path in paths:
        col = paths[path]
        mv = MOVED.get(col, [(datetime(2099, 1, 1), "")])[0]
        t = now
        if path == mv[1] and now < mv[0]:
            return C.out("<h1>HTTP Status 404</h1>", code=404)
        frozen = col in MOVED and path != mv[1] and now >= mv[0]
        if frozen:
            t = mv[0]
        v = C.rows(TRUTH, col, t)
        if (frozen and col == "person") or C.fail(FAILURES, col, now):
            v = []
        per = 20
        n = C.npages(v, per)
        p = min(max(1, C.num(q.get("p"))), n)
        side = (
            '<div class="hot"><h4>热点关注</h4><dl>'
            + "".join(
                f'<dt><a href="{y["url"].replace("&", "&amp;")}">{C.cut(y["title"], 11)}</a></dt>'
                for y in C.rows(TRUTH, "news", now)[:4]
            )
            + "</dl></div>"
        )
        pg = (
            ""
            if n == 1
            else '<div class="pg">'
            + (f'<a href="{path}?p={p - 1}">&lt;&lt;</a> ' if p > 1 else "")
            + f"{p} / {n}"
            + (f' <a href="{path}?p={p + 1}">&gt;&gt;</a>' if p < n else "")
            + "</div>"
        )
        return wrap(
            now,
            dl(C.page(v, p, per), COLUMNS[col]["title"] if path != "/zwgk/tzgg/list.jsp" else "通知公告") + pg + side,
        )
    if path == "/view.jsp":
        x = C.find(TRUTH, f"/view.jsp?cat={q.get('cat')}&id={q.get('id')}", now)
        if not x:
            return wrap(now, "<p>对不起，没有找到该文章！</p>")
        d = x["day"]
        return wrap(
            now,
            f"<div class=v><h3>{x['title']}</h3><p align=center>{d.year}年{d.month}月{d.day}日 {x['_hm']}　来源：桃溪新闻网　编辑：{C.SUR[x['_id'] % 18]}{C.GIV[x['_id'] % 15]}</p>{C.P(x)}</div>",
        )
    if path in ("/", "/index.jsp"):
        return wrap(
            now, dl(C.rows(TRUTH, "news", now)[:5], "今日桃溪") + dl(C.rows(TRUTH, "notice", now)[:5], "公告栏")
        )
    return C.out("<h1>HTTP Status 404</h1>", code=404)


def BROWSE(fetch, col, start):
    return C.b_links(fetch, start, C.re.escape(start) + r"(\?(m=\d+-\d+|p=\d+))?$")

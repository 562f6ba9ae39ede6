"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County investment bureau, JSP with English date forms, RSS column, and a column showing only the first 25 rows without pager (2016)"
FIRST, LAST = date(2016, 1, 1), date(2016, 6, 30)
c = "金沙湾县"
COLUMNS = {
    "bid": {"title": "招标信息", "path": "/portal/zbxx.jsp"},
    "news": {"title": "招商动态", "path": "/portal/rss.jsp?ch=zsdt"},
    "notice": {"title": "公告", "path": "/portal/gg.jsp"},
}
UNKNOWABLE = {
    "bid": "only the newest 25 rows stand on the page, no pager and no archive",
    "news": "the RSS feed holds the newest 20 items only",
}


def U(k):
    return lambda d, i: f"/portal/article.jsp?ch={k}&aid={i}"


TRUTH = (
    C.gen("bid", "bid", FIRST, LAST, 25, "often", c, U("zbxx"), 300)
    + C.gen("news", "news", FIRST, LAST, 20, "weekly", c, U("zsdt"), 900)
    + C.gen("notice", "note", FIRST, LAST, 13, "rare", c, U("gg"), 1300)
)
x = C.pick(TRUTH, "bid", date(2016, 2, 15))
x["down"] = datetime(2016, 2, 22, 9, 30)
x = C.pick(TRUTH, "notice", date(2016, 3, 7))
x["down"] = datetime(2016, 4, 11, 10)
C.back(TRUTH, x, datetime(2016, 4, 14, 9, 30))
C.add(
    TRUTH,
    "notice",
    "金沙湾县2015年招商引资优惠政策公告",
    "/portal/article.jsp?ch=gg&aid=1990",
    date(2015, 11, 3),
    datetime(2016, 5, 9, 10),
    1990,
)
C.renum(TRUTH)
# A row falls off the first-25 (first-20) list when enough newer ones stand above it; that ends its time in the LIST ("fell": True),
# its own page stays. BASE holds the articles themselves, TRUTH their times in the list.
BASE, TRUTH = TRUTH, []
LIM = {"bid": 25, "news": 20, "notice": 10**6}
for col in COLUMNS:
    L = [x for x in BASE if x["column"] == col]
    L.sort(key=lambda x: (x["_d"], x["_id"]), reverse=True)
    cur = {}
    for t in sorted({x["up"] for x in L} | {x["down"] for x in L if x["down"]}):
        vis = [x for x in L if C.isup(x, t)][: LIM[col]]
        ids = {id(x) for x in vis}
        for k in [k for k in cur if k not in ids]:
            y = cur.pop(k)
            y["down"] = t
            y["fell"] = C.isup(y["_base"], t)
        for x in vis:
            if id(x) not in cur:
                y = dict(x, up=t, down=None, _base=x)
                TRUTH.append(y)
                cur[id(x)] = y
TRUTH = [x for x in TRUTH if x["down"] is None or x["down"] > datetime(2016, 1, 1)]
for x in TRUTH:
    x.pop("_base")
FAILURES = [
    ("*", date(2016, 2, 7), date(2016, 2, 9), "closed"),
    ("bid", date(2016, 4, 23), date(2016, 4, 23), "500"),
    ("news", date(2016, 5, 17), date(2016, 5, 17), "badxml"),
]
MON = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
WD = "Mon Tue Wed Thu Fri Sat Sun".split()


def eng(d):
    return f"{MON[d.month - 1]} {d.day}, {d.year}"


def wrap(t, b):
    return C.out(
        f"""<%--  --%>
<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>{t} | 金沙湾县投资促进局 JINSHAWAN INVESTMENT</title><link rel="alternate" type="application/rss+xml" title="招商动态" href="/portal/rss.jsp?ch=zsdt"></head><body id="p"><div id="lang"><a href="/portal/index.jsp">中文</a> | <a href="/en/">English</a></div><div id="mainnav"><a href="/portal/zbxx.jsp">招标信息</a> <a href="/portal/gg.jsp">公告</a> <a href="/portal/rss.jsp?ch=zsdt">招商动态(RSS)</a></div>
{b}
<div id="ft">Copyright 2009-2016 Jinshawan County. Tel: 0839-3260211</div></body></html>""",
        ctype="text/html;charset=UTF-8",
    )


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.nginx(503)
    q = C.Q(query)
    if path == "/portal/zbxx.jsp":
        if C.fail(FAILURES, "bid", now):
            return C.tomcat500()
        v = C.rows(BASE, "bid", now)[:25]
        return wrap(
            "招标信息",
            '<div class="box"><div class="box-t"><strong>招标信息</strong><em>BIDDING</em></div>\n'
            + "\n".join(
                f'<div class="r r{i % 2}"><div class="c1">{eng(x["day"])}</div><div class="c2"><a href="article.jsp?ch=zbxx&amp;aid={x["_id"]}">{C.esc(x["title"])}</a></div></div>'
                for i, x in enumerate(v)
            )
            + '</div><div class="box side"><strong>相关链接</strong><p><a href="http://www.sczb.gov.cn">四川省招标网</a></p><p><a href="/portal/article.jsp?ch=tzzn&aid=12">投资指南</a></p></div>',
        )
    if path == "/portal/gg.jsp":
        v = C.rows(BASE, "notice", now)
        return wrap(
            "公告",
            '<table class="t" cellpadding="4"><caption>公告 NOTICE</caption>'
            + "".join(
                f'<tr><td>{x["day"].day:02d}-{MON[x["day"].month - 1]}-{x["day"].year}</td><td><a href="article.jsp?ch=gg&amp;aid={x["_id"]}" title="{C.esc(x["title"])}">{C.cut(x["title"], 24)}</a></td></tr>\n'
                for x in v
            )
            + f"</table><p>共 {len(v)} 条公告，全部显示</p>",
        )
    if path == "/portal/rss.jsp" and q.get("ch") == "zsdt":
        v = C.rows(BASE, "news", now)[:20]
        s = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>金沙湾县投资促进局-招商动态</title><link>http://www.own-site.gov.cn/portal/</link><description>招商动态</description><language>zh-cn</language>\n'
            + "".join(
                f"<item><title><![CDATA[{x['title']}]]></title><link>http://www.own-site.gov.cn{C.esc(x['url'])}</link><pubDate>{WD[x['day'].weekday()]}, {x['day'].day:02d} {MON[x['day'].month - 1]} {x['day'].year} {x['_hm']}:00 +0800</pubDate><description><![CDATA[{C.paras(x)[0]}]]></description></item>\n"
                for x in v
            )
            + "</channel></rss>"
        )
        if C.fail(FAILURES, "news", now):
            s = s[:900]
        return C.out(s, ctype="application/rss+xml;charset=UTF-8")
    if path == "/portal/article.jsp":
        u = f"/portal/article.jsp?ch={q.get('ch')}&aid={q.get('aid')}"
        x = C.find(BASE, u, now)
        if x:
            return wrap(
                C.esc(x["title"]),
                f'<div class="art"><h2>{C.esc(x["title"])}</h2><div class="by">Posted: {eng(x["day"])} {x["_hm"]} &nbsp; 来源: 投资促进局</div>{C.P(x)}</div>',
            )
        return wrap("出错了", "<p>没有找到您要的文章。</p>")
    if path in ("/", "/portal/", "/portal/index.jsp"):
        return wrap("首页", "<h1>投资金沙湾</h1>")
    return C.out("<h1>404</h1>", code=404)


def BROWSE(fetch, col, start):
    t = fetch(start)
    return [(start, C.re.sub(r"<link>([^<]+)</link>", r'<a href="\1">', t) if col == "news" else t)]

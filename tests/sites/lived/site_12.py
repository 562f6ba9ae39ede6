"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County government, Kaipu (开普) CMS: first page in HTML, further pages as HTML fragments from /site/label/8888 (2020/21)"
FIRST, LAST = date(2020, 10, 1), date(2021, 3, 31)
c = "枫桥县"
COLUMNS = {
    "news": {"title": "部门动态", "path": "/site/column/6816751"},
    "punish": {"title": "行政处罚", "path": "/site/column/6816802"},
    "notice": {"title": "公告公示", "path": "/site/column/6816760"},
    "meet": {"title": "常务会议", "path": "/site/column/6816777"},
    "air": {"title": "空气质量日报", "path": "/site/column/6816820"},
}
CID = {v["path"].rsplit("/", 1)[1]: k for k, v in COLUMNS.items()}


def U(k):
    return lambda d, i: f"/content/article/{i}"


TRUTH = (
    C.gen("news", "news", FIRST, LAST, 84, "often", c, U(0), 8400100)
    + C.gen("punish", "punish", FIRST, LAST, 41, "burst", c, U(0), 8500100)
    + C.gen("notice", "note", FIRST, LAST, 19, "weekly", c, U(0), 8600100)
    + C.gen("meet", "meet", FIRST, LAST, 12, "rare", c, U(0), 8700100)
    + C.gen("air", "air", FIRST, LAST, 118, "all", c, U(0), 8800100, late=0.03)
)
M = sorted([x for x in TRUTH if x["column"] == "punish"], key=lambda x: x["up"])
for x in M[:9]:
    x["day"] = None  # the last rows print no day
x = C.pick(TRUTH, "punish", date(2020, 11, 2))
x["down"] = datetime(2021, 2, 3, 10)  # struck off after three months
x = C.pick(TRUTH, "punish", date(2020, 12, 1))
x["down"] = datetime(2021, 3, 3, 10)
x = C.pick(TRUTH, "news", date(2021, 1, 11))
x["down"] = datetime(2021, 1, 13, 10)
C.back(TRUTH, x, datetime(2021, 1, 15, 11))
C.add(
    TRUTH,
    "notice",
    "枫桥县2019年度政府信息公开工作年度报告",
    "/content/article/8699001",
    date(2020, 1, 19),
    datetime(2020, 12, 14, 16),
    8699001,
)
x = C.pick(TRUTH, "meet", date(2020, 11, 5))
C.later(x, datetime(2020, 11, 20, 9, 30), title=x["title"] + "召开")
x = C.pick(TRUTH, "notice", date(2020, 12, 7))
x["_pin"] = 1
C.later(x, datetime(2021, 1, 29, 10), _pin=0)
C.renum(TRUTH)
FAILURES = [
    ("*", date(2020, 12, 26), date(2020, 12, 26), "waf"),
    ("news", date(2021, 2, 11), date(2021, 2, 13), "stale"),
    ("notice", date(2021, 3, 9), date(2021, 3, 9), "fragmentfail"),
]
PER = 20


def frag(col, now, p):
    v = C.rows(TRUTH, col, now, key=lambda x: (x.get("_pin", 0), x["day"] is not None, x["_d"], x["_id"]))
    o = (
        '<ul class="doc_list list-%s">\n'
        % {"news": 6816751, "punish": 6816802, "notice": 6816760, "meet": 6816777, "air": 6816820}[col]
    )
    for i, x in enumerate(C.page(v, p, PER)):
        dd = f'<span class="right date">{x["day"]}</span>' if x["day"] else '<span class="right date"></span>'
        top = '<em class="top">置顶</em>' if x.get("_pin") else ""
        o += f'<li class="{"odd" if i % 2 else "even"}">{dd}{top}<i></i><a href="{C.HOST if i % 2 else ""}{x["url"]}" target="_blank" class="left" title="{C.esc(x["title"])}">{C.esc(C.cut(x["title"], 36))}</a></li>\n'
        if i % 5 == 4:
            o += '<li class="lm_line"></li>\n'
    return o + "</ul>", len(v)


def lst(col, cid, now):
    f, n = frag(col, now, 1)
    tot = n - 3 if col == "news" else n  # the counter of news lags by three
    return f"""<!DOCTYPE html>
<html>
<head>
<meta charset="UTF-8">
<meta name="renderer" content="webkit"/>
<meta name="SiteName" content="枫桥县人民政府"/><meta name="SiteDomain" content="www.own-site.gov.cn"/><meta name="ColumnName" content="{COLUMNS[col]["title"]}"/>
<title>{COLUMNS[col]["title"]}_枫桥县人民政府</title>
<script src="/assets/js/jquery-1.12.4.min.js"></script><script src="/assets/js/ls.core.js"></script></head>
<body data-siteid="6795621"><div class="wza">无障碍阅读 <a href="#">长者模式</a></div>
<div class="nav_main"><ul><li><a href="/">首页</a></li><li><a href="/site/column/6816751">部门动态</a></li><li><a href="/site/column/6816760">公告公示</a></li><li><a href="/site/column/6816777">常务会议</a></li><li><a href="/site/column/6816802">行政处罚</a></li></ul></div>
<div class="weizhi">当前位置：<a href="/">首页</a><span>&gt;</span><a href="/site/column/{cid}">{COLUMNS[col]["title"]}</a></div>
<div class="listnews" id="list_{cid}">
{f}
</div>
<div class="page" id="page_{cid}"></div>
<script type="text/javascript">
Ls.pagination("#page_{cid}", function (pageIndex, $this, init) {{
  if (init) return;
  Ls.ajax({{ dataType: "html", url: "/site/label/8888?IsAjax=1&dataType=html&labelName=articlePageList&siteId=6795621&columnId={cid}&pageSize={PER}&isDate=true&dateFormat=yyyy-MM-dd&length=36&pageIndex=" + (pageIndex + 1), success: function (d) {{ $("#list_{cid}").html(d); }} }});
}}, {{ currentPage: 0, pageCount: {C.npages(range(n), PER)}, total: {tot}, showTotal: true }});
</script>
<div class="footer"><p>主办：枫桥县人民政府办公室 网站标识码：3411250002</p><p>本站已支持IPv6</p></div></body></html>"""


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.waf521()
    q = C.Q(query)
    cid = path.rsplit("/", 1)[1]
    if (path == f"/site/column/{cid}" and cid in CID) or (path == "/site/label/8888" and q.get("columnId") in CID):
        frg = path == "/site/label/8888"
        cid = q["columnId"] if frg else cid
        col = CID[cid]
        w = C.fail(FAILURES, col, now)
        if w == "stale":
            now = datetime(2021, 2, 6, 9)
        if frg:
            if w == "fragmentfail":
                return C.out("", code=500)
            return C.out(frag(col, now, max(1, C.num(q.get("pageIndex"))))[0])
        s = lst(col, cid, now)
        if w == "fragmentfail":
            s = C.re.sub(r'<ul class="doc_list.*?</ul>', "<!-- 标签解析异常：articlePageList -->", s, flags=C.re.S)
        return C.out(
            s,
            ctype="text/html;charset=utf-8",
            X_Cache="HIT from cdn-hefei-02" if w == "stale" else "MISS from cdn-hefei-02",
            Age="412331" if w == "stale" else "0",
        )
    x = C.find(TRUTH, path, now)
    if x:
        dd = f"<span>发布时间：{x['day']} {x['_hm']}</span>" if x["day"] else ""
        return C.out(
            f"""<!DOCTYPE html><html><head><meta charset="UTF-8"><title>{C.esc(x["title"])}_枫桥县人民政府</title><meta name="ArticleTitle" content="{C.esc(x["title"])}"></head><body><div class="newsinfo"><h1 class="newstitle">{C.esc(x["title"])}</h1><div class="newsly">{dd}<span>来源：枫桥县{"市场监管局" if x["_kind"] == "punish" else "人民政府办公室"}</span><span>浏览量：<font id="lmyhits">0</font></span></div><div class="j-fontContent newscontnet"><div class="wz">{C.P(x)}</div></div><div class="xgxx">扫一扫在手机打开当前页</div></div></body></html>"""
        )
    if path == "/":
        return C.out(
            "<html><head><meta charset=utf-8><title>枫桥县人民政府</title></head><body>枫桥县人民政府</body></html>"
        )
    return C.out(
        "<html><head><meta charset=utf-8><title>提示信息</title></head><body><div class='error'>抱歉，您访问的页面不存在或已删除！</div></body></html>",
        code=200 if path.startswith("/content/") else 404,
    )


def BROWSE(fetch, col, start):
    t = fetch(start)
    n = int(C.re.search(r"pageCount: (\d+)", t).group(1))
    u = C.re.search(r'url: "([^"]+pageIndex=)"', t).group(1)
    return [(start, t)] + [(u, fetch(u + str(i))) for i in range(2, n + 1)]

"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime, timedelta

from tests.sites.lived import common as C

NAME = "County government behind a CDN: static JSON lists until 8 Dec 2025, then Hanweb jpaas 'build/unit' interface; WAF days, stale copies with Age (2025/26)"
FIRST, LAST = date(2025, 9, 1), date(2026, 2, 28)
c = "云梦泽县"
RE = datetime(2025, 12, 8, 2)
COLUMNS = {
    "notice": {"title": "通知公告", "path": "/zwgk/tzgg/index.html"},
    "food": {"title": "食品安全抽检", "path": "/zwgk/spaq/index.html"},
    "budget": {"title": "部门预决算", "path": "/zwgk/yjs/index.html"},
    "quarter": {"title": "饮用水监测", "path": "/zwgk/yys/index.html"},
}
CIX = {"notice": 1211, "food": 1217, "budget": 1230, "quarter": 1244}
PG = {k: C.hashlib.md5(k.encode()).hexdigest() for k in COLUMNS}
WEB = "7f5b0c2e91d84c6b8a3e"


def U(k):
    return lambda d, i: f"/zwgk/{k}/{d:%Y}/{d:%m%d}/{i}.html"


TRUTH = (
    C.gen("notice", "note", FIRST, LAST, 115, "often", c, U("tzgg"), 77000)
    + C.gen("food", "food", FIRST, LAST, 48, "weekly", c, U("spaq"), 79000)
    + C.gen("budget", "budget", FIRST, LAST, 61, "burst", c, U("yjs"), 80000, late=0.2)
    + C.gen("quarter", "quarter", FIRST, LAST, 13, "quarterly", c, U("yys"), 84000)
)
x = C.pick(TRUTH, "food", date(2025, 10, 9))
x["down"] = datetime(2025, 11, 3, 15)
C.back(TRUTH, x, datetime(2025, 11, 10, 9, 30))
x = C.pick(TRUTH, "notice", date(2025, 11, 3))
C.later(x, datetime(2025, 11, 12, 10), title="（更正）" + x["title"])
x = C.pick(TRUTH, "notice", date(2026, 1, 5))
x["down"] = datetime(2026, 1, 26, 10)
for k in range(3):
    C.add(
        TRUTH,
        "quarter",
        f"2025年第{'一二三'[k]}季度云梦泽县农村千吨万人饮用水水质监测信息公示",
        f"/zwgk/yys/2025/{['0408', '0709', '1013'][k]}/8490{k}.html",
        [date(2025, 4, 8), date(2025, 7, 9), date(2025, 10, 13)][k],
        datetime(2025, 12, 22, 16, k),
        84900 + k,
        "quarter",
    )
C.renum(TRUTH)
FAILURES = [
    ("*", date(2025, 9, 3), date(2025, 9, 3), "waf"),
    ("notice", date(2025, 10, 5), date(2025, 10, 8), "stale"),
    ("*", date(2025, 12, 7), date(2025, 12, 7), "maint"),
    ("food", date(2026, 1, 17), date(2026, 1, 18), "unitfail"),
    ("budget", date(2026, 2, 17), date(2026, 2, 20), "stale"),
]
PER = 20


def head(t, kind):
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="UTF-8"><title>{t}</title><meta name="SiteName" content="云梦泽县人民政府"><meta name="SiteIDCode" content="4209230001"><meta name="ColumnName" content="{t}"></head><body class="{kind}"><div class="nav"><a href="/">首页</a>{"".join(f'<a href="{v["path"]}">{v["title"]}</a>' for v in COLUMNS.values())}</div>"""


FT = """<div class="fwb"><p>主办单位：云梦泽县人民政府办公室</p><script src="https://zfwzzc.www.gov.cn/check_web/_jiucuo_/js/jiucuo.js"></script></div></body></html>"""


def old(col):
    return (
        head(COLUMNS[col]["title"], "v1")
        + f"""<div class="main"><div class="position">首页&gt;{COLUMNS[col]["title"]}</div><ul id="doclist"><li>加载中…</li></ul><div id="pages"></div></div>
<script src="/js/jquery.min.js"></script><script>
var colId={CIX[col]};
function load(p){{$.getJSON("/json/col_"+colId+"_"+p+".json",function(d){{var h="";$.each(d.docs,function(i,o){{h+='<li><a href="'+o.DOCPUBURL+'" title="'+o.DOCTITLE+'">'+o.DOCTITLE+'</a><span>'+o.DOCRELTIME.substr(0,10)+'</span></li>';}});$("#doclist").html(h);pager(d.page,d.pagecount,d.total);}});}}
load(1);</script>"""
        + FT
    )


def new(col):
    return (
        head(COLUMNS[col]["title"], "v2")
        + f"""<div class="page-content"><div class="dqwz"><a href="/">首页</a><em>/</em>{COLUMNS[col]["title"]}</div>
<div class="list-box" id="unit_list"><script parsetype="bulidstatic" src="/jslib/jpaas-unit.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit" querydata="{{'parseType':'bulidstatic','webId':'{WEB}','tplSetId':'c1a7d2','pageType':'column','tagId':'信息列表','editType':'null','pageId':'{PG[col]}'}}"></script></div></div>"""
        + FT
    )


def unit(col, now, p):
    v = C.rows(TRUTH, col, now)
    n = C.npages(v, 15)
    p = min(max(1, p), n)
    li = "".join(
        f'<li class="clearfix"><a href="{x["url"]}" title="{C.esc(x["title"])}" target="_blank">{C.esc(C.cut(x["title"], 40, "..."))}</a><span>{x["day"]}</span></li>'
        for x in C.page(v, p, 15)
    )
    return f'<div class="default_pgContainer"><ul class="list">{li}</ul></div><div class="pagination" data-pageno="{p}" data-pagesize="15" count="{len(v)}" pagecount="{n}" queryurl="/api-gateway/jpaas-publish-server/front/page/build/unit"><a class="prev">上一页</a><a class="next">下一页</a><span>共{len(v)}条</span></div>'


def answer(now, method, path, query, form, headers):
    w = C.fail(FAILURES, "*", now)
    if w:
        return C.waf200() if w == "waf" else C.maint("网站改版切换中")
    q = C.Q(query)
    q.update(form)
    cdn = {"Server": "nginx", "X_Cache": "MISS", "Age": "0"}

    def stale(col, now):
        f = [a for a in FAILURES if a[0] == col and a[1] <= now.date() <= a[2] and a[3] == "stale"]
        if not f:
            return now, dict(cdn)
        t = datetime(f[0][1].year, f[0][1].month, f[0][1].day, 1) - timedelta(6)
        return t, {
            "Server": "nginx",
            "X_Cache": "HIT",
            "Age": str(int((now - t).total_seconds())),
            "Last_Modified": t.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        }

    for col, ci in COLUMNS.items():
        if path in (ci["path"], ci["path"][:-10]):
            return C.out(old(col) if now < RE else new(col), **cdn)
        m = C.re.fullmatch(rf"/json/col_{CIX[col]}_(\d+)\.json", path)
        if m:
            if now >= RE:
                return C.nginx(404)
            t, hd = stale(col, now)
            v = C.rows(TRUTH, col, t)
            n = C.npages(v, PER)
            p = int(m.group(1))
            if not 1 <= p <= n:
                return C.nginx(404)
            return C.out(
                C.json.dumps(
                    {
                        "page": p,
                        "pagecount": n,
                        "pagesize": PER,
                        "total": len(v),
                        "docs": [
                            {
                                "DOCID": x["_id"],
                                "DOCTITLE": x["title"],
                                "DOCPUBURL": C.HOST + x["url"],
                                "DOCRELTIME": f"{x['day']} {x['_hm']}:00",
                                "DOCSOURCE": "",
                            }
                            for x in C.page(v, p, PER)
                        ],
                    },
                    ensure_ascii=False,
                ),
                ctype="application/json",
                **hd,
            )
        if (
            path == "/api-gateway/jpaas-publish-server/front/page/build/unit"
            and now >= RE
            and q.get("pageId") == PG[col]
        ):
            if C.fail(FAILURES, col, now) == "unitfail":
                return C.out(
                    '{"success":false,"code":"50001","message":"服务暂不可用","data":null}',
                    ctype="application/json;charset=UTF-8",
                )
            t, hd = stale(col, now)
            try:
                p = int(C.json.loads(q.get("paramJson") or "{}").get("pageNo", 1))
            except Exception:
                p = 1
            return C.out(
                C.json.dumps(
                    {"success": True, "code": "200", "message": "OK", "data": {"html": unit(col, t, p)}},
                    ensure_ascii=False,
                ),
                ctype="application/json;charset=UTF-8",
                **hd,
            )
    if path == "/jslib/jpaas-unit.js":
        return C.out(
            """$("script[parsetype=bulidstatic]").each(function(){var s=$(this),q=eval("("+s.attr("querydata")+")");$.get(s.attr("url"),q,function(r){s.parent().html(r.data.html)})});
$(document).on("click",".pagination a",function(){var b=$(this).parent(),n=+b.attr("data-pageno")+($(this).hasClass("next")?1:-1);q.paramJson=JSON.stringify({pageNo:n,pageSize:b.attr("data-pagesize")});$.get(b.attr("queryurl"),q,function(r){/*...*/})});""",
            ctype="application/javascript",
        )
    x = C.find(TRUTH, path, now)
    if x:
        return C.out(
            head(C.esc(x["title"]), "art")
            + f"""<div class="article"><h1 class="title">{C.esc(x["title"])}</h1><div class="pages-date"><span class="date">发布时间：{x["day"]} {x["_hm"]}</span><span class="font">来源：云梦泽县人民政府办公室</span></div><div class="article-con" id="UCAP-CONTENT">{C.P(x)}</div></div>"""
            + FT,
            **cdn,
        )
    if path in ("/", "/index.html"):
        return C.out(head("云梦泽县人民政府", "home") + FT)
    return C.nginx(404)


def BROWSE(fetch, col, start):
    t = fetch(start)
    o = [(start, t)]
    i = 1
    if "build/unit" in t:
        while True:
            h = C.json.loads(
                fetch(
                    "/api-gateway/jpaas-publish-server/front/page/build/unit?"
                    + C.urlencode(
                        {
                            "webId": WEB,
                            "pageId": PG[col],
                            "tagId": "信息列表",
                            "paramJson": C.json.dumps({"pageNo": i, "pageSize": "15"}),
                        }
                    )
                )
            )["data"]["html"]
            o.append((start, h))
            n = int(C.re.search(r'pagecount="(\d+)"', h).group(1))
            if i >= n:
                return o
            i += 1
    cid = C.re.search(r"var colId=(\d+)", t).group(1)
    while True:
        d = C.json.loads(fetch(f"/json/col_{cid}_{i}.json"))
        o.append((start, "".join(f'<a href="{r["DOCPUBURL"]}">{r["DOCTITLE"]}</a>' for r in d["docs"])))
        if i >= d["pagecount"]:
            return o
        i += 1

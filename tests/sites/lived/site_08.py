"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County government, Vue front end with JSON interface named in app script (2022)"
FIRST, LAST = date(2022, 3, 1), date(2022, 8, 31)
c = "安岭县"
COLUMNS = {
    "news": {"title": "安岭要闻", "path": "/list/1203"},
    "notice": {"title": "通知公告", "path": "/list/1207"},
    "food": {"title": "食品抽检", "path": "/list/1315"},
    "doc": {"title": "县府文件", "path": "/list/1240"},
}
CID = {"1203": "news", "1207": "notice", "1315": "food", "1240": "doc"}


def U(k):
    return lambda d, i: f"/content/{d:%Y-%m}/{d:%d}/content_{i}.html"


TRUTH = (
    C.gen("news", "news", FIRST, LAST, 120, "daily", c, U(0), 880000)
    + C.gen("notice", "note", FIRST, LAST, 33, "weekly", c, U(0), 890000)
    + C.gen("food", "food", FIRST, LAST, 8, "weekly", c, U(0), 895000)
    + C.gen("doc", "doc", FIRST, LAST, 46, "rare", c, U(0), 897000)
)
for n in (0, 40, 80):
    x = C.pick(TRUTH, "news", date(2021, 12, 1), n + 60)
    C.later(x, datetime(x["up"].year, x["up"].month, x["up"].day, 19), title=x["title"] + "（图）") if x[
        "up"
    ].date() >= FIRST else None
x = C.pick(TRUTH, "food", date(2022, 5, 3))
x["down"] = datetime(2022, 5, 30, 10)
C.back(TRUTH, x, datetime(2022, 6, 13, 10))
x = C.pick(TRUTH, "notice", date(2022, 6, 1))
x["down"] = datetime(2022, 7, 4, 15)
C.add(
    TRUTH,
    "doc",
    "安岭县人民政府关于印发《“十四五”应急管理规划》的通知",
    "/content/2021-12/29/content_899100.html",
    date(2021, 12, 29),
    datetime(2022, 4, 13, 10),
    899100,
    "doc",
)
C.add(
    TRUTH,
    "doc",
    "安岭县人民政府办公室关于废止部分文件的通知",
    "/content/2022-02/18/content_899101.html",
    date(2022, 2, 18),
    datetime(2022, 4, 13, 10, 5),
    899101,
    "doc",
)
C.renum(TRUTH)
FAILURES = [
    ("*", date(2022, 6, 18), date(2022, 6, 18), "waf"),
    ("doc", date(2022, 7, 11), date(2022, 7, 12), "apierr"),
    ("notice", date(2022, 8, 20), date(2022, 8, 21), "apiempty"),
]
SHELL = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><meta http-equiv="X-UA-Compatible" content="IE=edge"><meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="/favicon.ico"><title>安岭县人民政府</title><link href="/static/css/app.8d1e2f3a.css" rel="stylesheet"></head><body><noscript><strong>We're sorry but this site doesn't work properly without JavaScript enabled. Please enable it to continue.</strong></noscript><div id="app"></div><script src="/static/js/chunk-vendors.51c0a7be.js"></script><script src="/static/js/app.4f3c9d20.js"></script></body></html>"""
APP = """(function(e){function t(t){for(var n,a,c=t[0];c.length;)n=c.shift()}var r={};
var baseURL="/portal-api";
var routes=[{path:"/",name:"home",component:()=>n.e("chunk-1a")},{path:"/list/:id",name:"list",component:()=>n.e("chunk-2b")},{path:"/search",name:"search"}];
var api={getMenu:function(){return request({url:"/portal-api/channel/tree",method:"get"})},getArticlePage:function(e){return request({url:"/portal-api/article/page",method:"get",params:{channelId:e.channelId,pageNum:e.pageNum,pageSize:e.pageSize}})},getHot:function(){return request({url:"/portal-api/article/hot",method:"get"})}};
var List={data:function(){return{list:[],total:0,query:{channelId:"",pageNum:1,pageSize:15}}},created:function(){this.query.channelId=this.$route.params.id;this.load()},methods:{load:function(){var e=this;api.getArticlePage(this.query).then(function(t){200===t.code&&(e.list=t.data.records,e.total=t.data.total)})}}};
})(window);"""


def js(o, code=200):
    return C.out(
        C.json.dumps(o, ensure_ascii=False, separators=(",", ":")), ctype="application/json;charset=UTF-8", code=code
    )


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.waf200()
    q = C.Q(query)
    if path == "/portal-api/article/page":
        col = CID.get(q.get("channelId"))
        if not col:
            return js({"code": 500, "msg": "栏目不存在", "data": None})
        w = C.fail(FAILURES, col, now)
        if w == "apierr":
            return js(
                {"timestamp": f"{now:%Y-%m-%d %H:%M:%S}", "code": 500, "msg": "系统异常，请联系管理员", "data": None}
            )
        v = [] if w == "apiempty" else C.rows(TRUTH, col, now)
        per = min(50, max(1, C.num(q.get("pageSize"), 15)))
        p = max(1, C.num(q.get("pageNum")))
        R = [
            {
                "id": str(x["_id"]),
                "title": x["title"],
                "subTitle": None,
                "channelId": int(q["channelId"]),
                "source": "安岭县融媒体中心",
                "coverUrl": None,
                "publishTime": f"{x['day']} {x['_hm']}:00",
                "url": x["url"],
                "top": 0,
                "hits": x["_id"] % 977,
            }
            for x in C.page(v, p, per)
        ]
        return js(
            {
                "code": 200,
                "msg": "操作成功",
                "data": {
                    "records": R,
                    "total": len(v) + (1 if col == "food" and v else 0),
                    "size": per,
                    "current": p,
                    "pages": -(-len(v) // per),
                },
            }
        )
    if path == "/portal-api/channel/tree":
        return js(
            {
                "code": 200,
                "data": [
                    {
                        "id": 1200,
                        "name": "政务公开",
                        "children": [
                            {"id": int(k), "name": COLUMNS[v]["title"], "path": "/list/" + k} for k, v in CID.items()
                        ],
                    }
                ],
            }
        )
    if path == "/portal-api/article/hot":
        return js(
            {"code": 200, "data": [{"title": x["title"], "url": x["url"]} for x in C.rows(TRUTH, "news", now)[20:26]]}
        )
    if path == "/static/js/app.4f3c9d20.js":
        return C.out(APP, ctype="application/javascript")
    if path.startswith("/static/js/chunk"):
        return C.out(
            '/*! vue v2.6.14 | axios v0.21 */(window.webpackJsonp=window.webpackJsonp||[]).push([["chunk-vendors"],{}]);',
            ctype="application/javascript",
        )
    x = C.find(TRUTH, path, now)
    if x:
        return C.out(
            f"""<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="ArticleTitle" content="{C.esc(x["title"])}"><meta name="PubDate" content="{x["day"]} {x["_hm"]}"><meta name="ContentSource" content="安岭县融媒体中心"><title>{C.esc(x["title"])}_安岭县人民政府</title></head><body><div class="article-wrap"><h1 class="article-title">{C.esc(x["title"])}</h1><div class="article-info"><span>发布时间：{x["day"]} {x["_hm"]}</span><span>来源：安岭县融媒体中心</span><span>字号：<a>大</a><a>中</a><a>小</a></span></div><div class="article-content">{C.P(x)}</div><div class="share">分享到：</div></div></body></html>"""
        )
    if path.startswith("/content/"):
        return C.out(
            "<!DOCTYPE html><html><head><meta charset=utf-8><title>404</title></head><body><p>您访问的页面已删除或不存在</p></body></html>",
            code=404,
        )
    return C.out(SHELL, ctype="text/html")  # history mode: every other address gives the shell


def BROWSE(fetch, col, start):
    cid = start.rsplit("/", 1)[1]
    fetch(start)
    o = []
    p = 1
    while True:
        d = C.json.loads(fetch(f"/portal-api/article/page?channelId={cid}&pageNum={p}&pageSize=15"))["data"]
        o.append((start, "".join(f'<a href="{r["url"]}">{r["title"]}</a>' for r in d["records"])))
        if p >= d["pages"]:
            return o
        p += 1

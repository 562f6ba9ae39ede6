"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County emergency management bureau, responsive page with 加载更多 (JSON by offset), pinned rows, year-less days over New Year (2023/24)"
FIRST, LAST = date(2023, 9, 1), date(2024, 2, 29)
c = "雁门沟县"
COLUMNS = {
    "warn": {"title": "预警发布", "path": "/yjfb/"},
    "news": {"title": "应急要闻", "path": "/yjyw/"},
    "punish": {"title": "执法公示", "path": "/zfgs/"},
}
KEY = {"warn": "yjfb", "news": "yjyw", "punish": "zfgs"}


def U(k):
    return lambda d, i: f"/{k}/{i}.html"


TRUTH = (
    C.gen("warn", "warn", FIRST, LAST, 31, "weekly", c, U("yjfb"), 600)
    + C.gen("news", "news", FIRST, LAST, 72, "often", c, U("yjyw"), 1700)
    + C.gen("punish", "punish", FIRST, LAST, 14, "rare", c, U("zfgs"), 4000)
)
x = C.pick(TRUTH, "news", date(2023, 9, 15))
x["_pin"] = 1
x = C.pick(TRUTH, "news", date(2023, 12, 4))
x["_pin"] = 1
C.later(x, datetime(2024, 1, 15, 9, 30), _pin=0)
x = C.pick(TRUTH, "warn", date(2023, 11, 1))
x["down"] = datetime(x["up"].year, x["up"].month, x["up"].day, 23, 30) if False else datetime(2023, 12, 1, 9, 30)
x = C.pick(TRUTH, "punish", date(2023, 10, 16))
x["down"] = datetime(2024, 1, 16, 10)
x = C.pick(TRUTH, "news", date(2024, 1, 8))
C.later(x, datetime(2024, 1, 10, 9, 30), title=x["title"].replace("工作", "重点工作", 1))
C.add(
    TRUTH,
    "punish",
    "雁应急罚〔2023〕2号（补充公示）",
    "/zfgs/4990.html",
    date(2023, 5, 10),
    datetime(2023, 11, 20, 15),
    4990,
    "punish",
)
C.renum(TRUTH)
FAILURES = [
    ("*", date(2023, 10, 28), date(2023, 10, 28), "502"),
    ("news", date(2024, 1, 1), date(2024, 1, 2), "moreerr"),
    ("warn", date(2024, 2, 10), date(2024, 2, 12), "login"),
]
N = 12


def li(x):
    return f"""<a class="item{" is-top" if x.get("_pin") else ""}" href="{x["url"]}"><span class="t">{'<i class="tag">置顶</i>' if x.get("_pin") else ""}{C.esc(x["title"])}</span><span class="d">{x["day"]:%m-%d}</span></a>"""


def top(t):
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1.0"><title>{t} - 雁门沟县应急管理局</title><link rel="stylesheet" href="/assets/main.css?v=20230601"></head><body><header class="site-header"><a class="logo" href="/">雁门沟县应急管理局</a><nav><a href="/yjfb/">预警发布</a><a href="/yjyw/">应急要闻</a><a href="/zfgs/">执法公示</a></nav></header>"""


FT = """<footer><p>晋ICP备2023000451号-1 | 值班电话：0349-6022110</p></footer></body></html>"""


def lst(col, now):
    v = C.rows(TRUTH, col, now)
    k = KEY[col]
    more = (
        f'<button id="loadMore" class="btn" data-cat="{k}" data-offset="{N}" data-total="{len(v)}">加载更多</button>'
        if len(v) > N
        else '<p class="nomore">没有更多了</p>'
    )
    hot = (
        "".join(f'<li><a href="{y["url"]}">{C.cut(y["title"], 15)}</a></li>' for y in C.rows(TRUTH, "warn", now)[:5])
        if col != "warn"
        else ""
    )
    return (
        top(COLUMNS[col]["title"])
        + f"""<div class="bread"><a href="/">首页</a> › {COLUMNS[col]["title"]}</div><div class="container"><section id="list">
{chr(10).join(li(x) for x in v[:N])}
</section>{more}</div><aside><h3>最新预警</h3><ul>{hot}</ul></aside>
<script>
(function(){{var b=document.getElementById('loadMore');if(!b)return;b.addEventListener('click',function(){{var o=+b.dataset.offset;fetch('/api/more?cat='+b.dataset.cat+'&offset='+o+'&limit={N}').then(function(r){{return r.json()}}).then(function(r){{r.items.forEach(function(i){{var a=document.createElement('a');a.className='item';a.href=i.url;a.innerHTML='<span class="t">'+i.title+'</span><span class="d">'+i.date+'</span>';document.getElementById('list').appendChild(a)}});b.dataset.offset=r.next;if(!r.hasMore)b.outerHTML='<p class="nomore">没有更多了</p>'}})}})}})();
</script>"""
        + FT
    )


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.nginx(502)
    q = C.Q(query)
    for col, k in KEY.items():
        w = C.fail(FAILURES, col, now)
        if path == "/api/more" and q.get("cat") == k:
            if w == "moreerr":
                return C.out(
                    '{"code":1,"msg":"too many requests","items":[],"hasMore":false,"next":0}', ctype="application/json"
                )
            v = C.rows(TRUTH, col, now)
            o = max(0, C.num(q.get("offset"), 0))
            m = min(50, max(1, C.num(q.get("limit"), N)))
            return C.out(
                C.json.dumps(
                    {
                        "code": 0,
                        "items": [
                            {"id": x["_id"], "title": x["title"], "url": x["url"], "date": x["day"].strftime("%m-%d")}
                            for x in v[o : o + m]
                        ],
                        "next": o + m,
                        "hasMore": o + m < len(v),
                    },
                    ensure_ascii=False,
                ),
                ctype="application/json; charset=utf-8",
            )
        if path in (f"/{k}/", f"/{k}/index.html"):
            if w == "login":
                return C.out(
                    top("用户登录")
                    + "<form action='/sso/login' method='post'><h2>统一身份认证平台</h2><input name='username'><input name='password' type='password'><button>登 录</button></form>"
                    + FT
                )
            return C.out(lst(col, now))
    x = C.find(TRUTH, path, now)
    if x:
        return C.out(
            top(C.esc(x["title"]))
            + f"""<div class="bread"><a href="/">首页</a> › <a href="/{KEY[x["column"]]}/">{COLUMNS[x["column"]]["title"]}</a> › 正文</div><article class="container"><h1>{C.esc(x["title"])}</h1><p class="meta"><time datetime="{x["day"]}T{x["_hm"]}">{x["day"]} {x["_hm"]}</time> · 雁门沟县应急管理局</p><div class="rich">{C.P(x)}</div></article>"""
            + FT
        )
    if path == "/":
        return C.out(top("首页") + FT)
    return C.out(
        top("页面不存在") + "<div class='container'><h1>404</h1><p>您要找的页面走丢了</p></div>" + FT, code=404
    )


def BROWSE(fetch, col, start):
    t = fetch(start)
    o = [(start, t)]
    off = N
    if 'loadMore"' not in t:
        return o
    while True:
        r = C.json.loads(fetch(f"/api/more?cat={KEY[col]}&offset={off}&limit={N}"))
        o.append((start, "".join(f'<a href="{i["url"]}">{i["title"]}</a>' for i in r["items"])))
        if not r["hasMore"]:
            return o
        off = r["next"]

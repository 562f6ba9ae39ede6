"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County culture & tourism site, ThinkPHP: cards with pictures, headline box above list, tabs with two lists on one page, POST goPage (2021)"
FIRST, LAST = date(2021, 5, 1), date(2021, 10, 31)
c = "凤台岭县"
COLUMNS = {
    "pic": {"title": "文旅动态", "path": "/index.php/dongtai"},
    "head": {"title": "头条要闻", "path": "/index.php/yaowen"},
    "notice": {"title": "公告", "path": "/index.php/gonggao"},
    "bid": {"title": "采购", "path": "/index.php/caigou"},
}
SL = {"dongtai": "pic", "yaowen": "head", "gonggao": "notice", "caigou": "bid"}
LS = {v: k for k, v in SL.items()}


def U(k):
    return lambda d, i: f"/index.php/{k}/{i}.html"


TRUTH = (
    C.gen("pic", "news", FIRST, LAST, 44, "weekly", c, U("dongtai"), 50)
    + C.gen("head", "lead", FIRST, LAST, 58, "often", c, U("yaowen"), 700)
    + C.gen("notice", "note", FIRST, LAST, 9, "weekly", c, U("gonggao"), 2100)
    + C.gen("bid", "bid", FIRST, LAST, 17, "rare", c, U("caigou"), 2600)
)
x = C.pick(TRUTH, "bid", date(2021, 6, 7))
C.later(x, datetime(2021, 6, 28, 9, 30), title=x["title"] + "（变更）")
x = C.pick(TRUTH, "head", date(2021, 7, 5))
x["down"] = datetime(2021, 7, 26, 9, 30)
C.back(TRUTH, x, datetime(2021, 7, 29, 10))
x = C.pick(TRUTH, "pic", date(2021, 8, 2))
x["down"] = datetime(2021, 9, 6, 10)
C.add(
    TRUTH,
    "notice",
    "凤台岭县文化馆2020年免费开放情况公告",
    "/index.php/gonggao/2590.html",
    date(2020, 12, 15),
    datetime(2021, 6, 15, 10),
    2590,
)
x = C.pick(TRUTH, "notice", date(2021, 7, 20))
C.later(x, datetime(2021, 8, 9, 9, 30), day=date(2021, 8, 9))
C.renum(TRUTH)
FAILURES = [
    ("*", date(2021, 7, 1), date(2021, 7, 1), "maint"),
    ("head", date(2021, 9, 18), date(2021, 9, 20), "front"),
    ("bid", date(2021, 8, 14), date(2021, 8, 14), "tp500"),
]
PER = {"pic": 9, "head": 12, "notice": 15, "bid": 15}


def wrap(t, b):
    return f"""<!doctype html><html><head><meta http-equiv="content-type" content="text/html;charset=utf-8"><title>{t} — 凤台岭县文化广电和旅游局</title><script src="/static/layui/layui.js"></script></head><body class="inner">
<div class="w1200 header"><a href="/index.php"><img src="/static/img/logo.png"></a><div class="nav layui-nav"><span><a href="/index.php/dongtai">文旅动态</a></span><span><a href="/index.php/yaowen">头条要闻</a></span><span><a href="/index.php/gonggao">公告采购</a></span><span><a href="/index.php/jingdian">景点推介</a></span></div></div>
{b}
<div class="footer"><div class="w1200"><span>文明旅游热线 12345</span><span>赣ICP备20001122号</span></div></div></body></html>"""


def pager(k, p, n):
    if n < 2:
        return ""
    b = "".join(
        f'<a href="javascript:;" onclick="goPage({i})" class="{"active" if i == p else ""}">{t}</a>'
        for i, t in [(1, "首页"), (max(1, p - 1), "上一页")]
        + [(i, i) for i in range(1, n + 1)]
        + [(min(n, p + 1), "下一页"), (n, "末页")]
    )
    return f'<form id="pf" method="post" action="/index.php/{k}"><input type="hidden" name="page" id="page" value="{p}"></form><div class="paging">{b}</div><script>function goPage(n){{document.getElementById("page").value=n;document.getElementById("pf").submit();}}</script>'


def ul(v):
    return (
        "<ul class='tl'>"
        + "".join(
            f"<li><time>{x['day']:%Y-%m-%d}</time><a href='{x['url']}' title='{C.esc(x['title'])}'>{C.cut(x['title'], 26)}</a></li>\n"
            for x in v
        )
        + "</ul>"
    )


def front(now):
    return wrap(
        "首页",
        "<div class='w1200'>"
        + "".join(
            f"<div class='blk'><h2>{COLUMNS[k]['title']}<a href='{COLUMNS[k]['path']}'>MORE</a></h2>{ul(C.rows(TRUTH, k, now)[:5])}</div>"
            for k in COLUMNS
        )
        + "</div>",
    )


def lst(col, now, p):
    v = C.rows(TRUTH, col, now)
    k = LS[col]
    if col == "pic":
        n = C.npages(v, 9)
        p = min(max(1, p), n)
        b = (
            '<div class="grid">'
            + "".join(
                f"""<div class="cell"><a href="{x["url"]}"><img src="/upload/{x["_d"]:%Y%m}/{x["_id"]}.jpg" alt="{C.esc(x["title"])}" width="280" height="180"></a><div class="cap"><a href="{x["url"]}">{C.esc(C.cut(x["title"], 20))}</a></div><div class="meta"><i class="eye"></i>{x["_id"] % 233}<span>{x["day"]:%Y-%m-%d}</span></div></div>
"""
                for x in C.page(v, p, 9)
            )
            + "</div>"
        )
    elif col == "head":  # the newest stands only in the box above the list, undated
        h0, rest = v[0], v[1:]
        n = C.npages(rest, 12)
        p = min(max(1, p), n)
        b = (
            f'<div class="headline"><h2><a href="{h0["url"]}">{C.esc(h0["title"])}</a></h2><p>{C.cut(C.paras(h0)[0], 60)}<a href="{h0["url"]}">【详细】</a></p></div>'
            if p == 1
            else ""
        ) + ul(C.page(rest, p, 12))
    else:  # two lists on one page as tabs; the column's own tab is open, the other shows its first rows
        oth = "bid" if col == "notice" else "notice"
        n = C.npages(v, 15)
        p = min(max(1, p), n)
        b = f"""<div class="layui-tab"><div class="layui-tab-title"><a class="{"this" if col == "notice" else ""}" href="/index.php/gonggao">公告</a><a class="{"this" if col == "bid" else ""}" href="/index.php/caigou">采购</a></div><div class="layui-tab-item layui-show">{ul(C.page(v, p, 15))}{pager(k, p, n)}</div><div class="layui-tab-item">{ul(C.rows(TRUTH, oth, now)[:8])}<a href="/index.php/{LS[oth]}">更多</a></div></div>"""
        return wrap(COLUMNS[col]["title"], f'<div class="w1200 crumb">首页 &raquo; {COLUMNS[col]["title"]}</div>' + b)
    return wrap(
        COLUMNS[col]["title"],
        f'<div class="w1200 crumb">首页 &raquo; {COLUMNS[col]["title"]}</div>{b}{pager(k, p, n)}<div class="hot"><h4>热门推荐</h4>{ul(C.rows(TRUTH, "pic", now)[12:16])}</div>',
    )


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.maint("庆祝中国共产党成立100周年！重要保障期，网站暂停服务。")
    q = C.Q(query)
    q.update(form)
    m = C.re.fullmatch(r"/index\.php/(\w+)", path)
    if m and m.group(1) in SL:
        col = SL[m.group(1)]
        w = C.fail(FAILURES, col, now)
        if w == "front":
            return C.out(front(now))
        if w == "tp500":
            return C.out(
                "<!DOCTYPE html><html><head><title>系统发生错误</title></head><body><div class='error'><p class='face'>:(</p><h1>SQLSTATE[HY000] [2002] Connection refused</h1><div class='copyright'><p><a title='官方网站' href='http://www.thinkphp.cn'>ThinkPHP</a></p></div></div></body></html>",
                code=500,
            )
        return C.out(lst(col, now, C.num(q.get("page"))), X_Powered_By="PHP/7.3.4", Cache_control="private")
    x = C.find(TRUTH, path, now)
    if x:
        return C.out(
            wrap(
                C.esc(x["title"]),
                f"<div class='w1200 detail'><h1>{C.esc(x['title'])}</h1><div class='info'><span>日期：{x['day']:%Y-%m-%d} {x['_hm']}:00</span><span>浏览：{x['_id'] % 233}</span></div><div class='content'>{C.P(x)}</div><div class='np'><p>上一篇：没有了</p></div></div>",
            )
        )
    if path in ("/", "/index.php"):
        return C.out(front(now))
    return C.out(
        "<html><head><title>系统发生错误</title><meta charset=utf-8></head><body><h1>页面错误！请稍后再试～</h1></body></html>",
        code=404,
    )


def BROWSE(fetch, col, start):
    t = fetch(start)
    o = [(start, t)]
    n = max([1] + [int(i) for i in C.re.findall(r'onclick="goPage\((\d+)\)"', t)])
    return o + [(start, fetch(start, {"page": str(i)})) for i in range(2, n + 1)]

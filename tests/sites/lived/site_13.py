"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County education bureau, ASP in GBK until 24 July 2017, then TRS in UTF-8; only articles since 2016 taken over"
FIRST, LAST = date(2017, 5, 1), date(2017, 10, 31)
c = "泾阳坡县"
RE = datetime(2017, 7, 24, 0)
COLUMNS = {
    "news": {"title": "教育要闻", "path": "/more.asp?lm=1&lm2=71"},
    "notice": {"title": "通知公告", "path": "/more.asp?lm=1&lm2=68"},
    "job": {"title": "招聘招考", "path": "/more.asp?lm=2&lm2=80"},
}
LM = {"71": "news", "68": "notice", "80": "job"}
NEW = {"news": "/xwzx/jyyw/", "notice": "/zwgk/tzgg/", "job": "/zwgk/zpzk/"}
MOVED = {k: [(RE, NEW[k])] for k in NEW}


def U(k):
    return lambda d, i: f"/view.asp?id={i}" if d < date(2017, 7, 24) else f"{NEW[k]}{d:%Y%m}/t{d:%Y%m%d}_{i}.html"


TRUTH = (
    C.gen("news", "news", FIRST, LAST, 77, "weekly", c, U("news"), 2000, late=0.1)
    + C.gen("notice", "note", FIRST, LAST, 66, "weekly", c, U("notice"), 5000)
    + C.gen("job", "job", FIRST, LAST, 22, "rare", c, U("job"), 8000)
)
x = C.pick(TRUTH, "notice", date(2017, 5, 22))
x["down"] = datetime(2017, 6, 5, 9, 30)
C.back(TRUTH, x, datetime(2017, 6, 12, 10))
x = C.pick(TRUTH, "job", date(2017, 8, 7))
C.later(x, datetime(2017, 8, 21, 9, 30), title="【更新】" + x["title"])
for x in TRUTH:
    if x["url"].startswith("/view"):
        if x["column"] == "job" and x["_d"] >= date(2016, 1, 1):
            C.later(
                x, RE, day=date(2017, 7, 21), url=f"{NEW['job']}201707/t20170721_{x['_id']}.html"
            )  # import gave all of them its own day
        elif x["_d"] >= date(2016, 1, 1):
            C.later(x, RE, url=f"{NEW[x['column']]}{x['_d']:%Y%m}/t{x['_d']:%Y%m%d}_{x['_id']}.html")
        elif x["down"] is None:
            x["down"] = RE
C.add(
    TRUTH,
    "news",
    "泾阳坡县教育局2016年工作总结",
    "/xwzx/jyyw/201612/t20161230_9801.html",
    date(2016, 12, 30),
    datetime(2017, 8, 2, 10),
    9801,
    "news",
)
C.renum(TRUTH)
FAILURES = [
    ("*", date(2017, 7, 22), date(2017, 7, 23), "maint"),
    ("news", date(2017, 7, 25), date(2017, 7, 25), "half"),
    ("notice", date(2017, 10, 1), date(2017, 10, 4), "stale"),
]


def gb(s, code=200):
    return C.out(s, "gbk", "text/html", code, Server="Microsoft-IIS/6.0")


OT = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>泾阳坡县教育网</title><link href="css.css" rel="stylesheet"></head><body><div align=center><img src="images/jyw.jpg"><table width=980><tr><td><a href="index.asp">首 页</a> <a href="more.asp?lm=1&lm2=71">教育要闻</a> <a href="more.asp?lm=1&lm2=68">通知公告</a> <a href="more.asp?lm=2&lm2=80">招聘招考</a></td></tr></table>"""
OF = "<table width=980><tr><td align=center>泾阳坡县教育局信息中心 制作维护</td></tr></table></div></body></html>"


def old(lm, lm2, now, p):
    col = LM[lm2]
    v = C.rows(TRUTH, col, now)
    per = 22
    n = C.npages(v, per)
    p = min(max(1, p), n)
    o = ""
    for x in C.page(v, p, per):
        o += f"<tr><td height=24 style='border-bottom:1px dashed #ccc'><img src=images/d.gif> <a href=view.asp?id={x['_id']} target=_blank>{C.cut(x['title'], 30, '...')}</a> <font color=gray>({x['day'].month}/{x['day'].day}/{x['day'].year})</font></td></tr>\n"
    b = f"more.asp?lm={lm}&lm2={lm2}&page="
    return (
        OT
        + f"<table width=980 class=k><tr><td>【{COLUMNS[col]['title']}】</td></tr>\n{o}<tr><td align=center>[<a href={b}1>首页</a>] "
        + (f"[<a href={b}{p - 1}>上页</a>] " if p > 1 else "[上页] ")
        + (f"[<a href={b}{p + 1}>下页</a>] " if p < n else "[下页] ")
        + f"[<a href={b}{n}>尾页</a>] {p}/{n}页 共{len(v)}条</td></tr></table>"
        + OF
    )


def new(col, now, p):
    v = C.rows(TRUTH, col, now)
    per = 15
    n = C.npages(v, per)
    b = NEW[col]
    o = ""
    if not 1 <= p <= n:
        return None
    for x in C.page(v, p, per):
        o += f"""<div class="row clearfix"><a class="fl" href="{"." + x["url"][len(b) - 1 :]}" title="{C.esc(x["title"])}" target="_blank">{C.esc(C.cut(x["title"], 38, "..."))}</a><em class="fr">{x["day"]} {x["_hm"]}</em></div>
"""
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>{COLUMNS[col]["title"]}_泾阳坡县教育局</title></head><body><div class="hd"><a href="/">泾阳坡县教育局</a><ul>{"".join(f'<li><a href="{NEW[k]}">{COLUMNS[k]["title"]}</a></li>' for k in NEW)}</ul></div><div class="crumbs">您所在的位置：<a href="../../">首页</a> / <a href="./">{COLUMNS[col]["title"]}</a></div><div class="gl_list">
<!-- <div class="row clearfix"><a class="fl" href="./201612/t20161201_1.html" title="测试标题测试标题" target="_blank">测试标题测试标题</a><em class="fr">2016-12-01 10:00</em></div> -->
{o}</div><div class="pages"><script>createPageHTML({n}, {p - 1}, "index", "html");</script></div><div class="side"><h6>重要通知</h6><p><a href="/zwgk/tzgg/">更多</a></p></div><div class="ft">陕ICP备17000777号-1</div></body></html>"""


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.maint("网站正在迁移，请稍后访问", "gb2312")
    q = C.Q(query)
    if path in ("/", "/index.asp") and now < RE:
        return gb(OT + OF)
    if path == "/more.asp" and q.get("lm2") in LM:
        if now >= RE:
            return C.redirect("/")  # every old address leads to the new front page
        return gb(old(q.get("lm", "1"), q["lm2"], now, C.num(q.get("page"))))
    if path == "/":
        return C.out(
            "<!doctype html><html><head><meta charset=utf-8><title>泾阳坡县教育局</title></head><body>"
            + "".join(
                f"<h3><a href='.{NEW[k]}'>{COLUMNS[k]['title']}</a></h3><ul>"
                + "".join(
                    f"<li><a href='.{x['url']}'>{C.cut(x['title'], 16)}</a></li>" for x in C.rows(TRUTH, k, now)[:5]
                )
                + "</ul>"
                for k in NEW
            )
            + "</body></html>"
        )
    for col, b in NEW.items():
        m = C.re.fullmatch(C.re.escape(b) + r"(?:index(?:_(\d+))?\.html)?", path)
        if m and now >= RE:
            w = C.fail(FAILURES, col, now)
            if w == "stale":
                return C.out(
                    new(col, datetime(2017, 9, 27, 2), int(m.group(1) or 0) + 1), Date="Wed, 27 Sep 2017 02:00:00 GMT"
                )
            s = new(col, now, int(m.group(1) or 0) + 1)
            if s:
                return C.out(s[: len(s) // 2] if w == "half" else s, ctype="text/html")
    u = path + ("?id=" + q["id"] if path == "/view.asp" and "id" in q else "")
    x = C.find(TRUTH, u, now)
    if path == "/view.asp":
        if now >= RE:
            return C.redirect("/")
        if not x:
            return gb(OT + "<p>参数错误或文章已删除</p>" + OF)
        return gb(
            OT
            + f"<table width=980><tr><td align=center><b style='font-size:18px'>{x['title']}</b></td></tr><tr><td align=center>发布人：教育局 发布时间：{x['day'].year}-{x['day'].month}-{x['day'].day} 浏览：{x['_id'] % 800}次</td></tr><tr><td>{C.P(x)}</td></tr></table>"
            + OF
        )
    if x and x["url"] == path:
        return C.out(
            f"<!doctype html><html><head><meta charset='utf-8'><title>{C.esc(x['title'])}_泾阳坡县教育局</title></head><body><h2 class='tit'>{C.esc(x['title'])}</h2><div class='sub'>时间：{x['day']} {x['_hm']}　来源：县教育局</div><div class='TRS_Editor'>{C.P(x)}</div></body></html>",
            ctype="text/html",
        )
    return C.nginx(404)


def BROWSE(fetch, col, start):
    if start.endswith("/"):
        return C.b_createpage(fetch, start)
    return C.b_links(fetch, start, C.re.escape(start) + r"(&page=\d+)?$")

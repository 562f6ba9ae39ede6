"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County government, UCAP .shtml tables; redesign on 4 June 2018: other templates, addresses, date form, hours"
FIRST, LAST = date(2018, 3, 1), date(2018, 8, 31)
c = "武定河县"
RE = datetime(2018, 6, 4, 3)
COLUMNS = {
    "doc": {"title": "政府文件", "path": "/xxgk/zfwj/index.shtml"},
    "news": {"title": "工作动态", "path": "/xwzx/gzdt/index.shtml"},
    "stat": {"title": "统计数据", "path": "/xxgk/tjsj/index.shtml"},
    "person": {"title": "人事任免", "path": "/xxgk/rsrm/index.shtml"},
}
NEW = {"doc": "/zwgk/wj/", "news": "/zx/dt/", "stat": "/zwgk/tjsj/", "person": "/zwgk/rsrm/"}
MOVED = {k: [(RE, NEW[k])] for k in NEW}  # the old addresses redirect (301)


def U(k):
    return lambda d, i: (
        f"{COLUMNS[k]['path'][:-11]}{d:%Y%m}/{C.hashlib.md5(str(i).encode()).hexdigest()}.shtml"
        if datetime(d.year, d.month, d.day) < datetime(2018, 6, 4)
        else f"{NEW[k]}c{i}/content.html"
    )


TRUTH = (
    C.gen("doc", "doc", FIRST, LAST, 76, "weekly", c, U("doc"), 4100)
    + C.gen("news", "news", FIRST, LAST, 90, "often", c, U("news"), 7000)
    + C.gen("stat", "stat", FIRST, LAST, 15, "monthly", c, U("stat"), 9000)
    + C.gen("person", "person", FIRST, LAST, 20, "rare", c, U("person"), 9500)
)
C.add(
    TRUTH,
    "doc",
    "武定河县人民政府关于2017年法治政府建设情况的报告",
    U("doc")(date(2018, 1, 22), 9901),
    date(2018, 1, 22),
    datetime(2018, 4, 10, 9, 30),
    9901,
    "doc",
)
x = C.pick(TRUTH, "news", date(2018, 4, 16))
x["down"] = datetime(2018, 5, 3, 9, 30)
x = C.pick(TRUTH, "person", date(2018, 7, 2))
C.later(x, datetime(2018, 7, 12, 10), title=x["title"] + "（更正）")
for x in TRUTH:
    if x["url"].endswith(".shtml"):
        C.later(x, RE, url=f"{NEW[x['column']]}c{x['_id']}/content.html")
        x["later"].sort(key=lambda a: a[0])
S = sorted([x for x in TRUTH if x["column"] == "stat"], key=lambda x: x["up"])
S[0]["down"] = S[1]["down"] = RE  # two not taken over
FAILURES = [
    ("*", date(2018, 6, 2), date(2018, 6, 3), "maint"),
    ("news", date(2018, 6, 6), date(2018, 6, 6), "empty"),
    ("stat", date(2018, 8, 11), date(2018, 8, 12), "500"),
]
PER = {"doc": 20, "news": 25, "stat": 20, "person": 20}


def old(col, now, p):
    v = C.rows(TRUTH, col, now)
    n = C.npages(v, PER[col])
    tr = ""
    if not 1 <= p <= n:
        return None
    for x in C.page(v, p, PER[col]):
        tr += f'<tr><td class="dot"></td><td><a href="{x["url"]}" target="_blank">{C.esc(x["title"])}</a></td><td class="date">[{x["day"]:%Y/%m/%d}]</td></tr>\n'
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"><html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"/><title>{COLUMNS[col]["title"]}</title><script type="text/javascript" src="/pageUrl.js"></script></head><body><div id="head"><a href="/index.shtml">首页</a><a href="/xxgk/zfwj/index.shtml">政府文件</a><a href="/xwzx/gzdt/index.shtml">工作动态</a><a href="/xxgk/tjsj/index.shtml">统计数据</a><a href="/xxgk/rsrm/index.shtml">人事任免</a></div>
<div class="location">您的位置：首页 &gt;&gt; {COLUMNS[col]["title"]}</div><table class="listTab" width="700">
{tr}</table><div id="page-div"></div><script>createPageHTML('page-div',{n},{p},'index','shtml',{len(v)});</script><div id="bottom">武定河县人民政府　滇ICP备06000001号</div></body></html>"""


def new(col, now, p, empty):
    v = [] if empty else C.rows(TRUTH, col, now)
    n = C.npages(v, 12)
    cards = ""
    if not 1 <= p <= n:
        return None
    for x in C.page(v, p, 12):
        d = x["day"]
        tm = f" {x['_hm']}" if col == "news" else ""
        cards += f"""<div class="card"><div class="card-date"><b>{d.day:02d}</b><span>{d:%Y-%m}</span></div><div class="card-body"><h4><a href="{x["url"]}" title="{C.esc(x["title"])}">{C.cut(x["title"], 30)}</a></h4><p>{C.cut(C.paras(x)[0], 42)}<a class="more" href="{x["url"]}">[详情]</a></p>{"<time>" + d.strftime("%Y-%m-%d") + tm + "</time>" if tm else ""}</div></div>
"""
    b = NEW[col]
    pg = " ".join(
        f'<a href="{b if i == 1 else f"{b}index_{i}.html"}" class="{"on" if i == p else ""}">{i}</a>'
        for i in range(1, n + 1)
    )
    return f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{COLUMNS[col]["title"]} - 武定河县人民政府门户网站</title><meta name="SiteName" content="武定河县人民政府"><meta name="ColumnName" content="{COLUMNS[col]["title"]}"></head><body><header><nav><a href="/">首页</a>{"".join(f'<a href="{NEW[k]}">{COLUMNS[k]["title"]}</a>' for k in NEW)}</nav></header><section class="crumb"><a href="/">首页</a> / {COLUMNS[col]["title"]}</section><main>
{cards}</main><div class="pagination">{pg}</div><aside><h5>图片新闻</h5><a href="/zx/tp/c11/content.html"><img src="/img/11.jpg" alt="武定河风光"></a></aside><footer>网站标识码：5323290001 <a href="http://beian.gov.cn">滇公网安备</a></footer></body></html>"""


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.maint("网站升级改版中，新版网站将于6月4日上线！")
    for col, ci in COLUMNS.items():
        w = C.fail(FAILURES, col, now)
        m = C.re.fullmatch(C.re.escape(ci["path"][:-6]) + r"(?:_(\d+))?\.shtml", path)
        if m:
            if now >= RE:
                return C.redirect(C.HOST + NEW[col], 301)
            s = old(col, now, int(m.group(1) or 1))
            return C.out(s, ctype="text/html") if s else C.nginx(404)
        if path == "/pageUrl.js":
            return C.out(
                "function createPageHTML(d,total,cur,name,ext,count){var s='共'+count+'条 ';for(var i=1;i<=total;i++){s+='<a href=\"'+name+(i==1?'':'_'+i)+'.'+ext+'\">'+i+'</a>';}document.getElementById(d).innerHTML=s;}",
                ctype="application/javascript",
            )
        m = C.re.fullmatch(C.re.escape(NEW[col]) + r"(?:index(?:_(\d+))?\.html)?", path)
        if m and now >= RE:
            if w == "500":
                return C.nginx(500)
            s = new(col, now, int(m.group(1) or 1), w == "empty")
            return C.out(s) if s else C.nginx(404)
    x = C.find(TRUTH, path, now)
    if x and x["url"] != path:
        return C.redirect(x["url"], 301) if now >= RE and x["_id"] % 2 else C.nginx(404)
    if x:
        d = x["day"]
        if now < RE:
            return C.out(
                f"<html><head><meta http-equiv='Content-Type' content='text/html; charset=UTF-8'><title>{C.esc(x['title'])}</title></head><body><div class='tt'>{C.esc(x['title'])}</div><div class='ly'>发布时间：{d.year}年{d.month:02d}月{d.day:02d}日　信息来源：县政府办</div><div id='content'>{C.P(x)}</div><div>【打印本页】【关闭窗口】</div></body></html>",
                ctype="text/html",
            )
        return C.out(
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{C.esc(x['title'])}</title><meta name='PubDate' content='{d} {x['_hm']}'></head><body><article><h1>{C.esc(x['title'])}</h1><div class='info'><span>{d} {x['_hm']}</span><span>来源：武定河县人民政府</span><span>阅读 {x['_id'] % 400}</span></div><div class='txt'>{C.P(x)}</div></article></body></html>"
        )
    if path in ("/", "/index.shtml"):
        return C.out("<html><head><meta charset='utf-8'><title>武定河县人民政府</title></head><body>首页</body></html>")
    return C.nginx(404)


def BROWSE(fetch, col, start):
    if start.endswith("/"):
        return C.b_links(fetch, start, C.re.escape(start) + r"(index_\d+\.html)?$")
    t = fetch(start)
    n = int(C.re.search(r"'page-div',(\d+)", t).group(1))
    return [(start, t)] + [(u, fetch(u)) for u in (start[:-6] + f"_{i}.shtml" for i in range(2, n + 1))]

"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County industry & safety bureau, ASP, list in an iframe, GBK sent as ISO-8859-1, two-digit years, telephone page (2014/15)"
FIRST, LAST = date(2014, 9, 1), date(2015, 2, 28)
c = "石门冲县"
COLUMNS = {
    "punish": {"title": "处罚公示", "path": "/class.asp?typeid=7"},
    "notice": {"title": "公示公告", "path": "/class.asp?typeid=3"},
    "news": {"title": "安监动态", "path": "/class.asp?typeid=2"},
}
TID = {"7": "punish", "3": "notice", "2": "news"}


def U(t):
    return lambda d, i: f"/read.asp?typeid={t}&id={i}"


TRUTH = (
    C.gen("punish", "punish", FIRST, LAST, 21, "rare", c, U(7), 40)
    + C.gen("notice", "note", FIRST, LAST, 34, "weekly", c, U(3), 400)
    + C.gen("news", "news", FIRST, LAST, 63, "often", c, U(2), 800)
)
x = C.pick(TRUTH, "notice", date(2014, 10, 13))
x["down"] = datetime(2014, 11, 10, 9, 30)
x = C.pick(TRUTH, "news", date(2014, 12, 1))
x["down"] = datetime(2014, 12, 8, 9, 30)
C.back(TRUTH, x, datetime(2014, 12, 10, 10))
x = C.pick(TRUTH, "punish", date(2014, 11, 1))
C.later(x, datetime(2014, 12, 15, 10), title=x["title"] + "已结案")
C.add(
    TRUTH,
    "notice",
    "石门冲县2013年度安全生产标准化企业名单公告",
    "/read.asp?typeid=3&id=790",
    date(2014, 1, 17),
    datetime(2014, 10, 21, 10),
    790,
)
C.add(
    TRUTH,
    "news",
    "县安监局召开2015年安全生产工作务虚会",
    "/read.asp?typeid=2&id=1990",
    date(2014, 1, 6),
    datetime(2015, 1, 6, 10),
    1990,
    "news",
)  # the clerk still writes the old year
C.renum(TRUTH)
FAILURES = [
    ("*", date(2014, 11, 22), date(2014, 11, 23), "500"),
    ("notice", date(2015, 1, 31), date(2015, 1, 31), "other"),
    ("news", date(2015, 2, 18), date(2015, 2, 21), "empty"),
]
EXTRA = [("notice", "2012年以前公告请到局办公室查询")]  # a last row without link, no article
PER = 14


def gb(s, code=200):
    return C.out(s, "gbk", "text/html; charset=ISO-8859-1", code, Server="Microsoft-IIS/6.0")


def outer(t, b):
    return f"""<html>
<head><title>石门冲县安全生产监督管理局</title></head>
<body bgcolor=#e8f0f8 topmargin=0><center><img src=pic/head.gif width=900 height=150>
<table width=900 bgcolor=#003399><tr><td><font color=white><a href=default.asp>首页</a> <a href=class.asp?typeid=2>安监动态</a> <a href=class.asp?typeid=3>公示公告</a> <a href=class.asp?typeid=7>处罚公示</a> <a href=tel.asp>通讯录</a></font></td></tr></table>
<table width=900 bgcolor=white><tr><td width=200 valign=top><table width=100% border=1><tr><td>便民电话</td></tr><tr><td>举报投诉 12350</td></tr><tr><td>值班室 2218350</td></tr></table><p>相关链接<br><a href=http://www.chinasafety.gov.cn>国家安监总局</a><br><a href=http://www.hunansafety.gov.cn>省安监局</a></td><td valign=top>{b}</td></tr></table>
<font size=2>石门冲县安全生产监督管理局 2014 湘ICP备10008899号</font></center></body></html>"""


def inner(tid, now, p, w):
    v = [] if w == "empty" else C.rows(TRUTH, TID["7" if w == "other" else tid], now, C.byentry)
    n = C.npages(v, PER)
    p = min(max(1, p), n)
    tt = "7" if w == "other" else tid
    o = "".join(
        f'<tr><td><li><a href="read.asp?typeid={tt}&id={x["_id"]}" target=_blank title="{x["title"]}">{C.cut(x["title"], 24, "…")}</a></td><td width=80 nowrap>{x["day"]:%y-%m-%d}</td></tr>\n'
        for x in C.page(v, p, PER)
    )
    if p == n and tid == "3" and v:
        o += f"<tr><td><li>{EXTRA[0][1]}</td><td></td></tr>\n"
    return f"""<html><head><base target=_self></head><body><table width=100% style="font-size:13px">
{o}</table><p align=center><font size=2>{"<a href=list.asp?typeid=%s&pageid=%d>上一页</a>" % (tid, p - 1) if p > 1 else "上一页"} | {"<a href=list.asp?typeid=%s&pageid=%d>下一页</a>" % (tid, p + 1) if p < n else "下一页"} | 第{p}页/共{n}页</font></body></html>"""


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.iis500()
    q = C.Q(query)
    tid = q.get("typeid")
    if path == "/class.asp" and tid in TID:
        return gb(
            outer(
                "",
                f'<b>→ {COLUMNS[TID[tid]]["title"]}</b><hr size=1><iframe src="list.asp?typeid={tid}" width=680 height=520 frameborder=0 scrolling=auto></iframe>',
            )
        )
    if path == "/list.asp" and tid in TID:
        return gb(inner(tid, now, C.num(q.get("pageid")), C.fail(FAILURES, TID[tid], now)))
    if path == "/read.asp":
        x = C.find(TRUTH, f"/read.asp?typeid={tid}&id={q.get('id')}", now)
        if not x:
            return gb("<html><body><script>alert('数据不存在！');window.close()</script></body></html>")
        return gb(
            outer(
                "",
                f"<p align=center><font size=4 color=red>{x['title']}</font></p><p align=center><font size=2>录入时间：{x['day'].year}-{x['day'].month}-{x['day'].day}　点击：{x['_id'] % 99}</font></p><hr size=1>{C.P(x)}",
            )
        )
    if path == "/tel.asp":
        return gb(
            outer(
                "",
                "<table border=1 width=90%><tr><td>科室</td><td>姓名</td><td>电话</td></tr>"
                + "".join(
                    f"<tr><td>{a}</td><td>{C.SUR[i]}{C.GIV[i]}</td><td>22183{i + 10}</td></tr>"
                    for i, a in enumerate(["局长室", "办公室", "综合监管股", "危化股", "矿山股", "执法大队"])
                )
                + "</table>",
            )
        )
    if path in ("/", "/default.asp"):
        return gb(
            outer(
                "",
                "".join(
                    f'<p>· <a href="{y["url"][1:]}">{C.cut(y["title"], 20)}</a> {y["day"]:%m-%d}'
                    for y in C.rows(TRUTH, "news", now)[:8]
                ),
            )
        )
    return gb("<h1>404</h1>", 404)


def BROWSE(fetch, col, start):
    return C.b_links(
        fetch, start, C.re.escape(start.replace("class", "list")) + r"(&pageid=\d+)?$"
    )  # through the iframe

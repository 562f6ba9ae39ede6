"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County environmental monitoring station, static FrontPage tables typed by hand, no pager, typing errors (2010)"
FIRST, LAST = date(2010, 7, 1), date(2010, 12, 31)
c = "永安河县"
COLUMNS = {
    "water": {"title": "水质月报", "path": "/shuizhi/index.htm"},
    "air": {"title": "空气月报", "path": "/kongqi.htm"},
    "eia": {"title": "项目公示", "path": "/gongshi/list.htm"},
}
TRUTH = (
    C.gen(
        "water",
        "water",
        FIRST,
        LAST,
        17,
        "monthly",
        c,
        lambda d, i: f"/shuizhi/{d.year}-{d.month:02d}.htm",
        100,
        late=0,
    )
    + C.gen("air", "airm", FIRST, LAST, 9, "monthly", c, lambda d, i: f"/kongqi/{d:%y%m}.htm", 200, late=0)
    + C.gen("eia", "eia", FIRST, LAST, 28, "rare", c, lambda d, i: f"/gongshi/gs{i}.htm", 300)
)
W = [x for x in TRUTH if x["column"] == "water"]
A = [x for x in TRUTH if x["column"] == "air"]
E = [x for x in TRUTH if x["column"] == "eia"]
SHOWN = {}  # what the clerk typed instead of the day
SHOWN[id(W[14])] = "2010年2月30日"  # no such day; the article page has the right one
SHOWN[id(E[20])] = "2100-3-12" if False else None
for x in (E[0], E[1], E[2], W[0]):
    x["day"] = None  # no day in list nor article
E[-4]["_typo"] = date(E[-4]["_d"].year + 95, E[-4]["_d"].month, E[-4]["_d"].day)
E[-4]["day"] = E[-4]["_typo"]  # "2105"
x = E[-8]
x["down"] = datetime(x["up"].year, x["up"].month, min(28, x["up"].day + 1), 15) if False else datetime(2010, 11, 30, 10)
C.add(
    TRUTH,
    "air",
    "永安河县2009年环境状况公报",
    "/kongqi/gb2009.htm",
    date(2010, 6, 5),
    datetime(2010, 8, 23, 10),
    290,
    "airm",
)
C.later(A[-3], datetime(2010, 11, 25, 9), title=A[-3]["title"].replace("月报", "月报（修订）"))
A[-2]["up"] = datetime(2010, 12, 20, 9, 30)  # printed as early November/December but put up late
FAILURES = [
    ("eia", date(2010, 9, 13), date(2010, 9, 14), "500"),
    ("water", date(2010, 10, 8), date(2010, 10, 8), "half"),
]


def FP(t, body):
    return f"""<html>

<head>
<meta http-equiv="Content-Language" content="zh-cn">
<meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<meta name="GENERATOR" content="Microsoft FrontPage 4.0">
<meta name="ProgId" content="FrontPage.Editor.Document">
<title>{t}</title>
<!--mstheme--><link rel="stylesheet" type="text/css" href="/_themes/blends/blen1011.css"></head>

<body background="/bg.gif">
<p align="center"><b><font face="华文行楷" size="6" color="#008000">永安河县环境监测站</font></b></p>
<p align="center"><a href="/default.htm">首页</a>　<a href="/shuizhi/index.htm">水质月报</a>　<a href="/kongqi.htm">空气月报</a>　<a href="/gongshi/list.htm">项目公示</a>　<a href="/lianxi.htm">联系我们</a></p>
{body}
<p align="center"><font size="2">永安河县环境监测站　电话 3325817　<br>本页最后更新：　<!--webbot bot="HitCounter" i-image="1" --><img src="/_vti_bin/fpcount.exe/?Page=index.htm|Image=1"></font></p>
</body>

</html>
"""


def shown(x, col):
    s = SHOWN.get(id(x)) or next((SHOWN[id(y)] for y in W if y["url"] == x["url"] and SHOWN.get(id(y))), None)
    if s:
        return s
    if x["day"] is None:
        return ""
    d = x["day"]
    if col == "water":
        return f"{d.year}年{d.month}月{d.day}日"
    if col == "air":
        return f"{d.year}.{d.month}.{d.day}"
    return f"{d.year}-{d.month}-{d.day}"


def rel(u, col):
    return u.rsplit("/", 1)[1] if col != "air" else u[1:]


def lst(col, now):
    v = C.rows(TRUTH, col, now)
    b = ""
    if col == "water":
        for x in v:
            b += f'  <tr>\n    <td width="70%"><font size="2"><a href="{rel(x["url"], col)}">{x["title"][:6]}<b>{x["title"][6:]}</b></a></font></td>\n    <td width="30%"><font size="2">{shown(x, col)}</font>　</td>\n  </tr>\n'
        b += '  <tr>\n    <td width="70%"><font size="2">2008年各月水质月报（请到本站查阅）</font></td>\n    <td width="30%">　</td>\n  </tr>\n'  # a row without link, no article
        b = f'<table border="1" cellpadding="0" cellspacing="0" style="border-collapse: collapse" bordercolor="#111111" width="80%" align="center">\n  <tr><td bgcolor="#CCFFCC">名　　称</td><td bgcolor="#CCFFCC">发布时间</td></tr>\n{b}</table>'
    elif col == "air":
        b = "".join(
            f'<p style="line-height: 150%"><img border="0" src="images/bul1.gif" width="12" height="12"> <a href="{rel(x["url"], col)}"><font size="3">{x["title"]}</font></a> <font color="#808080" size="2">（{shown(x, col)}）</font></p>\n'
            for x in v
        )
        b = f'<h3 align="center">空气质量月报</h3>\n<blockquote>\n{b}</blockquote>'
    else:
        for i, x in enumerate(v):
            b += f'<tr><td>{len(v) - i}</td><td><a href="{rel(x["url"], col)}" target="_blank">{x["title"]}</a></td><td nowrap>{shown(x, col) or "&nbsp;"}</td></tr>\n'
        b = f'<p>　　<b>项目公示</b></p><table border=0 width="90%" align=center><tr><th>序号</th><th>项目名称</th><th>日期</th></tr>\n{b}</table>'
    return FP(COLUMNS[col]["title"], b)


def answer(now, method, path, query, form, headers):
    def gb(s, code=200):
        return C.out(s, "gbk", "text/html", code, Server="Microsoft-IIS/5.0")

    for col, ci in COLUMNS.items():
        if path == ci["path"]:
            w = C.fail(FAILURES, col, now)
            if w == "500":
                return 500, {"Content-Type": "text/html"}, b"<html><body><h1>Internal Server Error</h1></body></html>"
            s = lst(col, now)
            return gb(s[: len(s) // 2] if w == "half" else s)
    if path in ("/", "/default.htm"):
        return gb(FP("首页", '<p align="center"><img src="/images/lou.jpg"></p>'))
    if path == "/lianxi.htm":
        return gb(
            FP(
                "联系我们",
                "<table border=1 align=center><tr><td>站长室</td><td>3325801</td></tr><tr><td>办公室</td><td>3325817</td></tr><tr><td>化验室</td><td>3325820</td></tr></table>",
            )
        )
    x = C.find(TRUTH, path, now)
    if x:
        dd = f"{x['_d'].year}年{x['_d'].month}月{x['_d'].day}日" if x["day"] else ""
        if "_typo" in x:
            dd = f"{x['_typo'].year}年{x['_typo'].month}月{x['_typo'].day}日"
        return gb(
            FP(
                x["title"],
                f'<p align="center"><font size="4"><b>{x["title"]}</b></font></p>\n'
                + C.P(x, '<p style="text-indent: 28pt">%s</p>')
                + f'\n<p align="right">永安河县环境监测站<br>{dd}</p><p><a href="javascript:history.back()">返回</a></p>',
            )
        )
    return gb("<html><head><title>找不到网页</title></head><body>找不到网页</body></html>", 404)


def BROWSE(fetch, col, start):
    return [(start, fetch(start))]

"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County water bureau, classic ASP article system, nested tables, select-box pager, M月D日 without year (2010)"
FIRST, LAST = date(2010, 3, 1), date(2010, 8, 31)
c = "西陵县"
COLUMNS = {
    "news": {"title": "水利新闻", "path": "/Article/Class_2.asp"},
    "notice": {"title": "政务公告", "path": "/Article/Class_4.asp"},
    "flood": {"title": "防汛信息", "path": "/Article/Class_9.asp"},
}
CID = {"2": "news", "4": "notice", "9": "flood"}


def U(k):
    return lambda d, i: f"/Article/Show.asp?ArticleID={i}"


TRUTH = (
    C.gen("news", "news", FIRST, LAST, 40, "often", c, U(0), 300)
    + C.gen("notice", "note", FIRST, LAST, 11, "rare", c, U(0), 1500)
    + C.gen("flood", "warn", FIRST, LAST, 6, "weekly", c, U(0), 2200)
)
x = C.pick(TRUTH, "news", date(2010, 4, 20))
x["down"] = datetime(2010, 5, 17, 11)
x = C.pick(TRUTH, "flood", date(2010, 6, 10))
C.later(x, datetime(2010, 6, 15, 8), title=x["title"] + "（解除）")
C.add(
    TRUTH,
    "notice",
    "关于2009年农村饮水安全工程竣工验收的公告",
    "/Article/Show.asp?ArticleID=2960",
    date(2009, 12, 30),
    datetime(2010, 4, 26, 15),
    2960,
)
C.add(
    TRUTH,
    "news",
    "全县水利工作会议隆重召开",
    "/Article/Show.asp?ArticleID=2970",
    date(2010, 2, 25),
    datetime(2010, 3, 18, 9),
    2970,
    "news",
)
C.renum(TRUTH)
FAILURES = [
    ("*", date(2010, 5, 1), date(2010, 5, 3), "closed"),
    ("news", date(2010, 6, 14), date(2010, 6, 15), "page1again"),
    ("news", date(2010, 7, 20), date(2010, 7, 20), "500"),
]
PER = 16
TOP = """<HTML><HEAD><TITLE>%s--西陵县水务局</TITLE>
<META http-equiv=Content-Type content="text/html; charset=gb2312">
<LINK href="../Skin/1/DefaultSkin.css" rel=stylesheet type=text/css></HEAD>
<BODY leftmargin=0 topmargin=0><TABLE width=760 align=center border=0 cellspacing=0 cellpadding=0><TR><TD colspan=9><object classid="clsid:D27CDB6E-AE6D-11cf-96B8-444553540000" width=760 height=140><param name=movie value="../images/top.swf"></object>
<TR class=menu><TD>|<A href="../Index.asp">首页</A>| <A href="Class_2.asp">水利新闻</A> | <A href="Class_4.asp">政务公告</A> | <A href="Class_9.asp">防汛信息</A> | <A href="../GuestBook/">留言板</A> |</TABLE>"""
FT = """<TABLE width=760 align=center><TR><TD align=center>Copyright &copy; 2004-2010 西陵县水务局 <A href="http://www.miibeian.gov.cn">鄂ICP备05009988</A><BR>站长：水务局办公室　页面执行时间：%s毫秒</TABLE></BODY></HTML>"""


def gb(s, code=200):
    return C.out(s, "gb18030", None, code, Server="Microsoft-IIS/6.0", Cache_Control="private")


def gbt(s, code=200):
    return C.out(s, "gb18030", "text/html", code, Server="Microsoft-IIS/6.0", Cache_Control="private")


def md(d):
    return f"{d.month}月{d.day}日"


def lst(cid, now, p):
    col = CID[cid]
    v = C.rows(TRUTH, col, now, C.byentry)
    n = C.npages(v, PER)
    p = min(max(p, 1), n)
    o = ""
    for x in C.page(v, p, PER):
        new = ' <IMG src="../images/new.gif" border=0>' if (now.date() - x["_d"]).days < 5 else ""
        o += f'<TR><TD width=10>◇<TD><A class=listA href="Show.asp?ArticleID={x["_id"]}" title="文章标题：{x["title"]}\n作　　者：办公室\n更新时间：{x["day"].year}-{x["day"].month}-{x["day"].day}\n点 击 数：{x["_id"] % 511}" target=_blank>{C.cut(x["title"], 26, "…")}</A>{new}<TD align=right><FONT color=#999999>{md(x["day"])}</FONT>\n'
    top = "".join(
        f'<TR><TD>·<A href="Show.asp?ArticleID={y["_id"]}">{C.cut(y["title"], 12, "…")}</A>'
        for y in C.rows(TRUTH, "notice", now)[:5]
    )
    opt = "".join(
        f"<option value='Class_{cid}.asp?page={i}'{' selected' if i == p else ''}>第{i}页</option>"
        for i in range(1, n + 1)
    )
    pg = f"共 <B>{len(v)}</B> 篇文章　页次：<strong><font color=red>{p}</font>/{n}</strong>页　<b>{PER}</b>篇文章/页　转到：<select name='page' size='1' onchange=\"javascript:window.location=this.options[this.selectedIndex].value;\">{opt}</select>"
    return (
        TOP % COLUMNS[col]["title"]
        + f"""<TABLE width=760 align=center border=0><TR><TD width=180 valign=top><TABLE><TR><TD class=title_left>最新公告{top}</TABLE><TD valign=top><TABLE width="100%"><TR><TD>您现在的位置：<A href="../Index.asp">西陵县水务局</A> &gt;&gt; <A href="Class_{cid}.asp">{COLUMNS[col]["title"]}</A> &gt;&gt; 文章列表</TABLE><TABLE width="100%" class=listbg>
{o}</TABLE><TABLE width="100%"><TR><TD align=center>{pg}</TABLE></TABLE>"""
        + FT % (62 + now.day)
    )


def answer(now, method, path, query, form, headers):
    w = C.fail(FAILURES, "*", now)
    if w:
        return gbt(
            "<html><head><title>提示</title></head><body><center><br><br>网站因服务器托管机房检修暂时关闭，五一节后恢复访问。</center></body></html>"
        )
    q = C.Q(query)
    m = C.re.fullmatch(r"/Article/Class_(\d+)\.asp", path)
    if m and m.group(1) in CID:
        w = C.fail(FAILURES, CID[m.group(1)], now)
        if w == "page1again":
            q = {}  # the proxy drops the query
        if w == "500":
            return gbt(
                '<font face="宋体" size=2>\n<p>Microsoft OLE DB Provider for ODBC Drivers</font> <font face="宋体" size=2>错误 \'80004005\'</font>\n<p><font face="宋体" size=2>[Microsoft][ODBC Microsoft Access Driver] 不能使用 \'(未知的)\'；文件已在使用中。</font>\n<p><font face="宋体" size=2>/Inc/conn.asp</font><font face="宋体" size=2>，行 12</font>',
                500,
            )
        return gb(lst(m.group(1), now, C.num(q.get("page"))))
    if path == "/Article/Show.asp":
        x = C.find(TRUTH, f"/Article/Show.asp?ArticleID={q.get('ArticleID')}", now)
        if not x:
            return gbt("<script>alert('你要找的文章不存在，或已被管理员删除！');window.close();</script>")
        d = x["day"]
        return gbt(
            TOP % x["title"]
            + f"""<TABLE width=760 align=center><TR><TD align=center><FONT size=4><B>{x["title"]}</B></FONT><TR><TD align=center>作者：{C.LEAD[x["_id"] % 7][-3:]}　文章来源：本站原创　点击数：<script language='javascript' src='GetHits.asp?ArticleID={x["_id"]}'></script>　更新时间：{d.year}-{d.month}-{d.day}<TR><TD>{C.P(x)}<TR><TD align=right>文章录入：admin　责任编辑：admin</TABLE>"""
            + FT % 47
        )
    if path in ("/", "/Index.asp"):
        return gbt(TOP % "首页" + FT % 31)
    return gbt("<h2>HTTP 错误 404 - 文件或目录未找到。</h2>", 404)


def BROWSE(fetch, col, start):
    return C.b_links(fetch, start, C.re.escape(start) + r"(\?page=\d+)?$")

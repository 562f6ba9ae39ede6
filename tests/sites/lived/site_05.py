"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = (
    "County agriculture bureau, home-grown PHP, GBK without charset in header, year-less days over New Year (2011/12)"
)
FIRST, LAST = date(2011, 10, 1), date(2012, 3, 31)
c = "东明山县"
COLUMNS = {
    "work": {"title": "工作动态", "path": "/list.php?cid=3"},
    "price": {"title": "农产品价格", "path": "/list.php?cid=8"},
    "notice": {"title": "文件通知", "path": "/list.php?cid=5"},
}
CID = {"3": "work", "8": "price", "5": "notice"}


def U(cid):
    return lambda d, i: f"/show.php?cid={cid}&id={i}"


TRUTH = (
    C.gen("work", "news", FIRST, LAST, 54, "weekly", c, U(3), 700)
    + C.gen("price", "price", FIRST, LAST, 35, "weekly", c, U(8), 1500)
    + C.gen("notice", "note", FIRST, LAST, 16, "rare", c, U(5), 2600)
)
x = C.pick(TRUTH, "work", date(2011, 12, 26))
x["down"] = datetime(2012, 1, 4, 10)
C.back(TRUTH, x, datetime(2012, 1, 6, 15))
C.add(
    TRUTH,
    "notice",
    "关于印发《东明山县2011年农机购置补贴实施方案》的通知",
    "/show.php?cid=5&id=2990",
    date(2011, 4, 11),
    datetime(2011, 11, 25, 10),
    2990,
)
x = C.pick(TRUTH, "price", date(2012, 2, 1))
x["down"] = datetime(2012, 2, 27, 9)
x = C.pick(TRUTH, "work", date(2011, 11, 7))
C.later(x, datetime(2011, 11, 9, 8, 30), title=x["title"].replace("工作", "重点工作", 1))
C.renum(TRUTH)
FAILURES = [
    ("*", date(2011, 12, 10), date(2011, 12, 11), "sql"),
    ("price", date(2012, 1, 22), date(2012, 1, 25), "stale"),
]
PER = 20
TOP = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>%s - 东明山县农业信息网</title><style>td{font-size:12px}</style></head><body bgcolor="#FFFFFF" topmargin="0">
<table width="778" align="center" cellpadding="0" cellspacing="0"><tr><td><img src="img/top.gif" width="778"></td></tr><tr bgcolor="#009933"><td><font color=#ffffff>今天是<script>d=new Date();document.write(d.getFullYear()+"年"+(d.getMonth()+1)+"月"+d.getDate()+"日")</script></font> <a href="index.php">首页</a> <a href="list.php?cid=3">工作动态</a> <a href="list.php?cid=5">文件通知</a> <a href="list.php?cid=8">农产品价格</a> <a href="bbs/">交流论坛</a></td></tr></table>"""
FT = """<hr width=778><center>东明山县农业局 版权所有　电话：6221789　E-mail:nyj6221789@163.com<br>链接：<a href=http://www.agri.gov.cn>中国农业信息网</a> <a href=http://www.sdny.gov.cn>山东农业信息网</a></center></body></html>"""


def gb(s, code=200):
    return C.out(s, "gbk", "text/html", code, X_Powered_By="PHP/5.2.6")


def lst(cid, now, p):
    col = CID[cid]
    v = C.rows(TRUTH, col, now)
    tot = len(v) + (2 if col == "work" else 0)
    n = C.npages(range(tot), PER)
    p = min(max(p, 1), n)  # tot counts two drafts that never show: now and then an empty last page
    o = "".join(
        f'<dt>· <a href="show.php?cid={cid}&amp;id={x["_id"]}" title="{x["title"]}">{C.cut(x["title"], 25, "..")}</a></dt><dd>({x["day"]:%m-%d})</dd>\n'
        for x in C.page(v, p, PER)
    )
    pg = (
        f"共 {tot} 条记录 第 {p}/{n} 页 "
        + (
            f'<a href="?cid={cid}&page=1">首页</a> <a href="?cid={cid}&page={p - 1}">上一页</a> '
            if p > 1
            else "首页 上一页 "
        )
        + (
            f'<a href="?cid={cid}&page={p + 1}">下一页</a> <a href="?cid={cid}&page={n}">末页</a>'
            if p < n
            else "下一页 末页"
        )
    )
    return (
        TOP % COLUMNS[col]["title"]
        + f"""<table width="778" align="center"><tr><td width=180 valign=top bgcolor=#eeffee><b>点击排行</b><br><a href="show.php?cid=9&id=101">测土配方施肥技术</a><br><a href="show.php?cid=9&id=144">大棚黄瓜病害防治</a></td><td valign=top><b>{COLUMNS[col]["title"]}</b><dl>
{o}</dl><p align=right>{pg}</p></td></tr></table>"""
        + FT
    )


def answer(now, method, path, query, form, headers):
    q = C.Q(query)
    if C.fail(FAILURES, "*", now):
        return gb(
            "<br />\n<b>Warning</b>:  mysql_connect() [<a href='function.mysql-connect'>function.mysql-connect</a>]: Too many connections in <b>D:\\www\\inc\\conn.php</b> on line <b>7</b><br />\n数据库连接失败"
        )
    if path == "/list.php" and q.get("cid") in CID:
        col = CID[q["cid"]]
        if C.fail(FAILURES, col, now) == "stale":
            now = datetime(2012, 1, 15, 9)
        return gb(lst(q["cid"], now, C.num(q.get("page"))))
    if path == "/show.php":
        x = C.find(TRUTH, f"/show.php?cid={q.get('cid')}&id={q.get('id')}", now)
        if not x:
            return gb(TOP % "提示" + "<p align=center>没有找到相关信息！</p>" + FT)
        return gb(
            TOP % x["title"]
            + f"""<table width=778 align=center><tr><td align=center><h3>{x["title"]}</h3></td></tr><tr><td align=center>[作者：{"农业局办公室" if x["_id"] % 2 else "admin"}] [日期：{x["day"]:%Y-%m-%d}] [点击：{x["_id"] % 317}]</td></tr><tr><td style="line-height:180%">{C.P(x, "　　%s<br>")}</td></tr></table>"""
            + FT
        )
    if path in ("/", "/index.php"):
        return gb(TOP % "首页" + FT)
    return gb("<h1>Not Found</h1>", 404)


def BROWSE(fetch, col, start):
    return C.b_links(fetch, start, r"^/list\.php\?" + start.split("?")[1] + r"(&page=\d+)?$")

"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County information-disclosure directory (信息公开目录), JSP, tree + table with index numbers, POST form pager (2014)"
FIRST, LAST = date(2014, 1, 1), date(2014, 6, 30)
c = "柳泉县"
COLUMNS = {
    "doc": {"title": "规范性文件", "path": "/xxgkml/list.jsp?catalog=A0201"},
    "budget": {"title": "财政预决算", "path": "/xxgkml/list.jsp?catalog=A0405"},
    "person": {"title": "人事信息", "path": "/xxgkml/list.jsp?catalog=A0301"},
    "emerg": {"title": "应急预警", "path": "/xxgkml/list.jsp?catalog=A0602"},
}
CAT = {"A0201": "doc", "A0405": "budget", "A0301": "person", "A0602": "emerg"}


def U(k):
    return lambda d, i: f"/xxgkml/detail.jsp?infoid={i}"


TRUTH = (
    C.gen("doc", "doc", FIRST, LAST, 96, "weekly", c, U(0), 11000, late=0.5)
    + C.gen("budget", "budget", FIRST, LAST, 12, "rare", c, U(0), 15000, late=0.3)
    + C.gen("person", "person", FIRST, LAST, 25, "rare", c, U(0), 17000, late=0.6)
    + C.gen("emerg", "warn", FIRST, LAST, 7, "weekly", c, U(0), 18000, late=0)
)
C.pick(TRUTH, "doc", date(2014, 2, 20))["down"] = datetime(2014, 5, 6, 10)
for k in range(4):
    C.add(
        TRUTH,
        "budget",
        f"柳泉县{['教育局', '卫生局', '水利局', '林业局'][k]}2012年度部门决算",
        f"/xxgkml/detail.jsp?infoid={19900 + k}",
        date(2013, 9, 20 + k),
        datetime(2014, 3, 24, 10, k),
        19900 + k,
        "budget",
    )
x = C.pick(TRUTH, "person", date(2014, 4, 1))
C.later(x, datetime(2014, 4, 28, 9), day=date(2014, 4, 25))
MOVED = {
    "emerg": [(datetime(2014, 5, 12, 9), "/xxgkml/list.jsp?catalog=A0709")]
}  # the old node is emptied, says 栏目已迁移
C.renum(TRUTH)
FAILURES = [
    ("*", date(2014, 3, 8), date(2014, 3, 8), "500"),
    ("doc", date(2014, 4, 19), date(2014, 4, 20), "empty"),
    ("budget", date(2014, 5, 26), date(2014, 5, 26), "othercol"),
]
PER = 15


def idx(x):
    return f"LQ{'ABCDE'[x['_id'] % 5]}0{x['_id'] % 90 + 10}-0{x['_id'] % 7}-{x['_d'].year}-{x['_id'] % 9000 + 1000:04d}"


def wh(x):
    return (
        f"柳政{'办' if x['_id'] % 2 else ''}发〔{x['_d'].year}〕{x['_id'] % 60 + 1}号"
        if x["_kind"] == "doc"
        else ("柳政任〔%d〕%d号" % (x["_d"].year, x["_id"] % 20 + 1) if x["_kind"] == "person" else "")
    )


TREE = """<div id="tree"><script type="text/javascript">d = new dTree('d');d.add(0,-1,'信息公开目录');d.add(1,0,'政策法规','');d.add(2,1,'规范性文件','list.jsp?catalog=A0201');d.add(3,0,'人事信息','list.jsp?catalog=A0301');d.add(4,0,'财政信息','');d.add(5,4,'财政预决算','list.jsp?catalog=A0405');d.add(6,0,'应急管理','list.jsp?catalog=%s');document.write(d);</script></div>"""
TOP = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"><html><head><base href="http://www.own-site.gov.cn/xxgkml/"><title>柳泉县政府信息公开目录</title><meta http-equiv="pragma" content="no-cache"><meta http-equiv="content-type" content="text/html; charset=UTF-8"><link rel="StyleSheet" href="dtree/dtree.css" type="text/css"/><script type="text/javascript" src="dtree/dtree.js"></script></head><body>
<div id="header"><h1>柳泉县政府信息公开</h1><a href="guide.jsp">公开指南</a> <a href="list.jsp?catalog=A0201">公开目录</a> <a href="apply.jsp">依申请公开</a> <a href="report.jsp">年度报告</a></div>"""
FT = """<div id="footer">柳泉县人民政府办公室主办　建议使用1024*768分辨率</div></body></html>"""


def lst(cat, col, now, p, tree, empty=False):
    v = [] if empty else C.rows(TRUTH, col, now)
    n = C.npages(v, PER)
    p = min(max(p, 1), n)
    tr = ""
    for k, x in enumerate(C.page(v, p, PER)):
        d = x["day"]
        tr += f"""<tr {'bgcolor="#f3f8ff"' if k % 2 else ""} onmouseover="showTip({k})"><td align="center">{idx(x)}</td><td><a href="detail.jsp?infoid={x["_id"]}" target="_blank">{C.esc(x["title"])}</a><div class="tip" id="tip{k}" style="display:none"><table><tr><td>发布机构：</td><td>柳泉县人民政府办公室</td></tr><tr><td>文&nbsp;&nbsp;&nbsp;&nbsp;号：</td><td>{wh(x)}</td></tr><tr><td>生效日期：</td><td>{d:%Y-%m-%d}</td></tr></table></div></td><td align="center">{wh(x) or "&nbsp;"}</td><td align="center">{d.year}年{d.month:02d}月{d.day:02d}日</td></tr>\n"""
    pg = f"共{len(v)}条记录，每页{PER}条，当前第{p}/{n}页　" + " ".join(
        f'<a href="javascript:gotoPage({i})">{t}</a>' if ok else t
        for i, t, ok in ((1, "首页", p > 1), (p - 1, "上一页", p > 1), (p + 1, "下一页", p < n), (n, "末页", p < n))
    )
    return (
        TOP
        + TREE % tree
        + f"""<div id="content"><form name="queryForm" method="post" action="list.jsp"><input type="hidden" name="catalog" value="{cat}"><input type="hidden" name="pageNo" value="{p}">
关键字：<input type="text" name="keyword" value=""> 发文日期：<input name="beginDate" readonly> 至 <input name="endDate" readonly><input type="button" value="检索" onclick="gotoPage(1)">
<script type="text/javascript">function gotoPage(n){{document.queryForm.pageNo.value=n;document.queryForm.submit();}}</script>
<table width="100%" border="0" cellspacing="1" bgcolor="#cccccc"><tr bgcolor="#ddeeff"><th width="18%">索引号</th><th>名称</th><th width="20%">文号</th><th width="16%">发文日期</th></tr>
{tr if v else '<tr><td colspan="4" align="center">暂无相关信息</td></tr>'}</table><div class="pages">{pg}</div></form></div>"""
        + FT
    )


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.tomcat500()
    q = C.Q(query)
    q.update(form)
    mv = now >= MOVED["emerg"][0][0]
    tree = "A0709" if mv else "A0602"
    cat = q.get("catalog", "")
    if path == "/xxgkml/list.jsp" and (cat in CAT or (mv and cat == "A0709")):
        col = CAT.get(cat, "emerg")
        if mv and cat == "A0602":
            return C.out(
                TOP
                + TREE % tree
                + '<div id="content"><p>本栏目已迁移至<a href="list.jsp?catalog=A0709">应急管理—预警信息</a>，请更新您的收藏。</p></div>'
                + FT,
                ctype="text/html;charset=UTF-8",
            )
        w = C.fail(FAILURES, col, now)
        return C.out(
            lst(cat, "person" if w == "othercol" else col, now, C.num(q.get("pageNo")), tree, w == "empty"),
            ctype="text/html;charset=UTF-8",
            Set_Cookie="JSESSIONID=9B1DE0; Path=/xxgkml",
        )
    if path == "/xxgkml/detail.jsp":
        x = C.find(TRUTH, f"/xxgkml/detail.jsp?infoid={q.get('infoid')}", now)
        if not x:
            return C.out(TOP + "<div>该信息不存在或尚未审核。</div>" + FT)
        d = x["day"]
        return C.out(
            TOP
            + f"""<table class="info" width="96%" border="1"><tr><td>索 引 号：</td><td>{idx(x)}</td><td>分　　类：</td><td>{COLUMNS[x["column"]]["title"]}</td></tr><tr><td>发布机构：</td><td>柳泉县人民政府办公室</td><td>发文日期：</td><td>{d.year}年{d.month:02d}月{d.day:02d}日</td></tr><tr><td>名　　称：</td><td colspan="3">{C.esc(x["title"])}</td></tr><tr><td>文　　号：</td><td>{wh(x)}</td><td>主 题 词：</td><td></td></tr></table><h2 align="center">{C.esc(x["title"])}</h2><div class="content">{C.P(x)}</div>"""
            + FT
        )
    if path in ("/", "/xxgkml/"):
        return C.redirect("/xxgkml/list.jsp?catalog=A0201")
    return (
        C.tomcat500()
        if path.endswith(".jsp")
        else (
            404,
            {"Content-Type": "text/html"},
            b"<html><head><title>Error</title></head><body>HTTP Status 404</body></html>",
        )
    )


def BROWSE(fetch, col, start):
    t = fetch(start)
    o = [(start, t)]
    n = int(C.re.search(r"当前第1/(\d+)页", t).group(1))
    return o + [(start, fetch("/xxgkml/list.jsp", {"catalog": start[-5:], "pageNo": str(i)})) for i in range(2, n + 1)]

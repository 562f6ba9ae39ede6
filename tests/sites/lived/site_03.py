"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County portal, ASP.NET WebForms, AspNetPager with __doPostBack, GB2312 (2012)"
FIRST, LAST = date(2012, 1, 1), date(2012, 6, 30)
c = "临江县"
COLUMNS = {
    "news": {"title": "政务动态", "path": "/NewsList.aspx?ClassId=12"},
    "person": {"title": "人事任免", "path": "/NewsList.aspx?ClassId=31"},
    "bid": {"title": "招标采购", "path": "/NewsList.aspx?ClassId=45"},
    "price": {"title": "价格监测", "path": "/NewsList.aspx?ClassId=52"},
}
CID = {"12": "news", "31": "person", "45": "bid", "52": "price"}


def U(k):
    return lambda d, i: f"/ShowNews.aspx?Id={i}"


TRUTH = (
    C.gen("news", "news", FIRST, LAST, 88, "often", c, U(0), 1000)
    + C.gen("person", "person", FIRST, LAST, 19, "rare", c, U(0), 5000)
    + C.gen("bid", "bid", FIRST, LAST, 47, "weekly", c, U(0), 6000)
    + C.gen("price", "price", FIRST, LAST, 30, "weekly", c, U(0), 8000)
)
x = C.pick(TRUTH, "bid", date(2012, 2, 6))
C.later(x, datetime(2012, 2, 20, 10), title=x["title"] + "（延期）", day=date(2012, 2, 20))
x = C.pick(TRUTH, "person", date(2012, 3, 1))
x["down"] = datetime(2012, 3, 9, 11)
x = C.pick(TRUTH, "news", date(2012, 4, 9))
x["down"] = datetime(2012, 4, 10, 16)
C.back(TRUTH, x, datetime(2012, 4, 12, 9, 30))
C.add(
    TRUTH,
    "person",
    "关于2011年度拟提拔干部任前公示的通知",
    "/ShowNews.aspx?Id=5991",
    date(2011, 12, 16),
    datetime(2012, 1, 17, 14),
    5991,
    "person",
)
C.add(
    TRUTH,
    "price",
    "临江县5月7日主要农副产品价格监测表（二）",
    "/ShowNews.aspx?Id=8994",
    date(2012, 7, 5),
    datetime(2012, 5, 7, 14),
    8994,
    "price",
)  # day and month swapped by the clerk
C.renum(TRUTH)
FAILURES = [
    ("bid", date(2012, 3, 17), date(2012, 3, 18), "empty"),
    ("*", date(2012, 5, 12), date(2012, 5, 12), "500"),
    ("person", date(2012, 6, 5), date(2012, 6, 6), "login"),
]
PER = 18
TOP = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head><title>
	临江县人民政府门户网站
</title><meta http-equiv="Content-Type" content="text/html; charset=gb2312" /><link href="css/main.css" rel="stylesheet" type="text/css" /></head>
<body>
"""
MENU = """<table width="1002" border="0" align="center" cellpadding="0" cellspacing="0" background="images/menu.gif"><tr><td><a href="Default.aspx">网站首页</a></td><td><a href="NewsList.aspx?ClassId=12">政务动态</a></td><td><a href="NewsList.aspx?ClassId=31">人事任免</a></td><td><a href="NewsList.aspx?ClassId=45">招标采购</a></td><td><a href="NewsList.aspx?ClassId=52">价格监测</a></td><td><a href="mailto:xxzx@own-site.gov.cn">县长信箱</a></td></tr></table>"""
FOOT = """<table width="1002" align="center"><tr><td align="center">主办：临江县人民政府办公室　承办：临江县信息中心　电话：0439-5225566<br />吉ICP备06001357号　<span id="lblCount">访问量：%d</span></td></tr></table></form></body></html>"""


def lst(cid, now, p, w):
    col = CID[cid]
    v = [] if w == "empty" else C.rows(TRUTH, col, now, C.byentry)
    n = C.npages(v, PER)
    p = min(max(1, p), n)
    tr = ""
    for k, x in enumerate(C.page(v, p, PER)):
        tr += f"""<tr class="{"alt" if k % 2 else "row"}"><td style="width:20px;"><img src="images/dot.gif" alt="" /></td><td align="left"><a id="GridView1_ctl{k + 2:02d}_HyperLink1" title="{C.esc(x["title"])}" href="ShowNews.aspx?Id={x["_id"]}" target="_blank">{C.cut(x["title"], 28, "…")}</a></td><td style="width:90px;">{x["day"].year}-{x["day"].month}-{x["day"].day}</td></tr>\n"""

    def pb(i, t):
        return (
            f"<a href=\"javascript:__doPostBack('AspNetPager1','{i}')\" style=\"margin-right:5px;\">{t}</a>"
            if i != p and 1 <= i <= n
            else f'<a disabled="disabled" style="margin-right:5px;">{t}</a>'
        )

    lo = (p - 1) // 10 * 10 + 1
    pg = (
        pb(1, "首页")
        + pb(p - 1, "上一页")
        + "".join(
            pb(i, i) if i != p else f'<span style="margin-right:5px;font-weight:Bold;color:red;">{i}</span>'
            for i in range(lo, min(lo + 9, n) + 1)
        )
        + (pb(lo + 10, "...") if lo + 10 <= n else "")
        + pb(p + 1, "下一页")
        + pb(n, "尾页")
    )
    vs = C.hashlib.sha1(f"{cid}{p}{len(v)}".encode()).hexdigest() * 3
    new = "".join(
        f'<li><a href="ShowNews.aspx?Id={y["_id"]}">{C.cut(y["title"], 13)}</a></li>'
        for y in C.rows(TRUTH, "news", now)[:6]
    )
    return (
        TOP
        + f"""<form name="form1" method="post" action="NewsList.aspx?ClassId={cid}" id="form1">
<input type="hidden" name="__EVENTTARGET" id="__EVENTTARGET" value="" />
<input type="hidden" name="__EVENTARGUMENT" id="__EVENTARGUMENT" value="" />
<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="/wEPDwUK{vs}" />
<script type="text/javascript">
//<![CDATA[
var theForm = document.forms['form1'];
function __doPostBack(eventTarget, eventArgument) {{ if (!theForm.onsubmit || (theForm.onsubmit() != false)) {{ theForm.__EVENTTARGET.value = eventTarget; theForm.__EVENTARGUMENT.value = eventArgument; theForm.submit(); }} }}
//]]>
</script>
<input type="hidden" name="__EVENTVALIDATION" id="__EVENTVALIDATION" value="/wEWBgL{vs[:20]}" />
{MENU}<table width="1002" align="center"><tr><td width="230" valign="top"><b>最新信息</b><ul>{new}</ul></td><td valign="top">您现在的位置：<a href="Default.aspx">首页</a> &gt;&gt; <span id="lblClass">{COLUMNS[col]["title"]}</span>
<div><table class="grid" cellspacing="0" border="0" id="GridView1" style="width:100%;border-collapse:collapse;">
{tr}</table></div>
<div id="AspNetPager1" style="text-align:center;">{pg if n > 1 else ""} 共{len(v)}条 第{p}/{n}页</div></td></tr></table>"""
        + FOOT % (300000 + now.toordinal() % 1000 * 211)
    )


def gb(s, code=200):
    return C.out(s, "gb18030", "text/html; charset=gb2312", code, X_AspNet_Version="2.0.50727", X_Powered_By="ASP.NET")


def answer(now, method, path, query, form, headers):
    q = C.Q(query)
    pl = path.lower()
    if C.fail(FAILURES, "*", now):
        return C.iis500()
    if pl == "/newslist.aspx" and q.get("ClassId") in CID:
        col = CID[q["ClassId"]]
        w = C.fail(FAILURES, col, now)
        if w == "login":
            return gb(
                TOP
                + '<form name="form1" method="post" action="admin/Login.aspx" id="form1"><div>后台管理系统</div>用户名：<input name="txtUser" type="text" /><br />密　码：<input name="txtPwd" type="password" /><input type="submit" name="btnLogin" value="登录" /></form></body></html>'
            )
        p = (
            C.num(form.get("__EVENTARGUMENT"))
            if form.get("__EVENTTARGET") == "AspNetPager1" and form.get("__VIEWSTATE")
            else 1
        )
        return gb(lst(q["ClassId"], now, p, w))
    if pl == "/shownews.aspx":
        x = C.find(TRUTH, f"/ShowNews.aspx?Id={q.get('Id')}", now)
        if not x:
            return gb(
                TOP
                + "<form id=form1><script>alert('该信息不存在或已被删除！');history.back();</script></form></body></html>"
            )
        return gb(
            TOP
            + f"""<form name="form1" method="post" action="ShowNews.aspx?Id={x["_id"]}" id="form1"><input type="hidden" name="__VIEWSTATE" value="/wEPDwULLTE" />{MENU}<table width="1002" align="center"><tr><td align="center"><span id="lblTitle" class="bt">{C.esc(x["title"])}</span></td></tr><tr><td align="center">发布时间：<span id="lblTime">{x["day"].year}-{x["day"].month}-{x["day"].day} {int(x["_hm"][:2])}:{x["_hm"][3:]}:00</span>　作者：<span id="lblAuthor">{"县政府办" if x["_id"] % 3 else "佚名"}</span></td></tr><tr><td><span id="lblContent">{C.P(x, '<P style="TEXT-INDENT: 2em">%s</P>')}</span></td></tr></table>"""
            + FOOT % 1
        )
    if pl in ("/", "/default.aspx"):
        return gb(TOP + "<form id=form1>" + MENU + FOOT % 1)
    return gb(
        "<html><head><title>无法找到该页</title></head><body>HTTP 错误 404 - 文件或目录未找到。</body></html>", 404
    )


def BROWSE(fetch, col, start):
    return C.b_postback(fetch, start, r"__doPostBack\('(AspNetPager1)','(\d+)'\)\"[^>]*>下一页")

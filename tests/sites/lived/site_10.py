"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime
from urllib.parse import quote

from tests.sites.lived import common as C

NAME = "County planning/land office on SharePoint, list views with Paged=TRUE&p_ID links (2013)"
FIRST, LAST = date(2013, 5, 1), date(2013, 10, 31)
c = "海宁坨县"
COLUMNS = {
    "land": {"title": "土地出让", "path": "/gtj/Lists/tdcr/AllItems.aspx"},
    "notice": {"title": "通知公告", "path": "/gtj/Lists/tzgg/AllItems.aspx"},
    "warn": {"title": "地灾预警", "path": "/gtj/Lists/dzyj/AllItems.aspx"},
}
LN = {"tdcr": "land", "tzgg": "notice", "dzyj": "warn"}


def U(k):
    return lambda d, i: f"/gtj/Lists/{k}/DispForm.aspx?ID={i}"


TRUTH = (
    C.gen("land", "land", FIRST, LAST, 45, "weekly", c, U("tdcr"), 40)
    + C.gen("notice", "note", FIRST, LAST, 26, "rare", c, U("tzgg"), 10)
    + C.gen("warn", "warn", FIRST, LAST, 5, "rare", c, U("dzyj"), 2)
)
x = C.pick(TRUTH, "land", date(2013, 6, 3))
x["down"] = datetime(2013, 6, 21, 9)
C.back(TRUTH, x, datetime(2013, 6, 24, 9, 30))
x = C.pick(TRUTH, "land", date(2013, 8, 5))
C.later(x, datetime(2013, 8, 16, 10), title=x["title"].replace("公告", "补充公告"), day=date(2013, 8, 16))
C.add(
    TRUTH,
    "notice",
    "海宁坨县土地利用总体规划（2006—2020年）公告",
    "/gtj/Lists/tzgg/DispForm.aspx?ID=971",
    date(2012, 11, 20),
    datetime(2013, 7, 8, 10),
    971,
)
C.pick(TRUTH, "notice", date(2013, 5, 20))["down"] = datetime(2013, 9, 2, 10)
C.renum(TRUTH)
FAILURES = [
    ("*", date(2013, 7, 27), date(2013, 7, 28), "503"),
    ("warn", date(2013, 9, 12), date(2013, 9, 12), "denied"),
]
PER = 30
GUID = "{8C1B1A7E-3D52-4C0B-9F0E-7B6D2E21A9C4}"
TOP = """<html xmlns:o="urn:schemas-microsoft-com:office:office" __expr-val-dir="ltr" lang="zh-cn" dir="ltr"><head><meta name="GENERATOR" content="Microsoft SharePoint"><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>
	%s
</title><link rel="stylesheet" type="text/css" href="/_layouts/2052/styles/core.css"/></head><body scroll="yes"><form name="aspnetForm" method="post" id="aspnetForm"><div><input type="hidden" name="__REQUESTDIGEST" id="__REQUESTDIGEST" value="0x1F" /></div>
<TABLE class="ms-main" CELLPADDING=0 CELLSPACING=0 BORDER=0 WIDTH="100%%"><tr><td class="ms-globalbreadcrumb"><a href="/gtj/default.aspx">海宁坨县国土资源局</a></td></tr><tr><td class="ms-nav"><table class="ms-quicklaunch"><tr><td><a href="/gtj/Lists/tdcr/AllItems.aspx">土地出让</a></td></tr><tr><td><a href="/gtj/Lists/tzgg/AllItems.aspx">通知公告</a></td></tr><tr><td><a href="/gtj/Lists/dzyj/AllItems.aspx">地灾预警</a></td></tr><tr><td><a href="/gtj/_layouts/viewlsts.aspx">查看所有网站内容</a></td></tr></table></td><td class="ms-bodyareacell">"""
FT = """</td></tr></TABLE></form></body></html>"""


def lst(k, col, now, first):
    v = C.rows(TRUTH, col, now)
    part = v[first - 1 : first - 1 + PER]
    tr = ""
    for i, x in enumerate(part):
        d = x["day"]
        h24 = int(x["_hm"][:2])
        tr += f"""<TR class="{"ms-alternating" if i % 2 else ""}"><TD Class="ms-vb-title" height="100%"><table height="100%" cellspacing=0 class="ms-unselectedtitle" onmouseover="OnItem(this)" CTXName="ctx1" Id="{x["_id"]}"><tr><td width="100%" Class="ms-vb"><a onfocus="OnLink(this)" HREF="/gtj/Lists/{k}/DispForm.aspx?ID={x["_id"]}" ONCLICK="GoToLink(this);return false;" target="_self">{C.esc(x["title"])}</a>{'<IMG SRC="/_layouts/2052/images/new.gif" alt="新" class="ms-newgif">' if (now.date() - d).days < 3 else ""}</td></tr></table></TD><TD Class="ms-vb2"><NOBR>{d.year}/{d.month}/{d.day} {h24}:{x["_hm"][3:]}</NOBR></TD><TD Class="ms-vb-user"><nobr>系统管理员</nobr></TD></TR>\n"""
    pg = ""
    if first > 1:
        pg += f"""<td><a onclick='javascript:RefreshPageTo(event, "{COLUMNS[col]["path"]}?Paged=TRUE\\u0026PagedPrev=TRUE\\u0026PageFirstRow={max(1, first - PER)}\\u0026View={quote(GUID)}");javascript:return false;' href="javascript:"><img src="/_layouts/2052/images/prev.gif" border="0" alt="上一页"></a></td>"""
    pg += f'<td class="ms-vb" nowrap>{first} - {first - 1 + len(part)}</td>'
    if first - 1 + PER < len(v):
        z = part[-1]
        pg += f"""<td><a onclick='javascript:RefreshPageTo(event, "{COLUMNS[col]["path"]}?Paged=TRUE\\u0026p_Created={z["_d"]:%Y%m%d}%2008%3a00%3a00\\u0026p_ID={z["_id"]}\\u0026PageFirstRow={first + PER}\\u0026View={quote(GUID)}");javascript:return false;' href="javascript:"><img src="/_layouts/2052/images/next.gif" border="0" alt="下一页"></a></td>"""
    return (
        TOP % COLUMNS[col]["title"]
        + f"""<h2 class="ms-pagetitle">{COLUMNS[col]["title"]}</h2><table class="ms-menutoolbar"><tr><td>视图: 所有项目</td></tr></table>
<TABLE width="100%" class="ms-listviewtable" border=0 cellspacing=0 summary="{COLUMNS[col]["title"]}"><TR class="ms-viewheadertr"><TH class="ms-vh2"><a href="javascript:" SortingFields="SortField=LinkTitle">标题</a></TH><TH class="ms-vh2">创建时间</TH><TH class="ms-vh2">创建者</TH></TR>
{tr}</TABLE><table class="ms-bottompaging"><tr>{pg}</tr></table>"""
        + FT
    )


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return 503, {"Content-Type": "text/html"}, b"<html><body><h1>Service Unavailable</h1></body></html>"
    q = C.Q(query)
    m = C.re.fullmatch(r"/gtj/Lists/(\w+)/(AllItems|DispForm)\.aspx", path)
    H = dict(MicrosoftSharePointTeamServices="12.0.0.6421")
    if m and m.group(1) in LN:
        k = m.group(1)
        col = LN[k]
        if m.group(2) == "AllItems":
            if C.fail(FAILURES, col, now):
                return C.out(
                    TOP % "错误: 拒绝访问"
                    + '<h2>错误: 拒绝访问</h2><p>当前用户<br>您当前的登录身份是: 匿名</p><a href="/_layouts/closeConnection.aspx?loginasanotheruser=true">以其他用户身份登录</a>'
                    + FT,
                    ctype="text/html; charset=utf-8",
                    **H,
                )
            return C.out(lst(k, col, now, max(1, C.num(q.get("PageFirstRow")))), **H)
        x = C.find(TRUTH, f"/gtj/Lists/{k}/DispForm.aspx?ID={q.get('ID')}", now)
        if not x:
            return C.out(TOP % "错误" + "<h2>错误</h2><span>项目不存在。该项目可能已由其他用户删除。</span>" + FT, **H)
        d = x["day"]
        return C.out(
            TOP % (COLUMNS[col]["title"] + " - " + C.esc(x["title"]))
            + f"""<table border="0" cellpadding="0" cellspacing="0" class="ms-formtable" width="100%"><TR><TD class="ms-formlabel"><H3 class="ms-standardheader">标题</H3></TD><TD class="ms-formbody">{C.esc(x["title"])}</TD></TR><TR><TD class="ms-formlabel"><H3 class="ms-standardheader">正文</H3></TD><TD class="ms-formbody"><div class="ExternalClass">{C.P(x, "<div>%s</div>")}</div></TD></TR><TR><TD class="ms-formlabel">附件</TD><TD><a href="/gtj/Lists/{k}/Attachments/{x["_id"]}/fj.doc">附件.doc</a></TD></TR></table><div class="ms-descriptiontext">创建时间 {d.year}/{d.month}/{d.day} {int(x["_hm"][:2])}:{x["_hm"][3:]}　创建者 系统管理员</div>"""
            + FT,
            **H,
        )
    if path in ("/", "/gtj/default.aspx"):
        return C.out(TOP % "主页" + FT, **H)
    return C.out("<html><head><title>无法找到该页</title></head><body>404 NOT FOUND</body></html>", code=404)


def BROWSE(fetch, col, start):
    t = fetch(start)
    o = [(start, t)]
    while True:
        m = C.re.search(r'RefreshPageTo\(event, "([^"]*p_ID=[^"]*)"', t)
        if not m:
            return o
        u = m.group(1).replace("\\u0026", "&")
        t = fetch(u)
        o.append((start, t))

"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County health commission, Boda VSB, descending page numbers /tzgg/3.htm (2019)"
FIRST, LAST = date(2019, 7, 1), date(2019, 12, 31)
c = "平川县"
COLUMNS = {
    "notice": {"title": "通知公告", "path": "/tzgg.htm"},
    "quarter": {"title": "水质监测", "path": "/jkzl/szjc.htm"},
    "job": {"title": "人事招聘", "path": "/rszp.htm"},
}
CH = {"notice": "1045", "quarter": "1061", "job": "1052"}


def U(k):
    return lambda d, i: f"/info/{CH[k]}/{i}.htm"


TRUTH = (
    C.gen("notice", "note", FIRST, LAST, 71, "often", c, U("notice"), 3000)
    + C.gen("quarter", "quarter", FIRST, LAST, 9, "quarterly", c, U("quarter"), 4200)
    + C.gen("job", "job", FIRST, LAST, 24, "rare", c, U("job"), 4400)
)
x = C.pick(TRUTH, "notice", date(2019, 9, 2))
x["_pin"] = 1
C.later(x, datetime(2019, 11, 1, 9), _pin=0)  # 置顶 for two months
x = C.pick(TRUTH, "notice", date(2019, 8, 5))
x["down"] = datetime(2019, 8, 29, 17)
x = C.pick(TRUTH, "job", date(2019, 10, 1))
x["down"] = datetime(2019, 12, 2, 9)
C.back(TRUTH, x, datetime(2019, 12, 5, 9))
C.add(
    TRUTH,
    "quarter",
    "平川县2018年农村饮用水水质监测年度报告",
    "/info/1061/4999.htm",
    date(2018, 12, 28),
    datetime(2019, 10, 21, 10),
    4999,
    "quarter",
)
for x in TRUTH:  # the oldest rows were moved from the former site without a day: neither list nor article prints one
    if x["column"] == "notice" and x in TRUTH[:12]:
        x["day"] = None
MOVED = {"job": [(datetime(2019, 11, 18, 14), "/zwgk/rsxx.htm")]}  # the old address redirects by meta refresh
C.renum(TRUTH)
FAILURES = [
    ("notice", date(2019, 10, 2), date(2019, 10, 4), "front"),
    ("quarter", date(2019, 11, 9), date(2019, 11, 9), "500"),
    ("*", date(2019, 8, 17), date(2019, 8, 17), "waf"),
]
PER = {"notice": 15, "quarter": 15, "job": 20}


def TOP(t, up):
    return f"""<!DOCTYPE html><HTML><HEAD><META Name="keywords" Content="平川县卫生健康局" /><META content="text/html; charset=UTF-8" http-equiv="Content-Type"><TITLE>{t}-平川县卫生健康局</TITLE><LINK href="{up}css/style.css" type="text/css" rel="stylesheet"><!--Announced by Visual SiteBuilder 9--><script language="javascript" src="{up}system/resource/js/counter.js"></script></HEAD><BODY>
<div class="header"><div class="search"><form action="{up}ssjg.jsp?wbtreeid=1001" method="post"><input name="showkeycode" type="text"><input type="submit" value="搜索"></form></div><ul class="nav"><li><a href="{up}index.htm">首页</a></li><li><a href="{up}tzgg.htm">通知公告</a></li><li><a href="{up}jkzl/szjc.htm">水质监测</a></li><li><a href="{up}rszp.htm">人事招聘</a></li></ul></div>"""


FT = """<div class="footer"><p>版权所有 平川县卫生健康局 地址：平川县振兴路66号 邮编：730900</p><p><select onchange="window.open(this.value)"><option value="">--友情链接--</option><option value="http://www.nhc.gov.cn">国家卫生健康委</option><option value="http://wsjk.gansu.gov.cn">省卫生健康委</option></select></p></div></BODY></HTML>"""


def lst(col, now, p, base):
    """p counted from the front; page p>1 is named total-p+1"""
    v = C.rows(TRUTH, col, now, key=lambda x: (x.get("_pin", 0), x["day"] is not None, x["_d"], x["_id"]))
    per = PER[col]
    n = C.npages(v, per)
    stem = base[:-4]
    deep = stem.count("/") - 1 + (1 if p > 1 else 0)
    up = "../" * deep

    def href(i):
        last = stem.rsplit("/", 1)[1]
        if p == 1:
            return base.rsplit("/", 1)[1] if i == 1 else f"{last}/{n - i + 1}.htm"
        return f"../{last}.htm" if i == 1 else f"{n - i + 1}.htm"

    o = ""
    for k, x in enumerate(C.page(v, p, per)):
        dd = x["day"].strftime("%Y-%m-%d") if x["day"] else "&nbsp;"
        pin = '<font color="red">[置顶]</font>' if x.get("_pin") else ""
        o += f'<li id="line_u8_{k}"><span>{dd}</span>{pin}<a href="{up}{x["url"][1:]}" target="_blank" title="{C.esc(x["title"])}">{C.cut(x["title"], 32, "...")}</a></li>\n'
    pg = f'<span class="p_t">共{len(v)}条</span>' + (
        f'<span class="p_first p_fun"><a href="{href(1)}">首页</a></span><span class="p_prev p_fun"><a href="{href(p - 1)}">上页</a></span>'
        if p > 1
        else '<span class="p_first_d p_fun_d">首页</span><span class="p_prev_d p_fun_d">上页</span>'
    )
    pg += "".join(
        f'<span class="p_no_d">{i}</span>' if i == p else f'<span class="p_no"><a href="{href(i)}">{i}</a></span>'
        for i in range(1, n + 1)
    )
    pg += (
        f'<span class="p_next p_fun"><a href="{href(p + 1)}">下页</a></span><span class="p_last p_fun"><a href="{href(n)}">尾页</a></span>'
        if p < n
        else '<span class="p_next_d p_fun_d">下页</span>'
    )
    return (
        TOP(COLUMNS[col]["title"], up)
        + f"""<div class="wrap"><div class="subl"><h2>局内导航</h2><a href="{up}jgsz.htm">机构设置</a><a href="{up}ldjj.htm">领导简介</a></div><div class="subr"><div class="path">当前位置: <a href="{up}index.htm">首页</a> &gt; {COLUMNS[col]["title"]}</div><div class="n_list"><ul>
{o}</ul><div align="center"><link rel="stylesheet" href="/system/resource/css/pagedown/sys.css"><div class="pb_sys_common pb_sys_normal pb_sys_style1" style="margin-top:10px;text-align:center;">{pg}</div></div></div></div></div>"""
        + FT
    )


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.waf521()
    front = (
        TOP("首页", "")
        + "<div class='idx'><h3>通知公告<a href='tzgg.htm'>更多</a></h3><ul>"
        + "".join(
            f"<li><a href='{x['url'][1:]}'>{C.cut(x['title'], 20)}</a><i>{x['_d']:%m-%d}</i></li>"
            for x in C.rows(TRUTH, "notice", now)[:7]
        )
        + "</ul></div>"
        + FT
    )
    for col, ci in COLUMNS.items():
        base = ci["path"]
        if col == "job" and now >= MOVED["job"][0][0]:
            if path == base:
                return C.out(
                    '<html><head><meta http-equiv="refresh" content="0;url=zwgk/rsxx.htm"></head><body></body></html>',
                    ctype="text/html",
                )
            base = MOVED["job"][0][1]
        m = C.re.fullmatch(C.re.escape(base[:-4]) + r"(?:/(\d+))?\.htm", path)
        if not m:
            continue
        w = C.fail(FAILURES, col, now)
        if w == "front":
            return C.out(front, ctype="text/html")
        if w == "500":
            return C.nginx(500)
        n = C.npages(C.rows(TRUTH, col, now), PER[col])
        p = n - int(m.group(1)) + 1 if m.group(1) else 1
        if not 1 <= p <= n:
            break
        return C.out(lst(col, now, p, base), ctype="text/html")
    if path in ("/", "/index.htm"):
        return C.out(front, ctype="text/html")
    x = C.find(TRUTH, path, now)
    if x:
        dl = f"{x['day'].year}年{x['day'].month:02d}月{x['day'].day:02d}日 {x['_hm']}" if x["day"] else ""
        att = (
            f'<UL style="list-style-type:none;"><li>附件【<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1532&wbfileid={x["_id"]}" target="_blank">报名表.doc</a>】已下载<span>{x["_id"] % 90}</span>次</li></UL>'
            if x["column"] == "job"
            else ""
        )
        return C.out(
            TOP(C.esc(x["title"]), "../../")
            + f"""<form name="_newscontent_fromname"><div class="c_con"><div align="center" class="c_title">{C.esc(x["title"])}</div><div align="center"><span class="c_date">{dl}</span>&nbsp; 点击：[<span id="dynclicks_wbnews_{x["_id"]}_3"></span>]</div><div id="vsb_content"><div class="v_news_content">{C.P(x)}</div></div>{att}</div></form>"""
            + FT,
            ctype="text/html",
        )
    return C.out("<html><body><h2>您访问的页面不存在</h2></body></html>", code=404)


def BROWSE(fetch, col, start):
    return C.b_links(fetch, start, C.re.escape(start[:-4]) + r"(/\d+)?\.htm$")

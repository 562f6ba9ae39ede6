"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County environment bureau, TRS WCM static pages, createPageHTML pager (2015)"
FIRST, LAST = date(2015, 3, 1), date(2015, 8, 31)
c = "清源县"
COLUMNS = {
    "water": {"title": "水环境质量", "path": "/hjbh/szl/"},
    "accept": {"title": "环评受理公示", "path": "/hjbh/jsxm/slgs/"},
    "approve": {"title": "环评审批决定", "path": "/hjbh/jsxm/spjd/"},
    "notice": {"title": "通知公告", "path": "/zwgk/tzgg/"},
}


def U(col):
    return lambda d, i: f"{COLUMNS[col]['path']}{d:%Y%m}/t{d:%Y%m%d}_{i}.html"


TRUTH = (
    C.gen("water", "water", FIRST, LAST, 14, "monthly", c, U("water"), 30100)
    + C.gen("accept", "eia", FIRST, LAST, 62, "often", c, U("accept"), 31200)
    + C.gen("approve", "eia2", FIRST, LAST, 33, "weekly", c, U("approve"), 33000)
    + C.gen("notice", "note", FIRST, LAST, 18, "weekly", c, U("notice"), 34000)
)
# events
x = C.pick(TRUTH, "accept", date(2015, 4, 2))
x["down"] = datetime(2015, 4, 20, 15)  # withdrawn
x = C.pick(TRUTH, "accept", date(2015, 5, 12))
x["down"] = datetime(2015, 6, 2, 10)
C.back(TRUTH, x, datetime(2015, 6, 9, 16))
C.add(
    TRUTH,
    "water",
    "清源县2014年度水环境质量公报",
    "/hjbh/szl/201501/t20150120_35001.html",
    date(2015, 1, 20),
    datetime(2015, 6, 5, 11),
    35001,
    "water2",
)  # back-dated
x = C.pick(TRUTH, "notice", date(2015, 5, 20))
C.later(x, datetime(2015, 6, 1, 9, 30), title=x["title"] + "（更正）")
C.add(
    TRUTH,
    "approve",
    "关于城关华泰建材有限公司石料加工项目环境影响报告表的批复（补录）",
    "/hjbh/jsxm/spjd/201504/t20150402_35110.html",
    date(2105, 4, 2),
    datetime(2015, 4, 3, 10),
    35110,
    "eia2",
    d=date(2015, 4, 2),
)
C.renum(TRUTH)
FAILURES = [
    ("*", date(2015, 4, 25), date(2015, 4, 26), "502"),
    ("accept", date(2015, 6, 22), date(2015, 6, 22), "p2"),
    ("accept", date(2015, 7, 14), date(2015, 7, 14), "half"),
    ("notice", date(2015, 8, 3), date(2015, 8, 4), "othercol"),
]
PER = {"water": 20, "accept": 20, "approve": 15, "notice": 20}
HEAD = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>%s-清源县环境保护局</title>
<link href="/images/css.css" rel="stylesheet" type="text/css" /><script src="/images/date.js"></script></head><body>
<div class="top"><img src="/images/banner.jpg" alt="清源县环境保护局" /></div>
<div class="nav"><a href="/">首页</a> | <a href="/zwgk/">政务公开</a> | <a href="/zwgk/tzgg/">通知公告</a> | <a href="/hjbh/szl/">水环境质量</a> | <a href="/hjbh/jsxm/slgs/">受理公示</a> | <a href="/hjbh/jsxm/spjd/">审批决定</a></div>
<div class="date"><script>document.write(showDate());</script></div>"""
FOOT = """<div class="links">友情链接：<a href="http://www.mep.gov.cn">环境保护部</a> <a href="http://www.qingyuan-city.gov.cn/">市环保局</a></div>
<div class="foot">主办：清源县环境保护局　地址：清源县人民路18号　<a href="http://www.miibeian.gov.cn">冀ICP备05001234号</a> 技术支持：拓尔思</div></body></html>"""


def lst(col, now, p):
    v = C.rows(TRUTH, col, now)
    n = C.npages(v, PER[col])
    if p > n:
        return None
    base = COLUMNS[col]["path"]
    li = ""
    for i, x in enumerate(C.page(v, p, PER[col])):
        dd = x["day"].strftime("%Y-%m-%d")
        li += f'<li><span>{dd}</span><a href="./{x["url"][len(base) :]}" target="_blank" title="{C.esc(x["title"])}">{C.cut(x["title"], 34, "...")}</a></li>\n'
        if i % 5 == 4:
            li += '<li class="line"></li>\n'
    return (
        HEAD % COLUMNS[col]["title"]
        + f"""<div class="main"><div class="left"><h3>热点信息</h3><ul><li><a href="/zwgk/ldjh/201411/t20141103_29001.html">局长接待日安排</a></li><li><a href="/zwgk/zcfg/201406/t20140612_27011.html">新《环境保护法》全文</a></li></ul></div>
<div class="right"><div class="pos">当前位置：<a href="../../" class="CurrChnlCls">首页</a>&nbsp;&gt;&nbsp;<a href="./" class="CurrChnlCls">{COLUMNS[col]["title"]}</a></div>
<ul class="list01">
{li}</ul><div class="page"><script language="JavaScript" src="/images/page.js"></script><script>createPageHTML({n}, {p - 1}, "index", "html");</script></div></div></div>"""
        + FOOT
    )


def art(x):
    at = f'<p>附件：<a href="./P02015{x["_id"]}.doc">附件.doc</a></p>' if x["_id"] % 4 == 0 else ""
    day = x["day"].strftime("%Y年%m月%d日")
    return (
        HEAD % x["title"]
        + f"""<div class="pos">当前位置：<a href="/">首页</a>&nbsp;&gt;&nbsp;<a href="../">{COLUMNS[x["column"]]["title"]}</a></div>
<div class="con"><h1>{C.esc(x["title"])}</h1><div class="xx">{day}　　来源：清源县环境保护局　　【字体：大 中 小】</div><div class="TRS_Editor">{C.P(x)}{at}</div></div>"""
        + FOOT
    )


def answer(now, method, path, query, form, headers):
    if C.fail(FAILURES, "*", now):
        return C.nginx(502)
    if path == "/images/page.js":
        return C.out(
            """function createPageHTML(_nPageCount,_nCurrIndex,_sPageName,_sPageExt){if(_nPageCount<=1)return;var i;if(_nCurrIndex>0){document.write("<a href='"+_sPageName+(_nCurrIndex==1?"":"_"+(_nCurrIndex-1))+"."+_sPageExt+"'>上一页</a> ");}
for(i=0;i<_nPageCount;i++){if(i==_nCurrIndex)document.write(i+1+" ");else document.write("<a href='"+_sPageName+(i==0?"":"_"+i)+"."+_sPageExt+"'>"+(i+1)+"</a> ");}if(_nCurrIndex<_nPageCount-1)document.write("<a href='"+_sPageName+"_"+(_nCurrIndex+1)+"."+_sPageExt+"'>下一页</a>");}""",
            ctype="application/x-javascript",
        )
    for col, ci in COLUMNS.items():
        b = ci["path"]
        if path.startswith(b) and ("/" not in path[len(b) :]):
            m = C.re.fullmatch(r"(?:index(?:_(\d+))?\.html)?", path[len(b) :])
            if not m:
                break
            w = C.fail(FAILURES, col, now)
            src = "approve" if w == "othercol" else col
            s = lst(src, now, int(m.group(1) or 0) + 1)
            if s is None or (w == "p2" and m.group(1)):
                break
            if w == "half":
                s = s[: len(s) * 2 // 5]
            return C.out(s, ctype="text/html", Last_Modified="Mon, 02 Mar 2015 01:00:00 GMT")
    if path in ("/", "/index.html"):
        return C.out(
            HEAD % "首页"
            + "".join(
                f"<h2><a href='{k['path']}'>{k['title']}</a></h2><ul>"
                + "".join(
                    f"<li><a href='.{x['url']}'>{C.cut(x['title'], 18)}</a></li>" for x in C.rows(TRUTH, col, now)[:6]
                )
                + "</ul>"
                for col, k in COLUMNS.items()
            )
            + FOOT,
            ctype="text/html",
        )
    x = C.find(TRUTH, path, now)
    if x:
        return C.out(art(x), ctype="text/html")
    return C.out(
        "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>",
        code=404,
        ctype="text/html",
    )


def BROWSE(fetch, col, start):
    return C.b_createpage(fetch, start)

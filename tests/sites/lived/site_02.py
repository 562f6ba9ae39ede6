"""A site that lives through months, as the crawl finds it day by day (see README.md)."""

from datetime import date, datetime

from tests.sites.lived import common as C

NAME = "County government, Hanweb JCMS with datastore XML and dataproxy.jsp groups of 45 (2016/17)"
FIRST, LAST = date(2016, 9, 1), date(2017, 2, 28)
c = "云河县"
COLUMNS = {
    "news": {"title": "云河要闻", "path": "/col/col2101/index.html"},
    "notice": {"title": "公示公告", "path": "/col/col2115/index.html"},
    "doc": {"title": "县政府文件", "path": "/col/col2130/index.html"},
}
ID = {"news": ("2101", "5512"), "notice": ("2115", "5530"), "doc": ("2130", "5541")}


def U(col):
    return lambda d, i: f"/art/{d.year}/{d.month}/{d.day}/art_{ID[col][0]}_{i}.html"


TRUTH = (
    C.gen("news", "lead", FIRST, LAST, 110, "daily", c, U("news"), 210000)
    + C.gen("notice", "job", FIRST, LAST, 40, "weekly", c, U("notice"), 220000)
    + C.gen("doc", "doc", FIRST, LAST, 57, "rare", c, U("doc"), 230000)
)
x = C.pick(TRUTH, "notice", date(2016, 10, 10))
x["down"] = datetime(2016, 11, 8, 9)
x = C.pick(TRUTH, "news", date(2016, 11, 14))
x["down"] = datetime(2016, 11, 14, 20)
C.back(TRUTH, x, datetime(2016, 11, 16, 8))
for k, (d, up) in enumerate(
    [
        (date(2016, 6, 28), datetime(2016, 12, 6, 10)),
        (date(2016, 7, 15), datetime(2016, 12, 6, 10, 5)),
        (date(2016, 8, 30), datetime(2016, 12, 6, 10, 9)),
    ]
):
    C.add(
        TRUTH,
        "doc",
        [
            "云河县人民政府关于划定禁燃区的通告",
            "云河县人民政府办公室关于印发权责清单的通知",
            "云河县人民政府关于公布规范性文件清理结果的决定",
        ][k],
        U("doc")(d, 239001 + k),
        d,
        up,
        239001 + k,
        "doc",
    )
x = C.pick(TRUTH, "notice", date(2017, 1, 9))
C.later(x, datetime(2017, 1, 20, 11), day=date(2017, 1, 20))  # re-dated after change; address stays
C.renum(TRUTH)
FAILURES = [
    ("notice", date(2016, 10, 22), date(2016, 10, 23), "empty"),
    ("*", date(2017, 1, 27), date(2017, 1, 28), "maint"),
    ("doc", date(2017, 2, 14), date(2017, 2, 14), "500"),
]
TOP = """<!DOCTYPE html><html><head><meta http-equiv="X-UA-Compatible" content="IE=edge"><meta charset="UTF-8"><meta name="author" content="云河县人民政府"/><title>云河县人民政府 %s</title>
<script type="text/javascript" src="/script/0/jquery.js"></script><script type="text/javascript" src="/script/jpage.js"></script></head><body>
<table width="1000" align="center"><tr><td><img src="/picture/0/1308.jpg"></td></tr><tr><td class="dh"><a href="/index.html">首 页</a><a href="/col/col2101/index.html">云河要闻</a><a href="/col/col2115/index.html">公示公告</a><a href="/col/col2130/index.html">政府文件</a></td></tr></table>"""
FT = """<table width="1000" align="center"><tr><td align="center">版权所有：云河县人民政府 &nbsp;苏ICP备05003616号 &nbsp;<script src="/vc/vc/interface/visit.jsp?type=3&i_webid=1"></script> 您是第 <span id="cnt"></span> 位访问者</td></tr></table></body></html>"""


def rec(col, v):
    o = ""
    for x in v:
        t = C.esc(C.cut(x["title"], 30, "..."))
        f = C.esc(x["title"])
        if col == "doc":
            s = f"<tr><td width='20' align='center'>·</td><td height='28'><a href='{x['url']}' title='{f}' target='_blank' class='bt_link'>{t}</a></td><td width='90' class='bt_time'>[{x['day']}]</td></tr>"
        elif col == "notice":
            s = f"<li><a title='{f}' href='{x['url']}'>{t}</a><span>{x['day']:%Y-%m-%d}</span></li>"
        else:
            s = f"<div class='ny_bt'><a href='{x['url']}' target='_blank'>{f}</a><b>{x['day']:%Y/%m/%d}</b></div>"
        o += f"<record><![CDATA[{s}]]></record>\n"
    return o


def ds(col, v, a, b):
    cid, uid = ID[col]
    ng = (
        f'<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=1&path=/&columnid={cid}&unitid={uid}&webname=%E4%BA%91%E6%B2%B3%E5%8E%BF&permissiontype=0"></a>]]></nextgroup>\n'
        if len(v) > b
        else ""
    )
    return f"<datastore>\n{ng}<recordset>\n{rec(col, v[a:b])}</recordset>\n</datastore>"


def lst(col, now, w):
    v = [] if w == "empty" else C.rows(TRUTH, col, now)
    cid, uid = ID[col]
    hot = "".join(
        f"<li><a href='/art/2015/{m}/6/art_2160_{m}7712.html'>{t}</a></li>"
        for m, t in ((3, "云河县概况"), (5, "办事指南目录"), (11, "“十三五”规划纲要"))
    )
    return (
        TOP % COLUMNS[col]["title"]
        + f"""<table width="1000" align="center"><tr><td width="220" valign="top"><div class="lm">热点专题</div><ul>{hot}</ul></td><td valign="top"><div class="wz">当前位置：<a href="/index.html">首页</a> &gt; <a href="/col/col{cid}/index.html">{COLUMNS[col]["title"]}</a></div>
<div id="{uid}" class="default_pgContainer"></div>
<script type="text/xml">{ds(col, v, 0, 45)}</script>
<script>$(function(){{ $("#{uid}").jpage({{perPage:15,totalRecord:{len(v)},totalPage:{C.npages(v, 15) if v else 0},groupSize:3,columnId:{cid},unitId:{uid},proxyUrl:"/module/web/jpage/dataproxy.jsp",openCookies:false,barPosition:"bottom",
 ajaxParam:{{ajax:true,col:1,appid:1,webid:1,path:"/",columnid:{cid},sourceContentType:1,unitid:{uid},webname:"云河县人民政府",permissiontype:0}}}}); }});</script></td></tr></table>"""
        + FT
    )


def answer(now, method, path, query, form, headers):
    w = C.fail(FAILURES, "*", now)
    if w:
        return C.maint("网站服务器迁移升级，春节期间暂停访问。")
    q = C.Q(query)
    q.update(form)
    if path == "/module/web/jpage/dataproxy.jsp":
        for col, (cid, uid) in ID.items():
            if q.get("columnid") == cid:
                if C.fail(FAILURES, col, now) == "500":
                    return C.tomcat500()
                v = [] if C.fail(FAILURES, col, now) == "empty" else C.rows(TRUTH, col, now)
                a = C.num(q.get("startrecord", "1"))
                b = C.num(q.get("endrecord", "45"), 45)
                s = f"<datastore>\n<totalrecord>{len(v)}</totalrecord><totalpage>{C.npages(v, 15)}</totalpage><recordset>\n{rec(col, v[a - 1 : min(b, a + 134)])}</recordset>\n</datastore>"
                return C.out(s, ctype="text/xml;charset=UTF-8")
        return C.out("<datastore></datastore>", ctype="text/xml;charset=UTF-8")
    for col, ci in COLUMNS.items():
        if path in (ci["path"], ci["path"][:-10]):
            w = C.fail(FAILURES, col, now)
            return C.tomcat500() if w == "500" else C.out(lst(col, now, w), ctype="text/html;charset=UTF-8")
    if path == "/script/jpage.js":
        return C.out(
            "(function($){$.fn.jpage=function(o){var n=1;function go(p){var s=(Math.ceil(p/o.groupSize)-1)*o.groupSize*o.perPage+1,e=s+o.groupSize*o.perPage-1;$.ajax({type:'POST',url:o.proxyUrl+'?startrecord='+s+'&endrecord='+e+'&perpage='+o.perPage,data:o.ajaxParam,dataType:'xml',success:function(x){/* records */}});}}})(jQuery);",
            ctype="application/javascript",
        )
    x = C.find(TRUTH, path, now)
    if x:
        return C.out(f"""<!DOCTYPE html><html><head><meta charset="UTF-8"><meta name="ArticleTitle" content="{C.esc(x["title"])}"><meta name="PubDate" content="{x["day"]} {x["_hm"]}"><title>{C.esc(x["title"])}</title></head><body><table id="article" width="880" align="center"><tr><td class="title" align="center"><!--<$[标题名称(html)]>begin-->{C.esc(x["title"])}<!--<$[标题名称(html)]>end--></td></tr>
<tr><td align="center">发布日期：{x["day"]} &nbsp; 信息来源：{C.TOWNS[x["_id"] % 12]} &nbsp; 浏览次数：<script src="/module/visitcount/articlehits.jsp?colid={ID[x["column"]][0]}&artid={x["_id"]}"></script></td></tr><tr><td class="bt_content"><div id="zoom">{C.P(x)}</div></td></tr></table></body></html>""")
    if path in ("/", "/index.html"):
        return C.out(TOP % "首页" + FT)
    return C.out(
        "<html><head><title>404</title></head><body>对不起，您访问的页面不存在！<a href='/'>返回首页</a></body></html>",
        code=404,
    )


def BROWSE(fetch, col, start):
    t = fetch(start)
    o = [(start, t)]
    n = int(C.re.search(r"totalRecord:(\d+)", t).group(1))
    cid, uid = ID[col]
    for s in range(46, n + 1, 45):
        u = f"/module/web/jpage/dataproxy.jsp?startrecord={s}&endrecord={s + 44}&perpage=15"
        o.append(
            (
                u,
                fetch(
                    u,
                    {
                        "ajax": "true",
                        "col": "1",
                        "appid": "1",
                        "webid": "1",
                        "path": "/",
                        "columnid": cid,
                        "unitid": uid,
                    },
                ),
            )
        )
    return o

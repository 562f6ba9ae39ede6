"""The fifth set held out: what stands where the list should be, lists that break off, and columns with nothing."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import timedelta
from random import Random

from tests.sites.case import Case
from tests.sites.heldout.fifth_frames import MID, NEW, OLD, items, modern, portal, rows_of, site, title, upper

#: name → page. Nobody can have seen the column there.
BARRED: dict[str, str] = {
    "ole-fault": '<html><body><font face="Arial" size=2><p>Microsoft OLE DB Provider for SQL Server</font> <font face="Arial" size=2>错误 \'80004005\'</font><p><font face="Arial" size=2>[DBNETLIB][ConnectionOpen (Connect()).]SQL Server 不存在或拒绝访问。</font><p><font face="Arial" size=2>/conn.asp</font><font face="Arial" size=2>，行 12</font></body></html>',
    "java-trace": '<html><head><title>错误</title></head><body><h3>系统出错</h3><pre>java.lang.NullPointerException\n\tat com.site.web.ListAction.execute(ListAction.java:81)\n\tat org.apache.struts2.dispatcher.Dispatcher.serviceAction(Dispatcher.java:468)</pre></body></html>',
    "yellow-screen": '<html><head><title>运行时错误</title></head><body bgcolor="white"><span><H1>“/”应用程序中的服务器错误。<hr width=100% size=1></H1><h2><i>运行时错误</i></h2></span><b>说明: </b>服务器上出现应用程序错误。此应用程序的当前自定义错误设置禁止远程查看应用程序错误的详细信息(出于安全原因)。</body></html>',
    "php-database": '<html><head><meta charset="utf-8"></head><body><b>Warning</b>: mysql_connect() [function.mysql-connect]: Too many connections in <b>/www/inc/db.php</b> on line <b>22</b><br>Can not connect to MySQL server</body></html>',
    "wordpress-database": '<!DOCTYPE html><html><head><meta charset="utf-8"><title>数据库错误</title></head><body id="error-page"><div class="wp-die-message"><h1>建立数据库连接时出错</h1></div></body></html>',
    "dede-hint": '<html><head><title>提示信息</title><meta charset="utf-8"/></head><body><div class="loginbox"><div class="title">提示信息！</div><p>你所访问的栏目不存在或已被删除！<br><a href="/">如果你的浏览器没反应，请点击这里...</a></p></div><script>setTimeout("location=\'/\'",3000)</script></body></html>',
    "gone-in-three-seconds": portal("提示", '<div class="err"><img src="/img/404.png"><p>抱歉，您访问的页面不存在或已删除</p><p><span id="s">3</span>秒后返回<a href="/">首页</a></p></div>'),
    "cookie-and-again": '<html><head><script>function a(){document.cookie="__jsl_clearance=1443.1|0|x;path=/";location.href=location.pathname+location.search}setTimeout("a()",1500)</script></head><body></body></html>',
    "empty-document": "<html><head></head><body></body></html>",
    "no-bytes": "",
    "maintenance": '<!DOCTYPE html><html><head><meta charset="utf-8"><title>青垭县人民政府</title></head><body><img src="/img/gh.png"><h2>网站升级改版中</h2><p>为更好地服务公众，本网站正在升级改版，预计2022年6月20日恢复，给您带来不便敬请谅解。</p></body></html>',
    "closed-at-night": '<html><head><meta charset="utf-8"><title>提示</title></head><body><p>本网站夜间（22:00-次日7:00）关闭，请于开放时间访问。</p></body></html>',
    "column-being-built": portal("应急管理", '<div class="build"><img src="/img/build.gif"><p>栏目建设中，敬请期待……</p></div>'),
    "column-being-filled": portal("应急管理", '<div class="con">该栏目内容正在整理中……</div>'),
    "column-moved": portal("应急管理", '<div class="con"><p>本栏目已迁移至新版网站，请访问 <a href="http://new.example.gov.cn/yjgl/">应急管理</a></p></div>'),
    "log-in-first": '<html><head><meta charset="utf-8"><title>统一身份认证</title></head><body><form action="/cas/login" method="post"><label>用户名</label><input name="username"><label>密码</label><input type="password" name="password"><button>登录</button></form></body></html>',
    "not-for-this-address": '<html><head><meta charset="utf-8"><title>访问受限</title></head><body><h1>您的IP地址不在允许访问的范围内</h1><p>请求编号：8f3a</p></body></html>',
    "cloud-guard": '<!DOCTYPE html><html><head><meta charset="utf-8"><title>云防御节点提示</title></head><body><div class="box"><h1>当前访问疑似黑客攻击，已被创宇盾拦截</h1><p>如果您是网站管理员，请登录知道创宇云防御查看拦截详情</p></div></body></html>',
    "load-failed": modern("公示公告", '<div class="list-box"><p class="err">数据加载失败，请刷新重试</p></div>', side="<h4>最新</h4>" + "".join(f'<p><a href="/z/{n}.html">青垭县召开第{n}次常务会议</a><i>2022-06-0{n}</i></p>' for n in range(1, 8))),
    "in-english": '<html><head><title>Site Maintenance</title></head><body><h1>We&rsquo;ll be back soon!</h1><p>Sorry for the inconvenience but we&rsquo;re performing some maintenance at the moment.</p></body></html>',
    "service-busy": '<html><head><meta charset="utf-8"></head><body>当前访问人数过多，请稍后再试！</body></html>',
}  # fmt: skip
#: name → the status the barrier comes with.
WITH_STATUS = {"waf-412": 412, "waf-521": 521, "bad-gateway": 502, "too-many": 429, "forbidden": 403, "odd-456": 456}


def _barred(rng: Random) -> list[Case]:
    made = [
        site(f"barred-{name}", page, [], MID, dialect="barrier", outcome="unseen", complete=False, encoding="gb2312" if "ole" in name or "yellow" in name else "utf-8")
        for name, page in BARRED.items()
    ]  # fmt: skip
    for name, status in WITH_STATUS.items():
        case = Case(f"fifth-barred-{name}", MID.isoformat())
        case.put("/x/", "<html><body><script>eval(1)</script></body></html>", status=status)
        case.column("/x/", "barrier", (), traps=[name], outcome="unseen", complete=False)
        made.append(case)
    home = _home(rng)
    for name in ("sent-to-the-front-page", "front-page-under-its-address", "sent-by-script", "sent-by-refresh", "round-and-round", "sent-to-log-in"):  # fmt: skip
        case = Case(f"fifth-barred-{name}", MID.isoformat())
        case.put("/", home)
        case.put("/login.jsp?from=x", BARRED["log-in-first"])
        if name == "sent-to-the-front-page":
            case.answer("/x/", redirect="/")
        elif name == "front-page-under-its-address":
            case.put("/x/", home)
        elif name == "sent-by-script":
            case.put("/x/", '<html><head><script>window.location.href="/";</script></head><body></body></html>')
        elif name == "sent-by-refresh":
            case.put("/x/", '<html><head><meta http-equiv="refresh" content="0;url=/"></head><body></body></html>')
        elif name == "round-and-round":
            case.answer("/x/", redirect="/x/a")
            case.answer("/x/a", redirect="/x/")
        else:
            case.answer("/x/", redirect="/login.jsp?from=x")
        case.column("/x/", "barrier", (), traps=[name], outcome="any", complete=False)
        made.append(case)
    return made


def _home(rng: Random) -> str:
    """The front page: boxes of several columns, each with its newest and a way to the rest."""
    boxes = ""
    for n, name in enumerate(("要闻", "公告", "部门动态", "乡镇动态")):
        rows = rows_of(rng, 6, f"/c{n}/{{n}}.html", MID, 4)
        boxes += f'<div class="box"><h3>{name}<a href="/c{n}/">更多&gt;&gt;</a></h3>{items(rows)}</div>'
    return portal("首页", boxes)


def _empty(rng: Random) -> list[Case]:
    """Columns without a row: where the page says so the list is empty, else nobody knows."""
    side = '<div class="hot"><h3>最新发布</h3>' + items(rows_of(rng, 9, "/n/{n}.html", MID)) + "</div>"
    made = []
    for name, words in (("said", '<div class="nodata">暂无信息</div>'), ("said-in-a-cell", "<table><tr><th>标题</th><th>日期</th></tr><tr><td colspan=2 align=center>没有找到相关记录</td></tr></table>"), ("said-with-a-count", '<p>共 0 条记录</p><ul class="newslist"></ul>')):  # fmt: skip
        made.append(site(f"empty-{name}", portal("人事任免", words), [], MID, complete=True, dialect="list"))
        made.append(site(f"empty-{name}-beside", portal("人事任免", words, side=side), [], MID, complete="any", outcome="any", dialect="list"))  # fmt: skip
    for name, words in (("bare-list", '<ul class="newslist"></ul>'), ("bare-table", "<table><tr><th>标题</th><th>日期</th></tr></table>"), ("nothing", "")):  # fmt: skip
        made.append(site(f"silent-{name}", portal("人事任免", words, side=side), [], MID, complete=False, outcome="any", dialect="barrier"))  # fmt: skip
        made.append(site(f"silent-{name}-alone", portal("人事任免", words), [], MID, complete=False, outcome="unseen", dialect="barrier"))  # fmt: skip
    return made


#: What an application says in the middle of its own page, when it dies there.
DIES = {
    "bof-or-eof": "<font face=Arial size=2>ADODB.Field</font> <font face=Arial size=2>错误 '800a0bcd'</font><p><font face=Arial size=2>BOF 或 EOF 中有一个是“真”，或者当前的记录已被删除，所需的操作要求一个当前的记录。</font>",
    "php-memory": "<br />\n<b>Fatal error</b>:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 72 bytes) in <b>/www/list.php</b> on line <b>88</b><br />",
    "php-time": "<br />\n<b>Fatal error</b>:  Maximum execution time of 30 seconds exceeded in <b>/www/list.php</b> on line <b>41</b><br />",
    "tomcat": "<html><head><title>Apache Tomcat/6.0.35 - Error report</title></head><body><h1>HTTP Status 500 - </h1><p><b>type</b> Exception report</p></body></html>",
    "script-timed-out": "<font face=Arial size=2>Active Server Pages</font> <font face=Arial size=2>错误 'ASP 0113'</font><p>脚本超时<p>超过了脚本运行的最长时间。",
}


def _dies(rng: Random) -> list[Case]:
    made = []
    for name, words in DIES.items():
        rows = rows_of(rng, 17, "/x/{n}.asp", OLD)
        whole = upper("公告", "<TABLE width=100%>" + "".join(f'<TR><TD>·<A href="{r.url}">{r.title}</A></TD><TD>{r.day}</TD></TR>' for r in rows) + "</TABLE>")  # fmt: skip
        page = whole[: whole.index("<TR>", whole.index(rows[6].url))] + words
        made.append(site(f"dies-{name}", page, rows[:7], OLD, encoding="gb2312", outcome="any", complete=False, hidden=[r.true() for r in rows[7:]]))  # fmt: skip
    rows = rows_of(rng, 17, "/x/{n}.html", MID)
    whole = portal("公告", items(rows[:7]) + f'<p class="err">{"系统繁忙，部分数据未能加载"}</p>')
    made.append(site("dies-politely", whole, rows[:7], MID, outcome="any", complete=False, hidden=[r.true() for r in rows[7:]]))  # fmt: skip
    rows = rows_of(rng, 19, "/x/{n}.html", NEW)
    body = modern("公告", items(rows))
    for name, at in (("in-an-address", body.index(rows[9].url) + 4), ("in-a-tag", body.index("<a href", body.index(rows[4].url)) + 3), ("before-the-foot", body.index("</ul>", body.index(rows[-1].url)))):  # fmt: skip
        seen = rows[:4] if name == "in-a-tag" else rows[:8] if name == "in-an-address" else rows
        made.append(site(f"cut-{name}", body[:at], seen, NEW, outcome="any", complete="any" if seen is rows else False, hidden=[r.true() for r in rows[len(seen) :]]))  # fmt: skip
    return made


def _digests(rng: Random) -> list[Case]:
    """Pages that show the newest of several columns, and sub-columns with their own lists."""
    made, hidden, boxes = [], [], ""
    for n, name in enumerate(("财政预算", "财政决算", "三公经费")):
        rows = rows_of(rng, 14, f"/cz/{n}/{{n}}.html", MID, 20)
        boxes += f'<div class="sub"><div class="st"><a href="/cz/{n}/">{name}</a></div>{items(rows[:5])}</div>'
        hidden += [r.true() for r in rows]
    made.append(site("three-boxes", portal("财政信息", boxes), [], MID, outcome="any", complete=False, hidden=hidden))
    rows = rows_of(rng, 14, "/cz/{n}.html", NEW)
    tabs = "".join(
        f'<a href="/zc/{k}/">{one}</a>' for k, one in enumerate(("县政府文件", "县政府办文件", "规范性文件"))
    )
    made.append(site("kinds-over-the-list", modern("政策文件", f'<div class="tabs"><a class="on" href="/x/">全部</a>{tabs}</div>{items(rows)}'), rows, NEW, complete="any"))  # fmt: skip
    fresh = [f'<li><a href="/bm{n}/">{one}</a></li>' for n, one in enumerate(("财政局", "民政局", "教育局", "卫生局", "住建局", "水务局", "林业局", "公安局", "司法局", "审计局", "统计局", "环保局"))]  # fmt: skip
    made.append(site("only-departments", portal("部门公开", f'<ul class="bm">{"".join(fresh)}</ul>'), [], MID, outcome="any", complete=False))  # fmt: skip
    rows = rows_of(rng, 12, "/x/{n}.html", MID)
    whole = [r.true() for r in rows_of(rng, 12, "/y/{n}.html", MID - timedelta(days=400))]
    made.append(site("this-year-only", portal("公告", f'<h3>2015年公告</h3>{items(rows)}<p class="yr"><b>2015</b> | <a href="/x/2014.html">2014</a> | <a href="/x/2013.html">2013</a></p>'), rows, MID, complete=False, hidden=whole))  # fmt: skip
    return made


def _orders(rng: Random) -> list[Case]:
    """Days that cannot be right, or are all the same, over pages."""
    made = []
    for name in ("all-of-one-day", "clock-of-the-year-before", "old-one-republished-on-top"):
        rows = rows_of(rng, 36, "/x/{n}.html", MID)
        if name == "all-of-one-day":  # moved from another system: every row has the day of the move
            rows = [type(r)(r.title, r.url, MID - timedelta(days=3)) for r in rows]
        if name == "clock-of-the-year-before":
            rows = [*rows[:5], type(rows[0])(title(rng), "/x/q.html", MID - timedelta(days=365)), *rows[5:]]
        if name == "old-one-republished-on-top":
            rows = [rows[30], *rows[:30], *rows[31:]]
        case = Case(f"fifth-order-{name}", MID.isoformat())
        for k in range(3):
            links = " ".join(f'<a href="/x/{f"p{j + 1}.html" if j else ""}">{j + 1}</a>' for j in range(3)) + (f' <a href="/x/p{k + 2}.html">下一页</a>' if k < 2 else "")  # fmt: skip
            case.put(f"/x/{f'p{k + 1}.html' if k else ''}", portal("公告", items(rows[k * 12 : k * 12 + (12 if k < 2 else 99)]) + f'<div class="fy">{links}</div>'))  # fmt: skip
        case.column("/x/", "list", rows, traps=[name])
        made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_barred(rng), *_empty(rng), *_dies(rng), *_digests(rng), *_orders(rng)]

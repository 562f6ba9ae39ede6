"""Answers in which nothing may be looked for, each beside a page that resembles it and is sound."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from tests.sites import rows, words
from tests.sites.articles import ArticleParts, write
from tests.sites.case import Case, Row
from tests.sites.plain import addressed, make_rows
from tests.sites.skins import SKINS, Place, side_list

_TODAY = date(2015, 9, 30)

_SOFT = [
    ("in-frame", "提示信息", '<div class="msg" style="padding:80px 0;text-align:center"><img src="/images/404.png"><p>很抱歉，您要访问的页面不存在或已被删除！</p><p><span id="sec">5</span> 秒后自动返回<a href="/">网站首页</a></p></div>'),
    ("unpublished", "信息提示", '<div class="content"><p>对不起，您访问的信息已下线或未发布。</p><a href="javascript:history.back()">返回上一页</a></div>'),
    ("no-such-column", "系统提示", '<div class="alert"><p>您访问的栏目不存在或者已停用。</p><p><a href="/">返回首页</a></p></div>'),
    ("bad-request", "提示", '<div class="main_con">非法参数！请从正常途径访问。</div>'),
    ("no-permission", "提示信息", '<div class="con"><h3>权限不足</h3><p>该信息仅限内部人员查看，请<a href="/sso/login">登录</a>后再试。</p></div>'),
    ("busy", "提示", '<div class="tip_box"><p>系统繁忙，请稍候再试！</p></div>'),
    ("open-in-wechat", "提示", '<div class="inner">请在微信中打开本页面</div>'),
    ("prove-who-you-are", "提示", '<div class="inner">请先完成实名认证，认证后方可查看</div>'),
    ("loading-failed", "信息", '<div class="inner">信息加载出错</div>'),
    ("choose-a-year", "规划计划", '<div class="inner"><p>点击右上方年份即可浏览</p></div>'),
    ("plug-in", "规划计划", '<div class="inner"><object width="600"></object><p>浏览本栏需安装阅读插件</p></div>'),
    ("no-script", "规划计划", '<noscript>脚本未启用，部分功能受限</noscript><div id="app"></div><script src="/js/app.3f1c.js"></script>'),
    ("on-the-way", "规划计划", '<div class="inner"><h3>规划计划</h3><p>马上就好，稍等片刻</p></div>'),
    ("number", "404", '<div class="error"><h1>404</h1><h2>Not Found</h2><p>您请求的文件不存在</p></div>'),
]  # fmt: skip

_BARE = [
    ("bare-404", "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>nginx/1.8.0</center></body></html>", 200),
    ("alert-and-back", "<script language='javascript'>alert('该信息不存在或已被删除！');history.go(-1);</script>", 200),
    ("login-form", '<!DOCTYPE html><html><head><meta charset="utf-8"><title>用户登录</title></head><body><div class="login"><h2>阳黎县政务内网统一身份认证</h2><form action="/login.do" method="post"><p>用户名：<input type="text" name="u"></p><p>密　码：<input type="password" name="p"></p><p>验证码：<input name="c"><img src="/captcha.jpg"></p><button>登 录</button></form><p>忘记密码请联系县信息中心</p></div></body></html>', 200),
    ("login-by-script", "<script>top.location.href='/cas/login?service=http%3A%2F%2Fwww.own-site.gov.cn%2Fgk%2F';</script>", 200),
    ("http-412", '<!DOCTYPE html><html><head><meta charset="utf-8"><script type="text/javascript" r="m">$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=94136;$_ts.cd="qrpyrrAlqqqt3qGhqc7";if($_ts.lcd)$_ts.lcd();</script></head><body></body></html>', 412),
    ("http-521", '<script>document.cookie=("__jsl_clearance_s=1443571200.12|-1|"+"Q7x")+";max-age=3600;path=/";location.href=location.pathname+location.search</script>', 521),
    ("http-403", "<html><head><title>403 Forbidden</title></head><body><h1>您的访问可能对网站造成威胁，已被拦截</h1><p>事件ID：8f3e-2c</p></body></html>", 403),
    ("http-503", "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>", 503),
    ("reload-cookie", '<html><head><script>function setc(n,v){document.cookie=n+"="+v+";path=/";}setc("wzws_sid","8a7b");window.location.reload();</script></head><body></body></html>', 200),
    ("reload-eval", "<html><head><meta http-equiv='Content-Type' content='text/html; charset=utf-8'></head><body><script>eval(function(p,a,c,k,e,d){return p}('0.1.2=3',4,4,'window|location|href|dynamicurl'.split('|'),0,{}))</script></body></html>", 200),
    ("acw-challenge", "<html><script>var arg1='6A8B9C0D1E2F3A4B5C6D7E8F9A0B1C2D3E4F5A6B';var _0x4818=['csKHwqMI','ZsKJwr8Vee'];(function(_0x4c97f0,_0x1742fd){var _0x4db1c=function(_0x48181e){while(--_0x48181e){_0x4c97f0['push'](_0x4c97f0['shift']());}};})(_0x4818,0x15b);document.cookie='acw_sc__v2='+arg1+';';document.location.reload();</script></html>", 200),
    ("checking-browser", '<html><head><title>安全检查</title><meta http-equiv="refresh" content="3"></head><body><h3>正在检查您的浏览器，请稍候……</h3><p>本页面将自动跳转，请开启JavaScript。</p><script src="/_guard/auto.js"></script></body></html>', 200),
    ("database-error", "<font face='宋体' size=2><p>Microsoft OLE DB Provider for SQL Server</font> <font face='宋体' size=2>错误 '80004005'</font><p><font face='宋体' size=2>[DBNETLIB][ConnectionOpen (Connect()).]SQL Server 不存在或拒绝访问。</font><p><font face='宋体' size=2>/conn.asp</font><font face='宋体' size=2>，行 12</font>", 200),
    ("asp-net-error", "<html><head><title>运行时错误</title></head><body><h1>“/”应用程序中的服务器错误。</h1><h2><i>运行时错误</i></h2><p>说明: 服务器上出现应用程序错误。此应用程序的当前自定义错误设置禁止远程查看应用程序错误的详细信息。</p></body></html>", 200),
    ("site-closed", "<html><head><meta charset='utf-8'><title>关停公告</title></head><body><div>根据政府网站集约化工作要求，本网站已关停，相关内容请访问县政府门户网站。</div></body></html>", 200),
    ("form-that-sends-itself", "<html><body onload='document.forms[0].submit()'><form method='post' action='/hjbh/'><input type='hidden' name='t' value='77ab'></form><p>页面加载中，请稍后</p></body></html>", 200),
    ("cloud-guard", "<!DOCTYPE html><html><head><meta charset='utf-8'><title>访问拦截</title></head><body><div class='box'><h2>您的请求已被网站防火墙拦截</h2><p>请求编号：20150930-7f1</p><p>如有疑问请联系管理员并提供请求编号。</p></div></body></html>", 200),
    ("slow-down", "<html><head><meta charset='utf-8'></head><body>您的操作太频繁，请休息一会儿再来。</body></html>", 200),
    ("empty-body", "", 200),
]  # fmt: skip

_BUILDING = [
    ("notice", '<div class="list"><p style="text-align:center;padding:60px">该栏目正在建设中，敬请期待……</p></div>'),
    ("being-filled", '<div class="nodata"><img src="/images/none.png"><p>内容正在整理中，请稍后访问</p></div>'),
    ("picture", '<div class="list"><img src="/images/jsz.jpg" alt="栏目建设中"><br>栏目建设中</div>'),
    ("maintained", '<div class="tip">系统维护升级中，暂停服务，给您带来不便敬请谅解！</div>'),
]


def _stands(rng: Random) -> list[Case]:
    """Each barrier, at a column's address and at an article's."""
    made = []
    for name, title, middle in _SOFT:
        case = Case(f"barriers/soft-404-{name}")
        place = Place(words.COUNTIES[0], "", _TODAY)
        for address in ("/hjbh/", "/hjbh/201509/t20150928_1.html"):
            case.put(address, SKINS["boxes"](rng, place, title, middle, side_list(rng, place)))
        made.append(case)
    for name, body, status in _BARE:
        case = Case(f"barriers/{name}")
        for address in ("/hjbh/", "/hjbh/201509/t20150928_1.html"):
            case.put(address, body, status=status)
        made.append(case)
    for name, middle in _BUILDING:
        case = Case(f"barriers/building-{name}")
        place = Place(words.COUNTIES[1], "环境保护", _TODAY)
        for address in ("/hjbh/", "/hjbh/201509/t20150928_1.html"):
            case.put(address, SKINS["wide"](rng, place, f"环境保护_{place.county}", middle, side_list(rng, place)))
        made.append(case)
    case = Case("barriers/gone")
    made.append(case)
    case = Case("barriers/sent-home")
    place = Place(words.COUNTIES[1], "首页", _TODAY)
    home = "".join(
        f"<h2>{name}</h2>"
        + rows.write(
            "items", make_rows(rng, place.county, date(2015, 9, 28), 6, addressed(f"/{k}/{{n}}.html")), rows.NO_YEAR
        )
        for k, name in enumerate(["要闻", "公告", "政策"])
    )
    case.put("/", SKINS["wide"](rng, place, place.county, home, ""))
    for address in ("/hjbh/", "/hjbh/201509/t20150928_1.html"):
        case.answer(address, redirect="/")
    made.append(case)
    for case in made:
        trap = case.name.partition("/")[2]
        case.column("/hjbh/", "barrier", traps=[trap], outcome="unseen", complete=False)
        case.article(
            "/hjbh/201509/t20150928_1.html",
            "barrier",
            traps=[trap],
            kind="unverifiable",
            items=[{"any": ["监测数据"], "verdict": "unseen"}],
        )
    return made


def _changed(rng: Random) -> Iterator[Case]:
    """A column whose list is gone from the page, and a page cut in two."""
    county = words.COUNTIES[4]
    place = Place(county, "环境保护", _TODAY)
    case = Case("barriers/layout-changed")
    main = '<div id="app" v-cloak><div class="loading"></div></div><script src="/static/js/chunk-vendors.3f1.js"></script><script src="/static/js/app.8b2.js"></script>'
    case.put("/hjbh/", SKINS["wide"](rng, place, "环境保护", main, side_list(rng, place)))
    case.column("/hjbh/", "barrier", traps=["layout-changed"], outcome="unseen", complete=False)
    yield case
    case = Case("barriers/script-only-shell")
    case.put(
        "/hjbh/",
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>政务公开</title></head><body><noscript>请启用JavaScript</noscript><div id="root"></div><script src="/main.js"></script></body></html>',
    )
    case.column("/hjbh/", "barrier", traps=["layout-changed"], outcome="unseen", complete=False)
    yield case
    case = Case("barriers/cut-in-two")
    all_rows = make_rows(rng, county, date(2015, 9, 28), 30, lambda day, n: f"/hjbh/{n}.html")
    whole = SKINS["boxes"](rng, place, "环境保护", rows.write("items", all_rows), "").encode()
    at = whole.index(all_rows[11].url.encode())
    case.put("/hjbh/", whole)
    case.answers["/hjbh/"]["cut"] = at  # the length is announced whole, the connection ends here
    case.column(
        "/hjbh/",
        "barrier",
        traps=["cut-connection"],
        outcome="any",
        complete=False,
        hidden=[r.true() for r in all_rows],
    )
    yield case
    case = Case("barriers/cut-unannounced")
    case.put("/hjbh/", whole[:at])
    case.column(
        "/hjbh/",
        "barrier",
        traps=["cut-unannounced"],
        outcome="any",
        complete=False,
        hidden=[r.true() for r in all_rows],
    )
    yield case


_NEAR = [
    ("about-logging-in", "关于政务服务网用户登录和注册有关事项的通知", ["为方便群众办事，自即日起，办事人登录政务服务网须使用实名账号，请输入用户名、密码和验证码后登录。", "未注册的用户请先注册，忘记密码的可以通过手机找回；首次登录后请及时修改密码。"]),
    ("about-junction-404", "关于404路口交通信号灯改造施工的公告", ["因省道404路口改造施工，9月20日起该路段实行半幅封闭，过往车辆请绕行。", "施工期间给您带来的不便，敬请谅解。"]),
    ("about-building-a-site", "关于政府网站建设中存在问题的整改情况报告", ["一、栏目正在建设中长期无内容的问题。经核查，“在线访谈”等三个栏目建设中，已于9月1日前完成整改。", "二、部分页面打不开、提示“您访问的页面不存在”的问题，已修复链接一百二十条。"]),
    ("about-pages-not-found", "县政府办公室关于政府网站普查情况的通报", ["检查发现，部分单位网站首页显示“404 Not Found”或“该页无法显示”，信息不存在或已被删除的链接较多。", "请各单位对照检查，限期整改到位，整改情况于月底前报县政府办公室。"]),
    ("about-maintenance", "关于社会保险信息系统维护暂停服务的公告", ["因系统维护升级，9月26日至27日暂停服务，请参保人员合理安排办理时间。", "维护期间带来不便敬请谅解，咨询电话12333。"]),
    ("short-notice", "停水通知", ["因管道抢修，9月29日8时至18时城东片区停水。"]),
    ("about-firewalls", "关于加强网站防火墙安全配置的通知", ["各单位网站应当开启防火墙，对异常请求予以拦截；用户提示“您的请求已被网站防火墙拦截”的，应及时核查规则是否误伤。", "发现数据库连接失败、服务器错误的，应在两小时内恢复。"]),
    ("about-closing-a-site", "关于关停县农机局等网站的公告", ["根据政府网站集约化工作要求，县农机局等六家单位网站已于9月15日关停，相关内容整合到县政府门户网站。"]),
    ("about-removed-signs", "关于集中清理户外广告的通告", ["经通知仍不自行清除的，户外广告已被删除、拆除的费用由设置人承担。", "该页附件所列点位信息不存在权属争议的，按期拆除。"]),
    ("about-verification", "关于开展离退休人员生存认证的通知", ["认证对象请登录系统，按照提示输入验证码完成人脸识别；正在检查的，请稍候查看结果。", "未按时认证的，自次月起暂停发放养老金。"]),
]  # fmt: skip


_NEAR_LISTS = {
    "column-named-building": ("城乡建设", [
        f"{words.COUNTIES[3]}{name}" for name in ("城区道路建设中标公示", "保障房建设中期检查通报", "栏目式文化墙正在建设中", "新农村建设中存在问题的意见", "污水处理厂建设中止招标公告", "建设工程施工许可公示")
    ]),
    "column-about-logins": ("网上办事", ["用户登录操作指南", "注册与密码找回说明", "统一身份认证系统登录须知", "电子税务局登录方式变更公告", "公积金网厅登录问题解答", "验证码收不到怎么办"]),
    "column-about-404": ("交通管理", ["404路口信号灯改造公告", "关于404线路公交停运的通知", "省道404大修工程中标公示", "404医院周边交通组织方案", "403、404路公交线路调整", "县道404水毁路段抢通"]),
}  # fmt: skip


def _resemble(rng: Random) -> Iterator[Case]:
    """Sound pages that speak of what the barriers say."""
    for n, (name, title, paragraphs) in enumerate(_NEAR):
        for system in (["boda", "trs"], ["plain", "ucap"], ["jcms", "plain"])[n % 3]:
            case = Case(f"near/{name}-{system}")
            county = words.COUNTIES[n]
            parts = ArticleParts(
                title, date(2015, 9, 18), list(paragraphs), f"{county}人民政府办公室", line="发布时间：2015-09-18 09:12"
            )
            write(rng, case, system, parts, county, f"/gg/{n}.html", [f"near:{name}"])
            yield case
    county = words.COUNTIES[3]
    for name, (column, titles) in _NEAR_LISTS.items():
        case = Case(f"near/{name}")
        made_rows = [
            Row(title, f"/cxjs/{n + 41}.html", day)
            for n, (title, day) in enumerate(zip(titles, words.days_back(rng, date(2015, 9, 21), 6), strict=True))
        ]
        login = (
            '<div class="loginbox"><form>用户名<input name="u"> 密码<input type="password" name="p"><button>登录</button></form></div>'
            if "login" in name
            else ""
        )
        place = Place(county, column, _TODAY)
        case.put("/cxjs/", SKINS["boxes"](rng, place, f"{column}-{county}", rows.write("items", made_rows), login))
        case.column("/cxjs/", "list", made_rows, traps=[f"near:{name}"])
        yield case
    case = Case("near/empty-column")
    place = Place(county, "人事任免", _TODAY)
    case.put(
        "/rsrm/",
        SKINS["boxes"](
            rng,
            place,
            "人事任免",
            '<ul class="list"></ul><p>暂无信息！</p><div class="page">共0条</div>',
            side_list(rng, place),
        ),
    )
    case.column("/rsrm/", "list", [], traps=["near:empty-column"], outcome="any", complete=True)
    yield case


def cases(rng: Random) -> list[Case]:
    return [*_stands(rng), *_changed(rng), *_resemble(rng)]

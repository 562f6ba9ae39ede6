"""A second set held out, written when the readers could read the first: columns."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tests.sites.case import OWN, Case, Row

READ_ON = date(2023, 3, 20)
_ZONE = ZoneInfo("Asia/Shanghai")
_TODAY = READ_ON.isoformat()
_WHO = [
    "县府办",
    "县水利局",
    "县乡村振兴局",
    "县退役军人局",
    "县数据局",
    "县城管局",
    "县信访局",
    "县司法局",
    "东河乡",
    "北坪镇",
]
_WHAT = [
    "小型水库除险加固",
    "脱贫人口小额信贷",
    "优待证申领",
    "政务数据目录编制",
    "占道经营整治",
    "人民调解案卷评查",
    "河道清淤",
    "高龄津贴发放",
    "烟花爆竹零售点布设",
    "户外招牌设置",
    "公证便民措施",
    "耕地流出整改",
    "冬小麦病虫害预报",
    "学校食堂招标",
    "廉租房年审",
    "村级财务收支",
    "渡口渡船管理",
    "初级农产品抽样",
    "工伤认定决定送达",
    "法律援助案件补贴",
]
_HOW = [
    "方案",
    "台账公示",
    "二季度进展",
    "问答",
    "通告",
    "送达公告",
    "告知书",
    "清单（2023版）",
    "预报第3期",
    "招标公告",
    "中标（成交）结果公告",
    "复函",
]


def name(rng: Random) -> str:
    return (
        rng.choice(["", "关于", f"{rng.choice(_WHO)}", f"{rng.choice(_WHO)}关于"])
        + rng.choice(_WHAT)
        + rng.choice(_HOW)
    )


def some(rng: Random, count: int, form: str, newest: date = READ_ON, stride: int = 5) -> list[Row]:
    found: list[Row] = []
    used: set[str] = set()
    day = newest - timedelta(days=2)
    for n in range(count):
        title = name(rng)
        while title in used:
            title = name(rng) + rng.choice("ABCDEFG甲乙丙丁")
        used.add(title)
        found.append(Row(title, form.format(d=day, n=4100 + 3 * n), day))
        day -= timedelta(days=rng.randrange(stride))
    return found


def _beside(rng: Random, count: int = 7) -> str:
    out = []
    for n in range(count):
        day = READ_ON - timedelta(days=rng.randrange(80))
        out.append(f'<dd><a href="/hot/{n}{rng.randrange(999)}.html">{name(rng)}</a><i>{day:%m.%d}</i></dd>')
    return "".join(out)


def portal(rng: Random, column: str, title: str, main: str, meta: str = "", charset: str = "utf-8") -> str:
    tree = "".join(
        f"<dt>{a}</dt>{''.join(f'<dd><a href=/t/{n}{k}/>{b}</a></dd>' for k, b in enumerate(['机构', '法规', '规划', '统计', '预算']))}"
        for n, a in enumerate(["法定主动公开", "政策", "依申请公开"])
    )
    return f"""<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html;charset={charset}"><title>{title}</title>{meta}<style>{"#p{{a:b}}" * 90}</style></head><body><div id="page"><div id="hd"><p class="welcome">欢迎光临岚岭县政府门户网站！{READ_ON.year}年{READ_ON.month}月{READ_ON.day}日</p><dl class="menu"><dd><a href="/">首 页</a></dd><dd><a href="/ll/">岚岭</a></dd><dd><a href="/gk/">公开</a></dd><dd><a href="/fw/">服务</a></dd></dl></div>
<div id="bd"><div class="l"><dl class="tree">{tree}</dl><dl class="hot"><dt>本月热榜</dt>{_beside(rng)}</dl></div><div class="r"><h4 class="where">首页 &raquo; 公开 &raquo; {column}</h4>{main}</div></div><div id="ft"><p>岚岭县人民政府 版权所有 {READ_ON.year}</p><p>网站地图 | 标识码：5101230001 | 蜀ICP备2020{rng.randrange(1000, 9999)}号 | 页面更新于{READ_ON}</p></div></div></body></html>"""


def modern(rng: Random, column: str, title: str, main: str, meta: str = "", charset: str = "utf-8") -> str:
    nav = "".join(
        f'<li data-v-7a="" role="menuitem"><a data-v-7a="" href="/c/{n}">{t}</a></li>'
        for n, t in enumerate(["首页", "要闻", "公开", "服务", "互动", "数据", "魅力岚岭"])
    )
    return f'''<!DOCTYPE html><html data-n-head-ssr lang="zh"><head><meta charset="{charset}"><title>{title}</title>{meta}<style data-vue-ssr-id="1">{".a[data-v-7a]{{margin:0}}" * 120}</style></head><body><div id="__nuxt"><div id="__layout"><div data-v-7a="" class="site-header"><time data-v-7a="" class="now">{READ_ON} 09:41</time><ul data-v-7a="" role="menubar">{nav}</ul></div>
<div data-v-7a="" class="bread"><span>首页</span><span>/</span><span>{column}</span></div><div data-v-7a="" class="two"><div data-v-7a="" class="main-col">{main}</div><div data-v-7a="" class="rec"><div class="hd"><span>为您推荐</span></div><dl>{_beside(rng, 5)}</dl></div></div>
<div data-v-7a="" class="site-footer">岚岭县大数据中心 © 2019-{READ_ON.year} <a href="https://beian.example.cn">备案</a></div></div></div><script>window.__NUXT__={{config:{{}},ts:{1679276460000}}};</script></body></html>'''


def centred(rng: Random, column: str, title: str, main: str, meta: str = "", charset: str = "utf-8") -> str:
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>{title}</title>{meta}</head><body bgcolor="#ffffff"><center><img src="/top.jpg"><br><a href="/">返回首页</a> <a href="/sitemap.htm">网站地图</a><h3>{column}</h3></center>{main}<center><hr width="760">地址：岚岭县府前街8号　电话：028-00000000　您是第<b>203303</b>位访问者</center></body></html>'


FRAMES: dict[str, Callable[..., str]] = {"portal": portal, "modern": modern, "centred": centred}


def _grid(part: list[Row]) -> str:
    return (
        '<div class="grid">'
        + "".join(
            f'<div class="cell"><a href="{r.url}">{r.title}</a></div><div class="cell date">{r.day}</div>' for r in part
        )
        + "</div>"
    )


def _badges(part: list[Row]) -> str:
    return (
        "<ul>"
        + "".join(
            f'<li><a href="{r.url}" title="{r.title}"><span class="num">{n:02d}</span>{r.title}<sup class="new">NEW</sup></a><b>{r.day}</b></li>'
            for n, r in enumerate(part, 1)
        )
        + "</ul>"
    )


def _downloads(part: list[Row]) -> str:
    return (
        "<table border=1><tr><th>序号</th><th>责任单位</th><th>名称</th><th>文号</th><th>时间</th><th>下载</th></tr>"
        + "".join(
            f"<tr><td>{n}</td><td>县府办</td><td><a href='{r.url}'>{r.title}</a></td><td>岚府发〔2023〕{n}号</td><td>{r.day.year}.{r.day.month}.{r.day.day}</td><td><a href='/down/{n}.doc'>下载</a></td></tr>"
            for n, r in enumerate(part, 1)
            if r.day
        )
        + "</table>"
    )


def _departments(part: list[Row]) -> str:
    return (
        "<ul class=dl>"
        + "".join(
            f'<li>[<a href="/dept/{n % 4}/">{_WHO[n % 4]}</a>] <a href="{r.url}">{r.title}</a> ({r.day:%y/%m/%d})</li>'
            for n, r in enumerate(part)
        )
        + "</ul>"
    )


def _run(part: list[Row]) -> str:
    return (
        "<div align=left>"
        + "".join(f"{r.day:%Y年%m月%d日}　<a href={r.url}>{r.title}</a><br>" for r in part)
        + "</div>"
    )


def _told(part: list[Row]) -> str:
    return "".join(
        f'<p class="row"><a href="{r.url}">{r.title}</a><span class="from">来源：县府办</span><span>发布：{r.day:%Y/%m/%d} 09:12:33</span><span>阅读({n * 7})</span></p>'
        for n, r in enumerate(part)
    )


def _figures(part: list[Row]) -> str:
    return "".join(
        f'<figure><a href="{r.url}"><img src="/p/{n}.jpg" alt=""></a><figcaption><a href="{r.url}">{r.title}</a><small>{r.day}</small></figcaption></figure>'
        for n, r in enumerate(part)
    )


def _spaced(at: int, n: int, to: Callable[[int], str]) -> str:
    return f'<div class="p">{"" if at == 0 else f"<a href={to(at - 1)}>上 一 页</a>"} {at + 1}/{n} {f"<a href={to(at + 1)}>下 一 页</a>" if at + 1 < n else ""}</div>'


def _counted(at: int, n: int, to: Callable[[int], str]) -> str:
    return (
        '<ul class="pg">'
        + "".join(f'<li{" class=cur" if k == at else ""}><a href="{to(k)}">{k + 1}</a></li>' for k in range(n))
        + f"<li>共{n}页</li></ul>"
    )


_SITES = [
    ("grid", _grid, "modern", _counted, 3, 33, "/list/7-{}.html", "utf-8"), ("badges", _badges, "portal", _spaced, 2, 20, "/gk/index.html?pageNum={}", "utf-8"),
    ("downloads", _downloads, "portal", _spaced, 1, 14, "/gk/wj{}.html", "gbk"), ("departments", _departments, "portal", _counted, 2, 26, "/bm/{}/", "utf-8"),
    ("run", _run, "centred", _spaced, 2, 24, "/tz{}.htm", "gb18030"), ("told", _told, "modern", _counted, 2, 22, "/n?page={}&size=11", "utf-8"), ("figures", _figures, "modern", _spaced, 1, 9, "/tp{}", "utf-8"),
]  # fmt: skip


def _plain(rng: Random) -> list[Case]:
    made = []
    for key, style, frame, pager, count, total, form, encoding in _SITES:
        case = Case(f"later-{key}", _TODAY)
        rows, size = some(rng, total, "/v/{d:%Y%m}/{n}.html"), -(-total // count)

        def to(k: int, form: str = form) -> str:
            return form.format(k + 1)

        for at in range(count):
            main = style(rows[at * size : (at + 1) * size]) + (pager(at, count, to) if count > 1 else "")
            case.put(
                to(at),
                FRAMES[frame](rng, "公示公告", "公示公告", main, charset="gb2312" if encoding == "gbk" else encoding),
                encoding=encoding,
            )
        case.column(to(0), "list", rows, traps=[key])
        made.append(case)
    return made


def _systems(rng: Random) -> list[Case]:
    made = []
    case = Case("later-trs-variables", _TODAY)
    shown = some(rng, 40, "./{d:%Y%m}/t{d:%Y%m%d}_{n}.html")
    for at in range(4):
        main = (
            "<ul>"
            + "".join(
                f'<li><a href="{r.url}">{r.title}</a><span>{r.day}</span></li>' for r in shown[at * 10 : at * 10 + 10]
            )
            + f'</ul><script>var currentPage = {at};var countPage = 4;var pageName="index";var pageExt="html";\ncreatePageHTML(countPage,currentPage,pageName,pageExt);</script>'
        )
        case.put("/zfgb/" if at == 0 else f"/zfgb/index_{at}.html", portal(rng, "政府公报", "政府公报", main))
    case.column(
        "/zfgb/",
        "trs",
        [replace(r, url="/zfgb/" + r.url[2:]) for r in shown],
        traps=["arguments-in-variables"],
        complete="any",
    )
    made.append(case)
    case = Case("later-jcms-uid", _TODAY)
    rows = some(rng, 31, "/art/{d.year}/{d.month}/{d.day}/art_77_{n}.html")
    records = [
        f'<div class="lm"><span class="fr">{r.day:%Y.%m.%d}</span><a target="_blank" href="{r.url}">{r.title}</a></div>'
        for r in rows
    ]
    inner = "".join(f"<record><![CDATA[{one}]]></record>" for one in records[:10])
    setting = "<script>$('#3311').jpage({pageSize:10,proxyUrl:'/module/web/jpage/dataproxy.jsp',perPage:10,groupSize:1,totalRecord:31,columnid:77,unitid:'3311',webid:5,appid:1,path:'/',webname:'岚岭县',permissiontype:0,sourceContentType:1,col:1});</script>"
    case.put(
        "/col/col77/index.html?uid=3311&pageNum=1",
        modern(
            rng,
            "公示",
            "公示",
            f'<div id="3311"><script type="text/xml"><datastore><recordset>{inner}</recordset></datastore></script></div>{setting}',
        ),
    )
    case.answer("/module/web/jpage/dataproxy.jsp", jpage={"records": records, "by": "range"})
    case.column("/col/col77/index.html?uid=3311&pageNum=1", "jcms", rows, traps=["uid-in-address"])
    made.append(case)
    case = Case("later-boda-tree", _TODAY)
    rows = some(rng, 18, "/info/1013/{n}.htm")
    for at in range(2):
        body = "".join(
            f'<li id="line_u16_{n}"><a href="info/1013/{r.url.rpartition("/")[2]}"><em>{r.title}</em><i>{r.day:%Y-%m-%d}</i></a></li>'
            for n, r in enumerate(rows[at * 9 : at * 9 + 9])
        )
        pager = (
            '<div class="pb_sys_common"><span class="p_t">共18条</span><span class="p_pages"><span class="p_no_d">1</span><span class="p_no"><a href="list.jsp?a16t=2&a16p=2&a16c=9&urltype=tree.TreeTempUrl&wbtreeid=1013">2</a></span><span class="p_next p_fun"><a href="list.jsp?a16t=2&a16p=2&a16c=9&urltype=tree.TreeTempUrl&wbtreeid=1013">下页</a></span></span></div>'
            if at == 0
            else '<div class="pb_sys_common"><span class="p_pages"><span class="p_no"><a href="list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1013">1</a></span><span class="p_no_d">2</span></span></div>'
        )
        case.put(
            "/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1013"
            if at == 0
            else "/list.jsp?a16t=2&a16p=2&a16c=9&urltype=tree.TreeTempUrl&wbtreeid=1013",
            portal(rng, "通知", "通知", f"<ul>{body}</ul>{pager}"),
        )
    case.column("/list.jsp?urltype=tree.TreeTempUrl&wbtreeid=1013", "boda", rows, traps=["pages-by-query"])
    made.append(case)
    case = Case("later-ucap-json", _TODAY)
    rows = some(rng, 16, "/lanling/c1/{d:%Y%m}/content/post_{n}.html")
    found = [
        {
            "id": n,
            "title": r.title,
            "url": "//" + OWN[7:] + r.url,
            "publishedTime": int(datetime.combine(r.day, time(23, 30), _ZONE).timestamp() * 1000),
            "publishedTimeStr": f"{r.day} 23:30:00",
        }
        for n, r in enumerate(rows)
        if r.day
    ]
    case.put(
        "/common/search/5a?page=1&_pageSize=20&_isAgg=false&_isJson=true",
        json.dumps({"status": 0, "data": {"results": found, "page": 1, "rows": 20, "total": 16}}),
        type="application/json",
    )
    case.column(
        "/common/search/5a?page=1&_pageSize=20&_isAgg=false&_isJson=true", "ucap", rows, traps=["late-in-the-evening"]
    )
    made.append(case)
    case = Case("later-atom-over-midnight", _TODAY)
    rows = some(rng, 8, "/w/{n}.html")
    body = "".join(
        f"<entry><title>{r.title}</title><link href='{OWN}{r.url}'/><published>{r.day - timedelta(days=1)}T17:05:00Z</published><updated>{READ_ON}T00:00:00Z</updated></entry>"
        for r in rows
        if r.day
    )
    case.put(
        "/feed.atom",
        f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{body}</feed>',
        type="application/atom+xml",
    )
    case.column("/feed.atom", "feed", rows, traps=["day-by-the-county's-clock"], complete=False)
    made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_plain(rng), *_systems(rng)]

"""The fourth set held out: columns whose end cannot be known, or of which something cannot be seen."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from tests.sites.case import Case, Row
from tests.sites.heldout.fourth import column
from tests.sites.heldout.fourth_frames import NEW, OLD, boot, front, heading, phone, some, webform


def _items(rows: Sequence[Row]) -> str:
    return "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a><span>{r.day}</span></li>' for r in rows) + "</ul>"


def _cells(rows: Sequence[Row]) -> str:
    return (
        '<table class="GridView" id="gv">'
        + "".join(f'<tr><td><a href="{r.url}">{r.title}</a></td><td>{r.day}</td></tr>' for r in rows)
        + "</table>"
    )


#: What stands under (or over) the first rows: name → (frame, over, under).
_MORE: dict[str, tuple[str, str, str]] = {
    "postback": ("webform", "", '<div id="AspNetPager1">共<b>24</b>条 <a href="javascript:__doPostBack(\'AspNetPager1\',\'2\')">2</a> <a href="javascript:__doPostBack(\'AspNetPager1\',\'2\')">下一页</a></div>'),
    "postback-numbers-in-grid": ("webform", "", '<table><tr><td><span>1</span></td><td><a href="javascript:__doPostBack(\'gv\',\'Page$2\')">2</a></td><td><a href="javascript:__doPostBack(\'gv\',\'Page$3\')">3</a></td></tr></table>'),
    "years-to-choose": ("front", '<select onchange="location.href=this.value"><option value="/x/?y=2013" selected>2013年</option><option value="/x/?y=2012">2012年</option><option value="/x/?y=2011">2011年</option></select>', ""),
    "years-to-choose-in-a-form": ("front", '<form action="/x/" method="get">年度：<select name="nd"><option>2013</option><option>2012</option><option>2011</option></select><input type="submit" value="查询"></form>', ""),
    "months-linked": ("boot", "", '<div class="archive"><h5>按月归档</h5><a href="/x/201310/">2023年10月(6)</a><a href="/x/201309/">2023年9月(11)</a></div>'),
    "year-tabs-by-script": ("boot", '<ul class="nav"><li class="active" data-y="2023">2023</li><li data-y="2022">2022</li><li data-y="2021">2021</li></ul>', ""),
    "more-at-the-head": ("front", '<table width="100%"><tr><td>公示公告</td><td align=right><a href="/x/more.asp?c=3"><img src="images/more.gif" border=0></a></td></tr></table>', ""),
    "more-in-english": ("boot", '<div class="tt"><span>公示公告</span><a class="more" href="/x/all/">MORE+</a></div>', ""),
    "page-to-type": ("front", "", '<form name="pg">共 24 条 第 1/3 页 转到第<input size=2 name="p">页 <input type="button" value="GO" onclick="go()"></form>'),
    "form-posted": ("webform", "", '<a href="#" onclick="document.forms[0].submit();return false">下一页</a>'),
    "buttons-with-numbers": ("boot", "", '<nav><button class="on" data-page="1">1</button><button data-page="2">2</button><button data-page="3">3</button></nav>'),
    "pager-of-icons": ("boot", "", '<div class="el-pagination"><button class="btn-prev" disabled><i class="el-icon-arrow-left"></i></button><ul class="el-pager"><li class="number active">1</li><li class="number">2</li></ul><button class="btn-next"><i class="el-icon-arrow-right"></i></button></div>'),
    "scroll-to-load": ("phone", "", '<script>var page=1,busy=false;window.onscroll=function(){if(busy)return;if(document.documentElement.scrollTop+innerHeight>document.body.scrollHeight-50){busy=true;page++;$.get("/m/list?page="+page,function(h){$(".wrap").append(h);busy=false;});}};</script>'),
    "pull-up": ("phone", "", '<div class="pullup">上拉加载更多</div>'),
    "older-elsewhere": ("front", "", '<p align="right"><a href="/old/index.htm">查看以前的公告</a></p>'),
    "looked-for-only": ("boot", '<p>仅显示最近10条，更多信息请使用站内检索。</p>', ""),
}  # fmt: skip
_FRAMES = {"front": (front, OLD), "webform": (webform, OLD), "boot": (boot, NEW), "phone": (phone, NEW)}


def _unknowable(rng: Random) -> list[Case]:
    made = []
    for name, (frame, over, under) in _MORE.items():
        wrap, newest = _FRAMES[frame]
        rows = some(rng, 24, "/x/{n}.html", newest)
        said = over + (_cells if frame in ("front", "webform") else _items)(rows[:10]) + under
        made.append(
            column(
                name,
                wrap("公示公告", said),
                rows[:10],
                new=newest is NEW,
                encoding="gb2312" if frame == "front" else "utf-8",
                complete=False,
                hidden=[r.true() for r in rows[10:]],
            )
        )
    return made


def _unlinked(rng: Random) -> list[Case]:
    """A row among the others that leads nowhere."""
    made = []
    for name, new in (
        ("line-without-link", False),
        ("item-without-link", True),
        ("cell-without-link", False),
        ("paragraph-without-link", False),
    ):
        rows = some(rng, 12, "/x/{n}.htm", NEW if new else OLD)
        bare = rows[4]
        said = []
        for r in rows:
            text = r.title if r is bare else f'<a href="{r.url}">{r.title}</a>'
            said.append({
                "line-without-link": f"{r.day} {text}<br>", "item-without-link": f"<li>{text}<span>{r.day}</span></li>",
                "cell-without-link": f"<tr><td>{text}</td><td>{r.day}</td></tr>", "paragraph-without-link": f"<p>{text}（{r.day}）</p>",
            }[name])  # fmt: skip
        inner = "".join(said)
        inner = {"item": f"<ul>{inner}</ul>", "cell": f"<table>{inner}</table>"}.get(
            name.split("-")[0], f"<div>{inner}</div>"
        )
        rest = [r for r in rows if r is not bare]
        page = boot("公告", inner) if new else front("公告", inner)
        made.append(
            column(
                name,
                page,
                rest,
                new=new,
                encoding="utf-8" if new else "gb2312",
                complete=False,
                hidden=[Row(bare.title, "(no address)", bare.day).true()],
            )
        )
    return made


_DATASTORE = '<script type="text/xml"><datastore><nextgroup></nextgroup><recordset>{}</recordset></datastore></script>'


def _headlines(rng: Random) -> list[Case]:
    """A large entry over the list whose address is of another kind."""
    made = []
    for name in ("over-items", "over-table", "over-trs", "over-jcms", "over-ucap", "as-picture", "as-slides"):
        rows = some(
            rng,
            10,
            {
                "over-trs": "./{d:%Y%m}/t{d:%Y%m%d}_{n}.html",
                "over-jcms": "/art/{d:%Y/%-m/%-d}/art_15_{n}.html",
                "over-ucap": "/content/post_{n}.html",
            }.get(name, "/x/info/{n}.html"),
            NEW,
        )
        if name == "over-trs":
            rows = [Row(r.title, f"/x/{r.url[2:]}", r.day) for r in rows]
        top = Row(heading(rng), "/special/2023/open-day/", NEW)
        big = f'<div class="focus"><h2><a href="{top.url}">{top.title}</a></h2><p>围绕群众关心的问题，现就有关安排说明如下……</p></div>'
        if name == "as-picture":
            big = f'<div class="pic"><a href="{top.url}" title="{top.title}"><img src="/up/big.jpg"></a></div>'
        if name == "as-slides":
            big = f'<div class="swiper"><div class="slide"><a href="{top.url}"><img src="/up/1.jpg"><span>{top.title}</span></a></div></div>'
        main = _items(rows)
        if name == "over-table":
            main = (
                '<table class="xxgk"><tr><th>索引号</th><th>信息名称</th><th>发布日期</th></tr>'
                + "".join(
                    f'<tr><td>4504/2023-{n:05d}</td><td><a href="{r.url}" title="{r.title}">{r.title}</a></td><td>{r.day}</td></tr>'
                    for n, r in enumerate(rows)
                )
                + "</table>"
            )
        elif name == "over-trs":
            main = (
                '<ul class="list">'
                + "".join(
                    f'<li><a href=".{r.url[2:]}" title="{r.title}">{r.title}</a><span>{r.day}</span></li>' for r in rows
                )
                + '</ul><script>createPageHTML(1, 0, "index", "html");</script>'
            )
        elif name == "over-jcms":
            main = (
                '<div id="9">'
                + _DATASTORE.format(
                    "".join(
                        f'<record><![CDATA[<li><a href="{r.url}">{r.title}</a><span>{r.day}</span></li>]]></record>'
                        for r in rows
                    )
                )
                + "</div>"
            )
        elif name == "over-ucap":
            main = (
                '<ul class="list-content">'
                + "".join(f'<li><a href="{r.url}">{r.title}</a><span class="date">{r.day}</span></li>' for r in rows)
                + "</ul>"
            )
        dialect = {"over-table": "table", "over-trs": "trs", "over-jcms": "jcms", "over-ucap": "ucap"}.get(name, "list")
        page = boot("政务要闻", big + main)
        case = column(f"headline-{name}", page, rows, new=True, dialect=dialect, complete="any", hidden=[top.true()])
        made.append(case)
    return made


def _shells(rng: Random) -> list[Case]:
    """Rows that only a script puts there."""
    made = []
    rows = some(rng, 8, "/n/{n}.html", NEW)
    told = [{"title": r.title, "url": r.url, "pubDate": str(r.day)} for r in rows]
    pages = {
        "json-island": boot("政策", '<div id="app"></div>', after=f'<script type="application/json" id="__DATA__">{json.dumps({"list": told, "total": 30}, ensure_ascii=False)}</script><script src="/js/app.js"></script>'),
        "initial-state": boot("政策", '<div id="app"><div class="loading"></div></div>', after=f"<script>window.__INITIAL_STATE__={json.dumps({'rows': told, 'pages': 4}, ensure_ascii=False)}</script><script src=/js/app.js></script>"),
        "moustaches": boot("政策", '<ul id="app"><li v-for="item in list"><a :href="item.url">{{ item.title }}</a><span>{{ item.pubDate }}</span></li></ul>'),
        "skeleton": phone("政策", '<ul class="sk"><li></li><li></li><li></li></ul>', after='<script type="module" src="/assets/index-3f2.js"></script>'),
        "noscript": '<!doctype html><html><head><meta charset="utf-8"><title>岑下县</title><script defer src="/js/chunk.js"></script></head><body><noscript><strong>We\'re sorry but this site doesn\'t work properly without JavaScript enabled.</strong></noscript><div id="app"></div></body></html>',
        "grid-without-rows": webform("公示", '<div><table id="ctl00_gv" style="width:100%"></table></div>'),
        "tree-and-frame": front("目录", '<ul id="tree"></ul><script>$.fn.zTree.init($("#tree"),{},nodes)</script><iframe name="right" src="about:blank"></iframe>'),
        "rows-by-click": boot("政策", "".join(f'<div class="it" onclick="location.href=\'{r.url}\'"><span>{r.title}</span><i>{r.day}</i></div>' for r in rows)),
        "rows-by-number": boot("政策", "<ul>" + "".join(f'<li data-id="{n}"><a href="javascript:;">{r.title}</a><i>{r.day}</i></li>' for n, r in enumerate(rows)) + "</ul>"),
    }  # fmt: skip
    for name, page in pages.items():
        made.append(
            column(
                name,
                page,
                [],
                new=True,
                outcome="any",
                complete=False,
                hidden=[r.true() for r in rows],
                encoding="gb2312" if name == "tree-and-frame" else "utf-8",
            )
        )
    return made


def _orders(rng: Random) -> list[Case]:
    """Pages in an order that is not the days'."""
    made = []
    for name in ("by-weight", "by-last-change", "future-day"):
        rows = some(rng, 30, "/x/{n}.html", NEW)
        order = list(rows)
        if name == "by-weight":
            rng.shuffle(order)
        elif name == "by-last-change":
            order = [*rows[6:16], *rows[:6], *rows[16:]]
        else:
            order[9] = Row(rows[9].title, rows[9].url, NEW + timedelta(days=365 * 9))
        case = Case(f"fourth-{name}", NEW.isoformat())
        for n in range(3):
            links = "".join(f'<a href="/x/{f"{k}.html" if k else ""}">{k + 1}</a>' for k in range(3)) + (
                f'<a href="/x/{n + 1}.html">下一页</a>' if n < 2 else ""
            )
            case.put(
                f"/x/{f'{n}.html' if n else ''}",
                boot("公开", _items(order[n * 10 : n * 10 + 10]) + f'<div class="pagination">{links}</div>'),
            )
        case.column("/x/", "list", order, traps=[name])
        made.append(case)
    return made


def _cut(rng: Random) -> list[Case]:
    """Pages that break off early."""
    made = []
    for name, count, same in (
        ("cut-after-two", 2, False),
        ("cut-in-one-day", 5, True),
        ("cut-after-one", 1, False),
        ("no-end-mark", 12, False),
    ):
        rows = some(rng, 25, "/x/{n}.htm", OLD, 12)
        if same:
            rows = [Row(r.title, r.url, rows[0].day) if n < 7 else r for n, r in enumerate(rows)]
        if name == "no-end-mark":
            made.append(
                column(name, front("公告", _cells(rows[:12]), end=False), rows[:12], encoding="gb2312", complete="any")
            )
            continue
        whole = front("公告", _cells(rows))
        page = whole[: whole.index("<tr>", whole.index(rows[count - 1].url))]
        made.append(
            column(name, page, [], encoding="gb2312", outcome="any", complete=False, hidden=[r.true() for r in rows])
        )
    return made


def _digests(rng: Random) -> list[Case]:
    """The newest of several columns on one page."""
    boxes, hidden = [], []
    for n, label in enumerate(["公告", "人事", "采购"]):
        rows = some(rng, 12, f"/c{n}/{{n}}.html", NEW)
        boxes.append(f'<div class="tab-pane">{_items(rows[:6])}</div>')
        hidden += [r.true() for r in rows]
        boxes.insert(n, f'<li><a data-toggle="tab" href="#p{n}">{label}</a></li>')
    tabs = f'<ul class="nav-tabs">{"".join(boxes[:3])}</ul>{"".join(boxes[3:])}'
    return [column("three-tabs", boot("公开", tabs), [], new=True, outcome="any", complete=False, hidden=hidden)]


_BARRED = {
    "welcome-of-server": "<html><head><title>IIS7</title></head><body><div id=container><a href='http://go.microsoft.com/fwlink/?linkid=66138&clcid=0x409'><img src='welcome.png' alt='IIS7' width=571 height=411></a></div></body></html>",
    "welcome-of-nginx": "<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1><p>If you see this page, the nginx web server is successfully installed and working. Further configuration is required.</p><p><em>Thank you for using nginx.</em></p></body></html>",
    "name-for-sale": "<html><head><meta charset=utf-8><title>域名已过期</title></head><body><h2>该域名已到期，请联系域名持有人及时续费</h2><p><a href='http://www.example.com/renew'>立即续费</a> <a href='http://www.example.com/buy'>域名交易</a></p></body></html>",
    "site-joined": "<html><head><meta charset=utf-8><title>公告</title></head><body><p>按照国务院办公厅关于政府网站集约化的要求，本网站已整合至县人民政府门户网站，请点击<a href='http://www.example.gov.cn/'>这里</a>访问。</p></body></html>",
    "guard-of-host": "<html><head><meta charset=utf-8><title>网站防火墙</title></head><body><div><h3>您的请求带有不合法参数，已被网站管理员设置拦截！</h3><p>可能原因：您提交的内容包含危险的攻击请求</p><p>如何解决：检查提交内容；如网站托管，请联系空间提供商</p></div></body></html>",
    "space-stopped": "<html><head><meta charset=gb2312><title>站点已暂停</title></head><body><p>抱歉，该站点已经被管理员停止运行，请联系管理员了解详情！</p></body></html>",
    "directory-listing": "<html><head><title>localhost - /x/</title></head><body><H1>localhost - /x/</H1><hr><pre><A HREF='/'>[To Parent Directory]</A><br><br> 5/12/2013 10:22 AM 4120 <A HREF='/x/a.bak'>a.bak</A><br> 5/12/2013 10:22 AM &lt;dir&gt; <A HREF='/x/images/'>images</A><br></pre><hr></body></html>",
}  # fmt: skip


def _barred(rng: Random) -> list[Case]:
    return [
        column(
            name,
            page,
            [],
            outcome="unseen",
            complete=False,
            dialect="barrier",
            encoding="gb2312" if "gb2312" in page else "utf-8",
        )
        for name, page in _BARRED.items()
    ]


def cases(rng: Random) -> list[Case]:
    return [
        *_unknowable(rng),
        *_unlinked(rng),
        *_headlines(rng),
        *_shells(rng),
        *_orders(rng),
        *_cut(rng),
        *_digests(rng),
        *_barred(rng),
    ]

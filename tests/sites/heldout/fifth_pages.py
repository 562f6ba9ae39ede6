"""The fifth set held out: lists over several pages, as the systems of county sites lead through them."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from random import Random

from tests.sites.case import Case, Row
from tests.sites.heldout.fifth_frames import MID, NEW, OLD, items, modern, portal, rows_of, title, upper

#: Gives the pager of page n (from 1) of `of`.
Pager = Callable[[int, int], str]
_SIZE, _COUNT = 12, 41  # four pages, the last of five


def _dede(n: int, of: int) -> str:
    numbers = "".join(
        f'<li class="thisclass">{k}</li>' if k == n else f"<li><a href='list_3_{k}.html'>{k}</a></li>"
        for k in range(1, of + 1)
    )
    following = (
        f"<li><a href='list_3_{n + 1}.html'>下一页</a></li><li><a href='list_3_{of}.html'>末页</a></li>"
        if n < of
        else ""
    )
    chosen = "".join(
        f"<option value='list_3_{k}.html'{' selected' if k == n else ''}>{k}</option>" for k in range(1, of + 1)
    )
    return f"<ul class='pagelist'><li>首页</li>{numbers}{following}<li><select name='sldd' style='width:36px' onchange='location.href=this.options[this.selectedIndex].value;'>{chosen}</select></li><li><span class='pageinfo'>共 <strong>{of}</strong>页<strong>{_COUNT}</strong>条</span></li></ul>"


def _empire(n: int, of: int) -> str:
    def at(k: int) -> str:
        return f"/x/index{f'_{k}' if k > 1 else ''}.html"

    numbers = "".join(f"&nbsp;<b>{k}</b>" if k == n else f'&nbsp;<a href="{at(k)}">{k}</a>' for k in range(1, of + 1))
    ends = f'&nbsp;<a href="{at(n + 1)}">下一页</a>&nbsp;<a href="{at(of)}">尾页</a>' if n < of else ""
    return f'<div class="epages"><a title="Total record">&nbsp;<b>{_COUNT}</b> </a>{numbers}{ends}</div>'


def _phpcms(n: int, of: int) -> str:
    def at(k: int) -> str:
        return f"/index.php?m=content&c=index&a=lists&catid=9&page={min(max(k, 1), of)}"

    numbers = " ".join(f"<span>{k}</span>" if k == n else f'<a href="{at(k)}">{k}</a>' for k in range(1, of + 1))
    return f'<div id="pages" class="text-c"><a class="a1">{_COUNT}条</a> <a href="{at(n - 1)}" class="a1">上一页</a> {numbers} <a href="{at(n + 1)}" class="a1">下一页</a></div>'


def _wordpress(n: int, of: int) -> str:
    older = (
        f'<div class="nav-previous"><a href="/x/page/{n + 1}/"><span class="meta-nav">&larr;</span> 早期文章</a></div>'
        if n < of
        else ""
    )
    newer = (
        f'<div class="nav-next"><a href="/x/{f"page/{n - 1}/" if n > 2 else ""}">新近文章 <span class="meta-nav">&rarr;</span></a></div>'
        if n > 1
        else ""
    )
    return f'<nav class="navigation paging-navigation">{older}{newer}</nav>'


def _siteweaver(n: int, of: int) -> str:
    """Static pages counted from the oldest: the second page is the last number but one."""

    def at(k: int) -> str:
        return "/x/Index.html" if k == 1 else f"/x/List_{of - k + 1}.html"

    following = f'<a href="{at(n + 1)}">下一页</a> <a href="{at(of)}">尾页</a>' if n < of else "下一页 尾页"
    before = f'<a href="{at(1)}">首页</a> <a href="{at(n - 1)}">上一页</a>' if n > 1 else "首页 上一页"
    return f'<div class="show_page">共 <b>{_COUNT}</b> 篇文章 {before} {following} 页次：<strong><font color=red>{n}</font>/{of}</strong>页 <b>{_SIZE}</b>篇文章/页</div>'


def _discuz(n: int, of: int) -> str:
    numbers = "".join(
        f"<strong>{k}</strong>" if k == n else f'<a href="/forum.php?mod=forumdisplay&amp;fid=2&amp;page={k}">{k}</a>'
        for k in range(1, of + 1)
    )
    following = (
        f'<a href="/forum.php?mod=forumdisplay&amp;fid=2&amp;page={n + 1}" class="nxt">下一页</a>' if n < of else ""
    )
    return f'<div class="pg">{numbers}<label><input type="text" name="custompage" class="px" size="2" value="{n}"><span title="共 {of} 页"> / {of} 页</span></label>{following}</div>'


def _pictures(n: int, of: int) -> str:
    following = (
        f'<a href="list.asp?p={n + 1}"><img src="/img/next.gif" border=0></a> <a href="list.asp?p={of}"><img src="/img/last.gif" border=0></a>'
        if n < of
        else ""
    )
    before = (
        f'<a href="list.asp?p=1"><img src="/img/first.gif" border=0></a> <a href="list.asp?p={n - 1}"><img src="/img/prev.gif" border=0></a>'
        if n > 1
        else ""
    )
    return f"<p align=center>{before} 第{n}/{of}页 {following}</p>"


def _last_only(n: int, of: int) -> str:
    return (
        f'<div class="fy">第{n}页/共{of}页 <a href="index.html">首页</a> <a href="index_{of - 1}.html">尾页</a></div>'
    )


def _buttons(n: int, of: int) -> str:
    following = (
        f"""<input type="button" value="下一页" onclick="location.href='?pageIndex={n + 1}'">"""
        if n < of
        else '<input type="button" value="下一页" disabled>'
    )
    return f'<div class="btns"><input type="button" value="上一页"{" disabled" if n == 1 else ""} onclick="location.href=\'?pageIndex={n - 1}\'"> {n}/{of} {following}</div>'


def _arrows(n: int, of: int) -> str:
    numbers = "".join(
        f'<li class="{"active" if k == n else ""}"><a href="{"#" if k == n else f"?p={k}"}">{k}</a></li>'
        for k in range(1, of + 1)
    )
    following = (
        f'<li><a href="?p={n + 1}" aria-label="Next"><span aria-hidden="true">&raquo;</span></a></li>'
        if n < of
        else '<li class="disabled"><span>&raquo;</span></li>'
    )
    return f'<nav><ul class="pagination">{numbers}{following}</ul></nav>'


def _chosen(n: int, of: int) -> str:
    told = "".join(
        f'<option value="list.jsp?cur={k}"{" selected" if k == n else ""}>第{k}页</option>' for k in range(1, of + 1)
    )
    return f'<div>转到 <select onchange="window.location=this.value">{told}</select></div>'


def _by_function(n: int, of: int) -> str:
    return f'<script>function goPage(n){{if(n==1)location.href="index.html";else location.href="index_"+n+".html";}}</script><div class="pg"><a href="javascript:goPage({n + 1 if n < of else of})">下一页</a> <a href="javascript:goPage({of})">末页</a> 共{of}页</div>'


def _written(n: int, of: int) -> str:
    return f"""<div class="page"><script language="javascript">
var currentPage = {n - 1};//所在页从0开始
var prevPage = currentPage-1;//上一页
var nextPage = currentPage+1;//下一页
var countPage = {of};//共多少页
document.write("共"+countPage+"页&nbsp;&nbsp;");
if(countPage>1&&currentPage!=0&&currentPage!=1) document.write("<a href=\\"index_"+prevPage+".htm\\">上一页</a>&nbsp;");
if(countPage>1&&currentPage!=(countPage-1)) document.write("<a href=\\"index_"+nextPage+".htm\\">下一页</a>&nbsp;");
</script></div>"""


def _from_nought(n: int, of: int) -> str:
    return (
        '<ul class="pager">'
        + "".join(f'<li><a href="?page={k - 1}"{" class=on" if k == n else ""}>{k}</a></li>' for k in range(1, of + 1))
        + "</ul>"
    )


#: name → (frame, address of page n, pager). All can be followed to the end.
LED: dict[str, tuple[str, Callable[[int, int], str], Pager]] = {
    "dede": ("portal", lambda n, of: "/x/" if n == 1 else f"/x/list_3_{n}.html", _dede),
    "empire": ("modern", lambda n, of: "/x/" if n == 1 else f"/x/index_{n}.html", _empire),
    "phpcms": ("portal", lambda n, of: f"/index.php?m=content&c=index&a=lists&catid=9{f'&page={n}' if n > 1 else ''}", _phpcms),
    "wordpress": ("modern", lambda n, of: f"/x/{f'page/{n}/' if n > 1 else ''}", _wordpress),
    "siteweaver": ("upper", lambda n, of: "/x/Index.html" if n == 1 else f"/x/List_{of - n + 1}.html", _siteweaver),
    "discuz": ("modern", lambda n, of: f"/forum.php?mod=forumdisplay&fid=2{f'&page={n}' if n > 1 else ''}", _discuz),
    "pictures-of-arrows": ("upper", lambda n, of: f"/x/list.asp{f'?p={n}' if n > 1 else ''}", _pictures),
    "buttons": ("portal", lambda n, of: f"/x/{f'?pageIndex={n}' if n > 1 else ''}", _buttons),
    "arrows": ("modern", lambda n, of: f"/x/{f'?p={n}' if n > 1 else ''}", _arrows),
    "from-nought": ("modern", lambda n, of: f"/x/{f'?page={n - 1}' if n > 1 else ''}", _from_nought),
}  # fmt: skip
#: As above, but a reader may well stop at what it cannot know: its end is never claimed short of the last row.
DARK: dict[str, tuple[str, Callable[[int, int], str], Pager]] = {
    "last-alone": ("portal", lambda n, of: "/x/" if n == 1 else f"/x/index_{n - 1}.html", _last_only),
    "chosen-from-a-list": ("upper", lambda n, of: f"/x/list.jsp{f'?cur={n}' if n > 1 else ''}", _chosen),
    "by-own-function": ("portal", lambda n, of: "/x/" if n == 1 else f"/x/index_{n}.html", _by_function),
    "written-by-script": ("portal", lambda n, of: "/x/" if n == 1 else f"/x/index_{n - 1}.htm", _written),
}  # fmt: skip
_AROUND = {"upper": (upper, OLD, "gb2312"), "portal": (portal, MID, "utf-8"), "modern": (modern, NEW, "utf-8")}


def _aliases(case: Case, name: str, first: str) -> None:
    """The first page under the other address that its pager calls it by."""
    for own in {"discuz": ["/forum.php?mod=forumdisplay&fid=2&page=1"], "phpcms": ["/index.php?m=content&c=index&a=lists&catid=9&page=1"], "empire": ["/x/index.html"], "pictures-of-arrows": ["/x/list.asp?p=1"], "arrows": ["/x/?p=1"], "buttons": ["/x/?pageIndex=1"], "from-nought": ["/x/?page=0"], "dede": ["/x/list_3_1.html"], "last-alone": ["/x/index.html"], "chosen-from-a-list": ["/x/list.jsp?cur=1"], "by-own-function": ["/x/index.html"]}.get(name, ()):  # fmt: skip
        case.answers[own] = case.answers[first]


def _led(rng: Random) -> list[Case]:
    made = []
    for name, (frame, address, pager) in {**LED, **DARK}.items():
        around, today, encoding = _AROUND[frame]
        rows = rows_of(rng, _COUNT, "/x/a/{n}.html", today)
        of = -(-_COUNT // _SIZE)
        case = Case(f"fifth-pages-{name}", today.isoformat())
        for n in range(1, of + 1):
            part = rows[(n - 1) * _SIZE : n * _SIZE]
            case.put(address(n, of), around("公告", items(part) + pager(n, of)), encoding=encoding)
        _aliases(case, name, address(1, of))
        known = name in LED
        case.column(address(1, of), "list", rows if known else rows[:_SIZE], traps=[f"pages-{name}"], complete=known or "any", **({} if known else {"hidden": [r.true() for r in rows[_SIZE:]]}))  # type: ignore[arg-type]  # fmt: skip
        made.append(case)
    return made


#: What is under the first twelve of forty-one rows, and leads nowhere that a reader of pages can go.
UNDER: dict[str, str] = {
    "count-without-a-link": '<p class="cnt">共 41 条记录　每页 12 条</p>',
    "laypage": '<div id="pg"></div><script>layui.use("laypage",function(){layui.laypage.render({elem:"pg",count:41,limit:12,jump:function(o,f){if(!f)load(o.curr)}})});</script>',
    "jquery-pagination": '<div id="Pagination" class="quotes"></div><script>$("#Pagination").pagination(41,{items_per_page:12,num_display_entries:5,callback:function(i){$.post("/ajax/list.do",{p:i},fill)}});</script>',
    "data-page": '<div class="pgs"><span class="cur">1</span><span data-page="2">2</span><span data-page="3">3</span><span data-page="4">4</span></div>',
    "form-sent": '<form name="pf" method="post" action="list.do"><input type="hidden" name="currentPage" value="1"><a href="#" onclick="document.pf.currentPage.value=2;document.pf.submit();return false;">下页</a></form>',
    "pages-as-text": '<div class="txt">【1】【2】【3】【4】 页</div>',
    "button-for-more": '<button type="button" class="btn-more" id="loadmore">查看更多</button>',
    "sub-columns-linked": '<p>历史信息：<a href="/x/old/">2014年以前公告请点此</a></p>',
}


def _under(rng: Random) -> list[Case]:
    made = []
    for n, (name, under) in enumerate(UNDER.items()):
        rows = rows_of(rng, 41, "/x/{n}.html", [MID, NEW][n % 2])
        case = Case(f"fifth-under-{name}", [MID, NEW][n % 2].isoformat())
        case.put("/x/", [portal, modern][n % 2]("公告", items(rows[:12]) + under))
        case.column("/x/", "list", rows[:12], traps=[f"under-{name}"], complete=False, hidden=[r.true() for r in rows[12:]])  # fmt: skip
        made.append(case)
    return made


def _numbers(n: int, of: int) -> str:
    links = " ".join(
        f"<b>{k}</b>" if k == n else f'<a href="{f"p{k}.html" if k > 1 else "/x/"}">{k}</a>' for k in range(1, of + 1)
    )
    return f'<div class="page">{links} {f"<a href=p{n + 1}.html>下一页</a>" if n < of else ""}</div>'


#: What the second of three pages answers instead of its rows.
SECOND: dict[str, Callable[[Case, str], None]] = {
    "missing": lambda case, again: None,
    "fault": lambda case, again: case.put("/x/p2.html", "<h1>500 Internal Server Error</h1>", status=500),
    "refused": lambda case, again: case.put("/x/p2.html", "<html><head><script>var _0x1=['r'];eval('');</script></head><body></body></html>", status=412),
    "empty-frame": lambda case, again: case.put("/x/p2.html", portal("公告", '<ul class="newslist"></ul>' + _numbers(2, 3))),
    "says-nothing-found": lambda case, again: case.put("/x/p2.html", portal("公告", '<div class="none">暂无数据</div>' + _numbers(2, 3))),
    "first-again": lambda case, again: case.put("/x/p2.html", again),
    "front-page": lambda case, again: case.put("/x/p2.html", portal("首页", "<h3>今日要闻</h3>" + "".join(f'<p><a href="/yw/{n}.html">青垭县第{n}次工作会议召开</a><span>2015-0{9 - n}-11</span></p>' for n in range(8)))),
    "sent-to-front-page": lambda case, again: case.answer("/x/p2.html", redirect="/"),
    "puzzle": lambda case, again: case.put("/x/p2.html", '<html><head><meta charset="utf-8"><title>安全验证</title></head><body><p>您的访问过于频繁，请输入验证码后继续访问</p><form><input name=code><img src="/code.jpg"><input type=submit></form></body></html>'),
    "maintenance": lambda case, again: case.put("/x/p2.html", '<html><head><meta charset="utf-8"></head><body><h2>系统维护中，请稍后再试</h2></body></html>'),
    "broken-off": lambda case, again: case.answer("/x/p2.html", file="second.html", type="text/html; charset=utf-8", cut=2600),
}  # fmt: skip


def _second(rng: Random) -> list[Case]:
    made = []
    for name, put in SECOND.items():
        rows = rows_of(rng, 36, "/x/{n}.html", MID)
        case = Case(f"fifth-second-{name}", MID.isoformat())
        pages = [portal("公告", items(rows[k * 12 : k * 12 + 12]) + _numbers(k + 1, 3)) for k in range(3)]
        case.put("/x/", pages[0])
        case.put("/x/p3.html", pages[2])
        case.put("/second.html", pages[1])
        put(case, pages[0])
        case.put("/", modern("首页", "<p>欢迎访问</p>"))
        case.column("/x/", "list", rows[:12], traps=[f"second-{name}"], outcome="any", complete=False, hidden=[r.true() for r in rows[12:]])  # fmt: skip
        made.append(case)
    return made


def _data(rng: Random) -> list[Case]:
    """What interfaces answer, the way described by the rule."""
    made = []
    way = {
        "items": "data.list",
        "title": "title",
        "url": "url",
        "date": "time",
        "pages": "data.pages",
        "page": "pageNo",
    }
    rows = rows_of(rng, 9, "/x/{n}.html", NEW)
    # Written in universal time: half past four in the afternoon before is half past midnight here.
    told = [{"title": r.title, "url": r.url, "time": f"{date.fromordinal(r.day.toordinal() - 1)}T16:30:00.000Z"} for r in rows if r.day]  # fmt: skip
    case = Case("fifth-data-universal-time", NEW.isoformat())
    case.put("/api/list?c=4", json.dumps({"code": 200, "data": {"pages": 1, "list": told}}), type="application/json")
    case.column("/api/list?c=4", "interface", rows, traps=["data-universal-time"], interface=way, marks=False)
    made.append(case)
    faults = {
        "error-code": {"code": 500, "msg": "系统异常，请联系管理员", "data": {"list": [], "pages": 0}},
        "log-in": {"code": 401, "msg": "登录已过期", "data": {"list": [], "pages": 0}},
        "no-success": {"success": False, "message": "参数错误", "data": {"list": [], "pages": 0}},
        "data-null": {"code": 200, "msg": "ok", "data": None},
    }
    for name, answer in faults.items():
        case = Case(f"fifth-data-{name}", NEW.isoformat())
        case.put("/api/list?c=4", json.dumps(answer, ensure_ascii=False), type="application/json")
        case.column("/api/list?c=4", "barrier", (), traps=[f"data-{name}"], outcome="unseen", complete=False, interface=way)  # fmt: skip
        made.append(case)
    case = Case("fifth-data-page-two-fails", NEW.isoformat())
    rows = rows_of(rng, 20, "/x/{n}.html", NEW)
    told = [{"title": r.title, "url": r.url, "time": f"{r.day} 09:00:00"} for r in rows]
    case.put("/api/list?c=4", json.dumps({"code": 200, "data": {"pages": 2, "list": told[:10]}}), type="application/json")  # fmt: skip
    case.put("/api/list?c=4&pageNo=2", json.dumps({"code": 500, "msg": "系统异常", "data": {"pages": 2, "list": []}}), type="application/json")  # fmt: skip
    case.column("/api/list?c=4", "interface", rows[:10], traps=["data-page-two-fails"], interface=way, outcome="any", complete=False, marks=False, hidden=[r.true() for r in rows[10:]])  # fmt: skip
    made.append(case)
    return made


def _miscounted(rng: Random) -> list[Case]:
    """Pagers that lie."""
    rows = rows_of(rng, 24, "/x/{n}.html", MID)
    more = [Row(title(rng), f"/x/z{n}.html", date(2012, 1, 9)) for n in range(16)]
    case = Case("fifth-forty-said-twenty-four-shown", MID.isoformat())
    for n in (1, 2):
        case.put("/x/" if n == 1 else "/x/p2.html", portal("公告", items(rows[n * 12 - 12 : n * 12]) + f"<p>共40条</p>{_numbers(n, 2)}"))  # fmt: skip
    case.column("/x/", "list", rows, traps=["miscounted"], complete=False, hidden=[r.true() for r in more])
    return [case]


def cases(rng: Random) -> list[Case]:
    return [*_led(rng), *_under(rng), *_second(rng), *_data(rng), *_miscounted(rng)]


def of_pages(found: Sequence[Case]) -> int:
    """How many of the cases have more than one page."""
    return sum(1 for case in found if len(case.answers) > 1)

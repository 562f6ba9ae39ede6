"""Columns of the systems counties buy: TRS WCM, Hanweb JCMS, UCAP, Boda; feeds, site maps, a JSON interface."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from random import Random
from zoneinfo import ZoneInfo

from tests.sites import rows, words
from tests.sites.case import Case, Row
from tests.sites.plain import addressed, make_rows, pages_of
from tests.sites.skins import SKINS, Place, frame, side_list

_ZONE = ZoneInfo("Asia/Shanghai")

_TRS_SCRIPT = """<script language="JavaScript">
//WCM置标
function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){
 if(_nPageCount == null || _nPageCount<=1){return;}
 var nCurrIndex = _nCurrIndex || 0;
 if(nCurrIndex == 0){document.write('<a>首页</a>&nbsp;<a>上一页</a>&nbsp;');}
 else{var nPre = nCurrIndex - 1; var sPre = nPre <= 0 ? "" : "_" + nPre; document.write('<a href="'+_sPageName+'.'+_sPageExt+'">首页</a>&nbsp;<a href="'+_sPageName+sPre+'.'+_sPageExt+'">上一页</a>&nbsp;');}
 for(var i=0; i<_nPageCount; i++){ if(nCurrIndex == i) document.write('<span>'+(i+1)+'</span>&nbsp;'); else document.write('<a href="'+_sPageName+(i?'_'+i:'')+'.'+_sPageExt+'">'+(i+1)+'</a>&nbsp;');}
 if(nCurrIndex < _nPageCount-1) document.write('<a href="'+_sPageName+'_'+(nCurrIndex+1)+'.'+_sPageExt+'">下一页</a>');
}
"""


def trs(rng: Random) -> Iterator[Case]:
    """Links beside the page (./201509/t20150928_1.html), pages made by a script call."""
    sites = [
        ("items", "boxes", rows.DASHES, "utf-8", "html", 3, '"html"'), ("layout-rows", "tables", rows.BRACKETED, "gb2312", "htm", 5, '"htm"'),
        ("date-first", "wide", rows.SLASHES, "utf-8", "shtml", 2, "'shtml'"), ("items", "tables", rows.NO_YEAR, "gbk", "html", 1, '"html"'),
        ("inside", "wide", rows.DOTS, "utf-8", "html", 12, '"html"'),
    ]  # fmt: skip
    for n, (style, skin, form, encoding, ext, count, call) in enumerate(sites):
        county = words.COUNTIES[n]
        case = Case(f"trs/{n:02d}")
        home = f"/zwgk/zdly/hb{n}/"
        shown = make_rows(
            rng,
            county,
            date(2015, 9, 28),
            count * 15 - 4,
            addressed(f"./{{d:%Y%m}}/t{{d:%Y%m%d}}_{{n}}.{ext}", 300_000),
            step=6,
        )
        has_year = form is not rows.NO_YEAR
        true = [replace(r, url=home + r.url[2:], inferred=not has_year) for r in shown]
        place = Place(
            county,
            "环境保护",
            date(2015, 9, 30),
            "gb2312" if encoding != "utf-8" else "utf-8",
            trail=("政务公开", "重点领域"),
        )
        for at, part in enumerate(pages_of(shown, 15)):
            order = f'createPageHTML({count}, {at}, "index", {call});'
            main = rows.write(style, part, form) + f'<div class="fanye">{_TRS_SCRIPT}{order}\n</script></div>'
            address = home if at == 0 else f"{home}index_{at}.{ext}"
            case.put(
                address,
                SKINS[skin](rng, place, f"环境保护-{county}政府网", main, side_list(rng, place, 6) if n % 2 else ""),
                encoding=encoding,
            )
        # a printed day that the address confirms may be marked either way
        case.column(home, "trs", true, traps=["multi-page"] if count > 1 else [], marks=has_year)
        yield case


def trs_named(rng: Random) -> Iterator[Case]:
    """Newer templates name the box that the pager is written into, and count the entries."""
    for n, (begin, name) in enumerate([(0, "list"), (0, "index"), (1, "index")]):
        case = Case(f"trs/named-{n}")
        county = words.COUNTIES[n + 4]
        home = f"/xxgk/fdzdgknr/{n}/"
        shown = make_rows(
            rng, county, date(2015, 9, 28), 32, lambda day, n: f"./{day:%Y%m}/t{day:%Y%m%d}_{n + 500000}.html"
        )
        for at, part in enumerate(pages_of(shown, 12)):
            order = f"createPageHTML('paging-box',3,{at + begin},'{name}','html',32);"
            main = rows.write("items", part) + f'<div id="paging-box"></div><script>{order}</script>'
            place = Place(county, "法定主动公开内容")
            page = SKINS["wide"](rng, place, "法定主动公开内容", main, "")
            case.put(
                (f"{home}{name}.html" if name != "index" else home) if at == 0 else f"{home}{name}_{at}.html", page
            )
        case.column(
            f"{home}{name}.html" if name != "index" else home,
            "trs",
            [replace(r, url=home + r.url[2:]) for r in shown],
            traps=["pager-in-a-named-box"],
            marks=False,
        )
        yield case


def _record(r: Row, style: int) -> str:
    if style == 0:
        return f"<li><a href='{r.url}' title='{r.title}' target='_blank'>{words.shortened(r.title)}</a><span>{r.day}</span></li>"
    if style == 1:
        return f'<tr><td width="3%"><img src="/picture/0/dot.gif"></td><td><a class="bt_link" title="{r.title}" href="{r.url}" target="_blank">{r.title}</a></td><td class="bt_time" width="90">[{r.day}]</td></tr>'
    return f'<li class="cf"><a href="{r.url}"><b class="t">{r.title}</b></a><i readlabel="1">{r.day}</i></li>'


def _quoted(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def jcms(rng: Random) -> Iterator[Case]:
    """The list inside a script as a data store; what lies beyond comes from a proxy, by ranges or by pages."""
    sites = [
        ("boxes", 0, "range", 62, 20),
        ("tables", 1, "range", 41, 15),
        ("wide", 2, "page", 50, 15),
        ("wide", 0, "none", 17, 20),
        ("boxes", 1, "form", 75, 25),
    ]
    for n, (skin, style, proxy, count, size) in enumerate(sites):
        county = words.COUNTIES[9 - n]
        case = Case(f"jcms/{n:02d}")
        column, unit = 280 + n, 4400 + n
        all_rows = make_rows(
            rng,
            county,
            date(2015, 9, 29),
            count,
            addressed(f"/art/{{d.year}}/{{d.month}}/{{d.day}}/art_{column}_{{n}}.html"),
        )
        records = [_record(r, style) for r in all_rows]
        group = {"range": size, "form": size * 3, "page": size, "none": count}[proxy]
        inner = "".join(f"<record>{_quoted(record)}</record>\n" for record in records[:group])
        query = f"webid=1&appid=1&path=/&columnid={column}&unitid={unit}&webname={county}人民政府&permissiontype=0"
        following = (
            f'<nextgroup>{_quoted(f"""<a href="/module/web/jpage/dataproxy.jsp?page=1&{query}"></a>""")}</nextgroup>'
            if proxy == "page"
            else ""
        )
        store = f'<script type="text/xml"><datastore>\n{following}<recordset>\n{inner}</recordset></datastore></script>'
        # the systems write what the reader's script needs beside the box it fills
        setting = f"""<script type="text/javascript" src="/script/jpage/jpage.js"></script><script>$(function(){{$('#{unit}').jpage({{dataType:'xml',themeName:'default',groupSize:3,perPage:{size},totalRecord:{count},openCookies:false,
proxyUrl:'/module/web/jpage/dataproxy.jsp',ajaxParam:{{col:1,appid:1,webid:1,path:'/',columnid:{column},sourceContentType:1,unitid:'{unit}',webname:'{county}人民政府',permissiontype:0}}}});}});</script>"""
        main = f'<div id="{unit}" class="default_pgContainer"></div>{store}{setting if proxy != "page" else ""}'
        place = Place(county, "公示公告")
        home = f"/col/col{column}/index.html"
        case.put(
            home, SKINS[skin](rng, place, f"{county}人民政府 公示公告", main, side_list(rng, place, 5) if n % 2 else "")
        )
        if proxy in ("range", "form"):
            case.answer("/module/web/jpage/dataproxy.jsp", jpage={"records": records, "by": "range"})
        elif proxy == "page":
            case.answer(
                "/module/web/jpage/dataproxy.jsp",
                jpage={"records": records, "by": "page", "size": size, "query": query},
            )
        case.column(home, "jcms", all_rows, traps=[f"proxy:{proxy}"])
        yield case


def _ucap_json(part: list[Row], total: int, page: int, size: int) -> str:
    results = []
    for r in part:
        assert r.day
        moment = datetime(r.day.year, r.day.month, r.day.day, 16, 41, 7, tzinfo=_ZONE)
        results.append(
            {"manuscriptId": r.url.rpartition("_")[2].partition(".")[0], "title": r.title, "subTitle": "", "url": r.url, "channelName": "公示公告",
             "content": f"{r.title}……根据有关规定，现予公布。", "publishedTime": int(moment.timestamp() * 1000), "publishedTimeStr": f"{moment:%Y-%m-%d %H:%M:%S}",
             "domainMetaList": [], "resList": [], "source": "本站"}
        )  # fmt: skip
    return json.dumps(
        {"code": 200, "msg": "ok", "data": {"results": results, "total": total, "page": page, "rows": size}},
        ensure_ascii=False,
    )


def ucap(rng: Random) -> Iterator[Case]:
    """The column's JSON interface; the pages it makes; a shell that only a script fills."""
    for n, (count, size) in enumerate([(47, 18), (12, 15)]):
        case = Case(f"ucap/json-{n}")
        all_rows = make_rows(
            rng,
            words.COUNTIES[n],
            date(2015, 9, 29),
            count,
            lambda day, n: f"/zwgk/gsgg/content/post_{n + 1000000}.html",
        )
        base = f"/searchList/a1a078ee0bc54721ab6b148884c784{n}8?_isAgg=true&_isJson=true&_pageSize={size}&_template=index&_channelName=&page="
        parts = pages_of(all_rows, size)
        for at, part in enumerate(parts):
            case.put(f"{base}{at + 1}", _ucap_json(part, count, at + 1, size), type="application/json; charset=utf-8")
        case.put(f"{base}{len(parts) + 1}", _ucap_json([], count, len(parts) + 1, size), type="application/json")
        case.column(f"{base}1", "ucap", all_rows, traps=["epoch-milliseconds"])
        yield case
    county = words.COUNTIES[6]
    case = Case("ucap/static")
    all_rows = make_rows(
        rng, county, date(2015, 9, 29), 53, lambda day, n: f"/zwgk/tzgg/content/post_{n + 2000000}.html"
    )
    place = Place(county, "通知公告")
    parts = pages_of(all_rows, 20)
    for at, part in enumerate(parts):
        links = "".join(
            f'<a href="{"index.html" if k == 0 else f"index_{k + 1}.html"}"{" class=on" if k == at else ""}>{k + 1}</a>'
            for k in range(len(parts))
        )
        onward = f'<a class="next" href="index_{at + 2}.html">下一页</a>' if at + 1 < len(parts) else ""
        main = rows.write("inside", part) + f'<div class="page-links">{links}{onward}</div>'
        case.put(
            "/zwgk/tzgg/" if at == 0 else f"/zwgk/tzgg/index_{at + 1}.html",
            SKINS["wide"](rng, place, "通知公告", main, side_list(rng, place)),
        )
    case.put("/zwgk/tzgg/index.html", case._bodies["zwgk/tzgg/index.html"])
    case.column("/zwgk/tzgg/", "ucap", all_rows, traps=["multi-page"])
    yield case
    case = Case("ucap/shell")
    main = '<div id="listbox"><ul class="list-ul"></ul><div class="page-box"></div></div><script>$.ajax({url:"/common/search/9f1e23d0?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1",dataType:"json",success:function(res){render(res.data.results);}});</script>'
    case.put("/zwgk/jdhy/", frame(rng, county, "解读回应", main, skin="wide", side=side_list(rng, place)))
    shell = make_rows(rng, county, date(2015, 9, 29), 9, lambda day, n: f"/zwgk/jdhy/content/post_{n + 3000000}.html")
    case.put(
        "/common/search/9f1e23d0?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1",
        _ucap_json(shell, 9, 1, 20),
        type="application/json",
    )
    case.column(
        "/zwgk/jdhy/",
        "ucap",
        [],
        traps=["filled-by-script"],
        outcome="any",
        complete=False,
        hidden=[r.true() for r in shell],
    )
    yield case


def boda(rng: Random) -> Iterator[Case]:
    """Rows with ids, hidden rules between them, articles at info/COLUMN/ID.htm, pages that count down."""
    sites = [("boxes", 15, 4, rows.SLASHES), ("wide", 20, 1, rows.SLASHES), ("tables", 10, 13, rows.BRACKETED)]
    for n, (skin, size, count, form) in enumerate(sites):
        county = words.COUNTIES[n + 5]
        case = Case(f"boda/{n:02d}")
        name = f"tzgg{n}"
        shown = make_rows(rng, county, date(2015, 9, 27), size * count - 3, lambda day, n: f"info/1116/{n}.htm")
        true = [replace(r, url=f"/{r.url}") for r in shown]
        parts = pages_of(shown, size)
        for at, part in enumerate(parts):
            below = at > 0  # later pages lie in a folder of the column's name
            body = "".join(
                f'<li id="line_u9_{k}"><span>{form.format(r.day)}</span><a href="{"../" if below else ""}{r.url}" target="_blank" title="{r.title}">{words.shortened(r.title, 26)}</a></li><span id="section_u9_{k}" style="display:none;"><hr style="height:1px;border:none;border-top:1px dashed #CCCCCC;"></span>\n'
                for k, r in enumerate(part) if r.day
            )  # fmt: skip
            main = f'<div class="list"><ul>{body}</ul></div>{_boda_pager(name, at, count, len(shown))}'
            place = Place(county, "通知公告")
            address = f"/{name}/{count - at}.htm" if below else f"/{name}.htm"
            case.put(
                address, SKINS[skin](rng, place, f"通知公告-{county}", main, side_list(rng, place, 5) if n == 0 else "")
            )
        case.column(f"/{name}.htm", "boda", true, traps=["pages-count-down"] if count > 1 else [])
        yield case


def _boda_pager(name: str, at: int, count: int, total: int) -> str:
    def address(k: int) -> str:
        if k == 0:
            return f"../{name}.htm" if at else f"{name}.htm"
        return f"{count - k}.htm" if at else f"{name}/{count - k}.htm"

    numbers = "".join(
        f'<span class="p_no_d">{k + 1}</span>'
        if k == at
        else f'<span class="p_no"><a href="{address(k)}">{k + 1}</a></span>'
        for k in range(count)
        if abs(k - at) < 4 or k == count - 1
    )
    onward = (
        f'<span class="p_next p_fun"><a href="{address(at + 1)}">下页</a></span><span class="p_last p_fun"><a href="{address(count - 1)}">尾页</a></span>'
        if at + 1 < count
        else '<span class="p_next_d p_fun_d">下页</span><span class="p_last_d p_fun_d">尾页</span>'
    )
    return f'<div class="pb_sys_common pb_sys_normal pb_sys_style1" style="margin-top:10px;text-align:center;"><span class="p_t">共{total}条</span> <span class="p_pages">{numbers}{onward}</span> <span class="p_t">{at + 1}/{count}</span></div>'


def cases(rng: Random) -> list[Case]:
    return [*trs(rng), *trs_named(rng), *jcms(rng), *ucap(rng), *boda(rng)]

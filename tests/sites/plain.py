"""Columns of no particular system: lists, tables, the disclosure catalogue, and what makes them hard."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from tests.sites import rows, words
from tests.sites.case import Case, Row
from tests.sites.skins import SKINS, Place, frame, side_list


def make_rows(
    rng: Random, county: str, newest: date, count: int, address: Callable[[date, int], str], step: int = 5
) -> list[Row]:
    """Rows from new to old; no two titles or addresses alike."""
    result: list[Row] = []
    seen: set[str] = set()
    for n, day in enumerate(words.days_back(rng, newest, count, step=step)):
        name = words.title(rng, county, day)
        while name in seen:
            name = words.title(rng, county, day) + rng.choice(["（一）", "（二）", "（补充）", ""])
        seen.add(name)
        result.append(Row(name, address(day, 10_000 + 37 * n + rng.randrange(30)), day))
    return result


def addressed(form: str, plus: int = 0) -> Callable[[date, int], str]:
    """Addresses by a form with {d} for the day and {n} for a number."""
    return lambda day, n: form.format(d=day, n=n + plus)


def pages_of(all_rows: list[Row], size: int) -> list[list[Row]]:
    return [all_rows[at : at + size] for at in range(0, len(all_rows), size)]


def linked_pager(number: int, count: int, address: Callable[[int], str]) -> str:
    """First, previous, numbers, next, last; `number` from 0."""
    parts = [f"共{count}页 第{number + 1}页"]
    parts.append(
        f'<a href="{address(0)}">首页</a><a href="{address(number - 1)}">上一页</a>'
        if number
        else "<span>首页</span><span>上一页</span>"
    )
    parts += [f"<b>{n + 1}</b>" if n == number else f'<a href="{address(n)}">{n + 1}</a>' for n in range(count)]
    parts.append(
        f'<a href="{address(number + 1)}">下一页</a><a href="{address(count - 1)}">尾页</a>'
        if number + 1 < count
        else "<span>下一页</span><span>尾页</span>"
    )
    return f'<div class="page">{" ".join(parts)}</div>'


_SITES = [
    # style, skin, form of the day, encoding, charset printed, header says it, pages, rows
    ("items", "boxes", rows.DASHES, "utf-8", "utf-8", True, 3, 56),
    ("date-first", "wide", rows.BRACKETED, "utf-8", "utf-8", False, 2, 38),
    ("layout-rows", "tables", rows.UNPADDED, "gbk", "gb2312", False, 4, 71),
    ("definition", "boxes", rows.DOTS, "gb18030", "gb2312", True, 1, 15),
    ("abstracts", "wide", rows.HAN, "utf-8", "utf-8", True, 2, 18),
    ("inside", "wide", rows.SLASHES, "utf-8", "utf-8", True, 1, 20),
    ("day-block", "wide", rows.DASHES, "utf-8", "utf-8", True, 3, 30),
    ("trailing-text", "tables", rows.BRACKETED, "gbk", None, False, 2, 44),
    ("items", "tables", rows.HAN, "gbk", None, True, 1, 12),
    ("day-inside", "wide", rows.DASHES, "utf-8", "utf-8", True, 2, 24),
    ("pairs", "tables", rows.DASHES, "gbk", "gb2312", False, 2, 40),
    ("sections", "wide", rows.DASHES, "utf-8", "utf-8", False, 2, 20),
    ("broken-lines", "tables", rows.BRACKETED, "gbk", "gb2312", True, 2, 30),
    ("badged", "wide", rows.DASHES, "utf-8", "utf-8", True, 1, 16),
    ("particulars", "boxes", rows.SLASHES, "utf-8", "utf-8", False, 2, 24),
    ("always-dotted", "boxes", rows.DOTS, "utf-8", "utf-8", True, 1, 18),
]


def lists(rng: Random) -> Iterator[Case]:
    """Every way of writing a row, in several frames, encodings and with pages that are linked."""
    for n, (style, skin, form, encoding, charset, header, page_count, count) in enumerate(_SITES):
        county = words.COUNTIES[n % len(words.COUNTIES)]
        case = Case(f"plain/{n:02d}-{style}")
        all_rows = make_rows(rng, county, date(2015, 9, 29), count, lambda day, n: f"/zwgk/{day:%Y%m}/{n}.html")
        place = Place(county, "通知公告", date(2015, 9, 30), charset)
        parts = pages_of(all_rows, -(-count // page_count))

        def address(n: int) -> str:
            return "/zwgk/tzgg/" if n == 0 else f"/zwgk/tzgg/list_{n + 1}.html"

        for at, part in enumerate(parts):
            main = rows.write(style, part, form) + linked_pager(at, len(parts), address)
            side = side_list(rng, place, 5) if n % 2 else ""
            case.put(
                address(at), SKINS[skin](rng, place, f"通知公告_{county}人民政府", main, side), encoding=encoding,
                type=f"text/html; charset={charset or 'GBK'}" if header else "text/html",
            )  # fmt: skip
        traps = [f"encoding:{encoding}-{'header' if header else 'meta' if charset else 'neither'}"]
        case.column("/zwgk/tzgg/", "list", all_rows, traps=[*traps, *(["multi-page"] if len(parts) > 1 else [])])
        yield case


_HEADS = ["索引号", "信息名称", "文号", "生成日期", "发布日期", "发布机构"]


def _catalogue(rng: Random, part: list[Row], heads: list[str], county: str, first: int) -> str:
    lines = []
    for n, r in enumerate(part):
        assert r.day
        made_on = r.day - timedelta(days=rng.randrange(2, 25))
        cell = {
            "索引号": f"K{rng.randrange(10**7, 10**8)}/{r.day.year}-{rng.randrange(10**4, 10**5)}", "序号": str(first + n + 1),
            "信息名称": f'<a href="{r.url}" title="{r.title}" target="_blank">{words.shortened(r.title, 24)}</a>',
            "标题": f'<a href="{r.url}" target="_blank">{r.title}</a>', "名称": f'<a href="{r.url}" onmouseover="show(this)">{r.title}</a>',
            "文号": f"{county[0]}政发〔{r.day.year}〕{rng.randrange(1, 99)}号" if n % 3 else "",
            "发文字号": f"{county[0]}政办函〔{r.day.year}〕{rng.randrange(1, 99)}号",
            "生成日期": made_on.isoformat(), "成文日期": rows.HAN.format(made_on), "成文时间": made_on.isoformat(), "发布日期": r.day.isoformat(), "发布时间": f"{r.day} {rng.randrange(8, 18):02d}:{rng.randrange(60):02d}",
            "发布机构": f"{county}{rng.choice(words.DEPARTMENTS)}", "公开形式": "政府网站", "公开时限": "长期公开", "主题分类": "综合政务",
        }  # fmt: skip
        lines.append("<tr>" + "".join(f"<td>{cell[head]}</td>" for head in heads) + "</tr>")
    return f'<table class="ml" width="100%" border="1"><thead><tr>{"".join(f"<th>{head}</th>" for head in heads)}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def catalogues(rng: Random) -> Iterator[Case]:
    """Disclosure catalogues: the day of publication stands beside other days, in columns of any order."""
    sites = [
        (_HEADS, "boxes", "utf-8", 40, 20),
        (["序号", "索引号", "标题", "成文日期", "发布日期"], "tables", "gbk", 25, 25),
        (["发布日期", "名称", "发文字号", "生成日期", "公开形式", "公开时限"], "wide", "utf-8", 30, 15),
        (["索引号", "主题分类", "信息名称", "成文时间", "发布时间"], "boxes", "utf-8", 18, 18),
    ]
    for n, (heads, skin, encoding, count, size) in enumerate(sites):
        county = words.COUNTIES[n + 3]
        case = Case(f"catalogue/{n:02d}")
        all_rows = make_rows(rng, county, date(2015, 9, 28), count, lambda day, n: f"/xxgk/show.aspx?id={n}")
        place = Place(county, "政府信息公开目录", date(2015, 9, 30), "gb2312" if encoding == "gbk" else "utf-8")
        parts = pages_of(all_rows, size)

        def address(n: int) -> str:
            return f"/xxgk/list.aspx?cid=12&page={n + 1}" if n else "/xxgk/list.aspx?cid=12"

        for at, part in enumerate(parts):
            query = '<div class="query"><form>索引号：<input name="ind"> 名称：<input name="t"> 发布日期：<input name="b" value="2015-01-01"> 至 <input name="e" value="2015-12-31"><button>查询</button></form></div>'
            main = query + _catalogue(rng, part, heads, county, at * size) + linked_pager(at, len(parts), address)
            case.put(address(at), SKINS[skin](rng, place, "政府信息公开目录", main, ""), encoding=encoding)
        case.column("/xxgk/list.aspx?cid=12", "table", all_rows, traps=["written-day-beside-published-day"])
        yield case


def without_year(rng: Random) -> Iterator[Case]:
    """Days without a year, across a new year, and a pinned row on top that is out of order."""
    for n, style in enumerate(["items", "trailing-text", "date-first"]):
        county = words.COUNTIES[n]
        case = Case(f"plain/no-year-{n}", today="2015-02-05")
        all_rows = [
            replace(r, inferred=True)
            for r in make_rows(rng, county, date(2015, 2, 4), 40, lambda day, n: f"/gg/{n}.htm", step=4)
        ]
        assert all_rows[0].day
        assert all_rows[-1].day
        assert all_rows[0].day.year != all_rows[-1].day.year
        parts = pages_of(all_rows, 20)

        def address(n: int) -> str:
            return "/gg/" if n == 0 else f"/gg/index_{n}.htm"

        form = rows.NO_YEAR if n != 2 else "{:%m月%d日}"
        for at, part in enumerate(parts):
            main = rows.write(style, part, form) + linked_pager(at, 2, address)
            place = Place(county, "公告公示", date(2015, 2, 5))
            case.put(address(at), SKINS[["boxes", "tables", "wide"][n]](rng, place, "公告公示", main, ""))
        case.column("/gg/", "list", all_rows, traps=["no-year", "new-year"])
        yield case


def pinned(rng: Random) -> Iterator[Case]:
    """Old rows on top with a mark; a red 'new' picture; only the hour for what came out today."""
    county = words.COUNTIES[5]
    fresh = make_rows(rng, county, date(2015, 9, 28), 30, lambda day, n: f"/tz/{day:%Y/%m/%d}/{n}.shtml")
    for n, mark in enumerate(["[置顶]", '<img src="/images/top.gif" alt="置顶">']):
        old = [
            Row(f"{county}政府信息公开指南", "/tz/2013/03/12/77.shtml", date(2013, 3, 12)),
            Row(f"{county}人民政府关于公布权力清单的公告", "/tz/2014/11/02/99.shtml", date(2014, 11, 2)),
        ]
        case = Case(f"plain/pinned-{n}")
        body = '<ul class="list">'
        for r in old:
            body += f'<li class="top">{mark}<a href="{r.url}" style="color:red">{r.title}</a><span>{r.day}</span></li>'
        for at, r in enumerate(fresh):
            new = '<img src="/images/new.gif" alt="新">' if at < 3 else ""
            body += (
                f'<li><a href="{r.url}" title="{r.title}">{words.shortened(r.title)}</a>{new}<span>{r.day}</span></li>'
            )
        case.put("/tz/", frame(rng, county, "通知", body + "</ul>"))
        case.column("/tz/", "list", [*old, *fresh], traps=["pinned"])
        yield case
    case = Case("plain/today-by-the-hour")
    todays = [
        Row(words.title(rng, county, date(2015, 9, 30)) + mark, f"/dt/{n}.html", date(2015, 9, 30), inferred=True)
        for n, mark in enumerate("甲乙丙", 500)
    ]
    body = '<ul class="news-list">' + "".join(
        f'<li><a href="{r.url}">{r.title}</a><em>{hour}</em></li>'
        for r, hour in zip(todays, ["10:32", "09:05", "08:11"], strict=True)
    )
    body += "".join(f'<li><a href="{r.url}">{r.title}</a><em>{r.day}</em></li>' for r in fresh) + "</ul>"
    case.put("/dt/", frame(rng, county, "政务动态", body, skin="wide"))
    case.column("/dt/", "list", [*todays, *fresh], traps=["only-the-hour-today"])
    yield case


def beside(rng: Random) -> Iterator[Case]:
    """A short column beside a long list of something else; a copy for telephones; tabs with other columns."""
    county = words.COUNTIES[7]
    few = make_rows(rng, county, date(2015, 9, 20), 3, lambda day, n: f"/hjbh/szgb/{day:%Y%m}/{n}.html", step=30)
    case = Case("plain/few-rows-long-side")
    place = Place(county, "水质公报", date(2015, 9, 30), trail=("政府信息公开", "环境保护"))
    main = rows.write("items", few) + '<div class="page">共3条 1/1页</div>'
    case.put("/hjbh/szgb/", SKINS["boxes"](rng, place, f"水质公报-{county}人民政府", main, side_list(rng, place, 12)))
    case.column("/hjbh/szgb/", "list", few, traps=["short-column-long-side-list"])
    yield case
    case = Case("plain/telephone-copy")
    some = make_rows(rng, county, date(2015, 9, 25), 20, lambda day, n: f"/a/{n}.html")
    main = (
        rows.write("items", some)
        + f'<div class="m-show" style="display:none">{rows.write("trailing-text", some, rows.NO_YEAR)}</div>'
    )
    case.put("/a/", frame(rng, county, "公告", main, skin="wide"))
    case.column("/a/", "list", some, traps=["telephone-copy"])
    yield case
    case = Case("plain/undated")
    undated = [
        Row(r.title, r.url, None) for r in make_rows(rng, county, date(2015, 9, 25), 14, lambda day, n: f"/fg/{n}.html")
    ]
    main = (
        '<ul class="list">'
        + "".join(f'<li><a href="{r.url}" title="{r.title}">{r.title}</a></li>' for r in undated)
        + '</ul><div class="page">共14条</div>'
    )
    case.put("/fg/", frame(rng, county, "政策法规", main))
    case.column("/fg/", "list", undated, traps=["no-date-at-all"])
    yield case
    case = Case("plain/posted-pager")
    part = make_rows(rng, county, date(2015, 9, 25), 20, lambda day, n: f"/info/view.do?id={n}")
    pager = '<form name="pf" method="post" action="/info/list.do"><input type="hidden" name="pageNo" value="1">共 8 页 156 条 <a href="javascript:void(0)" onclick="document.pf.pageNo.value=2;document.pf.submit();">下一页</a> <a href="javascript:void(0)" onclick="document.pf.pageNo.value=8;document.pf.submit();">末页</a></form>'
    case.put("/info/list.do", frame(rng, county, "公示公告", rows.write("layout-rows", part) + pager, skin="tables"))
    case.column("/info/list.do", "list", part, traps=["pages-that-cannot-be-followed"], complete=False)
    yield case


def labelled(rng: Random) -> list[Case]:
    """A catalogue without a table: each entry a block of labelled lines."""
    case = Case("catalogue/blocks")
    county = words.COUNTIES[4]
    all_rows = make_rows(rng, county, date(2015, 9, 26), 12, lambda day, n: f"/xxgk/detail_{n}.html")
    body = ""
    for n, r in enumerate(all_rows):
        assert r.day
        body += f'<div class="xxgk-item"><p class="bt"><a href="{r.url}" target="_blank">{r.title}</a></p><p class="sx"><span>索引号：X{n}-2015</span><span>生成日期：{r.day - timedelta(days=8)}</span><span>发布日期：{r.day}</span><span>发布机构：{county}财政局</span></p></div>\n'
    case.put("/xxgk/ml.html", frame(rng, county, "信息公开目录", body + '<div class="page">共12条 1/1</div>'))
    case.column("/xxgk/ml.html", "list", all_rows, traps=["written-day-beside-published-day"])
    return [case]


def other_pagers(rng: Random) -> Iterator[Case]:
    """Ways on to the next page that are not called so."""
    county = words.COUNTIES[9]
    pagers: dict[str, Callable[[int, int, Callable[[int], str]], str]] = {
        "arrow": lambda at, n, to: (
            (f'<a class="nextpage" href="{to(at + 1)}">&gt;</a>' if at + 1 < n else "")
            + f'<a href="{to(n - 1)}">&gt;|</a>'
        ),
        "picture": lambda at, n, to: (
            f'<a href="{to(at + 1)}" title="下一页"><img src="/images/next.gif" alt="下一页"></a>'
            if at + 1 < n
            else f"第{n}页/共{n}页"
        ),
        "numbers": lambda at, n, to: "".join(
            f'<a href="{to(k)}">[{k + 1}]</a>' if k != at else f"<b>[{k + 1}]</b>" for k in range(n)
        ),
        "choice": lambda at, n, to: (
            f"第{at + 1}页 共{n}页 <select name=jump onchange='location.href=this.options[this.selectedIndex].value'>"
            + "".join(f'<option value="{to(k)}"{" selected" if k == at else ""}>{k + 1}</option>' for k in range(n))
            + "</select>"
        ),
        "blanks-in-the-word": lambda at, n, to: (
            f'第{at + 1}/{n}页 <a href="{to(max(at - 1, 0))}">上&nbsp;一&nbsp;页</a>'
            + (f'<a href="{to(at + 1)}">下&nbsp;一&nbsp;页</a>' if at + 1 < n else "")
        ),
        "wide-blanks": lambda at, n, to: f'<a href="{to(at + 1)}">下　页</a>' if at + 1 < n else f"{n}/{n}",
        "fraction-alone": lambda at, n, to: (
            f"{at + 1}/{n} " + (f'<a class="r" href="{to(at + 1)}"><i></i></a>' if at + 1 < n else "")
        ),
        "short-word": lambda at, n, to: (
            f"<span>{at + 1}/{n}</span>" + (f'<a href="{to(at + 1)}">后页</a>' if at + 1 < n else "<span>后页</span>")
        ),
    }
    for name, pager in pagers.items():
        case = Case(f"plain/pager-{name}")
        all_rows = make_rows(rng, county, date(2015, 9, 25), 36, lambda day, n: f"/pg/{day:%Y}/{n}.html")

        def address(n: int, name: str = name) -> str:
            return (
                "/pg/"
                if n == 0
                else f"/pg/list.asp?id=3&page={n + 1}"
                if name in ("arrow", "choice")
                else f"/pg/index{n + 1}.html"
            )

        for at, part in enumerate(pages_of(all_rows, 12)):
            main = rows.write("items", part) + f'<div class="pager">{pager(at, 3, address)}</div>'
            case.put(address(at), frame(rng, county, "公告", main, skin="tables" if name == "choice" else "boxes"))
        case.column("/pg/", "list", all_rows, traps=[f"pager:{name}"])
        yield case


def cases(rng: Random) -> list[Case]:
    return [
        *lists(rng),
        *catalogues(rng),
        *without_year(rng),
        *pinned(rng),
        *beside(rng),
        *labelled(rng),
        *other_pagers(rng),
    ]

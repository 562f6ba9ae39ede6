"""A fourth set held out: columns as county sites really print them, written before their readers were looked at."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random

from tests.sites.case import Case, Row
from tests.sites.heldout.fourth_frames import NEW, OLD, boot, front, heading, phone, some

Print = Callable[[Sequence[Row]], str]


def column(
    name: str, page: str, rows: Sequence[Row], *, url: str = "/x/", new: bool = False, encoding: str = "utf-8",
    dialect: str = "list", **more: object,
) -> Case:  # fmt: skip
    """A site of one column whose first page is `page`."""
    case = Case(f"fourth-{name}", (NEW if new else OLD).isoformat())
    case.put(url, page, encoding=encoding)
    case.column(url, dialect, rows, traps=[name], **more)  # type: ignore[arg-type]
    return case


#: How rows are printed where nothing else is odd: name → (frame is new, the year is left out, how).
def _short(row: Row) -> str:
    return f"{row.day:%y-%m-%d}"


def _unpadded(row: Row, mark: str = ".") -> str:
    assert row.day
    return f"{row.day.year}{mark}{row.day.month}{mark}{row.day.day}"


def _month_day(row: Row) -> str:
    assert row.day
    return f"{row.day.month}月{row.day.day}日"


def _wide(row: Row) -> str:
    return str(row.day).translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))


def _numerals(row: Row) -> str:
    assert row.day
    tens = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]

    def count(n: int) -> str:
        return tens[n] if n <= 10 else f"{'' if n < 20 else tens[n // 10]}十{tens[n % 10]}"

    return f"{''.join('○一二三四五六七八九'[int(d)] for d in str(row.day.year))}年{count(row.day.month)}月{count(row.day.day)}日"


OLD_WAYS: dict[str, tuple[bool, Print]] = {
    "image-bullets": (False, lambda rows: '<table border="0" width="95%">' + "".join(
        f'<tr><td width="12"><img border="0" src="images/dot1.gif"></td><td><a href="{r.url}" target="_blank">{r.title}</a></td><td width="80"><font size="2" color="#808080">({_short(r)})</font></td></tr><tr><td colspan="3" background="images/line.gif" height="1"></td></tr>' for r in rows) + "</table>"),
    "dotted-before-breaks": (False, lambda rows: "<p>" + "".join(f'{_unpadded(r)} <a href="{r.url}">{r.title}</a><br>' for r in rows) + "</p>"),
    "two-digit-year": (False, lambda rows: "".join(f'<p style="margin:3"><font face="Wingdings">n</font><a href="{r.url}">{r.title}</a> [{_short(r)}]</p>' for r in rows)),
    "month-and-day-new-gif": (True, lambda rows: "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a>{"<img src=images/new.gif>" if n < 3 else ""}（{_month_day(r)}）</li>' for n, r in enumerate(rows)) + "</ul>"),
    "slashed-month-day": (True, lambda rows: "<table>" + "".join(f'<tr><td>·<a href="{r.url}">{r.title}</a></td><td align=right>{r.day:%m/%d}</td></tr>' for r in rows) + "</table>"),
    "number-title-day": (False, lambda rows: '<table border="1" bordercolor="#999999"><tr bgcolor="#DDDDDD"><td>序号</td><td>标　　题</td><td>日　期</td></tr>' + "".join(f'<tr><td align=center>{n}</td><td><a href="{r.url}"><font size=2>{r.title}</font></a></td><td nowrap>{_unpadded(r, "-")}</td></tr>' for n, r in enumerate(rows, 1)) + "</table>"),
    "day-column-first": (False, lambda rows: '<table cellpadding=3>' + "".join(f'<tr><td nowrap><font color=gray>{_unpadded(r, "-")} 10:2{n % 10}:11</font></td><td><a href="{r.url}">{r.title}</a></td><td>点击:{n * 7}</td></tr>' for n, r in enumerate(rows)) + "</table>"),
    "leaders": (False, lambda rows: "".join(f'<div><a href="{r.url}"><b><font color="{"red" if n == 1 else "#000"}">{r.title}</font></b></a>…………………{r.day}</div>' for n, r in enumerate(rows))),
    "wide-digits": (False, lambda rows: "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a>　{_wide(r)}</li>' for r in rows) + "</ul>"),
    "numerals": (False, lambda rows: "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a>　{_numerals(r)}</li>' for r in rows) + "</ul>"),
    "category-before": (True, lambda rows: "<table>" + "".join(f'<tr><td>[<a href="Class.asp?ClassID={n % 3 + 1}">{["公告", "要闻", "文件"][n % 3]}</a>] <a href="{r.url}" title="文章标题：{r.title}&#13;作&nbsp;&nbsp;&nbsp;&nbsp;者：admin&#13;更新时间：{r.day} 9:2{n % 10}:33&#13;点击次数：{n}">{r.title}</a></td><td>{r.day:%m-%d}</td></tr>' for n, r in enumerate(rows)) + "</table>"),
    "definition-rows": (False, lambda rows: "".join(f'<dl><dt><a href="{r.url}">{r.title}</a></dt><dd>发布单位：县政府办</dd><dd>发布时间：{r.day:%Y年%m月%d日}</dd></dl>' for r in rows)),
}  # fmt: skip


def _old(rng: Random) -> list[Case]:
    """Lists of one page in frames of the time."""
    made = []
    for n, (name, (bare, way)) in enumerate(OLD_WAYS.items()):
        rows = some(rng, rng.randrange(9, 17), "view.asp?id={n}" if n % 2 else "{d:%Y%m}/{n}.htm", inferred=bare)
        rows = [Row(r.title, f"/x/{r.url}", r.day, r.inferred) for r in rows]
        page = way([Row(r.title, r.url.removeprefix("/x/"), r.day) for r in rows])
        marks = {"marks": False} if name == "category-before" else {}
        made.append(column(name, front("公告栏", page), rows, encoding="gb2312", **marks))
    return made


def _card(row: Row) -> str:
    return f'<a class="card" href="{row.url}"><div class="card-date"><b>{row.day:%d}</b><i>{row.day:%Y-%m}</i></div><div class="card-body"><h5>{row.title}</h5><p>{row.title}，详情请点击查看。</p></div></a>'


NEW_WAYS: dict[str, Print] = {
    "cards-day-over-month": lambda rows: '<div class="card-deck">' + "".join(map(_card, rows)) + "</div>",
    "timeline": lambda rows: '<ul class="timeline">' + "".join(f'<li class="ev"><span class="tm">{r.day:%Y.%m.%d}</span><span class="dot"></span><div class="ct"><a href="{r.url}">{r.title}</a></div></li>' for r in rows) + "</ul>",
    "picture-left": lambda rows: "".join(f'<div class="media"><a href="{r.url}"><img src="/up/{n}.jpg" alt="{r.title}"></a><div class="media-body"><h4><a href="{r.url}">{r.title}</a></h4><p>近日，有关工作顺利推进。</p><span class="eye">{n * 13}</span> <span class="t">{r.day}</span></div></div>' for n, r in enumerate(rows)),
    "spans-only": lambda rows: '<div class="lb">' + "".join(f'<span class="r1"><a href="{r.url}">{r.title}</a></span><span class="r2">{r.day}</span>' for r in rows) + "</div>",
    "whole-row-linked": lambda rows: "".join(f'<a class="row" href="{r.url}"><span class="col-10">{r.title}</span><span class="col-2 text-muted">{r.day}</span></a>' for r in rows),
    "table-with-office": lambda rows: '<table class="table"><thead><tr><th>#</th><th>标题</th><th>发布单位</th><th>时间</th></tr></thead><tbody>' + "".join(f'<tr><td>{n}</td><td><a href="{r.url}">{r.title}</a></td><td><a href="/bm/{n % 4}/">县{"财审教农"[n % 4]}局</a></td><td>{r.day:%Y/%m/%d}</td></tr>' for n, r in enumerate(rows, 1)) + "</tbody></table>",
}  # fmt: skip


def _new(rng: Random) -> list[Case]:
    made = []
    for name, way in NEW_WAYS.items():
        rows = some(rng, rng.randrange(8, 15), "/c/12/{d:%Y%m%d}/{n}.html", NEW)
        made.append(column(name, boot("通知公告", way(rows)), rows, new=True))
    return made


def _grouped(rng: Random) -> list[Case]:
    """The month, or the year, over its rows."""
    made = []
    rows = some(rng, 14, "/n/{n}.htm", OLD, 9)
    said, last = "", ""
    for r in rows:
        month = f"{r.day:%Y年}{r.day.month}月" if r.day else ""
        said += "" if month == last else f"<h3>{month}</h3>"
        last = month
        said += f'<p>{r.day and r.day.day}日 <a href="{r.url}">{r.title}</a></p>'
    made.append(column("months-over-rows", front("大事记", said), rows, encoding="gb2312", marks=False))
    rows = some(rng, 18, "/n/{n}.htm", OLD, 25)
    said, last = "", ""
    for r in rows:
        year = f"{r.day:%Y}年度"
        said += "" if year == last else f"<tr><td colspan=2><b>{year}</b></td></tr>"
        last = year
        said += f'<tr><td><a href="{r.url}">{r.title}</a></td><td>{r.day:%m-%d}</td></tr>'
    made.append(
        column("years-over-rows", front("文件", f"<table>{said}</table>"), rows, encoding="gb2312", marks=False)
    )
    return made


def _telephone(rng: Random) -> list[Case]:
    """What a telephone shows: hours and days ago."""
    days = [0, 0, 1, 1, 2, 3, 5, 9, 16, 40]
    said = ["刚刚", "2小时前", "昨天 15:20", "昨天", "前天", "3天前", "5天前", "10-30", "10-23", "09-29"]
    rows = [Row(heading(rng), f"/m/a/{n}.html", NEW - timedelta(days=day)) for n, day in enumerate(days)]
    main = "".join(
        f'<section class="it"><a href="{r.url}"><p class="tt">{r.title}</p><p class="mt"><em>岑下发布</em><time>{when}</time></p></a></section>'
        for r, when in zip(rows, said, strict=True)
    )
    return [column("ago", phone("要闻", main), rows, new=True, marks=False)]


def _several_pages(rng: Random) -> list[Case]:
    """Lists over pages that links lead through."""
    made = []
    for name, address, pager in (
        ("query-pages", "/x/?page={n}", lambda n: "".join(f'<a href="?page={k}">{k}</a> ' for k in (1, 2, 3)) + (f'<a href="?page={n + 1}">下一页&gt;&gt;</a>' if n < 3 else "下一页&gt;&gt;")),
        ("asp-pages", "/x/list.asp?cid=3&pg={n}", lambda n: f"共33条信息 当前第<font color=red>{n}</font>/3页 " + (f'<a href="list.asp?cid=3&pg={n + 1}">后页</a> <a href="list.asp?cid=3&pg=3">尾页</a>' if n < 3 else "后页 尾页")),
    ):  # fmt: skip
        rows = some(rng, 33, "/x/v.asp?id={n}")
        case = Case(f"fourth-{name}", OLD.isoformat())
        for n in (1, 2, 3):
            part = rows[(n - 1) * 12 : n * 12]
            said = (
                "<table>"
                + "".join(f'<tr><td>◆ <a href="{r.url}">{r.title}</a></td><td>{r.day}</td></tr>' for r in part)
                + f"</table><p align=center>{pager(n)}</p>"
            )
            case.put(address.format(n=n), front("动态", said), encoding="gb2312")
        first = address.format(n=1) if "asp" in address else "/x/"
        if first == "/x/":
            case.answers["/x/"] = case.answers["/x/?page=1"]
        case.column(first, "list", rows, traps=[name])
        made.append(case)
    rows = some(rng, 24, "/x/v.asp?id={n}")
    case = Case("fourth-list-in-a-frame", OLD.isoformat())
    case.put(
        "/x/",
        front("通知", '<iframe src="inc/list.asp?id=4" width="560" height="900" frameborder="0"></iframe>'),
        encoding="gb2312",
    )
    for n in (1, 2):
        part = rows[(n - 1) * 12 : n * 12]
        said = "".join(f'<tr><td><a href="{r.url}" target="_top">{r.title}</a></td><td>{r.day}</td></tr>' for r in part)
        more = '<a href="list.asp?id=4&page=2">下页</a>' if n == 1 else '<a href="list.asp?id=4">上页</a>'
        case.put(
            "/x/inc/list.asp?id=4" + ("&page=2" if n == 2 else ""),
            f'<html><head><meta charset="gb2312"></head><body><table>{said}</table><p>{more}</p></body></html>',
            encoding="gb2312",
        )
    case.column("/x/", "list", rows, traps=["list-in-a-frame"])
    made.append(case)
    return made


def _beside(rng: Random) -> list[Case]:
    """Other lists on the page."""
    made = []
    rows = some(rng, 12, "/x/{n}.htm")
    rolling = "".join(f'<a href="/yw/{n}.htm">{heading(rng)}</a>　' for n in range(6))
    said = (
        f'<marquee scrollamount="3">{rolling}</marquee><ul>'
        + "".join(f'<li><a href="{r.url}">{r.title}</a>({r.day})</li>' for r in rows)
        + "</ul>"
    )
    made.append(column("marquee-above", front("公示", said), rows, encoding="gb2312"))
    rows = some(rng, 20, "/x/{n}.htm")
    halves = "".join(
        "<td valign=top width=50%>"
        + "".join(f'<p>·<a href="{r.url}">{r.title}</a> {r.day:%Y-%m-%d}</p>' for r in half)
        + "</td>"
        for half in (rows[:10], rows[10:])
    )
    made.append(
        column(
            "two-halves", front("公示", f"<table><tr>{halves}</tr></table>"), rows, encoding="gb2312", complete="any"
        )
    )
    rows = some(rng, 2, "/x/{n}.html", NEW, 30)
    others = "".join(
        f'<li><a href="/y/{n}.html">{heading(rng)}</a><span>{NEW - timedelta(days=n)}</span></li>' for n in range(12)
    )
    said = "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a><span>{r.day}</span></li>' for r in rows) + "</ul>"
    made.append(
        column(
            "two-rows-beside-twelve",
            boot("人事任免", said, beside=f"<h4>最新更新</h4><ul>{others}</ul>"),
            rows,
            new=True,
            complete="any",
        )
    )
    rows = some(rng, 11, "/x/{n}.html", NEW)
    old = [Row(heading(rng), f"/x/{n}.html", NEW - timedelta(days=200 + n * 90)) for n in range(2)]
    said = (
        "<ul>"
        + "".join(
            f'<li><font color="red">[置顶]</font><a href="{r.url}">{r.title}</a><span>{r.day}</span></li>' for r in old
        )
        + "".join(f'<li><a href="{r.url}">{r.title}</a><span>{r.day}</span></li>' for r in rows)
        + "</ul>"
    )
    made.append(column("sticky", boot("通知", said), [*old, *rows], new=True))
    return made


def cases(rng: Random) -> list[Case]:
    return [*_old(rng), *_new(rng), *_grouped(rng), *_telephone(rng), *_several_pages(rng), *_beside(rng)]

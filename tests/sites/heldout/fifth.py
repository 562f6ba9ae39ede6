"""A fifth set held out: how county sites of 2008 to 2024 print a row and its day."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from tests.sites.case import Case, Row
from tests.sites.heldout.fifth_frames import MID, NEW, OLD, items, modern, portal, rows_of, site, title, upper

Print = Callable[[Sequence[Row]], str]


def _day(row: Row) -> date:
    assert row.day
    return row.day


def _ymd(row: Row, mark: str = "-") -> str:
    day = _day(row)
    return f"{day.year}{mark}{day.month}{mark}{day.day}"


#: name → (frame, how the rows are printed). All dates are plain to a reader of the page.
DAYS: dict[str, tuple[str, Print]] = {
    "slashed-short-year": ("upper", lambda rows: "<TABLE width=100%>" + "".join(f'<TR><TD>·<A href="{r.url}" target=_blank>{r.title}</A><TD width=70>{r.day:%y/%m/%d}' for r in rows) + "</TABLE>"),
    "american-moment": ("upper", lambda rows: "<TABLE width=100%>" + "".join(f'<TR><TD><IMG src="/img/d.gif"> <A href="{r.url}">{r.title}</A><TD>{_day(r).month}/{_day(r).day}/{_day(r).year} 3:2{n % 10}:11 PM' for n, r in enumerate(rows)) + "</TABLE>"),
    "afternoon-moment": ("upper", lambda rows: "".join(f'<TABLE width=560><TR><TD width=20>★<TD><A href="{r.url}">{r.title}</A><TD width=160 align=right>{_ymd(r)} 下午 03:1{n % 10}:05</TABLE>' for n, r in enumerate(rows))),
    "year-in-two-digits-with-signs": ("upper", lambda rows: "<UL>" + "".join(f'<LI><A href={r.url}>{r.title}</A>（{_day(r):%y}年{_day(r).month}月{_day(r).day}日）' for r in rows) + "</UL>"),
    "eight-digits": ("portal", lambda rows: "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a><em>{r.day:%Y%m%d}</em></li>' for r in rows) + "</ul>"),
    "no-sign-for-the-day": ("portal", lambda rows: "<ul>" + "".join(f'<li>[{r.day:%Y年%m月%d}] <a href="{r.url}">{r.title}</a></li>' for r in rows) + "</ul>"),
    "dots-in-lenticular-brackets": ("portal", lambda rows: "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a>【{_ymd(r, ".")}】</li>' for r in rows) + "</ul>"),
    "weekday-behind": ("portal", lambda rows: "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a><i>{r.day} 星期{"一二三四五六日"[_day(r).weekday()]}</i></li>' for r in rows) + "</ul>"),
    "day-in-three-elements": ("modern", lambda rows: "".join(f'<div class="n-item"><div class="n-date"><span class="day">{r.day:%d}</span><span class="month">{r.day:%m}</span><span class="year">{r.day:%Y}</span></div><div class="n-txt"><a href="{r.url}">{r.title}</a></div></div>' for r in rows)),
    "day-over-year-and-month": ("modern", lambda rows: '<ul class="dl">' + "".join(f'<li><a href="{r.url}"><div class="time"><p>{r.day:%d}</p><span>{r.day:%Y.%m}</span></div><div class="info"><h3>{r.title}</h3><p>为进一步做好相关工作，现将有关情况予以公开。</p></div></a></li>' for r in rows) + "</ul>"),
    "month-then-day-then-year": ("modern", lambda rows: '<ul class="dl">' + "".join(f'<li><div class="t"><b>{r.day:%m}/{r.day:%d}</b><u>{r.day:%Y}</u></div><a href="{r.url}">{r.title}</a></li>' for r in rows) + "</ul>"),
    "tooltip-behind-days-ago": ("modern", lambda rows: "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a><span title="{r.day} 09:1{n % 10}">{n + 1}周前</span></li>' for n, r in enumerate(rows)) + "</ul>"),
    "time-element-in-english": ("modern", lambda rows: "".join(f'<article><header><h2 class="entry-title"><a href="{r.url}" rel="bookmark">{r.title}</a></h2><div class="entry-meta"><time class="entry-date" datetime="{r.day}T10:12:00+08:00">{r.day:%B} {_day(r).day}, {r.day:%Y}</time><span class="author">admin</span></div></header></article>' for r in rows)),
    "english-month": ("modern", lambda rows: "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a><small>{_day(r).day} {r.day:%b} {r.day:%Y}</small></li>' for r in rows) + "</ul>"),
    "day-before-in-own-tag": ("portal", lambda rows: '<div class="list2">' + "".join(f'<span class="d">{r.day}</span><a href="{r.url}">{r.title}</a>' for r in rows) + "</div>"),
    "day-in-a-line-above": ("modern", lambda rows: '<div class="feed">' + "".join(f'<p class="when">{r.day:%Y年%m月%d日}</p><h4><a href="{r.url}">{r.title}</a></h4>' for r in rows) + "</div>"),
    "title-row-then-row-of-marks": ("upper", lambda rows: "<TABLE width=100% border=0>" + "".join(f'<TR><TD colspan=2><A href="{r.url}"><B>{r.title}</B></A><TR><TD>作者：办公室<TD>时间：{_ymd(r)}' for r in rows) + "</TABLE>"),
    "published-and-changed": ("portal", lambda rows: "<ul>" + "".join(f'<li><h4><a href="{r.url}">{r.title}</a></h4><p>发布时间：{r.day}　更新时间：{_day(r) + timedelta(days=3 + n % 5)}</p></li>' for n, r in enumerate(rows)) + "</ul>"),
    "changed-then-published": ("portal", lambda rows: "<table><tr><th>标题</th><th>更新时间</th><th>发布时间</th></tr>" + "".join(f'<tr><td><a href="{r.url}">{r.title}</a></td><td>{_day(r) + timedelta(days=2 + n % 7)}</td><td>{r.day}</td></tr>' for n, r in enumerate(rows)) + "</table>"),
    "published-and-until": ("portal", lambda rows: "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a><p>截止日期：{_day(r) + timedelta(days=30)}　发布日期：{r.day}　状态：已结束</p></li>' for r in rows) + "</ul>"),
    "made-and-in-force-and-published": ("modern", lambda rows: '<table class="zcwj"><thead><tr><th>序号</th><th>文件名称</th><th>发文字号</th><th>成文日期</th><th>施行日期</th><th>公布日期</th></tr></thead><tbody>' + "".join(f'<tr><td>{n}</td><td><a href="{r.url}">{r.title}</a></td><td>青府办〔2022〕{40 - n}号</td><td>{_day(r) - timedelta(days=9)}</td><td>{_day(r) + timedelta(days=30)}</td><td>{r.day}</td></tr>' for n, r in enumerate(rows, 1)) + "</tbody></table>"),
    "hidden-card-with-day-of-making": ("portal", lambda rows: '<div class="xxgk">' + "".join(f'<div class="row"><li class="xh">{n}</li><li class="mc"><a href="{r.url}" target="_blank">{r.title}</a><div class="wz" style="display:none"><p>索 引 号：QY-{n:04d}</p><p>发文单位：县政府办</p><p>成文日期：{_day(r) - timedelta(days=12):%Y年%m月%d日}</p></div></li><li class="fbrq">{r.day:%Y年%m月%d日}</li></div>' for n, r in enumerate(rows, 1)) + "</div>"),
    "moment-of-the-last-answer": ("modern", lambda rows: '<table id="threadlisttableid">' + "".join(f'<tbody id="normalthread_{n}"><tr><td class="icn"><a href="{r.url}&amp;extra=" title="新窗口打开" target="_blank"><img src="/static/folder_new.gif"></a></td><th class="new"><a href="{r.url}" class="s xst">{r.title}</a></th><td class="by"><cite><a href="home.php?uid={n}">网友{n}</a></cite><em><span>{_ymd(r)}</span></em></td><td class="num"><a href="{r.url}" class="xi2">{n}</a><em>{n * 31}</em></td><td class="by"><cite><a href="home.php?uid=9">版主</a></cite><em><a href="forum.php?goto=lastpost&tid={n}">{_ymd(Row("", "", _day(r) + timedelta(days=4)))} 10:11</a></em></td></tr></tbody>' for n, r in enumerate(rows)) + "</table>"),
    "headings-of-days": ("modern", lambda rows: "".join(f'<h4 class="dayline">{r.day}</h4><ul><li><a href="{r.url}">{r.title}</a></li></ul>' for r in rows)),
    "month-bare-days": ("portal", lambda rows: _by_month(rows, "{}")),
    "month-brackets-days": ("upper", lambda rows: _by_month(rows, "[{}日]")),
    "year-in-heading": ("modern", lambda rows: _by_year(rows)),
}  # fmt: skip


def _by_month(rows: Sequence[Row], how: str) -> str:
    said, last = "", ""
    for r in rows:
        month = f"{_day(r).year}年{_day(r).month}月"
        said += "" if month == last else f'<div class="mon"><b>{month}</b></div>'
        last = month
        said += f'<div class="ln"><span>{how.format(_day(r).day)}</span><a href="{r.url}">{r.title}</a></div>'
    return said


def _by_year(rows: Sequence[Row]) -> str:
    said, last = "", 0
    for r in rows:
        said += "" if last == _day(r).year else f"{'</ul>' if last else ''}<h3>{_day(r).year}</h3><ul>"
        last = _day(r).year
        said += f'<li><a href="{r.url}">{r.title}</a><i>{r.day:%m-%d}</i></li>'
    return said + "</ul>"


_FRAMES = {"upper": (upper, OLD, "gb2312"), "portal": (portal, MID, "utf-8"), "modern": (modern, NEW, "utf-8")}


def _days(rng: Random) -> list[Case]:
    made = []
    for n, (name, (frame, way)) in enumerate(DAYS.items()):
        around, today, encoding = _FRAMES[frame]
        address = "/forum.php?mod=viewthread&tid={n}" if "answer" in name else ["/x/show.asp?id={n}", "/x/{d:%Y-%m}/{n}.html", "/content/{n}.shtml"][n % 3]  # fmt: skip
        rows = rows_of(rng, rng.choice([7, 9, 11, 12, 13]), address, today, 40 if "year-in" in name else 9)
        dialect = "table" if "published" in name and "<th" in way(rows) else "list"
        made.append(site(f"day-{name}", around(rows[0].title[:5] and "公示公告", way(rows)), rows, today, encoding=encoding, marks=False, dialect=dialect))  # fmt: skip
    return made


def _undated(rng: Random) -> list[Case]:
    """Days that stand in titles are no days of publication; months are no days."""
    made = []
    rows = [Row(f"{(MID - timedelta(days=n * 9)).month}月{(MID - timedelta(days=n * 9)).day}日{title(rng)}", f"/x/{n}.html", None) for n in range(9)]  # fmt: skip
    made.append(site("title-with-day-alone", portal("停水停电", "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a></li>' for r in rows) + "</ul>"), rows, MID))  # fmt: skip
    rows = [Row(f"关于{d.year}年{d.month}月{d.day}日常务会议情况的通报", f"/x/{n}.html", d + timedelta(days=6)) for n, d in enumerate(MID - timedelta(days=8 + k * 9) for k in range(9))]  # fmt: skip
    made.append(site("title-with-day-and-day", portal("会议", "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}</a><span>{r.day:%m-%d}</span></li>' for r in rows) + "</ul>"), rows, MID, marks=False))  # fmt: skip
    rows = [Row(r.title, r.url, None) for r in rows_of(rng, 8, "/x/{n}.htm", OLD, 60)]
    made.append(site("month-in-numerals", upper("政府公报", "<UL>" + "".join(f'<LI><A href="{r.url}">{r.title}</A>（二○一○年{"十九八七六五四三"[n]}月）' for n, r in enumerate(rows)) + "</UL>"), rows, OLD, encoding="gb2312"))  # fmt: skip
    rows = [Row(r.title, r.url, None) for r in rows_of(rng, 9, "/x/{n}.htm", NEW)]
    made.append(site("numbers-of-clicks", modern("图解", '<ul class="pics">' + "".join(f'<li><a href="{r.url}"><img src="/u/{n}.jpg"><p>{r.title}</p></a><span>浏览 {2015 + n}　点赞 {n}-{n + 3}</span></li>' for n, r in enumerate(rows)) + "</ul>"), rows, NEW))  # fmt: skip
    return made


def _links(rng: Random) -> list[Case]:
    """How rows are linked, and what they are called."""
    made = []
    rows = rows_of(rng, 9, "/x/view.aspx?id={n}", MID)
    said = "<ul>" + "".join(f'<li><p class="t">{r.title}</p><p class="d">{r.day}　<a href="{r.url}">[详细内容]</a></p></li>' for r in rows) + "</ul>"  # fmt: skip
    made.append(site("link-says-details", portal("通知", said), rows, MID))
    rows = rows_of(rng, 11, "/x/{n}.html", MID)
    said = '<table><tr><td>索引号</td><td>名称</td><td>发布日期</td></tr>' + "".join(f'<tr><td><a href="{r.url}">QY0{n}-2015-{n:04d}</a></td><td>{r.title}</td><td>{r.day}</td></tr>' for n, r in enumerate(rows)) + "</table>"  # fmt: skip
    made.append(site("link-on-the-number", portal("目录", said), rows, MID, dialect="table"))
    rows = rows_of(rng, 9, "/x/{n}.html", NEW)
    said = "<ul>" + "".join(f'<li><a href="{r.url}" title="点击查看详情">{r.title}</a><span>{r.day}</span></li>' for r in rows) + "</ul>"  # fmt: skip
    made.append(site("tooltip-says-click", modern("动态", said), rows, NEW))
    rows = rows_of(rng, 9, "/x/{n}.html", NEW)
    said = "<ul>" + "".join(f'<li><a href="{r.url}"><img src="/t/{n}.jpg" alt="缩略图"></a><a href="{r.url}">{r.title[:14]}...</a><a href="{r.url}" class="more">阅读全文</a><span>{r.day}</span><div class="tip">{r.title}</div></li>' for n, r in enumerate(rows)) + "</ul>"  # fmt: skip
    made.append(site("three-links-a-row", modern("动态", said), [Row(r.title, r.url, r.day) for r in rows], NEW))
    rows = rows_of(rng, 9, "/x/{n}.html", MID)
    said = "".join(f'<tr><td><a href="/bm/{n % 3}/">县{"农水林"[n % 3]}局</a></td><td><a href=\'{r.url}\'>{r.title}</a></td><td>{r.day}</td></tr>' for n, r in enumerate(rows))  # fmt: skip
    made.append(site("office-linked-first", portal("信息", f"<table>{said}</table>"), rows, MID))
    rows = rows_of(rng, 8, "/x/{n}.html", NEW)
    far = [Row(r.title, f"https://mp.weixin.qq.com/s/Qy{n}aB" if n % 3 == 1 else r.url, r.day) for n, r in enumerate(rows)]  # fmt: skip
    made.append(site("some-rows-elsewhere", modern("解读", items(far)), far, NEW))
    rows = rows_of(rng, 9, "/x/show.asp?id={n}&lx=2", OLD)
    said = "<TABLE>" + "".join(f'<TR><TD><A HREF={r.url[3:]} TARGET=_blank>{r.title}</A><TD>{r.day}' for r in rows) + "</TABLE>"  # fmt: skip
    made.append(site("unquoted-relative", upper("公告", said), rows, OLD, encoding="gb2312"))
    rows = rows_of(rng, 9, "/x/{n}.html", MID)
    said = "<ul>" + "".join(f'<li><a href="{r.url}">{r.title}({r.day})</a></li>' for r in rows) + "</ul>"
    made.append(site("day-inside-the-link", portal("公告", said), rows, MID))
    rows = rows_of(rng, 9, "/x/{n}.html", MID)
    said = "<ul>" + "".join(f'<li><a href="{r.url.replace("/x/", chr(92) + "x" + chr(92))}">{r.title}</a><span>{r.day}</span></li>' for r in rows) + "</ul>"  # fmt: skip
    made.append(site("backslashes", portal("公告", said), rows, MID))
    rows = rows_of(rng, 12, "/x/{n}.html", MID)
    bad = (3, 7)
    said = "<ul>" + "".join(f'<li><a href="{"javascript:void(0)" if n in bad else r.url}"{f" onclick=openNews({n})" if n in bad else ""}>{r.title}</a><span>{r.day}</span></li>' for n, r in enumerate(rows)) + "</ul>"  # fmt: skip
    kept = [r for n, r in enumerate(rows) if n not in bad]
    made.append(site("two-rows-by-script", portal("公告", said), kept, MID, complete=False, hidden=[rows[n].true() for n in bad]))  # fmt: skip
    rows = rows_of(rng, 12, "/x/{n}.html", MID)
    said = "<ul>" + "".join(f'<li>{f"<a href={r.url}><img src=/u/t{n}.gif></a>" if n == 5 else f"<a href={r.url}>{r.title}</a>"}<span>{r.day}</span></li>' for n, r in enumerate(rows)) + "</ul>"  # fmt: skip
    kept = [r for n, r in enumerate(rows) if n != 5]
    made.append(site("title-is-a-picture", portal("公告", said), kept, MID, complete="any", hidden=[rows[5].true() | {"date": None}]))  # fmt: skip
    return made


def _beside(rng: Random) -> list[Case]:
    """Lists in odd places, and odd things beside them."""
    made = []
    rows = rows_of(rng, 9, "/x/{n}.htm", OLD)
    twice = "".join(f'<p><a href="{r.url}">{r.title}</a> {r.day}</p>' for r in rows)
    said = f'<marquee direction=up height=200 onmouseover=this.stop()><div id=d1>{twice}</div><div id=d2>{twice}</div></marquee>'  # fmt: skip
    made.append(site("list-in-a-marquee", upper("公告栏", said), rows, OLD, encoding="gb2312"))
    rows = rows_of(rng, 5, "/x/{n}.html", MID, 30)
    hot = "".join(f'<li><i>{n}</i><a href="/hot/{n}.html">{title(rng)}</a><span>{MID - timedelta(days=n * 2)}</span></li>' for n in range(1, 13))  # fmt: skip
    made.append(site("five-rows-beside-twelve-hot", portal("机构职能", items(rows), side=f'<div class="hot"><h3>热点排行</h3><ul>{hot}</ul></div>'), rows, MID, complete="any"))  # fmt: skip
    rows = rows_of(rng, 13, "/x/{n}.html", MID)
    said, k = "<table border=1><tr><th>类别</th><th>名称</th><th>日期</th></tr>", 0
    for name, many in (("规划", 4), ("计划", 3), ("统计", 6)):
        for j in range(many):
            r = rows[k]
            said += f'<tr>{f"<td rowspan={many}>{name}</td>" if not j else ""}<td><a href="{r.url}">{r.title}</a></td><td>{r.day}</td></tr>'
            k += 1
    made.append(site("rowspan-of-a-kind", portal("规划计划", said + "</table>"), rows, MID, dialect="table"))
    rows = rows_of(rng, 12, "/x/{n}.html", NEW)
    gone = [Row(title(rng), f"/x/gone{n}.html", NEW - timedelta(days=n * 11 + 4)) for n in range(2)]
    said = "<ul>" + "".join((f'<li style="display:none"><a href="{gone[n // 6].url}">{gone[n // 6].title}</a><span>{gone[n // 6].day}</span></li>' if n % 6 == 3 else "") + f'<li><a href="{r.url}">{r.title}</a><span>{r.day}</span></li>' for n, r in enumerate(rows)) + "</ul>"  # fmt: skip
    made.append(site("rows-not-shown", modern("公示", said), rows, NEW, complete="any", hidden=[]))
    rows = rows_of(rng, 9, "/x/{n}.html", NEW)
    slides = "".join(f'<div class="swiper-slide"><a href="{r.url}"><img src="/s/{n}.jpg"></a><p>{r.title}</p></div>' for n, r in enumerate(rows[:3]))  # fmt: skip
    made.append(site("slides-of-the-same-rows", modern("要闻", f'<div class="swiper-wrapper">{slides}</div>{items(rows)}'), rows, NEW))  # fmt: skip
    tree = "".join(f'<li><a href="/ml/{n}/">{one}</a></li>' for n, one in enumerate(["机构概况", "法规文件", "规划计划", "统计数据", "行政许可", "财政预决算", "收费项目", "政府采购", "重大项目", "扶贫救灾", "教育", "医疗卫生", "社会保障", "应急管理", "环境保护", "安全生产", "人事任免", "土地征收"]))  # fmt: skip
    rows = rows_of(rng, 3, "/x/{n}.html", MID, 90)
    made.append(site("three-rows-beside-a-tree", portal("人事任免", f'<div class="tree"><ul>{tree}</ul></div><div class="con">{items(rows)}</div>'), rows, MID, complete="any"))  # fmt: skip
    rows = rows_of(rng, 1, "/x/{n}.html", MID)
    made.append(site("one-row", portal("信息公开年报", items(rows)), rows, MID, complete="any"))
    rows = rows_of(rng, 1, "/x/{n}.htm", OLD)
    made.append(site("one-row-without-an-end", upper("年报", f'<TABLE><TR><TD>·<A href="{rows[0].url}">{rows[0].title}</A><TD>{rows[0].day}</TABLE>', end=False), rows, OLD, complete="any", encoding="gb2312"))  # fmt: skip
    rows = rows_of(rng, 11, "/x/{n}.html", NEW)
    said = '<div class="grid">' + "".join(f'<figure><a href="{r.url}"><img src="/p/{n}.jpg" alt="{r.title}"></a><figcaption><a href="{r.url}">{r.title}</a><br><time>{r.day}</time></figcaption></figure>' for n, r in enumerate(rows)) + "</div>"  # fmt: skip
    made.append(site("pictures-with-captions", modern("图片新闻", said), rows, NEW))
    return made


def _characters(rng: Random) -> list[Case]:
    made = []
    for name, meta, header, real in (
        ("gbk-and-nothing-said", "", "text/html", "gbk"),
        ("utf8-called-gb2312", "gb2312", "text/html", "utf-8"),
        ("gbk-under-a-latin-header", "", "text/html; charset=ISO-8859-1", "gbk"),
        ("gbk-called-utf8-by-header", "gb2312", "text/html; charset=utf-8", "gbk"),
        ("misspelt", "gbk2312", "text/html", "gbk"),
    ):
        rows = rows_of(rng, 9, "/x/{n}.html", MID)
        page = portal("通知", items(rows), charset=meta or "x")
        if not meta:
            page = page.replace('<meta http-equiv="Content-Type" content="text/html; charset=x" />', "")
        case = Case(f"fifth-letters-{name}", MID.isoformat())
        case.put("/x/", page, encoding=real, type=header)
        case.column("/x/", "list", rows, traps=[f"letters-{name}"])
        made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_days(rng), *_undated(rng), *_links(rng), *_beside(rng), *_characters(rng)]

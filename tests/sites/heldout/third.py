"""A third set held out, in words and markup of its own, written when the readers could read the first two."""
# ruff: noqa: E501  (markup is easier to read as it would come)

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.sites.case import Case, Row

READ_ON = date(2019, 6, 14)
_WHAT = [
    "蚕桑产业奖补", "山洪灾害预警", "古树名木挂牌", "农机购置补贴", "流动人口登记", "渔业资源增殖", "养老机构星级评定", "散煤治理",
    "校车运营许可", "殡葬收费清理", "畜禽屠宰检疫", "石材加工整治", "电梯应急处置", "农村宅基地审批", "职业病危害申报", "护林员选聘",
]  # fmt: skip
_HOW = ["一览", "核查结果", "申报须知", "第{n}批花名册", "听证纪要", "年度小结", "征询意见稿", "抽样结果"]


def _rows(rng: Random, count: int, url: str, step: int = 6) -> list[Row]:
    made, day = [], date(2019, 6, 13)
    for n in range(count):
        title = f"{rng.choice(_WHAT)}{rng.choice(_HOW).format(n=n + 2)}"
        made.append(Row(title, url.format(n=3300 + n * 7, d=day), day))
        day -= timedelta(days=rng.randrange(1, step))
    return made


def _shell(name: str, main: str, *, head: str = "", crumb: str = "", beside: str = "") -> str:
    """A frame of custom elements and grid areas, none of whose names says what it is for."""
    links = "".join(
        f'<a class="k{n}" href="/ch{n}.shtml">{one}</a>'
        for n, one in enumerate(["概览", "政声", "民声", "办件", "晒账", "乡情"])
    )
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{name} · 沅陂县</title>{head}<style>{".z9{grid-area:a}" * 120}</style></head>'
        f'<body class="z"><x-bar><b>沅陂县政务</b>{links}<i data-role="tick">6月14日 周五</i></x-bar>'
        f'<section class="z1">{crumb}<div class="z2">{main}</div>{beside}</section>'
        "<x-end><p>沅陂县人民政府办公室 版权所有</p><p>湘ICP备00000007号 标识码 4300000000</p></x-end></body></html>"
    )


def _columns(rng: Random) -> list[Case]:
    made = []

    def column(name: str, rows: list[Row], main: str, dialect: str = "list", url: str = "/zt/", **more: object) -> Case:
        case = Case(f"third-{name}", READ_ON.isoformat())
        head = str(more.pop("head", ""))
        case.put(url, _shell("晒账", main, head=head, beside=str(more.pop("beside", ""))))
        case.column(url, dialect, rows, traps=[name], **more)  # type: ignore[arg-type]
        made.append(case)
        return case

    rows = _rows(rng, 12, "/p/{n}.shtml")
    column(
        "figures",
        rows,
        "".join(
            f'<figure><a href="{r.url}"><img src="/t/{n}.jpg" alt=""><figcaption>{r.title}</figcaption></a><time>{r.day:%Y.%m.%d}</time></figure>'
            for n, r in enumerate(rows)
        ),
    )
    rows = _rows(rng, 9, "/p/{n}.shtml")
    column(
        "day-first",
        rows,
        "".join(f'<div class="q"><span>{r.day:%d/%m/%Y}</span><a href="{r.url}">{r.title}</a></div>' for r in rows),
    )
    rows = _rows(rng, 10, "/p/{n}.shtml")
    column(
        "english-months",
        rows,
        "<ul>"
        + "".join(f'<li><a href="{r.url}">{r.title}</a><small>{r.day:%d %B %Y}</small></li>' for r in rows)
        + "</ul>",
    )
    rows = _rows(rng, 14, "/p/{n}.shtml", 15)
    column(
        "day-in-three",
        rows,
        "".join(
            f'<div class="w"><div class="c"><b>{r.day:%d}</b><s>{r.day:%m}</s><u>{r.day:%Y}</u></div><h4><a href="{r.url}">{r.title}</a></h4></div>'
            for r in rows
        ),
    )
    rows = _rows(rng, 18, "/p/{n}.shtml")
    case = column(
        "next-in-head",
        rows,
        "<ul>" + "".join(f'<li>{r.day} <a href="{r.url}">{r.title}</a></li>' for r in rows[:9]) + "</ul>",
        head='<link rel="next" href="/zt/p2.shtml">',
    )
    case.put(
        "/zt/p2.shtml",
        _shell(
            "晒账",
            "<ul>" + "".join(f'<li>{r.day} <a href="{r.url}">{r.title}</a></li>' for r in rows[9:]) + "</ul>",
            head='<link rel="prev" href="/zt/">',
        ),
    )
    rows = _rows(rng, 8, "/p/{n}.shtml")
    column(
        "disclosure",
        rows,
        "".join(
            f'<details><summary>{r.title}</summary><p>公布于 {r.day} <a href="{r.url}">{r.title}</a></p></details>'
            for r in rows
        ),
    )
    rows = _rows(rng, 16, "/p/{n}.shtml")
    read_most = "".join(
        f'<p><a href="/hit/{n}.shtml">{rng.choice(_WHAT)}办理一图看懂</a> <small>{READ_ON - timedelta(days=k)}</small></p>'
        for n, k in enumerate([9, 70, 22, 41, 3, 58])
    )
    column(
        "read-most-beside",
        rows,
        "<ol>" + "".join(f'<li><a href="{r.url}">{r.title}</a><em>{r.day}</em></li>' for r in rows) + "</ol>",
        beside=f'<div class="z3">{read_most}</div>',
    )
    rows = _rows(rng, 20, "/p/{n}.shtml")
    column(
        "more-by-button",
        rows[:10],
        "<ul>"
        + "".join(f'<li><a href="{r.url}">{r.title}</a><em>{r.day}</em></li>' for r in rows[:10])
        + '</ul><button data-cursor="10" class="z8">展开其余 10 条</button>',
        complete=False,
        hidden=[r.true() for r in rows[10:]],
    )
    rows = _rows(rng, 11, "/p/{n}.shtml")
    column(
        "definition-list",
        rows,
        "<dl>"
        + "".join(f'<dt>{r.day:%Y年%m月%d日}</dt><dd><a href="{r.url}">{r.title}</a></dd>' for r in rows)
        + "</dl>",
    )
    column("nothing-and-a-clock", [], '<ul class="z4"></ul>', outcome="any", complete=False)
    return made


def _papers(rng: Random) -> list[Case]:
    made = []

    def paper(name: str, main: str, *, crumb: str = "", window: str = "民声", **truth: object) -> None:
        case = Case(f"third-{name}", READ_ON.isoformat())
        case.put("/p/41/", _shell(window, main, crumb=crumb))
        case.article("/p/41/", "plain", traps=[name], **truth)  # type: ignore[arg-type]
        made.append(case)

    said = "经逐户核对，全县共有二百一十六户符合条件，现予公布，如有异议请在七日内书面反映。"
    asked = [{"any": ["二百一十六户"], "verdict": "found"}, {"any": ["投诉渠道"], "verdict": "missing"}]
    unseen = [{"any": ["投诉渠道"], "verdict": "unseen"}]
    title = "散煤治理第3批花名册"
    paper(
        "by-lines",
        f"<h2>{title}</h2><address>沅陂县环境保护局 · 2019-06-03</address><p>{said}</p>",
        window=title,
        title=title,
        date="2019-06-03",
        has=[said],
        items=asked,
    )
    paper(
        "label-empty",
        f"<h2>{title}</h2><table><tr><td>发布机构：</td><td></td></tr><tr><td>名称：</td><td>{title}</td></tr><tr><td>发布日期：</td><td>2019-06-03</td></tr></table><p>{said}</p>",
        window=title,
        title=title,
        date="2019-06-03",
        source="",
        items=asked,
    )
    paper(
        "short-and-signed",
        f"<h2>{title}</h2><p>共二百一十六户。</p><p>沅陂县环境保护局</p><p>2019年6月3日</p>",
        window=title,
        title=title,
        date="2019-06-03",
        items=asked,
    )
    for name, notice in (
        ("pick-a-tab", "<p>点上方页签查看各期</p>"), ("old-browser", "<p>浏览器版本偏低，推荐换用新版</p>"),
        ("drawn-later", '<div id="root"><i class="spin"></i>马上呈现</div><script src="/s/b1.js"></script>'),
        ("hold-on", "<h3>民声</h3><p>稍等，内容就来</p>"), ("app-only", "<p>完整版见沅陂通</p>"),
    ):  # fmt: skip
        paper(name, notice, kind="unverifiable", items=unseen)
    case = Case("third-cut-at-a-telephone", READ_ON.isoformat())
    body = _shell(title, f"<h2>{title}</h2><p>发布时间：2019-06-03</p><p>{said}</p><p>一、受理。联系电话：0700-22")
    case.put("/p/41/", body[: body.index("0700-22") + 7])
    case.article(
        "/p/41/", "plain", traps=["cut-at-a-telephone"], title=title, date="2019-06-03", items=[asked[0], *unseen]
    )
    made.append(case)
    return made


def cases(rng: Random) -> list[Case]:
    return [*_columns(rng), *_papers(rng)]
